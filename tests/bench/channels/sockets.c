// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections, and how many sockets there are. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "way.h"

/* Which connections are closed: the one way that leads to the network. */
static int connections_before(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listening, (struct sockaddr *)&address, size) < 0 ||
	    listen(listening, MANY) < 0 ||
	    getsockname(listening, (struct sockaddr *)&address, &size) < 0)
		return errno;
	for (int i = 0; i < MANY; i++) {
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
	for (int i = 0; i < MANY; i++)
		if (number >> i & 1)
			close(own[i]);
	return 0;
}

static uint64_t connections_get(void)
{
	struct pollfd waiting[MANY];
	uint64_t number = 0;

	for (int i = 0; i < MANY; i++) {
		close(own[i]); /* the copy of before the fork */
		waiting[i] = (struct pollfd){ .fd = shared[i], .events = POLLIN };
	}
	poll(waiting, MANY, 0);
	for (int i = 0; i < MANY; i++) {
		number |= (uint64_t)!!(waiting[i].revents & POLLIN) << i;
		close(shared[i]);
	}
	return number;
}

#define COUNT_BITS	8

static const struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0channels" };
static const socklen_t name_size = offsetof(struct sockaddr_un, sun_path) + sizeof("\0channels") - 1;

/* The sender's sockets become more; connected to the receiver's, if they are to be. */
static int sockets_hold(uint64_t number, bool connected)
{
	static int held[1 << COUNT_BITS];
	static uint64_t count;

	number = count_next(number, COUNT_BITS);
	for (; count < number; count++) {
		held[count] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (held[count] < 0 ||
		    (connected && connect(held[count], (const struct sockaddr *)&name, name_size) < 0))
			return errno;
	}
	while (count > number)
		close(held[--count]);
	return 0;
}

/* How many sockets there are in all. */
static long sockets_used(void)
{
	return number_after(text_of("/proc/net/sockstat"), "used");
}

static int used_set(uint64_t number)
{
	return sockets_hold(number, false);
}

static uint64_t used_get(void)
{
	return count_told((uint64_t)sockets_used(), COUNT_BITS);
}

static int used_before(void)
{
	used_get();
	return 0;
}

/*
 * How many are connected to one of the receiver's. With the first one the module has a reference as well,
 * and that round is wrong.
 */
static long references(void)
{
	static char text[65536];
	unsigned int count;
	char line[256], *end;
	FILE *list = fopen("/proc/net/unix", "re");
	bool found = false;

	if (!list)
		return -1;
	setvbuf(list, text, _IOFBF, sizeof(text));
	while (!found && fgets(line, sizeof(line), list)) {
		end = strstr(line, " @channels\n");
		found = end && sscanf(line, "%*[^:]: %x", &count) == 1;
	}
	fclose(list);
	return found ? (long)count : -1;
}

static uint64_t references_get(void)
{
	return count_told((uint64_t)references(), COUNT_BITS);
}

static int references_before(void)
{
	shared[0] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (shared[0] < 0 || bind(shared[0], (const struct sockaddr *)&name, name_size) < 0)
		return errno;
	references_get();
	return 0;
}

static int references_set(uint64_t number)
{
	return sockets_hold(number, true);
}

const struct way socket_ways[] = {
	{ .name = "closed-connections", .bits = MANY, .once = true, .before = connections_before,
	  .set = connections_set, .get = connections_get },
	{ .name = "sockets-used", .bits = COUNT_BITS, .before = used_before,
	  .set = used_set, .get = used_get },
	{ .name = "socket-references", .bits = COUNT_BITS, .before = references_before,
	  .set = references_set, .get = references_get },
	{ 0 },
};
