// SPDX-License-Identifier: GPL-2.0
/*
 * Who can receive from a channel. When a tainted program is about to put something into
 * a channel for the first time, whoever waits inside read or recvmsg has passed his check already.
 * So the channel's label is published first; then all tasks that have the receiving end open
 * and may be inside a call that takes data go through the return to user space once (barrier.c).
 * Their calls restart, and are judged by the new label.
 *
 * A call holds its file although its descriptor was closed meanwhile, but then only by a
 * reference that no table of descriptors shows. If there are such references, the threads of all
 * programs whose tables are shared, which alone take them, pass as well.
 *
 * Locks: RCU for the list of tasks, task_lock() for a task's table, and inside it the lock of
 * the table (iterate_fd). Nothing is held while waiting.
 */
#include "holders.h"

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "barrier.h"
#include "pinned.h"

#define HOLDERS_MS	500
#define FILES_MAX	64

/**
 * struct search - one look at all tables of descriptors
 * @channel: what is looked for
 * @label: what it is about to carry
 * @mine: the address space of the one who writes
 * @slots: descriptors found in one table
 * @total: descriptors found in all
 * @readable: one of those found in the table may be read from
 * @references: to the different open files found, summed up
 * @count: of those files; FILES_MAX if there may be more
 * @files: their addresses, for telling them apart
 */
struct search {
	const struct mf_channel *channel;
	const struct mf_label *label;
	const struct mm_struct *mine;
	unsigned long slots;
	unsigned long total;
	unsigned long references;
	bool readable;
	unsigned int count;
	const struct file *files[FILES_MAX];
};

/**
 * struct holder - somebody who may receive
 * @task: referenced
 * @receives: he has a descriptor to read from, and is to be asked whether he is pinned
 * @passes: he may be inside a call
 */
struct holder {
	struct task_struct *task;
	bool receives;
	bool passes;
};

struct holders {
	struct holder *list;
	size_t count, space;
};

static int look(const void *arg, struct file *file, unsigned int fd)
{
	struct search *search = (void *)arg;
	unsigned int i;

	if (!mf_channel_is_read_by(search->channel, file))
		return 0;
	search->slots++;
	search->readable |= !!(file->f_mode & FMODE_READ);
	for (i = 0; i < search->count; i++)
		if (search->files[i] == file)
			return 0;
	if (search->count == FILES_MAX)
		return 0;
	search->files[search->count++] = file;
	search->references += file_count(file);
	return 0;
}

/* How many of its descriptors lead to the channel. */
static unsigned long slots_of(struct task_struct *task, struct search *search)
{
	search->slots = 0;
	search->readable = false;
	task_lock(task);
	if (task->files)
		iterate_fd(task->files, 0, look, search);
	task_unlock(task);
	return search->slots;
}

/* The threads of a process nearly always share one table; it is looked at once. */
static bool table_of_leader(const struct task_struct *process, const struct task_struct *task)
{
	return task != process && READ_ONCE(task->files) == READ_ONCE(process->files);
}

/* He carries it already, or is the one who writes. */
static bool may_know(struct task_struct *task, const struct search *search)
{
	struct mf_label settled;
	bool knows;

	task_lock(task);
	knows = task->mm == search->mine ||
		(mf_subject_settled(task->mm, &settled) &&
		 mf_label_dominates(&settled, search->label));
	task_unlock(task);
	return knows;
}

static bool table_is_shared(struct task_struct *task)
{
	bool shared;

	task_lock(task);
	shared = task->files && atomic_read(&task->files->count) > 1;
	task_unlock(task);
	return shared;
}

static bool add(struct holders *holders, struct task_struct *task, bool receives, bool passes)
{
	if (holders->count == holders->space)
		return false;
	holders->list[holders->count++] = (struct holder){
		.task = get_task_struct(task), .receives = receives, .passes = passes,
	};
	return true;
}

/**
 * struct table - what one look at a table of descriptors has found
 * @slots: descriptors that lead to the channel
 * @readable: one of them may be read from
 */
struct table {
	unsigned long slots;
	bool readable;
};

static struct table look_at(struct task_struct *task, struct search *search)
{
	struct table found = { .slots = slots_of(task, search) };

	found.readable = found.slots && search->readable;
	return found;
}

