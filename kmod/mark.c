// SPDX-License-Identifier: GPL-2.0
/* Labels rise: by an officer's mark, or because a tainted program writes. */
#include "mark.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/path.h>

#include "holders.h"
#include "label.h"
#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "pages.h"
#include "role.h"
#include "walkers.h"
#include "zone.h"

/* Under the inode lock: what may have changed since the caller looked is looked at again. */
static int write_mark(const struct path *path, struct inode *inode, const struct mf_label *label,
		      const char **text)
{
	struct mf_label marked = *label;
	struct mf_object object;
	char culprit[MF_CULPRIT_SIZE];

	mf_label_get(path->dentry, inode, &object);
	if (object.state == MIFENG_LABEL_UNREADABLE) {
		*text = "the present label cannot be read";
		return -EIO;
	}
	/* a bad label stands for the highest until an officer has looked: marking again is that */
	if (object.state == MIFENG_LABEL_VALID && !mf_label_dominates(label, &object.label)) {
		*text = "the file has a label that this one does not dominate; labels are not lowered by mark";
		return -EPERM;
	}
	/* what is written there later would show in the mapping, or in pages lent to a pipe */
	if (mapping_mapped(inode->i_mapping) || mf_pages_elsewhere(inode->i_mapping, culprit)) {
		*text = "a program has the file mapped, or parts of it in a pipe; end it first";
		return -EBUSY;
	}
	if (object.state == MIFENG_LABEL_VALID)
		marked.flags |= object.label.flags & MIFENG_LABEL_ATTRIBUTES;
	return mf_label_write(path->dentry, inode, &marked);
}

/**
 * mf_mark() - an officer classifies a file (R3, R5)
 * @path: the file
 * @label: its label
 * @text: set to what was wrong
 *
 * Context: process, may sleep, no inode lock held.
 *
 * Return: 0; -EINVAL for what is not a regular file; -EXDEV outside every zone,
 * above the zone's ceiling or on a removable medium; -EOPNOTSUPP where labels are not believed;
 * -EPERM, also on a machine that is not classified; -EBUSY, -EIO, -ENOKEY, -EROFS, or what the filesystem answered.
 */
int mf_mark(const struct path *path, const struct mf_label *label, const char **text)
{
	struct inode *inode = d_inode(path->dentry);
	struct mf_label ceiling;
	int err;

	*text = "the label could not be written";
	if (!S_ISREG(inode->i_mode)) {
		*text = "only regular files are marked";
		return -EINVAL;
	}
	if (mf_role() != MIFENG_ROLE_CLASSIFIED) {
		*text = "this machine is not a classified one: mifengctl commission classified";
		return -EPERM;
	}
	if (inode != mf_real_inode(path->dentry) || !mf_labels_believed(inode->i_sb)) {
		*text = "this filesystem cannot hold labels: ext4, xfs and tmpfs of this machine can";
		return -EOPNOTSUPP;
	}
	if (mf_medium_removable(inode->i_sb)) {
		*text = "the file is on a medium that is removable or cannot be resolved";
		return -EXDEV;
	}
	if (!mf_zone_of(path->dentry, &ceiling)) {
		*text = "the file is not in a zone; classified files live in zones: move it there first";
		return -EXDEV;
	}
	if (!mf_label_dominates(&ceiling, label)) {
		*text = "the label is above the ceiling of the file's zone";
		return -EXDEV;
	}
	if (!mf_key_loaded()) {
		*text = "no key yet: is mifengd running?";
		return -ENOKEY;
	}
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	inode_lock(inode);
	err = write_mark(path, inode, label, text);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return err;
}

/*
 * The higher label is published, in memory, so that whoever comes to read, or to ask for attributes, sees
 * it; those who came before pass; then it is written. A cloned or direct write by another call may be
 * under way as well. Who reads a file that has been @covered all the time may go on.
 */
static int publish(struct inode *inode, const struct mf_label *label, bool covered,
		   struct mf_obstacle *why)
{
	const struct mf_channel channel = { .kind = MF_CHANNEL_INODE, .key = inode };
	int err;

