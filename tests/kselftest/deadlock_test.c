// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs with different taints that write to each other at once: each has to send the other through
 * the return to user space before its first byte, and nobody may wait for ever. And sequences
 * on channels that no honest program makes: errors, but no more.
 */
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "support/suite.h"

#define RING	4
#define PIECES	1024	/* UIO_MAXIOV of the kernel */
#define ROUNDS	16

/* Who writes to whom: link i goes from program i to the next. */
static struct link {
	int in, out;
} links[RING];
static int programs;
static int me;
static bool counting; /* an eventfd, which adds up what is written */
static char documents[RING][192];

FIXTURE(deadlock) { uint32_t subjects; };

static int document_make(int i)
{
	int fd, error;

	snprintf(documents[i], sizeof(documents[i]), "%s/own-%d",
		 stage.directory[PLACE_ZONE], i);
	error = file_make(documents[i]);
	if (error || baseline())
		return error;
	fd = open(documents[i], O_RDONLY | O_CLOEXEC);
	error = wire_mark(&stage.wire, fd, 1 + i % 3, 1ULL << i);
	close(fd);
	return error;
}

FIXTURE_SETUP(deadlock)
{
	ASSERT_RIGHT(stage_open());
	for (int i = 0; i < RING; i++)
		ASSERT_EQ(0, document_make(i));
}

/* Whatever has happened, nothing of it stays in the module's tables. */
static const char *why_not_forgotten(void)
{
	const struct timespec moment = { .tv_nsec = 20000000 };
	struct wire_status status;

	if (baseline())
		return NULL;
	for (int i = 0; i < 500; i++) {
		if (wire_status_get(&stage.wire, &status))
			return "the module does not answer";
		if (!status.subjects)
			return NULL;
		nanosleep(&moment, NULL);
	}
	return "there are still subjects";
}

FIXTURE_TEARDOWN(deadlock)
{
	EXPECT_RIGHT(why_not_forgotten());
	stage_close();
}

static int own_document(void)
{
	char byte;
	int fd = open(documents[me], O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return errno;
	error = result(read(fd, &byte, 1));
	close(fd);
	return error;
}

/* Closes what belongs to the others, and reads what is its own. */
static int take_place(void)
{
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < programs; i++) {
		int before = (me + programs - 1) % programs;

		if (i != me && links[i].in != links[before].out && links[i].in != links[me].in)
			close(links[i].in);
		if (i != before && links[i].out != links[me].in && links[i].out != links[before].out)
			close(links[i].out);
	}
	return own_document();
}

static int exchange(void)
{
	int in = links[me].in, out = links[(me + programs - 1) % programs].out;
	bool terminal = isatty(out);

	for (uint64_t round = 1; round <= ROUNDS; round++) {
		uint64_t got = 0;
		ssize_t length;

		if (write(in, &round, sizeof(round)) != (ssize_t)sizeof(round))
			return errno;
		length = read(out, &got, sizeof(got));
		/* a terminal whose other end has been closed forgets what it held */
		if (length <= 0 && round == ROUNDS && terminal)
			return 0;
		if (length != (ssize_t)sizeof(got))
			return errno;
		if (got != (counting ? 1 : round))
			return EBADMSG;
	}
	return 0;
}

static const char *ring_run(int (*act)(void))
{
	struct deed deeds[RING];
	struct outcome outcomes[RING];
	static char wrong[128];
	const char *words = NULL;

	for (me = 0; me < programs; me++) {
		deeds[me] = (struct deed){
			.uid = CLEARED, .login = CLEARED, .directory = "/", .before = take_place,
			.gate = true, .act = act,
		};
		outcomes[me] = deed_start(&deeds[me]);
	}
	for (int i = 0; i < programs; i++) {
		close(links[i].in);
		close(links[i].out);
	}
	for (int i = 0; i < programs; i++)
		words = words ? words : deed_ready(&outcomes[i]);
	for (int i = 0; i < programs; i++)
		deed_go(&outcomes[i]);
	for (int i = 0; i < programs; i++) {
		deed_end(&outcomes[i]);
		if (outcomes[i].error && !words) {
			snprintf(wrong, sizeof(wrong), "program %d of %d ended in %d (%s)", i + 1,
				 programs, outcomes[i].error,
				 outcomes[i].error < 0 ? "it hung" : strerror(outcomes[i].error));
			words = wrong;
		}
	}
	return words;
}

static bool pipes_make(void)
{
	for (int i = 0; i < programs; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			return false;
		links[i] = (struct link){ .in = ends[1], .out = ends[0] };
	}
	return true;
}

