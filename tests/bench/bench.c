// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench: what each operation costs, in ns of the guest's clock.
 *
 * Under `tests/vm/run --icount` that clock counts instructions: the figures are guest
 * instructions, and repeat. On a real machine they are time.
 *
 *	bench [NAME...]				measure
 *	bench --document FILE [NAME...]		measure what a program does that has read FILE
 *	bench --hold FILE COMMAND...		read FILE, and stay until COMMAND ends
 *	bench --crowd N FILE COMMAND...		the same, with N children that have read it, too
 *	bench --fill N FILE DIRECTORY		read FILE, and make N files, which are labelled then
 *	bench --cost ROUNDS COMMAND...		run COMMAND, and print what it cost: ns of processor
 *
 * One line per operation: name, a space, ns of one operation with two decimals. The
 * exit status is 1 if an operation failed.
 *
 * A program that has read a classified file has no way to say what it measured but its exit status,
 * so its rounds are timed from outside: it stops itself after each batch. Batches of two sizes
 * tell what a round costs without the stop.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCHES		9
#define MANY		64
#define DIRECTORY	"/home/cleared/mifeng-bench"	/* on the root's ext4 */
#define MEMORY_FILE	"/run/mifeng-bench/file"	/* on a tmpfs, no zone; its directory is the
						   caller's to make */

struct operation {
	const char *name;
	int rounds;		/* in one batch */
	int (*before)(void);	/* 0 or negative errno, as for the rest */
	int (*round)(int index);
	bool tainted;		/* done by a program that has read the document */
};

static const char *document;
static const char *program;
static int fd = -1;
static int ends[2];
static int documents[MANY];	/* descriptors of one file, opened anew each */
static struct sockaddr_in address;

static int done(long returned)
{
	return returned < 0 ? -errno : 0;
}

static int open_file(void)
{
	fd = open(DIRECTORY "/file", O_RDWR | O_CLOEXEC);
	return done(fd);
}

static int open_file_to_read(void)
{
	fd = open(DIRECTORY "/file", O_RDONLY | O_CLOEXEC);
	return done(fd);
}

static int open_memory_file(void)
{
	fd = open(MEMORY_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : done(write(fd, "0123456789", 10));
}

static int open_document(void)
{
	fd = open(document, O_RDWR | O_CLOEXEC);
	return done(fd);
}

/* The document and others beside it, "NAME.0" and so on: more than are remembered. */
static int open_documents(void)
{
	char path[256];

	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "%s.%d", document, i);
		documents[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (documents[i] < 0)
			return -errno;
	}
	return 0;
}

/* Sequential, without the cost of a seek: the file is longer than all rounds. */
static int read_round(int index)
{
	char byte;

	(void)index;
	return read(fd, &byte, 1) == 1 ? 0 : -EIO;
}

static int pread_round(int index)
{
	char byte;

	(void)index;
	return done(pread(fd, &byte, 1, 1));
}

static int pread_many_round(int index)
{
	char byte;

	return done(pread(documents[index % MANY], &byte, 1, 1));
}

static int pwrite_round(int index)
{
	(void)index;
	return done(pwrite(fd, "y", 1, 1));
}

static int stat_path(const char *path)
{
	struct stat status;

	return done(stat(path, &status));
}

static int stat_1(int index)
{
	(void)index;
	return stat_path("/home");
}

static int stat_4(int index)
{
	(void)index;
	return stat_path(DIRECTORY "/file");
}

static int stat_16(int index)
{
	(void)index;
	return stat_path(DIRECTORY "/a/a/a/a/a/a/a/a/a/a/a/a/file");
}

static int open_path(const char *path)
{
	int opened = open(path, O_RDONLY | O_CLOEXEC);

	if (opened < 0)
		return -errno;
	close(opened);
	return 0;
}

static int open_round(int index)
{
	(void)index;
	return open_path(DIRECTORY "/file");
}

static int open_document_round(int index)
{
	(void)index;
	return open_path(document);
}

static int open_many_round(int index)
{
	char path[256];

	snprintf(path, sizeof(path), "%s.%d", document, index % MANY);
	return open_path(path);
}

static int create_round(int index)
{
	int made;

	(void)index;
	made = open(DIRECTORY "/new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (made < 0)
		return -errno;
	close(made);
	return done(unlink(DIRECTORY "/new"));
}

static int map_round(int index)
{
	void *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	(void)index;
	return map == MAP_FAILED ? -errno : done(munmap(map, 4096));
}

static int open_pipe(void)
{
	return done(pipe2(ends, O_CLOEXEC));
}

static int pipe_round(int index)
{
	char byte = 0;

	(void)index;
	return write(ends[1], &byte, 1) == 1 ? done(read(ends[0], &byte, 1)) : -errno;
}

static int open_unix(void)
{
	return done(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
}

static int unix_round(int index)
{
	char byte = 0;

	(void)index;
	return send(ends[1], &byte, 1, 0) == 1 ? done(recv(ends[0], &byte, 1, 0)) : -errno;
}

static int open_listener(void)
{
	socklen_t size = sizeof(address);
	int on = 1;

	address = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 16) < 0)
		return -errno;
	return done(getsockname(fd, (struct sockaddr *)&address, &size));
}

