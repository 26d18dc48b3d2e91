/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_PINNED_H
#define _MF_PINNED_H

#include <linux/audit.h>
#include <linux/sched.h>

/* Is a program one that is never raised. */
static inline bool mf_task_pinned(struct task_struct *task)
{
	return (task->flags & PF_KTHREAD) || !uid_valid(audit_get_loginuid(task));
}

#endif /* _MF_PINNED_H */
