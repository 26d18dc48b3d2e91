// SPDX-License-Identifier: GPL-2.0
/*
 * Subjects: the taint of running programs.
 *
 * A taint belongs to the address space, because that is where what was read
 * stays: tasks that share an mm share it, fork copies it, exec gives it to the new image.
 *
 * Lifetime. A subject is made at the first raise of an mm. It holds a reference to
 * the mm_struct (mmgrab: the structure, not the memory), so that the address is not
 * used again while the subject is in the table. A sweep, once a second while there
 * are subjects, drops those whose mm has no user left. Subjects are found under RCU.
 *
 * Locking.
 *   table_lock		protects the chains of the table
 *   subject->raising	serialises raises of one subject; slept on interruptibly, because
 *			the holder may be waiting for the sleeper to leave the kernel
 *   subject->taint, ->settled
 *			RCU; replaced, never changed; written by whoever holds raising
 *			or, before the subject is in the table, its maker
 * Order: raising, then table_lock. No lock is shared by tasks on the hot path: an
 * untainted task tests one bit of its own mm, a tainted one looks up its own chain.
 *
 * MF_MM_TAINTED is set while taint is not NULL. A raise publishes the new taint first, then makes
 * sure that it is clean, and takes it back if not. So there are two: what a program gives is
 * judged by taint, what it may receive by settled, which follows when the raise was found clean.
 * A sibling that reads meanwhile has to raise by itself, and waits; a child that is forked meanwhile
 * carries the higher taint and has settled no more than its parent.
 */
#include "subject.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "clean.h"
#include "description.h"
#include "hooks.h"
#include "person.h"
#include "role.h"
#include "standing.h"

static_assert(MF_MM_TAINTED >= MMF_DUMP_FILTER_SHIFT + MMF_DUMP_FILTER_BITS);
static_assert(MF_MM_TAINTED < MMF_VM_MERGEABLE);
static_assert((MMF_INIT_MASK & (1UL << MF_MM_TAINTED)) == 0);

/**
 * struct taint - what a subject has read
 * @rcu: for freeing
 * @label: join of the labels
 * @covered: one clearance of the person covers all of @label, not only each part of it
 * @by_name: it was a name or an attribute that raised it last, or another program that was raised by
 *	one, and @source is its directory or object
 * @when: ns since 1970 of the last raise
 * @source: path of the file that raised it last
 */
struct taint {
	struct rcu_head rcu;
	struct mf_label label;
	bool covered;
	bool by_name;
	s64 when;
	char source[];
};

struct subject {
	struct hlist_node node;
	struct rcu_head rcu;
	struct mm_struct *mm;
	struct taint __rcu *taint;
	struct taint __rcu *settled;
	struct mutex raising;
	const char *spoilt;
};

static DEFINE_HASHTABLE(table, 12);
static DEFINE_SPINLOCK(table_lock);
static atomic_t count;

static void sweep(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweeper, sweep);

static struct subject *subject_find(const struct mm_struct *mm)
{
	struct subject *subject;

	hash_for_each_possible_rcu(table, subject, node, (unsigned long)mm)
		if (subject->mm == mm)
			return subject;
	return NULL;
}

static void taint_free(struct taint *taint)
{
	if (taint)
		kfree_rcu(taint, rcu);
}

static void subject_free(struct subject *subject)
{
	struct taint *taint = rcu_dereference_protected(subject->taint, true);
	struct taint *settled = rcu_dereference_protected(subject->settled, true);

	if (settled != taint)
		taint_free(settled);
	taint_free(taint);
	mf_standing_void(); /* from here on the address may be another program's */
	mmdrop(subject->mm);
	kfree_rcu(subject, rcu);
}

