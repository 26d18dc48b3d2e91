// SPDX-License-Identifier: GPL-2.0
/*
 * Path walks and what they lead to: names looked up, attributes told, also by other machines.
 * Everybody pays for that, so these sites are attached late, see hooks.h.
 *
 * A walk under RCU does not sleep: where more has to be known the answer is -ECHILD, and the walk
 * begins again with references.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/path.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "medium.h"
#include "standing.h"
#include "subject.h"

/* A tainted program looks for a name in a directory of another machine. */
static noinline int look_far(struct inode *dir, bool may_sleep)
{
	struct dentry *dentry;
	int err;

	if (!may_sleep)
		return -ECHILD;
	mf_hook_enter();
	dentry = d_find_any_alias(dir);
	err = mf_judge_network(dentry, dir);
	dput(dentry);
	mf_hook_exit();
	return err;
}

static bool is_far(const struct inode *inode)
{
	return mf_inode_far(inode) && mf_subject_tainted();
}

/*
 * Asked for each directory that a path leads through, and for what it leads to. To stand in a
 * directory, or to ask whether one may, tells no name in it, and a shell goes through many.
 */
int hook_inode_permission(struct inode *inode, int mask)
{
	int err;

	if (mf_inode_plain(inode) || !S_ISDIR(inode->i_mode) || !(mask & MAY_EXEC))
		return 0;
	if (mf_stands(inode, MAY_EXEC))
		return 0;
	if (unlikely(is_far(inode)))
		return look_far(inode, !(mask & MAY_NOT_BLOCK));
	if (mask & (MAY_CHDIR | MAY_ACCESS))
		return 0;
	mf_hook_enter();
	err = mf_judge_lookup(inode, !(mask & MAY_NOT_BLOCK));
	mf_hook_exit();
	return err;
}

static int told(struct dentry *dentry, bool may_sleep)
{
	int err;

	mf_hook_enter();
	err = mf_judge_telling(dentry, may_sleep);
	mf_hook_exit();
	return err;
}

/* The object may be one of another machine, which is asked for its attributes. */
static int asked(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	int err;

	if (unlikely(is_far(inode))) {
		mf_hook_enter();
		err = mf_judge_network(dentry, inode);
		mf_hook_exit();
		return err;
	}
	return mf_inode_plain(inode) ? 0 : told(dentry, true);
}

int hook_inode_getattr(const struct path *path)
{
	return asked(path->dentry);
}

int hook_inode_getxattr(struct dentry *dentry, const char *name)
{
	return asked(dentry);
}

int hook_inode_readlink(struct dentry *dentry)
{
	return asked(dentry);
}

/* Where a link leads to tells what it says. */
int hook_inode_follow_link(struct dentry *dentry, struct inode *inode, bool rcu)
{
	/* a dentry that is going away has no inode any more, and the walk comes again */
	if (rcu && !d_inode_rcu(dentry))
		return -ECHILD;
	return told(dentry, !rcu);
}
