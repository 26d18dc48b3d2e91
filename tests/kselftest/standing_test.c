// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the module remembers of those who go on reading, writing and opening what they hold:
 * whatever that was answered from may change at any moment, and the next call must see it.
 * The guest's policy is put back whatever happens.
 */
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <time.h>

#include "support/suite.h"

#define OFTEN		200	/* calls after which an answer surely stands */
#define GROUP		4711
#define READERS		3
#define LEAKED		150	/* exit status: got what it must not have */
#define NEVER		151	/* exit status: what was waited for did not come */
#define TOO_LATE	152	/* exit status: opened after the clearance had ended */
#define TOO_EARLY	153	/* exit status: refused before */
#define DEED_LIMIT	20	/* seconds */

FIXTURE(standing) {};

/* Whom the policy clears beside the guest's cleared user; always for secret, never for more. */
struct exception {
	uint16_t type;		/* MIFENG_CLEARANCE_A_UID or _GID; 0 for nobody */
	uint32_t id;
	int64_t not_after;	/* 0 for ever */
};

static int put_clearance(uint16_t type, uint32_t id, uint8_t level, int64_t not_after)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_CLEARANCE);
	message_put_u32(&message, type, id);
	message_put_u8(&message, MIFENG_CLEARANCE_A_LEVEL, level);
	message_put_u64(&message, MIFENG_CLEARANCE_A_SCOPES, MIFENG_SCOPES_ALL);
	if (not_after)
		message_put_u64(&message, MIFENG_CLEARANCE_A_NOT_AFTER, not_after);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

static int command(uint8_t number)
{
	struct message message;

	message_start(&message, &stage.wire, number, 0);
	return wire_call(&stage.wire, &message, NULL);
}

static int commit(void)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_COMMIT, 0);
	nest = message_nest(&message, MIFENG_A_POLICY);
	message_put_u8(&message, MIFENG_POLICY_A_MODE, MIFENG_MODE_ENFORCE);
	message_put_u8(&message, MIFENG_POLICY_A_REMOVABLE, MIFENG_REMOVABLE_ORDINARY);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

static int policy(const struct exception *exception)
{
	int error;

	if (baseline())
		return 0;
	error = command(MIFENG_CMD_POLICY_BEGIN);
	if (error)
		return error;
	error = put_clearance(MIFENG_CLEARANCE_A_UID, CLEARED, MIFENG_LEVEL_TOP_SECRET, 0);
	if (!error && exception)
		error = put_clearance(exception->type, exception->id, MIFENG_LEVEL_SECRET,
				      exception->not_after);
	if (!error)
		error = commit();
	if (error)
		command(MIFENG_CMD_POLICY_ABORT);
	return error;
}

static const struct exception other_user = { MIFENG_CLEARANCE_A_UID, UNCLEARED, 0 };

/* A file of the zone becomes top secret. */
static int mark_higher(const char *path)
{
	int fd, error;

	if (baseline())
		return 0;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = wire_mark(&stage.wire, fd, MIFENG_LEVEL_TOP_SECRET, DOCUMENT_SCOPES);
	close(fd);
	return error;
}

FIXTURE_SETUP(standing)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(standing)
{
	EXPECT_EQ(0, policy(NULL));
	stage_close();
}

/* ---- one program, what it holds changes under it ---- */

static int document_fd, file_fd;

static int read_often(void)
{
	char byte;

	document_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < OFTEN; i++)
		if (pread(document_fd, &byte, 1, 0) != 1)
			return errno;
	return 0;
}

static int read_again(void)
{
	char byte;

	return result(pread(document_fd, &byte, 1, 0));
}

