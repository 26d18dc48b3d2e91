/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_ROLE_H
#define _MF_ROLE_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "decide.h"

/**
 * struct mf_role - what the machine is for
 * @role: enum mifeng_role
 * @flags: MIFENG_ROLE_*
 * @serial: how often it has changed
 * @seal: by the machine's key over the others
 */
struct mf_role {
	u8 role;
	u32 flags;
	u64 serial;
	u8 seal[MIFENG_ROLE_SEAL_SIZE];
};

extern u8 mf_role_now;

/**
 * mf_role() - what the machine is for, now
 *
 * Whoever is about to hold something classified asks after he has made known that he will: see role.c.
 * Context: any.
 *
 * Return: the role.
 */
static inline enum mifeng_role mf_role(void)
{
	return READ_ONCE(mf_role_now);
}

void mf_role_get(struct mf_role *role);
int mf_role_set(enum mifeng_role to, u32 new_flags, struct mf_role *role, const char **text);
int mf_role_restore(struct mf_role *role, const char **text);

#endif /* _MF_ROLE_H */
