// SPDX-License-Identifier: GPL-2.0
/*
 * Record locks: F_GETLK tells where a lock begins and ends, which are 126 bits of the program's choice; so
 * does /proc/locks, which leaves those of tainted programs out (hook_proc.c). A lock for reading the whole file, which is what programs take that only
 * look something up, says no more than that they do. A lock that begins at the position of an open
 * file tells that position, also by whoever else has the file.
 */
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "attach.h"
#include "description.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "subject.h"

static bool is_plain(const struct flock *lock)
{
	return (lock->l_type == F_RDLCK || lock->l_type == F_UNLCK) &&
	       lock->l_whence == SEEK_SET && lock->l_start == 0 && lock->l_len == 0;
}

static int begins_at(struct file *file, const struct flock *lock)
{
	int err;

	if (lock->l_whence != SEEK_CUR || !mf_description_shared(file))
		return 0;
	mf_hook_enter();
	err = mf_judge_position(file, false);
	mf_hook_exit();
	return err;
}

int hook_fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock *lock)
{
	int err = begins_at(file, lock);

	if (err || likely(!mf_subject_tainted()) || is_plain(lock))
		return err;
	mf_hook_enter();
	err = mf_judge_lock(file);
	mf_hook_exit();
	return err;
}

/* Where others have locked a file says what a tainted one that writes there likes. */
int hook_fcntl_getlk(struct file *file, unsigned int cmd, struct flock *lock)
{
	int err = begins_at(file, lock);

	if (err || likely(mf_inode_plain(file_inode(file))))
		return err;
	mf_hook_enter();
	err = mf_judge_read(file, MIFENG_OP_READ);
	mf_hook_exit();
	return err;
}
