/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_LOCKED_H
#define _MF_HOOK_LOCKED_H

int mf_refuse_locked(const char *door);

#endif /* _MF_HOOK_LOCKED_H */