static int connect_round(int index)
{
	/* A reset, so that no connection waits for its last packet. */
	struct linger reset = { .l_onoff = 1 };
	int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int from, error;

	(void)index;
	if (to < 0)
		return -errno;
	error = done(setsockopt(to, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)));
	if (!error)
		error = done(connect(to, (struct sockaddr *)&address, sizeof(address)));
	from = error ? -1 : accept(fd, NULL, NULL);
	close(to);
	if (from >= 0)
		close(from);
	return error;
}

static int wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ECHILD;
}

static int fork_round(int index)
{
	pid_t pid = fork();

	(void)index;
	if (!pid)
		_exit(0);
	return wait_for(pid);
}

static int exec_round(int index)
{
	pid_t pid = fork();

	(void)index;
	if (!pid) {
		execl(program, program, "--true", NULL);
		_exit(1);
	}
	return wait_for(pid);
}

static const struct operation operations[] = {
	{ "read", 4000, open_file, read_round, false },
	{ "pread", 4000, open_file, pread_round, false },
	{ "pread-tmpfs", 4000, open_memory_file, pread_round, false },
	{ "write", 2000, open_file, pwrite_round, false },
	{ "write-tmpfs", 2000, open_memory_file, pwrite_round, false },
	{ "stat-1", 2000, NULL, stat_1, false },
	{ "stat-4", 2000, NULL, stat_4, false },
	{ "stat-16", 2000, NULL, stat_16, false },
	{ "open-close", 1000, NULL, open_round, false },
	{ "create-unlink", 200, NULL, create_round, false },
	{ "mmap-munmap", 1000, open_file, map_round, false },
	{ "pipe", 2000, open_pipe, pipe_round, false },
	{ "unix", 1000, open_unix, unix_round, false },
	{ "tcp-connect", 400, open_listener, connect_round, false },
	{ "fork", 40, NULL, fork_round, false },
	{ "exec", 20, NULL, exec_round, false },
	{ "document-pread", 4000, open_document, pread_round, true },
	{ "document-open", 1000, open_document, open_document_round, true },
	{ "document-write", 2000, open_document, pwrite_round, true },
	{ "documents-pread", 4000, open_documents, pread_many_round, true },
	{ "documents-open", 1000, open_documents, open_many_round, true },
	{ "tainted-pread", 4000, open_file_to_read, pread_round, true },
	{ "tainted-open", 1000, NULL, open_round, true },
	{ "tainted-pipe", 2000, open_pipe, pipe_round, true },
	{ "tainted-unix", 1000, open_unix, unix_round, true },
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *batches)
{
	qsort(batches, BATCHES, sizeof(batches[0]), compare);
	return batches[BATCHES / 2];
}

static int do_batch(const struct operation *operation, int rounds)
{
	int error = 0;

	for (int i = 0; !error && i < rounds; i++)
		error = operation->round(i);
	return error;
}

/* The median of batches; one before them fills the caches and is not counted. */
static int measure(const struct operation *operation, double *ns)
{
	double batches[BATCHES];
	int error = operation->before ? operation->before() : 0;

	for (int batch = -1; !error && batch < BATCHES; batch++) {
		int64_t start = now();

		error = do_batch(operation, operation->rounds);
		if (batch >= 0)
			batches[batch] = (double)(now() - start) / operation->rounds;
	}
	if (!error)
		*ns = median(batches);
	return error;
}

/* Of the first size and of twice that, in turn; after each it stops. Says an errno as it ends. */
static void be_measured(const struct operation *operation)
{
	int opened = open(document, O_RDONLY | O_CLOEXEC);
	int error = 0;
	char byte;

	if (opened < 0 || read(opened, &byte, 1) != 1)
		_exit(errno);
	if (operation->before)
		error = operation->before();
	for (int batch = 0; !error; batch++) {
		raise(SIGSTOP);
		error = do_batch(operation, operation->rounds << batch % 2);
	}
	_exit(-error);
}

