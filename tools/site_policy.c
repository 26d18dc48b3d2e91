// SPDX-License-Identifier: GPL-2.0-or-later
/* The policy of this machine, for names of scopes and places; never for decisions. */
#include "site_policy.h"

#include <stddef.h>

#include "policy.h"

/**
 * site_policy_load() - read the policy of this machine
 *
 * A policy that is missing, unreadable or wrong costs names only, so nothing is said
 * about it here: `mifengctl policy check` tells.
 *
 * Return: the policy, policy_free() it; NULL if there is none to be had.
 */
struct policy *site_policy_load(void)
{
	struct policy_errors errors = { 0 };
	struct policy *policy = NULL;

	if (policy_load(POLICY_DIRECTORY, POLICY_LOAD_NO_ACCOUNTS, &policy, &errors))
		policy = NULL;
	policy_errors_clear(&errors);
	return policy;
}
