// SPDX-License-Identifier: GPL-2.0
/*
 * Zones: directories that may hold classified files up to a ceiling.
 *
 * The zone's own directory carries the ceiling as a label with MIFENG_LABEL_ZONE;
 * everything below it in the same filesystem is inside, found by walking up the
 * dentries. So nothing has to be written to the directories below, a zone is given
 * up by removing one xattr, and what is moved out is out. The walk is made only
 * when a tainted program writes, or a labelled file gets another name; each ancestor
 * costs a bit test once it is known to carry nothing.
 *
 * A dentry that is not connected to its filesystem's root (opened by handle) is in no zone.
 */
#include "zone.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/path.h>

#include "label_cache.h"
#include "medium.h"

/**
 * mf_zone_label_flags() - a zone's flags as its label has them
 * @flags: MIFENG_ZONE_*
 *
 * Return: MIFENG_LABEL_*.
 */
u16 mf_zone_label_flags(u32 flags)
{
	return (flags & MIFENG_ZONE_SCRATCH ? MIFENG_LABEL_SCRATCH : 0) |
	       (flags & MIFENG_ZONE_NAMES_OPEN ? MIFENG_LABEL_NAMES_OPEN : 0);
}

/**
 * mf_zone_flags() - a zone's flags as the contract has them
 * @ceiling: its label
 *
 * Return: MIFENG_ZONE_*.
 */
u32 mf_zone_flags(const struct mf_label *ceiling)
{
	return (ceiling->flags & MIFENG_LABEL_SCRATCH ? MIFENG_ZONE_SCRATCH : 0) |
	       (ceiling->flags & MIFENG_LABEL_NAMES_OPEN ? MIFENG_ZONE_NAMES_OPEN : 0);
}

static bool is_zone(struct dentry *dir, struct mf_label *ceiling)
{
	struct inode *inode = d_inode(dir);
	struct mf_object object;

	if (!inode || mf_inode_plain(inode))
		return false;
	mf_label_get(dir, inode, &object);
	if (object.state != MIFENG_LABEL_VALID || !(object.label.flags & MIFENG_LABEL_ZONE))
		return false;
	*ceiling = object.label;
	return true;
}

/* The zone's directory, referenced, or NULL. Takes over the reference to dir. */
static struct dentry *walk_up(struct dentry *dir, struct mf_label *ceiling)
{
	bool found;

	for (;;) {
		struct dentry *parent;

		found = is_zone(dir, ceiling);
		if (found || IS_ROOT(dir))
			break;
		parent = dget_parent(dir);
		dput(dir);
		dir = parent;
	}
	if (found)
		return dir;
	dput(dir);
	return NULL;
}

static bool is_in(struct dentry *dir, struct mf_label *ceiling)
{
	struct dentry *zone = walk_up(dir, ceiling);

	dput(zone);
	return zone;
}

/**
 * mf_zone_of() - the zone that an object is in
 * @dentry: referenced; a zone's own directory is not inside it
 * @ceiling: set if the object is in one; its flags tell a scratch zone
 *
 * Context: process, may sleep, may hold inode locks.
 *
 * Return: true if it is in a zone.
 */
bool mf_zone_of(struct dentry *dentry, struct mf_label *ceiling)
{
	return !IS_ROOT(dentry) && is_in(dget_parent(dentry), ceiling);
}

/**
 * mf_zone_of_entries() - the zone that the entries of a directory are in
 * @dir: referenced
 * @ceiling: as mf_zone_of()
 *
 * Return: true if they are in a zone.
 */
bool mf_zone_of_entries(struct dentry *dir, struct mf_label *ceiling)
{
	return is_in(dget(dir), ceiling);
}

/**
 * mf_zone_note_names() - names in a directory's zone are about to carry labels
 * @dir: referenced
 * @ceiling: set if @dir is in a zone
 *
 * The zone's own directory keeps note of it, so that the hooks are there when it is named by a
 * policy after the machine was restarted. Context: process, may sleep, no inode lock held, write
 * access to the filesystem.
 *
 * Return: 0; -ENOENT if the directory is in no zone; or what mf_label_write() answered.
 */
int mf_zone_note_names(struct dentry *dir, struct mf_label *ceiling)
{
	struct dentry *zone = walk_up(dget(dir), ceiling);
	struct mf_label label;
	int err = 0;

	if (!zone)
		return -ENOENT;
	if (!(ceiling->flags & MIFENG_LABEL_NAMED)) {
		inode_lock(d_inode(zone));
		/* what the policy has made of it meanwhile stays */
		if (is_zone(zone, &label)) {
			label.flags |= MIFENG_LABEL_NAMED;
			err = mf_label_write(zone, d_inode(zone), &label);
		}
		inode_unlock(d_inode(zone));
	}
	dput(zone);
	return err;
}

/**
 * mf_zone_possible() - can a directory be a zone
 * @dir: the directory
 *
 * Context: process, may sleep.
 *
 * Return: 0, -ENOTDIR, -EOPNOTSUPP where labels are not believed, -EXDEV on a removable
 * medium, -EROFS on a filesystem mounted read-only.
 */
int mf_zone_possible(const struct path *dir)
{
	const struct inode *inode = d_inode(dir->dentry);

	if (!S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	if (!mf_labels_believed(inode->i_sb))
		return -EOPNOTSUPP;
	if (mf_medium_removable(inode->i_sb))
		return -EXDEV;
	return sb_rdonly(inode->i_sb) ? -EROFS : 0;
}

/**
 * mf_zone_write() - make a directory a zone, change its ceiling, or give it up
 * @dir: the directory
 * @ceiling: level, scopes, MIFENG_LABEL_SCRATCH and _NAMES_OPEN; level none gives the zone up, and
 *	the label of the names in this very directory
 * @old: set to what stood there before, level none for nothing
 *
 * Context: process, may sleep, no inode lock held.
 *
 * Return: 0, what mf_zone_possible() answers, -ENOKEY, or what the filesystem answered.
 */
int mf_zone_write(const struct path *dir, const struct mf_label *ceiling, struct mf_label *old)
{
	struct inode *inode = d_inode(dir->dentry);
	struct mf_object object;
	struct mf_label label;
	int err;

	memset(old, 0, sizeof(*old));
	err = mf_zone_possible(dir);
	if (err) /* what cannot be a zone needs not be given up */
		return ceiling->level == MIFENG_LEVEL_NONE ? 0 : err;
	mf_label_get(dir->dentry, inode, &object);
	if (object.state == MIFENG_LABEL_VALID)
		*old = object.label;
	label = *ceiling;
	label.flags = MIFENG_LABEL_ZONE | (old->flags & MIFENG_LABEL_NAMED) |
		      (ceiling->flags & (MIFENG_LABEL_SCRATCH | MIFENG_LABEL_NAMES_OPEN));
	if (object.state == MIFENG_LABEL_VALID && old->level == label.level &&
	    old->scopes == label.scopes && old->flags == label.flags)
		return 0;
	err = mnt_want_write(dir->mnt);
	if (err)
		return err;
	inode_lock(inode);
	if (ceiling->level != MIFENG_LEVEL_NONE)
		err = mf_label_write(dir->dentry, inode, &label);
	else if (object.state != MIFENG_LABEL_NONE)
		err = mf_label_remove(dir->dentry, inode);
	if (!err && ceiling->level == MIFENG_LEVEL_NONE && object.state != MIFENG_LABEL_NONE)
		err = mf_names_remove(dir->dentry, inode);
	inode_unlock(inode);
	mnt_drop_write(dir->mnt);
	return err;
}
