// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * channels DOCUMENT [NAME...]: how many bits a second a program that has read DOCUMENT tells one that has
 * not, by each of the ways that docs/channels.md lists as open.
 *
 * Sender and receiver make up the same random numbers. Round by round the sender, a child that has read the
 * document, sets one, and says that it is set by taking from a pipe that is full; the receiver looks, and lets
 * it go on by filling it up again. Each way is tried for a second, by two new programs; what may be done at
 * once and has a pace afterwards is used up before. A line is: the way, bits of a round, rounds
 * a second, bits a second, and how many rounds were wrong; or that it is closed, and why; or that the receiver
 * has come to carry what the sender does. The clock is that of the machine it runs on.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "way.h"

#define SECONDS		1.0
#define FULL		4096		/* a pipe of one page */

const char *document;
pid_t sender, receiver;
int signal_got;
int shared[MANY], own[MANY];

static int turns[2];		/* full while it is the sender's turn */
static bool shown;		/* that who has read the document is tainted */
static uint64_t seed;

static uint64_t next_number(int bits)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return bits == 64 ? seed : seed & ((1ULL << bits) - 1);
}

int done(long returned)
{
	return returned < 0 ? errno : 0;
}

int nothing(void)
{
	return 0;
}

const char *text_of(const char *path)
{
	static char text[8192];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(file, text, sizeof(text) - 1);

	close(file);
	text[length < 0 ? 0 : length] = '\0';
	return text;
}

long number_after(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at ? strtol(at + strlen(word), NULL, 10) : -1;
}

uint64_t count_next(uint64_t number, int bits)
{
	static uint64_t count;

	count = (count + number) & ((1ULL << bits) - 1);
	return count;
}

uint64_t count_told(uint64_t count, int bits)
{
	static uint64_t last;
	uint64_t number = (count - last) & ((1ULL << bits) - 1);

	last = count;
	return number;
}

/* Who carries something classified does not write here. */
static bool is_tainted(void)
{
	int file = open(DIRECTORY "/ordinary", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	bool refused = file < 0 || write(file, "y", 1) != 1;

	close(file);
	return refused;
}

/* Why the way is closed to it is what it ends with. */
static _Noreturn void send_numbers(const struct way *way)
{
	struct pollfd turn = { .fd = turns[0], .events = POLLIN };
	static char bytes[FULL];
	int fd, error;

	fd = open(document, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, bytes, 1) != 1)
		_exit(errno);
	close(fd);
	close(turns[1]);
	if (!shown && !is_tainted())
		errx(1, "whoever reads %s is free to write: is the module loaded?", document);
	while (poll(&turn, 1, -1) == 1 && turn.revents & POLLIN) {
		/* a signal that is the number is there when it is set: the turn is over before */
		if (way->signals && read(turns[0], bytes, FULL) != FULL)
			err(1, "taking a turn");
		error = way->set(next_number(way->bits));
		if (error)
			_exit(error);
		if (!way->signals && read(turns[0], bytes, FULL) != FULL)
			err(1, "saying so");
	}
	_exit(0);
}

static void go_on(void)
{
	static const char bytes[FULL];

	if (write(turns[1], bytes, FULL) != FULL && errno != EPIPE)
		err(1, "going on");
}

static void sender_start(const struct way *way)
{
	fflush(NULL);
	if (pipe2(turns, O_CLOEXEC) < 0 || fcntl(turns[1], F_SETPIPE_SZ, FULL) < 0)
		err(1, "pipe");
	receiver = getpid();
	sender = fork();
	if (sender < 0)
		err(1, "fork");
	if (way->part)
		way->part(!sender);
	if (!sender) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		send_numbers(way);
	}
	close(turns[0]);
	shown = true;
	go_on();
}

/* Returns what it ended with. */
static int sender_end(void)
{
	const struct timespec none = { 0 };
	sigset_t signals;
	int status = 0;

	close(turns[1]);
	waitpid(sender, &status, 0);
	/* it may have set one more */
	sigfillset(&signals);
	while (sigtimedwait(&signals, NULL, &none) > 0)
		;
	return WEXITSTATUS(status);
}

/* Waits until a number is set; false if the way is closed. */
static bool number_is_set(const struct way *way)
{
	struct pollfd turn = { .fd = turns[1], .events = POLLOUT };
	const struct timespec patience = { .tv_sec = 20 };
	sigset_t signals;

	if (way->ends)
		return true;
	if (!way->signals)
		return poll(&turn, 1, patience.tv_sec * 1000) == 1 && !(turn.revents & POLLERR);
	sigfillset(&signals);
	sigdelset(&signals, SIGCHLD);
	signal_got = sigtimedwait(&signals, NULL, &patience);
	return signal_got > 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int start(const struct way *way)
{
	int error = way->before();

	if (!error)
		sender_start(way);
	return error;
}

static void way_try(const struct way *way)
{
	uint64_t expected_seed = 0x9e3779b97f4a7c15ULL;
	long rounds = -way->spent, wrong = 0;
	double begun = now(), spent;
	bool open = true;
	int error = 0;

	seed = expected_seed;
	if (!way->once)
		error = start(way);
	do {
		uint64_t expected, got;

		if (way->once) {
			seed = expected_seed;
			error = start(way);
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
		wrong += rounds >= 0 && got != expected;
		if (!++rounds)
			begun = now();
		if (way->once)
			sender_end();
		else
			go_on();
		spent = now() - begun;
	} while (rounds < 1 || spent < SECONDS);
	if (!way->once || !open)
		error = sender_end();
	if (!open)
		printf("%-20s closed: %s\n", way->name, strerror(error));
	else if (is_tainted())
		printf("%-20s who looks is raised\n", way->name);
	else if (wrong == rounds)
		printf("%-20s tells nothing, %ld rounds\n", way->name, rounds);
	else
		printf("%-20s %3d bits x %9.0f/s = %11.0f bits/s, %ld of %ld rounds wrong\n", way->name,
		       way->bits, rounds / spent, way->bits * (rounds - wrong) / spent, wrong, rounds);
}

/* In a program of its own, so that none is left with what another one has made or come to carry. */
static void way_try_apart(const struct way *way)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		way_try(way);
		if (way->after)
			way->after();
		exit(0);
	}
	waitpid(child, NULL, 0);
}

static bool is_wanted(const char *name, int count, char **names)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return !count;
}

int main(int count, char **arguments)
{
	static const struct way *const lists[] = {
		process_ways, signal_ways, file_ways, memory_ways, queue_ways, socket_ways, terminal_ways,
	};
	sigset_t signals;

	if (count < 2)
		errx(1, "which document?");
	document = arguments[1];
	sigfillset(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const struct way *way = lists[i]; way->name; way++)
			if (is_wanted(way->name, count - 2, arguments + 2))
				way_try_apart(way);
	return 0;
}
