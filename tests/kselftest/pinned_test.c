// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs and paths that policy names: pinned executables are never raised, however they
 * look from where they run; quiet programs and paths are refused like all others, but no record tells.
 * The guest's policy is put back whatever happens.
 */
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "support/suite.h"

#define SELF		"/usr/libexec/mifeng/tests/pinned_test"
#define TASK_VARIABLE	"PINNED_TEST_TASK"

FIXTURE(pinned) {};

static int command(uint8_t number)
{
	struct message message;

	message_start(&message, &stage.wire, number, 0);
	return wire_call(&stage.wire, &message, NULL);
}

static int put_clearance(void)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_CLEARANCE);
	message_put_u32(&message, MIFENG_CLEARANCE_A_UID, CLEARED);
	message_put_u8(&message, MIFENG_CLEARANCE_A_LEVEL, MIFENG_LEVEL_TOP_SECRET);
	message_put_u64(&message, MIFENG_CLEARANCE_A_SCOPES, MIFENG_SCOPES_ALL);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

static int put_subject(uint8_t kind, const char *pattern)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_PUT, 0);
	nest = message_nest(&message, MIFENG_A_SUBJECT);
	message_put_u8(&message, MIFENG_SUBJECT_A_KIND, kind);
	message_put(&message, MIFENG_SUBJECT_A_PATTERN, pattern, strlen(pattern) + 1);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

static int commit(uint8_t mode)
{
	struct message message;
	size_t nest;

	message_start(&message, &stage.wire, MIFENG_CMD_POLICY_COMMIT, 0);
	nest = message_nest(&message, MIFENG_A_POLICY);
	message_put_u8(&message, MIFENG_POLICY_A_MODE, mode);
	message_put_u8(&message, MIFENG_POLICY_A_REMOVABLE, MIFENG_REMOVABLE_ORDINARY);
	message_nest_end(&message, nest);
	return wire_call(&stage.wire, &message, NULL);
}

/* The guest's policy, and one pattern that can match nothing beside the one that is wanted. */
static int policy_with(uint8_t mode, uint8_t kind, const char *pattern)
{
	int error;

	if (baseline())
		return 0;
	error = command(MIFENG_CMD_POLICY_BEGIN);
	if (error)
		return error;
	error = put_clearance();
	if (!error)
		error = put_subject(kind, "/no/such/*[!a-z]?");
	if (!error)
		error = put_subject(kind, pattern);
	if (!error)
		error = commit(mode);
	if (error)
		command(MIFENG_CMD_POLICY_ABORT);
	return error;
}

static int policy_plain(void)
{
	if (baseline())
		return 0;
	return wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, MIFENG_REMOVABLE_ORDINARY,
				CLEARED, -1);
}

/*
 * The deed under such a policy. What it left is looked at afterwards, because the helpers' own
 * marks in the log would be pinned or quiet as well.
 */
static struct outcome deed_under(uint8_t kind, const char *pattern, const struct deed *deed)
{
	struct outcome outcome = { .who = deed, .error = -1 };
	int error = policy_with(MIFENG_MODE_ENFORCE, kind, pattern);

	if (error)
		fprintf(stderr, "# the policy: %s\n", strerror(-error));
	else
		outcome = deed_do(deed);
	error = policy_plain();
	if (error)
		fprintf(stderr, "# the policy before: %s\n", strerror(-error));
	return outcome;
}

FIXTURE_SETUP(pinned)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(pinned)
{
	EXPECT_EQ(0, policy_plain());
	stage_close();
}

static int read_it(void)
{
	return document_read();
}

static const struct deed reads = {
	.uid = CLEARED, .login = CLEARED, .directory = "/", .act = read_it,
};
static const struct deed uncleared_reads = {
	.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = read_it,
};

#define EXPECT_PINNED(outcome)	\
	EXPECT_DENIED(outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_PINNED, "document")

