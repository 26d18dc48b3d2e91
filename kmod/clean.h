/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_CLEAN_H
#define _MF_CLEAN_H

#include "decide.h"
#include "subject.h"

struct mm_struct;
struct task_struct;

int mf_clean_check(struct mm_struct *mm, const struct mf_label *taint,
		   char culprit[MF_CULPRIT_SIZE]);
int mf_clean_tracers(struct task_struct *task, const struct mf_label *taint,
		     char culprit[MF_CULPRIT_SIZE]);
int mf_clean_shared(struct mm_struct *mm, const struct mf_label *taint,
		    char culprit[MF_CULPRIT_SIZE]);
int mf_clean_barrier(struct mm_struct *mm, char culprit[MF_CULPRIT_SIZE]);

#endif /* _MF_CLEAN_H */