static int higher_read(void)
{
	char byte;
	int fd = open(path_join(stage.directory[PLACE_ZONE], "ordinary/other"),
		      O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

/* A deed of the user who is cleared for secret and no more. */
#define OTHER_DEED(before_, act_)						\
	{ .uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .before = before_,	\
	  .gate = true, .act = act_ }

TEST_F(standing, a_mark_between_two_reads_is_seen)
{
	struct deed deed = OTHER_DEED(read_often, read_again);
	struct outcome outcome;

	ASSERT_EQ(0, policy(&other_user));
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	ASSERT_EQ(0, mark_higher(stage.document));
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_READ, MIFENG_REASON_NOT_CLEARED, "document");
}

static const char *looked_up_in(void)
{
	return path_join(stage.directory[PLACE_ZONE], "tainted");
}

static int name_make(void)
{
	char name[32];

	snprintf(name, sizeof(name), "tainted/%d", getpid());
	return result_close(open(path_join(stage.directory[PLACE_ZONE], name),
				 O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
}

static int look_up_again(void)
{
	struct stat status;

	return result(stat(path_join(looked_up_in(), "file"), &status));
}

static int look_up_often(void)
{
	int error = document_read();

	for (int i = 0; i < OFTEN && !error; i++)
		error = look_up_again();
	return error;
}

TEST_F(standing, a_name_between_two_lookups_is_seen)
{
	struct deed deed = OTHER_DEED(look_up_often, look_up_again);
	struct deed namer = DEED(true, PLACE_ZONE, name_make);
	struct outcome outcome, named = deed_do(&namer);

	EXPECT_ALLOWED(&named);
	ASSERT_EQ(0, policy(&other_user));
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	ASSERT_EQ(0, mark_higher(path_join(stage.directory[PLACE_ZONE], "ordinary/other")));
	namer.taint = false;
	namer.before = higher_read;
	named = deed_do(&namer);
	EXPECT_EQ(0, named.error);
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_LOOKUP, MIFENG_REASON_NOT_CLEARED, "tainted");
}

TEST_F(standing, without_one_it_reads_on)
{
	struct deed deed = OTHER_DEED(read_often, read_again);
	struct outcome outcome;

	ASSERT_EQ(0, policy(&other_user));
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	deed_go(&outcome);
	deed_end(&outcome);
	/* silence ends with a denial of this very user */
	ASSERT_EQ(0, policy(NULL));
	EXPECT_ALLOWED(&outcome);
}

static int read_and_write_often(void)
{
	int error = read_often();

	file_fd = open("file", O_RDWR | O_CLOEXEC);
	for (int i = 0; !error && i < OFTEN; i++)
		error = result(pwrite(file_fd, "y", 1, 0));
	return error;
}

static int read_and_write_again(void)
{
	int error = read_again();

	return error ? error : result(pwrite(file_fd, "z", 1, 0));
}

/* What is written after more has been read takes the file with it. */
TEST_F(standing, a_raise_between_two_writes_is_seen)
{
	struct deed deed = DEED(false, PLACE_ZONE, read_and_write_again);
	struct outcome outcome;

	deed.before = read_and_write_often;
	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[PLACE_ZONE], "ordinary/file");
	ASSERT_EQ(0, mark_higher(stage.document));
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_ALLOWED(&outcome);
	if (!baseline())
		EXPECT_EQ(MIFENG_LEVEL_TOP_SECRET,
			  stage_level(stage.directory[PLACE_ZONE], "ordinary/file"));
}

/* ---- clearances, which whoever opens is asked for each time ---- */

static int open_often(void)
{
	int error = document_read();

	for (int i = 0; !error && i < OFTEN; i++)
		error = result_close(open(stage.document, O_RDONLY | O_CLOEXEC));
	return error;
}

static int open_again(void)
{
	return result_close(open(stage.document, O_RDONLY | O_CLOEXEC));
}

TEST_F(standing, a_clearance_withdrawn_is_seen)
{
	struct deed deed = OTHER_DEED(open_often, open_again);
	struct outcome outcome;

	ASSERT_EQ(0, policy(&other_user));
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	ASSERT_EQ(0, policy(NULL));
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
}

TEST_F(standing, a_clearance_that_stays_is_silent)
{
	struct deed deed = OTHER_DEED(open_often, open_again);
	struct outcome outcome;

	ASSERT_EQ(0, policy(&other_user));
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	deed_go(&outcome);
	deed_end(&outcome);
	/* silence ends with a denial of this very user */
	ASSERT_EQ(0, policy(NULL));
	EXPECT_ALLOWED(&outcome);
}

static int open_often_and_change_uid(void)
{
	int error = open_often();

	/* setfsuid() tells no error: the second call says whether the first did it */
	setfsuid(UNCLEARED);
	return error || setfsuid(UNCLEARED) != UNCLEARED ? EPERM : 0;
}

TEST_F(standing, another_running_uid_is_seen)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, open_again);
	struct outcome outcome;

	deed.before = open_often_and_change_uid;
	deed.capability = CAP_SETUID;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
}