static const struct {
	const char *pattern;
	bool covers;
} patterns[] = {
	{ SELF, true },
	{ "/usr/libexec/*_test", true },
	{ "*/pinned_test", true },
	{ "/usr/libexec/mifeng/tests/pinne[a-d]?test", true },
	{ "/usr/libexec/mifeng/tests/pinned_tes", false },
	{ "/libexec/mifeng/tests/pinned_test", false },
	{ "/usr/libexec/mifeng/tests/pinne[!d]_test", false },
	{ SELF "?", false },
};

TEST_F(pinned, patterns)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct outcome outcome = deed_under(MIFENG_SUBJECT_PINNED, patterns[i].pattern,
						    &reads);
		const char *bad;

		if (patterns[i].covers)
			bad = why_not_denied(&outcome, EACCES, MIFENG_OP_OPEN,
					     MIFENG_REASON_PINNED, "document");
		else
			bad = why_not_allowed(&outcome);
		EXPECT_EQ(NULL, bad)
		{
			TH_LOG("%s: %s", patterns[i].pattern, bad);
		}
	}
}

/* A descriptor that was opened before the policy came is of no more use. */
static int document_descriptor;

static int read_descriptor(void)
{
	char byte;

	return result(pread(document_descriptor, &byte, 1, 0));
}

TEST_F(pinned, open_before)
{
	const struct deed deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = read_descriptor,
	};
	struct outcome outcome;

	/* root is cleared for nothing, so the file is marked when it is open */
	ASSERT_EQ(0, file_make(path_join(stage.directory[PLACE_ZONE], "late")));
	document_descriptor = open(path_join(stage.directory[PLACE_ZONE], "late"), O_RDONLY);
	ASSERT_LE(0, document_descriptor);
	ASSERT_EQ(0, stage_mark(path_join(stage.directory[PLACE_ZONE], "late")));
	outcome = deed_under(MIFENG_SUBJECT_PINNED, SELF, &deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_READ, MIFENG_REASON_PINNED, "late");
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	close(document_descriptor);
}

/* An empty list pins nobody, and the next policy without the pattern forgets it. */
TEST_F(pinned, forgotten)
{
	struct outcome outcome = deed_under(MIFENG_SUBJECT_PINNED, SELF, &reads);

	EXPECT_PINNED(&outcome);
	outcome = deed_do(&reads);
	EXPECT_ALLOWED(&outcome);
}

/* What is put and not committed pins nobody. */
TEST_F(pinned, aborted)
{
	struct outcome outcome;

	if (!baseline()) {
		ASSERT_EQ(0, command(MIFENG_CMD_POLICY_BEGIN));
		ASSERT_EQ(0, put_subject(MIFENG_SUBJECT_PINNED, SELF));
	}
	outcome = deed_do(&reads);
	EXPECT_ALLOWED(&outcome);
	if (!baseline())
		ASSERT_EQ(0, command(MIFENG_CMD_POLICY_ABORT));
	outcome = deed_do(&reads);
	EXPECT_ALLOWED(&outcome);
}

