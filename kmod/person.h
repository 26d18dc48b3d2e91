/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_PERSON_H
#define _MF_PERSON_H

#include <linux/types.h>
#include <linux/uidgid.h>

#include "decide.h"

/**
 * struct mf_clearance - what a person or group may know
 * @id: uid or gid, initial namespace
 * @level: enum mifeng_level
 * @scopes: compartments
 * @not_before: seconds since 1970
 * @not_after: seconds since 1970
 */
struct mf_clearance {
	u32 id;
	u8 level;
	u64 scopes;
	s64 not_before;
	s64 not_after;
};

/**
 * struct mf_clearances - those of users, or those of groups
 * @count: how many are used
 * @space: how many fit
 * @entries: the clearances, sorted by id once the policy is complete; one id may stand several times
 */
struct mf_clearances {
	u32 count;
	u32 space;
	struct mf_clearance *entries;
};

/**
 * struct mf_known_clearance - one that speaks of a person
 * @group: its id is a gid
 * @clearance: a copy
 */
struct mf_known_clearance {
	bool group;
	struct mf_clearance clearance;
};

/* Where struct mf_grounds has them from, when not from a supplementary group. */
enum { MF_GROUNDS_USER = -1, MF_GROUNDS_FSGID = -2 };

/**
 * struct mf_grounds - why somebody was found cleared for a label
 * @place: MF_GROUNDS_*, or which of his supplementary groups
 * @group: where @place is not MF_GROUNDS_USER
 * @login: login uid, where it is
 * @running: filesystem uid, where it is
 * @not_before: seconds since 1970; the later, where two clearances were needed
 * @not_after: likewise; the earlier
 */
struct mf_grounds {
	int place;
	kgid_t group;
	kuid_t login;
	kuid_t running;
	s64 not_before;
	s64 not_after;
};

void mf_clearances_sort(struct mf_clearances *set);
bool mf_person_cleared(const struct mf_label *label);
bool mf_person_grounds(const struct mf_label *label, struct mf_grounds *grounds);
bool mf_grounds_hold(const struct mf_grounds *grounds);
u32 mf_person_clearances(struct mf_known_clearance *list, u32 space);

#endif /* _MF_PERSON_H */
