// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The schema of the policy: which keys there are, and where their values go.
 */
#include "policy_yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "label_text.h"
#include "policy.h"
#include "policy_network.h"
#include "policy_tree.h"
#include "policy_value.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define VERSION 1

static int read_version(const struct policy_node *node, void *target,
			struct policy_errors *errors)
{
	unsigned int version;
	int r;

	(void)target;
	r = policy_read_number(node, "a version", 1000, &version, errors);
	if (r >= 0 && version != VERSION)
		r = policy_error_add(errors, node->mark,
				     "version %u of the schema is not known; expected %d",
				     version, VERSION);
	return r;
}

static int read_mode(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const char *const names[] = { "enforce", "permissive" };
	struct policy *policy = target;

	return policy_read_choice(node, "mode", names, COUNT(names), mode_from_name,
				  &policy->mode, errors);
}

struct display_names {
	char **zh;
	char **en;
};

static int read_zh(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct display_names *names = target;

	return policy_read_text(node, "a name", names->zh, errors);
}

static int read_en(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct display_names *names = target;

	return policy_read_text(node, "a name", names->en, errors);
}

static int read_levels(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "zh", .read = read_zh },
		{ .name = "en", .read = read_en },
	};
	struct policy *policy = target;
	int result = 0;

	if (node->kind != POLICY_MAPPING)
		return policy_error_add(errors, node->mark,
					"levels is expected to be a mapping like "
					"'secret: {zh: 机密, en: Secret}'");
	for (size_t i = 0; i + 1 < node->count; i += 2) {
		struct display_names names;
		uint8_t level;
		int r;

		r = policy_read_level(node->child[i], "a name for the level", &level, errors);
		if (r >= 0) {
			names.zh = &policy->level_zh[level];
			names.en = &policy->level_en[level];
			r = policy_read_mapping(node->child[i + 1], "the names of a level",
						fields, COUNT(fields), &names, errors);
		}
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

static int add_scope(struct policy *policy, const struct policy_node *key, unsigned int number,
		     struct policy_errors *errors)
{
	struct policy_scope *scope;

	if (!strcmp(key->text, "all") || !strcmp(key->text, "none"))
		return policy_error_add(errors, key->mark,
					"'%s' cannot be the name of a scope: it means %s of them",
					key->text, key->text);
	if (!key->text[0] || strpbrk(key->text, ", \t\n") ||
	    strspn(key->text, "0123456789") == strlen(key->text))
		return policy_error_add(errors, key->mark,
					"'%s' cannot be the name of a scope; expected a word without "
					"spaces or commas that is no number", key->text);
	for (size_t i = 0; i < policy->scope_count; i++) {
		bool same_name;

		scope = &policy->scopes[i];
		same_name = !strcmp(scope->name.text, key->text);
		if (same_name && scope->number == number)
			return 0;
		if (same_name)
			return policy_error_add(errors, key->mark,
						"scope '%s' is number %u here and number %u at "
						"%s:%u; expected one number", key->text, number,
						scope->number, scope->name.mark.file,
						scope->name.mark.line);
		if (scope->number == number)
			return policy_error_add(errors, key->mark,
						"scopes '%s' and '%s' have the same number %u; "
						"expected a number for each", scope->name.text,
						key->text, number);
	}
	scope = policy_array_add(&policy->scopes, &policy->scope_count, sizeof(*scope));
	if (!scope)
		return -ENOMEM;
	scope->number = number;
	return policy_read_word(key, "the name of a scope", &scope->name, errors);
}

static int read_scopes(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy *policy = target;
	int result = 0;

	if (node->kind != POLICY_MAPPING)
		return policy_error_add(errors, node->mark,
					"scopes is expected to be a mapping like "
					"'{finance: 0, personnel: 1}'");
	for (size_t i = 0; i + 1 < node->count; i += 2) {
		unsigned int number;
		int r;

		r = policy_read_number(node->child[i + 1], "a scope number", POLICY_SCOPES - 1,
				       &number, errors);
		if (r >= 0)
			r = add_scope(policy, node->child[i], number, errors);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

static int read_subject(const struct policy_node *node, struct policy_clearance *clearance,
			bool group, struct policy_errors *errors)
{
	if (clearance->subject.text)
		return policy_error_add(errors, node->mark,
					"a clearance is for a user or for a group, not for both; "
					"write two clearances");
	clearance->group = group;
	return policy_read_word(node, group ? "the name of a group" : "the name of a user",
				&clearance->subject, errors);
}

static int read_user(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	return read_subject(node, target, false, errors);
}

static int read_group(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	return read_subject(node, target, true, errors);
}

static int read_level(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy_clearance *clearance = target;

	return policy_read_level(node, "a clearance", &clearance->level, errors);
}

static int read_clearance_scopes(const struct policy_node *node, void *target,
				 struct policy_errors *errors)
{
	struct policy_clearance *clearance = target;

	return policy_read_scopes(node, &clearance->scopes, errors);
}

static int read_not_before(const struct policy_node *node, void *target,
			   struct policy_errors *errors)
{
	struct policy_clearance *clearance = target;

	return policy_read_word(node, "a date like 2026-01-31", &clearance->not_before, errors);
}

static int read_not_after(const struct policy_node *node, void *target,
			  struct policy_errors *errors)
{
	struct policy_clearance *clearance = target;

	return policy_read_word(node, "a date like 2026-01-31", &clearance->not_after, errors);
}

static int read_clearance(const struct policy_node *node, struct policy *policy,
			  struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "user", .read = read_user },
		{ .name = "group", .read = read_group },
		{ .name = "level", .read = read_level, .required = true },
		{ .name = "scopes", .read = read_clearance_scopes },
		{ .name = "not-before", .read = read_not_before },
		{ .name = "not-after", .read = read_not_after },
	};
	struct policy_clearance *clearance;
	int r;

	clearance = policy_array_add(&policy->clearances, &policy->clearance_count, sizeof(*clearance));
	if (!clearance)
		return -ENOMEM;
	clearance->subject.mark = node->mark;
	r = policy_read_mapping(node, "a clearance", fields, COUNT(fields), clearance, errors);
	if (r >= 0 && !clearance->subject.text)
		r = policy_error_add(errors, node->mark,
				     "the clearance is for nobody; expected a key 'user' or 'group'");
	return r;
}

static int read_path(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy_zone *zone = target;

	return policy_read_word(node, "a path", &zone->path, errors);
}

static int read_ceiling(const struct policy_node *node, void *target,
			struct policy_errors *errors)
{
	struct policy_zone *zone = target;

	return policy_read_level(node, "a ceiling", &zone->ceiling, errors);
}

static int read_zone_scopes(const struct policy_node *node, void *target,
			    struct policy_errors *errors)
{
	struct policy_zone *zone = target;

	zone->scopes.all = false;
	return policy_read_scopes(node, &zone->scopes, errors);
}

static int read_scratch(const struct policy_node *node, void *target,
			struct policy_errors *errors)
{
	struct policy_zone *zone = target;

	return policy_read_bool(node, "scratch", &zone->scratch, errors);
}

static int names_open_from_name(const char *name, uint8_t *ret)
{
	if (strcmp(name, "open") && strcmp(name, "protect"))
		return -EINVAL;
	*ret = !strcmp(name, "open");
	return 0;
}

static int read_names(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const char *const names[] = { "protect", "open" };
	struct policy_zone *zone = target;
	uint8_t open = 0;
	int r = policy_read_choice(node, "names", names, COUNT(names), names_open_from_name, &open,
				   errors);

	zone->names_open = open;
	return r;
}

static int read_zone(const struct policy_node *node, struct policy *policy,
		     struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "path", .read = read_path, .required = true },
		{ .name = "ceiling", .read = read_ceiling, .required = true },
		{ .name = "scopes", .read = read_zone_scopes },
		{ .name = "scratch", .read = read_scratch },
		{ .name = "names", .read = read_names },
	};
	struct policy_zone *zone;

	zone = policy_array_add(&policy->zones, &policy->zone_count, sizeof(*zone));
	if (!zone)
		return -ENOMEM;
	zone->scopes.all = true;
	return policy_read_mapping(node, "a zone", fields, COUNT(fields), zone, errors);
}

