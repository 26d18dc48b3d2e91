// SPDX-License-Identifier: GPL-2.0-or-later
#include "role_change.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <mifeng.h>

#include "label_text.h"
#include "message.h"
#include "module.h"
#include "state_file.h"
#include "text.h"

/**
 * role_change_open() - find out how it stands
 * @change: filled in on success; role_change_close() it.
 *
 * Return: EXIT_CODE_OK, or what to exit with; the reason has been told.
 */
enum exit_code role_change_open(struct role_change *change)
{
	struct role_change found = { .state = -1 };
	enum exit_code result;
	int error;

	result = module_open(&found.client);
	if (result != EXIT_CODE_OK)
		return result;
	error = client_status_get(found.client, &found.status);
	if (error) {
		result = module_failure(found.client, error);
	} else if (!found.status.has_role) {
		complain(_("the loaded module is older than this mifengctl and knows no roles; install both from "
			   "the same release and restart the machine"));
		result = EXIT_CODE_FAILED;
	} else {
		found.state = state_open(STATE_DIRECTORY);
		if (found.state < 0) {
			complain(_("%s cannot be opened: %s"), STATE_DIRECTORY, strerror(-found.state));
			result = EXIT_CODE_FAILED;
		}
	}
	if (result != EXIT_CODE_OK) {
		client_free(found.client);
		return result;
	}
	found.kept_error = role_file_load(found.state, &found.kept);
	*change = found;
	return EXIT_CODE_OK;
}

/** role_change_close() - free what role_change_open() found */
void role_change_close(struct role_change *change)
{
	client_free(change->client);
	close(change->state);
}

/** role_change_is_done() - the role is in force, and will be after the next start */
bool role_change_is_done(const struct role_change *change, uint8_t role)
{
	return change->status.role == role && !change->kept_error && change->kept.role == role;
}

/* One step: the role in the kernel, then on the disk. */
static enum exit_code step(struct role_change *change, uint8_t role, uint32_t flags)
{
	struct role_record record;
	int error;

	error = client_role_set(change->client, role, flags, &record);
	if (error)
		return module_failure(change->client, error);
	/* In force may be another one: what has been classified stays closed until it starts again. */
	error = client_status_get(change->client, &change->status);
	if (error)
		return module_failure(change->client, error);
	error = role_file_save(change->state, &record);
	if (error) {
		complain(_("that this machine is %s could not be kept in %s/%s: %s; after the next start it would be "
			   "something else: make room there and give the command again"),
			 role_name(record.role), STATE_DIRECTORY, ROLE_FILE_NAME, strerror(-error));
		return EXIT_CODE_FAILED;
	}
	change->kept = record;
	change->kept_error = 0;
	return EXIT_CODE_OK;
}

static bool was_classified(const struct role_change *change)
{
	return !change->kept_error && (change->kept.flags & MIFENG_ROLE_CLASSIFIED_ONCE);
}

/**
 * role_change_to() - give the machine a role, and keep that on the disk
 * @change: its status and record follow.
 * @role: enum mifeng_role.
 *
 * What is kept but not in force yet, because no mifengd has started, comes first: the kernel would not
 * know else that the machine has been classified. That it is about to be so for the first time is on the disk
 * before it can read a document.
 *
 * Return: EXIT_CODE_OK, or what to exit with; the reason has been told.
 */
enum exit_code role_change_to(struct role_change *change, uint8_t role)
{
	enum exit_code result;

	if (!change->kept_error)
		client_role_restore(change->client, &change->kept);
	if (role == MIFENG_ROLE_CLASSIFIED && !was_classified(change)) {
		result = step(change, MIFENG_ROLE_CLOSED, MIFENG_ROLE_CLASSIFIED_ONCE);
		if (result != EXIT_CODE_OK)
			return result;
	}
	return step(change, role, 0);
}

/**
 * role_change_stopped() - tell what a change that did not get to its end leaves behind
 * @change: how it stands now.
 */
void role_change_stopped(const struct role_change *change)
{
	if (change->status.role == MIFENG_ROLE_CLOSED)
		complain(_("this machine is closed now: labelled files are unreadable, and no packet leaves it. When "
			   "what is said above has been put right, go on with 'mifengctl commission', or back with "
			   "'mifengctl retire'"));
	else
		complain(_("this machine is still %s"), role_name(change->status.role));
}
