// SPDX-License-Identifier: GPL-2.0
/*
 * What a hook cannot do where it is called, because it would have to wait for others while
 * it holds locks they need (the position of a shared descriptor, a socket's state), the task
 * does on its way to user space: it leaves the system call with ERESTARTSYS, task work
 * does the errand without any lock, and the call starts again. Then either what was
 * missing is there, or the errand left word why not, for this task and this once.
 *
 * Lifetime: an errand that failed is kept, as the word left, until its task asks or it is two
 * seconds old; the table is walked when one is added, so it holds no more than fail in that time.
 */
#include "errand.h"

#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/path.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <net/sock.h>

#include "attach.h"
#include "mark.h"
#include "names.h"
#include "pinned.h"

#define WORD_KEPT (2 * HZ)

enum kind { ATTACH, RAISE, SETTLE, RELABEL, NAMES };

/**
 * struct errand - something to do on the way to user space
 * @work: queued to the current task
 * @node: among the words left, if it failed
 * @task: whose it is; compared, not referenced
 * @start: when that task was started, so that another one at the same address is not taken for it
 * @about: what the hook will ask for
 * @until: jiffies, when the word left is forgotten
 * @why: the word
 * @kind: which of the following are used
 * @label: of the data to be read, or of the one who writes
 * @source: RAISE: the file that is read; SETTLE: the descriptor that is written to, or NULL
 * @name: RAISE: path of the file the data come from, where @source is not that
 * @channel: SETTLE
 * @peer: SETTLE: who listens at a socket that is not accepted yet, or NULL
 * @path: RELABEL and NAMES: the file, the directory
 * @sb: its filesystem, kept active where @path has no mount
 * @attributes: NAMES: they are about to be set
 */
struct errand {
	struct callback_head work;
	struct hlist_node node;
	const struct task_struct *task;
	u64 start;
	const void *about;
	unsigned long until;
	struct mf_obstacle why;
	enum kind kind;
	struct mf_label label;
	struct file *source;
	char *name;
	struct mf_channel channel;
	struct pid *peer;
	struct path path;
	struct super_block *sb;
	bool attributes;
};

static DEFINE_HASHTABLE(words, 6);
static DEFINE_SPINLOCK(words_lock);

/* Gives back what the errand keeps. */
static void let_go(struct errand *errand)
{
	if (errand->source)
		fput(errand->source);
	kfree(errand->name);
	mf_channel_put(&errand->channel);
	put_pid(errand->peer);
	if (errand->path.dentry)
		path_put(&errand->path);
	if (errand->sb)
		deactivate_super(errand->sb);
}

static void errand_free(struct errand *errand)
{
	let_go(errand);
	kfree(errand);
}

static void leave_word(struct errand *errand)
{
	struct errand *old;
	struct hlist_node *next;
	int bucket;

	let_go(errand);
	errand->until = jiffies + WORD_KEPT;
	spin_lock(&words_lock);
	hash_for_each_safe(words, bucket, next, old, node) {
		if (time_before(jiffies, old->until))
			continue;
		hash_del(&old->node);
		kfree(old);
	}
	hash_add(words, &errand->node, (unsigned long)errand->task);
	spin_unlock(&words_lock);
}

/**
 * mf_errand_failed() - did the current task's last errand about something fail
 * @about: the address space, the channel's key or the inode it was about
 * @why: set if so
 *
 * The word is taken: the next time there is none. Context: any.
 *
 * Return: true if it failed.
 */
bool mf_errand_failed(const void *about, struct mf_obstacle *why)
{
	struct errand *errand, *found = NULL;

	spin_lock(&words_lock);
	hash_for_each_possible(words, errand, node, (unsigned long)current) {
		if (errand->task != current || errand->start != current->start_boottime ||
		    errand->about != about)
			continue;
		hash_del(&errand->node);
		found = errand;
		break;
	}
	spin_unlock(&words_lock);
	if (!found)
		return false;
	*why = found->why;
	kfree(found);
	return true;
}

