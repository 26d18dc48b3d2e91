// SPDX-License-Identifier: GPL-2.0
/*
 * Labels of channels in memory: what has been put into a pipe, a socket, a terminal or
 * shared memory is as classified as those who put it there, and whoever takes something out is
 * raised. A channel's label only grows, and ends with the channel.
 *
 * Lifetime. An object is found under RCU and replaced, never changed, but for @settled. It keeps its
 * channel's sock, tty or file, so that the address is not used again; a sweep, once a
 * second while there are objects, drops those that nobody can receive from. An inode is not
 * kept, because that would hold its filesystem, nor is a pipe: their objects go when they are destroyed.
 *
 * Growth. The label is published first, so that whoever comes to read sees it; then those who
 * came before pass (holders.c), or the old label is put back; then it is settled, and data
 * may be written. A second writer finds what is not settled, and waits for the first.
 *
 * Locks: growing (by channel; slept on interruptibly), inside it table_lock (spin). Reading takes
 * none. A subject's raising lock is taken before growing, never inside it.
 */
#include "object.h"

#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "holders.h"
#include "label_cache.h"
#include "pages.h"
#include "standing.h"

/**
 * struct object - a labelled channel
 * @node: in the table
 * @rcu: for freeing
 * @channel: what it is the label of
 * @label: join of the taints of all that wrote
 * @settled: nobody receives by an older label any more
 * @by_name: see struct taint (subject.c)
 * @source: the file that tainted the one who wrote last
 */
struct object {
	struct hlist_node node;
	struct rcu_head rcu;
	struct mf_channel channel;
	struct mf_label label;
	bool settled;
	bool by_name;
	char source[MF_SOURCE_SIZE];
};

static DEFINE_HASHTABLE(table, 10);
static DEFINE_SPINLOCK(table_lock);
atomic_t mf_objects_labelled; /* how many; the trampoline tests it */
static atomic_t shared_inodes;

#define GROWING_BITS 4
static struct mutex growing[1 << GROWING_BITS];

static void sweep(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweeper, sweep);

static struct object *object_find(const void *key)
{
	struct object *object;

	hash_for_each_possible_rcu(table, object, node, (unsigned long)key,
				   lockdep_is_held(&table_lock))
		if (object->channel.key == key)
			return object;
	return NULL;
}

static void count_in(const struct object *object)
{
	atomic_inc(&mf_objects_labelled);
	if (object->channel.kind == MF_CHANNEL_FILE)
		atomic_inc(&shared_inodes);
}

static void count_out(const struct object *object)
{
	atomic_dec(&mf_objects_labelled);
	if (object->channel.kind == MF_CHANNEL_FILE)
		atomic_dec(&shared_inodes);
}

/* The table keeps what the channel is known by, but for inodes. */
static void keep(const struct mf_channel *channel)
{
	if (channel->kind != MF_CHANNEL_INODE)
		mf_channel_get(channel);
}

static void release(const struct mf_channel *channel)
{
	if (channel->kind != MF_CHANNEL_INODE)
		mf_channel_put(channel);
}

#define SWEEP_MAX 16

/* Takes what nobody can receive from out of the table; how many, their channels in @over. */
static unsigned int take_over(struct mf_channel over[SWEEP_MAX])
{
	struct object *object;
	struct hlist_node *next;
	unsigned int taken = 0;
	int bucket;

	spin_lock(&table_lock);
	hash_for_each_safe(table, bucket, next, object, node) {
		if (taken == SWEEP_MAX)
			break;
		if (!mf_channel_over(&object->channel))
			continue;
		over[taken++] = object->channel;
		hash_del_rcu(&object->node);
		count_out(object);
		kfree_rcu(object, rcu);
	}
	spin_unlock(&table_lock);
	if (taken)
		mf_standing_void();
	return taken;
}

static void sweep(struct work_struct *work)
{
	struct mf_channel over[SWEEP_MAX];
	unsigned int taken, i;

	do {
		taken = take_over(over);
		for (i = 0; i < taken; i++)
			release(&over[i]);
	} while (taken == SWEEP_MAX);
	if (atomic_read(&mf_objects_labelled))
		schedule_delayed_work(&sweeper, HZ);
}

