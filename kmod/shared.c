// SPDX-License-Identifier: GPL-2.0
/*
 * What programs share without sharing memory, and set without writing: the table of descriptors
 * (clone with CLONE_FILES: which numbers are taken), the directories and the umask (CLONE_FS), and
 * open files that keep what they are told by calls of their own: epoll's data, a timer's time, the
 * watches of inotify. No label follows what is said that way, so all who share such a thing carry the
 * same: a raise above one of the others is not clean, and what they do not have yet they do not get.
 *
 * Nobody can come to share a table with somebody who carries less, because a child begins with what
 * its parent carries. Files are passed on; so they are looked at once more when they are received.
 *
 * Locks: RCU for the list of tasks, inside it task_lock(), inside it the lock of a table (iterate_fd).
 */
#include "shared.h"

#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/iocontext.h>
#include <linux/jiffies.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#define CHILD_MS 200

static bool is_program(const struct task_struct *task)
{
	return READ_ONCE(task->mm) && !(task->flags & PF_KTHREAD);
}

static bool carries_less(struct task_struct *task, const struct mf_label *taint)
{
	struct mf_label settled;
	bool less;

	task_lock(task);
	less = !mf_subject_settled(task->mm, &settled) || !mf_label_dominates(&settled, taint);
	task_unlock(task);
	return less;
}

static bool carries_more(struct task_struct *task, const struct mf_label *settled)
{
	struct mf_label taint;
	bool more;

	task_lock(task);
	more = mf_subject_taint(task->mm, &taint) && !mf_label_dominates(settled, &taint);
	task_unlock(task);
	return more;
}

static void name(char culprit[MF_CULPRIT_SIZE], const char *what, struct task_struct *task)
{
	snprintf(culprit, MF_CULPRIT_SIZE, "%s shared with process %d (%s)", what,
		 task_tgid_nr(task), task->comm);
}

/* What two tasks share by clone(CLONE_FS) or clone(CLONE_IO), also after an exec; or NULL. */
static const char *kept_by_both(const struct task_struct *task, const struct task_struct *ours)
{
	const struct fs_struct *fs = READ_ONCE(ours->fs);
	const struct io_context *io = READ_ONCE(ours->io_context);

	if (fs && READ_ONCE(task->fs) == fs)
		return "directories and umask";
	return io && READ_ONCE(task->io_context) == io ? "I/O priority" : NULL;
}

/* Somebody of another address space, who carries less, with the same table or directories. */
static bool others_share(const struct task_struct *ours, const struct mm_struct *mm,
			 const struct mf_label *taint, char culprit[MF_CULPRIT_SIZE])
{
	const struct files_struct *files = READ_ONCE(ours->files);
	struct task_struct *process, *task;

	for_each_process_thread(process, task) {
		bool same_files = files && READ_ONCE(task->files) == files;
		const char *what = same_files ? "descriptors" : kept_by_both(task, ours);

		if (!what || !is_program(task) || READ_ONCE(task->mm) == mm ||
		    !carries_less(task, taint))
			continue;
		name(culprit, what, task);
		return true;
	}
	return false;
}

static bool shares_any(struct task_struct *task)
{
	bool shares;

	task_lock(task);
	shares = (task->files && atomic_read(&task->files->count) > 1) ||
		 (task->fs && READ_ONCE(task->fs->users) > 1) ||
		 (task->io_context && atomic_read(&task->io_context->active_ref) > 1);
	task_unlock(task);
	return shares;
}

static bool like_current(const struct task_struct *task)
{
	return task != current && READ_ONCE(task->files) == current->files &&
	       READ_ONCE(task->fs) == current->fs &&
	       READ_ONCE(task->io_context) == current->io_context;
}

/**
 * mf_shared_tables() - does somebody who carries less share the descriptors, directories or umask
 * @mm: the address space of the current task
 * @taint: what it will carry
 * @culprit: set to who does
 *
 * Context: any.
 *
 * Return: 0, or -EBUSY if somebody does.
 */
int mf_shared_tables(const struct mm_struct *mm, const struct mf_label *taint,
		     char culprit[MF_CULPRIT_SIZE])
{
	struct task_struct *process, *task;
	bool found = false;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		/* threads nearly always share both with each other: one of them stands for all */
		if (READ_ONCE(task->mm) != mm || !is_program(task) || like_current(task) ||
		    !shares_any(task))
			continue;
		found = others_share(task, mm, taint, culprit);
		if (found)
			goto out;
	}
out:
	rcu_read_unlock();
	return found ? -EBUSY : 0;
}

/**
 * mf_shared_directories() - the same for an exec under way, which keeps directories and umask only
 * @taint: what the new image will carry
 * @culprit: set to who shares them
 *
 * Context: any.
 *
 * Return: 0, or -EBUSY if somebody does.
 */
int mf_shared_directories(const struct mf_label *taint, char culprit[MF_CULPRIT_SIZE])
{
	struct task_struct *process, *task;
	const char *what;
	bool found = false;

	if (READ_ONCE(current->fs->users) == 1 && !current->io_context)
		return 0;
	rcu_read_lock();
	for_each_process_thread(process, task) {
		/* the other threads of this program end with the exec */
		what = kept_by_both(task, current);
		if (!what || same_thread_group(task, current) || !is_program(task) ||
		    !carries_less(task, taint))
			continue;
		name(culprit, what, task);
		found = true;
		goto out;
	}
out:
	rcu_read_unlock();
	return found ? -EBUSY : 0;
}

/**
 * mf_shared_keeps() - does an open file keep what it is told by calls that no hook judges
 * @file: the file
 *
 * Context: any.
 *
 * Return: true for epoll, timers, watches and their like; false for eventfd, which is a channel,
 * and pidfds, which keep nothing.
 */
