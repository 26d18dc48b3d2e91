// SPDX-License-Identifier: GPL-2.0-or-later
#include "deed.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "records.h"
#include "uapi/mifeng.h"

#define DEED_SECONDS 25
#define BLOCKED_SECONDS 15

int result(long returned)
{
	return returned < 0 ? errno : 0;
}

int result_close(int fd)
{
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

int document_read(void)
{
	char byte;
	int fd, error;

	fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = result(read(fd, &byte, 1));
	close(fd);
	return error;
}

static int login_set(uid_t login)
{
	char text[16];
	int fd, error = 0;
	int length = snprintf(text, sizeof(text), "%u", login);

	fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, length) != length)
		error = -errno;
	close(fd);
	return error;
}

/* Makes @capability effective again, and ambient, after the uid has changed. */
static int capability_keep(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	data[capability / 32].effective = 1U << (capability % 32);
	data[capability / 32].permitted = data[capability / 32].effective;
	data[capability / 32].inheritable = data[capability / 32].effective;
	if (syscall(SYS_capset, &header, data) < 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
		return -errno;
	return 0;
}

int become(uid_t uid, uid_t login, int capability)
{
	gid_t gid = uid;
	int error;

	error = login_set(login);
	if (error)
		return error;
	if (capability && prctl(PR_SET_KEEPCAPS, 1) < 0)
		return -errno;
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return -errno;
	if (capability) {
		error = capability_keep(capability);
		if (error)
			return error;
	}
	/* Not dumpable after setuid; a login's own processes are. */
	return prctl(PR_SET_DUMPABLE, 1) < 0 ? -errno : 0;
}

/*
 * The harness shares memory with its children to count failures. A program with such a
 * mapping is another case than the one that is tested here.
 */
static int shared_memory_drop(void)
{
	unsigned long starts[64], ends[64];
	size_t count = 0;
	char line[512], mode[8];
	FILE *maps;

	maps = fopen("/proc/self/maps", "re");
	if (!maps)
		return -errno;
	while (count < 64 && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %7s", &starts[count], &ends[count], mode) == 3 &&
		    mode[3] == 's')
			count++;
	fclose(maps);
	while (count--)
		if (munmap((void *)starts[count], ends[count] - starts[count]) < 0)
			return -errno;
	return 0;
}

static _Noreturn void trouble(const char *what, int error)
{
	fprintf(stderr, "# set-up: %s: %s\n", what, strerror(error));
	_exit(TROUBLE);
}

static _Noreturn void deed_child(const struct deed *deed)
{
	const char *directory = deed->directory;
	int error;

	alarm(DEED_SECONDS);
	umask(0);
	error = shared_memory_drop();
	if (error)
		trouble("shared memory of the harness", -error);
	error = become(deed->uid, deed->login, deed->capability);
	if (error)
		trouble("becoming somebody else", -error);
	if (!directory)
		directory = path_join(stage.directory[deed->place],
				      deed->taint ? "tainted" : "ordinary");
	if (chdir(directory) < 0)
		trouble(directory, errno);
	error = deed->before ? deed->before() : 0;
	if (error)
		trouble("the step before", error);
	error = deed->taint ? document_read() : 0;
	if (error)
		trouble("reading the document", error);
	if (deed->gate) {
		/* Nobody opens the gate of a test that has failed. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		raise(SIGSTOP);
	}
	_exit(deed->act());
}

static uint64_t sequence_now(void)
{
	struct wire_status status;

	if (baseline() || wire_status_get(&stage.wire, &status))
		return 0;
	return status.event_seq;
}

struct outcome deed_start(const struct deed *deed)
{
	struct outcome outcome = { .who = deed, .error = -1, .since = sequence_now() };

	fflush(NULL);
	outcome.pid = fork();
	if (!outcome.pid)
		deed_child(deed);
	return outcome;
}

void deed_end(struct outcome *outcome)
{
	int status;

	outcome->error = -1;
	if (outcome->pid < 0)
		return;
	while (waitpid(outcome->pid, &status, 0) < 0)
		if (errno != EINTR)
			return;
	if (WIFEXITED(status) && WEXITSTATUS(status) < TROUBLE)
		outcome->error = WEXITSTATUS(status);
	else if (WIFSIGNALED(status))
		fprintf(stderr, "# the deed was ended by signal %d\n", WTERMSIG(status));
}

const char *deed_ready(const struct outcome *outcome)
{
	siginfo_t about = { 0 };

	while (waitid(P_PID, outcome->pid, &about, WSTOPPED | WEXITED | WNOWAIT) < 0)
		if (errno != EINTR)
			return "a program of the test does not exist";
	return about.si_code == CLD_STOPPED ? NULL : "a program of the test ended at its set-up";
}

void deed_go(const struct outcome *outcome)
{
	kill(outcome->pid, SIGCONT);
}

/* What it sleeps in; -1 if it does not sleep in a system call. */
static long call_of(pid_t pid)
{
	char path[64], text[64];
	long call = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	/* "running" or "-1 …" when it does not sleep in a system call */
	if (fgets(text, sizeof(text), file) && isdigit((unsigned char)text[0]))
		call = strtol(text, NULL, 10);
	fclose(file);
	return call;
}

const char *deed_blocked(const struct outcome *outcome, long call)
{
	static char wrong[96];
	const struct timespec moment = { .tv_nsec = 2000000 };
	struct timespec now, end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += patience(BLOCKED_SECONDS);
	do {
		if (call_of(outcome->pid) == call)
			return NULL;
		nanosleep(&moment, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec);
	snprintf(wrong, sizeof(wrong), "it does not sleep in system call %ld but in %ld", call,
		 call_of(outcome->pid));
	return wrong;
}

struct outcome deed_do(const struct deed *deed)
{
	struct outcome outcome = deed_start(deed);

	deed_end(&outcome);
	return outcome;
}

static char wrong[1024];

static bool path_ends(const char *path, const char *name)
{
	size_t length = strlen(path), tail = strlen(name);

	return length >= tail && !strcmp(path + length - tail, name) &&
	       (length == tail || path[length - tail - 1] == '/');
}

/* What the log has of the program instead of the record that is missed. */
static void seen_append(const struct outcome *outcome)
{
	struct wanted wanted = { .since = outcome->since, .pid = outcome->pid };
	size_t length = strlen(wrong);
	struct found found;
	int matches = records_find(&wanted, &found);

	if (matches < 0)
		snprintf(wrong + length, sizeof(wrong) - length, "; the log: %s",
			 strerror(-matches));
	else if (!matches)
		snprintf(wrong + length, sizeof(wrong) - length, "; none of it at all");
	else
		snprintf(wrong + length, sizeof(wrong) - length,
			 "; seen: operation %d, reason %d, verdict %d, path %s, culprit %s",
			 found.operation, found.reason, found.verdict, found.path, found.culprit);
}

const char *why_not_denied(const struct outcome *outcome, int error, int operation, int reason,
			   const char *name)
{
	struct wanted wanted = {
		.since = outcome->since,
		.pid = outcome->pid,
		.operation = operation,
		.reason = reason,
	};
	struct found found;
	int matches;

	if (outcome->error < 0)
		return "it could not be tried";
	if (outcome->error != (baseline() ? 0 : error)) {
		snprintf(wrong, sizeof(wrong), "it ended in %d (%s), not in %d", outcome->error,
			 strerror(outcome->error), baseline() ? 0 : error);
		seen_append(outcome);
		return wrong;
	}
	if (baseline())
		return NULL;
	matches = records_wait(&wanted, 1, &found);
	if (matches <= 0) {
		snprintf(wrong, sizeof(wrong), "no record of operation %d, reason %d", operation,
			 reason);
		seen_append(outcome);
		return wrong;
	}
	if (found.verdict != MIFENG_VERDICT_DENIED)
		return "the record does not say denied";
	if (found.uid != outcome->who->uid || found.login != outcome->who->login) {
		snprintf(wrong, sizeof(wrong), "the record names uid %u, login %u", found.uid,
			 found.login);
		return wrong;
	}
	if (name && !path_ends(found.path, name)) {
		snprintf(wrong, sizeof(wrong), "the record names %s, not %s", found.path, name);
		return wrong;
	}
	return NULL;
}

const char *why_not_unclean(const struct outcome *outcome, const char *culprit)
{
	struct wanted wanted = {
		.since = outcome->since, .pid = outcome->pid, .reason = MIFENG_REASON_NOT_CLEAN,
	};
	struct found found;
	const char *words;

	words = why_not_denied(outcome, EACCES, 0, MIFENG_REASON_NOT_CLEAN, "document");
	if (words || baseline())
		return words;
	if (records_find(&wanted, &found) <= 0)
		return "its record has gone";
	if (!strstr(found.culprit, culprit)) {
		snprintf(wrong, sizeof(wrong), "the culprit is '%.200s', not %s", found.culprit,
			 culprit);
		return wrong;
	}
	return NULL;
}

static int marker_open(void)
{
	return result_close(open(stage.document, O_RDONLY | O_CLOEXEC));
}

const char *silence_end(const struct outcome *outcome, uint64_t *until)
{
	static const struct deed marker_deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = marker_open,
	};
	struct wanted wanted = {
		.since = outcome->since, .reason = MIFENG_REASON_NOT_CLEARED,
	};
	struct outcome marker = deed_do(&marker_deed);
	struct found found;

	wanted.pid = marker.pid;
	if (marker.error != EACCES || records_wait(&wanted, 1, &found) <= 0)
		return "the denial that marks the end of the silence left no record";
	*until = found.sequence;
	return NULL;
}

const char *why_not_silent(const struct outcome *outcome)
{
	struct wanted wanted = { .since = outcome->since, .pid = outcome->pid };
	struct found found;
	const char *words;

	if (baseline())
		return NULL;
	words = silence_end(outcome, &wanted.until);
	if (words)
		return words;
	if (records_find(&wanted, &found)) {
		strcpy(wrong, "it left a record");
		seen_append(outcome);
		return wrong;
	}
	return NULL;
}

const char *why_not_allowed(const struct outcome *outcome)
{
	if (outcome->error < 0)
		return "it could not be tried";
	if (outcome->error) {
		snprintf(wrong, sizeof(wrong), "it ended in %d (%s)", outcome->error,
			 strerror(outcome->error));
		if (!baseline())
			seen_append(outcome);
		return wrong;
	}
	return why_not_silent(outcome);
}
