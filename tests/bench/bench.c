// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench: what each operation costs, in ns of the guest's clock.
 *
 * Under `tests/vm/run --icount` that clock counts instructions: the figures are guest
 * instructions, and repeat. On a real machine they are time.
 *
 *	bench [--document FILE] [NAME...]	measure; with a document also what is
 *						classified and allowed
 *	bench --hold FILE COMMAND...		read FILE, and stay until COMMAND ends
 *
 * One line per operation: name, a space, ns of one operation with two decimals. The
 * exit status is 1 if an operation failed.
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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCHES		9
#define DIRECTORY	"/home/cleared/mifeng-bench"	/* on the root's ext4 */
#define MEMORY_FILE	"/run/mifeng-bench/file"	/* on a tmpfs, no zone; its directory is the
						   caller's to make */

struct operation {
	const char *name;
	int rounds;		/* in one batch */
	int (*before)(void);	/* 0 or negative errno, as for the rest */
	int (*round)(int index);
	bool needs_document;
};

static const char *document;
static const char *program;
static int fd = -1;
static int ends[2];
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

static int open_memory_file(void)
{
	fd = open(MEMORY_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : done(write(fd, "0123456789", 10));
}

static int open_document(void)
{
	char byte;

	fd = open(document, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : done(read(fd, &byte, 1));
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
	{ "tcp-connect", 100, open_listener, connect_round, false },
	{ "fork", 40, NULL, fork_round, false },
	{ "exec", 20, NULL, exec_round, false },
	{ "document-pread", 4000, open_document, pread_round, true },
	{ "document-open", 1000, open_document, open_document_round, true },
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

/* The median of batches; one before them fills the caches and is not counted. */
static int measure(const struct operation *operation, double *ns)
{
	double batches[BATCHES];
	int error = operation->before ? operation->before() : 0;

	for (int batch = -1; !error && batch < BATCHES; batch++) {
		int64_t start = now();

		for (int i = 0; !error && i < operation->rounds; i++)
			error = operation->round(i);
		if (batch >= 0)
			batches[batch] = (double)(now() - start) / operation->rounds;
	}
	if (error)
		return error;
	qsort(batches, BATCHES, sizeof(batches[0]), compare);
	*ns = batches[BATCHES / 2];
	return 0;
}

static bool chosen(const struct operation *operation, char **names)
{
	if (operation->needs_document && !document)
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

/* Runs a command while this program, which has read the document, sleeps. */
static int hold(char **arguments)
{
	char byte;
	int status;
	pid_t pid;

	/* The command is started first: what it inherits is nothing. */
	if (pipe(ends) < 0)
		err(1, "pipe");
	pid = fork();
	if (!pid) {
		close(ends[1]);
		if (read(ends[0], &byte, 1) != 1)
			_exit(1);
		execvp(arguments[1], arguments + 1);
		err(127, "%s", arguments[1]);
	}
	fd = open(arguments[0], O_RDONLY | O_CLOEXEC);
	if (pid < 0 || fd < 0 || read(fd, &byte, 1) != 1)
		err(1, "%s", arguments[0]);
	if (write(ends[1], &byte, 1) != 1 || waitpid(pid, &status, 0) != pid)
		err(1, "wait");
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
		return hold(argv + 1);
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
		error = measure(&operations[i], &ns);
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
