/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_DISK_H
#define _MF_HOOK_DISK_H

struct file;

int mf_disk_command(const struct file *file, unsigned int cmd);

#endif /* _MF_HOOK_DISK_H */
