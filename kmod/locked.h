/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_LOCKED_H
#define _MF_LOCKED_H

#include <linux/compiler.h>
#include <linux/types.h>

extern bool mf_is_locked;

/**
 * mf_locked() - is the machine locked, until it starts again
 *
 * Context: any.
 */
static inline bool mf_locked(void)
{
	return unlikely(READ_ONCE(mf_is_locked));
}

int mf_locked_init(void);
void mf_locked_exit(void);
int mf_lock(const char **text);

#endif /* _MF_LOCKED_H */
