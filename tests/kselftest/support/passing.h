/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open files in messages of unix sockets: SCM_RIGHTS. */
#ifndef MIFENG_TEST_PASSING_H
#define MIFENG_TEST_PASSING_H

#include <sys/types.h>

/**
 * descriptor_send - pass an open file on, with a byte
 * @socket: a unix socket
 * @fd: the file
 *
 * Returns as sendmsg().
 */
ssize_t descriptor_send(int socket, int fd);

/**
 * descriptor_receive - take one that was passed
 * @socket: a unix socket
 *
 * Returns the descriptor, closed on exec, or -1 and errno; EBADMSG for a message without one.
 */
int descriptor_receive(int socket);

#endif /* MIFENG_TEST_PASSING_H */
