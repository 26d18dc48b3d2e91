// SPDX-License-Identifier: GPL-2.0-or-later
/* The role on the disk: what is written reads back, and nothing else does. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_tap.h"
#include "log_temporary.h"
#include "role_file.h"
#include "state_file.h"

#define GOOD "mifeng-role 1\nrole classified\nflags classified-once\nserial 2\n" \
	     "seal 000102030405060708090a0b0c0d0eff\n"

static const struct role_record good = {
	.role = MIFENG_ROLE_CLASSIFIED,
	.flags = MIFENG_ROLE_CLASSIFIED_ONCE,
	.serial = 2,
	.seal = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255 },
};

static bool same(const struct role_record *a, const struct role_record *b)
{
	return a->role == b->role && a->flags == b->flags && a->serial == b->serial &&
	       !memcmp(a->seal, b->seal, sizeof(a->seal));
}

static void test_form(void)
{
	struct role_record record, read;
	char text[ROLE_FILE_MAX];
	bool all = true;
	size_t size;

	size = role_file_format(&good, text);
	check(size == strlen(GOOD) && !strcmp(text, GOOD), "what a role looks like in its file");
	for (record = good, record.role = 0; record.role <= MIFENG_ROLE_MAX; record.role++) {
		for (record.flags = 0; record.flags <= MIFENG_ROLE_FLAGS; record.flags++) {
			record.serial = record.role ? UINT64_MAX - record.role : 0;
			size = role_file_format(&record, text);
			all = all && size < ROLE_FILE_MAX && !role_file_parse(text, size, &read) &&
			      same(&record, &read);
		}
	}
	check(all, "every role reads back");
}

static void test_damage(void)
{
	static const struct {
		const char *what;
		const char *text;
	} table[] = {
		{ "nothing", "" },
		{ "a newline", "\n" },
		{ "another version", "mifeng-role 2\nrole classified\nflags none\nserial 2\n"
				     "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "no seal", "mifeng-role 1\nrole online\nflags none\nserial 2\n" },
		{ "an unknown role", "mifeng-role 1\nrole secret\nflags none\nserial 2\n"
				     "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a role of the future", "mifeng-role 1\nrole unknown\nflags none\nserial 2\n"
					  "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "unknown flags", "mifeng-role 1\nrole online\nflags sometimes\nserial 2\n"
				   "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a serial with a sign", "mifeng-role 1\nrole online\nflags none\nserial +2\n"
					  "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a serial in front of which a zero stands", "mifeng-role 1\nrole online\nflags none\n"
					"serial 02\nseal 000102030405060708090a0b0c0d0eff\n" },
		{ "a serial that is too large", "mifeng-role 1\nrole online\nflags none\n"
			"serial 18446744073709551616\nseal 000102030405060708090a0b0c0d0eff\n" },
		{ "no serial", "mifeng-role 1\nrole online\nflags none\n"
			       "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a serial of no digits", "mifeng-role 1\nrole online\nflags none\nserial two\n"
					   "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a short seal", "mifeng-role 1\nrole online\nflags none\nserial 2\n"
				  "seal 000102030405060708090a0b0c0d0e\n" },
		{ "a long seal", "mifeng-role 1\nrole online\nflags none\nserial 2\n"
				 "seal 000102030405060708090a0b0c0d0eff00\n" },
		{ "a seal in capitals", "mifeng-role 1\nrole online\nflags none\nserial 2\n"
					"seal 000102030405060708090A0B0C0D0EFF\n" },
		{ "lines in another order", "mifeng-role 1\nflags none\nrole online\nserial 2\n"
					    "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a line twice", "mifeng-role 1\nrole online\nrole online\nflags none\nserial 2\n"
				  "seal 000102030405060708090a0b0c0d0eff\n" },
		{ "two blanks", "mifeng-role 1\nrole  online\nflags none\nserial 2\n"
				"seal 000102030405060708090a0b0c0d0eff\n" },
		{ "a carriage return", "mifeng-role 1\r\nrole online\r\nflags none\r\nserial 2\r\n"
				       "seal 000102030405060708090a0b0c0d0eff\r\n" },
		{ "a line behind", GOOD "role online\n" },
		{ "a blank behind", GOOD " " },
	};
	struct role_record record = { .serial = 77 };
	bool all = true;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check(role_file_parse(table[i].text, strlen(table[i].text), &record) == -EBADMSG,
		      "refused: %s", table[i].what);
	for (size_t i = 0; i < strlen(GOOD); i++) {
		char text[] = GOOD;

		text[i] = '\0';
		all = all && role_file_parse(text, i, &record) == -EBADMSG &&
		      role_file_parse(text, strlen(GOOD), &record) == -EBADMSG;
	}
	check(all, "refused: cut short anywhere, with or without a NUL there");
	check(record.serial == 77, "nothing is handed out then");
}

/* A damaged digit of the seal or serial is another record, which the kernel refuses. */
static void test_flips(void)
{
	struct role_record record;
	bool all = true;

	for (size_t i = 0; i < strlen(GOOD); i++) {
		char text[] = GOOD;

		text[i] ^= 1;
		all = all && (role_file_parse(text, strlen(GOOD), &record) == -EBADMSG ||
			      !same(&record, &good));
	}
	check(all, "no flipped bit gives the same record");
}

static void test_file(void)
{
	struct role_record record, online = { .role = MIFENG_ROLE_ONLINE, .serial = 3 };
	char large[ROLE_FILE_MAX + 1];
	int state = state_open(temporary);
	struct stat st;

	check(role_file_load(state, &record) == -ENOENT, "no file");
	check(!role_file_save(state, &good) && !role_file_load(state, &record) && same(&record, &good),
	      "a file reads back");
	check(!stat(in_temporary("role"), &st) && (st.st_mode & 07777) == 0600, "only its owner may read it");
	check(!role_file_save(state, &online) && !role_file_load(state, &record) &&
	      same(&record, &online), "and is replaced");
	write_text(in_temporary("role.new"), "left over by a crash");
	check(!role_file_load(state, &record) && same(&record, &online) && !role_file_save(state, &good) &&
	      access(in_temporary("role.new"), F_OK), "what a crash left over is no hindrance");
	write_text(in_temporary("role"), "mifeng-role 1\nrole cl");
	check(role_file_load(state, &record) == -EBADMSG, "half a file is damage");
	memset(large, 'x', sizeof(large));
	write_bytes(in_temporary("role"), large, sizeof(large));
	check(role_file_load(state, &record) == -EBADMSG, "so is a large one");
	unlink(in_temporary("role"));
	if (symlink("elsewhere", in_temporary("role")))
		err(1, "symlink");
	check(role_file_load(state, &record) == -ELOOP, "a link is not followed");
	close(state);
}

int main(void)
{
	temporary_make();
	test_form();
	test_damage();
	test_flips();
	test_file();
	return tap_finish();
}
