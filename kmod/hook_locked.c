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
#include "hook_locked.h"
#include "hooks.h"
#include "judge.h"
#include "locked.h"

/**
 * mf_refuse_locked() - nobody may, on a locked machine
 * @door: what is closed, in words for the record
 *
 * Context: task, interrupts on.
 *
 * Return: -EPERM.
 */
int mf_refuse_locked(const char *door)
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
	/*
	 * The kernel's debugger asks when everything stands still, xfrm under a lock that softirqs take, and
	 * logind about hibernation each time somebody looks at the menu.
	 */
	if (!in_task() || irqs_disabled() || softirq_count() || what == LOCKDOWN_HIBERNATION)
		return -EPERM;
	return mf_refuse_locked("the kernel, which is locked down");
}

/* Those that systemd and sandboxes attach to groups and sockets see no more than a packet or a request. */
static bool type_sees_the_kernel(enum bpf_prog_type type)
{
	switch (type) {
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
		return false;
	default:
		return true;
	}
}

/* What every type of program may call that reads memory, of the kernel or of who runs, or points there. */
static bool helper_sees_the_kernel(s32 helper)
{
	switch (helper) {
	case BPF_FUNC_probe_read:
	case BPF_FUNC_probe_read_str:
	case BPF_FUNC_probe_read_user:
	case BPF_FUNC_probe_read_user_str:
	case BPF_FUNC_probe_read_kernel:
	case BPF_FUNC_probe_read_kernel_str:
	case BPF_FUNC_probe_write_user:
	case BPF_FUNC_copy_from_user:
	case BPF_FUNC_copy_from_user_task:
	case BPF_FUNC_snprintf:
	case BPF_FUNC_snprintf_btf:
	case BPF_FUNC_trace_printk:
	case BPF_FUNC_trace_vprintk:
	case BPF_FUNC_get_current_task:
	case BPF_FUNC_get_current_task_btf:
	case BPF_FUNC_task_pt_regs:
	case BPF_FUNC_per_cpu_ptr:
	case BPF_FUNC_this_cpu_ptr:
	case BPF_FUNC_skc_to_tcp6_sock:
	case BPF_FUNC_skc_to_tcp_sock:
	case BPF_FUNC_skc_to_tcp_timewait_sock:
	case BPF_FUNC_skc_to_tcp_request_sock:
	case BPF_FUNC_skc_to_udp6_sock:
	case BPF_FUNC_skc_to_unix_sock:
	case BPF_FUNC_skc_to_mptcp_sock:
		return true;
	default:
		return false;
	}
}

/* Functions of the kernel read any address (bpf_rdonly_cast), and its variables lead anywhere. */
static bool instruction_sees_the_kernel(const struct bpf_insn *instruction)
{
	if (instruction->code == (BPF_JMP | BPF_CALL))
		return instruction->src_reg == BPF_PSEUDO_KFUNC_CALL ||
		       (!instruction->src_reg && helper_sees_the_kernel(instruction->imm));
	return instruction->code == (BPF_LD | BPF_IMM | BPF_DW) &&
	       instruction->src_reg == BPF_PSEUDO_BTF_ID;
}

static bool program_sees_the_kernel(const struct bpf_prog *program)
{
	u32 i;

	if (type_sees_the_kernel(program->type))
		return true;
	for (i = 0; i < program->len; i++)
		if (instruction_sees_the_kernel(&program->insnsi[i]))
			return true;
	return false;
}

int hook_bpf_check MF_BPF_CHECK_PARAMS
{
	return mf_locked() && program_sees_the_kernel(*prog) ?
		       mf_refuse_locked("BPF programs that see the kernel") : 0;
}
