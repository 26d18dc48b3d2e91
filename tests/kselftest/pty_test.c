// SPDX-License-Identifier: GPL-2.0-or-later
/* Pseudo terminals: two channels, one each way, and what a line discipline adds to them. */
#include <linux/capability.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <termios.h>

#include "support/suite.h"

static int master = -1, slave = -1;

static ssize_t put_write(const char *bytes, size_t size)
{
	return write(channel.in, bytes, size);
}

static ssize_t put_writev(const char *bytes, size_t size)
{
	struct iovec piece = { (char *)bytes, size };

	return writev(channel.in, &piece, 1);
}

/* As the controlling terminal, by the name that every program has for it. */
static ssize_t put_to_tty(const char *bytes, size_t size)
{
	int fd;

	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0)
		return -1;
	fd = open("/dev/tty", O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -1 : write(fd, bytes, size);
}

static ssize_t take_read(char *bytes, size_t size)
{
	return read(channel.out, bytes, size);
}

static ssize_t take_readv(char *bytes, size_t size)
{
	struct iovec piece = { bytes, size };

	return readv(channel.out, &piece, 1);
}

static ssize_t take_poll_and_read(char *bytes, size_t size)
{
	struct pollfd polled = { .fd = channel.out, .events = POLLIN };

	if (poll(&polled, 1, -1) < 0)
		return -1;
	return read(channel.out, bytes, size);
}

static const struct {
	ssize_t (*call)(char *bytes, size_t size);
	long number;
} takes[] = {
	{ take_read, SYS_read },
	{ take_readv, SYS_readv },
	{ take_poll_and_read, SYS_poll },
};

/* A fresh one that passes bytes as they are, with or without an echo. */
static const char *pty_open(bool echo)
{
	struct termios settings;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return "no pseudo terminal";
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0 || fchmod(slave, 0666) < 0 || tcgetattr(slave, &settings) < 0)
		return "no other end of the pseudo terminal";
	cfmakeraw(&settings);
	if (echo)
		settings.c_lflag |= ECHO;
	if (tcsetattr(slave, TCSANOW, &settings) < 0)
		return "the pseudo terminal cannot be set up";
	return NULL;
}

/* Which end is written to and which one read from. */
static const char *to_master(void)
{
	const char *words = pty_open(false);

	channel = (struct channel){ slave, master, put_write, take_read };
	return words;
}

static const char *to_slave(void)
{
	const char *words = pty_open(false);

	channel = (struct channel){ master, slave, put_write, take_read };
	return words;
}

/* What is typed comes back to where it was typed: in and out are one descriptor. */
static const char *echo_to_master(void)
{
	const char *words = pty_open(true);

	channel = (struct channel){ master, master, put_write, take_read };
	return words;
}

FIXTURE(pty) {};

FIXTURE_VARIANT(pty)
{
	const char *(*make)(void);
};

FIXTURE_VARIANT_ADD(pty, to_master) { .make = to_master };
FIXTURE_VARIANT_ADD(pty, to_slave) { .make = to_slave };
FIXTURE_VARIANT_ADD(pty, echo_to_master) { .make = echo_to_master };

FIXTURE_SETUP(pty)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(pty)
{
	stage_close();
}

TEST_F(pty, raises_who_reads)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};
	/* An end that nobody has open any more takes with it what was in it. */
	int kept[2];

	for (size_t i = 0; i < 2 * sizeof(takes) / sizeof(takes[0]); i++) {
		said.putter.taint = i % 2;
		ASSERT_RIGHT(variant->make());
		kept[0] = dup(master);
		kept[1] = dup(slave);
		channel.take = takes[i / 2].call;
		channel.put = i / 2 ? put_writev : put_write;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (said.putter.taint)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_ORDINARY(&said.taken);
		close(kept[0]);
		close(kept[1]);
	}
}

TEST_F(pty, raises_who_waits)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED) };

	for (size_t i = 0; i < 2 * sizeof(takes) / sizeof(takes[0]); i++) {
		int kept;

		said.putter.taint = i % 2;
		ASSERT_RIGHT(variant->make());
		kept = dup(channel.in);
		channel.take = takes[i / 2].call;
		said.blocked_in = takes[i / 2].number;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (said.putter.taint)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_ORDINARY(&said.taken);
		close(kept);
	}
}

TEST_F(pty, keeps_the_uncleared_out)
{
	static const long calls[] = { AFTERWARDS, SYS_read };
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(UNCLEARED, UNCLEARED) };
	int kept[2];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ASSERT_RIGHT(variant->make());
		kept[0] = dup(master);
		kept[1] = dup(slave);
		said.blocked_in = calls[i];
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
		close(kept[0]);
		close(kept[1]);
	}
}

