// SPDX-License-Identifier: GPL-2.0-or-later
/* Options and requests: what a command line becomes, and which records it asks for. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mifeng.h>

#include "ctl_tap.h"
#include "record.h"
#include "tools/log_request.h"
#include "tools/log_tail.h"
#include "tools/mark_request.h"
#include "tools/options.h"

#define ARGUMENTS_MAX 24

static const struct option_entry table[] = {
	{ "json", 'j', NULL, "" },
	{ "lines", 'n', "N", "" },
	{ "verify", 256, NULL, "" },
	{ NULL, 0, NULL, NULL },
};

/* Arguments in one string, each ended by a space. */
static int split(char *text, char **argv)
{
	int argc = 0;

	for (char *word = strtok(text, " "); word && argc < ARGUMENTS_MAX; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return argc;
}

static const struct {
	const char *line;
	int keys[4];
	int operands;
} lines[] = {
	{ "x", { OPTIONS_END }, 0 },
	{ "x a b", { OPTIONS_END }, 2 },
	{ "x -j a", { 'j', OPTIONS_END }, 1 },
	{ "x a --json", { 'j', OPTIONS_END }, 1 },
	{ "x -jn3 a", { 'j', 'n', OPTIONS_END }, 1 },
	{ "x --lines=3 --verify", { 'n', 256, OPTIONS_END }, 0 },
	{ "x -- --json", { OPTIONS_END }, 1 },
	{ "x --help", { OPTIONS_HELP }, 0 },
	{ "x -h", { OPTIONS_HELP }, 0 },
	{ "x --jsno", { OPTIONS_WRONG }, 0 },
	{ "x -q", { OPTIONS_WRONG }, 0 },
	{ "x -j -q", { 'j', OPTIONS_WRONG }, 0 },
	{ "x --lines", { OPTIONS_WRONG }, 0 },
	{ "x -n", { OPTIONS_WRONG }, 0 },
	{ "x --json=yes", { OPTIONS_WRONG }, 0 },
};

static void check_line(const char *text, const int *keys, int operands)
{
	char copy[128], *argv[ARGUMENTS_MAX + 1];
	bool right = true;
	int argc, key, i = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	argc = split(copy, argv);
	options_begin();
	do {
		key = options_next(argc, argv, table);
		right = right && key == keys[i];
	} while (key >= 0 && ++i < 4);
	if (key == OPTIONS_END)
		right = right && argc - optind == operands;
	check(right, "options of '%s'", text);
}

static void check_marks(void)
{
	static const struct {
		const char *line;
		int result;
	} marks[] = {
		{ "mark --level secret a", 0 },
		{ "mark --level 绝密 a", 0 },
		{ "mark -l secret -s 3 -s 5 -d 2026-17 -a 9 -e 2090-01-31 -j a b", 0 },
		{ "mark a", -EINVAL },
		{ "mark --level secret", -EINVAL },
		{ "mark --level none a", -EINVAL },
		{ "mark --level Secret a", -EINVAL },
		{ "mark --level secret --scope 64 a", -ERANGE },
		{ "mark --level secret --scope finance a", -ENOENT },
		{ "mark --level secret --scope 3, a", -EINVAL },
		{ "mark --level secret --doc 01234567890123456 a", -E2BIG },
		{ "mark --level secret --authority -1 a", -EINVAL },
		{ "mark --level secret --authority 4294967296 a", -EINVAL },
		{ "mark --level secret --authority 3x a", -EINVAL },
		{ "mark --level secret --expires 2001-01-01 a", -EINVAL },
		{ "mark --level secret --expires soon a", -EINVAL },
	};
	char copy[128], *argv[ARGUMENTS_MAX + 1];
	struct mark_request request;
	size_t i;
	int argc;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		snprintf(copy, sizeof(copy), "%s", marks[i].line);
		argc = split(copy, argv);
		check(mark_request_parse(argc, argv, NULL, &request) == marks[i].result, "'%s': %d",
		      marks[i].line, marks[i].result);
	}

	setenv("TZ", "UTC0", 1);
	snprintf(copy, sizeof(copy), "%s", marks[2].line);
	argc = split(copy, argv);
	memset(&request, 0, sizeof(request));
	check(mark_request_parse(argc, argv, NULL, &request) == 0 &&
		      request.label.level == MIFENG_LEVEL_SECRET &&
		      request.label.scopes == (1ULL << 3 | 1ULL << 5) &&
		      memcmp(request.label.document, "2026-17\0\0\0\0\0\0\0\0", 16) == 0 &&
		      request.label.authority == 9 &&
		      request.label.expires == INT64_C(3789590399) && request.json &&
		      argc - optind == 2,
	      "every option of mark arrives in the label");
}

