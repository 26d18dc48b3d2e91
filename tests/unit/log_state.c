// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon's files: the key, the lock, the list of zones, and what it knows of its log. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_tap.h"
#include "daemon/eventlog.h"
#include "daemon/stick_log.h"
#include "log_segment.h"
#include "log_temporary.h"
#include "policy.h"
#include "record.h"
#include "state_file.h"
#include "zone_list.h"

static int state;

static void test_key(void)
{
	uint8_t key[MIFENG_KEY_SIZE] = { 0 }, again[MIFENG_KEY_SIZE] = { 0 };
	static const uint8_t zero[MIFENG_KEY_SIZE];
	bool made = false;
	struct stat st;
	char *data;
	size_t size;

	check(state_key(state, key, &made) == 0 && made, "the first start makes a key");
	check(memcmp(key, zero, sizeof(key)), "not of zeros");
	check(!stat(in_temporary("label.key"), &st) && (st.st_mode & 07777) == 0600 &&
	      st.st_size == MIFENG_KEY_SIZE && st.st_nlink == 1, "only its owner may read it");
	check(access(in_temporary("label.key.new"), F_OK), "nothing is left on the way");
	check(state_key(state, again, &made) == 0 && !made && !memcmp(key, again, sizeof(key)),
	      "the next start finds the same");
	data = read_bytes(in_temporary("label.key"), &size);
	check(size == sizeof(key) && !memcmp(data, key, size), "it is what the file holds");
	free(data);
	check(state_write(state, "label.key", "x", 1, true) == -EEXIST, "it is never written over");
	chmod(in_temporary("label.key"), 0640);
	check(state_key(state, again, &made) == -EACCES, "a key that others may read is refused");
	write_bytes(in_temporary("label.key"), "short", 5);
	chmod(in_temporary("label.key"), 0600);
	memset(again, 7, sizeof(again));
	check(state_key(state, again, &made) == -EBADMSG && again[0] == 7,
	      "a key that is too short is refused, and not made anew");
	unlink(in_temporary("label.key"));
	if (symlink("elsewhere", in_temporary("label.key")))
		err(1, "symlink");
	check(state_key(state, again, &made) == -ELOOP, "nor is a link followed");
	unlink(in_temporary("label.key"));
	write_text(in_temporary("label.key.new"), "left over by a crash");
	check(state_key(state, again, &made) == 0 && made && memcmp(key, again, sizeof(key)),
	      "a start that crashed half way is begun again");
}

static void test_lock(void)
{
	int first = state_lock(state), second;

	check(first >= 0, "a lock");
	check(state_lock(state) == -EBUSY, "is there once");
	close(first);
	second = state_lock(state);
	check(second >= 0, "and free when its holder is gone");
	close(second);
}

static void test_zones(void)
{
	struct policy_zone zones[] = {
		{ .path.text = in_temporary("z/*"), .glob = true },
		{ .path.text = in_temporary("z/b") },
		{ .path.text = in_temporary("none/*"), .glob = true },
	};
	const struct policy policy = { .zones = zones, .zone_count = 3 };
	struct policy_errors errors = { 0 };
	struct zone_list list = { 0 }, before = { 0 }, loaded = { 0 };

	mkdir(in_temporary("z"), 0700);
	mkdir(in_temporary("z/a"), 0700);
	mkdir(in_temporary("z/b"), 0700);
	check(zone_list_load(state, &before) == 0 && !before.count, "no zones before the first");
	check(zone_list_expand(&policy, &list, &errors) == 0 && list.count == 2, "a glob expanded");
	check(list.count == 2 && !strcmp(list.entry[0].path, zones[1].path.text) &&
	      list.entry[0].zone == &zones[1] && list.entry[1].zone == &zones[0],
	      "what is named plainly counts before what is matched");
	check(errors.warnings == 1 && !errors.errors && strstr(errors.text[0], "matches no directory"),
	      "a glob that matches nothing is a warning");
	check(zone_list_save(state, &list, NULL) == 0 && zone_list_load(state, &before) == 0 &&
	      before.count == 2 && zone_list_has(&before, zones[1].path.text), "remembered");
	free(list.entry[0].path);
	list.entry[0].path = strdup("/with a\nnewline");
	check(zone_list_save(state, &list, &before) == 0 && zone_list_load(state, &loaded) == 0 &&
	      loaded.count == 3 && zone_list_has(&loaded, "/with a\nnewline") &&
	      zone_list_has(&loaded, zones[1].path.text), "old and new together, each once");
	zone_list_clear(&list);
	zone_list_clear(&before);
	zone_list_clear(&loaded);
	policy_errors_clear(&errors);
}

