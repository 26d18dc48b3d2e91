/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_GUARD_H
#define _MF_HOOK_GUARD_H

int mf_refuse_passing_by(const char *door);

#endif /* _MF_HOOK_GUARD_H */
