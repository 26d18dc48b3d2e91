// SPDX-License-Identifier: GPL-2.0-or-later
/* Pipes and FIFOs: who reads what a tainted program wrote is raised, or gets nothing. */
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "support/suite.h"

static ssize_t put_write(const char *bytes, size_t size)
{
	return write(channel.in, bytes, size);
}

static ssize_t put_writev(const char *bytes, size_t size)
{
	struct iovec pieces[] = { { (char *)bytes, 1 }, { (char *)bytes + 1, size - 1 } };

	return writev(channel.in, pieces, 2);
}

/* Opened anew, because the flags of the one that was inherited are its parent's as well. */
static ssize_t put_write_nonblocking(const char *bytes, size_t size)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", channel.in);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -1 : write(fd, bytes, size);
}

static ssize_t take_read(char *bytes, size_t size)
{
	return read(channel.out, bytes, size);
}

static ssize_t take_readv(char *bytes, size_t size)
{
	struct iovec pieces[] = { { bytes, 1 }, { bytes + 1, size - 1 } };

	return readv(channel.out, pieces, 2);
}

static ssize_t take_poll_and_read(char *bytes, size_t size)
{
	struct pollfd polled = { .fd = channel.out, .events = POLLIN };

	if (poll(&polled, 1, -1) < 0)
		return -1;
	return read(channel.out, bytes, size);
}

/* By another open file of the same pipe. */
static ssize_t take_by_proc(char *bytes, size_t size)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", channel.out);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -1 : read(fd, bytes, size);
}

static const char *pipe_open(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0 || fchown(ends[0], CLEARED, CLEARED) < 0)
		return "no pipe";
	channel = (struct channel){ ends[1], ends[0], put_write, take_read };
	return NULL;
}

static const char *packet_pipe_open(void)
{
	const char *words = pipe_open();

	if (!words && fcntl(channel.in, F_SETFL, O_DIRECT) < 0)
		words = "no pipe that keeps packets apart";
	return words;
}

/* A new one each time: the label of one may outlive those who had it open. */
static const char *fifo_open(void)
{
	static int number;
	char path[192];

	snprintf(path, sizeof(path), "%s/ordinary/fifo-%d", stage.directory[PLACE_UNMARKED],
		 number++);
	channel = (struct channel){ .in = -1, .put = put_write, .take = take_read };
	if (mkfifo(path, 0666) < 0 || chmod(path, 0666) < 0)
		return "no FIFO";
	channel.out = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (channel.out >= 0)
		channel.in = open(path, O_WRONLY | O_CLOEXEC);
	if (channel.in < 0 || fcntl(channel.out, F_SETFL, 0) < 0)
		return "the FIFO cannot be opened";
	return NULL;
}

FIXTURE(pipe) {};

FIXTURE_VARIANT(pipe)
{
	const char *(*make)(void);
};

FIXTURE_VARIANT_ADD(pipe, pipe) { .make = pipe_open };
FIXTURE_VARIANT_ADD(pipe, packet_pipe) { .make = packet_pipe_open };
FIXTURE_VARIANT_ADD(pipe, fifo) { .make = fifo_open };

FIXTURE_SETUP(pipe)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(pipe)
{
	stage_close();
}

TEST_F(pipe, raises_who_reads)
{
	static ssize_t (*const puts[])(const char *, size_t) = {
		put_write, put_writev, put_write_nonblocking,
	};
	static ssize_t (*const takes[])(char *, size_t) = {
		take_read, take_readv, take_poll_and_read, take_by_proc,
	};
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};

	for (size_t i = 0; i < sizeof(puts) / sizeof(puts[0]); i++) {
		ASSERT_RIGHT(variant->make());
		channel.put = puts[i];
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
	}
	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
		ASSERT_RIGHT(variant->make());
		channel.take = takes[i];
		said.putter.taint = true;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
		ASSERT_RIGHT(variant->make());
		channel.take = takes[i];
		said.putter.taint = false;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_ORDINARY(&said.taken);
	}
}

/* They were let into their system call while nothing was in the pipe yet. */
TEST_F(pipe, raises_who_waits)
{
	static const struct {
		ssize_t (*take)(char *to, size_t size);
		long call;
	} ways[] = {
		{ take_read, SYS_read },
		{ take_readv, SYS_readv },
		{ take_poll_and_read, SYS_poll },
	};
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED) };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		ASSERT_RIGHT(variant->make());
		channel.take = ways[i].take;
		said.blocked_in = ways[i].call;
		said.putter.taint = true;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
		ASSERT_RIGHT(variant->make());
		channel.take = ways[i].take;
		said.putter.taint = false;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_ORDINARY(&said.taken);
	}
}

