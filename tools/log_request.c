// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `mifengctl log`: which records are wanted. */
#include "log_request.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mifeng.h>

#include "label_text.h"
#include "message.h"
#include "nearest_word.h"
#include "record.h"
#include "text.h"
#include "when.h"

#define KEY_VERIFY    256
#define KEY_DIRECTORY 257
#define FOLLOW_LINES  10
#define LINES_MAX     1000000
#define NS_PER_SECOND 1000000000LL

const struct option_entry log_options[] = {
	{ "follow", 'f', NULL, N_("show the last records, then every new one as it comes") },
	{ "lines", 'n', "N", N_("only the last N records") },
	{ "since", 's', "WHEN",
	  N_("from then on: YYYY-MM-DD [HH:MM], today, yesterday, or 2h, 7d ago") },
	{ "reason", 'r', "REASON", N_("only denials for this reason, such as unmarked-path") },
	{ "user", 'u', "USER", N_("only acts of this account, by name or number") },
	{ "verify", KEY_VERIFY, NULL, N_("check that nothing in the log was changed or removed") },
	{ "directory", KEY_DIRECTORY, "DIR",
	  N_("read the log there, such as a copy from another machine") },
	{ "json", 'j', NULL, N_("print the records as JSON, one a line") },
	{ NULL, 0, NULL, NULL },
};

static int parse_lines(const char *text, size_t *lines)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || text[0] < '0' || text[0] > '9' || *end || number > LINES_MAX) {
		complain(_("'%s' is no number of records; expected 0 to %d"), text, LINES_MAX);
		return -EINVAL;
	}
	*lines = number;
	return 0;
}

static int parse_since(const char *text, int64_t *since)
{
	int64_t seconds;

	if (when_parse_moment(text, time(NULL), &seconds)) {
		complain(_("'%s' is no moment; expected YYYY-MM-DD, 'YYYY-MM-DD HH:MM', today, "
			   "yesterday, or how long ago: 30m, 2h, 7d"),
			 text);
		return -EINVAL;
	}
	*since = seconds * NS_PER_SECOND;
	return 0;
}

static int parse_reason(const char *text, uint8_t *reason)
{
	const char *names[MIFENG_REASON_MAX];
	const char *near;
	unsigned int i;

	if (reason_from_name(text, reason) == 0)
		return 0;
	for (i = 0; i < MIFENG_REASON_MAX; i++)
		names[i] = reason_name(i + 1);
	near = nearest_word(text, names, MIFENG_REASON_MAX);
	if (near)
		complain(_("there is no reason '%s'; did you mean '%s'?"), text, near);
	else
		complain(_("there is no reason '%s'; mifengctl(1) lists them"), text);
	return -EINVAL;
}

/**
 * log_request_parse() - read the command line
 * @argc: length of @argv.
 * @argv: the arguments; kept by reference.
 * @request: filled in on success.
 *
 * Return: 0, or -EINVAL when something is wrong, which has been told.
 */
int log_request_parse(int argc, char **argv, struct log_request *request)
{
	struct log_request parsed = { 0 };
	int key, error = 0;

	options_begin();
	while (!error && (key = options_next(argc, argv, log_options)) != OPTIONS_END) {
		switch (key) {
		case 'f':
			parsed.follow = true;
			break;
		case 'n':
			parsed.limited = true;
			error = parse_lines(optarg, &parsed.lines);
			break;
		case 's':
			parsed.by_time = true;
			error = parse_since(optarg, &parsed.since);
			break;
		case 'r':
			parsed.by_reason = true;
			error = parse_reason(optarg, &parsed.reason);
			break;
		case 'u':
			parsed.user = optarg;
			break;
		case KEY_VERIFY:
			parsed.verify = true;
			break;
		case KEY_DIRECTORY:
			parsed.directory = optarg;
			break;
		case 'j':
			parsed.json = true;
			break;
		case OPTIONS_HELP:
			parsed.help = true;
			*request = parsed;
			return 0;
		default:
			error = -EINVAL;
			break;
		}
	}
	if (error)
		return error;
	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return -EINVAL;
	}
	if (parsed.verify && (parsed.follow || parsed.limited || parsed.by_time ||
			      parsed.by_reason || parsed.user)) {
		complain(_("--verify looks at the whole log; leave the other options out"));
		return -EINVAL;
	}
	if (parsed.follow && !parsed.limited && !parsed.by_time) {
		parsed.limited = true;
		parsed.lines = FOLLOW_LINES;
	}
	*request = parsed;
	return 0;
}

static bool is_account(const char *wanted, const char *name, uint32_t id)
{
	char number[16];

	if (name && strcmp(wanted, name) == 0)
		return true;
	snprintf(number, sizeof(number), "%u", id);
	return strcmp(wanted, number) == 0;
}

/**
 * log_request_matches() - whether a record is wanted
 * @request: what is.
 * @record: the record.
 */
bool log_request_matches(const struct log_request *request, const struct record *record)
{
	const struct event *event = &record->event;

	if (record->type == RECORD_SEGMENT)
		return false;
	if (record->type != RECORD_EVENT)
		return !request->by_reason && !request->user &&
		       (!request->by_time || record->time >= request->since);
	if (request->by_time && event->time_last < request->since)
		return false;
	if (request->by_reason && event->reason != request->reason)
		return false;
	/* The person who logged in, and the account he took on. */
	return !request->user || is_account(request->user, event->user, event->uid) ||
	       (event->loginuid != EVENT_NO_ID &&
		is_account(request->user, event->login_user, event->loginuid));
}
