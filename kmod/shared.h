/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_SHARED_H
#define _MF_SHARED_H

#include "decide.h"
#include "subject.h"

struct file;
struct mm_struct;
struct task_struct;

int mf_shared_tables(const struct mm_struct *mm, const struct mf_label *taint,
		     char culprit[MF_CULPRIT_SIZE]);
int mf_shared_directories(const struct mf_label *taint, char culprit[MF_CULPRIT_SIZE]);
int mf_shared_descriptions(const struct mf_label *taint, char culprit[MF_CULPRIT_SIZE]);
bool mf_shared_keeps(const struct file *file);
bool mf_shared_unequally(const struct file *file);
bool mf_shared_with_less(const struct file *file, const struct mf_label *taint);
bool mf_shared_unseen(const struct file *file);

#endif /* _MF_SHARED_H */