static void sweep(struct work_struct *work)
{
	struct subject *subject;
	struct hlist_node *next;
	int bucket;

	spin_lock(&table_lock);
	hash_for_each_safe(table, bucket, next, subject, node) {
		if (atomic_read(&subject->mm->mm_users))
			continue;
		hash_del_rcu(&subject->node);
		clear_bit(MF_MM_TAINTED, &subject->mm->flags);
		atomic_dec(&count);
		subject_free(subject);
	}
	spin_unlock(&table_lock);
	if (atomic_read(&count))
		schedule_delayed_work(&sweeper, HZ);
}

static struct subject *subject_new(struct mm_struct *mm, struct taint *taint,
				   struct taint *settled)
{
	struct subject *subject = kzalloc(sizeof(*subject), GFP_KERNEL);

	if (!subject)
		return NULL;
	mutex_init(&subject->raising);
	RCU_INIT_POINTER(subject->taint, taint);
	RCU_INIT_POINTER(subject->settled, settled);
	subject->mm = mm;
	return subject;
}

/* Puts a new subject in the table, unless another task was faster: then that one is the answer. */
static struct subject *subject_insert(struct subject *subject)
{
	struct subject *found;

	spin_lock(&table_lock);
	found = subject_find(subject->mm);
	if (!found) {
		mmgrab(subject->mm);
		if (rcu_access_pointer(subject->taint))
			set_bit(MF_MM_TAINTED, &subject->mm->flags);
		hash_add_rcu(table, &subject->node, (unsigned long)subject->mm);
		atomic_inc(&count);
	}
	spin_unlock(&table_lock);
	if (!found)
		schedule_delayed_work(&sweeper, HZ);
	return found ? found : subject;
}

static struct taint *taint_new(const struct mf_label *label, s64 when, const char *source)
{
	struct taint *taint = kmalloc(struct_size(taint, source, strlen(source) + 1), GFP_KERNEL);

	if (!taint)
		return NULL;
	taint->label = *label;
	taint->covered = mf_person_cleared(label);
	taint->by_name = false;
	taint->when = when;
	memcpy(taint->source, source, strlen(source) + 1);
	return taint;
}

/* The join of what is there and a label, said to come from a file, or from where @name says. */
static struct taint *taint_join(const struct taint *old, const struct mf_label *label,
				struct file *source, const char *name)
{
	struct mf_label joined = { .level = MIFENG_LEVEL_NONE };
	char *buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	struct taint *taint;
	const char *path = name;

	if (!buffer)
		return NULL;
	if (!name)
		path = mf_call_d_path(&source->f_path, buffer, PATH_MAX);
	if (IS_ERR(path))
		path = "?";
	if (old)
		joined = old->label;
	mf_label_join(&joined, label);
	taint = taint_new(&joined, ktime_get_real_ns(), path);
	if (taint)
		taint->by_name = !source;
	kfree(buffer);
	return taint;
}

/* What the table holds of an address space, which is not looked into: it may be gone. */
static bool label_by_address(const struct mm_struct *mm, bool settled, struct mf_label *label)
{
	const struct subject *subject;
	const struct taint *taint = NULL;

	rcu_read_lock();
	subject = subject_find(mm);
	if (subject)
		taint = settled ? rcu_dereference(subject->settled) :
				  rcu_dereference(subject->taint);
	if (taint)
		*label = taint->label;
	rcu_read_unlock();
	return taint;
}

static bool label_of(const struct mm_struct *mm, bool settled, struct mf_label *label)
{
	return mf_mm_tainted(mm) && label_by_address(mm, settled, label);
}

/**
 * mf_subject_taint() - what an address space carries: for judging what it gives
 * @mm: stays what it is meanwhile: the caller's own, or under task_lock(); may be NULL
 * @label: set if it is tainted
 *
 * Context: any.
 *
 * Return: true if it is tainted.
 */
bool mf_subject_taint(const struct mm_struct *mm, struct mf_label *label)
{
	return label_of(mm, false, label);
}

