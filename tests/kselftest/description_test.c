// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open file descriptions that a tainted program shares with somebody who carries less: the position,
 * the flags, who gets the signals. The test itself, which carries nothing, is that somebody.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "support/suite.h"

#define SWAPS		20000
#define LSEEK_32	19
#define LLSEEK_32	140

/* Of xfs, but for all filesystems: in no header of user space. */
struct space_resv {
	__s16 l_type;
	__s16 l_whence;
	__s64 l_start;
	__s64 l_len;
	__s32 l_sysid;
	__u32 l_pid;
	__s32 l_pad[4];
};

#define FS_IOC_RESVSP	_IOW('X', 40, struct space_resv)

static int shared = -1;		/* has been open since before the deed began */
static int own = -1;		/* the deed's own */

FIXTURE(description) {};

FIXTURE_SETUP(description)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(description)
{
	stage_close();
}

static int plain_open(void)
{
	return open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/file"),
		    O_RDONLY | O_CLOEXEC);
}

static int directory_open(void)
{
	return open(path_join(stage.directory[PLACE_UNMARKED], "ordinary"),
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The deed's own one, in the place of the shared one. */
static int open_anew(void)
{
	shared = plain_open();
	return result(shared);
}

static int directory_open_anew(void)
{
	shared = directory_open();
	return result(shared);
}

/* ---- the position ---- */

static int by_lseek(void)
{
	return lseek(shared, 4321, SEEK_SET) == 4321 ? 0 : errno;
}

static int by_lseek_to_nothing(void)
{
	return lseek(shared, 0, SEEK_SET) == 0 ? 0 : errno;
}

static int by_lseek_32(void)
{
	return call32(LSEEK_32, shared, 4321, SEEK_SET, 0, 0) == 4321 ? 0 : errno;
}

static int by_llseek_32(void)
{
	loff_t *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (at == MAP_FAILED)
		return TROUBLE;
	if (call32(LLSEEK_32, shared, 0, 4321, (long)at, SEEK_SET) < 0)
		return errno;
	return *at == 4321 ? 0 : EIO;
}

static int by_read(void)
{
	char byte;

	return result(read(shared, &byte, 1));
}

static int by_readv(void)
{
	char byte;
	struct iovec piece = { &byte, 1 };

	return result(readv(shared, &piece, 1));
}

static int by_sendfile(void)
{
	int out = open(path_join(stage.directory[PLACE_ZONE], "tainted/other"),
		       O_WRONLY | O_CLOEXEC);

	return out < 0 ? TROUBLE : result(sendfile(out, shared, NULL, 1));
}

static int by_copy(void)
{
	int out = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/other"),
		       O_WRONLY | O_CLOEXEC);

	return out < 0 ? errno : result(copy_file_range(shared, NULL, out, NULL, 1, 0));
}

static int by_listing(void)
{
	char bytes[1024];

	return result(syscall(SYS_getdents64, shared, bytes, sizeof(bytes)));
}

static const struct {
	const char *name;
	int (*act)(void);
	bool of_directory;
	bool elsewhere;		/* refused for another reason in any case */
} moves[] = {
	{ "lseek", by_lseek, false, false },
	{ "lseek to nothing", by_lseek_to_nothing, false, false },
	{ "lseek, 32 bits", by_lseek_32, false, false },
	{ "_llseek, 32 bits", by_llseek_32, false, false },
	{ "read", by_read, false, false },
	{ "readv", by_readv, false, false },
	{ "sendfile", by_sendfile, false, false },
	{ "copy_file_range", by_copy, false, true },
	{ "getdents", by_listing, true, false },
	{ "lseek of a directory", by_lseek_to_nothing, true, false },
};
#define MOVES (sizeof(moves) / sizeof(moves[0]))

TEST_F_TIMEOUT(description, position, 120)
{
	for (size_t i = 0; i < MOVES; i++) {
		struct deed deed = DEED(true, PLACE_ZONE, moves[i].act);
		struct outcome outcome;
		const char *wrong;

		shared = moves[i].of_directory ? directory_open() : plain_open();
		ASSERT_LE(0, shared);
		outcome = deed_do(&deed);
		wrong = moves[i].elsewhere ?
				(baseline() == !outcome.error ? NULL : "it was allowed") :
				why_not_denied(&outcome, EACCES, 0, MIFENG_REASON_OTHER_PROGRAM, NULL);
		EXPECT_EQ(NULL, wrong) TH_LOG("%s: %s", moves[i].name, wrong);
		if (!baseline())
			EXPECT_EQ(0, lseek(shared, 0, SEEK_CUR));
		deed.taint = false;
		outcome = deed_do(&deed);
		wrong = why_not_allowed(&outcome);
		EXPECT_EQ(NULL, wrong) TH_LOG("untainted, %s: %s", moves[i].name, wrong);
		close(shared);
	}
}

/* Opened by the program itself, before it was tainted. */
TEST_F_TIMEOUT(description, position_of_its_own, 120)
{
	for (size_t i = 0; i < MOVES; i++) {
		struct deed deed = DEED(true, PLACE_ZONE, moves[i].act);
		struct outcome outcome;
		const char *wrong;

		if (moves[i].elsewhere)
			continue;
		deed.before = moves[i].of_directory ? directory_open_anew : open_anew;
		outcome = deed_do(&deed);
		wrong = why_not_allowed(&outcome);
		EXPECT_EQ(NULL, wrong) TH_LOG("%s: %s", moves[i].name, wrong);
	}
}

static int seek_with_child(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(by_lseek());
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return TROUBLE;
	return WEXITSTATUS(status) ? WEXITSTATUS(status) : by_read();
}

/* Its children carry what it carries. */
TEST_F(description, position_among_equals)
{
	struct deed deed = DEED(true, PLACE_ZONE, seek_with_child);
	struct outcome outcome;

	deed.before = open_anew;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* It is nobody's any more when it moves. */
TEST_F(description, position_of_who_has_closed_it)
{
	struct deed deed = DEED(true, PLACE_ZONE, by_lseek);
	struct outcome outcome;

	shared = plain_open();
	ASSERT_LE(0, shared);
	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	close(shared);
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_ALLOWED(&outcome);
}

/* In a message that nobody has received yet, where no table of descriptors shows it. */
TEST_F(description, position_of_one_under_way)
{
	struct deed deed = DEED(true, PLACE_ZONE, by_lseek);
	struct outcome outcome;
	int ends[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	shared = plain_open();
	ASSERT_LE(0, shared);
	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	ASSERT_EQ(1, descriptor_send(ends[0], shared));
	close(shared);
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_OTHER_PROGRAM, "file");
}

static int passing[2];

static int receive_and_seek(void)
{
	char byte;
	struct iovec piece = { &byte, 1 };
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	if (recvmsg(passing[1], &message, 0) != 1)
		return errno;
	memcpy(&shared, CMSG_DATA(&control.head), sizeof(shared));
	return by_lseek();
}

TEST_F(description, position_of_one_received)
{
	struct deed deed = DEED(true, PLACE_ZONE, receive_and_seek);
	struct outcome outcome;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, passing));
	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	own = plain_open();
	ASSERT_LE(0, own);
	descriptor_send(passing[0], own);
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_OTHER_PROGRAM, "file");
}

