// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that programs share: what is written there is seen without a call. Either
 * nobody who carries less sees it, or the program that would write it is not raised.
 */
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include "support/suite.h"

#define SIZE 4096

/* Memory of a program's own making, shared with its children. */
static char *shared;
static int shared_fd = -1;

static int memfd_make(void)
{
	shared_fd = memfd_create("mifeng-test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (shared_fd < 0 || ftruncate(shared_fd, SIZE) < 0)
		return errno;
	shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, shared_fd, 0);
	return shared == MAP_FAILED ? errno : 0;
}

static int anonymous_make(void)
{
	shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED ? errno : 0;
}

static int segment_make(void)
{
	int id = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0600);

	if (id < 0)
		return errno;
	shared = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	return shared == (void *)-1 ? errno : 0;
}

FIXTURE(shared) {};

FIXTURE_VARIANT(shared)
{
	int (*make)(void);
};

FIXTURE_VARIANT_ADD(shared, memfd) { .make = memfd_make };
FIXTURE_VARIANT_ADD(shared, anonymous) { .make = anonymous_make };
FIXTURE_VARIANT_ADD(shared, segment) { .make = segment_make };

static int (*make)(void);

FIXTURE_SETUP(shared)
{
	ASSERT_RIGHT(stage_open());
	make = variant->make;
}

FIXTURE_TEARDOWN(shared)
{
	stage_close();
}

static pid_t child = -1;

/* With a child that has it mapped until it is killed. */
static int make_and_share(void)
{
	int error = make();

	if (error)
		return error;
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return result(child);
}

static void child_kill(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* Who only looks sees it as well. */
static int make_and_share_readable(void)
{
	int error = make(), stops;

	if (error)
		return error;
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (mprotect(shared, SIZE, PROT_READ) < 0)
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &stops, WUNTRACED) != child || !WIFSTOPPED(stops))
		return EIO;
	return 0;
}

static int read_and_kill(void)
{
	int error = document_read();

	child_kill();
	return error;
}

TEST_F(shared, with_another_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_and_kill);
	struct outcome outcome;

	deed.before = make_and_share;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, "shared");
	deed.before = make_and_share_readable;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, "shared");
}

/* Nobody else has it any more: raised, and written to. */
static int make_and_share_no_more(void)
{
	int error = make_and_share();

	if (!error)
		child_kill();
	return error;
}

static int make_and_unmap(void)
{
	int error = make_and_share();

	return error ? error : result(munmap(shared, SIZE));
}

static int read_and_write(void)
{
	int error = document_read();

	if (!error)
		memcpy(shared, MESSAGE, MESSAGE_SIZE);
	return error;
}

TEST_F(shared, with_nobody)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_and_write);
	struct outcome outcome;

	deed.before = make_and_share_no_more;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	/* Another one has it, but the one who reads has not. */
	deed.before = make_and_unmap;
	deed.act = read_and_kill;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* A child of the tainted program carries the same, whatever they share. */
static int read_and_fork(void)
{
	int status, error = document_read();

	if (error)
		return error;
	child = fork();
	if (!child) {
		memcpy(shared, MESSAGE, MESSAGE_SIZE);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		return EIO;
	return memcmp(shared, MESSAGE, MESSAGE_SIZE) ? EIO : 0;
}

TEST_F(shared, with_its_children)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_and_fork);
	struct outcome outcome;

	deed.before = make;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Two that carry the same work on it together. */
static int fork_and_both_read(void)
{
	int status, error;

	child = fork();
	if (!child) {
		/* Alone it could not be raised while its parent has it, too. */
		munmap(shared, SIZE);
		_exit(document_read());
	}
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return EIO;
	error = document_read();
	return error ? error : WEXITSTATUS(status);
}

TEST_F(shared, one_after_the_other)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, fork_and_both_read);
	struct outcome outcome;

	deed.before = make;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Who cannot write there may be raised while others do. */
static int map_readable_of_others(void)
{
	char path[64];
	int fd, error = memfd_make();

	if (error)
		return error;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", shared_fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	munmap(shared, SIZE);
	shared = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	return child < 0 || shared == MAP_FAILED ? EIO : 0;
}

static int segment_id = -1;

