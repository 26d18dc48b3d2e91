// SPDX-License-Identifier: GPL-2.0
/*
 * What is known about the labels of inodes in memory.
 *
 * An inode is in one of three states:
 *   plain	MF_INODE_PLAIN is set in i_flags: it has no label. The hot path of
 *		every hook ends here.
 *   cached	an entry of the table holds its label, or what is wrong with it; a directory
 *		has another one for the label of its names
 *   unknown	neither: the xattr is read
 *
 * Lifetime: entries are found under RCU and freed by kfree_rcu(). An entry is
 * dropped when its inode is destroyed (security_inode_free); should that be
 * missed, an entry whose identity (superblock, number, generation) is not that
 * of the inode is not believed.
 *
 * Ordering. A label changes in mf_label_write() and mf_label_remove(), under the
 * inode lock. A reader that found no xattr may be late: it sets MF_INODE_PLAIN only
 * if no label was written to an inode of the same stripe since before it looked,
 * which the stripe's counter tells, under the stripe's lock:
 *
 *	reader				writer (inode lock held)
 *	seen = stripe->writes
 *	xattr: none			lock; writes++; clear PLAIN; unlock
 *					write the xattr
 *	lock				lock; writes++; drop entry, clear PLAIN; unlock
 *	if (writes == seen) set PLAIN
 *	unlock
 *
 * A label that is published before it is written (mf_label_publish()) is put into the table first and counted
 * then, so that a reader who has not found it there does not set PLAIN over it.
 *
 * i_flags is changed without atomicity by filesystems (chattr, S_NOSEC); they
 * hold the inode lock, as the writer does, so its clearing is never undone. A setting
 * that is undone costs another look.
 *
 * Failing to allocate an entry is harmless: the xattr is read again next time.
 */
#include "label_cache.h"

#include <linux/atomic.h>
#include <linux/dcache.h>
#include <linux/hash.h>
#include <linux/magic.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include <linux/xattr.h>

#include "compat/compat.h"
#include "imports.h"
#include "channel.h"
#include "description.h"
#include "label.h"
#include "label_online.h"
#include "medium.h"
#include "object.h"
#include "role.h"
#include "standing.h"

static_assert((MF_INODE_PLAIN & (S_KERNEL_FILE | (S_KERNEL_FILE - 1))) == 0);
static_assert(MF_INODE_PLAIN > S_KERNEL_FILE);

/**
 * struct entry - a label in the table
 * @node: in the table
 * @key: the inode's address, not a reference, and in bit 0 the kind of label
 * @sb: for recognising another inode at the same address
 * @number: likewise
 * @generation: likewise
 * @object: what the hooks are told
 * @rcu: for freeing
 */
struct entry {
	struct rhash_head node;
	unsigned long key;
	struct super_block *sb;
	unsigned long number;
	u32 generation;
	struct mf_object object;
	struct rcu_head rcu;
};

struct stripe {
	spinlock_t lock;	/* protects writes, and changes of PLAIN in its inodes */
	u32 writes;
};

#define STRIPE_BITS 8
static struct stripe stripes[1 << STRIPE_BITS];
/*
 * Pointers, hashed by a multiplication and compared as such; the table's own ways are made for
 * strings.
 */
static u32 inode_hash(const void *key, u32 length, u32 seed)
{
	return hash_long(*(const unsigned long *)key, 32) ^ seed;
}

static int compare(struct rhashtable_compare_arg *arg, const void *object)
{
	return ((const struct entry *)object)->key != *(const unsigned long *)arg->key;
}

static struct rhashtable table;
static const struct rhashtable_params table_params = {
	.key_len = sizeof(unsigned long),
	.key_offset = offsetof(struct entry, key),
	.head_offset = offsetof(struct entry, node),
	.hashfn = inode_hash,
	.obj_cmpfn = compare,
	.automatic_shrinking = true,
};

const struct inode *mf_probe_inode;

/* The filesystems whose security xattrs are written only through the kernel of this machine. */
static const unsigned long labelled_filesystems[] = {
	EXT4_SUPER_MAGIC,
	XFS_SUPER_MAGIC,
	TMPFS_MAGIC,
};

static unsigned long key_of(const struct inode *inode, enum mf_label_kind kind)
{
	return (unsigned long)inode | kind;
}

static const char *const xattr_names[] = {
	[MF_LABEL_OF_OBJECT] = MIFENG_XATTR_NAME,
	[MF_LABEL_OF_NAMES] = MIFENG_XATTR_NAMES,
};