static int open_often_in_group(void)
{
	const gid_t groups[] = { GROUP - 1, GROUP };

	return setgroups(2, groups) < 0 ? errno : open_often();
}

static int open_again_outside_group(void)
{
	const gid_t groups[] = { GROUP - 1, GROUP + 1 };

	return setgroups(2, groups) < 0 ? TROUBLE : open_again();
}

TEST_F(standing, another_group_is_seen)
{
	static const struct exception group = { MIFENG_CLEARANCE_A_GID, GROUP, 0 };
	struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
		.capability = CAP_SETGID, .before = open_often_in_group, .act = open_again,
	};
	struct outcome inside, outside;

	ASSERT_EQ(0, policy(&group));
	inside = deed_do(&deed);
	deed.act = open_again_outside_group;
	outside = deed_do(&deed);
	EXPECT_ALLOWED(&inside);
	EXPECT_DENIED(&outside, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
}

static time_t last_second;

/* Opens until it is refused, which must begin with the first second after the last. */
static int open_to_the_end(void)
{
	const time_t limit = time(NULL) + DEED_LIMIT;
	time_t before, after;
	int error;

	do {
		before = time(NULL);
		error = open_again();
		after = time(NULL);
		if (!error && before > last_second)
			return baseline() ? 0 : TOO_LATE;
		if (error == EACCES)
			return after > last_second ? EACCES : TOO_EARLY;
		if (error)
			return error;
	} while (before < limit);
	return NEVER;
}

TEST_F(standing, a_clearance_ends_with_its_last_second)
{
	struct exception until = other_user;
	struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
		.before = open_often, .act = open_to_the_end,
	};
	struct outcome outcome;

	last_second = time(NULL) + 4;
	until.not_after = last_second;
	ASSERT_EQ(0, policy(&until));
	outcome = deed_do(&deed);
	ASSERT_NE(TOO_LATE, outcome.error) TH_LOG("opened after the clearance had ended");
	ASSERT_NE(TOO_EARLY, outcome.error) TH_LOG("refused before the clearance ended");
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
}

/* ---- the same address, another channel ---- */

/* A FIFO that all have closed begins anew, at the same inode. On one CPU: each remembers by itself. */
static int put_in_two_lives(void)
{
	char byte;
	cpu_set_t one;
	int fd = open("fifo", O_RDWR | O_CLOEXEC);

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (fd < 0 || sched_setaffinity(0, sizeof(one), &one) < 0)
		return TROUBLE;
	for (int i = 0; i < OFTEN; i++)
		if (write(fd, "y", 1) != 1 || read(fd, &byte, 1) != 1)
			return errno;
	close(fd);
	raise(SIGSTOP);
	fd = open("fifo", O_WRONLY | O_CLOEXEC);
	return fd < 0 ? errno : result(write(fd, MESSAGE, MESSAGE_SIZE));
}

