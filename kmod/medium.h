/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_MEDIUM_H
#define _MF_MEDIUM_H

#include "decide.h"

struct gendisk;
struct inode;
struct super_block;

#define MF_MEDIUM_NAME_SIZE 32

/* A stack is what the worst of its disks is. */
enum mf_medium {
	MF_MEDIUM_FIXED,
	MF_MEDIUM_UNRESOLVED,
	MF_MEDIUM_CARRIED,
};

/* Who is asked when a filesystem does not know by itself. */
enum mf_server {
	MF_SERVER_NONE,
	MF_SERVER_PROGRAM,	/* FUSE: a program of this machine, which may be anybody's */
	MF_SERVER_NETWORK,
};

enum mf_medium mf_medium_of(const struct super_block *sb);
bool mf_sb_is_memory(const struct super_block *sb);
bool mf_medium_stays(const struct super_block *sb);
bool mf_medium_removable(const struct super_block *sb);
bool mf_disk_of_machine(struct gendisk *disk);
void mf_medium_name(const struct super_block *sb, char name[MF_MEDIUM_NAME_SIZE]);
enum mf_server mf_sb_server(const struct super_block *sb);
bool mf_inode_far(const struct inode *inode);
enum mf_sink mf_sink_of(const struct inode *inode);
void mf_medium_init(void);

#endif /* _MF_MEDIUM_H */
