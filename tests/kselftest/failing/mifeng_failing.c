// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the n-th allocation of a task fail, as a kernel with CONFIG_FAILSLAB does by
 * /proc/PID/fail-nth. Debian's kernels have no such thing, so the functions that allocate from
 * slabs are redirected to one that has no memory.
 *
 *	insmod mifeng_failing.ko
 *	echo "PID N" > /sys/module/mifeng_failing/parameters/nth
 *	cat /sys/module/mifeng_failing/parameters/nth	how many are left until one fails
 *
 * One task at a time. What may not fail (__GFP_NOFAIL) is not counted, nor is what allocates
 * whole pages.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>

/* Where a function has its flags. */
enum argument {
	SECOND,
	THIRD,
};

struct allocator {
	unsigned char *symbol;
	enum argument flags;
	void *(*instead)(void);
	struct ftrace_ops ops;
	bool held;
};

static void *no_memory(void)
{
	return NULL;
}

static void *not_even_tried(void)
{
	return (void *)-ENOMEM;
}

#define ALLOCATOR(name, flags_, instead_)                                                          \
	{                                                                                          \
		.symbol = (unsigned char *)name, .flags = flags_, .instead = instead_,             \
	}

/* Up to 6.10 all of them ask one function; then each has to be held. */
static struct allocator asked[] = {
	ALLOCATOR("should_failslab", SECOND, not_even_tried),
};
static struct allocator each[] = {
	ALLOCATOR("__kmalloc_cache_noprof", SECOND, no_memory),
	ALLOCATOR("__kmalloc_cache_node_noprof", SECOND, no_memory),
	ALLOCATOR("__kmalloc_noprof", SECOND, no_memory),
	ALLOCATOR("__kmalloc_node_noprof", THIRD, no_memory),
	ALLOCATOR("__kmalloc_node_track_caller_noprof", THIRD, no_memory),
	ALLOCATOR("kmem_cache_alloc_noprof", SECOND, no_memory),
	ALLOCATOR("kmem_cache_alloc_lru_noprof", THIRD, no_memory),
	ALLOCATOR("kmem_cache_alloc_node_noprof", SECOND, no_memory),
};

static pid_t victim;
static atomic_t left;

/* Counts as the kernel's own fail-nth does: the one that makes it zero fails. */
static bool notrace fails(gfp_t flags)
{
	if (!in_task() || current->pid != READ_ONCE(victim) || (flags & __GFP_NOFAIL))
		return false;
	return atomic_read(&left) && atomic_dec_and_test(&left);
}

static void notrace look(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
	const struct allocator *allocator = container_of(ops, struct allocator, ops);
	struct pt_regs *regs = ftrace_get_regs(fregs);

	if (regs && fails(allocator->flags == SECOND ? regs->si : regs->dx))
		regs->ip = (unsigned long)allocator->instead;
}

static int hold(struct allocator *allocator)
{
	int err;

	allocator->ops.func = look;
	allocator->ops.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY;
	err = ftrace_set_filter(&allocator->ops, allocator->symbol, strlen(allocator->symbol), 0);
	if (err)
		return err;
	err = register_ftrace_function(&allocator->ops);
	if (err)
		ftrace_free_filter(&allocator->ops);
	else
		allocator->held = true;
	return err;
}

static void let_go(struct allocator *allocators, size_t count)
{
	while (count--) {
		if (!allocators[count].held)
			continue;
		unregister_ftrace_function(&allocators[count].ops);
		ftrace_free_filter(&allocators[count].ops);
		allocators[count].held = false;
	}
}

static int hold_all(struct allocator *allocators, size_t count)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < count; i++)
		err = hold(&allocators[i]);
	if (err)
		let_go(allocators, count);
	return err;
}

static int nth_set(const char *text, const struct kernel_param *unused)
{
	int pid, nth;

	if (sscanf(text, "%d %d", &pid, &nth) != 2 || nth < 0)
		return -EINVAL;
	atomic_set(&left, 0);
	WRITE_ONCE(victim, pid);
	atomic_set(&left, nth);
	return 0;
}

static int nth_get(char *text, const struct kernel_param *unused)
{
	return sysfs_emit(text, "%d\n", atomic_read(&left));
}

static const struct kernel_param_ops nth_ops = { .set = nth_set, .get = nth_get };
module_param_cb(nth, &nth_ops, NULL, 0600);
MODULE_PARM_DESC(nth, "\"PID N\": the N-th allocation of task PID fails; 0: none does");

static int __init failing_init(void)
{
	if (!hold_all(asked, ARRAY_SIZE(asked)))
		return 0;
	return hold_all(each, ARRAY_SIZE(each));
}

static void __exit failing_exit(void)
{
	let_go(asked, ARRAY_SIZE(asked));
	let_go(each, ARRAY_SIZE(each));
}

module_init(failing_init);
module_exit(failing_exit);

MODULE_DESCRIPTION("Allocations that fail on demand, for tests");
MODULE_AUTHOR("The Mifeng developers");
MODULE_LICENSE("GPL");
