// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A failed allocation must not open anything. Every operation here is done again and again, while
 * the first, the second, the third … allocation that it makes fails, until it is over before
 * one has failed. Each time it is refused, or what it did is followed: who got a byte is raised,
 * what a raised one wrote is labelled.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "support/suite.h"

#define FAILING_FILE	"/usr/lib/modules-mifeng/mifeng_failing.ko"
#define FAILING_NTH	"/sys/module/mifeng_failing/parameters/nth"
#define ROUNDS		2000	/* more than any operation allocates */
#define WALK_SECONDS	280

static int document_fd = -1, file_fd = -1;
static char made[256];
static struct wire own = { .fd = -1 };

/*
 * What is done with an allocation that fails. Each returns 0 for "it went through", its
 * errno, or GOT_STRAY for what must never be.
 */
static int open_and_read(void)
{
	char byte;
	int fd = open(stage.document, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	return read(fd, &byte, 1) == 1 ? 0 : errno;
}

static int document_open(void)
{
	document_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	return result(document_fd);
}

static int read_opened(void)
{
	char byte;

	return pread(document_fd, &byte, 1, 0) == 1 ? 0 : errno;
}

static int map_opened(void)
{
	void *memory = mmap(NULL, FILE_SIZE, PROT_READ, MAP_PRIVATE, document_fd, 0);

	return memory == MAP_FAILED ? errno : 0;
}

static void *stand_by(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int threads_and_document_open(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, stand_by, NULL))
			return EAGAIN;
	return document_open();
}

/* Nobody may: neither of these ever works. */
static int open_uncleared(void)
{
	int error = open_and_read();

	return error ? error : GOT_STRAY;
}

static int unmarked_open(void)
{
	file_fd = open(path_join(stage.directory[PLACE_UNMARKED], "tainted/file"),
		       O_WRONLY | O_CLOEXEC);
	return result(file_fd);
}

static int write_unmarked(void)
{
	return pwrite(file_fd, "x", 1, 0) == 1 ? GOT_STRAY : errno;
}

/* By who holds something classified already. */
static int create_and_write(void)
{
	int fd = open(made, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	return write(fd, "x", 1) == 1 ? 0 : errno;
}

static int made_open(void)
{
	file_fd = open(made, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	return result(file_fd);
}

static int write_made(void)
{
	return pwrite(file_fd, "x", 1, 0) == 1 ? 0 : errno;
}

static int put(void)
{
	return write(channel.in, MESSAGE, MESSAGE_SIZE) == MESSAGE_SIZE ? 0 : errno;
}

/* By root, over netlink. */
static int made_and_wire_open(void)
{
	int error = made_open();

	return error ? error : -wire_open(&own);
}

static int mark_made(void)
{
	return -wire_mark(&own, file_fd, DOCUMENT_LEVEL, DOCUMENT_SCOPES);
}

FIXTURE(failing) {};

enum follows {
	FOLLOWS_NOTHING,	/* who did it is raised, that is all */
	FOLLOWS_LABEL,		/* what is in @made is labelled */
	FOLLOWS_READER,		/* whoever takes it out of the channel is raised */
};

FIXTURE_VARIANT(failing)
{
	uid_t uid;
	bool taint;
	int (*before)(void);
	int (*act)(void);
	bool cold;
	enum follows follows;
};

/* Not exec: TOMOYO, which Debian's kernels have, panics when it has no memory there. */
#define FAILING(name, ...) FIXTURE_VARIANT_ADD(failing, name) { __VA_ARGS__ }

FAILING(open_and_read, .uid = CLEARED, .act = open_and_read);
FAILING(open_and_read_cold, .uid = CLEARED, .act = open_and_read, .cold = true);
FAILING(read, .uid = CLEARED, .before = document_open, .act = read_opened);
FAILING(map, .uid = CLEARED, .before = document_open, .act = map_opened);
FAILING(read_by_one_of_several_threads, .uid = CLEARED, .before = threads_and_document_open,
	.act = read_opened);
FAILING(open_by_the_uncleared, .uid = UNCLEARED, .act = open_uncleared);
FAILING(open_by_the_uncleared_cold, .uid = UNCLEARED, .act = open_uncleared, .cold = true);
FAILING(write_to_an_unmarked_path, .uid = CLEARED, .taint = true, .before = unmarked_open,
	.act = write_unmarked);
FAILING(create_in_a_zone, .uid = CLEARED, .taint = true, .act = create_and_write,
	.follows = FOLLOWS_LABEL);
FAILING(write_in_a_zone, .uid = CLEARED, .taint = true, .before = made_open, .act = write_made,
	.follows = FOLLOWS_LABEL);
FAILING(write_to_a_pipe, .uid = CLEARED, .taint = true, .act = put, .follows = FOLLOWS_READER);
FAILING(mark, .uid = 0, .before = made_and_wire_open, .act = mark_made,
	.follows = FOLLOWS_LABEL);

static int failing_load(void)
{
	int fd = open(FAILING_FILE, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = result(syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	return error;
}

/* The whole program has ended: the others do not pay for it. */
static __attribute__((destructor)) void failing_unload(void)
{
	if (!access(FAILING_NTH, F_OK))
		syscall(SYS_delete_module, "mifeng_failing", O_NONBLOCK);
}

FIXTURE_SETUP(failing)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	if (access(FAILING_NTH, F_OK))
		ASSERT_EQ(0, failing_load());
}

FIXTURE_TEARDOWN(failing)
{
	stage_close();
}

static int (*operation)(void);

/* Stops when it has done it, so that the test can see whether an allocation has failed. */
static int act(void)
{
	int got = operation();

	raise(SIGSTOP);
	return got ? got : probe();
}

static bool nth_set(pid_t pid, unsigned int n)
{
	int fd = open(FAILING_NTH, O_WRONLY | O_CLOEXEC);
	bool set = fd >= 0 && dprintf(fd, "%d %u", pid, n) > 0;

	close(fd);
	return set;
}

/* How many more allocations are to be made until one fails; 0 once it has. */
static int nth_left(void)
{
	char text[16] = "";
	int fd = open(FAILING_NTH, O_RDONLY | O_CLOEXEC);
	int left = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 ? atoi(text) : -1;

	close(fd);
	return left;
}

/* Labels are asked from the disk again. */
static void forget_inodes(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, "2", 1) < 0)
			perror("# drop_caches");
		close(fd);
	}
}

