// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A raise is atomic. One task of a program stands inside a system call that has passed its
 * check and cannot go on, because what it copies lies partly in a page of a file that a server of
 * the same user does not give out yet. Meanwhile another one reads the document, into what the first
 * will copy next; then the server answers. Without the module the content comes out each time.
 * Nobody here needs a privilege.
 */
#include <arpa/inet.h>
#include <linux/aio_abi.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "support/suite.h"

#define PAGE	4096
#define CONTENT	'x'	/* of the document */
#define SHORT	16

enum who {
	THREAD,
	PROCESS,	/* that shares memory only */
	VFORKED,
};

/* What the deed works on: where it puts things, the page that stalls, and what comes after it. */
static int in = -1, out = -1;
static int document_fd, output_fd;
static char *page, *content;

static ssize_t put_write(void)
{
	return write(in, page, 2 * PAGE);
}

static ssize_t put_pwrite(void)
{
	return pwrite(in, page, 2 * PAGE, 0);
}

static struct iovec *pieces(void)
{
	static struct iovec pieces[2];

	pieces[0] = (struct iovec){ page, PAGE };
	pieces[1] = (struct iovec){ content, PAGE };
	return pieces;
}

static ssize_t put_writev(void)
{
	return writev(in, pieces(), 2);
}

static ssize_t put_pwritev2(void)
{
	return pwritev2(in, pieces(), 2, 0, RWF_DSYNC);
}

static ssize_t put_sendto(void)
{
	return sendto(in, page, 2 * PAGE, 0, NULL, 0);
}

static ssize_t put_sendmsg(void)
{
	struct msghdr message = { .msg_iov = pieces(), .msg_iovlen = 2 };

	return sendmsg(in, &message, 0);
}

/* The second message is looked at when the first has gone. */
static ssize_t put_sendmmsg(void)
{
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_iov = pieces(), .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = pieces() + 1, .msg_iovlen = 1 } },
	};

	return sendmmsg(in, messages, 2, 0);
}

static aio_context_t context;

static ssize_t put_io_submit(void)
{
	struct iocb request = {
		.aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = in,
		.aio_buf = (uintptr_t)page, .aio_nbytes = 2 * PAGE,
	};
	struct iocb *requests = &request;

	return syscall(SYS_io_submit, context, 1, &requests);
}

static char copied[2 * PAGE];
static pid_t other;

static ssize_t put_process_vm_writev(void)
{
	struct iovec there = { copied, sizeof(copied) };

	return process_vm_writev(other, pieces(), 2, &there, 1, 0);
}

static ssize_t put_vmsplice(void)
{
	return vmsplice(in, pieces(), 2, 0);
}

/* Where things are put. Opened by the test, and looked at there when all is over. */

static int sink_file(void)
{
	in = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/out"),
		  O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	out = in;
	return in < 0 ? errno : result(fchmod(in, 0666));
}

static int sink_pipe(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	out = ends[0];
	in = ends[1];
	return 0;
}

static int sink_fifo(void)
{
	in = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/fifo"), O_RDWR | O_CLOEXEC);
	out = in;
	return in < 0 ? errno : 0;
}

static int pair(int type)
{
	int ends[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
		return errno;
	out = ends[0];
	in = ends[1];
	return 0;
}

static int sink_stream(void)
{
	return pair(SOCK_STREAM);
}

static int sink_datagram(void)
{
	return pair(SOCK_DGRAM);
}

static int sink_seqpacket(void)
{
	return pair(SOCK_SEQPACKET);
}

static int sink_udp(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);

	out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	in = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (out < 0 || in < 0 || bind(out, (struct sockaddr *)&address, size) < 0 ||
	    getsockname(out, (struct sockaddr *)&address, &size) < 0)
		return errno;
	return result(connect(in, (struct sockaddr *)&address, size));
}

static int sink_tcp(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || in < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 ||
	    listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0 ||
	    connect(in, (struct sockaddr *)&address, size) < 0)
		return errno;
	out = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
	return out < 0 ? errno : 0;
}