/* Whoever took the channel for unlabelled looks again. */
static void changed(const struct mf_channel *channel)
{
	struct inode *inode = channel->inode;

	if (inode) {
		const bool regular = S_ISREG(inode->i_mode);

		/* i_flags of files is not changed atomically by others */
		if (regular)
			inode_lock(inode);
		mf_label_changing(inode);
		if (regular)
			inode_unlock(inode);
	}
	/* a full barrier: published before those who do not pass are sought */
	mf_standing_void();
}

/* Puts @new in the place of what the table holds for the channel, and says what that was. */
static struct object *put_in_place(struct object *new)
{
	struct object *old;

	spin_lock(&table_lock);
	old = object_find(new->channel.key);
	if (old) {
		hlist_replace_rcu(&old->node, &new->node);
	} else {
		keep(&new->channel);
		hash_add_rcu(table, &new->node, (unsigned long)new->channel.key);
		count_in(new);
	}
	spin_unlock(&table_lock);
	if (!old)
		schedule_delayed_work(&sweeper, HZ);
	return old;
}

/* Puts @old, or nothing, back where @new is, unless that has gone with its channel. */
static void take_back(struct object *new, struct object *old)
{
	bool gone;

	spin_lock(&table_lock);
	gone = object_find(new->channel.key) != new;
	if (!gone && old) {
		hlist_replace_rcu(&new->node, &old->node);
	} else if (!gone) {
		hash_del_rcu(&new->node);
		count_out(new);
	}
	spin_unlock(&table_lock);
	mf_standing_void();
	if (!gone && !old)
		release(&new->channel);
	if (gone && old)
		kfree_rcu(old, rcu);
	kfree_rcu(new, rcu);
}

static int nobody_is_behind(const struct object *object, struct mf_obstacle *why)
{
	struct inode *inode = object->channel.key;
	int err;

	err = mf_holders_pass(&object->channel, &object->label, &why->reason, why->culprit);
	if (err || object->channel.kind != MF_CHANNEL_INODE || !S_ISREG(inode->i_mode))
		return err;
	/* shared memory: whoever has it mapped looks without a call */
	if (mf_pages_mapped_below(inode->i_mapping, current->mm, &object->label, why->culprit) ||
	    mf_pages_elsewhere(inode->i_mapping, why->culprit)) {
		why->reason = MIFENG_REASON_MAPPED;
		return -EBUSY;
	}
	return 0;
}

static struct object *object_new(const struct mf_channel *channel, const struct mf_label *label)
{
	struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);
	s64 when;

	if (!object)
		return NULL;
	object->channel = *channel;
	object->label = *label;
	object->by_name = mf_subject_lineage(current->mm, object->source, sizeof(object->source),
					     &when);
	return object;
}

static int grow(const struct mf_channel *channel, const struct mf_label *taint,
		struct mf_obstacle *why)
{
	struct mf_label label = { .level = MIFENG_LEVEL_NONE };
	struct object *old, *new;
	int err;

	if (mf_object_settled(channel, taint))
		return 0;
	mf_object_label(channel, &label);
	mf_label_join(&label, taint);
	new = object_new(channel, &label);
	if (!new) {
		why->reason = MIFENG_REASON_NO_MEMORY;
		return -EBUSY;
	}
	old = put_in_place(new);
	changed(channel);
	err = nobody_is_behind(new, why);
	if (err) {
		take_back(new, old);
		return err;
	}
	/* Pairs with mf_object_settled(): who sees it sees that nobody is behind. */
	smp_store_release(&new->settled, true);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

/**
 * mf_object_settle() - a channel takes a taint on, before data are put in
 * @channel: kept by the caller
 * @taint: of the current program
 * @why: set when it cannot
 *
 * Context: process, sleeps up to a second; no lock held that those who receive need to leave
 * the kernel.
 *
 * Return: 0: everybody who receives from now on is judged by a label that dominates @taint.
 * -EBUSY: it cannot, see @why, and its label is what it was. -ERESTARTSYS: the caller is wanted elsewhere.
 */
int mf_object_settle(const struct mf_channel *channel, const struct mf_label *taint,
		     struct mf_obstacle *why)
{
	struct mutex *lock = &growing[hash_ptr(channel->key, GROWING_BITS)];
	int err;