/* In another root its executable has another name, or none. */
static int read_in_other_root(void)
{
	int fd = open(stage.directory[PLACE_ZONE], O_PATH | O_DIRECTORY | O_CLOEXEC);
	char byte;
	int error;

	if (fd < 0)
		return errno;
	error = namespace_enter(CLONE_NEWNS, 0);
	if (error || chroot("directory") < 0)
		return error ? error : errno;
	fd = openat(fd, "document", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

TEST_F(pinned, in_another_root)
{
	const struct deed deed = DEED(false, PLACE_UNMARKED, read_in_other_root);
	struct outcome outcome;

	if (!baseline()) {
		outcome = deed_do(&deed);
		ASSERT_EQ(0, outcome.error);
	}
	outcome = deed_under(MIFENG_SUBJECT_PINNED, SELF, &deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_PINNED, NULL);
}

/*
 * A copy of this program with another path. The variable tells it what to do before it becomes a
 * test program, and the document's path.
 */
static const char *reader;

static int reader_make(void)
{
	char bytes[65536];
	int from, to, error = 0;
	ssize_t got;

	reader = path_join(stage.directory[PLACE_UNMARKED], "reader");
	from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	to = open(reader, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	if (from < 0 || to < 0)
		return errno;
	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, got) != got)
			error = EIO;
	close(from);
	close(to);
	return got < 0 ? errno : error;
}

static int reader_run(char task)
{
	char variable[256];
	char *environment[] = { variable, NULL };
	char *arguments[] = { (char *)reader, NULL };

	snprintf(variable, sizeof(variable), TASK_VARIABLE "=%c%s", task, stage.document);
	execve(reader, arguments, environment);
	return errno;
}

static int run_reader(void)
{
	return reader_run('r');
}

static int run_reader_deleted(void)
{
	return reader_run('d');
}

static void __attribute__((constructor)) reader_main(int argc, char **argv)
{
	const char *task = getenv(TASK_VARIABLE);

	if (!task || argc < 1)
		return;
	if (task[0] == 'd' && unlink(argv[0]) < 0)
		_exit(TROUBLE);
	snprintf(stage.document, sizeof(stage.document), "%s", task + 1);
	_exit(document_read());
}

/* Its executable counts, not the program that started it. */
TEST_F(pinned, executable)
{
	const struct deed deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = run_reader,
	};
	struct outcome outcome;

	ASSERT_EQ(0, reader_make());
	outcome = deed_under(MIFENG_SUBJECT_PINNED, reader, &deed);
	EXPECT_PINNED(&outcome);
	outcome = deed_under(MIFENG_SUBJECT_PINNED, reader, &reads);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_under(MIFENG_SUBJECT_PINNED, SELF, &deed);
	EXPECT_ALLOWED(&outcome);
	unlink(reader);
}

/* An upgrade removes the file that a service still runs. */
TEST_F(pinned, deleted_executable)
{
	const struct deed deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = run_reader_deleted,
	};
	struct outcome outcome;

	ASSERT_EQ(0, reader_make());
	ASSERT_EQ(0, chmod(stage.directory[PLACE_UNMARKED], 0777));
	outcome = deed_under(MIFENG_SUBJECT_PINNED, reader, &deed);
	EXPECT_PINNED(&outcome);
	EXPECT_NE(0, access(reader, F_OK));
}

/* Refused as ever, and no record; but it is counted. */
#define EXPECT_REFUSED_QUIETLY(outcome)					\
	do {								\
		EXPECT_EQ(baseline() ? 0 : EACCES, (outcome)->error);	\
		EXPECT_RIGHT(why_not_silent(outcome));			\
	} while (0)

static uint64_t quiet_count(void)
{
	struct wire_status status = { 0 };

	if (!baseline() && wire_status_get(&stage.wire, &status))
		return UINT64_MAX;
	return status.events_quiet;
}

TEST_F(pinned, quiet_program)
{
	const struct deed service = {
		.uid = 0, .login = SERVICE, .directory = "/", .act = read_it,
	};
	uint64_t before = quiet_count();
	struct outcome outcome;

	outcome = deed_under(MIFENG_SUBJECT_QUIET_PROGRAM, SELF, &uncleared_reads);
	EXPECT_REFUSED_QUIETLY(&outcome);
	EXPECT_EQ(before + !baseline(), quiet_count());
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PROGRAM, SELF, &service);
	EXPECT_REFUSED_QUIETLY(&outcome);
	EXPECT_EQ(before + 2 * !baseline(), quiet_count());
	/* others are not */
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PROGRAM, SELF "?", &uncleared_reads);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
	EXPECT_EQ(before + 2 * !baseline(), quiet_count());
	/* and it may be quiet and read */
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PROGRAM, SELF, &reads);
	EXPECT_ALLOWED(&outcome);
}

