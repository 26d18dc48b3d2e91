// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control interface: who may speak, that every refusal has words, that a policy takes
 * effect as a whole or not at all, and the numbers of records.
 */
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "support/suite.h"

/* Without the module there is no family; that is the whole baseline of this file. */
FIXTURE(netlink) { struct wire wire; };

FIXTURE_SETUP(netlink)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_EQ(baseline() ? -ENOENT : 0, wire_open(&self->wire));
}

FIXTURE_TEARDOWN(netlink)
{
	if (!baseline())
		wire_close(&self->wire);
	stage_close();
}

#define MODULE_ONLY()		\
	do {			\
		if (baseline())	\
			return;	\
	} while (0)

/* Who asks, and for what, in the deeds below. */
static uint8_t asked;

static int ask(void)
{
	struct message message;
	struct wire wire;
	int error;

	error = wire_open(&wire);
	if (error)
		return -error;
	message_start(&message, &wire, asked, asked == MIFENG_CMD_EVENT_GET ? NLM_F_DUMP : 0);
	error = wire_call(&wire, &message, NULL);
	wire_close(&wire);
	return -error;
}

static const uint8_t commands[] = {
	MIFENG_CMD_STATUS_GET,	 MIFENG_CMD_KEY_SET,	     MIFENG_CMD_POLICY_BEGIN,
	MIFENG_CMD_POLICY_PUT,	 MIFENG_CMD_POLICY_COMMIT,   MIFENG_CMD_POLICY_ABORT,
	MIFENG_CMD_MARK,	 MIFENG_CMD_LABEL_GET,	     MIFENG_CMD_EVENT_SUBSCRIBE,
	MIFENG_CMD_EVENT_GET,	 MIFENG_CMD_EVENT_ACK,	     MIFENG_CMD_ROLE_SET,
};

TEST_F(netlink, unprivileged)
{
	static const struct deed cleared = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = ask,
	};

	for (size_t i = 0; i < sizeof(commands); i++) {
		struct outcome outcome;

		asked = commands[i];
		outcome = deed_do(&cleared);
		EXPECT_EQ(baseline() ? ENOENT : EPERM, outcome.error)
		{
			TH_LOG("command %u", asked);
		}
	}
}

/* A socket of root's in the hands of another: the sender is judged, not only the opener. */
static struct wire inherited;

static int ask_by_inherited(void)
{
	struct wire_status status;

	return -wire_status_get(&inherited, &status);
}

TEST_F(netlink, inherited_socket)
{
	static const struct deed cleared = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = ask_by_inherited,
	};
	struct outcome outcome;

	MODULE_ONLY();
	inherited = self->wire;
	outcome = deed_do(&cleared);
	EXPECT_EQ(EPERM, outcome.error);
}

/* Both messages of one buffer are checked, the second one no less than the first. */
static int two_errors[2];

static int ask_twice(void)
{
	struct message first, second;
	struct wire wire;
	int error;

	error = wire_open(&wire);
	if (error)
		return -error;
	message_start(&first, &wire, MIFENG_CMD_STATUS_GET, 0);
	message_start(&second, &wire, MIFENG_CMD_POLICY_BEGIN, 0);
	error = wire_send_both(&wire, &first, &second, two_errors);
	if (error)
		return -error;
	return two_errors[0] == -EPERM && two_errors[1] == -EPERM ? EPERM : 0;
}

TEST_F(netlink, two_messages_in_one_buffer)
{
	static const struct deed cleared = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = ask_twice,
	};
	struct message first, second;
	struct outcome outcome = deed_do(&cleared);
	int errors[2];

	EXPECT_EQ(baseline() ? ENOENT : EPERM, outcome.error);
	MODULE_ONLY();
	/* And both are carried out for who may. */
	message_start(&first, &self->wire, MIFENG_CMD_POLICY_BEGIN, 0);
	message_start(&second, &self->wire, MIFENG_CMD_POLICY_ABORT, 0);
	ASSERT_EQ(0, wire_send_both(&self->wire, &first, &second, errors));
	EXPECT_EQ(0, errors[0]);
	EXPECT_EQ(0, errors[1]);
}

