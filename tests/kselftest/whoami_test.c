// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * WHOAMI: anybody may ask, and is told of himself: what his program has read, from which file,
 * when, what he is cleared for, and whether the program is pinned.
 */
#include <sys/stat.h>
#include <time.h>

#include "support/suite.h"

#define SELF	"/usr/libexec/mifeng/tests/whoami_test"
#define GROUP	2345
#define NONE	UINT32_MAX

/**
 * struct answer - what is looked at of it
 * @clearances: those that are named
 * @total: all that there are
 * @level: of the first, 0 for none; @group: it is for one
 */
struct answer {
	uint32_t login;
	uint32_t uid;
	uint8_t state;
	uint8_t pinned;
	uint8_t taint;
	uint64_t scopes;
	char source[512];
	int64_t when;
	uint32_t total;
	uint32_t clearances;
	uint8_t level;
	bool group;
};

/* What the next deed expects to be told; the document's path and a time of now are implied by taint. */
static struct answer expected;
static struct wire inherited = { .fd = -1 };

FIXTURE(whoami) {};

static int policy_plain(void)
{
	if (baseline())
		return 0;
	return wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, MIFENG_REMOVABLE_ORDINARY,
				CLEARED, -1);
}

FIXTURE_SETUP(whoami)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(whoami)
{
	EXPECT_EQ(0, policy_plain());
	stage_close();
}

static void clearances_get(const unsigned char *nest, size_t size, struct answer *answer)
{
	size_t left = size;

	for (;;) {
		size_t length;
		const unsigned char *one = attribute_find(nest, left, MIFENG_A_CLEARANCE, &length);

		if (!one)
			return;
		if (!answer->clearances++) {
			answer->group = attribute_find(one, length, MIFENG_CLEARANCE_A_GID, NULL);
			number_get(one, length, MIFENG_CLEARANCE_A_LEVEL, &answer->level, 1);
		}
		left -= one + NLA_ALIGN(length) - nest;
		nest = one + NLA_ALIGN(length);
	}
}

static int whoami_get(struct wire *wire, struct answer *answer)
{
	const void *nest, *part;
	struct message message;
	size_t size, length;
	int error;

	memset(answer, 0, sizeof(*answer));
	message_start(&message, wire, MIFENG_CMD_WHOAMI, 0);
	error = wire_call(wire, &message, &message);
	if (error)
		return error;
	nest = attribute_find(message.bytes, message.size, MIFENG_A_WHOAMI, &size);
	if (!nest)
		return -EPROTO;
	number_get(nest, size, MIFENG_WHOAMI_A_STATE, &answer->state, 1);
	number_get(nest, size, MIFENG_WHOAMI_A_LOGINUID, &answer->login, 4);
	number_get(nest, size, MIFENG_WHOAMI_A_UID, &answer->uid, 4);
	number_get(nest, size, MIFENG_WHOAMI_A_PINNED, &answer->pinned, 1);
	number_get(nest, size, MIFENG_WHOAMI_A_SOURCE_TIME, &answer->when, 8);
	number_get(nest, size, MIFENG_WHOAMI_A_CLEARANCE_COUNT, &answer->total, 4);
	part = attribute_find(nest, size, MIFENG_WHOAMI_A_SOURCE, &length);
	if (part && length <= sizeof(answer->source))
		memcpy(answer->source, part, length);
	part = attribute_find(nest, size, MIFENG_WHOAMI_A_TAINT, &length);
	if (part) {
		number_get(part, length, MIFENG_LABEL_A_LEVEL, &answer->taint, 1);
		number_get(part, length, MIFENG_LABEL_A_SCOPES, &answer->scopes, 8);
	}
	part = attribute_find(nest, size, MIFENG_WHOAMI_A_CLEARANCES, &length);
	if (part)
		clearances_get(part, length, answer);
	return 0;
}

/* Which member is not what it should be, as an errno-like number, because nothing else gets out. */
static int differs(const struct answer *answer)
{
	bool tainted = expected.taint;
	int64_t age = time(NULL) - answer->when / 1000000000;

	if (answer->login != expected.login)
		return 101;
	if (answer->uid != expected.uid)
		return 102;
	if (answer->pinned != expected.pinned)
		return 103;
	if (answer->taint != expected.taint || answer->scopes != expected.scopes)
		return 104;
	if (strcmp(answer->source, tainted && !expected.source[0] ? stage.document : expected.source))
		return 105;
	/* the second of time() may begin a little later than that of the record */
	if (tainted ? age < -1 || age > 60 : answer->when != 0)
		return 106;
	if (answer->total != expected.total || answer->clearances != expected.clearances)
		return 107;
	if (answer->level != expected.level || answer->group != expected.group)
		return 108;
	return answer->state == MIFENG_STATE_ACTIVE ? 0 : 109;
}