TEST_F(pipe, keeps_the_uncleared_out)
{
	static const long calls[] = { AFTERWARDS, SYS_read, SYS_poll };
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(UNCLEARED, UNCLEARED) };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ASSERT_RIGHT(variant->make());
		if (calls[i] == SYS_poll)
			channel.take = take_poll_and_read;
		said.blocked_in = calls[i];
		said.putter.taint = true;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
		ASSERT_RIGHT(variant->make());
		said.putter.taint = false;
		said.blocked_in = AFTERWARDS;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_ORDINARY(&said.taken);
	}
}

/* The service never sees the tainted program's message and works on with the next one. */
TEST_F(pipe, does_not_reach_services)
{
	static const long calls[] = { AFTERWARDS, SYS_read, SYS_poll };
	struct deed service = TAKER(0, SERVICE), writer = PUTTER(true);
	struct outcome served, tainted, ordinary;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ASSERT_RIGHT(variant->make());
		if (calls[i] == SYS_poll)
			channel.take = take_poll_and_read;
		served = deed_start(&service);
		writer.taint = true;
		tainted = deed_start(&writer);
		writer.taint = false;
		ordinary = deed_start(&writer);
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
	}
}

/* What is in the pipe now was written by an ordinary program; the label stays. */
TEST_F(pipe, keeps_its_label)
{
	struct deed writer = PUTTER(true), reader = TAKER(CLEARED, CLEARED);
	struct outcome first, raised, second, late;

	ASSERT_RIGHT(variant->make());
	first = deed_start(&writer);
	raised = deed_start(&reader);
	writer.taint = false;
	second = deed_start(&writer);
	reader.uid = reader.login = UNCLEARED;
	late = deed_start(&reader);
	channel_close();
	ASSERT_RIGHT(deed_ready(&first));
	ASSERT_RIGHT(deed_ready(&raised));
	ASSERT_RIGHT(deed_ready(&second));
	ASSERT_RIGHT(deed_ready(&late));
	deed_go(&first);
	deed_end(&first);
	EXPECT_ALLOWED(&first);
	deed_go(&raised);
	deed_end(&raised);
	EXPECT_RAISED(&raised);
	deed_go(&second);
	deed_end(&second);
	EXPECT_ALLOWED(&second);
	deed_go(&late);
	deed_end(&late);
	EXPECT_KEPT_OUT(&late, MIFENG_OP_READ);
}

static int channels_counted(void)
{
	struct wire_status status;

	return baseline() ? -1 : wire_status_get(&stage.wire, &status) ? -2 : (int)status.channels;
}

/* The kernel keeps account of it as long as somebody has it open. */
TEST_F(pipe, is_counted)
{
	const struct timespec moment = { .tv_nsec = 20000000 };
	struct deed writer = PUTTER(true);
	int before = channels_counted();
	struct outcome written;

	ASSERT_RIGHT(variant->make());
	written = deed_start(&writer);
	ASSERT_RIGHT(deed_ready(&written));
	deed_go(&written);
	deed_end(&written);
	EXPECT_ALLOWED(&written);
	EXPECT_EQ(baseline() ? before : before + 1, channels_counted());
	channel_close();
	for (int i = 0; i < 250 && channels_counted() != before; i++)
		nanosleep(&moment, NULL);
	EXPECT_EQ(before, channels_counted());
}

/* The reader is stuck in the middle of copying what an ordinary program wrote. */
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

TEST_F(pipe, stalled_reader)
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
	/* Without the module the writer waits for the reader. */
	if (baseline())
		stall_end(&taken);
	deed_end(&put);
	EXPECT_DENIED(&put, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_READERS_BUSY, NULL);
	if (!baseline())
		stall_end(&taken);
	deed_end(&taken);
	EXPECT_ORDINARY(&taken);
	channel_close();
}

/* Into a pipe by reference: pages that change later, and nobody copies. */
FIXTURE(into) {};

FIXTURE_VARIANT(into)
{
	int (*way)(void);
};

static int pipes[2], filled[2], other_fd;

static int pipes_open(void)
{
	other_fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/other"),
			O_RDONLY | O_CLOEXEC);
	if (other_fd < 0 || pipe2(pipes, O_CLOEXEC) < 0 || pipe2(filled, O_CLOEXEC) < 0)
		return errno;
	return write(filled[1], "y", 1) == 1 ? 0 : EIO;
}

