// SPDX-License-Identifier: GPL-2.0-or-later
/* Open files that are passed on by unix sockets: what is behind them keeps its label. */
#include <sys/socket.h>

#include "support/suite.h"

static ssize_t put_descriptor(const char *bytes, size_t size);

static const char *two_ends(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return "no pair of sockets";
	channel = (struct channel){ ends[0], ends[1], put_descriptor, NULL };
	return NULL;
}

FIXTURE(passed) {};

FIXTURE_SETUP(passed)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(two_ends());
}

FIXTURE_TEARDOWN(passed)
{
	stage_close();
}

static int passed_fd = -1;

static ssize_t put_descriptor(const char *bytes, size_t size)
{
	(void)bytes;
	return descriptor_send(channel.in, passed_fd) == 1 ? (ssize_t)size : -1;
}

/* An ordinary program opens the document and passes it on without reading it. */
static ssize_t put_document(const char *bytes, size_t size)
{
	passed_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	return put_descriptor(bytes, size);
}

/* The message itself only. */
static int take_and_look(void)
{
	int fd;

	close(channel.in);
	fd = descriptor_receive(channel.out);
	return fd < 0 ? errno : probe();
}

/* And then what is behind the descriptor: ordinary until it is read. */
static int take_and_read(void)
{
	char byte;
	int fd;

	close(channel.in);
	fd = descriptor_receive(channel.out);
	if (fd < 0)
		return TROUBLE;
	if (!baseline() && probe() != GOT_ORDINARY)
		return TROUBLE;
	return read(fd, &byte, 1) < 0 ? errno : probe();
}

TEST_F(passed, by_a_tainted_program)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};

	passed_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	said.taker.act = take_and_look;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
	ASSERT_RIGHT(two_ends());
	said.taker.uid = said.taker.login = UNCLEARED;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_RECEIVE);
}

TEST_F(passed, document)
{
	struct talk said = {
		.putter = PUTTER(false), .taker = TAKER(CLEARED, CLEARED),
		.blocked_in = AFTERWARDS,
	};

	channel.put = put_document;
	said.taker.act = take_and_read;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
	ASSERT_RIGHT(two_ends());
	channel.put = put_document;
	said.taker.uid = said.taker.login = UNCLEARED;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
}

/* A pipe that a tainted program has written to, passed on by an ordinary one. */
static int pipe_fds[2];

static int write_to_pipe(void)
{
	return result(write(pipe_fds[1], MESSAGE, MESSAGE_SIZE));
}

TEST_F(passed, pipe)
{
	struct talk said = {
		.putter = PUTTER(false), .taker = TAKER(CLEARED, CLEARED),
		.blocked_in = AFTERWARDS,
	};
	struct deed tainted = DEED(true, PLACE_UNMARKED, write_to_pipe);
	struct outcome outcome;

	for (int person = 0; person < 2; person++) {
		ASSERT_EQ(0, pipe2(pipe_fds, O_CLOEXEC));
		passed_fd = pipe_fds[0];
		outcome = deed_do(&tainted);
		EXPECT_ALLOWED(&outcome);
		ASSERT_RIGHT(two_ends());
		said.taker.act = take_and_read;
		said.taker.uid = said.taker.login = person ? UNCLEARED : CLEARED;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (person)
			EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
		else
			EXPECT_RAISED(&said.taken);
	}
}

TEST_HARNESS_MAIN
