// SPDX-License-Identifier: GPL-2.0
/*
 * Open file descriptions, open(2), which programs inherit and pass to each other, keep things
 * that are set and asked for by calls without data: the position, the flags, who gets
 * the signals. The position alone is 63 bits a call.
 *
 * Descriptions that more than one program may have are marked: all with more than one
 * reference when a program is raised, and all that are received from somebody. A child begins
 * with what its parent carries, and what a tainted program opens later is its own until it passes it
 * on; so no other description comes to be shared with somebody who carries less. The mark stays.
 *
 *   - A tainted program changes nothing of a marked description as long as somebody who carries
 *     less has it, or may have it where no table of descriptors shows. But the position of
 *     a file whose label dominates the taint: writing there, which programs do by redirection,
 *     moves it.
 *   - Whoever asks for the position of such a file, or for fdinfo, which tells it as well as the
 *     count of an eventfd, is judged as if he read it.
 *
 * Locks: see shared.c; marks are set under f_lock, inside the lock of a table.
 */
#include "description.h"

#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "channel.h"
#include "judge.h"
#include "judgement.h"
#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "shared.h"
#include "subject.h"

#define LOOKS 4

static_assert(!(MF_FMODE_SHARED & (FMODE_NOACCOUNT | FMODE_NEED_UNMOUNT | FMODE_NOWAIT |
				   FMODE_NONOTIFY | FMODE_STREAM | FMODE_CREATED | FMODE_OPENED)));
#ifdef FMODE_BUF_RASYNC
static_assert(!(MF_FMODE_SHARED & (FMODE_BUF_RASYNC | FMODE_BUF_WASYNC)));
#endif

/**
 * mf_description_mark() - more than one program may have an open file from now on
 * @file: the file
 *
 * Context: any that may take a spinlock.
 */
void mf_description_mark(struct file *file)
{
	if (mf_description_shared(file))
		return;
	spin_lock(&file->f_lock);
	file->f_mode |= MF_FMODE_SHARED;
	spin_unlock(&file->f_lock);
}

static int mark(const void *unused, struct file *file, unsigned int fd)
{
	if (file_count(file) > 1)
		mf_description_mark(file);
	return 0;
}

/**
 * mf_descriptions_mark() - the same for all that the current program may share with others
 *
 * To be called after a higher taint is published, and before it is settled. Context: process.
 */
void mf_descriptions_mark(void)
{
	struct task_struct *process, *task;

	iterate_fd(current->files, 0, mark, NULL);
	if (atomic_read(&current->mm->mm_users) == 1)
		return;
	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (READ_ONCE(task->mm) != current->mm ||
		    READ_ONCE(task->files) == current->files)
			continue;
		task_lock(task);
		if (task->files)
			iterate_fd(task->files, 0, mark, NULL);
		task_unlock(task);
	}
	rcu_read_unlock();
}

/*
 * Does somebody who carries less have it? Threads of whoever has it hold references while they
 * are inside calls, which pass; others are not seen in any table: in a message under
 * way, or registered with a ring.
 */
static bool had_by_less(const struct file *file, const struct mf_label *taint)
{
	int look;

	for (look = 0; look < LOOKS; look++) {
		if (mf_shared_with_less(file, taint))
			return true;
		if (!mf_shared_unseen(file))
			return false;
		usleep_range(200, 1000);
	}
	return true;
}

static int refuse(struct mf_judgement *judgement, const struct file *file, bool quiet)
{
	struct mf_verdict verdict;

	judgement->report.path = &file->f_path;
	judgement->report.inode = file_inode(file);
	judgement->report.label = &judgement->facts.taint;
	verdict = mf_decide_giving(&judgement->facts);
	if (quiet)
		return verdict.action == MF_DENY ? -EACCES : 0;
	return mf_judgement_answer(judgement, verdict, -EACCES);
}

/**
 * mf_judge_description() - a tainted program changes what an open file keeps for all who have it
 * @file: the file, of which the caller's call may have a reference
 * @operation: what it does
 * @quiet: no record: programs set their flags without being told to
 *
 * Context: process, sleeps a few milliseconds at most.
 */
int mf_judge_description(struct file *file, enum mifeng_operation operation, bool quiet)
{
	struct mf_judgement judgement;

	if (!mf_description_shared(file))
		return 0;
	mf_judgement_begin(&judgement, operation);
	if (!judgement.facts.tainted || !had_by_less(file, &judgement.facts.taint))
		return 0;
	return refuse(&judgement, file, quiet);
}

/**
 * mf_judge_seals() - a tainted program seals memory
 * @file: the memory; others cannot be sealed
 *
 * Whoever has it asks for the seals, or meets them; by another description too, opened by the name in
 * proc that the first one has.
 *
 * Context: process, sleeps a few milliseconds at most.
 */