static int target;

static void *swap(void *unused)
{
	while (1) {
		dup2(own, target);
		dup2(shared, target);
	}
	return unused;
}

static int seek_while_swapping(void)
{
	pthread_t thread;

	own = plain_open();
	target = dup(own);
	if (own < 0 || target < 0 || pthread_create(&thread, NULL, swap, NULL))
		return TROUBLE;
	for (int i = 0; i < SWAPS; i++)
		lseek(target, 4321, SEEK_SET);
	return 0;
}

/* Another thread puts it in the place of one's own while the call is looked at. */
TEST_F_TIMEOUT(description, position_by_a_race, 120)
{
	struct deed deed = DEED(true, PLACE_ZONE, seek_while_swapping);

	shared = plain_open();
	ASSERT_LE(0, shared);
	EXPECT_EQ(0, deed_do(&deed).error);
	EXPECT_EQ(baseline() ? 4321 : 0, lseek(shared, 0, SEEK_CUR));
}

/* ---- where a file of a zone stands ---- */

static int write_shared(void)
{
	return write(shared, "yyyyy", 5) == 5 && lseek(shared, 0, SEEK_END) >= 5 ? 0 : TROUBLE;
}

static int ask_position(void)
{
	return lseek(shared, 0, SEEK_CUR) < 0 ? errno : probe();
}

static int ask_fdinfo(void)
{
	char path[64], text[256];
	int fd, error;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", shared);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = result(read(fd, text, sizeof(text)));
	close(fd);
	return error ? error : probe();
}

