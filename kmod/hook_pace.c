// SPDX-License-Identifier: GPL-2.0
/*
 * Acts of tainted programs that have a pace, see pace.c: signals, groups of processes, leases. Terminals are
 * in hook_ioctl.c, locks in hook_far.c. Where signals and groups are judged locks are held; so it is
 * the system calls that wait.
 */
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#ifdef MF_HAS_FILELOCK
#include <linux/filelock.h>
#endif

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "pace.h"
#include "subject.h"

static int wait_for(enum mf_pace pace)
{
	int err;

	mf_hook_enter();
	err = mf_pace_wait(pace);
	mf_hook_exit();
	return err;
}

static bool carries_less(pid_t pid)
{
	const struct task_struct *task;
	bool less;

	rcu_read_lock();
	task = pid_task(find_vpid(pid), PIDTYPE_PID);
	less = task && mf_judge_other(task, MIFENG_OP_SEND, true);
	rcu_read_unlock();
	return less;
}

/* To groups, and to all there are, it may go to anybody. */
static int send(pid_t pid, int sig)
{
	if (likely(!mf_subject_tainted()) || !sig || (pid > 0 && !carries_less(pid)))
		return 0;
	return wait_for(MF_PACE_SIGNALS);
}

int hook_kill(const struct pt_regs *regs)
{
	return send((pid_t)regs->di, (int)regs->si);
}

int hook_kill_ia32(const struct pt_regs *regs)
{
	return send((pid_t)regs->bx, (int)regs->cx);
}

int hook_tkill(const struct pt_regs *regs)
{
	return send((pid_t)regs->di, (int)regs->si);
}

int hook_tkill_ia32(const struct pt_regs *regs)
{
	return send((pid_t)regs->bx, (int)regs->cx);
}

int hook_tgkill(const struct pt_regs *regs)
{
	return send((pid_t)regs->si, (int)regs->dx);
}

int hook_tgkill_ia32(const struct pt_regs *regs)
{
	return send((pid_t)regs->cx, (int)regs->dx);
}

/* Another thread could have another one in the descriptor's place by the time it is sent. */
int hook_pidfd_send_signal(const struct pt_regs *regs)
{
	return send(0, (int)regs->si);
}

int hook_pidfd_send_signal_ia32(const struct pt_regs *regs)
{
	return send(0, (int)regs->cx);
}

/* A group of its own says nothing, and shells make their children join a group twice. */
static bool joins(pid_t pid, pid_t group)
{
	struct task_struct *task;
	bool another;

	if (group <= 0 || group == (pid ? pid : task_tgid_vnr(current)))
		return false;
	rcu_read_lock();
	task = pid ? pid_task(find_vpid(pid), PIDTYPE_PID) : current;
	another = task && task_pgrp(task) != find_vpid(group);
	rcu_read_unlock();
	return another;
}

static int set_group(pid_t pid, pid_t group)
{
	return likely(!mf_subject_tainted()) || !joins(pid, group) ? 0 : wait_for(MF_PACE_GROUPS);
}

int hook_setpgid(const struct pt_regs *regs)
{
	return set_group((pid_t)regs->di, (pid_t)regs->si);
}

int hook_setpgid_ia32(const struct pt_regs *regs)
{
	return set_group((pid_t)regs->bx, (pid_t)regs->cx);
}

/* Only of leases that programs take: what asks for delegations holds locks. */
int hook_break_lease(struct inode *inode, unsigned int mode, unsigned int type)
{
	return likely(!mf_subject_tainted()) || type != FL_LEASE ? 0 : wait_for(MF_PACE_LEASES);
}
