/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_STAT_H
#define TOOLS_INSPECT_STAT_H

#include <stdint.h>

/**
 * struct object_stat - what statx(2) tells that stat(2) does not, and a little beside
 * @mount: number of the mount
 * @inode: number
 * @mode: as stat(2) has it
 * @born: when it was made, ns since 1970; 0 if the filesystem does not know
 */
struct object_stat {
	uint64_t mount, inode;
	uint32_t mode;
	int64_t born;
};

int object_stat(int at, const char *name, struct object_stat *ret);

#endif /* TOOLS_INSPECT_STAT_H */