/* Bad input: what is wrong with it, the errno, and that words come with it. */
static void put_nothing(struct message *message)
{
	(void)message;
}

static void put_unknown(struct message *message)
{
	message_put_u32(message, 200, 1);
}

static void put_short_key(struct message *message)
{
	message_put(message, MIFENG_A_KEY, "short", 5);
}

static void put_long_key(struct message *message)
{
	char bytes[MIFENG_KEY_SIZE + 1] = { 0 };

	message_put(message, MIFENG_A_KEY, bytes, sizeof(bytes));
}

static void put_other_key(struct message *message)
{
	char bytes[MIFENG_KEY_SIZE] = "not the key of this machine";

	message_put(message, MIFENG_A_KEY, bytes, sizeof(bytes));
}

static void put_label(struct message *message, uint8_t level)
{
	size_t nest = message_nest(message, MIFENG_A_LABEL);

	message_put_u8(message, MIFENG_LABEL_A_LEVEL, level);
	message_nest_end(message, nest);
}

static void put_bad_descriptor(struct message *message)
{
	message_put_u32(message, MIFENG_A_FD, 4000);
	put_label(message, MIFENG_LEVEL_SECRET);
}

static void put_bad_descriptor_only(struct message *message)
{
	message_put_u32(message, MIFENG_A_FD, 4000);
}

static void put_fd_only(struct message *message)
{
	message_put_u32(message, MIFENG_A_FD, 0);
}

static void put_level_none(struct message *message)
{
	message_put_u32(message, MIFENG_A_FD, 0);
	put_label(message, MIFENG_LEVEL_NONE);
}

static void put_level_too_high(struct message *message)
{
	message_put_u32(message, MIFENG_A_FD, 0);
	put_label(message, MIFENG_LEVEL_MAX + 1);
}

static void put_level_of_four_bytes(struct message *message)
{
	size_t nest;

	message_put_u32(message, MIFENG_A_FD, 0);
	nest = message_nest(message, MIFENG_A_LABEL);
	message_put_u32(message, MIFENG_LABEL_A_LEVEL, MIFENG_LEVEL_SECRET);
	message_nest_end(message, nest);
}

static void put_unknown_in_label(struct message *message)
{
	size_t nest;

	message_put_u32(message, MIFENG_A_FD, 0);
	nest = message_nest(message, MIFENG_A_LABEL);
	message_put_u8(message, MIFENG_LABEL_A_LEVEL, MIFENG_LEVEL_SECRET);
	message_put_u32(message, 100, 1);
	message_nest_end(message, nest);
}

static void put_empty_clearance(struct message *message)
{
	message_nest_end(message, message_nest(message, MIFENG_A_CLEARANCE));
}

static void put_clearance_of_both(struct message *message)
{
	size_t nest = message_nest(message, MIFENG_A_CLEARANCE);

	message_put_u32(message, MIFENG_CLEARANCE_A_UID, 1);
	message_put_u32(message, MIFENG_CLEARANCE_A_GID, 1);
	message_put_u8(message, MIFENG_CLEARANCE_A_LEVEL, MIFENG_LEVEL_SECRET);
	message_nest_end(message, nest);
}

static void put_clearance_level_none(struct message *message)
{
	size_t nest = message_nest(message, MIFENG_A_CLEARANCE);

	message_put_u32(message, MIFENG_CLEARANCE_A_UID, 1);
	message_put_u8(message, MIFENG_CLEARANCE_A_LEVEL, MIFENG_LEVEL_NONE);
	message_nest_end(message, nest);
}

static void put_zone_flags(struct message *message)
{
	size_t nest = message_nest(message, MIFENG_A_ZONE);

	message_put_u32(message, MIFENG_ZONE_A_FD, 0);
	message_put_u8(message, MIFENG_ZONE_A_LEVEL, MIFENG_LEVEL_SECRET);
	message_put_u32(message, MIFENG_ZONE_A_FLAGS, 1U << 31);
	message_nest_end(message, nest);
}

static void put_subject(struct message *message, uint8_t kind, const char *pattern, size_t size)
{
	size_t nest = message_nest(message, MIFENG_A_SUBJECT);

	message_put_u8(message, MIFENG_SUBJECT_A_KIND, kind);
	message_put(message, MIFENG_SUBJECT_A_PATTERN, pattern, size);
	message_nest_end(message, nest);
}

