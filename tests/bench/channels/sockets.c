// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
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

const struct way socket_ways[] = {
	{ .name = "closed-connections", .bits = MANY, .once = true, .before = connections_before,
	  .set = connections_set, .get = connections_get },
	{ 0 },
};
