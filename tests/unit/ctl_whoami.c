// SPDX-License-Identifier: GPL-2.0-or-later
/* What mifengctl whoami says, word for word. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "ctl_tap.h"
#include "event.h"
#include "json_text.h"
#include "text_buffer.h"
#include "tools/whoami_text.h"

#define NOW	INT64_C(1792764000) /* 2026-10-23 14:00:00 UTC */
#define DAY	86400
#define NOBODY	4000000 /* no account has this number */

static void says(const char *name, const struct client_whoami *whoami, const char *expected)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	whoami_print(out, whoami, NULL, NOW);
	fclose(out);
	check(!strcmp(text, expected), "%s", name);
	if (strcmp(text, expected))
		printf("# expected:\n%s# got:\n%s", expected, text);
	free(text);
}

static void is_json(const char *name, const struct client_whoami *whoami, const char *expected)
{
	struct text_buffer line = { 0 };

	json_begin(&line, NULL, '{');
	whoami_to_json(whoami, NOW, &line);
	json_end(&line, '}');
	check(line.data && !strcmp(line.data, expected), "%s", name);
	if (line.data && strcmp(line.data, expected))
		printf("# expected: %s\n# got:      %s\n", expected, line.data);
	text_buffer_clear(&line);
}

static struct client_clearance clearances[] = {
	{ .id = NOBODY, .level = MIFENG_LEVEL_TOP_SECRET, .scopes = MIFENG_SCOPES_ALL },
	{ .id = NOBODY, .level = MIFENG_LEVEL_SECRET, .scopes = 5, .has_not_before = true,
	  .not_before = NOW, .has_not_after = true, .not_after = NOW },
	{ .id = NOBODY, .level = MIFENG_LEVEL_CONFIDENTIAL, .has_not_after = true,
	  .not_after = NOW - 1, .group = true },
	{ .id = NOBODY, .level = MIFENG_LEVEL_CONFIDENTIAL, .has_not_before = true,
	  .not_before = NOW + DAY },
};

int main(void)
{
	struct client_whoami whoami = {
		.state = MIFENG_STATE_ACTIVE, .loginuid = NOBODY, .uid = NOBODY,
	};

	setenv("TZ", "UTC", 1);
	tzset();
	says("nothing read, nothing cleared for", &whoami,
	     "This shell has read nothing classified.\n"
	     "4000000 is cleared for nothing classified. The security officer gives clearances.\n");
	is_json("the same as JSON", &whoami,
		"{\"state\":\"active\",\"mode\":\"enforce\",\"loginuid\":4000000,\"uid\":4000000,"
		"\"pinned\":false,\"taint\":null,\"clearances\":[],\"clearances_total\":0}");

	whoami.tainted = true;
	whoami.taint = (struct label){
		.state = MIFENG_LABEL_VALID, .level = MIFENG_LEVEL_SECRET, .scopes = 5,
		.flags = MIFENG_LABEL_DERIVED,
	};
	whoami.source = "/srv/classified/plan\033.txt";
	whoami.source_time = (NOW - 3600) * 1000000000;
	whoami.clearances = clearances;
	whoami.clearance_count = sizeof(clearances) / sizeof(clearances[0]);
	whoami.clearance_total = whoami.clearance_count + 3;
	says("read today; clearances of every kind", &whoami,
	     "This shell has read classified material: secret (机密); scopes 0,2.\n"
	     "The last of it: /srv/classified/plan\\x1b.txt, 13:00 today.\n"
	     "It can no longer write outside classified directories, to removable media or to the\n"
	     "network, and neither can what it starts. To be free of it, open a new terminal or log in\n"
	     "again; a shell started from this one does not help.\n"
	     "4000000 is cleared for:\n"
	     "  top-secret (绝密); scopes all\n"
	     "  secret (机密); scopes 0,2; valid from 2026-10-23; valid until 2026-10-23\n"
	     "  confidential (秘密); scopes none; valid until 2026-10-23; as a member of 4000000 (over)\n"
	     "  confidential (秘密); scopes none; valid from 2026-10-24 (not yet)\n"
	     "  and 3 more\n");
	whoami.source_time -= INT64_C(86400) * 1000000000;
	whoami.mode = MIFENG_MODE_PERMISSIVE;
	whoami.taint.scopes = 0;
	whoami.clearance_count = whoami.clearance_total = 1;
	whoami.uid = NOBODY + 1;
	says("read yesterday, permissive, another account", &whoami,
	     "This shell has read classified material: secret (机密).\n"
	     "The last of it: /srv/classified/plan\\x1b.txt, 2026-10-22 13:00.\n"
	     "4000000 is cleared for:\n"
	     "  top-secret (绝密); scopes all\n"
	     "This shell runs as another account, which must be cleared as well: 4000001.\n"
	     "Mifeng is permissive here: it records what it would refuse, and refuses nothing.\n");
	whoami.clearances = clearances + 2;
	is_json("tainted, as JSON", &whoami,
		"{\"state\":\"active\",\"mode\":\"permissive\",\"loginuid\":4000000,\"uid\":4000001,"
		"\"pinned\":false,\"taint\":{\"state\":\"valid\",\"level\":\"secret\",\"scopes\":[],"
		"\"flags\":[\"derived\"]},\"source\":\"/srv/classified/plan\\u001b.txt\","
		"\"source_time\":\"2026-10-22T13:00:00.000000000Z\",\"clearances\":["
		"{\"group\":4000000,\"level\":\"confidential\",\"scopes\":[],"
		"\"not_after\":\"2026-10-23T13:59:59.000000000Z\",\"in_date\":false}],"
		"\"clearances_total\":1}");

	memset(&whoami, 0, sizeof(whoami));
	whoami.loginuid = EVENT_NO_ID;
	whoami.pinned = true;
	says("a service, before the first policy", &whoami,
	     "This shell has read nothing classified.\n"
	     "Nobody logged in for it: it counts as a system service and may read nothing "
	     "classified.\n"
	     "No policy is in force: nobody can read classified files.\n");
	whoami.loginuid = whoami.uid = NOBODY;
	whoami.state = MIFENG_STATE_DEGRADED;
	says("pinned, and degraded", &whoami,
	     "This shell has read nothing classified.\n"
	     "The policy pins this program: it may read nothing classified.\n"
	     "4000000 is cleared for nothing classified. The security officer gives clearances.\n"
	     "Mifeng is degraded, and nobody can read classified files. Tell the administrator.\n");
	return tap_finish();
}