static int into_splice_file(void)
{
	return result(splice(other_fd, NULL, pipes[1], NULL, 64, 0));
}

static int into_splice_pipe(void)
{
	return result(splice(filled[0], NULL, pipes[1], NULL, 1, 0));
}

static int into_tee(void)
{
	return result(tee(filled[0], pipes[1], 1, 0));
}

static int into_vmsplice(void)
{
	static char page[4096] __attribute__((aligned(4096)));
	struct iovec piece = { page, sizeof(page) };

	return result(vmsplice(pipes[1], &piece, 1, 0));
}

static int into_sendfile(void)
{
	return result(sendfile(pipes[1], other_fd, NULL, 64));
}

#define INTO(name) FIXTURE_VARIANT_ADD(into, name) { .way = into_##name }
/* clang-format off */
INTO(splice_file);
INTO(splice_pipe);
INTO(tee);
INTO(vmsplice);
INTO(sendfile);
/* clang-format on */

FIXTURE_SETUP(into)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(into)
{
	stage_close();
}

/* Programs try these, and read and write when they are told that it does not work. */
TEST_F(into, is_for_ordinary_programs)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->way);
	struct outcome outcome;

	deed.before = pipes_open;
	outcome = deed_do(&deed);
	EXPECT_TURNED_DOWN(&outcome, EINVAL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* By reference from a pipe in which something classified is. */
FIXTURE(from) {};

FIXTURE_VARIANT(from)
{
	long blocked_in;
};

FIXTURE_VARIANT_ADD(from, afterwards) { .blocked_in = AFTERWARDS };
FIXTURE_VARIANT_ADD(from, waiting) { .blocked_in = SYS_splice };

FIXTURE_SETUP(from)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(pipe_open());
}

FIXTURE_TEARDOWN(from)
{
	stage_close();
}

static int to_fd = -1;

/* Nothing may be in the other pipe when the splice has failed. */
static ssize_t take_splice_to_pipe(char *bytes, size_t size)
{
	int on[2];
	ssize_t spliced;
	int error;

	if (pipe2(on, O_CLOEXEC) < 0 || fcntl(on[0], F_SETFL, O_NONBLOCK) < 0)
		return -1;
	spliced = splice(channel.out, NULL, on[1], NULL, size, 0);
	error = errno;
	if (read(on[0], bytes, size) > 0)
		return size;
	errno = error;
	return spliced;
}

static int splice_to_pipe(void)
{
	char bytes[2 * MESSAGE_SIZE];
	ssize_t taken;
	int error;

	channel.take = take_splice_to_pipe;
	close(channel.in);
	taken = channel.take(bytes, sizeof(bytes));
	error = errno;
	if (taken > 0)
		return probe() == GOT_ORDINARY ? 0 : GOT_RAISED;
	/* It has been raised all the same. */
	return error == EINVAL && probe() == GOT_ORDINARY ? GOT_ORDINARY : error;
}

static int splice_to_file(void)
{
	close(channel.in);
	return result(splice(channel.out, NULL, to_fd, NULL, MESSAGE_SIZE, 0));
}

static void from_talk(struct __test_metadata *_metadata, struct talk *said)
{
	ASSERT_RIGHT(talk(said));
	EXPECT_ALLOWED(&said->put);
}

TEST_F(from, to_a_pipe)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED),
		.blocked_in = variant->blocked_in,
	};

	said.taker.act = splice_to_pipe;
	from_talk(_metadata, &said);
	EXPECT_EQ(baseline() ? 0 : EINVAL, said.taken.error);
	ASSERT_RIGHT(pipe_open());
	said.putter.taint = false;
	from_talk(_metadata, &said);
	EXPECT_EQ(0, said.taken.error);
}

TEST_F(from, to_an_unmarked_path)
{
	const char *path = path_join(stage.directory[PLACE_UNMARKED], "ordinary/other");
	char content[MESSAGE_SIZE] = "";
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED),
		.blocked_in = variant->blocked_in,
	};

	to_fd = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, to_fd);
	said.taker.act = splice_to_file;
	from_talk(_metadata, &said);
	EXPECT_DENIED(&said.taken, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_UNMARKED_PATH, "other");
	ASSERT_EQ(MESSAGE_SIZE, pread(to_fd, content, sizeof(content), 0));
	EXPECT_EQ(baseline(), !memcmp(content, MESSAGE, MESSAGE_SIZE));
	ASSERT_RIGHT(pipe_open());
	said.putter.taint = false;
	from_talk(_metadata, &said);
	EXPECT_ALLOWED(&said.taken);
}

