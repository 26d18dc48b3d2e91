/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_MEDIUM_H
#define _MF_MEDIUM_H

#include "decide.h"

struct inode;
struct super_block;

#define MF_MEDIUM_NAME_SIZE 32

bool mf_sb_is_memory(const struct super_block *sb);
bool mf_medium_removable(const struct super_block *sb);
void mf_medium_name(const struct super_block *sb, char name[MF_MEDIUM_NAME_SIZE]);
enum mf_sink mf_sink_of(const struct inode *inode);
void mf_medium_init(void);

#endif /* _MF_MEDIUM_H */