static int read_list(const struct policy_node *node, const char *what, struct policy *policy,
		     int (*read)(const struct policy_node *node, struct policy *policy,
				 struct policy_errors *errors),
		     struct policy_errors *errors)
{
	int result = 0;

	if (node->kind != POLICY_SEQUENCE)
		return policy_error_add(errors, node->mark,
					"%s is expected to be a list: '- ' before each entry", what);
	for (size_t i = 0; i < node->count; i++) {
		int r = read(node->child[i], policy, errors);

		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

static int read_clearances(const struct policy_node *node, void *target,
			   struct policy_errors *errors)
{
	return read_list(node, "clearances", target, read_clearance, errors);
}

static int read_zones(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	return read_list(node, "zones", target, read_zone, errors);
}

static int read_usb(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const char *const names[] = { "deny", "read-only", "ordinary" };
	struct policy *policy = target;

	return policy_read_choice(node, "access", names, COUNT(names), removable_from_name,
				  &policy->removable, errors);
}

static int read_media(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "usb", .read = read_usb },
	};

	return policy_read_mapping(node, "media", fields, COUNT(fields), target, errors);
}

static int read_patterns(const struct policy_node *node, const char *what,
			 struct policy_patterns *patterns, struct policy_errors *errors)
{
	int result = 0;