/**
 * mf_subject_settled() - what an address space may hold: for judging what it receives
 * @mm: as in mf_subject_taint()
 * @label: set if it has been raised cleanly
 *
 * Differs from mf_subject_taint() only while a raise is under way. Context: any.
 *
 * Return: true if it has been raised.
 */
bool mf_subject_settled(const struct mm_struct *mm, struct mf_label *label)
{
	return label_of(mm, true, label);
}

/**
 * mf_subject_of_task() - what another program carries, without holding on to its address space
 * @task: stays meanwhile
 * @settled: what it may hold, rather than what it gives
 * @label: set if it is tainted
 *
 * Nothing of the address space is looked at but where it is, so that no lock of the task is
 * needed: this is asked where only interrupts may not come. While the task executes something else it
 * is looked for again. Context: any.
 *
 * Return: true if it is tainted; false also if it has no address space.
 */
bool mf_subject_of_task(const struct task_struct *task, bool settled, struct mf_label *label)
{
	const struct mm_struct *mm;
	bool tainted;

	do {
		mm = READ_ONCE(task->mm);
		tainted = mm && label_by_address(mm, settled, label);
	} while (unlikely(READ_ONCE(task->mm) != mm));
	return tainted;
}

/**
 * mf_subject_of_program() - the same of the program that a task is a thread of
 * @task: stays meanwhile; it may have ended, and its program go on
 * @settled: what it may hold, rather than what it gives
 * @label: set if it is tainted
 *
 * Context: any.
 *
 * Return: true if it is tainted; false also if it has ended.
 */
bool mf_subject_of_program(const struct task_struct *task, bool settled, struct mf_label *label)
{
	const struct task_struct *thread;
	bool tainted = false;

	if (READ_ONCE(task->mm))
		return mf_subject_of_task(task, settled, label);
	rcu_read_lock();
	for_each_thread(task, thread) {
		tainted = mf_subject_of_task(thread, settled, label);
		if (tainted)
			break;
	}
	rcu_read_unlock();
	return tainted;
}

/**
 * mf_task_was_tainted() - has a tainted thread of a program ended
 * @task: any of its threads, which stays meanwhile
 *
 * What it had read is not known any more. Context: any.
 */
bool mf_task_was_tainted(const struct task_struct *task)
{
	bool was;

	rcu_read_lock();
	was = test_bit(MF_TASK_WAS_TAINTED, &task->atomic_flags) ||
	      /* one that is waited for already has no leader any more */
	      (pid_alive(task) &&
	       test_bit(MF_TASK_WAS_TAINTED, &READ_ONCE(task->group_leader)->atomic_flags));
	rcu_read_unlock();
	return was;
}

/**
 * mf_subject_holds() - what the current program has been raised to and its person was cleared for
 *
 * Context: rcu_read_lock() is held; the answer is good as long as it is.
 *
 * Return: what it has settled, if its person was cleared for all of that when it was raised, so
 * also for each part of it; otherwise NULL.
 */
const struct mf_label *mf_subject_holds(void)
{
	const struct subject *subject;
	const struct taint *settled;

	if (!mf_subject_tainted())
		return NULL;
	subject = subject_find(current->mm);
	settled = subject ? rcu_dereference(subject->settled) : NULL;
	return settled && settled->covered ? &settled->label : NULL;
}

/**
 * mf_subject_lineage() - which file raised an address space last, and when
 * @mm: as in mf_subject_taint()
 * @source: set to the path, empty if it is not tainted
 * @size: of @source
 * @when: ns since 1970
 *
 * Return: true if that is a directory or an object whose name or attributes raised it.
 */
bool mf_subject_lineage(const struct mm_struct *mm, char *source, size_t size, s64 *when)
{
	const struct subject *subject;
	const struct taint *taint;
	bool by_name = false;

	source[0] = '\0';
	*when = 0;
	if (!mf_mm_tainted(mm))
		return false;
	rcu_read_lock();
	subject = subject_find(mm);
	taint = subject ? rcu_dereference(subject->taint) : NULL;
	if (taint) {
		strscpy(source, taint->source, size);
		*when = taint->when;
		by_name = taint->by_name;
	}
	rcu_read_unlock();
	return by_name;
}

