/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The zones of a policy as directories, globs expanded; and the list of those applied
 * before, kept in the state directory.
 */
#ifndef MIFENG_ZONE_LIST_H
#define MIFENG_ZONE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct policy;
struct policy_errors;
struct policy_zone;

/**
 * struct zone_entry - one directory
 * @path: owned
 * @zone: where it comes from; NULL for one that was applied before
 */
struct zone_entry {
	char *path;
	const struct policy_zone *zone;
};

/**
 * struct zone_list - zero it before use
 * @entry: @count of them
 * @count: how many
 */
struct zone_list {
	struct zone_entry *entry;
	size_t count;
};

/**
 * zone_list_expand - the directories a policy names
 * @policy: must outlive the list
 * @ret: zone_list_clear() it, also on failure
 * @errors: a warning for a glob that matches nothing
 *
 * A path that is named plainly counts before a glob that matches it too.
 *
 * Returns 0 or -ENOMEM.
 */
int zone_list_expand(const struct policy *policy, struct zone_list *ret,
		     struct policy_errors *errors);

/**
 * zone_list_load - the directories applied before
 * @state: descriptor of the state directory
 * @ret: zone_list_clear() it
 *
 * Returns 0 (also when there was nothing before), -ENOMEM or the errno of the file.
 */
int zone_list_load(int state, struct zone_list *ret);

/**
 * zone_list_save - remember directories
 * @state: descriptor of the state directory
 * @list: these
 * @more: and these, without those that are in @list; may be NULL
 *
 * Returns 0, -ENOMEM or the errno of the file.
 */
int zone_list_save(int state, const struct zone_list *list, const struct zone_list *more);

/** zone_list_has - the path is in the list */
bool zone_list_has(const struct zone_list *list, const char *path);

/** zone_list_clear - free and zero */
void zone_list_clear(struct zone_list *list);

#endif /* MIFENG_ZONE_LIST_H */