static int write_file(void)
{
	int fd = open("file", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

/* A quiet program is quiet where it reads, not where it writes. */
TEST_F(pinned, quiet_program_writes)
{
	const struct deed deed = DEED(true, PLACE_UNMARKED, write_file);
	struct outcome outcome = deed_under(MIFENG_SUBJECT_QUIET_PROGRAM, SELF, &deed);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_UNMARKED_PATH, "file");
}

static int history_create(void)
{
	return result_close(open(".history", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

TEST_F(pinned, quiet_path)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, write_file);
	uint64_t before = quiet_count();
	struct outcome outcome;

	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/tainted/file", &deed);
	EXPECT_REFUSED_QUIETLY(&outcome);
	EXPECT_EQ(before + !baseline(), quiet_count());
	deed.act = history_create;
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/.history", &deed);
	EXPECT_REFUSED_QUIETLY(&outcome);
	EXPECT_EQ(before + 2 * !baseline(), quiet_count());
	/* other paths, and other refusals on that path, are told */
	unlink(path_join(stage.directory[PLACE_UNMARKED], "tainted/.history"));
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/history", &deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH, ".history");
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/document", &uncleared_reads);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "document");
	EXPECT_EQ(before + 2 * !baseline(), quiet_count());
}

static struct sockaddr_un service_name = { .sun_family = AF_UNIX };

static int send_to_service(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t sent = fd < 0 ? -1 : sendto(fd, "x", 1, 0, (struct sockaddr *)&service_name,
					    sizeof(service_name));

	return result_close(sent < 0 ? -1 : fd);
}

/* A service is a path too, by the name of its socket: what logs itself is not to nag. */
TEST_F(pinned, quiet_service)
{
	const struct deed service = {
		.uid = 0, .login = SERVICE, .directory = "/", .gate = true, .act = read_it,
	};
	struct deed deed = DEED(true, PLACE_ZONE, send_to_service);
	uint64_t before = quiet_count();
	struct outcome outcome, served;
	int fd;

	snprintf(service_name.sun_path, sizeof(service_name.sun_path), "%.80s/ordinary/service",
		 stage.directory[PLACE_SCRATCH]);
	unlink(service_name.sun_path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&service_name, sizeof(service_name)));
	ASSERT_EQ(0, chmod(service_name.sun_path, 0666));
	served = deed_start(&service);
	ASSERT_RIGHT(deed_ready(&served));
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/ordinary/service", &deed);
	EXPECT_REFUSED_QUIETLY(&outcome);
	EXPECT_EQ(before + !baseline(), quiet_count());
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/ordinary/servic", &deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_PINNED_PEER, "service");
	EXPECT_EQ(before + !baseline(), quiet_count());
	/* and so is a program that talks to services by itself */
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PROGRAM, SELF, &deed);
	EXPECT_REFUSED_QUIETLY(&outcome);
	EXPECT_EQ(before + 2 * !baseline(), quiet_count());
	deed.taint = false;
	outcome = deed_under(MIFENG_SUBJECT_QUIET_PATH, "*/ordinary/servic", &deed);
	EXPECT_ALLOWED(&outcome);
	kill(served.pid, SIGKILL);
	deed_end(&served);
	close(fd);
	unlink(service_name.sun_path);
}

/* Permissive mode allows what it would refuse a pinned program, and says so. */
TEST_F(pinned, permissive)
{
	struct wanted wanted = { .operation = MIFENG_OP_OPEN, .reason = MIFENG_REASON_PINNED };
	struct outcome outcome;
	struct found found;

	ASSERT_EQ(0, policy_with(MIFENG_MODE_PERMISSIVE, MIFENG_SUBJECT_PINNED, SELF));
	outcome = deed_do(&reads);
	ASSERT_EQ(0, policy_plain());
	EXPECT_EQ(0, outcome.error);
	if (baseline())
		return;
	wanted.since = outcome.since;
	wanted.pid = outcome.pid;
	ASSERT_LT(0, records_wait(&wanted, 1, &found));
	EXPECT_EQ(MIFENG_VERDICT_PERMITTED, found.verdict);
}

TEST_HARNESS_MAIN
