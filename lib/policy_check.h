/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_POLICY_CHECK_H
#define MIFENG_POLICY_CHECK_H

struct policy;
struct policy_errors;

/**
 * policy_check - find out what the words mean, and whether they contradict each other
 * @policy: merged from all files; scope bits, ids, times and globs are filled in
 * @flags: POLICY_LOAD_NO_ACCOUNTS leaves ids alone
 * @errors: gets every fault, not only the first
 *
 * Returns 0, -EINVAL with at least one error in @errors, or -ENOMEM.
 */
int policy_check(struct policy *policy, unsigned int flags, struct policy_errors *errors);

#endif /* MIFENG_POLICY_CHECK_H */
