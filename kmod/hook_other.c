// SPDX-License-Identifier: GPL-2.0
/*
 * What a program does to another one that can tell: signals, limits, how it is scheduled.
 *
 * Signals that say nothing but their number go on, because shells, make and timeout live by them; what
 * carries a value, or comes in a queue, is a message.
 */
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>

#include "attach.h"
#include "hook_proc.h"
#include "hooks.h"
#include "judge.h"
#include "subject.h"

static int other(const struct task_struct *task, enum mifeng_operation operation)
{
	int err;

	mf_hook_enter();
	err = mf_judge_other(task, operation, false);
	mf_hook_exit();
	return err;
}

static bool is_message(const struct kernel_siginfo *info, int sig)
{
	if (sig >= SIGRTMIN)
		return true;
	return info != SEND_SIG_NOINFO && info != SEND_SIG_PRIV && info->si_code < 0 &&
	       info->si_code != SI_TKILL;
}

/* With credentials it is the kernel that signals for somebody, whoever runs now. */
int hook_task_kill(struct task_struct *task, struct kernel_siginfo *info, int sig,
		   const struct cred *cred)
{
	if (likely(!mf_subject_tainted()) || cred || !is_message(info, sig))
		return 0;
	return other(task, MIFENG_OP_SEND);
}

static int set(const struct task_struct *task)
{
	return likely(!mf_subject_tainted()) ? 0 : other(task, MIFENG_OP_SETUP);
}

int hook_task_setscheduler(struct task_struct *task)
{
	return set(task);
}

int hook_task_setnice(struct task_struct *task, int nice)
{
	return set(task);
}

int hook_task_setioprio(struct task_struct *task, int ioprio)
{
	return set(task);
}

int hook_task_movememory(struct task_struct *task)
{
	return set(task);
}

/* Its own limits are a program's business; asked for by others they are a kilobit of its choice. */
int hook_prlimit(struct task_struct *task, unsigned int resource, struct rlimit *new_limit,
		 struct rlimit *old_limit)
{
	int err = 0;

	if (likely(task == current))
		return 0;
	mf_hook_enter();
	if (new_limit && mf_subject_tainted())
		err = mf_judge_other(task, MIFENG_OP_SETUP, false);
	if (!err && old_limit && mf_hides_itself(task))
		err = -EACCES;
	mf_hook_exit();
	return err;
}

static int look(const struct task_struct *task)
{
	int err = 0;

	if (task == current)
		return 0;
	mf_hook_enter();
	if (mf_hides_itself(task))
		err = -EACCES;
	mf_hook_exit();
	return err;
}

/* Also processors, and how much of one it asks for. */
int hook_task_getscheduler(struct task_struct *task)
{
	return look(task);
}

int hook_task_getioprio(struct task_struct *task)
{
	return look(task);
}

int hook_capget(mf_capget_task_t *task, kernel_cap_t *effective, kernel_cap_t *inheritable,
		kernel_cap_t *permitted)
{
	return look(task);
}
