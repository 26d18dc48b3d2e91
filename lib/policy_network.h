/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The internal networks of a policy. */
#ifndef MIFENG_POLICY_NETWORK_H
#define MIFENG_POLICY_NETWORK_H

struct policy;
struct policy_errors;
struct policy_node;

/**
 * policy_read_networks - take in the value of the key `networks`
 * @node: the value
 * @policy: gets its networks, and what becomes of links that lead outside
 * @errors: what is wrong
 *
 * Returns 0, -EINVAL or -ENOMEM.
 */
int policy_read_networks(const struct policy_node *node, struct policy *policy,
			 struct policy_errors *errors);

/**
 * policy_check_networks - make the networks what the kernel takes
 * @policy: all files are in it
 * @errors: gets every fault, not only the first
 *
 * Returns 0 or -EINVAL.
 */
int policy_check_networks(struct policy *policy, struct policy_errors *errors);

#endif /* MIFENG_POLICY_NETWORK_H */