static struct stripe *stripe_of(const struct inode *inode)
{
	return &stripes[hash_ptr(inode, STRIPE_BITS)];
}

static void set_plain(struct inode *inode, struct stripe *stripe, u32 seen)
{
	spin_lock(&stripe->lock);
	if (stripe->writes == seen)
		set_mask_bits(&inode->i_flags, 0, MF_INODE_PLAIN);
	spin_unlock(&stripe->lock);
}

static bool entry_is_of(const struct entry *entry, const struct inode *inode)
{
	return entry->sb == inode->i_sb && entry->number == inode->i_ino &&
	       entry->generation == inode->i_generation;
}

/* Removes what the table holds for the inode. */
static void forget(struct inode *inode, enum mf_label_kind kind)
{
	const unsigned long key = key_of(inode, kind);
	struct entry *entry;

	rcu_read_lock();
	entry = rhashtable_lookup(&table, &key, table_params);
	if (entry && rhashtable_remove_fast(&table, &entry->node, table_params) == 0) {
		kfree_rcu(entry, rcu);
		mf_standing_void();
	}
	rcu_read_unlock();
}

static struct entry *entry_new(struct inode *inode, enum mf_label_kind kind,
			       const struct mf_object *object)
{
	struct entry *entry = kmalloc(sizeof(*entry), GFP_NOFS | __GFP_NOWARN);

	if (!entry)
		return NULL;
	entry->key = key_of(inode, kind);
	entry->sb = inode->i_sb;
	entry->number = inode->i_ino;
	entry->generation = inode->i_generation;
	entry->object = *object;
	return entry;
}

static bool insert(struct entry *entry)
{
	return rhashtable_lookup_insert_fast(&table, &entry->node, table_params) == 0;
}

static void remember(struct inode *inode, enum mf_label_kind kind, const struct mf_object *object,
		     struct stripe *stripe, u32 seen)
{
	struct entry *entry = entry_new(inode, kind, object);
	bool inserted = false;

	if (!entry)
		return;
	spin_lock(&stripe->lock);
	if (stripe->writes == seen)
		inserted = insert(entry);
	spin_unlock(&stripe->lock);
	if (!inserted)
		kfree(entry);
}

/**
 * mf_real_inode() - the inode that holds the data behind a dentry
 * @dentry: positive
 *
 * Return: on an overlay the inode of the layer, otherwise the dentry's own.
 */
struct inode *mf_real_inode(const struct dentry *dentry)
{
	return unlikely(dentry->d_flags & DCACHE_OP_REAL) ? d_real_inode(dentry) : d_inode(dentry);
}

/**
 * mf_labels_believed() - may inodes of a filesystem carry labels
 * @sb: the filesystem
 *
 * Return: true for the filesystems whose labels only this kernel writes, mounted
 * from the initial user namespace.
 */
bool mf_labels_believed(const struct super_block *sb)
{
	size_t i;

	if (sb->s_user_ns != &init_user_ns)
		return false;
	for (i = 0; i < ARRAY_SIZE(labelled_filesystems); i++)
		if (sb->s_magic == labelled_filesystems[i])
			return true;
	return false;
}

static bool can_be_labelled(const struct inode *inode)
{
	return (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode) || S_ISLNK(inode->i_mode)) &&
	       (inode->i_opflags & IOP_XATTR) && mf_labels_believed(inode->i_sb);
}

/**
 * mf_label_peek() - what the table holds for an inode
 * @inode: referenced
 * @kind: which of its labels
 *
 * It stays there until mf_standing_void() says that something has changed.
 * Context: rcu_read_lock() is held; the answer is good as long as it is.
 *
 * Return: that, or NULL for nothing.
 */
const struct mf_object *mf_label_peek(struct inode *inode, enum mf_label_kind kind)
{
	const unsigned long key = key_of(inode, kind);
	const struct entry *entry = rhashtable_lookup(&table, &key, table_params);

	return entry && entry_is_of(entry, inode) ? &entry->object : NULL;
}

/**
 * mf_label_cached() - what is known of an inode without looking at its xattr
 * @inode: referenced
 * @kind: which of its labels
 * @object: filled if known
 *
 * Context: any.
 *
 * Return: true if known.
 */
bool mf_label_cached(struct inode *inode, enum mf_label_kind kind, struct mf_object *object)
{
	const struct mf_object *known;

	if (mf_inode_plain(inode)) {
		object->state = MIFENG_LABEL_NONE;
		return true;
	}
	rcu_read_lock();
	known = mf_label_peek(inode, kind);
	if (known)
		*object = *known;
	rcu_read_unlock();
	return known;
}

