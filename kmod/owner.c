// SPDX-License-Identifier: GPL-2.0
/*
 * Who gets the signals of an open file (F_SETOWN, O_ASYNC), which and with which descriptor (F_SETSIG).
 * The kernel sends them in a call of whoever causes them: a program that writes into a pipe would get, from
 * files that a tainted program has of its other end, any signals of that one's choice.
 *
 * So a tainted program says nothing of what a file sends to somebody who carries less. It may name itself
 * as the owner; what carries less cannot become the owner afterwards, because what it carries never gets
 * less. A group of processes is somebody else: others can join it.
 *
 * Locks: the owner's lock, inside it RCU.
 */
#include "owner.h"

#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "compat/compat.h"
#include "judgement.h"
#include "subject.h"

static bool is_current(const struct task_struct *task)
{
	return task->signal == current->signal || READ_ONCE(task->mm) == current->mm;
}

static bool carries_less(const struct task_struct *task, const struct mf_label *taint)
{
	struct mf_label settled;

	return !is_current(task) && (!mf_subject_of_program(task, true, &settled) ||
				     !mf_label_dominates(&settled, taint));
}

/* A terminal that has no owner gets its foreground group when it begins to send signals. */
static bool owned_by_less(const struct file *file, const struct mf_label *taint)
{
	struct fown_struct *owner = mf_file_owner(file);
	const struct task_struct *task;
	bool less = S_ISCHR(file_inode(file)->i_mode);

	if (!owner)
		return less;
	read_lock_irq(&owner->lock);
	rcu_read_lock();
	if (owner->pid) {
		task = pid_task(owner->pid, owner->pid_type > PIDTYPE_TGID ? owner->pid_type :
									     PIDTYPE_PID);
		less = task && (owner->pid_type > PIDTYPE_TGID || carries_less(task, taint));
	}
	rcu_read_unlock();
	read_unlock_irq(&owner->lock);
	return less;
}

static int refuse(struct file *file, struct mf_judgement *judgement)
{
	judgement->report.path = &file->f_path;
	judgement->report.inode = file_inode(file);
	judgement->report.label = &judgement->facts.taint;
	return mf_judgement_answer(judgement, mf_decide_giving(&judgement->facts), -EACCES);
}

/**
 * mf_judge_owner() - a tainted program says which signals an open file sends, or whether it does
 * @file: the file
 *
 * Context: process.
 */
int mf_judge_owner(struct file *file)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_SETATTR);
	if (!judgement.facts.tainted || !owned_by_less(file, &judgement.facts.taint))
		return 0;
	return refuse(file, &judgement);
}

/**
 * mf_judge_new_owner() - a tainted program says who gets the signals of an open file
 * @file: the file
 * @who: as told to F_SETOWN: a process, below 0 a group, 0 for nobody
 *
 * Context: process.
 */
int mf_judge_new_owner(struct file *file, int who)
{
	const struct task_struct *task;
	bool itself;

	rcu_read_lock();
	task = who > 0 ? pid_task(find_vpid(who), PIDTYPE_PID) : NULL;
	itself = task && task->signal == current->signal;
	rcu_read_unlock();
	if (itself || (!who && !S_ISCHR(file_inode(file)->i_mode)))
		return 0;
	return mf_judge_unknown_owner(file);
}

/**
 * mf_judge_unknown_owner() - the same where it cannot be told whom it names
 * @file: the file
 *
 * Context: process.
 */
int mf_judge_unknown_owner(struct file *file)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_SETATTR);
	return refuse(file, &judgement);
}