static struct subject *subject_of_current(void)
{
	struct subject *subject, *mine;

	rcu_read_lock();
	subject = subject_find(current->mm);
	rcu_read_unlock();
	/* it stays: current->mm has a user */
	if (subject)
		return subject;
	mine = subject_new(current->mm, NULL, NULL);
	if (!mine)
		return NULL;
	subject = subject_insert(mine);
	if (subject != mine)
		kfree(mine);
	return subject;
}

static void publish(struct subject *subject, struct taint *taint)
{
	rcu_assign_pointer(subject->taint, taint);
	if (taint)
		set_bit(MF_MM_TAINTED, &subject->mm->flags);
	else
		clear_bit(MF_MM_TAINTED, &subject->mm->flags);
	/* seen before any task is sent through the barrier, or found alone */
	mf_standing_void();
}

static int make_clean(struct mm_struct *mm, const struct mf_label *taint,
		      char culprit[MF_CULPRIT_SIZE])
{
	int err = 0;

	if (atomic_read(&mm->mm_users) > 1)
		err = mf_clean_barrier(mm, culprit);
	if (!err)
		err = mf_clean_attaching(mm, culprit);
	if (!err) {
		mf_descriptions_mark();
		err = mf_clean_check(mm, taint, culprit);
	}
	if (!err)
		err = mf_clean_shared(mm, taint, culprit);
	if (!err)
		culprit[0] = '\0';
	return err;
}

/**
 * mf_subject_raise() - the current program is about to read classified data
 * @label: of the data
 * @source: the file they are read from; NULL if they are, or come from, a name or an attribute
 * @name: path of the file or directory they were in first, or NULL if that is @source
 * @insist: raise even where it is not clean (permissive mode)
 * @culprit: set to what made it unclean, also if it is insisted on; empty if nothing did
 *
 * Context: process, may sleep; no lock held that another thread of the program may
 * need to leave the kernel.
 *
 * Return: 0: the taint dominates @label. -EBUSY: not clean, see @culprit. -EPERM: the machine is not, or not any
 * more, a classified one (role.c). -ENOMEM.
 * -ERESTARTSYS: another thread is raising, or wants this one; the system call restarts. Unless 0,
 * the taint is what it was.
 */
int mf_subject_raise(const struct mf_label *label, struct file *source, const char *name,
		     bool insist, char culprit[MF_CULPRIT_SIZE])
{
	struct subject *subject = subject_of_current();
	struct taint *old, *settled, *new;
	int err;

	culprit[0] = '\0';
	if (!subject)
		return -ENOMEM;
	if (mutex_lock_interruptible(&subject->raising))
		return -ERESTARTSYS;
	old = rcu_dereference_protected(subject->taint, lockdep_is_held(&subject->raising));
	settled = rcu_dereference_protected(subject->settled, lockdep_is_held(&subject->raising));
	err = 0;
	if (settled && mf_label_dominates(&settled->label, label))
		goto out;
	new = taint_join(old, label, source, name);
	if (!new) {
		err = -ENOMEM;
		goto out;
	}
	publish(subject, new);
	smp_mb(); /* pairs with who changes the role: one of both sees what the other does */
	err = mf_role() == MIFENG_ROLE_CLASSIFIED ? make_clean(subject->mm, &new->label, culprit) : -EPERM;
	if (err == -ERESTARTSYS || err == -EPERM || (err && !insist)) {
		publish(subject, old);
		taint_free(new);
		goto out;
	}
	err = 0;
	rcu_assign_pointer(subject->settled, new);
	mf_standing_void();
	if (settled != old)
		taint_free(settled);
	taint_free(old);
out:
	mutex_unlock(&subject->raising);
	return err;
}

