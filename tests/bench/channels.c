// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * channels DOCUMENT [NAME...]: how many bits a second a program that has read DOCUMENT tells one that has
 * not, by each of the ways that docs/channels.md lists as open.
 *
 * Sender and receiver make up the same random numbers. Round by round the sender, a child that has read the
 * document, sets one, and says by an ordinary signal that it is set; the receiver looks, and lets it go on by a
 * byte in a pipe. Each way is tried for a second. A line is: the way, bits of a round, rounds a second,
 * bits a second, and how many rounds were wrong; or that it is closed. The clock is that of the machine it runs on.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SECONDS		1.0
#define SET		SIGUSR1		/* "it is set" */
#define CLOSED		SIGUSR2		/* "I may not" */
#define DIRECTORY	"/home/cleared"
#define FILES		8
#define SOCKETS		64

/**
 * struct way - how a number gets from one program to the other
 * @bits: of a number
 * @once: the sender lives for one round only
 * @before: makes what both have
 * @set: the sender; 0 or an errno
 * @get: the receiver
 */
struct way {
	const char *name;
	int bits;
	bool once;
	int (*before)(void);
	int (*set)(uint64_t number);
	uint64_t (*get)(void);
};

static const char *document;
static pid_t sender, receiver;
static int acknowledge[2];
static int shared[SOCKETS], own[SOCKETS];
static uint64_t seed;

static uint64_t next_number(int bits)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return bits == 64 ? seed : seed & ((1ULL << bits) - 1);
}

static int done(long returned)
{
	return returned < 0 ? errno : 0;
}

static int nothing(void)
{
	return 0;
}

/* Locks on whole files. */
static int locks_before(void)
{
	char path[64];

	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), DIRECTORY "/lock-%d", i);
		close(open(path, O_RDWR | O_CREAT, 0600));
		own[i] = open(path, O_RDONLY);
		shared[i] = open(path, O_RDONLY);
		if (own[i] < 0 || shared[i] < 0)
			return errno;
	}
	return 0;
}

static int locks_set(uint64_t number)
{
	for (int i = 0; i < FILES; i++)
		if (flock(own[i], (number >> i & 1 ? LOCK_SH : LOCK_UN) | LOCK_NB) < 0)
			return errno;
	return 0;
}

static uint64_t locks_get(void)
{
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++) {
		if (flock(shared[i], LOCK_EX | LOCK_NB) < 0)
			number |= 1ULL << i;
		else
			flock(shared[i], LOCK_UN);
	}
	return number;
}

/* A terminal that both have. */
static int terminal_before(void)
{
	shared[0] = posix_openpt(O_RDWR | O_NOCTTY);
	return done(shared[0]) ?: done(grantpt(shared[0])) ?: done(unlockpt(shared[0]));
}

static int window_set(uint64_t number)
{
	struct winsize size;

	memcpy(&size, &number, sizeof(size));
	return done(ioctl(shared[0], TIOCSWINSZ, &size));
}

static uint64_t window_get(void)
{
	struct winsize size = { 0 };
	uint64_t number;

	ioctl(shared[0], TIOCGWINSZ, &size);
	memcpy(&number, &size, sizeof(number));
	return number;
}

static int modes_set(uint64_t number)
{
	struct termios modes;

	if (tcgetattr(shared[0], &modes) < 0)
		return errno;
	memcpy(modes.c_cc + 8, &number, sizeof(number));
	return done(tcsetattr(shared[0], TCSANOW, &modes));
}

static uint64_t modes_get(void)
{
	struct termios modes = { 0 };
	uint64_t number;

	tcgetattr(shared[0], &modes);
	memcpy(&number, modes.c_cc + 8, sizeof(number));
	return number;
}

/* Which of some pipes can be read; the sender empties them itself. */
static int pipes_before(void)
{
	for (int i = 0; i < FILES; i++) {
		int ends[2];

		if (pipe2(ends, O_NONBLOCK) < 0)
			return errno;
		shared[i] = ends[0];
		own[i] = ends[1];
	}
	return 0;
}

static int pipes_set(uint64_t number)
{
	char byte = 'y';

	for (int i = 0; i < FILES; i++) {
		if (read(shared[i], &byte, 1) < 0 && errno != EAGAIN)
			return errno;
		if (number >> i & 1 && write(own[i], &byte, 1) < 0)
			return errno;
	}
	return 0;
}

