// SPDX-License-Identifier: GPL-2.0
/*
 * A stranger that got there first: holds one of the two places ftrace has on a function,
 * as a BPF program (direct) or a live patch (ipmodify) would, and does nothing with it.
 *
 *	insmod mifeng_holder.ko symbol=security_file_open direct=1 ipmodify=1
 */
#include <linux/ftrace.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/ibt.h>

static char *symbol = "security_file_open";
module_param(symbol, charp, 0);
MODULE_PARM_DESC(symbol, "the function");

static bool direct;
module_param(direct, bool, 0);
MODULE_PARM_DESC(direct, "hold its direct call");
static bool ipmodify;
module_param(ipmodify, bool, 0);
MODULE_PARM_DESC(ipmodify, "hold its instruction pointer");

/* Reached by a call from the function's entry: goes back and changes no register. */
void holder_trampoline(void);
asm(".pushsection .text\n"
    ".type holder_trampoline, @function\n"
    ".globl holder_trampoline\n"
    "holder_trampoline:\n" ASM_ENDBR
    ASM_RET
    ".size holder_trampoline, .-holder_trampoline\n"
    ".popsection\n");

static void notrace stay(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
}

/* Like a BPF program's, the direct call puts up with somebody who modifies the instruction pointer. */
static int share(struct ftrace_ops *ops, enum ftrace_ops_cmd command)
{
	return 0;
}

static struct ftrace_ops direct_ops = { .ops_func = share };
static struct ftrace_ops ipmodify_ops = { .func = stay, .flags = FTRACE_OPS_FL_IPMODIFY };

static int hold_direct(void)
{
	int err = ftrace_set_filter(&direct_ops, symbol, strlen(symbol), 0);

	if (err)
		return err;
#ifdef DIRECT_BY_OPS
	return register_ftrace_direct(&direct_ops, (unsigned long)holder_trampoline);
#else
	return register_ftrace_direct_multi(&direct_ops, (unsigned long)holder_trampoline);
#endif
}

static void release_direct(void)
{
#ifdef DIRECT_BY_OPS
	unregister_ftrace_direct(&direct_ops, (unsigned long)holder_trampoline, true);
#else
	unregister_ftrace_direct_multi(&direct_ops, (unsigned long)holder_trampoline);
#endif
}

static int __init holder_init(void)
{
	int err = direct ? hold_direct() : 0;

	if (err || !ipmodify)
		return err;
	err = ftrace_set_filter(&ipmodify_ops, symbol, strlen(symbol), 0);
	if (!err)
		err = register_ftrace_function(&ipmodify_ops);
	if (err && direct)
		release_direct();
	return err;
}

static void __exit holder_exit(void)
{
	if (ipmodify)
		unregister_ftrace_function(&ipmodify_ops);
	if (direct)
		release_direct();
}

module_init(holder_init);
module_exit(holder_exit);
MODULE_DESCRIPTION("Holds a function that the Mifeng module wants, for its tests");
MODULE_LICENSE("GPL");