/* Reads one of the xattrs. */
static void look(struct dentry *dentry, struct inode *inode, enum mf_label_kind kind,
		 struct mf_object *object)
{
	u8 bytes[4 * MF_LABEL_DISK_SIZE]; /* a newer version may be longer */
	int size;

	memset(object, 0, sizeof(*object));
	size = __vfs_getxattr(dentry, inode, xattr_names[kind], bytes, sizeof(bytes));
	if (size == -ENODATA || size == -EOPNOTSUPP)
		object->state = MIFENG_LABEL_NONE;
	else if (size == -ERANGE)
		object->state = MIFENG_LABEL_MALFORMED;
	else if (size < 0)
		object->state = MIFENG_LABEL_UNREADABLE;
	else
		object->state = mf_label_decode(bytes, size, inode, kind, &object->label);
}

/*
 * A directory is plain if it has neither label; otherwise that one of them is not there is
 * remembered as well. What may be better next time is not.
 */
static void learn(struct dentry *dentry, struct inode *inode, enum mf_label_kind kind,
		  struct mf_object *object, struct stripe *stripe, u32 seen)
{
	const enum mf_label_kind other = kind ^ MF_LABEL_OF_NAMES;
	struct mf_object its = { .state = MIFENG_LABEL_NONE };

	look(dentry, inode, kind, object);
	/* one that is published only is not on the disk yet */
	if (S_ISDIR(inode->i_mode) && !mf_label_cached(inode, other, &its))
		look(dentry, inode, other, &its);
	if (object->state == MIFENG_LABEL_NONE && its.state == MIFENG_LABEL_NONE) {
		set_plain(inode, stripe, seen);
		return;
	}
	if (object->state != MIFENG_LABEL_UNREADABLE)
		remember(inode, kind, object, stripe, seen);
	if (S_ISDIR(inode->i_mode) && its.state != MIFENG_LABEL_UNREADABLE)
		remember(inode, other, &its, stripe, seen);
}

static void get(struct dentry *dentry, struct inode *inode, enum mf_label_kind kind,
		struct mf_object *object)
{
	struct stripe *stripe = stripe_of(inode);
	u32 seen;

	memset(object, 0, sizeof(*object));
	seen = READ_ONCE(stripe->writes);
	smp_rmb(); /* pairs with the stripe's lock: the counter is read before table and xattr */
	if (mf_label_cached(inode, kind, object))
		return;
	if (can_be_labelled(inode) && !mf_channel_possible(inode)) {
		learn(dentry, inode, kind, object, stripe, seen);
		return;
	}
	if (unlikely(mf_role() == MIFENG_ROLE_ONLINE) && mf_label_is_brought(dentry, inode)) {
		object->state = MIFENG_LABEL_UNTRUSTED;
		return;
	}
	/*
	 * An overlay's inode says nothing of the layer that holds the data, a channel's is
	 * for mf_label_of_channel(), what fdinfo says is of other files, and about what another
	 * machine has tainted programs do not ask.
	 */
	if (inode->i_sb->s_magic != OVERLAYFS_SUPER_MAGIC && !mf_channel_possible(inode) &&
	    !mf_inode_far(inode) && !(dentry && mf_description_is_told(dentry)))
		set_plain(inode, stripe, seen);
}

/**
 * mf_label_get() - the label of an inode
 * @dentry: a dentry of it
 * @inode: the inode, on an overlay that of the layer
 * @object: filled
 *
 * Whatever goes wrong on the way gives a state that no hook lets pass.
 * Context: process, may sleep, may hold inode locks.
 */
void mf_label_get(struct dentry *dentry, struct inode *inode, struct mf_object *object)
{
	get(dentry, inode, MF_LABEL_OF_OBJECT, object);
}

/**
 * mf_names_get() - the label of a directory's names
 * @dentry: a dentry of it
 * @inode: the directory
 * @object: filled
 *
 * As mf_label_get(). Context: does not sleep where mf_labels_believed() is false.
 */
void mf_names_get(struct dentry *dentry, struct inode *inode, struct mf_object *object)
{
	get(dentry, inode, MF_LABEL_OF_NAMES, object);
}

static void changing(struct inode *inode, enum mf_label_kind kind)
{
	struct stripe *stripe = stripe_of(inode);

	spin_lock(&stripe->lock);
	stripe->writes++;
	set_mask_bits(&inode->i_flags, MF_INODE_PLAIN, 0);
	forget(inode, kind);
	spin_unlock(&stripe->lock);
}

