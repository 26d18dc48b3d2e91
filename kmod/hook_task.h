/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_TASK_H
#define _MF_HOOK_TASK_H

#include <linux/types.h>

bool mf_sees_all_names(void);

#endif /* _MF_HOOK_TASK_H */