static void put_subject_empty(struct message *message)
{
	message_nest_end(message, message_nest(message, MIFENG_A_SUBJECT));
}

static void put_subject_kind(struct message *message)
{
	put_subject(message, MIFENG_SUBJECT_MAX + 1, "/x", 3);
}

static void put_subject_no_pattern(struct message *message)
{
	put_subject(message, MIFENG_SUBJECT_PINNED, "", 0);
}

static void put_subject_empty_pattern(struct message *message)
{
	put_subject(message, MIFENG_SUBJECT_PINNED, "", 1);
}

static void put_subject_relative(struct message *message)
{
	put_subject(message, MIFENG_SUBJECT_QUIET_PATH, ".bash_history", 14);
}

static void put_subject_long(struct message *message)
{
	char pattern[MIFENG_PATTERN_MAX + 2];

	memset(pattern, '/', sizeof(pattern));
	pattern[sizeof(pattern) - 1] = '\0';
	put_subject(message, MIFENG_SUBJECT_PINNED, pattern, sizeof(pattern));
}

static void put_policy_mode(struct message *message)
{
	size_t nest = message_nest(message, MIFENG_A_POLICY);

	message_put_u8(message, MIFENG_POLICY_A_MODE, MIFENG_MODE_MAX + 1);
	message_put_u8(message, MIFENG_POLICY_A_REMOVABLE, MIFENG_REMOVABLE_DENY);
	message_nest_end(message, nest);
}

static void put_sequence_beyond(struct message *message)
{
	message_put_u64(message, MIFENG_A_SEQ, ~0ULL);
}

FIXTURE(refused) { struct wire wire; };

FIXTURE_VARIANT(refused)
{
	uint8_t command;
	void (*put)(struct message *message);
	int error;
	bool in_transaction;
};

#define REFUSED(name, command_, put_, error_) \
	FIXTURE_VARIANT_ADD(refused, name) { .command = command_, .put = put_, .error = error_ }
#define REFUSED_INSIDE(name, command_, put_, error_)					\
	FIXTURE_VARIANT_ADD(refused, name)						\
	{										\
		.command = command_, .put = put_, .error = error_, .in_transaction = true,	\
	}