/**
 * mf_label_changing() - what is known of an inode's label is about to be wrong, or was until now
 * @inode: referenced
 *
 * Context: any that may take a spinlock.
 */
void mf_label_changing(struct inode *inode)
{
	changing(inode, MF_LABEL_OF_OBJECT);
}

/**
 * mf_names_changing() - the same for the label of a directory's names
 * @inode: referenced
 *
 * Context: any that may take a spinlock.
 */
void mf_names_changing(struct inode *inode)
{
	changing(inode, MF_LABEL_OF_NAMES);
}

/**
 * mf_label_of_channel() - the label of what is read from a channel
 * @file: a descriptor of its receiving end
 * @channel: the channel
 * @object: filled
 *
 * Its inode is known to carry no label from then on, if it has none: not that of a terminal or
 * of what may share its inode with a labelled one. Context: any.
 */
void mf_label_of_channel(struct file *file, const struct mf_channel *channel,
			 struct mf_object *object)
{
	struct inode *inode = file_inode(file);
	struct stripe *stripe = stripe_of(inode);
	u32 seen = READ_ONCE(stripe->writes);

	memset(object, 0, sizeof(*object));
	smp_rmb(); /* as in mf_label_get() */
	if (mf_object_label(channel, &object->label)) {
		object->state = MIFENG_LABEL_VALID;
		return;
	}
	if (channel->kind == MF_CHANNEL_TERMINAL ||
	    (channel->kind == MF_CHANNEL_FILE && mf_objects_any_file()))
		return;
	set_plain(inode, stripe, seen);
}

/**
 * mf_label_write() - put a label on an inode
 * @dentry: a dentry of it
 * @inode: the inode; its lock is held, and write access to its mount
 * @label: what to write
 *
 * Context: process, may sleep.
 *
 * Return: 0, -ENOKEY, -EOPNOTSUPP on a filesystem that labels are not believed
 * on, or what the filesystem answered; the old label stands then.
 */
int mf_label_write(struct dentry *dentry, struct inode *inode, const struct mf_label *label)
{
	struct mf_disk_label disk;
	int err;

	if (!can_be_labelled(inode))
		return -EOPNOTSUPP;
	err = mf_label_encode(label, inode, MF_LABEL_OF_OBJECT, &disk);
	if (err)
		return err;
	mf_label_changing(inode);
	err = __vfs_setxattr(mf_idmap_nop, dentry, inode, MIFENG_XATTR_NAME, &disk, sizeof(disk), 0);
	mf_label_changing(inode);
	return err;
}

static int publish(struct inode *inode, enum mf_label_kind kind, const struct mf_label *label)
{
	struct mf_object object = {
		.state = MIFENG_LABEL_VALID, .pending = true, .label = *label,
	};
	struct stripe *stripe = stripe_of(inode);
	struct entry *entry = entry_new(inode, kind, &object);
	bool inserted;

	if (!entry)
		return -ENOMEM;
	spin_lock(&stripe->lock);
	set_mask_bits(&inode->i_flags, MF_INODE_PLAIN, 0);
	forget(inode, kind);
	inserted = insert(entry);
	/* counted last: a reader who found no entry must not find that nothing was written */
	smp_wmb(); /* pairs with the reader's: what he counts is read before the table */
	stripe->writes++;
	spin_unlock(&stripe->lock);
	smp_mb(); /* published before those who came earlier are sought */
	if (!inserted)
		kfree(entry);
	return inserted ? 0 : -ENOMEM;
}

static int settle(struct dentry *dentry, struct inode *inode, enum mf_label_kind kind,
		  const struct mf_label *label)
{
	struct mf_disk_label disk;
	int err;

	if (!can_be_labelled(inode))
		return -EOPNOTSUPP;
	err = mf_label_encode(label, inode, kind, &disk);
	if (err)
		return err;
	err = __vfs_setxattr(mf_idmap_nop, dentry, inode, xattr_names[kind], &disk, sizeof(disk), 0);
	changing(inode, kind);
	return err;
}

/**
 * mf_label_publish() - an inode is about to get a higher label: whoever reads goes by it already
 * @inode: the inode, referenced
 * @label: the label
 *
 * It is there to read, marked as pending, until mf_label_settle() or mf_label_changing().
 * Only one at a time is published for an inode. Context: process, may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int mf_label_publish(struct inode *inode, const struct mf_label *label)
{
	return publish(inode, MF_LABEL_OF_OBJECT, label);
}

/**
 * mf_names_publish() - the same for the label of a directory's names
 * @inode: the directory, referenced
 * @label: the label
 *
 * Until mf_names_settle() or mf_names_changing(). Return: as mf_label_publish().
 */