/* A terminal emulator that nobody logged in for, and a getty at the other end. */
TEST_F(pty, does_not_reach_services)
{
	static const long calls[] = { AFTERWARDS, SYS_read, SYS_poll };
	struct deed service = TAKER(0, SERVICE), writer = PUTTER(true);
	struct outcome served, tainted, ordinary;
	int kept;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ASSERT_RIGHT(variant->make());
		if (calls[i] == SYS_poll)
			channel.take = take_poll_and_read;
		served = deed_start(&service);
		writer.taint = true;
		tainted = deed_start(&writer);
		writer.taint = false;
		ordinary = deed_start(&writer);
		kept = dup(channel.in);
		channel_close();
		ASSERT_RIGHT(deed_ready(&served));
		ASSERT_RIGHT(deed_ready(&tainted));
		ASSERT_RIGHT(deed_ready(&ordinary));
		if (calls[i] != AFTERWARDS) {
			deed_go(&served);
			ASSERT_RIGHT(deed_blocked(&served, calls[i]));
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
		close(kept);
	}
}

/* The reader has its first piece and is stuck with it; a second one comes. */
static char *stall_page;

static int stall_before(void)
{
	stall_page = stall_make();
	return stall_page ? 0 : ENOMEM;
}

static ssize_t take_stalled(char *bytes, size_t size)
{
	ssize_t taken = read(channel.out, stall_page, 4096);

	if (taken > 0)
		memcpy(bytes, stall_page, (size_t)taken < size ? (size_t)taken : size);
	return taken;
}

TEST_F(pty, stalled_reader)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	ASSERT_RIGHT(variant->make());
	ASSERT_EQ(MESSAGE_SIZE, write(channel.in, MESSAGE, MESSAGE_SIZE));
	channel.take = take_stalled;
	reader.before = stall_before;
	taken = deed_start(&reader);
	put = deed_start(&writer);
	ASSERT_RIGHT(deed_ready(&taken));
	ASSERT_RIGHT(deed_ready(&put));
	deed_go(&taken);
	ASSERT_RIGHT(deed_blocked(&taken, SYS_read));
	deed_go(&put);
	if (baseline())
		stall_end(&taken);
	deed_end(&put);
	EXPECT_DENIED(&put, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_READERS_BUSY, NULL);
	if (!baseline())
		stall_end(&taken);
	deed_end(&taken);
	if (!baseline() || taken.error != GOT_STRAY)
		EXPECT_ORDINARY(&taken);
	channel_close();
}

/* Each direction by itself. */
FIXTURE(directions) {};

FIXTURE_SETUP(directions)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(directions)
{
	stage_close();
}

/* What a tainted program shows does not become what is typed into the next one. */
TEST_F(directions, slave_is_not_what_was_shown)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};
	struct channel back;
	int kept[2];

	ASSERT_RIGHT(to_master());
	kept[0] = dup(master);
	kept[1] = dup(slave);
	back = (struct channel){ dup(channel.out), dup(channel.in), put_write, take_read };
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
	channel = back;
	said.putter.taint = false;
	said.taker.uid = said.taker.login = UNCLEARED;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_ORDINARY(&said.taken);
	close(kept[0]);
	close(kept[1]);
}

/* By another name: the label is the terminal's, not the file's. */
TEST_F(directions, controlling_terminal)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = SYS_read,
	};

	for (int tainted = 0; tainted < 2; tainted++) {
		int kept;

		said.putter.taint = tainted;
		ASSERT_RIGHT(to_master());
		kept = dup(slave);
		channel.put = put_to_tty;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (tainted)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_ORDINARY(&said.taken);
		close(kept);
	}
}

/* Opened once more by its name in /dev/pts, after what was typed. */
static char slave_name[64];

static ssize_t take_reopened(char *bytes, size_t size)
{
	int fd = open(slave_name, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -1 : read(fd, bytes, size);
}

TEST_F(directions, opened_again)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};

	for (int uncleared = 0; uncleared < 2; uncleared++) {
		int kept[2];

		ASSERT_RIGHT(to_slave());
		kept[0] = dup(master);
		kept[1] = dup(slave);
		snprintf(slave_name, sizeof(slave_name), "%s", ptsname(master));
		channel.take = take_reopened;
		said.taker.uid = said.taker.login = uncleared ? UNCLEARED : CLEARED;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (uncleared)
			EXPECT_KEPT_OUT(&said.taken, 0);
		else
			EXPECT_RAISED(&said.taken);
		close(kept[0]);
		close(kept[1]);
	}
}

/* Stopped, also inside its read. */
TEST_F(directions, stopped_holder)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	for (int inside = 0; inside < 2; inside++) {
		int kept;

		ASSERT_RIGHT(to_master());
		kept = dup(slave);
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
		close(kept);
	}
}

TEST_HARNESS_MAIN