static bool log_line_matches(const char *line, const struct record *record)
{
	char copy[128], *argv[ARGUMENTS_MAX + 1];
	struct log_request request;
	int argc;

	snprintf(copy, sizeof(copy), "%s", line);
	argc = split(copy, argv);
	return log_request_parse(argc, argv, &request) == 0 &&
	       log_request_matches(&request, record);
}

static void check_log_requests(void)
{
	char name[] = "zhang", root[] = "root";
	struct record event = {
		.type = RECORD_EVENT,
		.event = {
			.reason = MIFENG_REASON_NETWORK,
			.time_last = INT64_C(1792764000) * 1000000000,
			.uid = 0, .user = root, .loginuid = 1000, .login_user = name,
		},
	};
	struct record stick = { .type = RECORD_STICK_ADDED, .time = event.event.time_last };
	struct record header = { .type = RECORD_SEGMENT };

	setenv("TZ", "UTC0", 1);
	check(log_line_matches("log", &event) && log_line_matches("log", &stick),
	      "everything is shown unless asked otherwise");
	check(!log_line_matches("log", &header), "headers of segments are not shown");
	check(log_line_matches("log -r network", &event) &&
		      !log_line_matches("log -r device", &event),
	      "records are chosen by reason");
	check(log_line_matches("log -u zhang", &event) && log_line_matches("log -u 1000", &event) &&
		      log_line_matches("log -u root", &event) &&
		      !log_line_matches("log -u wang", &event),
	      "records are chosen by login and running account, name and number");
	check(!log_line_matches("log -r network", &stick) && !log_line_matches("log -u 0", &stick),
	      "what has no reason and no person is left out when one is asked for");
	check(log_line_matches("log -s 2026-10-23", &event) &&
		      log_line_matches("log -s 2026-10-23", &stick) &&
		      !log_line_matches("log -s 2026-10-24", &event) &&
		      !log_line_matches("log -s 2026-10-24", &stick),
	      "records are chosen by time");
	event.event.loginuid = EVENT_NO_ID;
	check(!log_line_matches("log -u 4294967295", &event), "no login is nobody's number");
}

static void check_log_mistakes(void)
{
	static const char *const mistakes[] = {
		"log -n -3",	"log -n x",	   "log -n 1000001",	    "log -r unmarked",
		"log -s never", "log --verify -f", "log --verify -u zhang", "log somewhere",
	};
	char copy[128], *argv[ARGUMENTS_MAX + 1];
	struct log_request request;
	size_t i;
	int argc;

	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		snprintf(copy, sizeof(copy), "%s", mistakes[i]);
		argc = split(copy, argv);
		check(log_request_parse(argc, argv, &request) == -EINVAL, "'%s' is refused",
		      mistakes[i]);
	}
}

static void check_tail(size_t capacity, size_t lines_added)
{
	size_t kept = lines_added < capacity ? lines_added : capacity;
	struct log_tail tail;
	char line[24];
	bool right;
	size_t i;

	right = log_tail_init(&tail, capacity) == 0;
	for (i = 0; right && i < lines_added; i++) {
		snprintf(line, sizeof(line), "%zu", i);
		right = log_tail_add(&tail, line, strlen(line)) == 0;
	}
	for (i = 0; right && i < kept; i++) {
		snprintf(line, sizeof(line), "%zu", lines_added - kept + i);
		right = log_tail_line(&tail, i) && strcmp(log_tail_line(&tail, i), line) == 0;
	}
	check(right && !log_tail_line(&tail, kept), "of %zu lines the last %zu are kept",
	      lines_added, capacity);
	log_tail_clear(&tail);
}

int main(void)
{
	size_t i;

	/* What is wrong is told on standard error; the sentences are tested elsewhere. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		check_line(lines[i].line, lines[i].keys, lines[i].operands);
	check_marks();
	check_log_requests();
	check_log_mistakes();
	check_tail(0, 5);
	check_tail(3, 0);
	check_tail(3, 2);
	check_tail(3, 3);
	check_tail(3, 10);
	return tap_finish();
}