/* Everything that has come out; true if something of the document is in it. */
static bool content_came_out(void)
{
	static char bytes[4 * PAGE];
	ssize_t got;

	if (in == out)
		lseek(out, 0, SEEK_SET);
	fcntl(out, F_SETFL, O_NONBLOCK);
	while ((got = read(out, bytes, sizeof(bytes))) > 0)
		if (memchr(bytes, CONTENT, got))
			return true;
	return false;
}

FIXTURE(raise) {};

FIXTURE_SETUP(raise)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(fuse_list_open());
}

FIXTURE_TEARDOWN(raise)
{
	if (out >= 0)
		close(out);
	if (in != out)
		close(in);
	fuse_list_close();
	stage_close();
}

FIXTURE_VARIANT(raise)
{
	int (*sink)(void);
	ssize_t (*put)(void);
	enum who who;
	bool unmapped;
	const char *culprit;
};

/* clang-format off */
#define BUSY "a system call of another thread that does not end"
#define STALLED(name, into, by, ...)							\
	FIXTURE_VARIANT_ADD(raise, name) {						\
		.sink = sink_##into, .put = put_##by, .culprit = BUSY, __VA_ARGS__ }
STALLED(write, file, write);
STALLED(pwrite, file, pwrite);
STALLED(writev, file, writev);
STALLED(pwritev2, file, pwritev2);
STALLED(io_submit, file, io_submit);
STALLED(pipe_write, pipe, write);
STALLED(pipe_writev, pipe, writev);
STALLED(fifo_write, fifo, write);
STALLED(stream_write, stream, write);
STALLED(stream_sendto, stream, sendto);
STALLED(stream_sendmsg, stream, sendmsg);
STALLED(stream_sendmmsg, stream, sendmmsg);
STALLED(datagram_sendmsg, datagram, sendmsg);
STALLED(datagram_sendmmsg, datagram, sendmmsg);
STALLED(seqpacket_sendmsg, seqpacket, sendmsg);
STALLED(udp_sendto, udp, sendto);
STALLED(udp_sendmsg, udp, sendmsg);
STALLED(tcp_write, tcp, write);
STALLED(tcp_sendmsg, tcp, sendmsg);
STALLED(process_vm_writev, file, process_vm_writev);
STALLED(vmsplice, pipe, vmsplice);
STALLED(process_write, file, write, .who = PROCESS);
STALLED(process_sendmsg, stream, sendmsg, .who = PROCESS);
STALLED(vforked_write, file, write, .who = VFORKED);
STALLED(vforked_sendmsg, tcp, sendmsg, .who = VFORKED);
/* The page is not mapped any more when the document is read. */
STALLED(unmapped_write, file, write, .unmapped = true);
STALLED(unmapped_pipe, pipe, writev, .unmapped = true);
STALLED(unmapped_sendmsg, stream, sendmsg, .unmapped = true);
STALLED(unmapped_vforked, file, write, .unmapped = true, .who = VFORKED);
/* clang-format on */

static ssize_t (*put)(void);
static enum who who;
static bool unmapped;

/* A page that stalls and one that does not, one after the other. */
static int pages_map(void)
{
	int fd, error = fuse_mount("directory");

	if (error)
		return error;
	fd = open("directory/stall", O_RDWR | O_CLOEXEC);
	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || page == MAP_FAILED)
		return errno;
	content = page + PAGE;
	memset(content, 'o', PAGE);
	if (mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
		return errno;
	return result_close(fd);
}

/* Its memory is written to; when it is told to, it passes that on. */
static void other_waits(void)
{
	sigset_t signals;
	int number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR2);
	sigwait(&signals, &number);
	_exit(write(in, copied, sizeof(copied)) != sizeof(copied));
}

static int other_make(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR2);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	other = fork();
	if (!other)
		other_waits();
	return other < 0 ? errno : 0;
}

