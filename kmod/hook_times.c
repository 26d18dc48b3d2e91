// SPDX-License-Identifier: GPL-2.0
/*
 * Times that a program changes by doing something it may do: everybody sees them. The time of the last
 * access to a file it reads, which others can make due by touching the file, and that of a FIFO
 * it writes to. Of files it may write to, their zone decides.
 */
#include <linux/fs.h>

#include "hooks.h"
#include "subject.h"

/* As if the file were opened with O_NOATIME. The trampoline does the same without asking. */
int hook_touch_atime(const struct path *path)
{
	return mf_subject_tainted() ? MF_SKIP : 0;
}

int hook_file_update_time(struct file *file)
{
	return mf_subject_tainted() && S_ISFIFO(file_inode(file)->i_mode) ? MF_SKIP : 0;
}