static int attach_readable_of_others(void)
{
	segment_id = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0600);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (shmat(segment_id, NULL, 0) == (void *)-1)
			_exit(1);
		for (;;)
			pause();
	}
	shared = shmat(segment_id, NULL, SHM_RDONLY);
	return child < 0 || shared == (void *)-1 ? EIO : 0;
}

static int read_kill_and_remove(void)
{
	int error = read_and_kill();

	shmctl(segment_id, IPC_RMID, NULL);
	return error;
}

FIXTURE(alone) {};

FIXTURE_SETUP(alone)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(alone)
{
	stage_close();
}

TEST_F(alone, readable_mapping)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_kill_and_remove);
	struct outcome outcome;

	deed.before = map_readable_of_others;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.before = attach_readable_of_others;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Pages that lie in a pipe are read there when the pipe is; where there is none yet, nothing is. */
static int lent[2];

static int memory_and_pipe(void)
{
	int error = memfd_make();

	if (error || pipe2(lent, O_CLOEXEC) < 0)
		return errno;
	*(volatile char *)shared = 'y';
	return 0;
}

static int splice_before(void)
{
	int error = memory_and_pipe();

	if (error)
		return error;
	return result(splice(shared_fd, NULL, lent[1], NULL, MESSAGE_SIZE, 0));
}

static int splice_and_drain(void)
{
	char bytes[MESSAGE_SIZE];
	int error = splice_before();

	return error ? error : result(read(lent[0], bytes, sizeof(bytes)));
}

/* Somebody else's pages of the same memory, lent before it is mapped here. */
static int splice_by_a_child(void)
{
	int status, error = memory_and_pipe();

	if (error)
		return error;
	child = fork();
	if (!child)
		_exit(result(splice(shared_fd, NULL, lent[1], NULL, MESSAGE_SIZE, 0)));
	return waitpid(child, &status, 0) == child && !status ? 0 : EIO;
}

static int vmsplice_by_a_child(void)
{
	struct iovec piece = { .iov_len = MESSAGE_SIZE };
	int status, error = memory_and_pipe();

	if (error)
		return error;
	piece.iov_base = shared;
	child = fork();
	if (!child)
		_exit(result(vmsplice(lent[1], &piece, 1, 0)));
	return waitpid(child, &status, 0) == child && !status ? 0 : EIO;
}

TEST_F(alone, pages_in_a_pipe)
{
	static int (*const ways[])(void) = {
		splice_before, splice_by_a_child, vmsplice_by_a_child,
	};
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		deed.before = ways[i];
		outcome = deed_do(&deed);
		EXPECT_UNCLEAN(&outcome, "shared");
	}
	deed.before = splice_and_drain;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/*
 * Memory that another program gets at later: of the test's making, so that it stays when
 * the program that wrote is gone.
 */
FIXTURE(later) {};

FIXTURE_VARIANT(later)
{
	bool segment;
};

FIXTURE_VARIANT_ADD(later, memfd) { .segment = false };
FIXTURE_VARIANT_ADD(later, segment) { .segment = true };

static char *mapped = MAP_FAILED;

static int memory_map(void)
{
	if (segment_id >= 0)
		mapped = shmat(segment_id, NULL, 0);
	else
		mapped = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, channel.in, 0);
	return mapped == MAP_FAILED ? errno : 0;
}

static ssize_t put_mapped(const char *bytes, size_t size)
{
	if (mapped == MAP_FAILED && memory_map())
		return -1;
	memcpy(mapped, bytes, size);
	return size;
}

static ssize_t put_pwrite(const char *bytes, size_t size)
{
	return pwrite(channel.in, bytes, size, 0);
}

static ssize_t take_pread(char *bytes, size_t size)
{
	(void)size;
	return pread(channel.out, bytes, MESSAGE_SIZE, 0);
}

static ssize_t take_mapped(char *bytes, size_t size)
{
	const char *map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, channel.out, 0);

	(void)size;
	if (map == MAP_FAILED)
		return -1;
	memcpy(bytes, map, MESSAGE_SIZE);
	return MESSAGE_SIZE;
}

static ssize_t take_mapped_private(char *bytes, size_t size)
{
	const char *map = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE, channel.out, 0);

	(void)size;
	if (map == MAP_FAILED)
		return -1;
	memcpy(bytes, map, MESSAGE_SIZE);
	return MESSAGE_SIZE;
}

