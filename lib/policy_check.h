/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_POLICY_CHECK_H
#define MIFENG_POLICY_CHECK_H

struct policy;
struct policy_errors;
struct policy_scope_set;

/**
 * policy_check - find out what the words mean, and whether they contradict each other
 * @policy: merged from all files; scope bits, ids, times and globs are filled in
 * @flags: POLICY_LOAD_NO_ACCOUNTS leaves ids alone
 * @errors: gets every fault, not only the first
 *
 * Returns 0, -EINVAL with at least one error in @errors, or -ENOMEM.
 */
int policy_check(struct policy *policy, unsigned int flags, struct policy_errors *errors);

/**
 * policy_check_scopes - find the bits of compartments
 * @policy: has their names
 * @set: its bits are filled in
 * @errors: gets every name that is not known
 *
 * Returns 0 or -EINVAL.
 */
int policy_check_scopes(const struct policy *policy, struct policy_scope_set *set,
			struct policy_errors *errors);

#endif /* MIFENG_POLICY_CHECK_H */