TEST_F(from, to_a_zone)
{
	const char *path = path_join(stage.directory[PLACE_ZONE], "ordinary/other");
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED),
		.blocked_in = variant->blocked_in,
	};

	to_fd = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, to_fd);
	said.taker.act = splice_to_file;
	from_talk(_metadata, &said);
	EXPECT_ALLOWED(&said.taken);
	EXPECT_LEVEL(DOCUMENT_LEVEL, NULL, path);
}

TEST_F(from, by_the_uncleared)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(UNCLEARED, UNCLEARED),
		.blocked_in = variant->blocked_in,
	};

	said.taker.act = splice_to_pipe;
	from_talk(_metadata, &said);
	EXPECT_DENIED(&said.taken, EACCES, MIFENG_OP_READ, MIFENG_REASON_NOT_CLEARED, NULL);
}

/* Memory of the program's own that went into a pipe is read there at any later time. */
FIXTURE(given) {};

FIXTURE_SETUP(given)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(given)
{
	stage_close();
}

static int vmsplice_before(void)
{
	int error = pipes_open();

	return error ? error : into_vmsplice();
}

static int vmsplice_and_exec(void)
{
	int error = vmsplice_before();

	if (error)
		return error;
	execl("/proc/self/exe", "pipe_test", "--read", stage.document, NULL);
	return TROUBLE;
}

TEST_F(given, memory_is_a_way_out)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = vmsplice_before;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, "vmsplice");
}

TEST_F(given, exec_ends_it)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, vmsplice_and_exec);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

/* Holders, and what else may be made difficult. */
FIXTURE(holder) {};

FIXTURE_SETUP(holder)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(pipe_open());
}

FIXTURE_TEARDOWN(holder)
{
	stage_close();
}

/* Stopped at its gate, and before that inside its read. */
TEST_F(holder, stopped)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	for (int inside = 0; inside < 2; inside++) {
		ASSERT_RIGHT(pipe_open());
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

/* Sleeps in a call that receives nothing from this pipe. */
static int sleeping[2] = { -1, -1 };

static ssize_t take_after_another(char *bytes, size_t size)
{
	char byte;

	close(sleeping[1]);
	if (read(sleeping[0], &byte, 1) != 1)
		return -1;
	return read(channel.out, bytes, size);
}

TEST_F(holder, asleep_elsewhere)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	ASSERT_EQ(0, pipe2(sleeping, O_CLOEXEC));
	channel.take = take_after_another;
	taken = deed_start(&reader);
	put = deed_start(&writer);
	channel_close();
	ASSERT_RIGHT(deed_ready(&taken));
	ASSERT_RIGHT(deed_ready(&put));
	deed_go(&taken);
	ASSERT_RIGHT(deed_blocked(&taken, SYS_read));
	deed_go(&put);
	deed_end(&put);
	EXPECT_ALLOWED(&put);
	ASSERT_EQ(1, write(sleeping[1], "y", 1));
	deed_end(&taken);
	EXPECT_RAISED(&taken);
}

/* Asks without pause, so that it is at every place of its way when the message comes. */
static ssize_t take_without_pause(char *bytes, size_t size)
{
	ssize_t taken;

	if (fcntl(channel.out, F_SETFL, O_NONBLOCK) < 0)
		return -1;
	do {
		taken = read(channel.out, bytes, size);
	} while (taken < 0 && errno == EAGAIN);
	return taken;
}

TEST_F_TIMEOUT(holder, reads_without_pause, 120)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};
	struct outcome put, taken;

	for (int round = 0; round < 20; round++) {
		ASSERT_RIGHT(pipe_open());
		channel.take = take_without_pause;
		said.taker.uid = said.taker.login = round % 2 ? UNCLEARED : CLEARED;
		taken = deed_start(&said.taker);
		put = deed_start(&said.putter);
		ASSERT_RIGHT(deed_ready(&taken));
		ASSERT_RIGHT(deed_ready(&put));
		deed_go(&taken);
		deed_go(&put);
		deed_end(&put);
		deed_end(&taken);
		channel_close();
		ASSERT_EQ(0, put.error);
		ASSERT_EQ(baseline() ? GOT_ORDINARY : round % 2 ? EACCES : GOT_RAISED, taken.error);
	}
}

