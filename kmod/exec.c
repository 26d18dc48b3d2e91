// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel has read for an exec that is under way.
 *
 * The program and its interpreters are read before the new image is there to be raised, and the
 * hook on exec is told of the program and of scripts, not of the loader that an ELF file names.
 * So labels are noted by task, and join the new image's taint at the commit.
 *
 * A note holds references to its task and file. It is dropped at the commit, or by a sweep
 * once a second when its task is inside no exec any more: that exec has failed.
 * notes_lock protects the list and is a leaf.
 */
#include "exec.h"

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "description.h"
#include "subject.h"

struct note {
	struct list_head node;
	struct task_struct *task;
	struct file *source;
	struct mf_label label;
};

static LIST_HEAD(notes);
static DEFINE_SPINLOCK(notes_lock);

static void sweep(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweeper, sweep);

static void note_free(struct note *note)
{
	put_task_struct(note->task);
	fput(note->source);
	kfree(note);
}

static void sweep(struct work_struct *work)
{
	struct note *note, *next;
	LIST_HEAD(dead);

	spin_lock(&notes_lock);
	list_for_each_entry_safe(note, next, &notes, node)
		if (!note->task->in_execve)
			list_move(&note->node, &dead);
	if (!list_empty(&notes))
		schedule_delayed_work(&sweeper, HZ);
	spin_unlock(&notes_lock);
	list_for_each_entry_safe(note, next, &dead, node)
		note_free(note);
}

/* The current task's note, off the list; NULL if there is none. */
static struct note *note_take(void)
{
	struct note *note;

	spin_lock(&notes_lock);
	list_for_each_entry(note, &notes, node) {
		if (note->task == current) {
			list_del(&note->node);
			spin_unlock(&notes_lock);
			return note;
		}
	}
	spin_unlock(&notes_lock);
	return NULL;
}

/**
 * mf_exec_note() - a labelled file is read for the current task's exec
 * @label: its label
 * @source: the file
 *
 * Context: process, may sleep.
 *
 * Return: 0, or -ENOMEM and the exec must fail.
 */
int mf_exec_note(const struct mf_label *label, struct file *source)
{
	struct note *note = note_take();

	if (!note) {
		note = kzalloc(sizeof(*note), GFP_KERNEL);
		if (!note)
			return -ENOMEM;
		note->task = get_task_struct(current);
		note->source = get_file(source);
	}
	mf_label_join(&note->label, label);
	spin_lock(&notes_lock);
	list_add(&note->node, &notes);
	spin_unlock(&notes_lock);
	schedule_delayed_work(&sweeper, HZ);
	return 0;
}

/**
 * mf_exec_commit() - the current task has got its new image, which runs next
 *
 * Context: process, may sleep.
 *
 * Return: 0, or -ENOMEM and the image must not run.
 */
int mf_exec_commit(void)
{
	struct note *note;
	int err;

	if (list_empty_careful(&notes))
		return 0;
	note = note_take();
	if (!note)
		return 0;
	err = mf_subject_prepare(current->mm, &note->label, note->source);
	mf_descriptions_mark();
	note_free(note);
	return err;
}

/**
 * mf_exec_exit() - drop all notes, when no hook is left to make one
 */
void mf_exec_exit(void)
{
	struct note *note, *next;

	cancel_delayed_work_sync(&sweeper);
	list_for_each_entry_safe(note, next, &notes, node)
		note_free(note);
}