/* clang-format off */
REFUSED(status_with_unknown, MIFENG_CMD_STATUS_GET, put_unknown, -EINVAL);
REFUSED(key_absent, MIFENG_CMD_KEY_SET, put_nothing, -EINVAL);
REFUSED(key_short, MIFENG_CMD_KEY_SET, put_short_key, -ERANGE);
REFUSED(key_long, MIFENG_CMD_KEY_SET, put_long_key, -ERANGE);
REFUSED(key_another, MIFENG_CMD_KEY_SET, put_other_key, -EEXIST);
REFUSED(mark_nothing, MIFENG_CMD_MARK, put_nothing, -EINVAL);
REFUSED(mark_without_label, MIFENG_CMD_MARK, put_fd_only, -EINVAL);
REFUSED(mark_bad_descriptor, MIFENG_CMD_MARK, put_bad_descriptor, -EBADF);
REFUSED(mark_level_none, MIFENG_CMD_MARK, put_level_none, -ERANGE);
REFUSED(mark_level_too_high, MIFENG_CMD_MARK, put_level_too_high, -ERANGE);
REFUSED(mark_level_size, MIFENG_CMD_MARK, put_level_of_four_bytes, -EINVAL);
REFUSED(mark_unknown_attribute, MIFENG_CMD_MARK, put_unknown_in_label, -EINVAL);
REFUSED(label_nothing, MIFENG_CMD_LABEL_GET, put_nothing, -EINVAL);
REFUSED(label_bad_descriptor, MIFENG_CMD_LABEL_GET, put_bad_descriptor_only, -EBADF);
REFUSED(put_outside, MIFENG_CMD_POLICY_PUT, put_empty_clearance, -ENOENT);
REFUSED(commit_outside, MIFENG_CMD_POLICY_COMMIT, put_nothing, -EINVAL);
REFUSED(abort_outside, MIFENG_CMD_POLICY_ABORT, put_nothing, -ENOENT);
REFUSED_INSIDE(put_empty_clearance, MIFENG_CMD_POLICY_PUT, put_empty_clearance, -EINVAL);
REFUSED_INSIDE(put_clearance_of_both, MIFENG_CMD_POLICY_PUT, put_clearance_of_both, -EINVAL);
REFUSED_INSIDE(put_clearance_none, MIFENG_CMD_POLICY_PUT, put_clearance_level_none, -ERANGE);
REFUSED_INSIDE(put_zone_flags, MIFENG_CMD_POLICY_PUT, put_zone_flags, -EINVAL);
REFUSED_INSIDE(put_subject_empty, MIFENG_CMD_POLICY_PUT, put_subject_empty, -EINVAL);
REFUSED_INSIDE(put_subject_kind, MIFENG_CMD_POLICY_PUT, put_subject_kind, -ERANGE);
REFUSED_INSIDE(put_subject_no_pattern, MIFENG_CMD_POLICY_PUT, put_subject_no_pattern, -ERANGE);
REFUSED_INSIDE(put_subject_empty_pattern, MIFENG_CMD_POLICY_PUT, put_subject_empty_pattern, -EINVAL);
REFUSED_INSIDE(put_subject_relative, MIFENG_CMD_POLICY_PUT, put_subject_relative, -EINVAL);
REFUSED_INSIDE(put_subject_long, MIFENG_CMD_POLICY_PUT, put_subject_long, -ERANGE);
REFUSED_INSIDE(commit_nothing, MIFENG_CMD_POLICY_COMMIT, put_nothing, -EINVAL);
REFUSED_INSIDE(commit_mode, MIFENG_CMD_POLICY_COMMIT, put_policy_mode, -ERANGE);
REFUSED(ack_nothing, MIFENG_CMD_EVENT_ACK, put_nothing, -EINVAL);
REFUSED(ack_beyond, MIFENG_CMD_EVENT_ACK, put_sequence_beyond, -ERANGE);
REFUSED(second_subscriber, MIFENG_CMD_EVENT_SUBSCRIBE, put_nothing, -EBUSY);
/* clang-format on */

FIXTURE_SETUP(refused)
{
	ASSERT_EQ(baseline() ? -ENOENT : 0, wire_open(&self->wire));
}

FIXTURE_TEARDOWN(refused)
{
	if (!baseline())
		wire_close(&self->wire);
}

TEST_F(refused, with_words)
{
	struct wire_status before, after;
	struct message message;

	MODULE_ONLY();
	if (variant->in_transaction) {
		message_start(&message, &self->wire, MIFENG_CMD_POLICY_BEGIN, 0);
		ASSERT_EQ(0, wire_call(&self->wire, &message, NULL));
	}
	ASSERT_EQ(0, wire_status_get(&self->wire, &before));
	message_start(&message, &self->wire, variant->command, 0);
	variant->put(&message);
	EXPECT_EQ(variant->error, wire_call(&self->wire, &message, NULL));
	EXPECT_NE('\0', self->wire.words[0]);
	ASSERT_EQ(0, wire_status_get(&self->wire, &after));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.mode, after.mode);
	EXPECT_EQ(before.clearances, after.clearances);
}

/* Transactions. */
static int simple(struct wire *wire, uint8_t command)
{
	struct message message;

	message_start(&message, wire, command, 0);
	return wire_call(wire, &message, NULL);
}

TEST_F(netlink, one_transaction_at_a_time)
{
	struct wire other;

	MODULE_ONLY();
	ASSERT_EQ(0, wire_open(&other));
	ASSERT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_BEGIN));
	EXPECT_EQ(-EBUSY, simple(&other, MIFENG_CMD_POLICY_BEGIN));
	EXPECT_NE('\0', other.words[0]);
	/* It belongs to the socket that began it. */
	EXPECT_NE(0, simple(&other, MIFENG_CMD_POLICY_ABORT));
	ASSERT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_ABORT));
	EXPECT_EQ(0, simple(&other, MIFENG_CMD_POLICY_BEGIN));
	/* Closing the socket ends it. */
	wire_close(&other);
	EXPECT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_BEGIN));
	EXPECT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_ABORT));
}