static uint64_t pipes_get(void)
{
	struct pollfd waiting[FILES];
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++)
		waiting[i] = (struct pollfd){ .fd = shared[i], .events = POLLIN };
	poll(waiting, FILES, 0);
	for (int i = 0; i < FILES; i++)
		number |= (uint64_t)!!(waiting[i].revents & POLLIN) << i;
	return number;
}

/* How much of what the receiver wrote was taken out: it fills the pipe up again after each look. */
#define TAKEN_BITS	12

static int taken_before(void)
{
	static char bytes[1 << TAKEN_BITS];
	int ends[2];

	if (pipe2(ends, O_NONBLOCK) < 0)
		return errno;
	shared[0] = ends[0];
	own[0] = ends[1];
	return write(own[0], bytes, sizeof(bytes)) < 0 ? errno : 0;
}

static int taken_set(uint64_t number)
{
	static char bytes[1 << TAKEN_BITS];

	return number ? done(read(shared[0], bytes, number)) : 0;
}

static uint64_t taken_get(void)
{
	static char bytes[1 << TAKEN_BITS];
	int left = 0;

	ioctl(own[0], FIONREAD, &left);
	if ((size_t)left < sizeof(bytes) && write(own[0], bytes, sizeof(bytes) - left) < 0)
		return 0;
	return sizeof(bytes) - left;
}

/* Which of some names there are in the scratch zone. */
static const char *scratch_name(int i)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/scratch-%d", i);
	return path;
}

static int scratch_set(uint64_t number)
{
	for (int i = 0; i < FILES; i++) {
		const bool wanted = number >> i & 1;

		if (access(scratch_name(i), F_OK) == (wanted ? 0 : -1))
			continue;
		if (wanted ? mkdir(scratch_name(i), 0700) : rmdir(scratch_name(i)))
			return errno;
	}
	return 0;
}

static uint64_t scratch_get(void)
{
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++)
		number |= (uint64_t)!access(scratch_name(i), F_OK) << i;
	return number;
}

/* The mode of a directory in the scratch zone. */
#define MODE_BITS	9

static int mode_set(uint64_t number)
{
	umask(0);
	if (rmdir(scratch_name(FILES)) < 0 && errno != ENOENT)
		return errno;
	return done(mkdir(scratch_name(FILES), (mode_t)number));
}

static uint64_t mode_get(void)
{
	struct stat status = { 0 };

	stat(scratch_name(FILES), &status);
	return status.st_mode & ((1U << MODE_BITS) - 1);
}

/* Which connections are closed: the one way that leads to the network. */
static int connections_before(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listening, (struct sockaddr *)&address, size) < 0 ||
	    listen(listening, SOCKETS) < 0 ||
	    getsockname(listening, (struct sockaddr *)&address, &size) < 0)
		return errno;
	for (int i = 0; i < SOCKETS; i++) {
		own[i] = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(own[i], (struct sockaddr *)&address, size) < 0)
			return errno;
		shared[i] = accept(listening, NULL, NULL);
	}
	close(listening);
	return 0;
}

static int connections_set(uint64_t number)
{
	for (int i = 0; i < SOCKETS; i++)
		if (number >> i & 1)
			close(own[i]);
	return 0;
}

static uint64_t connections_get(void)
{
	struct pollfd waiting[SOCKETS];
	uint64_t number = 0;

	for (int i = 0; i < SOCKETS; i++) {
		close(own[i]); /* the copy of before the fork */
		waiting[i] = (struct pollfd){ .fd = shared[i], .events = POLLIN };
	}
	poll(waiting, SOCKETS, 0);
	for (int i = 0; i < SOCKETS; i++) {
		number |= (uint64_t)!!(waiting[i].revents & POLLIN) << i;
		close(shared[i]);
	}
	return number;
}

/* The status it ends with. */
static int status_set(uint64_t number)
{
	_exit((int)number);
}

static uint64_t status_get(void)
{
	int status = 0;

	waitpid(sender, &status, 0);
	return WEXITSTATUS(status);
}

/* Which signal says that a number is there: the number itself. */
static const int ordinary[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGSEGV, SIGPIPE, SIGALRM, SIGTERM, SIGWINCH, SIGURG, SIGIO, SIGPWR,
};

static uint64_t signal_got;

static int signal_set(uint64_t number)
{
	return done(kill(receiver, ordinary[number])) ? errno : -1;
}

static uint64_t signal_get(void)
{
	return signal_got;
}

