// SPDX-License-Identifier: GPL-2.0-or-later
#include "officers.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "text.h"

static int find(const char *name, uid_t *uid)
{
	struct passwd *user = getpwnam(name);

	if (!user) {
		complain(_("there is no account '%s' on this machine; an officer needs one (getent passwd)"), name);
		return -EINVAL;
	}
	if (user->pw_uid == 0) {
		complain(_("'%s' is the administrator, who is nobody in particular; name an officer's own account"),
			 name);
		return -EINVAL;
	}
	*uid = user->pw_uid;
	return 0;
}

/**
 * officers_parse() - read "NAME,NAME": two different accounts of this machine, neither root
 * @text: what was written.
 * @officers: filled in on success.
 *
 * Return: 0, or -EINVAL when something is wrong, which has been told.
 */
int officers_parse(const char *text, struct officers *officers)
{
	const char *comma = strchr(text, ',');
	struct officers parsed;
	size_t length = comma ? (size_t)(comma - text) : 0;

	if (!length || !comma[1] || strchr(comma + 1, ',') || length >= OFFICER_NAME_SIZE ||
	    strlen(comma + 1) >= OFFICER_NAME_SIZE) {
		complain(_("'%s' are not two officers; expected their accounts, as in --officers li.yan,wang.min"),
			 text);
		return -EINVAL;
	}
	snprintf(parsed.name[0], OFFICER_NAME_SIZE, "%.*s", (int)length, text);
	snprintf(parsed.name[1], OFFICER_NAME_SIZE, "%s", comma + 1);
	for (int i = 0; i < 2; i++)
		if (find(parsed.name[i], &parsed.uid[i]))
			return -EINVAL;
	if (parsed.uid[0] == parsed.uid[1]) {
		complain(_("'%s' and '%s' are one account; it takes two officers"), parsed.name[0], parsed.name[1]);
		return -EINVAL;
	}
	*officers = parsed;
	return 0;
}