	if (node->kind != POLICY_SEQUENCE)
		return policy_error_add(errors, node->mark,
					"%s is expected to be a list: '- ' before each path", what);
	for (size_t i = 0; i < node->count; i++) {
		struct policy_word *pattern;
		int r;

		pattern = policy_array_add(&patterns->pattern, &patterns->count, sizeof(*pattern));
		if (!pattern)
			return -ENOMEM;
		r = policy_read_word(node->child[i], "a path", pattern, errors);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	return result;
}

static int read_pinned(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	struct policy *policy = target;

	return read_patterns(node, "pinned", &policy->subjects[MIFENG_SUBJECT_PINNED], errors);
}

static int read_quiet_programs(const struct policy_node *node, void *target,
			       struct policy_errors *errors)
{
	struct policy *policy = target;

	return read_patterns(node, "programs", &policy->subjects[MIFENG_SUBJECT_QUIET_PROGRAM],
			     errors);
}

static int read_quiet_paths(const struct policy_node *node, void *target,
			    struct policy_errors *errors)
{
	struct policy *policy = target;

	return read_patterns(node, "paths", &policy->subjects[MIFENG_SUBJECT_QUIET_PATH], errors);
}

static int read_quiet(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "programs", .read = read_quiet_programs },
		{ .name = "paths", .read = read_quiet_paths },
	};

	return policy_read_mapping(node, "quiet", fields, COUNT(fields), target, errors);
}

static int read_subjects(const struct policy_node *node, void *target,
			 struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "pinned", .read = read_pinned },
		{ .name = "quiet", .read = read_quiet },
	};

	return policy_read_mapping(node, "subjects", fields, COUNT(fields), target, errors);
}

static int read_networks(const struct policy_node *node, void *target,
			 struct policy_errors *errors)
{
	return policy_read_networks(node, target, errors);
}

static int read_directory(const struct policy_node *node, void *target,
			  struct policy_errors *errors)
{
	struct policy *policy = target;

	return policy_read_word(node, "a path", &policy->log_directory, errors);
}

static int read_log(const struct policy_node *node, void *target, struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "directory", .read = read_directory },
	};

	return policy_read_mapping(node, "log", fields, COUNT(fields), target, errors);
}

int policy_yaml_merge(struct policy *policy, const struct policy_node *root,
		      struct policy_errors *errors)
{
	static const struct policy_field fields[] = {
		{ .name = "version", .read = read_version, .required = true },
		{ .name = "mode", .read = read_mode },
		{ .name = "levels", .read = read_levels },
		{ .name = "scopes", .read = read_scopes },
		{ .name = "clearances", .read = read_clearances },
		{ .name = "zones", .read = read_zones },
		{ .name = "media", .read = read_media },
		{ .name = "subjects", .read = read_subjects },
		{ .name = "networks", .read = read_networks },
		{ .name = "log", .read = read_log },
	};

	return policy_read_mapping(root, "a policy", fields, COUNT(fields), policy, errors);
}