static bool fifos_make(void)
{
	for (int i = 0; i < programs; i++) {
		const char *path = path_join(stage.directory[PLACE_SCRATCH], "ring");

		if (mkfifo(path, 0666) < 0)
			return false;
		links[i].out = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		links[i].in = open(path, O_WRONLY | O_CLOEXEC);
		if (links[i].out < 0 || links[i].in < 0 || fcntl(links[i].out, F_SETFL, 0) < 0 ||
		    unlink(path) < 0)
			return false;
	}
	return true;
}

static bool sockets_make(int type)
{
	for (int i = 0; i < programs; i++) {
		int ends[2];

		if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
			return false;
		links[i] = (struct link){ .in = ends[1], .out = ends[0] };
	}
	return true;
}

static bool streams_make(void)
{
	return sockets_make(SOCK_STREAM);
}

static bool datagrams_make(void)
{
	return sockets_make(SOCK_DGRAM);
}

static bool packets_make(void)
{
	return sockets_make(SOCK_SEQPACKET);
}

static bool counters_make(void)
{
	for (int i = 0; i < programs; i++) {
		int fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);

		links[i] = (struct link){ .in = fd, .out = fcntl(fd, F_DUPFD_CLOEXEC, 0) };
		if (fd < 0 || links[i].out < 0)
			return false;
	}
	return true;
}

/* One connection, each at one end of it. */
static bool both_ways(int a, int b)
{
	links[0] = (struct link){ .in = a, .out = b };
	links[1] = (struct link){ .in = fcntl(b, F_DUPFD_CLOEXEC, 0),
				  .out = fcntl(a, F_DUPFD_CLOEXEC, 0) };
	return links[1].in >= 0 && links[1].out >= 0;
}

static bool connection_make(void)
{
	int ends[2];

	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 &&
	       both_ways(ends[0], ends[1]);
}

static bool terminal_make(void)
{
	struct termios raw;
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, NULL) < 0 || tcgetattr(slave, &raw) < 0)
		return false;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = sizeof(uint64_t);
	return tcsetattr(slave, TCSANOW, &raw) == 0 && both_ways(master, slave);
}

static const struct {
	const char *name;
	bool (*make)(void);
	int programs;
} rings[] = {
	{ "pipes", pipes_make, 2 }, { "pipes", pipes_make, RING },
	{ "FIFOs", fifos_make, 2 }, { "FIFOs", fifos_make, RING },
	{ "stream sockets", streams_make, 2 }, { "stream sockets", streams_make, RING },
	{ "datagram sockets", datagrams_make, 2 }, { "datagram sockets", datagrams_make, RING },
	{ "packet sockets", packets_make, 2 }, { "packet sockets", packets_make, RING },
	{ "one connection", connection_make, 2 },
	{ "a terminal", terminal_make, 2 },
	{ "eventfds", counters_make, 2 }, { "eventfds", counters_make, RING },
};

TEST_F_TIMEOUT(deadlock, rings, 300)
{
	for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
		const char *words;

		programs = rings[i].programs;
		counting = rings[i].make == counters_make;
		ASSERT_TRUE(rings[i].make());
		words = ring_run(exchange);
		EXPECT_EQ(NULL, words)
			TH_LOG("%d programs by %s: %s", programs, rings[i].name, words);
	}
}

/* A file in memory: each waits until it sees what the other one wrote. */
static int memory = -1;

static int exchange_by_file(void)
{
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		uint64_t got = 0;

		if (pwrite(memory, &round, sizeof(round), me * sizeof(round)) < 0)
			return errno;
		while (got < round) { /* the deed has a deadline */
			if (pread(memory, &got, sizeof(got), !me * sizeof(got)) < 0)
				return errno;
			sched_yield();
		}
	}
	return 0;
}

TEST_F(deadlock, file_in_memory)
{
	memory = memfd_create("ring", MFD_CLOEXEC);
	ASSERT_LE(0, memory);
	ASSERT_EQ(0, ftruncate(memory, 4096));
	programs = 2;
	ASSERT_TRUE(pipes_make());
	EXPECT_RIGHT(ring_run(exchange_by_file));
}

/*
 * Hostile ones. Each program is on its own; that it ended by itself or by its killer, and that the guest still
 * works, is all that is asked.
 */
static int write_for_ever(void)
{
	char bytes[256] = "";

	while (write(links[0].in, bytes, sizeof(bytes)) > 0)
		;
	return 0;
}

static int read_a_little(void)
{
	char bytes[256];

	if (read(links[0].out, bytes, sizeof(bytes)) < 0)
		return 0;
	return 0;
}

static int read_and_execute(void)
{
	char bytes[256];

	if (read(links[0].out, bytes, 1) < 0)
		return 0;
	execl("/bin/true", "true", NULL);
	return errno;
}

