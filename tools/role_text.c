// SPDX-License-Identifier: GPL-2.0-or-later
#include "role_text.h"

#include <stdio.h>

#include <mifeng.h>

#include "json_text.h"
#include "label_line.h"
#include "label_text.h"
#include "obstacles.h"
#include "role_change.h"
#include "text.h"
#include "text_buffer.h"

/** role_sentence() - what a role means, in the user's language */
const char *role_sentence(unsigned int role)
{
	switch (role) {
	case MIFENG_ROLE_UNASSIGNED:
		return _("unassigned: its network is left alone, labelled files are unreadable");
	case MIFENG_ROLE_CLOSED:
		return _("closed: labelled files are unreadable, and no packet leaves it");
	case MIFENG_ROLE_CLASSIFIED:
		return _("classified: labelled files are open to those who are cleared, packets go to internal "
			 "networks only");
	case MIFENG_ROLE_ONLINE:
		return _("online: any network, labelled files are refused wherever they are");
	default:
		return role_name(role);
	}
}

/**
 * role_report_json() - what became of an act, as one JSON object
 * @change: how it stands now.
 * @changed: the role has been changed.
 * @obstacles: what was in the way.
 * @notes: what is to be known; may be NULL.
 */
void role_report_json(const struct role_change *change, bool changed, const struct obstacles *obstacles,
		      const struct obstacles *notes)
{
	struct text_buffer line = { 0 };

	json_begin(&line, NULL, '{');
	json_string(&line, "role", role_name(change->status.role));
	json_bool(&line, "changed", changed);
	json_bool(&line, "classified_once", change->status.role_flags & MIFENG_ROLE_CLASSIFIED_ONCE);
	if (!change->kept_error) {
		json_string(&line, "kept", role_name(change->kept.role));
		json_unsigned(&line, "serial", change->kept.serial);
	}
	obstacles_json("obstacles", obstacles, &line);
	if (notes)
		obstacles_json("notes", notes, &line);
	json_end(&line, '}');
	json_line_print(&line);
}

/** role_confirmed() - ask, and get a yes */
bool role_confirmed(const char *question)
{
	char answer[16];

	printf("%s [y/N] ", question);
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}
