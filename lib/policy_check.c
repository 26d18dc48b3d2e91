// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_check.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nearest_word.h"
#include "policy.h"
#include "policy_network.h"
#include "policy_path.h"

#define ACCOUNT_BUFFER (64U << 10)
#define SECONDS_PER_DAY 86400

static int check_scope_name(const struct policy *policy, const struct policy_word *name,
			    uint64_t *bits, struct policy_errors *errors)
{
	int number = policy_scope_number(policy, name->text);
	const char *known[POLICY_SCOPES];
	const char *near;

	if (number >= 0) {
		*bits |= 1ULL << number;
		return 0;
	}
	for (size_t i = 0; i < policy->scope_count; i++)
		known[i] = policy->scopes[i].name.text;
	near = nearest_word(name->text, known, policy->scope_count);
	if (near)
		return policy_error_add(errors, name->mark,
					"unknown scope '%s'; did you mean '%s'?", name->text, near);
	return policy_error_add(errors, name->mark,
				"unknown scope '%s'; expected one that is listed under scopes",
				name->text);
}

int policy_check_scopes(const struct policy *policy, struct policy_scope_set *set,
			struct policy_errors *errors)
{
	int result = 0;

	set->bits = set->all ? MIFENG_SCOPES_ALL : 0;
	for (size_t i = 0; i < set->count; i++)
		if (check_scope_name(policy, &set->name[i], &set->bits, errors) < 0)
			result = -EINVAL;
	return result;
}

/* Looks the name up; a number stands for itself. Returns -ENOENT if there is no such. */
static int lookup_account(const char *name, bool group, uint32_t *ret)
{
	struct passwd user, *user_found = NULL;
	struct group gr, *group_found = NULL;
	char *buffer;
	int r;

	if (strspn(name, "0123456789") == strlen(name) && strlen(name) < 10) {
		*ret = (uint32_t)strtoul(name, NULL, 10);
		return 0;
	}
	buffer = malloc(ACCOUNT_BUFFER);
	if (!buffer)
		return -ENOMEM;
	if (group)
		r = getgrnam_r(name, &gr, buffer, ACCOUNT_BUFFER, &group_found);
	else
		r = getpwnam_r(name, &user, buffer, ACCOUNT_BUFFER, &user_found);
	if (group_found)
		*ret = group_found->gr_gid;
	else if (user_found)
		*ret = user_found->pw_uid;
	else
		r = r == ENOMEM ? ENOMEM : ENOENT;
	free(buffer);
	return -r;
}

static int check_account(struct policy_clearance *clearance, struct policy_errors *errors)
{
	const struct policy_word *subject = &clearance->subject;
	int r;

	r = lookup_account(subject->text, clearance->group, &clearance->id);
	if (r == -ENOENT && clearance->group)
		return policy_error_add(errors, subject->mark,
					"unknown group '%s'; expected a group of this machine "
					"(getent group)", subject->text);
	if (r == -ENOENT)
		return policy_error_add(errors, subject->mark,
					"unknown user '%s'; expected an account of this machine "
					"(getent passwd)", subject->text);
	return r;
}

/* The first second of a day, local time. */
static int parse_date(const char *text, int64_t *ret)
{
	struct tm tm = { .tm_isdst = -1 }, given;
	const char *end;
	time_t seconds;

	if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || text[4] != '-' ||
	    text[7] != '-')
		return -EINVAL;
	end = strptime(text, "%Y-%m-%d", &tm);
	if (!end || *end)
		return -EINVAL;
	given = tm;
	seconds = mktime(&tm);
	/* The 31st of a short month would quietly become the 1st of the next. */
	if (seconds == -1 || tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon)
		return -EINVAL;
	*ret = seconds;
	return 0;
}

static int check_date(const struct policy_word *word, int64_t *ret, struct policy_errors *errors)
{
	if (!word->text || !parse_date(word->text, ret))
		return 0;
	return policy_error_add(errors, word->mark,
				"'%s' is no date; expected one like 2026-01-31", word->text);
}