/* Each kind has its own bound; the longest pattern fits, the one after the last does not. */
TEST_F(netlink, too_many_patterns)
{
	char pattern[MIFENG_PATTERN_MAX + 1];
	struct message message;

	MODULE_ONLY();
	memset(pattern, 'x', sizeof(pattern));
	pattern[0] = '/';
	pattern[MIFENG_PATTERN_MAX] = '\0';
	ASSERT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_BEGIN));
	for (int kind = 0; kind <= MIFENG_SUBJECT_MAX; kind++) {
		for (int i = 0; i < MIFENG_PATTERNS_MAX; i++) {
			message_start(&message, &self->wire, MIFENG_CMD_POLICY_PUT, 0);
			put_subject(&message, kind, pattern, sizeof(pattern));
			ASSERT_EQ(0, wire_call(&self->wire, &message, NULL));
		}
		message_start(&message, &self->wire, MIFENG_CMD_POLICY_PUT, 0);
		put_subject(&message, kind, pattern, sizeof(pattern));
		EXPECT_EQ(-E2BIG, wire_call(&self->wire, &message, NULL));
		EXPECT_NE('\0', self->wire.words[0]);
	}
	EXPECT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_ABORT));
}

static int document_read_first_byte(void)
{
	return document_read();
}

/* What was put and not committed, or put beside something bad, never takes effect. */
TEST_F(netlink, all_or_nothing)
{
	static const struct deed uncleared = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
		.act = document_read_first_byte,
	};
	struct wire_status before, after;
	struct message message;
	struct outcome outcome;
	size_t nest;

	MODULE_ONLY();
	ASSERT_EQ(0, wire_status_get(&self->wire, &before));
	ASSERT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_BEGIN));
	message_start(&message, &self->wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_CLEARANCE);
	message_put_u32(&message, MIFENG_CLEARANCE_A_UID, UNCLEARED);
	message_put_u8(&message, MIFENG_CLEARANCE_A_LEVEL, MIFENG_LEVEL_TOP_SECRET);
	message_put_u64(&message, MIFENG_CLEARANCE_A_SCOPES, MIFENG_SCOPES_ALL);
	message_nest_end(&message, nest);
	ASSERT_EQ(0, wire_call(&self->wire, &message, NULL));
	outcome = deed_do(&uncleared);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");

	/* A commit that is refused changes nothing either. */
	message_start(&message, &self->wire, MIFENG_CMD_POLICY_COMMIT, 0);
	put_policy_mode(&message);
	EXPECT_EQ(-ERANGE, wire_call(&self->wire, &message, NULL));
	outcome = deed_do(&uncleared);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
	simple(&self->wire, MIFENG_CMD_POLICY_ABORT);
	ASSERT_EQ(0, wire_status_get(&self->wire, &after));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.clearances, after.clearances);
}

TEST_F(netlink, commit_takes_effect_at_once)
{
	static const struct deed uncleared = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
		.act = document_read_first_byte,
	};
	static const struct deed cleared = {
		.uid = CLEARED, .login = CLEARED, .directory = "/",
		.act = document_read_first_byte,
	};
	struct wire_status before, after;
	struct outcome allowed, denied;

	MODULE_ONLY();
	ASSERT_EQ(0, wire_status_get(&self->wire, &before));
	ASSERT_EQ(0, wire_policy_push(&self->wire, MIFENG_MODE_ENFORCE,
				      MIFENG_REMOVABLE_ORDINARY, UNCLEARED, -1));
	allowed = deed_do(&uncleared);
	denied = deed_do(&cleared);
	ASSERT_EQ(0, wire_policy_push(&self->wire, MIFENG_MODE_ENFORCE,
				      MIFENG_REMOVABLE_ORDINARY, CLEARED, -1));
	ASSERT_EQ(0, wire_status_get(&self->wire, &after));
	EXPECT_ALLOWED(&allowed);
	EXPECT_DENIED(&denied, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
	EXPECT_EQ(before.generation + 2, after.generation);
	EXPECT_EQ(before.clearances, after.clearances);
}

