// SPDX-License-Identifier: GPL-2.0-or-later
/* Records as JSON and back: nothing is lost, nothing breaks out of its line. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_tap.h"
#include "json_text.h"
#include "record.h"
#include "text_buffer.h"

static struct text_buffer line;
static struct record back;

/* Out and in again. */
static bool round_trip(const struct record *record)
{
	text_buffer_clear(&line);
	record_clear(&back);
	return record_to_json(record, &line) == 0 && !memchr(line.data, '\n', line.length) &&
	       record_from_json(line.data, line.length, &back) == 0;
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_label(const struct label *a, const struct label *b)
{
	return a->state == b->state && a->level == b->level && a->flags == b->flags &&
	       a->authority == b->authority && a->scopes == b->scopes &&
	       a->classified_at == b->classified_at && a->expires == b->expires &&
	       !memcmp(a->document, b->document, sizeof(a->document));
}

static struct event full_event(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(443) };
	struct event event = {
		.seq = UINT64_MAX,
		.verdict = MIFENG_VERDICT_DENIED,
		.operation = MIFENG_OP_WRITE,
		.reason = MIFENG_REASON_UNMARKED_PATH,
		.path_partial = true,
		.has_taint = true,
		.has_label = true,
		.time_first = 1767225600123456789,
		.time_last = 1767225601000000000,
		.boot_time = 987654321,
		.count = 3,
		.pid = 4242,
		.start_time = 123456789012,
		.uid = 1000,
		.loginuid = 1001,
		.session = 7,
		.comm = (char *)"cp",
		.exe = (char *)"/usr/bin/cp",
		.taint = { .state = MIFENG_LABEL_VALID, .level = MIFENG_LEVEL_SECRET,
			   .flags = MIFENG_LABEL_DERIVED, .scopes = MIFENG_SCOPES_ALL,
			   .classified_at = 1767225600, .expires = 4102444800 },
		.source = (char *)"/srv/classified/a \"quoted\" name\twith\\all\x01 of it\x7f",
		.source_time = 1767225599999999999,
		.label = { .state = MIFENG_LABEL_VALID, .level = MIFENG_LEVEL_TOP_SECRET,
			   .flags = MIFENG_LABEL_ZONE | MIFENG_LABEL_SCRATCH, .authority = 12,
			   .scopes = 1ULL << 63 | 1, .classified_at = 5,
			   .document = { 1, 2, 3, 0xff } },
		.path = (char *)"/home/cleared/机密文件",
		.dev = 8ULL << 32 | 17,
		.inode = UINT64_MAX,
		.fstype = (char *)"ext4",
		.medium = (char *)"sdb1",
		.address_length = sizeof(address),
		.culprit = (char *)"mapping of /home/x",
		.generation = 9,
		.user = (char *)"cleared",
		.login_user = (char *)"somebody",
		.medium_vendor = (char *)"QEMU",
		.medium_product = (char *)"HARDDISK",
		.medium_serial = (char *)"MF-TEST-0001",
		.medium_usb = true,
	};

	inet_pton(AF_INET6, "2001:db8::1", &address.sin6_addr);
	memcpy(&event.address, &address, sizeof(address));
	return event;
}

