// SPDX-License-Identifier: GPL-2.0
/* Names, attributes and labels of files. The callers hold the directory's or inode's lock. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/xattr.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "label.h"
#include "label_cache.h"
#include "object.h"
#include "subject.h"

static int entry(struct dentry *name, enum mifeng_operation operation)
{
	int err;

	if (likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	err = mf_judge_entry(name->d_parent, name, operation);
	mf_hook_exit();
	return err;
}

int hook_inode_create(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return entry(dentry, MIFENG_OP_CREATE);
}

int hook_inode_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return entry(dentry, MIFENG_OP_CREATE);
}

int hook_inode_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	return entry(dentry, MIFENG_OP_CREATE);
}

int hook_inode_symlink(struct inode *dir, struct dentry *dentry, const char *old_name)
{
	return entry(dentry, MIFENG_OP_SYMLINK);
}

int hook_inode_unlink(struct inode *dir, struct dentry *dentry)
{
	return entry(dentry, MIFENG_OP_UNLINK);
}

int hook_inode_rmdir(struct inode *dir, struct dentry *dentry)
{
	return entry(dentry, MIFENG_OP_UNLINK);
}

/* Does a name for this object have to be judged, whoever gives it? */
static bool may_be_labelled(const struct dentry *object)
{
	const struct inode *inode = mf_real_inode(object);

	return inode && (!mf_inode_plain(inode) || S_ISDIR(inode->i_mode));
}

static int move(struct dentry *object, struct dentry *name, enum mifeng_operation operation)
{
	int err = 0;

	if (!may_be_labelled(object))
		return 0;
	mf_hook_enter();
	err = mf_judge_move(object, name->d_parent, name, operation);
	mf_hook_exit();
	return err;
}

int hook_inode_link(struct dentry *old_dentry, struct inode *dir, struct dentry *new_dentry)
{
	int err = move(old_dentry, new_dentry, MIFENG_OP_LINK);

	if (err || likely(!mf_subject_tainted()))
		return err;
	/* the old name's directory too: the count of links shows there */
	err = entry(old_dentry, MIFENG_OP_LINK);
	return err ? err : entry(new_dentry, MIFENG_OP_LINK);
}

static int renamed(struct dentry *object, struct dentry *name)
{
	int err;

	mf_hook_enter();
	err = mf_judge_rename(object, name);
	mf_hook_exit();
	return err;
}

int hook_inode_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
		      struct dentry *new_dentry, unsigned int flags)
{
	int err = 0;

	if (old_dentry->d_parent != new_dentry->d_parent) {
		err = move(old_dentry, new_dentry, MIFENG_OP_RENAME);
		if (!err && (flags & RENAME_EXCHANGE))
			err = move(new_dentry, old_dentry, MIFENG_OP_RENAME);
	}
	if (err || likely(!mf_subject_tainted()))
		return err;
	/* before a label rises for a name that is refused */
	err = renamed(old_dentry, new_dentry);
	if (!err && (flags & RENAME_EXCHANGE))
		err = renamed(new_dentry, old_dentry);
	if (!err)
		err = entry(old_dentry, MIFENG_OP_RENAME);
	if (!err)
		err = entry(new_dentry, MIFENG_OP_RENAME);
	return err;
}

static int attributes(struct dentry *dentry, enum mifeng_operation operation,
		      enum mf_attributes which)
{
	int err;

