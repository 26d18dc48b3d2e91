// SPDX-License-Identifier: GPL-2.0
/*
 * Record locks: F_GETLK and /proc/locks tell everybody where a lock begins and ends, which are 126 bits of
 * the program's choice. A lock for reading the whole file, which is what programs take that only
 * look something up, says no more than that they do.
 */
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "subject.h"

static bool is_plain(const struct flock *lock)
{
	return (lock->l_type == F_RDLCK || lock->l_type == F_UNLCK) &&
	       lock->l_whence == SEEK_SET && lock->l_start == 0 && lock->l_len == 0;
}

int hook_fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock *lock)
{
	int err;

	if (likely(!mf_subject_tainted()) || is_plain(lock))
		return 0;
	mf_hook_enter();
	err = mf_judge_lock(file);
	mf_hook_exit();
	return err;
}