static int other_tells(void)
{
	int status;

	if (!other)
		return 0;
	kill(other, SIGUSR2);
	return waitpid(other, &status, 0) < 0 || status;
}

static int before(void)
{
	int error;

	document_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	if (document_fd < 0)
		return errno;
	error = pages_map();
	if (!error && put == put_process_vm_writev)
		error = other_make();
	if (!error && put == put_io_submit)
		error = result(syscall(SYS_io_setup, 4, &context));
	return error;
}

static int put_now(void *unused)
{
	(void)unused;
	return put() < 0;
}

static char stack[65536] __attribute__((aligned(16)));

static void *sibling(void *unused)
{
	int flags = CLONE_VM | SIGCHLD | (who == VFORKED ? CLONE_VFORK : 0), status;
	pid_t child;

	if (who == THREAD) {
		put_now(unused);
		return NULL;
	}
	child = clone(put_now, stack + sizeof(stack), flags, NULL);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		_exit(TROUBLE);
	return NULL;
}

/* The page that the other one waits for is replaced; he will go on with the new one. */
static int page_replace(void)
{
	void *new = mmap(page, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	return new == MAP_FAILED ? errno : 0;
}

static int read_meanwhile(void)
{
	pthread_t thread;
	int error;

	if (pthread_create(&thread, NULL, sibling, NULL) || fuse_wait("READ stall"))
		return TROUBLE;
	if (unmapped && page_replace())
		return TROUBLE;
	error = result(read(document_fd, content, PAGE));
	fuse_release();
	if (pthread_join(thread, NULL) || other_tells())
		return TROUBLE;
	return error;
}

TEST_F(raise, sibling_is_stalled)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_meanwhile);
	struct outcome outcome;

	ASSERT_EQ(0, variant->sink());
	put = variant->put;
	who = variant->who;
	unmapped = variant->unmapped;
	deed.before = before;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, variant->culprit);
	EXPECT_EQ(baseline(), content_came_out());
}

FIXTURE(flight) {};

FIXTURE_SETUP(flight)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(fuse_list_open());
	ASSERT_EQ(0, sink_file());
}

FIXTURE_TEARDOWN(flight)
{
	close(out);
	fuse_list_close();
	stage_close();
}

#define EXPECT_NO_CONTENT(act_, culprit)						\
	do {										\
		struct deed deed_ = DEED(false, PLACE_UNMARKED, act_);			\
		struct outcome outcome_;						\
											\
		deed_.before = before;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_UNCLEAN(&outcome_, culprit);					\
		EXPECT_EQ(baseline(), content_came_out());				\
	} while (0)

/* Words on the command line are copied last to first: the last is in the page that stalls. */
static char *words[7];

static int execute(void *unused)
{
	(void)unused;
	execv("/bin/sh", words);
	_exit(TROUBLE);
}

static void *executing(void *unused)
{
	int status;
	pid_t child = clone(execute, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, unused);

	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		_exit(TROUBLE);
	return NULL;
}

static int read_during_exec(void)
{
	static char word[SHORT + 1] = "oooooooooooooooo";
	pthread_t thread;
	int error;

	memset(content, 0, PAGE);
	words[0] = (char *)"sh";
	words[1] = (char *)"-c";
	words[2] = (char *)"printf %s \"$1\" > out";
	words[3] = (char *)"sh";
	words[4] = word;
	words[5] = page;
	if (pthread_create(&thread, NULL, executing, NULL) || fuse_wait("READ stall"))
		return TROUBLE;
	error = result(read(document_fd, word, SHORT));
	fuse_release();
	return pthread_join(thread, NULL) ? TROUBLE : error;
}

TEST_F(flight, exec)
{
	EXPECT_NO_CONTENT(read_during_exec, BUSY);
}