	if (likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	err = mf_judge_attributes(dentry, operation, which);
	mf_hook_exit();
	return err;
}

int hook_inode_setattr(mf_idmap_t *idmap, struct dentry *dentry, struct iattr *attr)
{
	return attributes(dentry, MIFENG_OP_SETATTR,
			  attr->ia_valid & (ATTR_ATIME_SET | ATTR_MTIME_SET) ? MF_ATTRIBUTES_CHOSEN :
			  attr->ia_valid & ATTR_SIZE			     ? MF_ATTRIBUTES_SIZE :
									       MF_ATTRIBUTES_FEW);
}

#ifdef MF_HAS_INODE_SET_ACL
int hook_inode_set_acl(struct mnt_idmap *idmap, struct dentry *dentry, const char *acl_name,
		       struct posix_acl *kacl)
{
	return attributes(dentry, MIFENG_OP_SETXATTR, MF_ATTRIBUTES_CHOSEN);
}

int hook_inode_remove_acl(struct mnt_idmap *idmap, struct dentry *dentry, const char *acl_name)
{
	return attributes(dentry, MIFENG_OP_SETXATTR, MF_ATTRIBUTES_CHOSEN);
}
#endif

static int xattr(struct dentry *dentry, const char *name)
{
	int err;

	if (likely(strcmp(name, MIFENG_XATTR_NAME) && strcmp(name, MIFENG_XATTR_NAMES)))
		return attributes(dentry, MIFENG_OP_SETXATTR, MF_ATTRIBUTES_CHOSEN);
	mf_hook_enter();
	err = mf_judge_relabel(dentry);
	mf_hook_exit();
	return err;
}

int hook_inode_setxattr(mf_idmap_t *idmap, struct dentry *dentry, const char *name,
			const void *value, size_t size, int flags)
{
	return xattr(dentry, name);
}

int hook_inode_removexattr(mf_idmap_t *idmap, struct dentry *dentry, const char *name)
{
	return xattr(dentry, name);
}

/* Writes the label in the transaction that creates the inode. */
static int label_new(struct inode *inode, enum mf_label_kind kind, const struct mf_label *label,
		     initxattrs set, void *fs_data)
{
	struct xattr xattrs[2] = { { .name = kind == MF_LABEL_OF_NAMES ? MIFENG_XATTR_NAMES_SUFFIX :
									 MIFENG_XATTR_SUFFIX } };
	struct mf_disk_label *disk;
	int err;

	if (!set || !mf_labels_believed(inode->i_sb))
		return -EACCES;
	/* on the heap: some filesystems replace the value by a copy of theirs */
	disk = kmalloc(sizeof(*disk), GFP_NOFS);
	if (!disk)
		return -ENOMEM;
	err = mf_label_encode(label, inode, kind, disk);
	if (!err) {
		xattrs[0].value = disk;
		xattrs[0].value_len = sizeof(*disk);
		err = set(inode, xattrs, fs_data);
		kfree(xattrs[0].value);
	} else {
		kfree(disk);
	}
	if (!err)
		mf_label_learn(inode, kind, label);
	return err;
}

static int init_security_slow(struct inode *inode, struct inode *dir, initxattrs set, void *fs_data)
{
	struct dentry *dentry = d_find_any_alias(dir);
	struct mf_label label;
	bool labelled;
	int err;

	if (!dentry)
		return -EACCES;
	err = mf_judge_new(dentry, &label, &labelled);
	dput(dentry);
	if (err || !labelled)
		return err;
	/* programs that share a scratch zone look at each other's directories: tmux, ssh-agent */
	if (!(label.flags & MIFENG_LABEL_NAMES_OPEN) &&
	    !(S_ISDIR(inode->i_mode) && (label.flags & MIFENG_LABEL_SCRATCH)))
		label.flags |= MIFENG_LABEL_ATTRIBUTES;
	if (S_ISDIR(inode->i_mode) && (label.flags & MIFENG_LABEL_NAMES_OPEN))
		return 0;
	label.flags &= MIFENG_LABEL_DERIVED | MIFENG_LABEL_ATTRIBUTES |
		       (S_ISDIR(inode->i_mode) ? MIFENG_LABEL_SCRATCH : 0);
	if (S_ISDIR(inode->i_mode))
		return label_new(inode, MF_LABEL_OF_NAMES, &label, set, fs_data);
	/* of all others a label would say nothing: what goes through them has its own */
	return S_ISREG(inode->i_mode) || S_ISLNK(inode->i_mode) ?
		       label_new(inode, MF_LABEL_OF_OBJECT, &label, set, fs_data) :
		       0;
}

int hook_inode_init_security(struct inode *inode, struct inode *dir, const struct qstr *qstr,
			     initxattrs set, void *fs_data)
{
	int err;

	mf_hook_enter();
	err = mf_call_inode_init_security(inode, dir, qstr, set, fs_data);
	if (!err) {
		if (unlikely(mf_subject_tainted()))
			err = init_security_slow(inode, dir, set, fs_data);
		else
			mf_label_none(inode);
	}
	mf_hook_exit();
	return err;
}

int hook_inode_free(struct inode *inode)
{
	if (unlikely(!mf_inode_plain(inode)))
		mf_label_drop(inode);
	mf_object_drop(inode);
	return 0;
}

/* Takes a name out of a list of names; the new length. */
static ssize_t without(char *list, ssize_t size, const char *hidden, size_t length)
{
	char *name = list, *end = list + size;

	while (name < end) {
		size_t this = strnlen(name, end - name) + 1;

		if (this == length && memcmp(name, hidden, length) == 0) {
			memmove(name, name + length, end - name - length);
			return size - length;
		}
		name += this;
	}
	return size;
}

static ssize_t list_without_labels(struct dentry *dentry, char *list, size_t size)
{
	ssize_t length = mf_call_listxattr(dentry, list, size);

	if (length <= 0 || !size)
		return length;
	length = without(list, length, MIFENG_XATTR_NAME, sizeof(MIFENG_XATTR_NAME));
	return without(list, length, MIFENG_XATTR_NAMES, sizeof(MIFENG_XATTR_NAMES));
}

/* A program that asks for the length only gets one that is sufficient. */
ssize_t hook_listxattr(struct dentry *dentry, char *list, size_t size)
{
	ssize_t length;

	mf_hook_enter();
	length = mf_subject_tainted() ? mf_judge_network(dentry, d_inode(dentry)) : 0;
	if (!length)
		length = mf_judge_telling(dentry, true);
	if (!length)
		length = list_without_labels(dentry, list, size);
	mf_hook_exit();
	return length;
}
