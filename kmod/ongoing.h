/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_ONGOING_H
#define _MF_ONGOING_H

#include <linux/types.h>

struct file;
struct inode;
struct mf_channel;

bool mf_goes_on_reading(struct file *file, bool opens);
bool mf_goes_on_writing(struct file *file, struct inode *inode);
bool mf_goes_on_giving(const struct mf_channel *channel);

#endif /* _MF_ONGOING_H */