static int ask(void)
{
	struct answer answer;
	struct wire wire;
	int error;

	error = wire_open(&wire);
	if (error)
		return -error;
	error = whoami_get(&wire, &answer);
	wire_close(&wire);
	return error ? -error : differs(&answer);
}

static int ask_by_inherited(void)
{
	struct answer answer;
	int error = whoami_get(&inherited, &answer);

	return error ? -error : differs(&answer);
}

/* There is nobody to ask in a baseline; otherwise the answer is what it should be, and silent. */
#define EXPECT_TOLD(deed)						\
	do {								\
		struct outcome outcome_ = deed_do(&(deed));		\
									\
		EXPECT_EQ(baseline() ? ENOENT : 0, outcome_.error);	\
		EXPECT_RIGHT(why_not_silent(&outcome_));		\
	} while (0)

static const struct deed cleared = {
	.uid = CLEARED, .login = CLEARED, .directory = "/", .act = ask,
};

TEST_F(whoami, nothing_read)
{
	expected = (struct answer){ .login = CLEARED, .uid = CLEARED, .total = 1, .clearances = 1,
				    .level = MIFENG_LEVEL_TOP_SECRET };
	EXPECT_TOLD(cleared);
}

TEST_F(whoami, document_read)
{
	struct deed deed = cleared;

	expected = (struct answer){ .login = CLEARED, .uid = CLEARED, .total = 1, .clearances = 1,
				    .level = MIFENG_LEVEL_TOP_SECRET, .taint = DOCUMENT_LEVEL,
				    .scopes = DOCUMENT_SCOPES };
	deed.taint = true;
	EXPECT_TOLD(deed);
}

static int make_file(void)
{
	return result_close(open(path_join(stage.directory[PLACE_ZONE], "made"),
				 O_WRONLY | O_CREAT | O_EXCL, 0666));
}

static int ask_after_opening(void)
{
	int error = result_close(open(path_join(stage.directory[PLACE_ZONE], "made"), O_RDONLY));

	return error ? error : ask();
}

static int ask_after_looking(void)
{
	struct stat status;
	int error = result(lstat(path_join(stage.directory[PLACE_ZONE], "nothing"), &status));

	return error == ENOENT ? ask() : error;
}

static int ask_after_both(void)
{
	int error = ask_after_looking();

	return error == 105 ? ask_after_opening() : -1;
}

/* A shell that asks a program, which has looked there, for a word first: $(...). */
static int ask_after_being_told(void)
{
	int ends[2], error = result(pipe(ends));
	struct stat status;
	char byte;

	if (error)
		return error;
	if (!fork()) {
		lstat(path_join(stage.directory[PLACE_ZONE], "nothing"), &status);
		_exit(write(ends[1], "x", 1) != 1);
	}
	if (read(ends[0], &byte, 1) != 1)
		return EIO;
	return ask_after_opening();
}

/*
 * The names in the directory are classified and raise whoever looks one up: the directory is
 * told, until what was looked for has been opened.
 */
TEST_F(whoami, name_looked_up)
{
	struct deed deed = cleared;
	struct outcome outcome;

	deed.taint = true;
	deed.act = make_file;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	if (baseline())
		return;
	deed = cleared;
	expected = (struct answer){ .login = CLEARED, .uid = CLEARED, .total = 1, .clearances = 1,
				    .level = MIFENG_LEVEL_TOP_SECRET, .taint = DOCUMENT_LEVEL,
				    .scopes = DOCUMENT_SCOPES };
	snprintf(expected.source, sizeof(expected.source), "%s", stage.directory[PLACE_ZONE]);
	deed.act = ask_after_looking;
	EXPECT_TOLD(deed);
	snprintf(expected.source, sizeof(expected.source), "%s/made", stage.directory[PLACE_ZONE]);
	deed.act = ask_after_opening;
	EXPECT_TOLD(deed);
	/* the same when the file's label has to be read again */
	sync();
	ASSERT_EQ(0, text_write("/proc/sys/vm/drop_caches", "2"));
	EXPECT_TOLD(deed);
	deed.act = ask_after_both;
	EXPECT_TOLD(deed);
	deed.act = ask_after_being_told;
	EXPECT_TOLD(deed);
	unlink(expected.source);
}