bool mf_shared_keeps(const struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;

	return dentry->d_sb->s_magic == ANON_INODE_FS_MAGIC &&
	       strcmp(dentry->d_name.name, "[eventfd]") != 0 &&
	       strcmp(dentry->d_name.name, "[pidfd]") != 0;
}

static int is_it(const void *arg, struct file *file, unsigned int fd)
{
	return file == arg;
}

/* Does another program hold the file in a table that this task is the first to show? */
static bool holds(struct task_struct *task, const struct task_struct *process,
		  const struct file *file)
{
	bool found;

	if (!is_program(task) || READ_ONCE(task->mm) == current->mm ||
	    (task != process && READ_ONCE(task->files) == READ_ONCE(process->files)))
		return false;
	task_lock(task);
	found = task->files && iterate_fd(task->files, 0, is_it, file);
	task_unlock(task);
	return found;
}

static bool held_by_less(const struct file *file, const struct mf_label *taint,
			 char culprit[MF_CULPRIT_SIZE])
{
	struct task_struct *process, *task;
	bool found = false;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		found = holds(task, process, file) && carries_less(task, taint);
		if (!found)
			continue;
		name(culprit, file->f_path.dentry->d_name.name, task);
		goto out;
	}
out:
	rcu_read_unlock();
	return found;
}

/* The next descriptor that matters at or after a number. */
static int take_next(const void *arg, struct file *file, unsigned int fd)
{
	const struct file **next = (void *)arg;

	if (file_count(file) == 1 || !mf_shared_keeps(file))
		return 0;
	*next = get_file(file);
	return (int)fd + 1;
}

static bool one_is_held_by_less(const struct mf_label *taint, char culprit[MF_CULPRIT_SIZE])
{
	struct file *file = NULL;
	bool found = false;
	int from = 0;

	while (!found && (from = iterate_fd(current->files, from, take_next, &file))) {
		found = held_by_less(file, taint, culprit);
		fput(file);
	}
	return found;
}

/**
 * mf_shared_descriptions() - has somebody who carries less an open file that keeps what it is told
 * @taint: what the current program will carry
 * @culprit: set to who has it
 *
 * A reference that no table shows is one of the program's own threads inside a call, or is being
 * passed to somebody, who will be asked when he receives it. A child that was just made has all its
 * parent had open until it executes something, so it is given a while. Context: process, sleeps up
 * to a fifth of a second.
 *
 * Return: 0, or -EBUSY if somebody has.
 */
int mf_shared_descriptions(const struct mf_label *taint, char culprit[MF_CULPRIT_SIZE])
{
	const unsigned long end = jiffies + msecs_to_jiffies(CHILD_MS);

	while (one_is_held_by_less(taint, culprit)) {
		if (time_after(jiffies, end) || fatal_signal_pending(current))
			return -EBUSY;
		schedule_timeout_killable(1 + HZ / 100);
	}
	return 0;
}

/**
 * mf_shared_unequally() - has somebody an open file who carries more or less than the current program
 * @file: the file, which the caller keeps
 *
 * Context: any.
 *
 * Return: true if so.
 */
bool mf_shared_unequally(const struct file *file)
{
	struct mf_label taint = {}, settled = {};
	bool tainted = mf_subject_taint(current->mm, &taint), found = false;
	struct task_struct *process, *task;

	mf_subject_settled(current->mm, &settled);
	rcu_read_lock();
	for_each_process_thread(process, task) {
		found = holds(task, process, file) &&
			(carries_more(task, &settled) || (tainted && carries_less(task, &taint)));
		if (found)
			goto out;
	}
out:
	rcu_read_unlock();
	return found;
}

/**
 * mf_shared_with_less() - has somebody who carries less an open file
 * @file: the file, which the caller keeps
 * @taint: what the current program carries
 *
 * Context: any.
 *
 * Return: true if a table of descriptors shows so.
 */
bool mf_shared_with_less(const struct file *file, const struct mf_label *taint)
{
	char culprit[MF_CULPRIT_SIZE];

	return held_by_less(file, taint, culprit);
}

/**
 * struct count - how often a file stands in a table of descriptors
 * @file: the file
 * @slots: the number
 */
struct count {
	const struct file *file;
	unsigned long slots;
};

static int count_it(const void *arg, struct file *file, unsigned int fd)
{
	struct count *count = (void *)arg;

	count->slots += file == count->file;
	return 0;
}

/* A table that another process has as well would be counted twice. */
static bool count_in(struct task_struct *task, struct count *count)
{
	const unsigned long before = count->slots;
	bool once = true;

	task_lock(task);
	if (task->files) {
		iterate_fd(task->files, 0, count_it, count);
		once = count->slots == before ||
		       atomic_read(&task->files->count) <= get_nr_threads(task);
	}
	task_unlock(task);
	return once;
}

/**
 * mf_shared_unseen() - may somebody have an open file where no table of descriptors shows it
 * @file: the file, which a call of the current task is about
 *
 * In a message under way, registered with a ring, or for a moment in a call of another task.
 * Context: any.
 *
 * Return: false if certainly nobody has.
 */
bool mf_shared_unseen(const struct file *file)
{
	struct count count = { .file = file };
	struct task_struct *process, *task;
	bool known = true;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (task != process && READ_ONCE(task->files) == READ_ONCE(process->files))
			continue;
		known = count_in(task, &count);
		if (!known)
			goto out;
	}
out:
	rcu_read_unlock();
	/* the call itself has one at most */
	return !known || (unsigned long)file_count(file) > count.slots + 1;
}
