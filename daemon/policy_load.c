// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "eventlog.h"
#include "journal.h"
#include "policy.h"
#include "policy_push.h"
#include "record.h"

void policy_say(const struct policy_errors *errors)
{
	size_t all = errors->errors + errors->warnings;

	for (size_t i = 0; i < errors->kept; i++)
		say(errors->warning[i] ? LOG_WARNING : LOG_ERR, "%s", errors->text[i]);
	if (all > errors->kept)
		say(LOG_ERR, "and %zu more", all - errors->kept);
}

static const char *first_error(const struct policy_errors *errors)
{
	for (size_t i = 0; i < errors->kept; i++)
		if (!errors->warning[i])
			return errors->text[i];
	return NULL;
}

static int record_rejected(struct eventlog *log, const struct policy *policy,
			   const struct policy_errors *errors, int error)
{
	const char *first = first_error(errors);
	struct record record = {
		.type = RECORD_POLICY_REJECTED,
		.digest = policy ? (char *)policy->digest : NULL,
		.text = (char *)(first ? first : strerror(-error)),
	};

	return eventlog_record(log, &record);
}

static int record_applied(struct eventlog *log, const struct policy *policy,
			  const struct policy_state *state)
{
	struct record record = {
		.type = RECORD_POLICY_APPLIED,
		.generation = state->generation,
		.count = state->zones,
		.digest = (char *)policy->digest,
	};

	return eventlog_record(log, &record);
}

void policy_state_clear(struct policy_state *state)
{
	free(state->networks);
	*state = (struct policy_state){ 0 };
}

/* What the daemon goes by itself. */
static int learn(const struct policy *policy, struct policy_state *state)
{
	state->networks = calloc(policy->network_count + 1, sizeof(*state->networks));
	if (!state->networks)
		return -ENOMEM;
	for (size_t i = 0; i < policy->network_count; i++)
		state->networks[i] = policy->networks[i].prefix;
	state->network_count = policy->network_count;
	state->outside_down = policy->outside_down;
	return 0;
}

int policy_reload(struct client *client, int state_directory, const char *path,
		  struct eventlog *log, struct policy_state *state)
{
	struct policy_errors errors = { 0 };
	struct policy_state applied = { 0 };
	struct policy *policy = NULL;
	int r, logged;

	r = policy_load(path, POLICY_LOAD_TRUSTED, &policy, &errors);
	if (r >= 0)
		r = learn(policy, &applied);
	if (r >= 0)
		r = policy_push(client, state_directory, policy, &applied.generation,
				&applied.zones, &errors);
	policy_say(&errors);
	if (r < 0) {
		policy_state_clear(&applied);
		logged = record_rejected(log, policy, &errors, r);
	} else {
		policy_state_clear(state);
		*state = applied;
		logged = record_applied(log, policy, state);
	}
	policy_free(policy);
	policy_errors_clear(&errors);
	return logged < 0 ? logged : r;
}