static const char *torture(int (*taker_act)(void), bool kill_taker)
{
	struct deed putter_deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .before = own_document,
		.gate = true, .act = write_for_ever,
	};
	struct deed taker_deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .gate = true, .act = taker_act,
	};
	struct outcome putter, taker;
	const char *words;

	signal(SIGPIPE, SIG_IGN);
	putter = deed_start(&putter_deed);
	taker = deed_start(&taker_deed);
	close(links[0].in);
	close(links[0].out);
	words = deed_ready(&putter);
	if (!words)
		words = deed_ready(&taker);
	deed_go(&taker);
	deed_go(&putter);
	if (kill_taker)
		kill(taker.pid, SIGKILL);
	deed_end(&taker);
	kill(putter.pid, SIGKILL);
	deed_end(&putter);
	signal(SIGPIPE, SIG_DFL);
	return words;
}

TEST_F_TIMEOUT(deadlock, takers_that_go_away, 200)
{
	bool (*const makers[])(void) = { pipes_make, streams_make, datagrams_make, packets_make };

	programs = 1;
	me = 0;
	for (int round = 0; round < 8; round++) {
		for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
			ASSERT_TRUE(makers[i]());
			EXPECT_RIGHT(torture(read_a_little, round % 2));
			ASSERT_TRUE(makers[i]());
			EXPECT_RIGHT(torture(read_and_execute, round % 2));
		}
	}
}

/* As many pieces as there can be, as many descriptors as there can be, and a socket inside itself. */
static int many_pieces(void)
{
	static struct iovec pieces[PIECES];
	static char bytes[PIECES];
	int ends[2];

	for (int i = 0; i < PIECES; i++)
		pieces[i] = (struct iovec){ &bytes[i], 1 };
	for (int kind = 0; kind < 2; kind++) {
		if ((kind ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends)) < 0)
			return errno;
		if (writev(ends[1], pieces, PIECES) != PIECES ||
		    readv(ends[0], pieces, PIECES) != PIECES)
			return errno;
	}
	return 0;
}

#define PASSED 250	/* the kernel passes 253 at once */

static int pass(int by, const int *fds, int count)
{
	static char space[CMSG_SPACE(PASSED * sizeof(int))];
	char byte = 'y';
	struct iovec piece = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &piece, .msg_iovlen = 1, .msg_control = space,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(header), fds, count * sizeof(int));
	return result(sendmsg(by, &message, 0));
}

static int many_descriptors(void)
{
	int ends[2], fds[PASSED];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return errno;
	for (int i = 0; i < PASSED; i++)
		fds[i] = ends[i % 2];
	for (int i = 0; i < 4; i++) {
		int error = pass(ends[0], fds, PASSED);

		/* the kernel may still count those of a program that has ended */
		if (error)
			return error == ETOOMANYREFS ? 0 : error;
	}
	/* and is closed with all that inside */
	return 0;
}

static int socket_in_socket(void)
{
	int carried = -1;

	for (int depth = 0; depth < 16; depth++) {
		int ends[2], error;

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
			return errno;
		error = carried < 0 ? 0 : pass(ends[0], &carried, 1);
		if (error)
			return error == ETOOMANYREFS ? 0 : error;
		close(ends[0]);
		carried = ends[1];
	}
	return 0;
}

/* Each namespace is made by somebody whom the one around it knows. */
static int nest(void)
{
	int error = 0;

	for (int depth = 0; !error && depth < 8; depth++)
		error = namespace_enter(0, CLEARED);
	return error;
}

static int pipe_inside(void)
{
	int ends[2];

	return pipe(ends) < 0 ? errno : result(write(ends[1], "y", 1));
}

static int closed_descriptors(void)
{
	static const int none[] = { -1, 1000000, AT_FDCWD };
	struct flock lock = { .l_type = F_WRLCK };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (write(none[i], "y", 1) != -1 || errno != EBADF ||
		    send(none[i], "y", 1, 0) != -1 || errno != EBADF ||
		    fcntl(none[i], F_SETLK, &lock) != -1 || errno != EBADF)
			return EBADE;
	}
	return 0;
}

TEST_F(deadlock, large_and_deep)
{
	static const struct {
		int (*before)(void);
		int (*act)(void);
	} acts[] = {
		{ NULL, many_pieces }, { NULL, many_descriptors }, { NULL, socket_in_socket },
		{ nest, pipe_inside }, { NULL, closed_descriptors },
	};

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, acts[i].act);
		struct outcome outcome;

		deed.before = acts[i].before;
		outcome = deed_do(&deed);
		EXPECT_EQ(0, outcome.error)
			TH_LOG("number %zu", i);
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

TEST_HARNESS_MAIN