/* A clearance has a first and a last second. */
TEST_F(netlink, clearance_dates)
{
	static const struct deed cleared = {
		.uid = CLEARED, .login = CLEARED, .directory = "/",
		.act = document_read_first_byte,
	};
	static const struct {
		int64_t first, last;
		bool holds;
	} spans[] = {
		{ 0, 1000, false },
		{ 0, INT64_MAX, true },
		{ INT64_MAX - 1, INT64_MAX, false },
	};
	struct outcome outcomes[3];
	struct message message;
	size_t nest;

	MODULE_ONLY();
	for (size_t i = 0; i < 3; i++) {
		ASSERT_EQ(0, simple(&self->wire, MIFENG_CMD_POLICY_BEGIN));
		message_start(&message, &self->wire, MIFENG_CMD_POLICY_PUT, 0);
		nest = message_nest(&message, MIFENG_A_CLEARANCE);
		message_put_u32(&message, MIFENG_CLEARANCE_A_UID, CLEARED);
		message_put_u8(&message, MIFENG_CLEARANCE_A_LEVEL, MIFENG_LEVEL_TOP_SECRET);
		message_put_u64(&message, MIFENG_CLEARANCE_A_SCOPES, MIFENG_SCOPES_ALL);
		message_put_u64(&message, MIFENG_CLEARANCE_A_NOT_BEFORE, spans[i].first);
		message_put_u64(&message, MIFENG_CLEARANCE_A_NOT_AFTER, spans[i].last);
		message_nest_end(&message, nest);
		ASSERT_EQ(0, wire_call(&self->wire, &message, NULL));
		message_start(&message, &self->wire, MIFENG_CMD_POLICY_COMMIT, 0);
		nest = message_nest(&message, MIFENG_A_POLICY);
		message_put_u8(&message, MIFENG_POLICY_A_MODE, MIFENG_MODE_ENFORCE);
		message_put_u8(&message, MIFENG_POLICY_A_REMOVABLE, MIFENG_REMOVABLE_ORDINARY);
		message_nest_end(&message, nest);
		ASSERT_EQ(0, wire_call(&self->wire, &message, NULL));
		outcomes[i] = deed_do(&cleared);
	}
	ASSERT_EQ(0, wire_policy_push(&self->wire, MIFENG_MODE_ENFORCE,
				      MIFENG_REMOVABLE_ORDINARY, CLEARED, -1));
	for (size_t i = 0; i < 3; i++) {
		if (spans[i].holds)
			EXPECT_ALLOWED(&outcomes[i]);
		else
			EXPECT_DENIED(&outcomes[i], EACCES, 0, MIFENG_REASON_NOT_CLEARED,
				      "document");
	}
}

/* The numbers of records have no gaps: what the log shows is all there is. */
TEST_F(netlink, numbers_have_no_gaps)
{
	static const struct deed uncleared = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
		.act = document_read_first_byte,
	};
	struct wire_status first, last;
	struct wanted wanted = { 0 };
	struct found found;
	int records;

	MODULE_ONLY();
	ASSERT_EQ(0, wire_status_get(&self->wire, &first));
	for (int i = 0; i < 20; i++) {
		struct outcome outcome = deed_do(&uncleared);

		ASSERT_EQ(EACCES, outcome.error);
	}
	ASSERT_EQ(0, wire_status_get(&self->wire, &last));
	wanted.since = first.event_seq;
	wanted.until = last.event_seq + 1;
	records = records_wait(&wanted, 20, &found);
	EXPECT_EQ((int)(last.event_seq - first.event_seq), records);
	EXPECT_LE(20, records);
	EXPECT_EQ(first.events_lost, last.events_lost);
}

TEST_F(netlink, status)
{
	struct wire_status status;

	MODULE_ONLY();
	ASSERT_EQ(0, wire_status_get(&self->wire, &status));
	EXPECT_EQ(MIFENG_STATE_ACTIVE, status.state);
	EXPECT_EQ(MIFENG_MODE_ENFORCE, status.mode);
	EXPECT_LT(0, status.generation);
	EXPECT_LT(0, status.sites_pre);
	EXPECT_LT(0, status.sites_wrap);
	EXPECT_LT(0, status.selftests);
	EXPECT_EQ(0, status.events_lost);
}

TEST_HARNESS_MAIN