static ssize_t take_attached(char *bytes, size_t size)
{
	const char *map = shmat(segment_id, NULL, SHM_RDONLY);

	(void)size;
	if (map == (void *)-1)
		return -1;
	memcpy(bytes, map, MESSAGE_SIZE);
	return MESSAGE_SIZE;
}

static const char *memfd_open(void)
{
	int fd = memfd_create("mifeng-test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	channel = (struct channel){ fd, fd, put_mapped, take_pread };
	return fd < 0 || ftruncate(fd, SIZE) < 0 ? "no memfd" : NULL;
}

static const char *segment_open(void)
{
	if (segment_id >= 0)
		shmctl(segment_id, IPC_RMID, NULL);
	segment_id = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0666);
	channel = (struct channel){ -1, -1, put_mapped, take_attached };
	return segment_id < 0 ? "no segment" : NULL;
}

FIXTURE_SETUP(later)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(later)
{
	if (segment_id >= 0)
		shmctl(segment_id, IPC_RMID, NULL);
	stage_close();
}

static const struct {
	int (*before)(void);
	ssize_t (*put)(const char *bytes, size_t size);
	ssize_t (*take)(char *bytes, size_t size);
	int operation;
} memfd_ways[] = {
	{ NULL, put_pwrite, take_pread, MIFENG_OP_READ },
	{ NULL, put_mapped, take_pread, MIFENG_OP_READ },
	{ memory_map, put_mapped, take_pread, MIFENG_OP_READ },
	{ memory_map, put_mapped, take_mapped, MIFENG_OP_MAP },
	{ NULL, put_pwrite, take_mapped_private, MIFENG_OP_MAP },
}, segment_ways[] = {
	{ NULL, put_mapped, take_attached, 0 },
	{ memory_map, put_mapped, take_attached, 0 },
};

/* 3 times each: an ordinary writer, then a tainted one, with a cleared and an uncleared reader. */
TEST_F_TIMEOUT(later, raises_who_looks, 60)
{
	size_t ways = variant->segment ? sizeof(segment_ways) / sizeof(segment_ways[0]) :
					 sizeof(memfd_ways) / sizeof(memfd_ways[0]);
	struct talk said = { .putter = PUTTER(true), .blocked_in = AFTERWARDS };
	struct deed readers[] = { TAKER(CLEARED, CLEARED), TAKER(UNCLEARED, UNCLEARED) };

	for (size_t i = 0; i < 3 * ways; i++) {
		const typeof(memfd_ways[0]) *way = variant->segment ?
			(void *)&segment_ways[i / 3] : (void *)&memfd_ways[i / 3];

		ASSERT_RIGHT(variant->segment ? segment_open() : memfd_open());
		channel.put = way->put;
		channel.take = way->take;
		said.putter.before = way->before;
		said.putter.taint = i % 3;
		said.taker = readers[i % 3 == 2];
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (i % 3 == 0)
			EXPECT_ORDINARY(&said.taken);
		else if (i % 3 == 1)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_KEPT_OUT(&said.taken, way->operation);
	}
}

/* A program that carries less has it mapped: it would see without a call. */
static int mapped_holder(void)
{
	return mapped[0] && memcmp(mapped, MESSAGE, MESSAGE_SIZE) ? GOT_STRAY : 0;
}

static int holder_map(void)
{
	int error = memory_map();

	/* As memory is shared: the descriptor is not needed any more. */
	close(channel.in);
	return error;
}

TEST_F(later, is_not_written_while_others_look)
{
	static ssize_t (*const puts[])(const char *, size_t) = { put_mapped, put_pwrite };
	static const int operations[] = { MIFENG_OP_MAP, MIFENG_OP_WRITE };
	struct deed holder = { .uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
			       .before = holder_map, .gate = true, .act = mapped_holder };
	struct deed writer = PUTTER(true);
	struct outcome held, put;

	writer.gate = false;
	for (int i = 0; i < (variant->segment ? 1 : 2); i++) {
		ASSERT_RIGHT(variant->segment ? segment_open() : memfd_open());
		channel.put = puts[i];
		held = deed_start(&holder);
		ASSERT_RIGHT(deed_ready(&held));
		put = deed_do(&writer);
		EXPECT_DENIED(&put, EACCES, variant->segment ? 0 : operations[i],
			      MIFENG_REASON_MAPPED, NULL);
		deed_go(&held);
		deed_end(&held);
		EXPECT_ALLOWED(&held);
		/* With the other one gone it works. */
		put = deed_do(&writer);
		EXPECT_ALLOWED(&put);
		channel_close();
	}
}