/* Lets it run until it has stopped again; 0 or the negative errno that it ended with. */
static int run_batch(pid_t pid, bool first)
{
	int status;

	if (!first && kill(pid, SIGCONT) < 0)
		return -errno;
	if (waitpid(pid, &status, WUNTRACED) != pid)
		return -errno;
	return WIFSTOPPED(status) ? 0 : -(WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
}

static int measure_tainted(const struct operation *operation, double *ns)
{
	double batches[2][BATCHES];
	pid_t pid = fork();
	int error;

	if (!pid)
		be_measured(operation);
	error = pid < 0 ? -errno : run_batch(pid, true);
	for (int batch = -2; !error && batch < 2 * BATCHES; batch++) {
		int64_t start = now();

		error = run_batch(pid, false);
		if (batch >= 0)
			batches[batch % 2][batch / 2] = now() - start;
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	if (!error)
		*ns = (median(batches[1]) - median(batches[0])) / operation->rounds;
	return error;
}

static bool chosen(const struct operation *operation, char **names)
{
	if (operation->tainted != !!document)
		return false;
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, operation->name))
			return true;
	return false;
}

/* The files to work on; made by who is not tainted yet. */
static void files_make(void)
{
	char path[256] = DIRECTORY, content[65536] = { 0 };
	int made;

	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		err(1, "%s", path);
	for (int depth = 0; depth <= 12; depth++) {
		strcat(path, "/file");
		made = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (made < 0 || write(made, content, sizeof(content)) < 0)
			err(1, "%s", path);
		close(made);
		*strrchr(path, '/') = '\0';
		strcat(path, "/a");
		if (depth < 12 && mkdir(path, 0755) < 0 && errno != EEXIST)
			err(1, "%s", path);
	}
}

static void read_document(const char *path)
{
	char byte;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &byte, 1) != 1)
		err(1, "%s", path);
}

/* Each has an address space of its own, and the taint in it. They end with their parent. */
static void be_crowd(long count)
{
	for (long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
}

static int fill(char **arguments)
{
	long count = strtol(arguments[0], NULL, 10);
	char path[256];

	read_document(arguments[1]);
	for (long i = 0; i < count; i++) {
		int made;

		snprintf(path, sizeof(path), "%s/%ld", arguments[2], i);
		made = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (made < 0)
			err(1, "%s", path);
		close(made);
	}
	return 0;
}

/* The median of what the processor did for the command and all that it started. */
static int cost(char **arguments)
{
	int rounds = atoi(arguments[0]), status;
	double costs[BATCHES];
	struct rusage used;

	if (rounds < 1 || rounds > BATCHES)
		errx(1, "rounds are 1 to %d", BATCHES);
	for (int i = -1; i < rounds; i++) { /* the first fills the caches */
		pid_t pid = fork();

		if (!pid) {
			execvp(arguments[1], arguments + 1);
			err(127, "%s", arguments[1]);
		}
		if (pid < 0 || wait4(pid, &status, 0, &used) != pid || status)
			errx(1, "%s failed", arguments[1]);
		if (i >= 0)
			costs[i] = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e9 +
				   (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e3;
	}
	qsort(costs, rounds, sizeof(costs[0]), compare);
	printf("%.0f\n", costs[rounds / 2]);
	return 0;
}

/*
 * Runs a command while this program, which has read the document, sleeps. The command is there
 * first, and inherits nothing; it is told by a signal, because data from here would taint it.
 */
static int hold(long crowd, char **arguments)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		raise(SIGSTOP);
		execvp(arguments[1], arguments + 1);
		err(127, "%s", arguments[1]);
	}
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		err(1, "fork");
	read_document(arguments[0]);
	be_crowd(crowd);
	if (kill(pid, SIGCONT) < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	int failed = 0;

	program = argv[0];
	argv++;
	if (argc > 1 && !strcmp(*argv, "--true"))
		return 0;
	if (argc > 3 && !strcmp(*argv, "--hold"))
		return hold(0, argv + 1);
	if (argc > 4 && !strcmp(*argv, "--crowd"))
		return hold(strtol(argv[1], NULL, 10), argv + 2);
	if (argc == 5 && !strcmp(*argv, "--fill"))
		return fill(argv + 1);
	if (argc > 3 && !strcmp(*argv, "--cost"))
		return cost(argv + 1);
	if (argc > 2 && !strcmp(*argv, "--document")) {
		document = argv[1];
		argv += 2;
	}
	files_make();
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		double ns;
		int error;

		if (!chosen(&operations[i], argv))
			continue;
		error = document ? measure_tainted(&operations[i], &ns) :
				   measure(&operations[i], &ns);
		if (error) {
			warnx("%s: %s", operations[i].name, strerror(-error));
			failed = 1;
			continue;
		}
		printf("%s %.2f\n", operations[i].name, ns);
		fflush(stdout);
	}
	return failed;
}