static const char *why_reader_not_raised(void)
{
	struct deed taker = { .uid = CLEARED, .login = CLEARED, .directory = "/",
			      .act = take_message };
	struct outcome taken;

	close(channel.in);
	channel.in = -1;
	taken = deed_do(&taker);
	if (taken.error == GOT_ORDINARY)
		return "whoever took it out of the pipe was not raised";
	return taken.error < 0 || taken.error == GOT_STRAY ? "nothing is known of its reader" : NULL;
}

static const char *why_made_not_labelled(bool done)
{
	struct stat about;
	int level;

	if (stat(made, &about) < 0)
		return done ? "there is no file" : NULL;
	level = stage_level(NULL, made);
	if (level == -EBADMSG)
		return "the label is damaged";
	return level != DOCUMENT_LEVEL && (done || about.st_size) ? "what was written has no label" :
								    NULL;
}

/* One round: NULL, or in words what must not be. @left is set as nth_left() says. */
static const char *why_open(const struct deed *deed, unsigned int n, enum follows follows, int *left)
{
	struct outcome outcome = deed_start(deed);
	const char *wrong = deed_ready(&outcome);

	*left = 0;
	if (!wrong && !nth_set(outcome.pid, n))
		wrong = "its allocations cannot be made to fail";
	deed_go(&outcome);
	if (!wrong && !deed_ready(&outcome)) {
		*left = nth_left();
		nth_set(0, 0);
	}
	deed_go(&outcome);
	deed_end(&outcome);
	if (wrong || baseline())
		return wrong;
	if (outcome.error == GOT_ORDINARY && deed->uid)
		return "it went through and the program is not raised";
	if (outcome.error == GOT_STRAY)
		return "it went through";
	if (follows == FOLLOWS_LABEL)
		return why_made_not_labelled(outcome.error == GOT_RAISED ||
					     outcome.error == GOT_ORDINARY);
	return follows == FOLLOWS_READER ? why_reader_not_raised() : NULL;
}

static ssize_t take(char *bytes, size_t size)
{
	return read(channel.out, bytes, size);
}

static int pipe_make(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	channel = (struct channel){ .in = ends[1], .out = ends[0], .take = take };
	return 0;
}

TEST_F_TIMEOUT(failing, opens_nothing, WALK_SECONDS)
{
	struct deed deed = {
		.uid = variant->uid, .login = variant->uid, .taint = variant->taint,
		.directory = "/", .before = variant->before, .gate = true, .act = act,
	};
	const char *wrong = NULL;
	unsigned int n = 0;
	int left = 0;

	if (baseline() && variant->act == mark_made) /* there are no marks without the module */
		return;
	operation = variant->act;
	while (!wrong && !left && n < ROUNDS) {
		n++;
		snprintf(made, sizeof(made), "%s/made-%u", stage.directory[PLACE_ZONE], n);
		if (variant->follows == FOLLOWS_READER)
			ASSERT_EQ(0, pipe_make());
		if (variant->cold)
			forget_inodes();
		wrong = why_open(&deed, n, variant->follows, &left);
		unlink(made);
		channel_close();
	}
	EXPECT_EQ(NULL, wrong) TH_LOG("allocation %u failed: %s", n, wrong);
	/* The walk came to its end, and was one. */
	EXPECT_LT(1U, n);
	EXPECT_LT(0, left) TH_LOG("%u allocations, and still one more", n);
	TH_LOG("%u allocations were made to fail", n - 1);
}

TEST_HARNESS_MAIN
