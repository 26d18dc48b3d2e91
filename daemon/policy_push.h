/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_POLICY_PUSH_H
#define MIFENGD_POLICY_PUSH_H

#include <stddef.h>
#include <stdint.h>

struct client;
struct policy;
struct policy_errors;

/**
 * policy_push - make the kernel follow a policy: all of it in one transaction, or nothing
 * @client: to speak through
 * @state: descriptor of the state directory, which remembers the zones
 * @policy: a checked policy
 * @ret_generation: the new generation
 * @ret_zones: directories that are zones now
 * @errors: what is wrong, and warnings
 *
 * Globs are expanded here. Zones of an earlier policy that are not in this one are given
 * up in the same transaction. A path through a symbolic link is refused: whoever owns the
 * link would choose the zone.
 *
 * Returns 0, -EINVAL with an error in @errors, -ENOENT when the module is gone, -ENOMEM,
 * or the errno of the state directory (told in @errors).
 */
int policy_push(struct client *client, int state, const struct policy *policy,
		uint64_t *ret_generation, size_t *ret_zones, struct policy_errors *errors);

#endif /* MIFENGD_POLICY_PUSH_H */
