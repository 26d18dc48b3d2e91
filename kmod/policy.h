/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_POLICY_H
#define _MF_POLICY_H

#include <linux/types.h>

#include "decide.h"

struct mf_clearance;
struct mf_clearances;
struct path;

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
bool mf_policy_permissive(void);
bool mf_policy_holds_module(void);
bool mf_policy_enforces(void);
u32 mf_clearances_count(void);
u32 mf_networks_count(void);
bool mf_policy_internal(const u8 address[16], struct mf_label *ceiling);
bool mf_policy_network_for(const struct mf_label *label, struct mf_label *ceiling);
bool mf_policy_has_zones(void);
void mf_policy_hold_module(void);
const struct mf_clearances *mf_policy_clearances(bool groups);
bool mf_policy_pins(void);
bool mf_policy_pinned(const char *exe);
bool mf_policy_quiet_program(const char *exe);
bool mf_policy_quiet_path(const char *path);
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
int mf_transaction_add_network(struct mf_transaction *transaction, const u8 *address, size_t size,
			       u8 prefix, const struct mf_label *ceiling);
int mf_transaction_commit(struct mf_transaction *transaction, enum mifeng_mode mode,
			  enum mifeng_removable removable, const struct path **culprit);

#endif /* _MF_POLICY_H */
