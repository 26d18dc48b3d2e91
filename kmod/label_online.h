/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_LABEL_ONLINE_H
#define _MF_LABEL_ONLINE_H

#include <linux/types.h>

struct dentry;
struct inode;

bool mf_label_is_brought(struct dentry *dentry, struct inode *inode);
void mf_labels_look_everywhere(void);

#endif /* _MF_LABEL_ONLINE_H */