static void test_event(void)
{
	struct record record = { .type = RECORD_EVENT, .time = 1767225602000000001,
				 .boot_id = (char *)"0123456789abcdef0123456789abcdef",
				 .event = full_event() };
	const struct event *a = &record.event, *b = &back.event;

	check(round_trip(&record), "an event with everything in it goes out and in");
	check(back.type == RECORD_EVENT && back.time == record.time &&
	      same(back.boot_id, record.boot_id), "its envelope");
	check(a->seq == b->seq && a->verdict == b->verdict && a->operation == b->operation &&
	      a->reason == b->reason && a->path_partial == b->path_partial &&
	      a->time_first == b->time_first && a->time_last == b->time_last &&
	      a->boot_time == b->boot_time && a->count == b->count && a->pid == b->pid &&
	      a->start_time == b->start_time && a->uid == b->uid && a->loginuid == b->loginuid &&
	      a->session == b->session && a->source_time == b->source_time && a->dev == b->dev &&
	      a->inode == b->inode && a->generation == b->generation &&
	      a->medium_usb == b->medium_usb, "its numbers");
	check(same(a->comm, b->comm) && same(a->exe, b->exe) && same(a->source, b->source) &&
	      same(a->path, b->path) && same(a->fstype, b->fstype) && same(a->medium, b->medium) &&
	      same(a->culprit, b->culprit) && same(a->user, b->user) &&
	      same(a->login_user, b->login_user) && same(a->medium_vendor, b->medium_vendor) &&
	      same(a->medium_product, b->medium_product) &&
	      same(a->medium_serial, b->medium_serial), "its strings");
	check(b->has_taint && same_label(&a->taint, &b->taint) && b->has_label &&
	      same_label(&a->label, &b->label), "its labels");
	check(a->address_length == b->address_length &&
	      !memcmp(&a->address, &b->address, a->address_length) &&
	      strstr(line.data, "\"ip\":\"2001:db8::1\",\"port\":443"), "its address, for people too");
	check(strstr(line.data, "\"reason\":\"unmarked-path\"") &&
	      strstr(line.data, "机密文件") && strstr(line.data, "\"first\":\"2026-01-01T00:00:00.123456789Z\""),
	      "readable as it stands");
	check(!strpbrk(line.data, "\t\x01\x7f"), "without any control character");
}

static void test_bare_event(void)
{
	struct record record = { .type = RECORD_EVENT, .time = -1,
				 .event = { .seq = 1, .uid = EVENT_NO_ID, .loginuid = EVENT_NO_ID,
					    .session = EVENT_NO_ID } };

	check(round_trip(&record) && back.time == -1 && !back.event.path && !back.event.user &&
	      !back.event.has_taint && !back.event.has_label && !back.event.address_length &&
	      back.event.loginuid == EVENT_NO_ID && back.event.session == EVENT_NO_ID &&
	      !back.boot_id, "an event with next to nothing in it");
	check(strstr(line.data, "\"loginuid\":null"), "a service has no login uid");
}

