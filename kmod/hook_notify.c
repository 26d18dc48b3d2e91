// SPDX-License-Identifier: GPL-2.0
/*
 * What tells others that a program did something to a file or a channel: inotify, fanotify,
 * dnotify, signals for I/O, and what it used when it has ended. Which of 256 watched files a
 * tainted program opens is a byte a call; so those who watch learn nothing of what it does, and no
 * record is made: it is not an act against the rules to open a file.
 *
 * Root's instances, and fanotify that only root can have (virus scanners, fapolicyd), go on seeing
 * everything.
 * Watches are a facility (hook_facility.c) that tainted programs do not have: tail -f polls then.
 */
#include <linux/fanotify.h>
#include <linux/fsnotify_backend.h>
#include <linux/preempt.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/user_namespace.h>

#include "attach.h"
#include "hook_proc.h"
#include "hooks.h"
#include "judge.h"
#include "subject.h"

/*
 * Its files are closed when its address space is gone already: what it was stays with the task, and
 * with the one that its program is known by.
 */
int hook_exit_mm_release(struct task_struct *task, struct mm_struct *mm)
{
	if (!mf_subject_tainted())
		return 0;
	set_bit(MF_TASK_WAS_TAINTED, &task->atomic_flags);
	set_bit(MF_TASK_WAS_TAINTED, &task->group_leader->atomic_flags);
	return 0;
}

/*
 * Whoever waits for a program is told how many pages it had, and touched, and how often it
 * slept: 50 bits of its choice. What time it took is told still. All that is left of the task when
 * it ends is added to the sums of its program, and of its parent. How often it slept is asked of
 * the task by others (RCU), so that is taken off the sum beforehand.
 */
static void forget_usage(struct task_struct *task)
{
	struct signal_struct *group = task->signal;
	unsigned long flags;

	task->min_flt = 0;
	task->maj_flt = 0;
	memset(&task->ioac, 0, sizeof(task->ioac));
	write_seqlock_irqsave(&group->stats_lock, flags);
	group->nvcsw -= task->nvcsw;
	group->nivcsw -= task->nivcsw;
	group->cmin_flt = group->cmaj_flt = 0;
	group->cnvcsw = group->cnivcsw = 0;
	group->inblock = group->oublock = group->cinblock = group->coublock = 0;
	group->maxrss = group->cmaxrss = 0;
	memset(&group->ioac, 0, sizeof(group->ioac));
	write_sequnlock_irqrestore(&group->stats_lock, flags);
}

/* The last that a task does of its own before its parent hears of it. */
int hook_cgroup_exit(struct task_struct *task)
{
	if (unlikely(test_bit(MF_TASK_WAS_TAINTED, &task->atomic_flags)))
		forget_usage(task);
	return 0;
}

/* Also of a child that has only stopped. */
int hook_getrusage(struct task_struct *task, int who, struct rusage *usage)
{
	int answer = 0;

	if (likely(task->signal == current->signal))
		return 0;
	mf_hook_enter();
	if (mf_hides_itself(task)) {
		struct rusage whole;

		mf_call_getrusage(task, who, &whole);
		memset(usage, 0, sizeof(*usage));
		usage->ru_utime = whole.ru_utime;
		usage->ru_stime = whole.ru_stime;
		answer = MF_SKIP;
	}
	mf_hook_exit();
	return answer;
}

/* No event is made, and a watch for one event only stays. */
static int without_event(void)
{
	return mf_judge_unseen() ? MF_SKIP : 0;
}

int hook_inotify_event(struct fsnotify_mark *mark, u32 mask, struct inode *inode,
		       struct inode *dir, const struct qstr *name, u32 cookie)
{
	const struct ucounts *owner = mark->group->inotify_data.ucounts;

	if (owner && owner->ns == &init_user_ns && uid_eq(owner->uid, GLOBAL_ROOT_UID))
		return 0;
	return without_event();
}

int hook_dnotify_event(struct fsnotify_mark *mark, u32 mask, struct inode *inode,
		       struct inode *dir, const struct qstr *name, u32 cookie)
{
	return without_event();
}

/* Of the two that queue events, inotify was asked before: it has no handler of this kind. */
int hook_fsnotify_insert_event(struct fsnotify_group *group, struct fsnotify_event *event,
			       mf_fsnotify_merge_t merge, mf_fsnotify_insert_t insert)
{
	if (likely(!mf_judge_unseen()) || !group->ops->handle_event ||
	    !(group->fanotify_data.flags & FANOTIFY_UNPRIV))
		return 0;
	return -EACCES;
}

/* Nobody is told of it, so the signal has no record either. Interrupts happen to whoever runs. */
int hook_file_send_sigiotask(struct task_struct *task, struct fown_struct *owner, int sig)
{
	if (likely(!mf_subject_tainted()) || !in_task())
		return 0;
	return mf_judge_other(task, MIFENG_OP_SEND, true);
}