/* A lock from there on; /proc/locks shows where it begins. */
static int ask_by_lock(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = 1 };

	return result(fcntl(shared, F_SETLK, &lock)) ?: probe();
}

static int ask_by_locks(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = 1 };

	return result(fcntl(shared, F_GETLK, &lock)) ?: probe();
}

/* Room for a byte there, which lies within the file. */
static int ask_by_room(void)
{
	struct space_resv room = { .l_whence = SEEK_CUR, .l_len = 1 };

	return result(ioctl(shared, FS_IOC_RESVSP, &room)) ?: probe();
}

/* How much lies behind it. */
static int ask_by_count(void)
{
	int count;

	return result(ioctl(shared, FIONREAD, &count)) ?: probe();
}

static const struct {
	const char *name;
	int (*ask)(void);
} asks[] = {
	{ "lseek", ask_position }, { "fdinfo", ask_fdinfo }, { "F_SETLK", ask_by_lock },
	{ "F_GETLK", ask_by_locks }, { "FS_IOC_RESVSP", ask_by_room },
	{ "FIONREAD", ask_by_count },
};

/* What a redirection does: a program writes to what its shell has opened, and the next one goes on. */
TEST_F_TIMEOUT(description, position_in_a_zone, 60)
{
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		struct deed writes = DEED(true, PLACE_ZONE, write_shared);
		struct deed asks_ = DEED(false, PLACE_ZONE, asks[i].ask);
		struct outcome outcome;
		const char *wrong;

		shared = open(path_join(stage.directory[PLACE_ZONE], asks[i].name),
			      O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		ASSERT_LE(0, shared);
		ASSERT_EQ(0, fchmod(shared, 0666));
		outcome = deed_do(&asks_);
		wrong = why_not_ordinary(&outcome);
		EXPECT_EQ(NULL, wrong) TH_LOG("before, %s: %s", asks[i].name, wrong);
		outcome = deed_do(&writes);
		EXPECT_ALLOWED(&outcome);
		outcome = deed_do(&asks_);
		wrong = why_not_raised(&outcome, DOCUMENT_LEVEL);
		EXPECT_EQ(NULL, wrong) TH_LOG("%s: %s", asks[i].name, wrong);
		asks_.uid = asks_.login = UNCLEARED;
		outcome = deed_do(&asks_);
		if (baseline())
			EXPECT_ORDINARY(&outcome);
		else
			EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEARED, NULL);
		close(shared);
	}
}

static int count_put(void)
{
	uint64_t count = 4321;

	return result(write(shared, &count, sizeof(count)));
}

TEST_F(description, count_in_fdinfo)
{
	struct deed puts_ = DEED(true, PLACE_ZONE, count_put);
	struct deed asks_ = DEED(false, PLACE_ZONE, ask_fdinfo);
	struct outcome outcome;

	shared = eventfd(0, EFD_CLOEXEC);
	ASSERT_LE(0, shared);
	outcome = deed_do(&asks_);
	EXPECT_ORDINARY(&outcome);
	outcome = deed_do(&puts_);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&asks_);
	EXPECT_RAISED(&outcome);
}

/*
 * An epoll instance tells where the files stand that were added to it, and has none of them itself: who
 * looks has closed it, and the tainted program is the only one that has it.
 */
static int instance = -1;

static int add_and_close(void)
{
	struct epoll_event event = { .events = EPOLLPRI };
	int error;

	instance = epoll_create1(EPOLL_CLOEXEC);
	error = instance < 0 ? errno : result(epoll_ctl(instance, EPOLL_CTL_ADD, shared, &event));
	close(shared);
	return error;
}

static int seek_and_stay(void)
{
	int error = by_lseek();

	while (!error)
		pause();
	return error;
}

/* 1 if it has learnt where the file stands, 2 if it is told that it stands at its beginning. */
static int look_at_instance(void)
{
	char path[64], text[1024];
	int fd, looks;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", instance);
	for (looks = 0; looks < 30; looks++) {
		ssize_t length;

		fd = open(path, O_RDONLY | O_CLOEXEC);
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
		if (length <= 0)
			return TROUBLE;
		text[length] = '\0';
		if (strstr(text, "pos:4321 ino:"))
			return 1;
		usleep(100000);
	}
	return strstr(text, "pos:0 ino:") && strstr(text, " sdev:") ? 2 : TROUBLE;
}

