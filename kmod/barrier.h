/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_BARRIER_H
#define _MF_BARRIER_H

#include <linux/types.h>

struct task_struct;

bool mf_task_copies(struct task_struct *task);
bool mf_task_walks(struct task_struct *task);
int mf_barrier(struct task_struct *const *tasks, size_t count, unsigned int limit_ms);

#endif /* _MF_BARRIER_H */