/* A connection nobody has accepted yet is for whoever listens; the dead tell by their uid. */
static bool listener_is_pinned(struct errand *errand)
{
	const struct sock *sk = errand->channel.key;
	struct task_struct *task;
	bool pinned;

	if (!errand->peer || READ_ONCE(sk->sk_socket))
		return false;
	task = get_pid_task(errand->peer, PIDTYPE_TGID);
	if (!task)
		return false;
	pinned = mf_task_pinned(task);
	if (pinned)
		snprintf(errand->why.culprit, MF_CULPRIT_SIZE, "%s (process %d)", task->comm,
			 task_tgid_nr(task));
	put_task_struct(task);
	return pinned;
}

static int complete_hooks(struct mf_obstacle *why)
{
	const char *held;
	int err = mf_hooks_complete(&held);

	if (err) {
		why->reason = MIFENG_REASON_NOT_CLEAN;
		snprintf(why->culprit, MF_CULPRIT_SIZE, MF_HELD_BY_OTHERS, held);
	}
	return err;
}

/**
 * mf_errand_error() - what a raise answered that was an errand
 * @why: word of the errand
 *
 * Return: -ENOMEM, -EPERM or -EBUSY, as mf_subject_raise() did.
 */
int mf_errand_error(const struct mf_obstacle *why)
{
	switch (why->reason) {
	case MIFENG_REASON_NO_MEMORY:
		return -ENOMEM;
	case MIFENG_REASON_ROLE:
		return -EPERM;
	default:
		return -EBUSY;
	}
}

static int run(struct errand *errand)
{
	int err;

	switch (errand->kind) {
	case ATTACH:
		return complete_hooks(&errand->why);
	case RAISE:
		err = mf_subject_raise(&errand->label, errand->source, errand->name, false,
				       errand->why.culprit);
		errand->why.reason = err == -ENOMEM ? MIFENG_REASON_NO_MEMORY :
				     err == -EPERM  ? MIFENG_REASON_ROLE :
						      MIFENG_REASON_NOT_CLEAN;
		return err;
	case SETTLE:
		if (listener_is_pinned(errand)) {
			errand->why.reason = MIFENG_REASON_PINNED_PEER;
			return -EBUSY;
		}
		return mf_object_settle(&errand->channel, &errand->label, &errand->why);
	case RELABEL:
		return mf_relabel(&errand->path, &errand->label, &errand->why);
	case NAMES:
		return mf_names_raise(errand->path.dentry, &errand->label, errand->attributes,
				      &errand->why);
	}
	return 0;
}

static void do_errand(struct callback_head *work)
{
	struct errand *errand = container_of(work, struct errand, work);
	int err = run(errand);

	if (err && err != -ERESTARTSYS)
		leave_word(errand);
	else
		errand_free(errand);
	mf_hook_exit();
}

static struct errand *errand_new(enum kind kind, const void *about, const struct mf_label *label)
{
	struct errand *errand;

	/* who never returns to user space runs no errands */
	if (current->flags & (PF_KTHREAD | PF_IO_WORKER | PF_EXITING))
		return NULL;
	errand = kzalloc(sizeof(*errand), GFP_ATOMIC);
	if (!errand)
		return NULL;
	errand->task = current;
	errand->start = current->start_boottime;
	errand->about = about;
	errand->kind = kind;
	errand->label = *label;
	return errand;
}

/* It is on its way, or there is none: then the operation is refused. */
static int send(struct errand *errand)
{
	init_task_work(&errand->work, do_errand);
	mf_hook_enter(); /* until it has run: this code must not go away before */
	if (!task_work_add(current, &errand->work, TWA_SIGNAL))
		return -ERESTARTSYS;
	mf_hook_exit();
	errand_free(errand);
	return -ENOMEM;
}

/**
 * mf_errand_attach() - have the hooks completed before the current program is raised
 * @label: of what it is about to read
 *
 * Word of a failure is about current->mm. Context: process, any locks.
 *
 * Return: as mf_errand_raise().
 */
int mf_errand_attach(const struct mf_label *label)
{
	struct errand *errand = errand_new(ATTACH, current->mm, label);

	return errand ? send(errand) : -ENOMEM;
}