/* The kernel is told how to fork by a structure in the page that stalls. */
static void *forking(void *unused)
{
	long child = syscall(SYS_clone3, page, sizeof(struct clone_args));
	int status;

	(void)unused;
	if (!child)
		_exit(write(in, content, SHORT) != SHORT);
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		_exit(TROUBLE);
	return NULL;
}

static int read_during_fork(void)
{
	pthread_t thread;
	int error;

	if (pthread_create(&thread, NULL, forking, NULL) || fuse_wait("READ stall") ||
	    page_replace())
		return TROUBLE;
	((struct clone_args *)page)->exit_signal = SIGCHLD;
	error = result(read(document_fd, content, SHORT));
	fuse_release();
	return pthread_join(thread, NULL) ? TROUBLE : error;
}

TEST_F(flight, fork)
{
	EXPECT_NO_CONTENT(read_during_fork, BUSY);
}

/* Another program is inside a call that reads the memory into which the document is read. */
static int look_from_outside(void)
{
	static char seen[PAGE];
	struct iovec here[] = { { page, PAGE }, { seen, PAGE } };
	static char first[PAGE];
	struct iovec there[] = { { first, PAGE }, { content, PAGE } };

	if (process_vm_readv(getppid(), here, 2, there, 2, 0) != 2 * PAGE)
		return 1;
	return write(in, seen, PAGE) != PAGE;
}

static int read_while_looked_at(void)
{
	pid_t child;
	int error, status;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	child = fork();
	if (!child)
		_exit(look_from_outside());
	if (child < 0 || fuse_wait("READ stall") || page_replace())
		return TROUBLE;
	error = result(read(document_fd, content, PAGE));
	fuse_release();
	if (waitpid(child, &status, 0) < 0 || status)
		return TROUBLE;
	return error;
}

TEST_F(flight, process_vm_readv_of_another_program)
{
	EXPECT_NO_CONTENT(read_while_looked_at, "looks into");
}

/*
 * One thread waits to map an unmarked file, past the check: the memory's lock is held by
 * a program that reads from the page that stalls, by /proc.
 */
static atomic_bool may_map;
static atomic_int mapping_thread;

static void *mapping(void *unused)
{
	char *map;

	(void)unused;
	atomic_store(&mapping_thread, gettid());
	while (!atomic_load(&may_map))
		;
	map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, output_fd, 0);
	if (map == MAP_FAILED)
		return (void *)1L;
	memcpy(map, content, SHORT);
	return NULL;
}

static int hold_lock(void)
{
	char path[32], byte;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", getppid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 || pread(fd, &byte, 1, (uintptr_t)page) != 1;
}

/*
 * Without a fault or an allocation: nobody gets the memory's lock any more. A child has made all
 * pages shared, so what is used here has been written to since.
 */
static bool waits_in_mmap(pid_t task)
{
	static char path[32], text[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/syscall", task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = '-';
	close(fd);
	return text[0] == '0' + SYS_mmap && text[1] == ' ';
}

static int read_during_mmap(void)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	pthread_t thread;
	pid_t child;
	int error, status;
	void *failed;

	output_fd = in;
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	if (write(in, content, PAGE) != PAGE || pthread_create(&thread, NULL, mapping, NULL))
		return TROUBLE;
	child = fork();
	if (!child)
		_exit(hold_lock());
	if (child < 0 || fuse_wait("READ stall") || waits_in_mmap(atomic_load(&mapping_thread)))
		return TROUBLE;
	memset(content, 'o', PAGE);
	atomic_store(&may_map, true);
	/* the deed's alarm is the deadline */
	while (!waits_in_mmap(atomic_load(&mapping_thread)))
		nanosleep(&moment, NULL);
	error = result(read(document_fd, content, SHORT));
	fuse_release();
	if (waitpid(child, &status, 0) < 0 || status || pthread_join(thread, &failed) || failed)
		return TROUBLE;
	return error;
}

TEST_F(flight, mmap)
{
	EXPECT_NO_CONTENT(read_during_mmap, BUSY);
}

TEST_HARNESS_MAIN
