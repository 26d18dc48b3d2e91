// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that ask another machine about a file of it and are nobody else's business. What is looked up,
 * opened, read and asked for beside is refused where that is judged for all filesystems.
 */
#include <linux/dcache.h>
#include <linux/fs.h>

#include "attach.h"
#include "description.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "medium.h"
#include "pace.h"
#include "subject.h"

static int ask(struct dentry *dentry, struct inode *inode)
{
	int err;

	if (likely(!mf_subject_tainted()) || !mf_inode_far(inode))
		return 0;
	mf_hook_enter();
	err = mf_judge_network(dentry, inode);
	mf_hook_exit();
	return err;
}

/*
 * Whoever has a file open learns by locks which ones others have. Of a labelled file that is judged as reading;
 * of others a tainted program takes them at a pace.
 */
int hook_file_lock(struct file *file, unsigned int cmd)
{
	int err = ask(file->f_path.dentry, file_inode(file));

	if (err || (likely(mf_inode_plain(file_inode(file))) && likely(!mf_subject_tainted())))
		return err;
	mf_hook_enter();
	err = mf_judge_read(file, MIFENG_OP_READ);
	if (!err && mf_subject_tainted() && !mf_file_covers(file))
		err = mf_pace_wait(MF_PACE_LOCKS);
	mf_hook_exit();
	return err;
}

/* readahead as well: offsets and lengths go there. */
int hook_fadvise(struct file *file, loff_t offset, loff_t length, int advice)
{
	return ask(file->f_path.dentry, file_inode(file));
}

int hook_sb_statfs(struct dentry *dentry)
{
	return ask(dentry, d_inode(dentry));
}
