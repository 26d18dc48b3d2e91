/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy as it stands in YAML under /etc/mifeng/policy.d: read, merged and checked.
 *
 * Three stages: policy_tree.c turns YAML into a tree with marks, policy_yaml.c turns
 * the tree into a struct policy by the schema, policy_check.c looks up accounts and
 * scopes and finds contradictions. Nothing here talks to the kernel.
 */
#ifndef MIFENG_POLICY_H
#define MIFENG_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mifeng.h>

#include "net_prefix.h"
#include "policy_error.h"

#define POLICY_DIRECTORY	"/etc/mifeng/policy.d"
#define POLICY_FILE_MAX		(1U << 20)	/* bytes; a longer file is refused */
#define POLICY_SCOPES		64
#define POLICY_DIGEST_TEXT	65		/* SHA-256 in hex, and the NUL */

/**
 * struct policy_word - a string somebody wrote, and where
 * @text: owned; NULL if it was not given
 * @mark: where
 */
struct policy_word {
	char *text;
	struct policy_mark mark;
};

/**
 * struct policy_scope - a named compartment
 * @name: its name
 * @number: its bit, 0..63
 */
struct policy_scope {
	struct policy_word name;
	unsigned int number;
};

/**
 * struct policy_scope_set - compartments as written and as found
 * @all: the word "all" stood there
 * @name: the names, if not
 * @count: of them
 * @bits: filled in by the check
 */
struct policy_scope_set {
	bool all;
	struct policy_word *name;
	size_t count;
	uint64_t bits;
};

/**
 * struct policy_clearance - who may know what
 * @subject: name or number of the account
 * @group: @subject is a group
 * @level: enum mifeng_level
 * @scopes: compartments
 * @not_before: the first day, YYYY-MM-DD, or no text
 * @not_after: the last day, or no text
 * @id: uid or gid, filled in by the check
 * @first: first second it holds, local time of this machine; filled in by the check
 * @last: last second it holds; filled in by the check
 */
struct policy_clearance {
	struct policy_word subject;
	bool group;
	uint8_t level;
	struct policy_scope_set scopes;
	struct policy_word not_before;
	struct policy_word not_after;
	uint32_t id;
	int64_t first;
	int64_t last;
};

/**
 * struct policy_zone - a directory that may hold classified files
 * @path: absolute; may be a glob
 * @glob: it is one
 * @scratch: for temporary files
 * @names_open: names in it are no data
 * @ceiling: enum mifeng_level
 * @scopes: compartments; all if not said
 */
struct policy_zone {
	struct policy_word path;
	bool glob;
	bool scratch;
	bool names_open;
	uint8_t ceiling;
	struct policy_scope_set scopes;
};

/**
 * struct policy_network - an internal network
 * @net: as it was written
 * @prefix: filled in by the check
 * @ceiling: enum mifeng_level, of what tainted programs may send there; none if not said
 * @scopes: compartments of that; none if not said
 */
struct policy_network {
	struct policy_word net;
	struct net_prefix prefix;
	uint8_t ceiling;
	struct policy_scope_set scopes;
};

/**
 * struct policy_patterns - globs over whole paths
 * @pattern: as the kernel takes them after the check; none stands twice then
 * @count: of them
 */
struct policy_patterns {
	struct policy_word *pattern;
	size_t count;
};

/**
 * struct policy - everything, merged
 * @mode: enum mifeng_mode
 * @removable: enum mifeng_removable, what unregistered sticks are
 * @level_zh: display names per level, NULL if not given
 * @level_en: the same in English
 * @scopes: @scope_count named compartments
 * @clearances: @clearance_count of them
 * @zones: @zone_count of them
 * @subjects: by enum mifeng_subject_kind
 * @networks: @network_count internal ones
 * @outside_down: a link that leads outside is set down by the daemon on a classified machine
 * @log_directory: no text if not given
 * @file_count: files it was read from
 * @files: their names; the marks point into this
 * @digest: SHA-256 over names and contents of the files, hex
 */
struct policy {
	uint8_t mode;
	uint8_t removable;
	char *level_zh[MIFENG_LEVEL_MAX + 1];
	char *level_en[MIFENG_LEVEL_MAX + 1];
	struct policy_scope *scopes;
	size_t scope_count;
	struct policy_clearance *clearances;
	size_t clearance_count;
	struct policy_zone *zones;
	size_t zone_count;
	struct policy_patterns subjects[MIFENG_SUBJECT_MAX + 1];
	struct policy_network *networks;
	size_t network_count;
	bool outside_down;
	struct policy_word log_directory;
	char **files;
	size_t file_count;
	char digest[POLICY_DIGEST_TEXT];
};

/* Flags of policy_load(). */
#define POLICY_LOAD_TRUSTED	(1U << 0)	/* refuse files others than root may write */
#define POLICY_LOAD_NO_ACCOUNTS	(1U << 1)	/* do not look up users and groups */

/**
 * policy_load - read, merge and check
 * @path: a file, or a directory whose *.yaml are merged in order of name
 * @flags: POLICY_LOAD_*
 * @ret: the policy on success; policy_free() it
 * @errors: what is wrong, for people: up to POLICY_ERRORS_MAX lines and a count of all.
 *	May get warnings on success as well.
 *
 * Lists of several files are joined; of settings given in several files the last one
 * counts; a display name or scope may be repeated if it says the same.
 *
 * Returns 0, -EINVAL with at least one error in @errors, -ENOENT if there is no such file
 * or the directory holds no *.yaml (also told in @errors), or -ENOMEM.
 */
int policy_load(const char *path, unsigned int flags, struct policy **ret,
		struct policy_errors *errors);

/**
 * policy_free - free everything
 * @policy: may be NULL or half built
 *
 * Returns NULL.
 */
struct policy *policy_free(struct policy *policy);

/**
 * policy_scope_number - look a compartment up by its name
 * @policy: the policy
 * @name: the name
 *
 * Returns its number, or -ENOENT.
 */
int policy_scope_number(const struct policy *policy, const char *name);

/**
 * policy_scope_name - look a compartment up by its number
 * @policy: the policy; may be NULL
 * @number: 0..63
 *
 * Returns NULL if it has no name.
 */
const char *policy_scope_name(const struct policy *policy, unsigned int number);

#endif /* MIFENG_POLICY_H */
