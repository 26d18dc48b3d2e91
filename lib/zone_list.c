// SPDX-License-Identifier: GPL-2.0-or-later
#include "zone_list.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "state_file.h"
#include "text_buffer.h"

#define ZONES_NAME	"zones"
#define ZONES_BYTES_MAX	(16U << 20)

static int add(struct zone_list *list, const char *path, const struct policy_zone *zone)
{
	struct zone_entry *more;
	char *copy;

	more = reallocarray(list->entry, list->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->entry = more;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	more[list->count].path = copy;
	more[list->count++].zone = zone;
	return 0;
}

bool zone_list_has(const struct zone_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->entry[i].path, path))
			return true;
	return false;
}

static int expand_glob(const struct policy_zone *zone, struct zone_list *list,
		       struct policy_errors *errors)
{
	glob_t found = { 0 };
	int r;

	r = glob(zone->path.text, 0, NULL, &found);
	if (r == GLOB_NOSPACE)
		return -ENOMEM;
	if (r) {
		policy_warning_add(errors, zone->path.mark,
				   "'%s' matches no directory now; what appears later becomes a "
				   "zone when the policy is applied again", zone->path.text);
		globfree(&found);
		return 0;
	}
	r = 0;
	for (size_t i = 0; i < found.gl_pathc && r >= 0; i++)
		if (!zone_list_has(list, found.gl_pathv[i]))
			r = add(list, found.gl_pathv[i], zone);
	globfree(&found);
	return r;
}

int zone_list_expand(const struct policy *policy, struct zone_list *ret,
		     struct policy_errors *errors)
{
	int r = 0;

	for (size_t i = 0; i < policy->zone_count && r >= 0; i++)
		if (!policy->zones[i].glob)
			r = add(ret, policy->zones[i].path.text, &policy->zones[i]);
	for (size_t i = 0; i < policy->zone_count && r >= 0; i++)
		if (policy->zones[i].glob)
			r = expand_glob(&policy->zones[i], ret, errors);
	return r;
}

/* Paths end with NUL: the only byte that no path can hold. */
int zone_list_load(int state, struct zone_list *ret)
{
	struct zone_list list = { 0 };
	char *data = NULL;
	size_t size;
	int r;

	r = state_read(state, ZONES_NAME, ZONES_BYTES_MAX, &data, &size);
	if (r == -ENOENT) {
		*ret = list;
		return 0;
	}
	for (size_t at = 0; r >= 0 && at < size; at += strlen(data + at) + 1)
		if (data[at] == '/')
			r = add(&list, data + at, NULL);
	free(data);
	if (r < 0) {
		zone_list_clear(&list);
		return r;
	}
	*ret = list;
	return 0;
}

int zone_list_save(int state, const struct zone_list *list, const struct zone_list *more)
{
	struct text_buffer text = { 0 };
	int r;

	for (size_t i = 0; i < list->count; i++)
		text_buffer_add(&text, list->entry[i].path, strlen(list->entry[i].path) + 1);
	for (size_t i = 0; more && i < more->count; i++)
		if (!zone_list_has(list, more->entry[i].path))
			text_buffer_add(&text, more->entry[i].path,
					strlen(more->entry[i].path) + 1);
	r = text.failed ? -ENOMEM : state_write(state, ZONES_NAME, text.data ? text.data : "",
						text.length, false);
	text_buffer_clear(&text);
	return r;
}

void zone_list_clear(struct zone_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->entry[i].path);
	free(list->entry);
	*list = (struct zone_list){ 0 };
}
