/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of /proc/PID/mountinfo.
 */
#ifndef MIFENG_MOUNT_INFO_H
#define MIFENG_MOUNT_INFO_H

#include <stdint.h>

#define MOUNT_INFO_FILE "/proc/self/mountinfo"

/**
 * struct mount_info - a mount; strings are the owner's, without the kernel's escapes
 * @id: of the mount, what statx(2) calls it
 * @major: of the filesystem's device
 * @minor: of it
 * @root: the directory of the filesystem that is mounted
 * @point: where
 * @type: of the filesystem
 * @source: what it is made of, a device or any word
 * @options: of the filesystem
 */
struct mount_info {
	uint64_t id;
	unsigned int major, minor;
	char *root;
	char *point;
	char *type;
	char *source;
	char *options;
};

/**
 * mount_info_parse - read a line
 * @line: the line, with or without its newline
 * @ret: filled in on success; mount_info_clear() it
 *
 * Returns 0, -EBADMSG if it is no such line, or -ENOMEM.
 */
int mount_info_parse(const char *line, struct mount_info *ret);

/** mount_info_clear - free what it holds, and zero it */
void mount_info_clear(struct mount_info *info);

#endif /* MIFENG_MOUNT_INFO_H */