int mf_names_publish(struct inode *inode, const struct mf_label *label)
{
	return publish(inode, MF_LABEL_OF_NAMES, label);
}

/**
 * mf_label_settle() - write the label that was published
 * @dentry: a dentry of the inode
 * @inode: the inode; its lock is held, and write access to its mount
 * @label: what to write
 *
 * There is no moment at which an older label can be read. Return: as mf_label_write().
 */
int mf_label_settle(struct dentry *dentry, struct inode *inode, const struct mf_label *label)
{
	return settle(dentry, inode, MF_LABEL_OF_OBJECT, label);
}

/**
 * mf_names_settle() - the same for the label of a directory's names
 * @dentry: a dentry of the directory
 * @inode: the directory; its lock is held, and write access to its mount
 * @label: what to write
 *
 * Return: as mf_label_write().
 */
int mf_names_settle(struct dentry *dentry, struct inode *inode, const struct mf_label *label)
{
	return settle(dentry, inode, MF_LABEL_OF_NAMES, label);
}

/**
 * mf_names_remove() - the names of a directory are no data any more
 * @dentry: a dentry of the directory
 * @inode: the directory; its lock is held, and write access to its mount
 *
 * Return: as mf_label_remove().
 */
int mf_names_remove(struct dentry *dentry, struct inode *inode)
{
	int err;

	changing(inode, MF_LABEL_OF_NAMES);
	err = __vfs_removexattr(mf_idmap_nop, dentry, MIFENG_XATTR_NAMES);
	changing(inode, MF_LABEL_OF_NAMES);
	return err == -ENODATA ? 0 : err;
}

/**
 * mf_label_remove() - take the label off an inode
 * @dentry: a dentry of it
 * @inode: the inode; its lock is held, and write access to its mount
 *
 * Return: 0, also when there was none, or what the filesystem answered.
 */
int mf_label_remove(struct dentry *dentry, struct inode *inode)
{
	int err;

	mf_label_changing(inode);
	err = __vfs_removexattr(mf_idmap_nop, dentry, MIFENG_XATTR_NAME);
	mf_label_changing(inode);
	return err == -ENODATA ? 0 : err;
}

/**
 * mf_label_learn() - an inode that is being created has got its label
 * @inode: not yet visible to anybody else
 * @kind: which of them
 * @label: what was written
 */
void mf_label_learn(struct inode *inode, enum mf_label_kind kind, const struct mf_label *label)
{
	struct mf_object object = { .state = MIFENG_LABEL_VALID, .label = *label };
	struct stripe *stripe = stripe_of(inode);

	changing(inode, kind);
	remember(inode, kind, &object, stripe, READ_ONCE(stripe->writes));
}

/**
 * mf_label_none() - an inode that is being created has got no label
 * @inode: not yet visible to anybody else
 */
void mf_label_none(struct inode *inode)
{
	set_mask_bits(&inode->i_flags, 0, MF_INODE_PLAIN);
}

/**
 * mf_label_drop() - an inode is being destroyed
 * @inode: unreachable but by us
 */
void mf_label_drop(struct inode *inode)
{
	if (!atomic_read(&table.nelems))
		return;
	forget(inode, MF_LABEL_OF_OBJECT);
	forget(inode, MF_LABEL_OF_NAMES);
}

/**
 * mf_labels_count() - how many labels are held in memory
 *
 * Return: the number.
 */
u32 mf_labels_count(void)
{
	return atomic_read(&table.nelems);
}

/**
 * mf_labels_init() - set up the table
 *
 * Return: 0 or -ENOMEM.
 */
int mf_labels_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stripes); i++)
		spin_lock_init(&stripes[i].lock);
	return rhashtable_init(&table, &table_params);
}

static void clear_plain(struct super_block *sb, void *unused)
{
	struct inode *inode;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list)
		set_mask_bits(&inode->i_flags, MF_INODE_PLAIN, 0);
	spin_unlock(&sb->s_inode_list_lock);
}

static void free_entry(void *entry, void *unused)
{
	kfree(entry);
}

/**
 * mf_labels_exit() - free the table, when no hook is left to use it
 *
 * What was known of inodes in memory is taken back: while no module is loaded
 * anybody with the privilege may write the xattr. Context: process, may sleep.
 */
void mf_labels_exit(void)
{
	mf_call_iterate_supers(clear_plain, NULL);
	rhashtable_free_and_destroy(&table, free_entry, NULL);
	rcu_barrier();
}