/**
 * mf_subject_cite() - the current program opens a file whose label it holds already
 * @source: the file
 *
 * To open a document by its name in a directory whose names are classified has raised the program
 * by the directory. It was for the document, so that is what whoami and the records name from now on.
 * Without memory, or while a raise is under way, they name the directory. Context: process, may
 * sleep.
 */
void mf_subject_cite(struct file *source)
{
	struct subject *subject;
	struct taint *old, *new = NULL;

	if (!(source->f_mode & FMODE_READ))
		return;
	rcu_read_lock();
	subject = subject_find(current->mm);
	old = subject ? rcu_dereference(subject->taint) : NULL;
	if (!old || !old->by_name)
		subject = NULL;
	rcu_read_unlock();
	/* it stays: current->mm has a user */
	if (!subject || !mutex_trylock(&subject->raising))
		return;
	old = rcu_dereference_protected(subject->taint, lockdep_is_held(&subject->raising));
	if (old && old->by_name && rcu_access_pointer(subject->settled) == old)
		new = taint_join(old, &old->label, source, NULL);
	if (new) {
		new->covered = old->covered;
		/* the same label: answers that stand are as good as before */
		rcu_assign_pointer(subject->taint, new);
		rcu_assign_pointer(subject->settled, new);
		taint_free(old);
	}
	mutex_unlock(&subject->raising);
}

/**
 * mf_subject_spoil() - what the current program does now leaves a way out that cannot be found later
 * @how: a string literal, for the record of the raise that will be refused
 *
 * It stays until exec. Context: process, may sleep.
 *
 * Return: 0, or -ENOMEM and the program must not do it.
 */
int mf_subject_spoil(const char *how)
{
	struct subject *subject = subject_of_current();

	if (!subject)
		return -ENOMEM;
	WRITE_ONCE(subject->spoilt, how);
	return 0;
}

/**
 * mf_subject_spoilt() - can a program not be raised because of what it has done
 * @mm: as in mf_subject_taint()
 *
 * Return: how it was spoilt, or NULL.
 */
const char *mf_subject_spoilt(const struct mm_struct *mm)
{
	const struct subject *subject;
	const char *how = NULL;

	rcu_read_lock();
	subject = subject_find(mm);
	if (subject)
		how = READ_ONCE(subject->spoilt);
	rcu_read_unlock();
	return how;
}

/* What a program that does not run yet will carry; both may be the same. */
struct inheritance {
	struct taint *taint;
	struct taint *settled;
};

static void inheritance_free(struct inheritance *from)
{
	if (from->settled != from->taint)
		kfree(from->settled);
	kfree(from->taint);
}

/* Takes the inheritance over. */
static int give(struct mm_struct *mm, struct inheritance *from)
{
	struct taint *taint, *settled;
	struct subject *subject, *found;

	subject = subject_new(mm, from->taint, from->settled);
	if (!subject) {
		inheritance_free(from);
		return -ENOMEM;
	}
	found = subject_insert(subject);
	if (found == subject)
		return 0;
	/* exec looks at a script and then at its interpreter: the second time there is one */
	kfree(subject);
	mutex_lock(&found->raising);
	taint = rcu_dereference_protected(found->taint, lockdep_is_held(&found->raising));
	settled = rcu_dereference_protected(found->settled, lockdep_is_held(&found->raising));
	publish(found, from->taint);
	rcu_assign_pointer(found->settled, from->settled);
	mf_standing_void();
	mutex_unlock(&found->raising);
	if (settled != taint)
		taint_free(settled);
	taint_free(taint);
	return 0;
}

static struct taint *taint_copy(const struct taint *taint)
{
	return kmemdup(taint, struct_size(taint, source, strlen(taint->source) + 1), GFP_ATOMIC);
}