/* False if there are more of them than places. Context: rcu_read_lock() is held. */
static bool collect(struct holders *holders, struct search *search, bool hidden)
{
	struct task_struct *process, *task;
	struct table leaders = {};

	for_each_process_thread(process, task) {
		const bool same = table_of_leader(process, task);
		struct table its = same ? leaders : look_at(task, search);
		bool passes;

		if (task == process)
			leaders = its;
		if ((!its.slots && !hidden) || task == current || may_know(task, search))
			continue;
		passes = (its.readable || (hidden && table_is_shared(task))) &&
			 mf_task_copies(task);
		if ((passes || (its.readable && !same)) &&
		    !add(holders, task, its.readable && !same, passes))
			return false;
	}
	return true;
}

/* Counts descriptors and files; returns the number of tasks. Context: as collect(). */
static size_t count(struct search *search, bool slots)
{
	struct task_struct *process, *task;
	size_t tasks = 0;

	for_each_process_thread(process, task) {
		tasks++;
		if (slots && !table_of_leader(process, task))
			search->total += slots_of(task, search);
	}
	return tasks;
}

static int find_holders(struct search *search, struct holders *holders)
{
	bool hidden, all;

	rcu_read_lock();
	holders->space = count(search, false) + 32; /* for those born meanwhile */
	rcu_read_unlock();
	holders->list = kvcalloc(holders->space, sizeof(*holders->list), GFP_KERNEL);
	if (!holders->list)
		return -ENOMEM;
	rcu_read_lock();
	count(search, true);
	hidden = search->count == FILES_MAX ||
		 mf_channel_hidden(search->channel, search->count, search->total,
				   search->references);
	all = collect(holders, search, hidden);
	rcu_read_unlock();
	return all ? 0 : -EBUSY;
}

static void free_holders(struct holders *holders)
{
	while (holders->count)
		put_task_struct(holders->list[--holders->count].task);
	kvfree(holders->list);
}

/* The youngest of them: a service whose socket the service manager keeps open as well. */
static bool one_is_pinned(const struct holders *holders, char culprit[MF_CULPRIT_SIZE])
{
	size_t i = holders->count;

	while (i--) {
		struct task_struct *task = holders->list[i].task;

		if (!holders->list[i].receives || !mf_task_pinned(task))
			continue;
		snprintf(culprit, MF_CULPRIT_SIZE, "%s (process %d)", task->comm,
			 task_tgid_nr(task));
		return true;
	}
	return false;
}

static int pass(const struct holders *holders)
{
	struct task_struct **tasks;
	size_t count = 0, i;
	int err;

	tasks = kvcalloc(holders->count + 1, sizeof(*tasks), GFP_KERNEL);
	if (!tasks)
		return -ENOMEM;
	for (i = 0; i < holders->count; i++)
		if (holders->list[i].passes)
			tasks[count++] = holders->list[i].task;
	err = mf_barrier(tasks, count, HOLDERS_MS);
	kvfree(tasks);
	return err;
}

/**
 * mf_holders_pass() - nobody who receives from a channel does so by an older label
 * @channel: whose new label is published; the caller keeps it
 * @label: that label
 * @reason: set if the channel must not be written to
 * @culprit: set likewise, to who is in the way
 *
 * Context: process, sleeps up to half a second; no lock held that those who receive
 * need to leave the kernel.
 *
 * Return: 0; -EBUSY when it must not be written to; -ERESTARTSYS when the caller is wanted elsewhere.
 */
int mf_holders_pass(const struct mf_channel *channel, const struct mf_label *label,
		    enum mifeng_reason *reason, char culprit[MF_CULPRIT_SIZE])
{
	struct search *search = kzalloc(sizeof(*search), GFP_KERNEL);
	struct holders holders = {};
	int err = -ENOMEM;

	if (search) {
		search->channel = channel;
		search->label = label;
		search->mine = current->mm;
		err = find_holders(search, &holders);
		kfree(search);
	}
	if (!err && one_is_pinned(&holders, culprit)) {
		*reason = MIFENG_REASON_PINNED_PEER;
		free_holders(&holders);
		return -EBUSY;
	}
	if (!err)
		err = pass(&holders);
	free_holders(&holders);
	if (!err || err == -ERESTARTSYS)
		return err;
	*reason = err == -ENOMEM ? MIFENG_REASON_NO_MEMORY : MIFENG_REASON_READERS_BUSY;
	strscpy(culprit, "somebody who receives it and does not leave the kernel", MF_CULPRIT_SIZE);
	return -EBUSY;
}