static void position_in_epoll(struct __test_metadata *_metadata, bool taint, uid_t uid, int seen)
{
	struct deed seeks = DEED(taint, PLACE_ZONE, seek_and_stay);
	struct deed looks = {
		.uid = uid, .login = CLEARED, .directory = "/", .before = add_and_close,
		.gate = true, .act = look_at_instance,
	};
	struct outcome seeking, looking;

	shared = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, shared);
	seeks.gate = true;
	looking = deed_start(&looks);
	seeking = deed_start(&seeks);
	ASSERT_RIGHT(deed_ready(&looking));
	ASSERT_RIGHT(deed_ready(&seeking));
	close(shared);
	deed_go(&seeking);
	deed_go(&looking);
	deed_end(&looking);
	EXPECT_EQ(seen, looking.error);
	EXPECT_RIGHT(why_not_silent(&looking));
	kill(seeking.pid, SIGKILL);
	deed_end(&seeking);
}

TEST_F_TIMEOUT(description, position_in_epoll, 60)
{
	position_in_epoll(_metadata, true, CLEARED, baseline() ? 1 : 2);
	position_in_epoll(_metadata, true, 0, 1);
}

/* ---- flags and signals ---- */

static int set_flags(void)
{
	return result(fcntl(shared, F_SETFL, O_NONBLOCK));
}

static int set_same_flags(void)
{
	return result(fcntl(shared, F_SETFL, fcntl(shared, F_GETFL)));
}

static int set_signal(void)
{
	return result(fcntl(shared, F_SETSIG, 40));
}

static int set_owner(void)
{
	return result(fcntl(shared, F_SETOWN, getpid()));
}

static int set_nonblocking(void)
{
	return result(ioctl(shared, FIONBIO, &(int){ 1 }));
}

static int set_asynchronous(void)
{
	return result(ioctl(shared, FIOASYNC, &(int){ 1 }));
}

static int pipe_anew(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return errno;
	shared = ends[0];
	return 0;
}

static int set_option(void)
{
	const int low = 4321;

	return result(setsockopt(shared, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof(low)));
}

static int socket_anew(void)
{
	shared = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return result(shared);
}

TEST_F(description, socket_options)
{
	struct deed deed = DEED(true, PLACE_ZONE, set_option);
	struct outcome outcome;

	ASSERT_EQ(0, socket_anew());
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CONNECT, MIFENG_REASON_OTHER_PROGRAM, NULL);
	deed.before = socket_anew;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

static const struct {
	int (*set)(void);
	bool quiet;		/* programs do it by themselves */
} settings[] = {
	{ set_flags, true }, { set_nonblocking, true }, { set_asynchronous, true },
	{ set_signal, false }, { set_owner, false },
};

TEST_F_TIMEOUT(description, flags, 60)
{
	int ends[2];

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct deed deed = DEED(true, PLACE_ZONE, settings[i].set);
		struct outcome outcome;

		ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
		shared = ends[0];
		outcome = deed_do(&deed);
		if (settings[i].quiet) {
			EXPECT_EQ(baseline() ? 0 : EACCES, outcome.error);
			outcome.error = 0;
			EXPECT_ALLOWED(&outcome);
		} else {
			EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_OTHER_PROGRAM, NULL);
		}
		deed.before = pipe_anew;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
		close(ends[0]);
		close(ends[1]);
	}
}

TEST_F(description, same_flags)
{
	struct deed deed = DEED(true, PLACE_ZONE, set_same_flags);
	struct outcome outcome;
	int ends[2];

	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	shared = ends[0];
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Kept with the file or the pipe itself, whoever has which description of it. */
static int set_pipe_size(void)
{
	return fcntl(shared, F_SETPIPE_SZ, 8192) < 0 ? errno : 0;
}

static int set_hint(void)
{
	uint64_t hint = RWH_WRITE_LIFE_SHORT;

	return result(fcntl(shared, F_SET_RW_HINT, &hint));
}

static int set_lease(void)
{
	return result(fcntl(shared, F_SETLEASE, F_RDLCK));
}

static int file_anew(void)
{
	shared = open("leased", O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
	return result(shared);
}

TEST_F(description, kept_with_the_file)
{
	struct deed deed = DEED(true, PLACE_ZONE, set_pipe_size);
	struct outcome outcome;

	deed.before = pipe_anew;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_FACILITY, NULL);
	deed.before = file_anew;
	deed.act = set_hint;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_FACILITY, NULL);
	deed.act = set_lease;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_FACILITY, NULL);
}

TEST_HARNESS_MAIN
