/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_POLICY_H
#define _MF_POLICY_H

#include <linux/types.h>
#include <linux/uidgid.h>

#include "decide.h"

struct path;

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
 * struct mf_known_clearance - one that speaks of a person
 * @group: its id is a gid
 * @clearance: a copy
 */
struct mf_known_clearance {
	bool group;
	struct mf_clearance clearance;
};

/**
 * struct mf_rules - the part of the policy that every verdict looks at
 * @generation: 0 before the first policy
 * @mode: enum mifeng_mode
 * @state: enum mifeng_state
 * @removable: enum mifeng_removable
 */
struct mf_rules {
	u64 generation;
	enum mifeng_mode mode;
	enum mifeng_state state;
	enum mifeng_removable removable;
};

struct mf_transaction;

void mf_rules_get(struct mf_rules *rules);
bool mf_policy_active(void);
bool mf_policy_decides(void);
bool mf_policy_holds_module(void);
u32 mf_clearances_count(void);
bool mf_person_cleared(const struct mf_label *label);
bool mf_policy_pins(void);
bool mf_policy_pinned(const char *exe);
bool mf_policy_quiet_program(const char *exe);
bool mf_policy_quiet_path(const char *path);
u32 mf_person_clearances(struct mf_known_clearance *list, u32 space);
void mf_policy_degrade(void);
void mf_policy_exit(void);

struct mf_transaction *mf_transaction_new(void);
void mf_transaction_free(struct mf_transaction *transaction);
int mf_transaction_add_clearance(struct mf_transaction *transaction, bool group,
				 const struct mf_clearance *clearance);
int mf_transaction_add_zone(struct mf_transaction *transaction, const struct path *dir,
			    const struct mf_label *ceiling);
int mf_transaction_add_subject(struct mf_transaction *transaction, enum mifeng_subject_kind kind,
			       const char *pattern, size_t size);
int mf_transaction_commit(struct mf_transaction *transaction, enum mifeng_mode mode,
			  enum mifeng_removable removable, const struct path **culprit);

#endif /* _MF_POLICY_H */