	inode_lock(inode); /* i_flags is not changed atomically by others */
	err = mf_label_publish(inode, label);
	inode_unlock(inode);
	if (err) {
		why->reason = MIFENG_REASON_NO_MEMORY;
		return -EBUSY;
	}
	if (!covered)
		err = mf_holders_pass(&channel, label, &why->reason, why->culprit);
	if (!err) /* by path, too */
		err = mf_walkers_pass(inode, label, why);
	if (!err && !covered && (mapping_mapped(inode->i_mapping) || atomic_read(&inode->i_dio_count) ||
		     mf_pages_elsewhere(inode->i_mapping, why->culprit))) {
		why->reason = MIFENG_REASON_MAPPED;
		err = -EBUSY;
	}
	return err;
}

/*
 * What a file carries once a program with a taint has written to it, or set its attributes. Its size and
 * times are data of that program from then on.
 */
static void rise(struct mf_label *label, const struct mf_label *taint)
{
	if (!mf_label_dominates(label, taint))
		mf_label_join(label, taint);
	label->flags |= MIFENG_LABEL_ATTRIBUTES;
}

static int write_relabel(const struct path *path, struct inode *inode,
			 const struct mf_label *taint, struct mf_obstacle *why)
{
	struct mf_label label = { .level = MIFENG_LEVEL_NONE };
	struct mf_object object;

	/* the descriptor that is written to keeps the mount writable */
	if (!sb_start_write_trylock(inode->i_sb)) {
		why->reason = MIFENG_REASON_NO_MEMORY;
		strscpy(why->culprit, "the filesystem is being frozen", MF_CULPRIT_SIZE);
		return -EBUSY;
	}
	inode_lock(inode);
	mf_label_get(path->dentry, inode, &object);
	if (object.state == MIFENG_LABEL_VALID)
		label = object.label;
	rise(&label, taint);
	if (mf_label_settle(path->dentry, inode, &label)) {
		why->reason = MIFENG_REASON_NO_MEMORY;
		inode_unlock(inode);
		sb_end_write(inode->i_sb);
		return -EBUSY;
	}
	inode_unlock(inode);
	sb_end_write(inode->i_sb);
	return 0;
}

static int relabel(const struct path *path, const struct mf_label *taint, struct mf_obstacle *why)
{
	struct inode *inode = mf_real_inode(path->dentry);
	struct mf_label label = { .level = MIFENG_LEVEL_NONE };
	struct mf_object object;
	bool covered = false;
	int err;

	mf_label_get(path->dentry, inode, &object);
	if (object.state == MIFENG_LABEL_VALID) {
		covered = !object.pending && mf_label_dominates(&object.label, taint);
		if (covered && (object.label.flags & MIFENG_LABEL_ATTRIBUTES))
			return 0;
		label = object.label;
	} else if (object.state != MIFENG_LABEL_NONE) {
		why->reason = MIFENG_REASON_BAD_LABEL;
		return -EBUSY;
	}
	if (!covered && mapping_mapped(inode->i_mapping)) {
		why->reason = MIFENG_REASON_MAPPED;
		return -EBUSY;
	}
	rise(&label, taint);
	err = publish(inode, &label, covered, why);
	if (!err)
		err = write_relabel(path, inode, taint, why);
	if (err)
		mf_label_changing(inode); /* what was published is forgotten */
	return err;
}

/**
 * mf_relabel() - a tainted program is about to write into a file of a zone, or to set its attributes
 * @path: the file, which is open for writing; with its dentry alone on a filesystem that stays
 * @taint: what the program carries
 * @why: set when its label cannot rise
 *
 * The label becomes the join of both, and covers the file's attributes. Refused while somebody is inside
 * a call that asks for what it is about to cover and does not come out; where it rises also while anybody
 * has the file mapped or its pages are lent, because whoever looks there makes no call that could raise him.
 * Context: process, sleeps, no lock held that others need to leave the kernel.
 *
 * Return: 0; -EBUSY, see @why, and the label is what it was; -ERESTARTSYS when the caller is wanted
 * elsewhere.
 */
int mf_relabel(const struct path *path, const struct mf_label *taint, struct mf_obstacle *why)
{
	static DEFINE_MUTEX(rising);
	int err;

	why->culprit[0] = '\0';
	if (mutex_lock_interruptible(&rising))
		return -ERESTARTSYS;
	err = relabel(path, taint, why);
	mutex_unlock(&rising);
	return err;
}
