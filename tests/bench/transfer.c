// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * transfer --serve: take what comes. transfer ADDRESS: what it costs to send there, in ns of the
 * clock a round: a megabyte by TCP ("transfer"), a datagram of 100 bytes ("datagram").
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define PORT 4077
#define PIECE (64 << 10)
#define PIECES 16
#define ROUNDS 16
#define DATAGRAMS 2000

static char piece[PIECE];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void serve_one(int fd)
{
	size_t taken = 0;
	ssize_t got;

	while ((got = read(fd, piece, sizeof(piece))) > 0) {
		taken += (size_t)got;
		if (taken % (PIECES * PIECE) == 0 && write(fd, "y", 1) != 1)
			err(1, "answering");
	}
	close(fd);
}

static _Noreturn void serve(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 || listen(fd, 4) < 0)
		err(1, "listening");
	for (;;) {
		int one = accept(fd, NULL, NULL);

		if (one >= 0)
			serve_one(one);
	}
}

static void send_megabyte(int fd)
{
	char byte;

	for (int i = 0; i < PIECES; i++)
		for (size_t at = 0; at < PIECE;) {
			ssize_t sent = write(fd, piece + at, PIECE - at);

			if (sent < 0)
				err(1, "sending");
			at += (size_t)sent;
		}
	if (read(fd, &byte, 1) != 1)
		err(1, "waiting for the answer");
}

int main(int count, char **arguments)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	double start;
	int fd;

	if (count != 2)
		errx(1, "--serve, or an address");
	if (strcmp(arguments[1], "--serve") == 0)
		serve();
	inet_pton(AF_INET, arguments[1], &to.sin_addr);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "connecting");
	send_megabyte(fd); /* windows open */
	send_megabyte(fd);
	start = now();
	for (int i = 0; i < ROUNDS; i++)
		send_megabyte(fd);
	printf("transfer %.1f\n", (now() - start) / ROUNDS);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	to.sin_port = htons(9);
	start = now();
	for (int i = 0; i < DATAGRAMS; i++)
		if (sendto(fd, piece, 100, 0, (struct sockaddr *)&to, sizeof(to)) != 100)
			err(1, "sending a datagram");
	printf("datagram %.1f\n", (now() - start) / DATAGRAMS);
	return 0;
}
