// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * statx(2) by the kernel's own header: the C library's struct statx may be an older one, without the
 * number of the mount, and the two headers do not go together.
 */
#include "inspect_stat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000LL

/**
 * object_stat() - look at an object without opening it
 * @at: the directory it is in.
 * @name: its name there; empty for @at itself. Neither a symbolic link nor the automounter is followed.
 * @ret: set on success.
 *
 * Return: 0 or a negative errno; -EOPNOTSUPP if the kernel does not tell mounts apart.
 */
int object_stat(int at, const char *name, struct object_stat *ret)
{
	const unsigned int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH;
	const unsigned int mask = STATX_TYPE | STATX_INO | STATX_BTIME | STATX_MNT_ID;
	struct statx info;

	if (syscall(SYS_statx, at, name, flags, mask, &info) < 0)
		return -errno;
	if (!(info.stx_mask & STATX_MNT_ID))
		return -EOPNOTSUPP;
	*ret = (struct object_stat){
		.mount = info.stx_mnt_id, .inode = info.stx_ino, .mode = info.stx_mode,
	};
	if (info.stx_mask & STATX_BTIME)
		ret->born = info.stx_btime.tv_sec * NS_PER_SECOND + info.stx_btime.tv_nsec;
	return 0;
}
