/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_ADDRESS_TEXT_H
#define MIFENG_ADDRESS_TEXT_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#define ADDRESS_TEXT (INET6_ADDRSTRLEN + 16)

/**
 * address_text - where something was to go: "192.0.2.7:443", "[2001:db8::1]:53"; without port 0
 * @address: a socket address
 * @length: bytes of it that are there
 * @ret: ADDRESS_TEXT bytes
 *
 * Returns @ret, or NULL if it is no Internet address.
 */
const char *address_text(const struct sockaddr_storage *address, size_t length, char ret[ADDRESS_TEXT]);

#endif /* MIFENG_ADDRESS_TEXT_H */