/* Whoever carries the same may look. */
TEST_F(later, is_written_while_equals_look)
{
	struct deed holder = DEED(true, PLACE_UNMARKED, mapped_holder);
	struct deed writer = PUTTER(true);
	struct outcome held, put;

	writer.gate = false;
	holder.gate = true;
	holder.before = holder_map;
	ASSERT_RIGHT(variant->segment ? segment_open() : memfd_open());
	held = deed_start(&holder);
	ASSERT_RIGHT(deed_ready(&held));
	put = deed_do(&writer);
	EXPECT_ALLOWED(&put);
	deed_go(&held);
	deed_end(&held);
	EXPECT_ALLOWED(&held);
	channel_close();
}

/* Sealed, as memory is handed to those who do not trust the giver. */
static ssize_t put_sealed(const char *bytes, size_t size)
{
	ssize_t put = pwrite(channel.in, bytes, size, 0);

	if (put < 0 || fcntl(channel.in, F_ADD_SEALS,
			     F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return -1;
	return put;
}

/* Which seals there are tells who has it as well, and carries less. */
TEST_F(alone, sealed)
{
	struct talk said = { .putter = PUTTER(true), .blocked_in = AFTERWARDS };
	struct deed readers[] = { TAKER(CLEARED, CLEARED), TAKER(UNCLEARED, UNCLEARED) };

	for (int i = 0; i < 3; i++) {
		ASSERT_RIGHT(memfd_open());
		channel.put = put_sealed;
		said.putter.taint = i;
		said.taker = readers[i == 2];
		ASSERT_RIGHT(talk(&said));
		if (i)
			EXPECT_DENIED(&said.put, EACCES, MIFENG_OP_SETATTR,
				      MIFENG_REASON_OTHER_PROGRAM, NULL);
		else
			EXPECT_ALLOWED(&said.put);
		if (!i)
			EXPECT_ORDINARY(&said.taken);
		else if (i == 1)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_READ);
	}
}

/* As memory is handed to those who do not trust the giver: sealed first. */
static int seal(void)
{
	return result(fcntl(shared_fd, F_ADD_SEALS,
			    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
}

static int make_and_seal(void)
{
	return memfd_make() ?: seal();
}

/* A child that carries as much has it, too. */
static int seal_with_a_child(void)
{
	int error = make_and_share() ?: seal();

	child_kill();
	return error;
}

/* By one description while others have another one, or had it. */
static int reopened = -1;

static int memfd_make_and_reopen(void)
{
	char path[64];

	if (memfd_make())
		return errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", shared_fd);
	reopened = open(path, O_RDONLY | O_CLOEXEC);
	return result(reopened);
}

static int ask_for_seals(void)
{
	return result(fcntl(shared_fd, F_GET_SEALS));
}

TEST_F(alone, seals_of_its_own)
{
	EXPECT_ALLOWED_WHEN_TAINTED(memfd_make, seal);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, make_and_seal);
	EXPECT_ALLOWED_WHEN_TAINTED(memfd_make_and_reopen, ask_for_seals);
	make = memfd_make;
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, seal_with_a_child);
}

TEST_F(alone, seals_by_another_description)
{
	EXPECT_DENIED_WHEN_TAINTED(memfd_make_and_reopen, seal, MIFENG_OP_SETATTR,
				   MIFENG_REASON_OTHER_PROGRAM);
}

/* A service that holds a descriptor of it could look at any time. */
TEST_F(alone, does_not_reach_services)
{
	struct deed service = TAKER(0, SERVICE), writer = PUTTER(true);
	struct outcome served, put;

	ASSERT_RIGHT(memfd_open());
	channel.put = put_pwrite;
	served = deed_start(&service);
	ASSERT_RIGHT(deed_ready(&served));
	writer.gate = false;
	put = deed_do(&writer);
	EXPECT_DENIED(&put, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_PINNED_PEER, NULL);
	writer.taint = false;
	put = deed_do(&writer);
	EXPECT_ALLOWED(&put);
	deed_go(&served);
	deed_end(&served);
	EXPECT_ORDINARY(&served);
	channel_close();
}

/* Mapped here before, held there by a service: the raise is refused, or the service kept out. */
static int read_and_write_mapped(void)
{
	int error = document_read();

	if (!error)
		memcpy(mapped, MESSAGE, MESSAGE_SIZE);
	return error;
}

TEST_F(alone, raise_while_a_service_holds_it)
{
	struct deed service = TAKER(0, SERVICE);
	struct deed deed = DEED(false, PLACE_UNMARKED, read_and_write_mapped);
	struct outcome served, outcome;

	ASSERT_RIGHT(memfd_open());
	served = deed_start(&service);
	ASSERT_RIGHT(deed_ready(&served));
	deed.before = memory_map;
	outcome = deed_do(&deed);
	deed_go(&served);
	deed_end(&served);
	if (baseline() || !outcome.error) {
		EXPECT_ALLOWED(&outcome);
		EXPECT_RIGHT(why_not_kept_out(&served, MIFENG_OP_READ, MIFENG_REASON_PINNED));
	} else {
		EXPECT_UNCLEAN(&outcome, "");
		/* Zeros: nothing was written. */
		EXPECT_EQ(GOT_STRAY, served.error);
	}
	channel_close();
}

/* The reader is stuck while it copies what is there now. */
static char *stall_page;

static int stall_before(void)
{
	stall_page = stall_make();
	return stall_page ? 0 : ENOMEM;
}

static ssize_t take_stalled(char *bytes, size_t size)
{
	ssize_t taken = pread(channel.out, stall_page, MESSAGE_SIZE, 0);

	if (taken > 0)
		memcpy(bytes, stall_page, (size_t)taken < size ? (size_t)taken : size);
	return taken;
}

static ssize_t put_other_words(const char *bytes, size_t size)
{
	(void)bytes;
	return pwrite(channel.in, "something else..", size, 0);
}

TEST_F(alone, stalled_reader)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	ASSERT_RIGHT(memfd_open());
	ASSERT_EQ(MESSAGE_SIZE, pwrite(channel.in, MESSAGE, MESSAGE_SIZE, 0));
	channel.take = take_stalled;
	channel.put = put_other_words;
	reader.before = stall_before;
	writer.gate = false;
	taken = deed_start(&reader);
	ASSERT_RIGHT(deed_ready(&taken));
	deed_go(&taken);
	ASSERT_RIGHT(deed_blocked(&taken, SYS_pread64));
	put = deed_do(&writer);
	EXPECT_DENIED(&put, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_READERS_BUSY, NULL);
	stall_end(&taken);
	deed_end(&taken);
	/* Without the module it may get either. */
	if (!baseline() || taken.error != GOT_STRAY)
		EXPECT_ORDINARY(&taken);
	channel_close();
}

