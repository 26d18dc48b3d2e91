/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_POLICY_LOAD_H
#define MIFENGD_POLICY_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net_prefix.h"

struct client;
struct eventlog;
struct policy;
struct policy_errors;

/**
 * struct policy_state - the policy that is in force
 * @generation: 0 while this daemon has applied none
 * @zones: directories that are zones
 * @networks: @network_count internal ones; owned
 * @network_count: see @networks
 * @outside_down: links that lead outside are to be set down
 */
struct policy_state {
	uint64_t generation;
	size_t zones;
	struct net_prefix *networks;
	size_t network_count;
	bool outside_down;
};

/** policy_state_clear - free and zero */
void policy_state_clear(struct policy_state *state);

/** policy_say - tell people what stands in @errors */
void policy_say(const struct policy_errors *errors);

/**
 * policy_reload - read the policy, check it, and let the kernel follow it
 * @client: to speak through
 * @state_directory: descriptor
 * @path: of the policy
 * @log: gets a record of the outcome
 * @state: changed on success only
 *
 * Errors are said here and recorded; the policy in force stays.
 *
 * Returns 0, -EINVAL or -ENOENT for a policy that was rejected, or the errno of the log
 * if the outcome could not be recorded.
 */
int policy_reload(struct client *client, int state_directory, const char *path,
		  struct eventlog *log, struct policy_state *state);

#endif /* MIFENGD_POLICY_LOAD_H */
