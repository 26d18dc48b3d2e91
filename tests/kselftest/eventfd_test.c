// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters: an eventfd carries 64 bits, and shares its inode with all others of its kind. */
#include <poll.h>
#include <sys/eventfd.h>

#include "support/suite.h"

#define COUNTED 0x6d6966656e67ULL

static ssize_t put_count(const char *bytes, size_t size)
{
	uint64_t count = COUNTED;

	(void)bytes;
	return write(channel.in, &count, sizeof(count)) < 0 ? -1 : (ssize_t)size;
}

/* The message if it is the number; anything else is not for whoever takes it. */
static ssize_t take_count(char *bytes, size_t size)
{
	uint64_t count = 0;
	ssize_t taken = read(channel.out, &count, sizeof(count));

	if (taken < 0) {
		memcpy(bytes, &count, sizeof(count) < size ? sizeof(count) : size);
		return -1;
	}
	memcpy(bytes, count == COUNTED ? MESSAGE : "?", count == COUNTED ? MESSAGE_SIZE : 1);
	return count == COUNTED ? MESSAGE_SIZE : 1;
}

static ssize_t take_poll_and_count(char *bytes, size_t size)
{
	struct pollfd polled = { .fd = channel.out, .events = POLLIN };

	if (poll(&polled, 1, -1) < 0)
		return -1;
	return take_count(bytes, size);
}

static const char *counter_open(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);

	channel = (struct channel){ fd, fd, put_count, take_count };
	return fd < 0 ? "no eventfd" : NULL;
}

static const struct {
	ssize_t (*take)(char *bytes, size_t size);
	long blocked_in;
} ways[] = {
	{ take_count, AFTERWARDS },
	{ take_count, SYS_read },
	{ take_poll_and_count, SYS_poll },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

FIXTURE(eventfd) {};

FIXTURE_SETUP(eventfd)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(eventfd)
{
	stage_close();
}

TEST_F(eventfd, raises_who_reads)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED) };

	for (size_t i = 0; i < 2 * WAYS; i++) {
		ASSERT_RIGHT(counter_open());
		channel.take = ways[i / 2].take;
		said.blocked_in = ways[i / 2].blocked_in;
		said.putter.taint = i % 2;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (said.putter.taint)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_ORDINARY(&said.taken);
	}
}

TEST_F(eventfd, keeps_the_uncleared_out)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(UNCLEARED, UNCLEARED) };

	for (size_t i = 0; i < WAYS; i++) {
		ASSERT_RIGHT(counter_open());
		channel.take = ways[i].take;
		said.blocked_in = ways[i].blocked_in;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
	}
}

TEST_F(eventfd, does_not_reach_services)
{
	struct deed service = TAKER(0, SERVICE), writer = PUTTER(true);
	struct outcome served, tainted, ordinary;

	for (size_t i = 0; i < WAYS; i++) {
		ASSERT_RIGHT(counter_open());
		channel.take = ways[i].take;
		served = deed_start(&service);
		writer.taint = true;
		tainted = deed_start(&writer);
		writer.taint = false;
		ordinary = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&served));
		ASSERT_RIGHT(deed_ready(&tainted));
		ASSERT_RIGHT(deed_ready(&ordinary));
		if (ways[i].blocked_in != AFTERWARDS) {
			deed_go(&served);
			ASSERT_RIGHT(deed_blocked(&served, ways[i].blocked_in));
		}
		if (!baseline()) {
			deed_go(&tainted);
			deed_end(&tainted);
			EXPECT_DENIED(&tainted, EACCES, MIFENG_OP_WRITE,
				      MIFENG_REASON_PINNED_PEER, NULL);
		}
		deed_go(&ordinary);
		deed_end(&ordinary);
		EXPECT_ALLOWED(&ordinary);
		deed_go(&served);
		deed_end(&served);
		EXPECT_ORDINARY(&served);
		if (baseline()) {
			kill(tainted.pid, SIGKILL);
			deed_end(&tainted);
		}
	}
}

/* Another one, with the same inode, is another channel: before, and made afterwards. */
TEST_F(eventfd, others_are_not_labelled)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};
	struct channel other;
	int kept;

	ASSERT_RIGHT(counter_open());
	other = channel;
	ASSERT_RIGHT(counter_open());
	kept = dup(channel.in);
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
	said.putter.taint = false;
	said.taker.uid = said.taker.login = UNCLEARED;
	for (int made = 0; made < 2; made++) {
		channel = other;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_ORDINARY(&said.taken);
		ASSERT_RIGHT(counter_open());
		other = channel;
	}
	/* The first one still is. */
	channel = (struct channel){ kept, kept, put_count, take_count };
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
}

/* By a copy of the descriptor, which is the same open file. */
TEST_F(eventfd, copied_descriptor)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};
	int copy;

	ASSERT_RIGHT(counter_open());
	copy = dup(channel.in);
	channel.out = copy;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
}

TEST_F(eventfd, stopped_holder)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	for (int inside = 0; inside < 2; inside++) {
		ASSERT_RIGHT(counter_open());
		taken = deed_start(&reader);
		put = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&taken));
		ASSERT_RIGHT(deed_ready(&put));
		if (inside) {
			deed_go(&taken);
			ASSERT_RIGHT(deed_blocked(&taken, SYS_read));
			ASSERT_EQ(0, kill(taken.pid, SIGSTOP));
			ASSERT_RIGHT(deed_ready(&taken));
		}
		deed_go(&put);
		deed_end(&put);
		EXPECT_ALLOWED(&put);
		deed_go(&taken);
		deed_end(&taken);
		EXPECT_RAISED(&taken);
	}
}

TEST_HARNESS_MAIN