static const struct way ways[] = {
	{ "exit-status", 8, true, nothing, status_set, status_get },
	{ "signals", 4, false, nothing, signal_set, signal_get },
	{ "flock", FILES, false, locks_before, locks_set, locks_get },
	{ "window-size", 64, false, terminal_before, window_set, window_get },
	{ "terminal-modes", 64, false, terminal_before, modes_set, modes_get },
	{ "pipe-readiness", FILES, false, pipes_before, pipes_set, pipes_get },
	{ "pipe-taken", TAKEN_BITS, false, taken_before, taken_set, taken_get },
	{ "scratch-names", FILES, false, nothing, scratch_set, scratch_get },
	{ "directory-modes", MODE_BITS, false, nothing, mode_set, mode_get },
	{ "closed-connections", SOCKETS, true, connections_before, connections_set, connections_get },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static _Noreturn void send_numbers(const struct way *way)
{
	char byte;
	int fd;

	fd = open(document, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &byte, 1) != 1)
		err(1, "%s", document);
	close(fd);
	close(acknowledge[1]);
	while (read(acknowledge[0], &byte, 1) == 1) {
		int error = way->set(next_number(way->bits));

		/* -1: the signal was the number */
		if (error >= 0 && kill(receiver, error ? CLOSED : SET) < 0)
			err(1, "saying so");
	}
	_exit(0);
}

static void go_on(void)
{
	if (write(acknowledge[1], "y", 1) != 1)
		err(1, "going on");
}

static void sender_start(const struct way *way)
{
	fflush(NULL);
	if (pipe2(acknowledge, O_CLOEXEC) < 0)
		err(1, "pipe");
	receiver = getpid();
	sender = fork();
	if (sender < 0)
		err(1, "fork");
	if (!sender) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		send_numbers(way);
	}
	close(acknowledge[0]);
	go_on();
}

static void sender_end(void)
{
	const struct timespec none = { 0 };
	sigset_t signals;

	close(acknowledge[1]);
	waitpid(sender, NULL, 0);
	/* it may have set one more */
	sigfillset(&signals);
	while (sigtimedwait(&signals, NULL, &none) > 0)
		;
}

/* Waits until a number is set; false if the way is closed. */
static bool number_is_set(const struct way *way)
{
	const struct timespec patience = { .tv_sec = 5 };
	sigset_t signals;
	siginfo_t info;
	int got;

	if (way->set == status_set)
		return true;
	sigfillset(&signals);
	sigdelset(&signals, SIGCHLD);
	got = sigtimedwait(&signals, &info, &patience);
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		if (ordinary[i] == got)
			signal_got = i;
	return got > 0 && got != CLOSED;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void way_try(const struct way *way)
{
	uint64_t start_seed = 0x9e3779b97f4a7c15ULL, expected_seed = start_seed;
	long rounds = 0, wrong = 0;
	double start = now(), spent;
	bool open = true;
	int error = 0;

	seed = start_seed;
	if (!way->once) {
		error = way->before();
		if (!error)
			sender_start(way);
	}
	do {
		uint64_t expected, got;

		if (way->once && !error) {
			seed = expected_seed;
			error = way->before();
			if (!error)
				sender_start(way);
		}
		if (error) {
			printf("%-20s cannot be tried: %s\n", way->name, strerror(error));
			return;
		}
		open = number_is_set(way);
		if (!open)
			break;
		got = way->get();
		seed = expected_seed;
		expected = next_number(way->bits);
		expected_seed = seed;
		wrong += got != expected;
		rounds++;
		if (way->once)
			sender_end();
		else
			go_on();
		spent = now() - start;
	} while (spent < SECONDS);
	if (!way->once || !open)
		sender_end();
	if (!open)
		printf("%-20s closed\n", way->name);
	else
		printf("%-20s %3d bits x %9.0f/s = %11.0f bits/s, %ld of %ld rounds wrong\n", way->name,
		       way->bits, rounds / spent, way->bits * (rounds - wrong) / spent, wrong, rounds);
}

int main(int count, char **arguments)
{
	sigset_t signals;

	if (count < 2)
		errx(1, "which document?");
	document = arguments[1];
	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (size_t i = 0; i < WAYS; i++) {
		bool wanted = count == 2;

		for (int k = 2; k < count; k++)
			wanted |= !strcmp(arguments[k], ways[i].name);
		if (wanted)
			way_try(&ways[i]);
	}
	return 0;
}
