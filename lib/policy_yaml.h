/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_POLICY_YAML_H
#define MIFENG_POLICY_YAML_H

struct policy;
struct policy_errors;
struct policy_node;

/**
 * policy_yaml_merge - take what one file says into the policy, by the schema
 * @policy: what the files before said; half changed on failure
 * @root: the file
 * @errors: what is wrong
 *
 * Returns 0, -EINVAL with at least one error in @errors, or -ENOMEM.
 */
int policy_yaml_merge(struct policy *policy, const struct policy_node *root,
		      struct policy_errors *errors);

#endif /* MIFENG_POLICY_YAML_H */
