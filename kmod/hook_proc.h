/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_PROC_H
#define _MF_HOOK_PROC_H

#include <linux/types.h>

bool mf_sees_all_names(void);

#endif /* _MF_HOOK_PROC_H */