/**
 * mf_errand_raise() - raise the current program when it holds no locks
 * @label: of what it is about to read
 * @source: where from, or NULL
 * @name: path of the file the data were in first, or NULL if that is @source
 *
 * Word of a failure is about current->mm. Context: process, any locks.
 *
 * Return: -ERESTARTSYS, which the system call answers; -ENOMEM if it cannot be done.
 */
int mf_errand_raise(const struct mf_label *label, struct file *source, const char *name)
{
	struct errand *errand = errand_new(RAISE, current->mm, label);

	if (!errand)
		return -ENOMEM;
	if (source)
		errand->source = get_file(source);
	if (name) {
		errand->name = kstrdup(name, GFP_ATOMIC);
		if (!errand->name) {
			errand_free(errand);
			return -ENOMEM;
		}
	}
	return send(errand);
}

/**
 * mf_errand_settle() - have a channel take the current program's taint on
 * @channel: reachable by the caller
 * @taint: of the program
 * @file: the descriptor that is written to, or NULL
 * @peer: who listens at the channel's socket, or NULL; not taken over
 *
 * Word of a failure is about the channel's key. Context: any, of a task.
 *
 * Return: as mf_errand_raise().
 */
int mf_errand_settle(const struct mf_channel *channel, const struct mf_label *taint,
		     struct file *file, struct pid *peer)
{
	struct errand *errand = errand_new(SETTLE, channel->key, taint);

	if (!errand)
		return -ENOMEM;
	errand->channel = *channel;
	mf_channel_get(channel);
	if (file)
		errand->source = get_file(file);
	errand->peer = get_pid(peer);
	return send(errand);
}

/**
 * mf_errand_relabel() - have a file of a zone take the current program's taint on
 * @path: the file
 * @taint: of the program
 *
 * Word of a failure is about the inode. Context: process, any locks.
 *
 * Return: as mf_errand_raise().
 */
int mf_errand_relabel(const struct path *path, const struct mf_label *taint)
{
	struct errand *errand = errand_new(RELABEL, d_inode(path->dentry), taint);

	if (!errand)
		return -ENOMEM;
	errand->path = *path;
	path_get(path);
	return send(errand);
}

/* The object by its dentry: hooks that are not told the mount. */
static int send_for_dentry(struct errand *errand, struct dentry *dentry)
{
	if (!atomic_inc_not_zero(&dentry->d_sb->s_active)) {
		errand_free(errand);
		return -ENOMEM;
	}
	errand->sb = dentry->d_sb;
	errand->path.dentry = dget(dentry);
	return send(errand);
}

/**
 * mf_errand_attributes() - have a file of a zone take the taint of who sets its attributes on
 * @dentry: the file
 * @taint: of the current program
 *
 * Word of a failure is about the inode. Context: process, any locks.
 *
 * Return: as mf_errand_raise().
 */
int mf_errand_attributes(struct dentry *dentry, const struct mf_label *taint)
{
	struct errand *errand = errand_new(RELABEL, d_inode(dentry), taint);

	if (!errand)
		return -ENOMEM;
	return send_for_dentry(errand, dentry);
}

/**
 * mf_errand_names() - have the names of a directory take the current program's taint on
 * @dir: the directory
 * @taint: of the program
 * @attributes: it sets the directory's own attributes
 *
 * Word of a failure is about the inode. Context: process, any locks.
 *
 * Return: as mf_errand_raise().
 */
int mf_errand_names(struct dentry *dir, const struct mf_label *taint, bool attributes)
{
	struct errand *errand = errand_new(NAMES, d_inode(dir), taint);

	if (!errand)
		return -ENOMEM;
	errand->attributes = attributes;
	return send_for_dentry(errand, dir);
}

/**
 * mf_errands_exit() - forget all words, when no hook is left to ask for them
 */
void mf_errands_exit(void)
{
	struct errand *errand;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(words, bucket, next, errand, node) {
		hash_del(&errand->node);
		kfree(errand);
	}
}