static int check_dates(struct policy_clearance *clearance, struct policy_errors *errors)
{
	int result = 0;

	clearance->first = INT64_MIN;
	clearance->last = INT64_MAX;
	if (check_date(&clearance->not_before, &clearance->first, errors) < 0)
		result = -EINVAL;
	if (check_date(&clearance->not_after, &clearance->last, errors) < 0)
		result = -EINVAL;
	if (result < 0)
		return result;
	if (clearance->last < clearance->first)
		return policy_error_add(errors, clearance->not_after.mark,
					"not-after %s is before not-before %s; expected a later day",
					clearance->not_after.text, clearance->not_before.text);
	if (clearance->not_after.text)
		clearance->last += SECONDS_PER_DAY - 1;
	return 0;
}

static bool same_subject(const struct policy_clearance *a, const struct policy_clearance *b,
			 unsigned int flags)
{
	if (a->group != b->group)
		return false;
	if (flags & POLICY_LOAD_NO_ACCOUNTS)
		return !strcmp(a->subject.text, b->subject.text);
	return a->id == b->id;
}

/* One account has one clearance at a time; periods that follow each other are fine. */
static int check_once(const struct policy *policy, size_t index, unsigned int flags,
		      struct policy_errors *errors)
{
	const struct policy_clearance *clearance = &policy->clearances[index];

	for (size_t i = 0; i < index; i++) {
		const struct policy_clearance *other = &policy->clearances[i];

		if (!same_subject(clearance, other, flags) || other->last < clearance->first ||
		    clearance->last < other->first)
			continue;
		return policy_error_add(errors, clearance->subject.mark,
					"%s '%s' has a clearance for the same time at %s:%u; "
					"expected one", clearance->group ? "group" : "user",
					clearance->subject.text, other->subject.mark.file,
					other->subject.mark.line);
	}
	return 0;
}

static int check_clearances(struct policy *policy, unsigned int flags,
			    struct policy_errors *errors)
{
	int result = 0;

	for (size_t i = 0; i < policy->clearance_count; i++) {
		struct policy_clearance *clearance = &policy->clearances[i];
		bool good = policy_check_scopes(policy, &clearance->scopes, errors) >= 0;
		int r = 0;

		if (!(flags & POLICY_LOAD_NO_ACCOUNTS))
			r = check_account(clearance, errors);
		if (r == -ENOMEM)
			return r;
		if (check_dates(clearance, errors) < 0 || r < 0)
			good = false;
		if (good && check_once(policy, i, flags, errors) < 0)
			good = false;
		if (!good)
			result = -EINVAL;
	}
	return result;
}

static int check_zone(struct policy *policy, size_t index, struct policy_errors *errors)
{
	struct policy_zone *zone = &policy->zones[index];
	int result = policy_check_scopes(policy, &zone->scopes, errors);

	if (policy_check_path(&zone->path, "the path of the zone", errors) < 0)
		return -EINVAL;
	if (!strcmp(zone->path.text, "/"))
		return policy_error_add(errors, zone->path.mark,
					"the whole system cannot be a zone; expected a directory "
					"for classified files");
	zone->glob = strpbrk(zone->path.text, "*?[");
	for (size_t i = 0; i < index; i++) {
		const struct policy_word *other = &policy->zones[i].path;

		if (!strcmp(other->text, zone->path.text))
			return policy_error_add(errors, zone->path.mark,
						"zone '%s' stands at %s:%u as well; expected it once",
						zone->path.text, other->mark.file,
						other->mark.line);
	}
	return result;
}

int policy_check(struct policy *policy, unsigned int flags, struct policy_errors *errors)
{
	int result, r;

	result = check_clearances(policy, flags, errors);
	if (result == -ENOMEM)
		return result;
	for (size_t i = 0; i < policy->zone_count; i++) {
		r = check_zone(policy, i, errors);
		if (r < 0)
			result = r;
	}
	for (size_t kind = 0; kind <= MIFENG_SUBJECT_MAX; kind++) {
		r = policy_check_patterns(&policy->subjects[kind],
					  kind != MIFENG_SUBJECT_QUIET_PATH, errors);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	r = policy_check_networks(policy, errors);
	if (r < 0)
		result = r;
	if (policy->log_directory.text &&
	    policy_check_path(&policy->log_directory, "the directory of the log", errors) < 0)
		result = -EINVAL;
	return result;
}
