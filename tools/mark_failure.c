// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a file was not marked, in words that say what to do about it. */
#include "mark_failure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mifeng.h>

#include "client.h"
#include "label_text.h"
#include "module.h"
#include "policy.h"
#include "text.h"
#include "text_buffer.h"

/* Zones come with the policy: before the first one there are none. */
static bool policy_is_missing(struct client *client)
{
	struct client_status status;

	return client_status_get(client, &status) == 0 && status.generation == 0;
}

/* The kernel marks nothing on a machine that is not classified. */
static bool machine_is_not_classified(struct client *client)
{
	struct client_status status;

	return client_status_get(client, &status) == 0 && status.has_role &&
	       status.role != MIFENG_ROLE_CLASSIFIED;
}

/* EXDEV has several causes with different ways out; the zone tells which. */
static void explain_zone(const struct zone *zone, const struct label *wanted,
			 const struct policy *policy, const char *words, struct text_buffer *text)
{
	uint64_t missing = wanted->scopes & ~zone->scopes;
	char *scopes;

	if (!zone->present) {
		text_buffer_add_text(text, _("it is outside every zone; move it into one"));
		if (policy && policy->zone_count)
			text_buffer_format(text, _(", such as %s"), policy->zones[0].path.text);
		return;
	}
	if (wanted->level > zone->ceiling) {
		text_buffer_format(text,
				   _("its zone holds files up to %s, not %s; move it to "
				     "a zone with a higher ceiling"),
				   level_name(zone->ceiling), level_name(wanted->level));
		return;
	}
	/* A third cause, such as a zone on a medium that can be carried away. */
	if (!missing) {
		text_buffer_add_text(text, words);
		return;
	}
	if (scopes_to_text(missing, policy, &scopes))
		scopes = NULL;
	text_buffer_format(text, _("its zone is not for the scopes %s; move it to one that is"),
			   scopes ? scopes : "?");
	free(scopes);
}

/**
 * mark_failure_text() - put the kernel's refusal of a mark into words
 * @client: the connection.
 * @fd: the file.
 * @wanted: the label that was asked for.
 * @policy: for names; may be NULL.
 * @error: what client_mark() returned, negative.
 * @text: gets the sentence appended, with the kernel's own words where there are no better ones.
 *
 * Return: what to exit with.
 */
enum exit_code mark_failure_text(struct client *client, int fd, const struct label *wanted,
				 const struct policy *policy, int error, struct text_buffer *text)
{
	enum exit_code result = EXIT_CODE_FAILED;
	struct label label;
	struct zone zone;
	/* The next question to the module would make it forget. */
	char *words = strdup(client_error_text(client));

	switch (error) {
	case -EPERM:
		/* in a user namespace one may look like an administrator and be none */
		if (!caller_is_administrator() ||
		    client_label_get(client, fd, &label, NULL, &zone) == -EPERM) {
			text_buffer_add_text(text, _("this needs an administrator (CAP_MAC_ADMIN): "
						     "try sudo mifengctl mark"));
			result = EXIT_CODE_NOT_PERMITTED;
			break;
		}
		if (machine_is_not_classified(client)) {
			text_buffer_add_text(text, _("this machine is not a classified one, and holds no "
						     "classified files; see mifengctl role"));
			break;
		}
		text_buffer_add_text(text, _("it is classified higher already, and marking only "
					     "raises; see mifengctl label"));
		break;
	case -EBUSY:
		text_buffer_add_text(text, _("a program has it mapped for writing; close it "
					     "('fuser -v FILE' names it) and mark again"));
		break;
	case -EXDEV:
		if (policy_is_missing(client)) {
			text_buffer_add_text(text, _("no policy is in force yet, so there are no "
						     "zones; mifengd brings it: systemctl start "
						     "mifengd"));
			result = EXIT_CODE_NO_DAEMON;
		} else if (client_label_get(client, fd, &label, NULL, &zone) == 0) {
			explain_zone(&zone, wanted, policy, words ? words : "", text);
		} else {
			text_buffer_add_text(text, _("it is outside every zone, or above the "
						     "ceiling of its zone"));
		}
		break;
	case -ENOKEY:
		text_buffer_add_text(text,
				     _("the module has no key to seal labels with yet; mifengd "
				       "brings it: systemctl start mifengd"));
		result = EXIT_CODE_NO_DAEMON;
		break;
	case -EOPNOTSUPP:
		text_buffer_add_text(text, _("its filesystem cannot keep labels; ext4, xfs and "
					     "tmpfs of this machine can"));
		break;
	case -ENOENT:
		text_buffer_add_text(text, _("the mifeng module is not loaded; load it with: "
					     "modprobe mifeng"));
		result = EXIT_CODE_NO_MODULE;
		break;
	case -EROFS:
		text_buffer_add_text(text, _("its filesystem is mounted read-only"));
		break;
	case -ENOSPC:
	case -EDQUOT:
		text_buffer_add_text(text, _("its filesystem has no room left for the label"));
		break;
	default:
		text_buffer_add_text(text, strerror(-error));
		if (words && *words)
			text_buffer_format(text, _(" (the module says: %s)"), words);
		break;
	}
	free(words);
	return result;
}