static void test_bytes(void)
{
	static const struct {
		const char *bytes;
		bool exact;
		const char *what;
	} table[] = {
		{ "plain", true, "ASCII" },
		{ "\xc2\x80 \xdf\xbf", true, "two bytes, least and most" },
		{ "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf", true, "three bytes" },
		{ "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", true, "four bytes" },
		{ "\x80", false, "a byte that only continues" },
		{ "a\xffz", false, "a byte that is none" },
		{ "\xc0\xaf", false, "two bytes, overlong" },
		{ "\xe0\x9f\xbf", false, "three bytes, overlong" },
		{ "\xf0\x8f\xbf\xbf", false, "four bytes, overlong" },
		{ "\xed\xa0\x80", false, "a surrogate" },
		{ "\xf4\x90\x80\x80", false, "beyond Unicode" },
		{ "\xf5\x80\x80\x80", false, "far beyond" },
		{ "cut \xe4\xb8", false, "a character cut short" },
		{ "\xe4\xb8\"", false, "a quote where a byte is missing" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct record record = { .type = RECORD_EVENT,
					 .event = { .path = (char *)table[i].bytes } };

		check(round_trip(&record) && same(back.event.path, table[i].bytes) &&
		      !strstr(line.data, "path_hex") == table[i].exact, "a name with %s",
		      table[i].what);
	}
}

static void test_own(void)
{
	struct record record = { .type = RECORD_STICK_ADDED, .time = 5, .stick = {
		.vendor = (char *)"V", .product = (char *)"P", .serial = (char *)"S",
		.node = (char *)"/dev/sdb1", .filesystem = (char *)"vfat", .uuid = (char *)"AB-CD",
		.fs_label = (char *)"盘", .usb = true, .partition = true } };

	check(round_trip(&record) && back.type == RECORD_STICK_ADDED &&
	      same(back.stick.vendor, "V") && same(back.stick.product, "P") &&
	      same(back.stick.serial, "S") && same(back.stick.node, "/dev/sdb1") &&
	      same(back.stick.filesystem, "vfat") && same(back.stick.uuid, "AB-CD") &&
	      same(back.stick.fs_label, "盘") && back.stick.usb && back.stick.partition &&
	      !back.stick.registered, "a stick");
	record = (struct record){ .type = RECORD_POLICY_APPLIED, .generation = 7, .count = 3,
				  .digest = (char *)"abc" };
	check(round_trip(&record) && back.generation == 7 && back.count == 3 &&
	      same(back.digest, "abc"), "a policy applied");
	record = (struct record){ .type = RECORD_POLICY_REJECTED, .text = (char *)"a:1:1: no" };
	check(round_trip(&record) && same(back.text, "a:1:1: no") && !back.digest,
	      "a policy rejected");
	record = (struct record){ .type = RECORD_EVENTS_LOST, .count = 4, .text = (char *)"gone" };
	check(round_trip(&record) && back.count == 4 && same(back.text, "gone"), "events lost");
	record = (struct record){ .type = RECORD_SEGMENT, .format = 1, .segment = 12,
				  .previous = (char *)"00", .machine_id = (char *)"m" };
	check(round_trip(&record) && back.format == 1 && back.segment == 12 &&
	      same(back.previous, "00") && same(back.machine_id, "m"), "a header");
}

static void test_refused(void)
{
	static const char *const bad[] = {
		"",
		"null",
		"[]",
		"{",
		"{\"type\":\"note\"}",
		"{\"time\":\"2026-01-01T00:00:00.000000000Z\"}",
		"{\"type\":\"note\",\"time\":5}",
		"{\"type\":\"note\",\"time\":\"3026-01-01T00:00:00.000000000Z\"}",
		"{\"type\":\"note\",\"time\":\"2026-01-01\"}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.0Z\"}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\"} {}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\",}",
		"{\"type\":\"other\",\"time\":\"2026-01-01T00:00:00.000000000Z\"}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"text\":1}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"text\":\"\\u0000\"}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"text_hex\":\"abc\"}",
		"{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"text_hex\":\"zz\"}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\"}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":-1}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":\"1\"}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":1,\"uid\":4294967296}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":1,\"reason\":\"x\"}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":1,\"dev\":\"8\"}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":1,"
			"\"label\":{\"scopes\":[64]}}",
		"{\"type\":\"event\",\"time\":\"2026-01-01T00:00:00.000000000Z\",\"seq\":1,"
			"\"address\":{\"bytes\":\"0\"}}",
	};

	static const char future[] = "{\"type\":\"note\",\"time\":\"2026-01-01T00:00:00.000000000Z\","
				     "\"of_the_future\":[{}]}";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record untouched = { .segment = 99 };

		check(record_from_json(bad[i], strlen(bad[i]), &untouched) == -EBADMSG &&
		      untouched.segment == 99, "refused: %s", bad[i]);
	}
	record_clear(&back);
	check(record_from_json(future, strlen(future), &back) == 0,
	      "a member of the future is skipped");
}

static void test_far_dates(void)
{
	struct record record = { .type = RECORD_EVENT, .event = { .has_label = true, .label = {
		.state = MIFENG_LABEL_VALID, .level = MIFENG_LEVEL_SECRET,
		.classified_at = INT64_MIN, .expires = INT64_MAX } } };

	check(round_trip(&record) && back.event.label.expires == INT64_MAX / 1000000000 &&
	      back.event.label.classified_at == -(INT64_MAX / 1000000000),
	      "a date beyond 2262 becomes one in 2262");
}

int main(void)
{
	test_event();
	test_bare_event();
	test_bytes();
	test_own();
	test_refused();
	test_far_dates();
	record_clear(&back);
	text_buffer_clear(&line);
	return tap_finish();
}
