/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_CLEAN_H
#define _MF_CLEAN_H

#include "decide.h"
#include "subject.h"

struct mm_struct;
struct task_struct;

/*
 * "A filter of this task has, or had, a seccomp listener": a bit of task->atomic_flags, where the
 * kernel uses the first few (clean.c asserts). Copied with the task, kept by exec, as filters are.
 */
#define MF_TASK_LISTENED 40

void mf_clean_mark_listened(bool all_threads);

static inline bool mf_clean_listened(const struct task_struct *task)
{
	return test_bit(MF_TASK_LISTENED, &task->atomic_flags);
}


int mf_clean_check(struct mm_struct *mm, const struct mf_label *taint,
		   char culprit[MF_CULPRIT_SIZE]);
int mf_clean_tracers(struct task_struct *task, const struct mf_label *taint,
		     char culprit[MF_CULPRIT_SIZE]);
int mf_clean_shared(struct mm_struct *mm, const struct mf_label *taint,
		    char culprit[MF_CULPRIT_SIZE]);
int mf_clean_barrier(struct mm_struct *mm, char culprit[MF_CULPRIT_SIZE]);
int mf_clean_attaching(const struct mm_struct *mm, char culprit[MF_CULPRIT_SIZE]);

#endif /* _MF_CLEAN_H */
