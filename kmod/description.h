/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_DESCRIPTION_H
#define _MF_DESCRIPTION_H

#include <linux/fs.h>

#include "uapi/mifeng.h"

/* A bit of f_mode that neither kernel uses: others than one program may have the description. */
#ifdef FMODE_BUF_RASYNC /* before Linux 6.9 */
#define MF_FMODE_SHARED ((__force fmode_t)(1U << 24))
#else
#define MF_FMODE_SHARED ((__force fmode_t)(1U << 30))
#endif

static inline bool mf_description_shared(const struct file *file)
{
	return file->f_mode & MF_FMODE_SHARED;
}

void mf_description_mark(struct file *file);
void mf_descriptions_mark(void);
bool mf_description_is_told(const struct dentry *dentry);
bool mf_file_covers(struct file *file);
int mf_judge_description(struct file *file, enum mifeng_operation operation, bool quiet);
int mf_judge_seals(struct file *file);
int mf_judge_position(struct file *file, bool changes);
int mf_judge_telling_description(struct file *file);

#endif /* _MF_DESCRIPTION_H */