static int take_from_fifo(void)
{
	char bytes[MESSAGE_SIZE];
	int fd = open("fifo", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return errno;
	got = read(fd, bytes, sizeof(bytes));
	if (got != MESSAGE_SIZE || memcmp(bytes, MESSAGE, MESSAGE_SIZE))
		return got < 0 ? errno : GOT_STRAY;
	return probe();
}

TEST_F(standing, a_fifo_begins_anew)
{
	struct deed putter = DEED(true, PLACE_ZONE, put_in_two_lives);
	struct deed taker = DEED(false, PLACE_ZONE, take_from_fifo);
	struct outcome put, taken;
	int status;

	ASSERT_RIGHT(peer_open());
	taker.directory = path_join(stage.directory[PLACE_ZONE], "tainted");
	put = deed_start(&putter);
	ASSERT_EQ(put.pid, waitpid(put.pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	taken = deed_start(&taker);
	ASSERT_EQ(0, kill(put.pid, SIGCONT));
	deed_end(&put);
	deed_end(&taken);
	EXPECT_ALLOWED(&put);
	EXPECT_RAISED(&taken);
}

/* ---- several CPUs ---- */

/* Reads what it holds without pause, until it may not any more. */
static int read_until_refused(void)
{
	const time_t limit = time(NULL) + DEED_LIMIT;
	char byte;

	do {
		for (int i = 0; i < OFTEN; i++) {
			if (pread(document_fd, &byte, 1, 0) != 1)
				return errno == EACCES ? 0 : TROUBLE;
			if (byte == 'S')
				return baseline() ? 0 : LEAKED;
		}
	} while (time(NULL) < limit);
	return NEVER;
}

static int write_higher(void)
{
	int fd = open(stage.document, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(pwrite(fd, "S", 1, 0));
}

/*
 * Somebody writes into what others, who may not know it, are reading at the same time, on every
 * CPU: they never see it.
 */
TEST_F_TIMEOUT(standing, readers_against_a_higher_write, 300)
{
	const char *higher = path_join(stage.directory[PLACE_ZONE], "ordinary/other");
	struct deed reader = OTHER_DEED(read_often, read_until_refused);
	struct deed writer = DEED(false, PLACE_ZONE, write_higher);
	struct outcome readers[READERS], written;

	writer.before = higher_read;
	ASSERT_EQ(0, policy(&other_user));
	ASSERT_EQ(0, mark_higher(higher));
	for (int round = 0; round < 30; round++) {
		ASSERT_EQ(0, unlink(stage.document));
		ASSERT_EQ(0, file_make(stage.document));
		ASSERT_EQ(0, stage_mark(stage.document));
		for (int i = 0; i < READERS; i++)
			readers[i] = deed_start(&reader);
		for (int i = 0; i < READERS; i++)
			ASSERT_RIGHT(deed_ready(&readers[i]));
		for (int i = 0; i < READERS; i++)
			deed_go(&readers[i]);
		written = deed_do(&writer);
		for (int i = 0; i < READERS; i++)
			deed_end(&readers[i]);
		ASSERT_EQ(0, written.error);
		for (int i = 0; i < READERS; i++) {
			ASSERT_NE(LEAKED, readers[i].error) TH_LOG("the byte got out");
			ASSERT_NE(NEVER, readers[i].error) TH_LOG("the new label was not seen");
			ASSERT_EQ(0, readers[i].error);
		}
		if (!baseline())
			EXPECT_EQ(MIFENG_LEVEL_TOP_SECRET, stage_level(NULL, stage.document));
	}
}

static atomic_bool more_is_here;
static atomic_int late_writes;

static void *write_on(void *unused)
{
	const time_t limit = time(NULL) + DEED_LIMIT;

	(void)unused;
	while (atomic_load(&late_writes) < OFTEN && time(NULL) < limit) {
		bool late = atomic_load(&more_is_here);

		if (pwrite(file_fd, late ? "S" : "y", 1, 0) == 1)
			atomic_fetch_add(&late_writes, late);
		else if (errno != EACCES)
			return (void *)(long)errno;
	}
	return NULL;
}

/* One thread writes without pause, another one reads more than the program held. */
static int write_while_raised(void)
{
	const time_t limit = time(NULL) + DEED_LIMIT;
	pthread_t thread;
	void *error;

	if (pthread_create(&thread, NULL, write_on, NULL))
		return TROUBLE;
	/* a raise is refused while the other thread does not stand still */
	while (higher_read() && time(NULL) < limit)
		;
	atomic_store(&more_is_here, true);
	if (pthread_join(thread, &error))
		return TROUBLE;
	if (error)
		return (int)(long)error;
	return atomic_load(&late_writes) < OFTEN ? NEVER : 0;
}

TEST_F_TIMEOUT(standing, writes_against_a_raise, 300)
{
	const char *higher = path_join(stage.directory[PLACE_ZONE], "ordinary/other");
	const char *file = path_join(stage.directory[PLACE_ZONE], "ordinary/file");
	struct deed deed = DEED(false, PLACE_ZONE, write_while_raised);

	ASSERT_EQ(0, mark_higher(higher));
	deed.before = read_and_write_often;
	for (int program = 0; program < 20; program++) {
		struct outcome outcome;

		unlink(file);
		ASSERT_EQ(0, file_make(file));
		ASSERT_EQ(0, chmod(file, 0666));
		ASSERT_EQ(0, stage_mark(file));
		outcome = deed_do(&deed);
		ASSERT_NE(NEVER, outcome.error) TH_LOG("it could not write, or was not raised");
		ASSERT_EQ(0, outcome.error);
		if (!baseline())
			ASSERT_EQ(MIFENG_LEVEL_TOP_SECRET, stage_level(NULL, file));
	}
}

TEST_HARNESS_MAIN
