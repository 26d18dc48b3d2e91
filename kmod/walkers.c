// SPDX-License-Identifier: GPL-2.0
/*
 * Who looks into a directory. When the label of its names rises, somebody may have passed his
 * check by the older label already and not have looked yet. The new label is published first;
 * then nobody may be left who goes by the older one:
 *
 *   - walks under RCU look again when the directory's d_seq has changed, with references;
 *   - who runs inside a call that may walk or list goes through the return to user space once
 *     (barrier.c);
 *   - who sleeps on the way waits for the directory's lock, which is taken until nobody
 *     waits for it any more. Whoever comes later is judged by the new label.
 *
 * Somebody who began to sleep elsewhere while he was waited for (on a slow filesystem) has left
 * the way in question, so those who run are sought again.
 */
#include "walkers.h"

#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seqlock.h>
#include <linux/slab.h>

#include "barrier.h"

#define WALKERS_MS	500
#define ROUNDS		3

/* He is raised already, or is the one who changes the names. */
static bool may_know(struct task_struct *task, const struct mf_label *label)
{
	struct mf_label settled;
	bool knows;

	task_lock(task);
	knows = !task->mm || task->mm == current->mm ||
		(mf_subject_settled(task->mm, &settled) && mf_label_dominates(&settled, label));
	task_unlock(task);
	return knows;
}

/* Those who run on the way: referenced, at most @space; the answer is how many there are. */
static size_t find_walkers(struct task_struct **tasks, size_t space, const struct mf_label *label)
{
	struct task_struct *process, *task;
	size_t count = 0;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (task == current || !mf_task_walks(task) || may_know(task, label))
			continue;
		if (count < space)
			tasks[count] = get_task_struct(task);
		count++;
	}
	rcu_read_unlock();
	return count;
}

static int pass_once(const struct mf_label *label)
{
	size_t space = find_walkers(NULL, 0, label) + 32, count, i;
	struct task_struct **tasks = kvcalloc(space, sizeof(*tasks), GFP_KERNEL);
	int err;

	if (!tasks)
		return -ENOMEM;
	count = find_walkers(tasks, space, label);
	err = count > space ? -EBUSY : mf_barrier(tasks, count, WALKERS_MS);
	for (i = 0; i < min(count, space); i++)
		put_task_struct(tasks[i]);
	kvfree(tasks);
	return err;
}

static int running_pass(const struct mf_label *label)
{
	int round, err = -EBUSY;

	for (round = 0; round < ROUNDS && err == -EBUSY; round++)
		err = pass_once(label);
	return err;
}

static int waiting_pass(struct inode *dir)
{
	const unsigned long until = jiffies + msecs_to_jiffies(WALKERS_MS);

	for (;;) {
		bool waited_for;

		inode_lock(dir);
		waited_for = rwsem_is_contended(&dir->i_rwsem);
		inode_unlock(dir);
		if (!waited_for)
			return 0;
		if (time_after(jiffies, until))
			return -EBUSY;
		if (signal_pending(current))
			return -ERESTARTSYS;
		usleep_range(100, 1000);
	}
}

/* Walks under RCU that have this directory's number sequence begin again. */
static void disturb(struct inode *dir)
{
	struct dentry *dentry = d_find_any_alias(dir);

	if (!dentry)
		return;
	spin_lock(&dentry->d_lock);
	write_seqcount_invalidate(&dentry->d_seq);
	spin_unlock(&dentry->d_lock);
	dput(dentry);
}

/**
 * mf_walkers_pass() - nobody looks into a directory by an older label of its names
 * @dir: whose new label is published
 * @label: that label
 * @why: set if its names must not change
 *
 * Context: process, sleeps; no lock held.
 *
 * Return: 0; -EBUSY, see @why; -ERESTARTSYS when the caller is wanted elsewhere.
 */
int mf_walkers_pass(struct inode *dir, const struct mf_label *label, struct mf_obstacle *why)
{
	int err;

	disturb(dir);
	err = running_pass(label);
	if (!err)
		err = waiting_pass(dir);
	if (!err || err == -ERESTARTSYS)
		return err;
	why->reason = err == -ENOMEM ? MIFENG_REASON_NO_MEMORY : MIFENG_REASON_READERS_BUSY;
	strscpy(why->culprit, "somebody who looks into the directory and does not come out",
		MF_CULPRIT_SIZE);
	return -EBUSY;
}
