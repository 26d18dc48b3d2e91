// SPDX-License-Identifier: GPL-2.0
/*
 * An online machine goes by labels wherever they are: on a stick, on filesystems that labels are not believed on.
 * What a user can write there himself, and what a server is asked for, tells nothing.
 */
#include "label_online.h"

#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>
#include <linux/xattr.h>

#include "imports.h"
#include "label_cache.h"
#include "medium.h"

static bool may_bring_label(const struct inode *inode)
{
	const struct super_block *sb = inode->i_sb;

	return S_ISREG(inode->i_mode) && (inode->i_opflags & IOP_XATTR) &&
	       sb->s_user_ns == &init_user_ns && (sb->s_type->fs_flags & FS_REQUIRES_DEV) &&
	       !mf_inode_far(inode);
}

/**
 * mf_label_is_brought() - does an inode that labels are not believed of have one, whatever it says
 * @dentry: a dentry of it
 * @inode: the inode, on an overlay that of the layer
 *
 * Context: process, may sleep, may hold inode locks.
 *
 * Return: true if so, or if that cannot be told.
 */
bool mf_label_is_brought(struct dentry *dentry, struct inode *inode)
{
	int size;

	if (!may_bring_label(inode))
		return false;
	size = __vfs_getxattr(dentry, inode, MIFENG_XATTR_NAME, NULL, 0);
	return size != -ENODATA && size != -EOPNOTSUPP;
}

/* One filesystem: what was known to have no label because none would be believed is looked at again. */
static void look_again(struct super_block *sb, void *unused)
{
	struct inode *inode, *held = NULL;

	if (mf_labels_believed(sb) || !(sb->s_type->fs_flags & FS_REQUIRES_DEV))
		return;
	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		if (!mf_inode_plain(inode) || !S_ISREG(inode->i_mode) || !igrab(inode))
			continue;
		spin_unlock(&sb->s_inode_list_lock);
		iput(held); /* which held the place in the list */
		held = inode;
		inode_lock(inode); /* i_flags is not changed atomically by others */
		mf_label_changing(inode);
		inode_unlock(inode);
		cond_resched();
		spin_lock(&sb->s_inode_list_lock);
	}
	spin_unlock(&sb->s_inode_list_lock);
	iput(held);
}

/**
 * mf_labels_look_everywhere() - the machine is online from now on
 *
 * Context: process, sleeps; the role is known to everybody already.
 */
void mf_labels_look_everywhere(void)
{
	mf_call_iterate_supers(look_again, NULL);
}
