// SPDX-License-Identifier: GPL-2.0
/*
 * On a locked machine the kernel is locked down as far as it goes, for everybody:
 * unsigned modules, kernel memory by kcore, kprobes, BPF, debuggers and tracefs, hardware
 * by ports, registers and tables. What the kernel asks for each of them is answered here.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/security.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "locked.h"

static int refuse(const char *door)
{
	int err;

	mf_hook_enter();
	err = mf_judge_locked(NULL, MIFENG_OP_SETUP, door);
	mf_hook_exit();
	return err;
}

int hook_locked_down(enum lockdown_reason what)
{
	if (!mf_locked() || what >= LOCKDOWN_CONFIDENTIALITY_MAX)
		return 0;
	/* the kernel's debugger asks when everything stands still */
	if (!in_task() || irqs_disabled())
		return -EPERM;
	return refuse("the kernel, which is locked down");
}

#ifdef MF_HAS_BPF_PROG_LOAD
/* A function of the kernel can be called that reads any address (bpf_rdonly_cast). */
int hook_bpf_prog_load(struct bpf_prog *prog, union bpf_attr *attr, struct bpf_token *token)
{
	u32 i;

	if (!mf_locked())
		return 0;
	for (i = 0; i < prog->len; i++)
		if (prog->insnsi[i].code == (BPF_JMP | BPF_CALL) &&
		    prog->insnsi[i].src_reg == BPF_PSEUDO_KFUNC_CALL)
			return refuse("functions of the kernel for BPF programs");
	return 0;
}
#endif
