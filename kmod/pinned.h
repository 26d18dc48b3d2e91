/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_PINNED_H
#define _MF_PINNED_H

#include <linux/types.h>

struct task_struct;

bool mf_task_pinned(struct task_struct *task);

#endif /* _MF_PINNED_H */
