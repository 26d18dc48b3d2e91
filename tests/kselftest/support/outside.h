/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A link that leads out of the machine: a pair of virtual Ethernet devices, whose other end is in a network
 * of its own, where a witness keeps every frame that comes. It has addresses of internal networks
 * and of others, and answers.
 */
#ifndef MIFENG_TEST_OUTSIDE_H
#define MIFENG_TEST_OUTSIDE_H

#include <stddef.h>

#define NEAR_LINK	"mfnear"	/* this end of the link */
#define INTERNAL_4	"10.77.0.2"	/* addresses of the other end: in an internal network */
#define INTERNAL_6	"fd77::2"
#define SECRET_4	"10.78.0.2"	/* in one that takes what is secret */
#define OUTSIDE_4	"203.0.113.2"	/* in none */
#define OUTSIDE_6	"2001:db8::2"
#define ANSWERING_PORT	4077		/* where the other end accepts connections */

/**
 * outside_open - make the link and the witness; root
 *
 * Returns NULL, or in words what is wrong.
 */
const char *outside_open(void);

/** outside_close - undo it */
void outside_close(void);

/**
 * outside_saw - did a frame come in which these bytes are
 * @bytes: what is sought
 * @size: how many
 *
 * What was sent before this call has come when it returns: one more frame is sent, which may pass.
 *
 * Returns 1 or 0; -1 if that frame has not come either, and nothing is known.
 */
int outside_saw(const void *bytes, size_t size);

/** outside_frame - the Ethernet header of a frame to the other end; returns its size, 14 */
size_t outside_frame(unsigned char *frame, unsigned short type);

#endif /* MIFENG_TEST_OUTSIDE_H */
