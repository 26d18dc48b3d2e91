/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_STANDING_H
#define _MF_STANDING_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "person.h"

/* What an answer is about, beside MAY_READ and MAY_WRITE. The inode or channel may be opened. */
#define MF_MAY_OPEN MAY_OPEN

#define MF_ANSWERS_BITS 5

/**
 * struct mf_answer - one answer that stands: a line of the cache
 * @key: inode, or what the channel is known by; compared, never followed
 * @mm: address space of the program; likewise
 * @since: what mf_standing_since() said before the answer was made
 * @may: MAY_READ, MAY_WRITE, MF_MAY_OPEN, of a directory MAY_EXEC to look names up: what is allowed
 *	without a record
 * @grounds: why the person is cleared, where @may has MF_MAY_OPEN
 */
struct mf_answer {
	const void *key;
	const struct mm_struct *mm;
	s64 since;
	int may;
	struct mf_grounds grounds;
} ____cacheline_aligned;

extern atomic64_t mf_standing_changes;
DECLARE_PER_CPU(struct mf_answer[1 << MF_ANSWERS_BITS], mf_answers);

/* Context: preemption is disabled. */
static __always_inline struct mf_answer *mf_answer_place(const void *key,
							 const struct mm_struct *mm)
{
	const unsigned long both = (unsigned long)key ^ (unsigned long)mm;

	return this_cpu_ptr(&mf_answers[hash_64(both, MF_ANSWERS_BITS)]);
}

static __always_inline bool mf_answer_is(const struct mf_answer *answer, const void *key,
					 const struct mm_struct *mm, int may)
{
	return answer->key == key && answer->mm == mm && (answer->may & may) == may &&
	       answer->since == atomic64_read(&mf_standing_changes);
}

/**
 * mf_stands() - is it known that the current program may go on with what it does
 * @key: inode, or what the channel is known by
 * @may: MAY_READ, MAY_WRITE, MAY_EXEC
 *
 * Context: any of a task.
 *
 * Return: true if it may, without a record; false says nothing.
 */
static __always_inline bool mf_stands(const void *key, int may)
{
	const struct mm_struct *mm = current->mm;
	bool stands;

	preempt_disable();
	stands = mf_answer_is(mf_answer_place(key, mm), key, mm, may);
	preempt_enable();
	return stands;
}

bool mf_stands_open(const void *key, int may);
s64 mf_standing_since(void);
void mf_standing_note(const void *key, int may, const struct mf_grounds *grounds, s64 since);
void mf_standing_void(void);

#endif /* _MF_STANDING_H */
