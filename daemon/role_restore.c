// SPDX-License-Identifier: GPL-2.0-or-later
#include "role_restore.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "client.h"
#include "journal.h"
#include "label_text.h"
#include "role_file.h"

static const char *words(const struct client *client, int error)
{
	const char *text = client_error_text(client);

	return text[0] ? text : strerror(-error);
}

/* The safe role. What is kept is not replaced: it may say more of this machine than the kernel knows. */
static void close_machine(struct client *client)
{
	struct role_record closed;
	int r;

	r = client_role_set(client, MIFENG_ROLE_CLOSED, 0, &closed);
	if (r < 0)
		say(LOG_CRIT, "this machine could not be closed: %s; take it off the network, and look at "
		    "mifengctl role", words(client, r));
	else
		say(LOG_ERR, "this machine is closed now: labelled files are unreadable, and no packet leaves "
		    "it; put it back in its role with mifengctl commission, or see mifengd(8)");
}

static void complain_kept(int error, const char *directory)
{
	if (error == -EBADMSG)
		say(LOG_ERR, "the machine's role in %s/" ROLE_FILE_NAME " is damaged, or of a newer version: "
		    "restore the file from a backup, or have the security officer commission the machine "
		    "again", directory);
	else
		say(LOG_ERR, "the machine's role in %s/" ROLE_FILE_NAME " cannot be read: %s", directory,
		    strerror(-error));
}

static void complain_refused(const struct client *client, const struct role_record *kept, int error,
			     const char *directory)
{
	const char *role = role_name(kept->role);

	if (error == -EBADMSG)
		say(LOG_ERR, "the seal of the machine's role in %s/" ROLE_FILE_NAME " does not verify (it says "
		    "%s): the file was edited, or comes from another machine, or the key in label.key is "
		    "another one", directory, role);
	else if (error == -EEXIST)
		say(LOG_ERR, "the machine's role in %s/" ROLE_FILE_NAME " is %s, and another one is in force",
		    directory, role);
	else
		say(LOG_ERR, "the kernel does not take the machine's role (%s) from %s/" ROLE_FILE_NAME ": %s",
		    role, directory, words(client, error));
}

/* After a role was taken back, closed is in force until the machine starts again. */
static void say_role(struct client *client, const struct role_record *kept)
{
	struct client_status status;

	if (client_status_get(client, &status) < 0 || status.role == kept->role)
		say(LOG_NOTICE, "this machine is %s", role_name(kept->role));
	else
		say(LOG_NOTICE, "this machine is %s, and %s once it has been started again",
		    role_name(status.role), role_name(kept->role));
}

void role_restore(struct client *client, int state, const char *directory)
{
	struct role_record kept;
	int r;

	r = role_file_load(state, &kept);
	if (r == -ENOENT)
		return;
	if (r < 0) {
		complain_kept(r, directory);
		close_machine(client);
		return;
	}
	r = client_role_restore(client, &kept);
	if (r == -EOPNOTSUPP) {
		say(LOG_ERR, "the module is older than this mifengd and knows no roles: rebuild it, and "
		    "restart the machine");
		return;
	}
	if (r >= 0) {
		say_role(client, &kept);
		return;
	}
	complain_refused(client, &kept, r, directory);
	close_machine(client);
}