int mf_judge_seals(struct file *file)
{
	struct mf_judgement judgement;

	if (!mf_sb_is_memory(file_inode(file)->i_sb))
		return 0;
	if (d_count(file->f_path.dentry) == 1)
		return mf_judge_description(file, MIFENG_OP_SETATTR, false);
	mf_judgement_begin(&judgement, MIFENG_OP_SETATTR);
	return refuse(&judgement, file, false);
}

/**
 * mf_file_covers() - does a file carry all that the current program does
 * @file: the file
 *
 * Context: process, may sleep.
 *
 * Return: true if whoever reads it, or asks for something of it, is judged by that.
 */
bool mf_file_covers(struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	struct inode *inode = mf_real_inode(dentry);
	struct mf_object object;
	struct mf_label taint;

	if (!inode || !S_ISREG(inode->i_mode) || inode != file_inode(file) ||
	    !mf_subject_taint(current->mm, &taint))
		return false;
	mf_label_get(dentry, inode, &object);
	return object.state == MIFENG_LABEL_VALID && !object.pending &&
	       mf_label_dominates(&object.label, &taint);
}

/* Of what a user opens, sockets, pipes and terminals have none, and other devices set it to nothing. */
static bool has_position(const struct file *file)
{
	const umode_t mode = file_inode(file)->i_mode;

	return (file->f_mode & FMODE_LSEEK) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISBLK(mode));
}

/**
 * mf_judge_position() - the position of an open file is asked for, or changed
 * @file: the file
 * @changes: by reading it, by listing it
 *
 * Context: process, sleeps a few milliseconds at most; may hold f_pos_lock.
 */
int mf_judge_position(struct file *file, bool changes)
{
	const enum mifeng_operation operation = changes ? MIFENG_OP_READ : MIFENG_OP_SETATTR;
	struct mf_channel channel;
	int err = 0;

	if (!mf_description_shared(file) || !has_position(file))
		return 0;
	if (mf_subject_tainted()) {
		if (mf_channel_read(file, &channel)) /* memory takes the taint on, as when written */
			err = mf_judge_give(&channel, file, NULL, operation);
		else if (!mf_file_covers(file))
			err = mf_judge_description(file, operation, false);
	}
	if (err)
		return err;
	if (changes || mf_inode_plain(file_inode(file)))
		return 0;
	return mf_judge_read(file, MIFENG_OP_READ);
}

/**
 * mf_description_is_told() - is a file one of /proc/PID/fdinfo
 * @dentry: of a file of proc
 *
 * Context: any.
 */
bool mf_description_is_told(const struct dentry *dentry)
{
	const struct dentry *parent = READ_ONCE(dentry->d_parent);

	return dentry->d_sb->s_magic == PROC_SUPER_MAGIC &&
	       strcmp(parent->d_name.name, "fdinfo") == 0 && parent->d_parent != parent;
}

/* Whose it is: proc names the directory above by the number in its own namespace. */
static struct task_struct *task_of(const struct dentry *dentry)
{
	const struct dentry *process = dentry->d_parent->d_parent;
	struct task_struct *task = NULL;
	unsigned int number;

	if (kstrtouint(process->d_name.name, 10, &number))
		return NULL;
	rcu_read_lock();
	task = pid_task(find_pid_ns((int)number, proc_pid_ns(dentry->d_sb)), PIDTYPE_PID);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

/**
 * struct told - a look for what a file of fdinfo may tell
 * @any: another thread may put something else in the descriptor's place
 * @number: the descriptor
 * @file: referenced, the next one that is marked
 */
struct told {
	bool any;
	unsigned int number;
	struct file *file;
};

static int next_told(const void *arg, struct file *file, unsigned int fd)
{
	struct told *told = (void *)arg;

	if ((!told->any && fd != told->number) || !mf_description_shared(file) ||
	    file_inode(file)->i_sb->s_magic == PROC_SUPER_MAGIC)
		return 0;
	told->file = get_file(file);
	return (int)fd + 1;
}

static int table_next(struct task_struct *task, struct told *told, int from)
{
	task_lock(task);
	from = task->files ? iterate_fd(task->files, from, next_told, told) : 0;
	task_unlock(task);
	return from;
}

/**
 * mf_judge_telling_description() - a file of /proc/PID/fdinfo is read
 * @file: that file
 *
 * Context: process, as for reading.
 */
int mf_judge_telling_description(struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;
	struct task_struct *task = task_of(dentry);
	struct told told = {};
	int from = 0, err = 0;

	if (!task || kstrtouint(dentry->d_name.name, 10, &told.number))
		goto out;
	task_lock(task);
	told.any = task->files && (task != current || atomic_read(&task->files->count) > 1);
	task_unlock(task);
	while (!err && (from = table_next(task, &told, from))) {
		err = mf_judge_read(told.file, MIFENG_OP_READ);
		fput(told.file);
	}
out:
	if (task)
		put_task_struct(task);
	return err;
}
