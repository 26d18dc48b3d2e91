// SPDX-License-Identifier: GPL-2.0-or-later
#include "address_text.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>

const char *address_text(const struct sockaddr_storage *address, size_t length, char ret[ADDRESS_TEXT])
{
	const struct sockaddr_in6 *inet6 = (const void *)address;
	const struct sockaddr_in *inet = (const void *)address;
	char host[INET6_ADDRSTRLEN];
	unsigned int port;

	/* The kernel takes sockaddr_in6 without a scope, so it is what may be there. */
	if (length >= sizeof(*inet) && address->ss_family == AF_INET) {
		inet_ntop(AF_INET, &inet->sin_addr, host, sizeof(host));
		port = ntohs(inet->sin_port);
	} else if (length >= sizeof(*inet6) - sizeof(uint32_t) && address->ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &inet6->sin6_addr, host, sizeof(host));
		port = ntohs(inet6->sin6_port);
	} else {
		return NULL;
	}
	if (!port)
		snprintf(ret, ADDRESS_TEXT, "%s", host);
	else
		snprintf(ret, ADDRESS_TEXT, address->ss_family == AF_INET ? "%s:%u" : "[%s]:%u", host, port);
	return ret;
}