	why->culprit[0] = '\0';
	if (mutex_lock_interruptible(lock))
		return -ERESTARTSYS;
	err = grow(channel, taint, why);
	mutex_unlock(lock);
	return err;
}

/**
 * mf_object_settled() - may a program with some taint put something into a channel now
 * @channel: reachable by the caller
 * @taint: of the program
 *
 * Context: any.
 *
 * Return: true if the channel's label dominates @taint and nobody receives by an older one.
 */
bool mf_object_settled(const struct mf_channel *channel, const struct mf_label *taint)
{
	const struct object *object;
	bool settled;

	rcu_read_lock();
	object = object_find(channel->key);
	/* Pairs with grow(). */
	settled = object && smp_load_acquire(&object->settled) &&
		  mf_label_dominates(&object->label, taint);
	rcu_read_unlock();
	return settled;
}

/**
 * mf_object_peek() - the label of what is in a channel, where it is
 * @channel: reachable by the caller
 * @settled: only if nobody receives by an older one
 *
 * It stays there until mf_standing_void() says that something has changed.
 * Context: rcu_read_lock() is held; the answer is good as long as it is.
 *
 * Return: the label, or NULL.
 */
const struct mf_label *mf_object_peek(const struct mf_channel *channel, bool settled)
{
	const struct object *object = object_find(channel->key);

	/* Pairs with grow(). */
	return object && (!settled || smp_load_acquire(&object->settled)) ? &object->label : NULL;
}

/**
 * mf_object_label() - the label of what is in a channel
 * @channel: reachable by the caller
 * @label: set if it has one
 *
 * Context: any.
 *
 * Return: true if it has one.
 */
bool mf_object_label(const struct mf_channel *channel, struct mf_label *label)
{
	const struct object *object;

	if (!atomic_read(&mf_objects_labelled))
		return false;
	rcu_read_lock();
	object = object_find(channel->key);
	if (object)
		*label = object->label;
	rcu_read_unlock();
	return object;
}

/**
 * mf_object_source() - which file what is in a channel comes from
 * @channel: reachable by the caller
 * @source: set to its path
 * @by_name: set if it is only a name or an attribute of that
 *
 * Context: any.
 *
 * Return: true if the channel is labelled.
 */
bool mf_object_source(const struct mf_channel *channel, char source[MF_SOURCE_SIZE], bool *by_name)
{
	const struct object *object;

	rcu_read_lock();
	object = object_find(channel->key);
	if (object) {
		strscpy(source, object->source, MF_SOURCE_SIZE);
		*by_name = object->by_name;
	}
	rcu_read_unlock();
	return object;
}

/**
 * mf_object_drop() - an inode or a pipe is being destroyed
 * @key: unreachable but by us
 *
 * Context: any.
 */
void mf_object_drop(const void *key)
{
	struct object *object;

	if (!atomic_read(&mf_objects_labelled))
		return;
	/* nearly all of them are none; nobody makes this one an object any more */
	rcu_read_lock();
	object = object_find(key);
	rcu_read_unlock();
	if (!object)
		return;
	spin_lock(&table_lock);
	object = object_find(key);
	if (object) {
		hash_del_rcu(&object->node);
		count_out(object);
		kfree_rcu(object, rcu);
	}
	spin_unlock(&table_lock);
	mf_standing_void();
}

/**
 * mf_objects_count() - how many channels are labelled
 *
 * Return: the number; those that ended less than a second ago may still count.
 */
u32 mf_objects_count(void)
{
	return atomic_read(&mf_objects_labelled);
}

/**
 * mf_objects_any_file() - is any channel labelled that shares its inode with others
 *
 * Return: true if so: then such an inode is not known to be without label.
 */
bool mf_objects_any_file(void)
{
	return atomic_read(&shared_inodes);
}

/**
 * mf_objects_init() - set up the table
 */
void mf_objects_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(growing); i++)
		mutex_init(&growing[i]);
}

/**
 * mf_objects_exit() - drop all objects, when no hook is left to use them
 */
void mf_objects_exit(void)
{
	struct object *object;
	struct hlist_node *next;
	int bucket;

	cancel_delayed_work_sync(&sweeper);
	hash_for_each_safe(table, bucket, next, object, node) {
		hash_del(&object->node);
		release(&object->channel);
		kfree(object);
	}
}