TEST_F(holder, ends_meanwhile)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	for (int round = 0; round < 10; round++) {
		ASSERT_RIGHT(pipe_open());
		taken = deed_start(&reader);
		put = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&taken));
		ASSERT_RIGHT(deed_ready(&put));
		deed_go(&taken);
		ASSERT_RIGHT(deed_blocked(&taken, SYS_read));
		deed_go(&put);
		kill(taken.pid, SIGKILL);
		deed_end(&put);
		deed_end(&taken);
		/* Ended by SIGPIPE, or in time: an answer in any case, and no refusal. */
		EXPECT_RIGHT(why_not_silent(&put));
	}
}

/* One thread reads while another one executes a program that will read, too. */
static void *reader_thread(void *unused)
{
	char bytes[MESSAGE_SIZE];

	(void)unused;
	(void)!read(channel.out, bytes, sizeof(bytes));
	return NULL;
}

static int exec_while_reading(void)
{
	char out[16], probed[16];
	pthread_t thread;

	close(channel.in);
	fcntl(channel.out, F_SETFD, 0);
	fcntl(probe_fd, F_SETFD, 0);
	snprintf(out, sizeof(out), "%d", channel.out);
	snprintf(probed, sizeof(probed), "%d", probe_fd);
	if (pthread_create(&thread, NULL, reader_thread, NULL))
		return TROUBLE;
	execl("/proc/self/exe", "pipe_test", "--take", out, probed, NULL);
	return TROUBLE;
}

/* Whoever of the two got the message: the program that is there now was raised. */
static int take_after_exec(void)
{
	char bytes[MESSAGE_SIZE];

	/* The writer has closed its end by now, or will: the end of the file comes. */
	while (read(channel.out, bytes, sizeof(bytes)) > 0)
		;
	return probe();
}

TEST_F(holder, executes_meanwhile)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	reader.act = exec_while_reading;
	for (int round = 0; round < 10; round++) {
		ASSERT_RIGHT(pipe_open());
		taken = deed_start(&reader);
		put = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&taken));
		ASSERT_RIGHT(deed_ready(&put));
		deed_go(&taken);
		deed_go(&put);
		deed_end(&put);
		deed_end(&taken);
		EXPECT_ALLOWED(&put);
		EXPECT_EQ(baseline() ? GOT_ORDINARY : GOT_RAISED, taken.error);
	}
}

static int unmapped_namespaces(void)
{
	return result(unshare(CLONE_NEWUSER | CLONE_NEWPID));
}

TEST_F(holder, in_user_namespaces)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = SYS_read,
	};

	for (int who = 1; who < 4; who++) {
		ASSERT_RIGHT(pipe_open());
		said.putter.before = who & 1 ? unmapped_namespaces : NULL;
		said.taker.before = who & 2 ? unmapped_namespaces : NULL;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
	}
}

static int write_closed(void)
{
	int in = channel.in;

	channel_close();
	return write(in, "y", 1) < 0 && errno == EBADF ? 0 : EIO;
}

/* As many pieces as there can be, more than the pipe holds, some from nowhere. */
static int write_huge(void)
{
	static char piece[65536];
	struct iovec pieces[1024];

	close(channel.out);
	for (size_t i = 0; i < 1024; i++)
		pieces[i] = (struct iovec){ piece, sizeof(piece) };
	pieces[1000].iov_base = NULL;
	return writev(channel.in, pieces, 1024) > 0 ? 0 : errno;
}

static int read_huge(void)
{
	static char piece[65536];
	struct iovec pieces[1024];

	close(channel.in);
	for (size_t i = 0; i < 1024; i++)
		pieces[i] = (struct iovec){ piece, sizeof(piece) };
	while (readv(channel.out, pieces, 1024) > 0)
		;
	return probe();
}

static int write_nowhere(void)
{
	char *volatile nowhere = NULL;

	return write(channel.in, nowhere, 64) < 0 && errno == EFAULT ? 0 : EIO;
}

TEST_F(holder, strange_calls)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = SYS_readv,
	};
	struct deed deed = PUTTER(true);
	struct outcome outcome;

	deed.gate = false;
	deed.act = write_closed;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.act = write_nowhere;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	ASSERT_RIGHT(pipe_open());
	said.putter.act = write_huge;
	said.taker.act = read_huge;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--read")) {
		snprintf(stage.document, sizeof(stage.document), "%s", argv[2]);
		return document_read();
	}
	if (argc == 4 && !strcmp(argv[1], "--take")) {
		channel.out = atoi(argv[2]);
		probe_fd = atoi(argv[3]);
		return take_after_exec();
	}
	return test_harness_run(argc, argv);
}