TEST_F(whoami, uncleared)
{
	const struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = ask,
	};

	expected = (struct answer){ .login = UNCLEARED, .uid = UNCLEARED };
	EXPECT_TOLD(deed);
}

/* The clearance is that of who logged in; the other account is named. */
TEST_F(whoami, as_root)
{
	const struct deed deed = { .uid = 0, .login = CLEARED, .directory = "/", .act = ask };

	expected = (struct answer){ .login = CLEARED, .uid = 0, .total = 1, .clearances = 1,
				    .level = MIFENG_LEVEL_TOP_SECRET };
	EXPECT_TOLD(deed);
}

TEST_F(whoami, service)
{
	const struct deed deed = {
		.uid = CLEARED, .login = SERVICE, .directory = "/", .act = ask,
	};

	expected = (struct answer){ .login = NONE, .uid = CLEARED, .pinned = 1 };
	EXPECT_TOLD(deed);
}

/* Root opened the socket; who asks is another. */
TEST_F(whoami, sender_not_opener)
{
	const struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = ask_by_inherited,
	};
	struct outcome outcome;

	if (baseline())
		return;
	ASSERT_EQ(0, wire_open(&inherited));
	expected = (struct answer){ .login = UNCLEARED, .uid = UNCLEARED };
	outcome = deed_do(&deed);
	EXPECT_EQ(0, outcome.error);
	wire_close(&inherited);
}

static int put(uint16_t id_attribute, uint32_t id, uint8_t level)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_CLEARANCE);
	message_put_u32(&message, id_attribute, id);
	message_put_u8(&message, MIFENG_CLEARANCE_A_LEVEL, level);
	message_put_u64(&message, MIFENG_CLEARANCE_A_NOT_AFTER, 1000);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

static int put_pinned(void)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_SUBJECT);
	message_put_u8(&message, MIFENG_SUBJECT_A_KIND, MIFENG_SUBJECT_PINNED);
	message_put(&message, MIFENG_SUBJECT_A_PATTERN, SELF, sizeof(SELF));
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

static int commit(void)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_COMMIT, 0);
	nest = message_nest(&message, MIFENG_A_POLICY);
	message_put_u8(&message, MIFENG_POLICY_A_MODE, MIFENG_MODE_ENFORCE);
	message_put_u8(&message, MIFENG_POLICY_A_REMOVABLE, MIFENG_REMOVABLE_ORDINARY);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

/*
 * Clearances of others are not told. Those of groups are, whatever their dates; of very many
 * the first 64. deed_do() gives the group of the uid's number and no other.
 */
TEST_F(whoami, groups)
{
	const uint32_t many = MIFENG_WHOAMI_CLEARANCES_MAX + 6;
	struct message message;
	struct outcome outcome;

	if (baseline())
		return;
	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_BEGIN, 0);
	ASSERT_EQ(0, wire_call(&stage.wire, &message, NULL));
	ASSERT_EQ(0, put(MIFENG_CLEARANCE_A_GID, GROUP, MIFENG_LEVEL_SECRET));
	ASSERT_EQ(0, put(MIFENG_CLEARANCE_A_UID, UNCLEARED, MIFENG_LEVEL_SECRET));
	for (uint32_t i = 0; i < many; i++)
		ASSERT_EQ(0, put(MIFENG_CLEARANCE_A_GID, CLEARED, MIFENG_LEVEL_CONFIDENTIAL));
	ASSERT_EQ(0, commit());
	expected = (struct answer){ .login = CLEARED, .uid = CLEARED, .total = many,
				    .clearances = MIFENG_WHOAMI_CLEARANCES_MAX,
				    .level = MIFENG_LEVEL_CONFIDENTIAL, .group = true };
	outcome = deed_do(&cleared);
	EXPECT_EQ(0, outcome.error);
	ASSERT_EQ(0, policy_plain());
}

TEST_F(whoami, pinned)
{
	struct message message;
	struct outcome outcome;

	if (baseline())
		return;
	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_BEGIN, 0);
	ASSERT_EQ(0, wire_call(&stage.wire, &message, NULL));
	ASSERT_EQ(0, put_pinned());
	ASSERT_EQ(0, commit());
	expected = (struct answer){ .login = CLEARED, .uid = CLEARED, .pinned = 1 };
	outcome = deed_do(&cleared);
	EXPECT_EQ(0, outcome.error);
	ASSERT_EQ(0, policy_plain());
}

TEST_HARNESS_MAIN
