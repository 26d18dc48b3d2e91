/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_OWNER_H
#define _MF_OWNER_H

struct file;

int mf_judge_owner(struct file *file);
int mf_judge_new_owner(struct file *file, int who);
int mf_judge_unknown_owner(struct file *file);

#endif /* _MF_OWNER_H */