/* ---- its size ---- */

static int size_set(void)
{
	return result(ftruncate(channel.in, 54321));
}

static int size_ask(void)
{
	struct stat about;

	return fstat(channel.out, &about) ? errno : probe();
}

static int memory_look(void)
{
	char byte;
	struct stat about;

	/* what is asked first must not make the label forgotten */
	fstat(channel.out, &about);
	return pread(channel.out, &byte, 1, 0) < 0 ? errno : probe();
}

TEST_F(alone, size)
{
	struct deed setter = { .uid = CLEARED, .login = CLEARED, .directory = "/", .taint = true,
			       .act = size_set };
	struct deed asker = { .uid = CLEARED, .login = CLEARED, .directory = "/", .act = size_ask };
	struct deed service = { .uid = 0, .login = SERVICE, .directory = "/", .act = memory_look };
	struct outcome outcome;

	ASSERT_RIGHT(memfd_open());
	outcome = deed_do(&asker);
	EXPECT_ORDINARY(&outcome);
	outcome = deed_do(&setter);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&asker);
	EXPECT_RAISED(&outcome);
	asker.uid = asker.login = UNCLEARED;
	outcome = deed_do(&asker);
	if (baseline())
		EXPECT_ORDINARY(&outcome);
	else
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_GETATTR, MIFENG_REASON_NOT_CLEARED, NULL);
	outcome = deed_do(&service);
	if (baseline())
		EXPECT_ORDINARY(&outcome);
	else
		EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_PINNED, NULL);
	channel_close();
}

TEST_HARNESS_MAIN
