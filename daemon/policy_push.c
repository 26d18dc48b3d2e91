// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_push.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "policy.h"
#include "zone_list.h"

/* Where an error stands that belongs to no line. */
static struct policy_mark whole(const struct policy *policy)
{
	return (struct policy_mark){ .file = policy->file_count ? policy->files[0] : NULL };
}

static int open_directory(const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* The kernel's words if it gave any, else the errno's. */
static const char *words(const struct client *client, int error)
{
	const char *text = client_error_text(client);

	return text[0] ? text : strerror(-error);
}

static int complain_open(const struct zone_entry *entry, int error, struct policy_errors *errors)
{
	struct policy_mark mark = entry->zone->path.mark;

	switch (error) {
	case -ENOENT:
		return policy_error_add(errors, mark,
					"the zone's directory '%s' does not exist; make it, or take "
					"the zone out", entry->path);
	case -ENOTDIR:
		return policy_error_add(errors, mark,
					"'%s' is not a directory; expected one for a zone",
					entry->path);
	case -ELOOP:
		return policy_error_add(errors, mark,
					"'%s' goes through a symbolic link; write the real path "
					"(realpath %s)", entry->path, entry->path);
	default:
		return policy_error_add(errors, mark, "the zone's directory '%s' cannot be opened: %s",
					entry->path, strerror(-error));
	}
}

/* What a glob matches by chance (a file, a link) is not worth refusing the policy. */
static bool may_skip(const struct zone_entry *entry, int error)
{
	return entry->zone->glob && (error == -ENOTDIR || error == -ELOOP || error == -ENOENT);
}

static int put_zone(struct client *client, const struct zone_entry *entry,
		    struct policy_errors *errors)
{
	struct zone zone = {
		.ceiling = entry->zone->ceiling,
		.scopes = entry->zone->scopes.bits,
		.flags = (entry->zone->scratch ? MIFENG_ZONE_SCRATCH : 0) |
			 (entry->zone->names_open ? MIFENG_ZONE_NAMES_OPEN : 0),
	};
	int fd, r;

	fd = open_directory(entry->path);
	if (fd < 0 && may_skip(entry, fd)) {
		policy_warning_add(errors, entry->zone->path.mark,
				   "'%s' matches '%s', which is no directory of its own; skipped",
				   entry->zone->path.text, entry->path);
		return 0;
	}
	if (fd < 0)
		return complain_open(entry, fd, errors);
	r = client_policy_put_zone(client, fd, &zone);
	close(fd);
	if (r < 0)
		return policy_error_add(errors, entry->zone->path.mark,
					"'%s' cannot be made a zone: %s", entry->path,
					words(client, r));
	return 1;
}

static int put_zones(struct client *client, const struct zone_list *list, size_t *ret_count,
		     struct policy_errors *errors)
{
	size_t count = 0;
	int result = 0;

	for (size_t i = 0; i < list->count; i++) {
		int r = put_zone(client, &list->entry[i], errors);

		if (r < 0)
			result = r;
		else
			count += (size_t)r;
	}
	*ret_count = count;
	return result;
}

/* A directory that is gone has nothing to give up. */
static int put_removals(struct client *client, const struct zone_list *before,
			const struct zone_list *now, struct policy_mark mark,
			struct policy_errors *errors)
{
	const struct zone none = { .ceiling = MIFENG_LEVEL_NONE };
	int result = 0;

	for (size_t i = 0; i < before->count; i++) {
		const char *path = before->entry[i].path;
		int fd, r;

		if (zone_list_has(now, path))
			continue;
		fd = open_directory(path);
		if (fd < 0)
			continue;
		r = client_policy_put_zone(client, fd, &none);
		close(fd);
		if (r < 0)
			result = policy_error_add(errors, mark,
						  "'%s' is no longer listed, and cannot be given up "
						  "as a zone: %s", path, words(client, r));
	}
	return result;
}

static int put_clearances(struct client *client, const struct policy *policy,
			  struct policy_errors *errors)
{
	int result = 0;

	for (size_t i = 0; i < policy->clearance_count; i++) {
		const struct policy_clearance *clearance = &policy->clearances[i];
		struct client_clearance put = {
			.group = clearance->group,
			.has_not_before = clearance->not_before.text,
			.has_not_after = clearance->not_after.text,
			.level = clearance->level,
			.id = clearance->id,
			.scopes = clearance->scopes.bits,
			.not_before = clearance->first,
			.not_after = clearance->last,
		};
		int r = client_policy_put_clearance(client, &put);

		if (r < 0)
			result = policy_error_add(errors, clearance->subject.mark,
						  "the clearance of '%s' was refused: %s",
						  clearance->subject.text, words(client, r));
	}
	return result;
}

static int put_subjects(struct client *client, const struct policy *policy,
			struct policy_errors *errors)
{
	int result = 0;

	for (uint8_t kind = 0; kind <= MIFENG_SUBJECT_MAX; kind++) {
		const struct policy_patterns *patterns = &policy->subjects[kind];

		for (size_t i = 0; i < patterns->count; i++) {
			const struct policy_word *pattern = &patterns->pattern[i];
			int r = client_policy_put_subject(client, kind, pattern->text);

			if (r < 0)
				result = policy_error_add(errors, pattern->mark,
							  "'%s' was refused: %s", pattern->text,
							  words(client, r));
		}
	}
	return result;
}

static int put_networks(struct client *client, const struct policy *policy,
			struct policy_errors *errors)
{
	int result = 0;

	for (size_t i = 0; i < policy->network_count; i++) {
		const struct policy_network *network = &policy->networks[i];
		int r = client_policy_put_network(client, &network->prefix, network->ceiling,
						  network->scopes.bits);

		if (r < 0)
			result = policy_error_add(errors, network->net.mark,
						  "the network '%s' was refused: %s", network->net.text,
						  words(client, r));
	}
	return result;
}

/* Between begin and commit or abort. */
static int fill_and_commit(struct client *client, const struct policy *policy,
			   const struct zone_list *before, const struct zone_list *now,
			   uint64_t *ret_generation, size_t *ret_zones,
			   struct policy_errors *errors)
{
	int result, r;

	result = put_clearances(client, policy, errors);
	r = put_subjects(client, policy, errors);
	if (r < 0)
		result = r;
	r = put_networks(client, policy, errors);
	if (r < 0)
		result = r;
	r = put_zones(client, now, ret_zones, errors);
	if (r < 0)
		result = r;
	r = put_removals(client, before, now, whole(policy), errors);
	if (r < 0)
		result = r;
	if (result < 0)
		return result;
	r = client_policy_commit(client, policy->mode, policy->removable, ret_generation);
	if (r < 0)
		return policy_error_add(errors, whole(policy), "the kernel refused the policy: %s",
					words(client, r));
	return 0;
}

static int begin(struct client *client, const struct policy *policy,
		 struct policy_errors *errors)
{
	int r = client_policy_begin(client);

	if (r == -ENOENT && !client_error_text(client)[0])
		return r;
	if (r < 0)
		return policy_error_add(errors, whole(policy), "the kernel takes no policy now: %s",
					words(client, r));
	return 0;
}

int policy_push(struct client *client, int state, const struct policy *policy,
		uint64_t *ret_generation, size_t *ret_zones, struct policy_errors *errors)
{
	struct zone_list before = { 0 }, now = { 0 };
	uint64_t generation = 0;
	size_t zones = 0;
	int r;

	r = zone_list_load(state, &before);
	if (r >= 0)
		r = zone_list_expand(policy, &now, errors);
	/*
	 * First the old and the new: a crash after the commit must not forget a zone that
	 * was made, nor one that is still to be given up.
	 */
	if (r >= 0)
		r = zone_list_save(state, &now, &before);
	if (r < 0 && r != -ENOMEM)
		policy_error_add(errors, whole(policy),
				 "the list of zones in the state directory cannot be kept: %s",
				 strerror(-r));
	if (r >= 0)
		r = begin(client, policy, errors);
	if (r < 0)
		goto clear_lists;
	r = fill_and_commit(client, policy, &before, &now, &generation, &zones, errors);
	if (r < 0) {
		client_policy_abort(client);
		goto clear_lists;
	}
	/* What is in the list too much is given up once more next time: no harm. */
	zone_list_save(state, &now, NULL);
	*ret_generation = generation;
	*ret_zones = zones;
clear_lists:
	zone_list_clear(&before);
	zone_list_clear(&now);
	return r;
}