static int log_event(struct eventlog *log, uint64_t seq, uint64_t boot_time)
{
	struct record record = { .type = RECORD_EVENT,
				 .event = { .seq = seq, .boot_time = boot_time } };
	int r = eventlog_append(log, &record);

	if (r >= 0)
		r = eventlog_commit(log);
	if (r >= 0)
		eventlog_logged(log, &record.event);
	return r;
}

static bool has(const struct eventlog *log, uint64_t seq, uint64_t boot_time)
{
	const struct event event = { .seq = seq, .boot_time = boot_time };

	return eventlog_has(log, &event);
}

static struct eventlog *reopen(struct eventlog *log, struct stick_log *sticks)
{
	eventlog_free(log);
	log = NULL;
	if (eventlog_open(in_temporary("log"), stick_log_learn, sticks, &log) < 0)
		errx(1, "the log cannot be opened");
	return log;
}

static void test_memory(void)
{
	struct stick_log *sticks = stick_log_new();
	struct eventlog *log = reopen(NULL, sticks);

	check(eventlog_last_seq(log) == 0 && !has(log, 1, 100), "a new log has nothing");
	check(!log_event(log, 1, 100) && !log_event(log, 2, 250) && !log_event(log, 3, 240),
	      "three records");
	log = reopen(log, sticks);
	check(eventlog_last_seq(log) == 3, "a daemon that was killed knows where it was");
	check(has(log, 1, 100) && has(log, 2, 250) && has(log, 3, 240),
	      "all three are known, though the clock of one ran ahead");
	check(!has(log, 4, 260), "the next is not");
	check(!has(log, 1, 300), "nor is number 1 of a module that was loaded again");
	eventlog_free(log);
	stick_log_free(sticks);
}

/* How many lines of the log name @word. */
static unsigned int count_lines(const char *word)
{
	struct log_reader *reader = NULL;
	unsigned int count = 0;
	struct log_line line;

	if (log_reader_open(in_temporary("log"), &reader) < 0)
		errx(1, "the log cannot be read");
	while (log_reader_next(reader, &line) > 0)
		count += strstr(line.json, word) != NULL;
	log_reader_free(reader);
	return count;
}

static void test_sticks(void)
{
	const struct stick a = { .node = (char *)"/dev/sdx", .serial = (char *)"A", .usb = true };
	const struct stick b = { .node = (char *)"/dev/sdy", .serial = (char *)"B", .usb = true };
	struct stick_log *sticks = stick_log_new();
	struct eventlog *log = reopen(NULL, sticks);

	check(!stick_log_note(sticks, log, &a, true) && !stick_log_note(sticks, log, &b, true) &&
	      count_lines("stick-added") == 2, "two sticks come");
	stick_log_free(sticks);
	sticks = stick_log_new();
	log = reopen(log, sticks);
	check(!stick_log_note(sticks, log, &a, true) && count_lines("stick-added") == 2,
	      "one that is still there after a restart is not logged again");
	check(!stick_log_started(sticks, log) && count_lines("stick-removed") == 1,
	      "one that went meanwhile is logged as gone");
	check(!stick_log_note(sticks, log, &a, false) && count_lines("stick-removed") == 2 &&
	      !stick_log_note(sticks, log, &a, true) && count_lines("stick-added") == 3,
	      "coming and going again is logged again");
	eventlog_free(log);
	stick_log_free(sticks);
}

int main(void)
{
	temporary_make();
	/* Keeps the daemon from telling people on stderr what it logs here. */
	setenv("JOURNAL_STREAM", "0:0", 1);
	state = state_open(temporary);
	if (state < 0)
		errx(1, "the state directory cannot be opened");
	test_key();
	test_lock();
	test_zones();
	test_memory();
	test_sticks();
	close(state);
	return tap_finish();
}