/* A copy of what an address space carries; nothing, if that is nothing. */
static int inherit(const struct mm_struct *mm, struct inheritance *to)
{
	const struct taint *taint = NULL, *settled = NULL;
	const struct subject *subject;
	int err = 0;

	to->taint = NULL;
	to->settled = NULL;
	if (!mf_mm_tainted(mm))
		return 0;
	rcu_read_lock();
	subject = subject_find(mm);
	if (subject) {
		settled = rcu_dereference(subject->settled);
		taint = rcu_dereference(subject->taint);
	}
	if (taint) {
		to->taint = taint_copy(taint);
		to->settled = settled == taint ? to->taint : settled ? taint_copy(settled) : NULL;
		if (!to->taint || (settled && !to->settled))
			err = -ENOMEM;
	}
	rcu_read_unlock();
	if (err)
		inheritance_free(to);
	return err;
}

/**
 * mf_subject_prepare() - exec: what the new image will carry
 * @mm: of the new image, which nobody runs yet
 * @label: of the file that is executed, or NULL
 * @source: that file
 *
 * The new image carries what the caller carries and what it is made of; the caller's
 * own taint, and so that of a vfork parent, does not change. A new image has no way out, so all
 * of it is settled. Called once for a script and again for its interpreter. If exec fails,
 * the sweep drops it with @mm. Context: process, may sleep.
 *
 * Return: 0; -EPERM if the machine is not a classified one any more, or -ENOMEM, and the exec must fail.
 */
int mf_subject_prepare(struct mm_struct *mm, const struct mf_label *label, struct file *source)
{
	struct inheritance base, image;
	int err;

	err = inherit(mf_mm_tainted(mm) ? mm : current->mm, &base);
	if (err || (!base.taint && !label))
		return err;
	if (label) {
		image.taint = taint_join(base.taint, label, source, NULL);
		inheritance_free(&base);
		if (!image.taint)
			return -ENOMEM;
	} else {
		image.taint = base.taint;
		if (base.settled != base.taint)
			kfree(base.settled);
	}
	image.settled = image.taint;
	err = give(mm, &image);
	smp_mb(); /* as in mf_subject_raise() */
	return !err && label && mf_role() != MIFENG_ROLE_CLASSIFIED ? -EPERM : err;
}

/**
 * mf_subject_inherit() - fork: the child carries what its parent carries now
 * @child: address space of a task that has not run yet; not the current one's
 *
 * Context: process, may sleep.
 *
 * Return: 0 or -ENOMEM, and the child must not run.
 */
int mf_subject_inherit(struct mm_struct *child)
{
	struct inheritance copy;
	int err;

	err = inherit(current->mm, &copy);
	if (err || !copy.taint)
		return err;
	return give(child, &copy);
}

/**
 * mf_subjects_count() - how many address spaces are tracked
 *
 * Return: the number; those that ended less than a second ago still count.
 */
u32 mf_subjects_count(void)
{
	return atomic_read(&count);
}

/**
 * mf_subjects_tainted() - does any program hold something classified
 *
 * Context: process.
 *
 * Return: true if so; one that has ended does not.
 */
bool mf_subjects_tainted(void)
{
	const struct subject *subject;
	bool tainted = false;
	int bucket;

	spin_lock(&table_lock);
	hash_for_each(table, bucket, subject, node)
		tainted = tainted || (mf_mm_tainted(subject->mm) && atomic_read(&subject->mm->mm_users));
	spin_unlock(&table_lock);
	return tainted;
}

/**
 * mf_subjects_exit() - drop all subjects, when no hook is left to use them
 */
void mf_subjects_exit(void)
{
	struct subject *subject;
	struct hlist_node *next;
	int bucket;

	cancel_delayed_work_sync(&sweeper);
	hash_for_each_safe(table, bucket, next, subject, node) {
		hash_del(&subject->node);
		clear_bit(MF_MM_TAINTED, &subject->mm->flags);
		subject_free(subject);
	}
}
