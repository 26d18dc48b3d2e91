// SPDX-License-Identifier: GPL-2.0
/*
 * Names are data: a directory of a zone carries, in an xattr beside its own label, the join
 * of what those carried who changed its entries. Whoever looks a name up in it or lists it is
 * judged by that. The label rises before the first change by a program that carries more, in
 * an errand (errand.c), because everybody who looks in by the older one must be gone first
 * (walkers.c); so the change itself costs one look at the label. A directory made by a tainted
 * program has it from its birth (hook_inode.c).
 *
 * In a scratch zone, which everybody shares, it is listing that it is asked for, not looking up.
 */
#include "names.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mutex.h>

#include "label.h"
#include "label_cache.h"
#include "walkers.h"
#include "zone.h"

static bool covers(const struct mf_label *names, const struct mf_label *ceiling,
		   const struct mf_label *taint, bool attributes)
{
	const bool scratch = ceiling->flags & MIFENG_LABEL_SCRATCH;

	return mf_label_dominates(names, taint) &&
	       (!attributes || (names->flags & MIFENG_LABEL_ATTRIBUTES)) &&
	       /* it has been moved out of a scratch zone */
	       (scratch || !(names->flags & MIFENG_LABEL_SCRATCH));
}

/**
 * mf_names_cover() - may a tainted program change a directory's entries as its label is
 * @dir: the directory, in a zone
 * @ceiling: the zone's
 * @taint: what the program carries
 * @attributes: it is about the directory's own attributes
 *
 * Context: process, may sleep, may hold inode locks.
 *
 * Return: true if everybody who could see the change is judged by a label that dominates @taint.
 */
bool mf_names_cover(struct dentry *dir, const struct mf_label *ceiling,
		    const struct mf_label *taint, bool attributes)
{
	struct mf_object names;

	mf_names_get(dir, d_inode(dir), &names);
	return names.state == MIFENG_LABEL_VALID && !names.pending &&
	       covers(&names.label, ceiling, taint, attributes);
}

static int write_names(struct dentry *dir, const struct mf_label *label, struct mf_obstacle *why)
{
	struct inode *inode = d_inode(dir);
	int err;

	inode_lock(inode); /* i_flags is not changed atomically by others */
	err = mf_names_publish(inode, label);
	inode_unlock(inode);
	if (err) {
		why->reason = MIFENG_REASON_NO_MEMORY;
		return -EBUSY;
	}
	err = mf_walkers_pass(inode, label, why);
	if (err)
		return err;
	inode_lock(inode);
	err = mf_names_settle(dir, inode, label);
	inode_unlock(inode);
	if (!err)
		return 0;
	why->reason = MIFENG_REASON_NO_MEMORY;
	snprintf(why->culprit, MF_CULPRIT_SIZE, "the filesystem, which answers %d", err);
	return -EBUSY;
}

static int raise(struct dentry *dir, const struct mf_label *taint, bool attributes,
		 struct mf_obstacle *why)
{
	struct mf_label label = { .level = MIFENG_LEVEL_NONE }, ceiling;
	u16 flags = attributes ? MIFENG_LABEL_ATTRIBUTES : 0;
	struct mf_object names;
	int err;

	if (mf_zone_note_names(dir, &ceiling)) {
		why->reason = MIFENG_REASON_UNMARKED_PATH; /* it was one when the hook looked */
		return -EBUSY;
	}
	mf_names_get(dir, d_inode(dir), &names);
	if (names.state == MIFENG_LABEL_VALID) {
		if (!names.pending && covers(&names.label, &ceiling, taint, attributes))
			return 0;
		label = names.label;
		flags |= label.flags & MIFENG_LABEL_ATTRIBUTES;
	} else if (names.state != MIFENG_LABEL_NONE) {
		why->reason = MIFENG_REASON_BAD_LABEL;
		return -EBUSY;
	}
	mf_label_join(&label, taint);
	label.flags |= flags | (ceiling.flags & MIFENG_LABEL_SCRATCH);
	err = write_names(dir, &label, why);
	if (err)
		mf_names_changing(d_inode(dir)); /* what was published is forgotten */
	return err;
}

/**
 * mf_names_raise() - a tainted program is about to change a directory's entries or attributes
 * @dir: the directory, referenced
 * @taint: what the program carries
 * @attributes: its own attributes
 * @why: set when its label cannot rise
 *
 * Context: process, sleeps, no lock held that others need to leave the kernel.
 *
 * Return: 0; -EBUSY, see @why, and the label is what it was; -ERESTARTSYS when the caller is wanted
 * elsewhere.
 */
int mf_names_raise(struct dentry *dir, const struct mf_label *taint, bool attributes,
		   struct mf_obstacle *why)
{
	static DEFINE_MUTEX(rising);
	struct super_block *sb = dir->d_sb;
	int err;

	why->culprit[0] = '\0';
	if (mutex_lock_interruptible(&rising))
		return -ERESTARTSYS;
	if (sb_start_write_trylock(sb)) {
		err = raise(dir, taint, attributes, why);
		sb_end_write(sb);
	} else {
		err = -EBUSY;
		why->reason = MIFENG_REASON_NO_MEMORY;
		strscpy(why->culprit, "the filesystem is being frozen", MF_CULPRIT_SIZE);
	}
	mutex_unlock(&rising);
	return err;
}
