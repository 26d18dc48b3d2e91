/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_PROC_H
#define _MF_HOOK_PROC_H

#include <linux/types.h>

struct task_struct;

bool mf_sees_all_names(void);
bool mf_hides_itself(const struct task_struct *task);

#endif /* _MF_HOOK_PROC_H */
