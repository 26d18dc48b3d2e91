/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_SUBJECT_H
#define _MF_SUBJECT_H

#include <linux/bitops.h>
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/sched/coredump.h>

#include "decide.h"

struct file;

/*
 * "This address space has a taint": a bit of mm->flags between the kernel's dump filter
 * and its first flag, used by none and not copied on fork (subject.c asserts both).
 * Atomic bitops are the kernel's own rule for this word.
 */
#define MF_MM_TAINTED 14

/*
 * "This task had a taint when it gave its address space up, and ends": a bit of task->atomic_flags
 * (clean.h has another).
 */
#define MF_TASK_WAS_TAINTED 41

#define MF_CULPRIT_SIZE 128

static inline bool mf_mm_tainted(const struct mm_struct *mm)
{
	return mm && test_bit(MF_MM_TAINTED, &mm->flags);
}

static inline bool mf_subject_tainted(void)
{
	return mf_mm_tainted(current->mm);
}

/* Also for a task that ends, has no address space any more and closes its files. */
static inline bool mf_subject_left_tainted(void)
{
	return current->mm ? mf_mm_tainted(current->mm) :
			     test_bit(MF_TASK_WAS_TAINTED, &current->atomic_flags);
}

void mf_subjects_exit(void);
u32 mf_subjects_count(void);
bool mf_subjects_tainted(void);

bool mf_subject_taint(const struct mm_struct *mm, struct mf_label *label);
bool mf_subject_settled(const struct mm_struct *mm, struct mf_label *label);
bool mf_subject_of_task(const struct task_struct *task, bool settled, struct mf_label *label);
bool mf_subject_of_program(const struct task_struct *task, bool settled, struct mf_label *label);
bool mf_task_was_tainted(const struct task_struct *task);
const struct mf_label *mf_subject_holds(void);
bool mf_subject_lineage(const struct mm_struct *mm, char *source, size_t size, s64 *when);
void mf_subject_cite(struct file *source);
int mf_subject_raise(const struct mf_label *label, struct file *source, const char *name,
		     bool insist, char culprit[MF_CULPRIT_SIZE]);
int mf_subject_spoil(const char *how);
const char *mf_subject_spoilt(const struct mm_struct *mm);
int mf_subject_prepare(struct mm_struct *mm, const struct mf_label *label, struct file *source);
int mf_subject_inherit(struct mm_struct *child);

#endif /* _MF_SUBJECT_H */
