// SPDX-License-Identifier: GPL-2.0
/* Labels rise: by an officer's mark, or because a tainted program writes. */
#include "mark.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/path.h>

#include "label.h"
#include "label_cache.h"
#include "medium.h"
#include "zone.h"

/* Under the inode lock: what may have changed since the caller looked is looked at again. */
static int write_mark(const struct path *path, struct inode *inode, const struct mf_label *label,
		      const char **text)
{
	struct mf_object object;

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
	if (mapping_writably_mapped(inode->i_mapping)) {
		*text = "a program has the file mapped for writing; end it first";
		return -EBUSY;
	}
	return mf_label_write(path->dentry, inode, label);
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
 * -EPERM, -EBUSY, -EIO, -ENOKEY, -EROFS, or what the filesystem answered.
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

/**
 * mf_relabel() - a tainted program is about to write into a file of a zone
 * @path: the file, which is open for writing
 * @taint: what the program carries
 *
 * The label becomes the join of both. Refused while anybody has the file mapped, because
 * whoever looks into a mapping makes no call that could raise him.
 * Context: process, may sleep, no inode lock held.
 *
 * Return: 0, -EBUSY when it is mapped, -EAGAIN while the filesystem is being frozen, -EIO
 * when the present label cannot be read,
 * or what mf_label_write() answered.
 */
int mf_relabel(const struct path *path, const struct mf_label *taint)
{
	struct inode *inode = mf_real_inode(path->dentry);
	struct mf_object object;
	struct mf_label label = { .level = MIFENG_LEVEL_NONE };
	int err = 0;

	/*
	 * The descriptor that is written to keeps the mount writable. Freeze protection is tried
	 * for only: some callers (cloning a file) hold it already.
	 */
	if (!sb_start_write_trylock(inode->i_sb))
		return -EAGAIN;
	inode_lock(inode);
	mf_label_get(path->dentry, inode, &object);
	if (object.state == MIFENG_LABEL_VALID)
		label = object.label;
	else if (object.state != MIFENG_LABEL_NONE)
		err = -EIO;
	if (!err && !(label.level && mf_label_dominates(&label, taint))) {
		mf_label_join(&label, taint);
		err = mapping_mapped(inode->i_mapping) ?
			      -EBUSY :
			      mf_label_write(path->dentry, inode, &label);
	}
	inode_unlock(inode);
	sb_end_write(inode->i_sb);
	return err;
}
