/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io_uring by hand, as far as one command needs it. */
#ifndef MIFENG_TEST_RING_H
#define MIFENG_TEST_RING_H

#include <linux/io_uring.h>

/**
 * ring_do - have one thing done by a ring made for it
 * @what: what is to be done
 * @answer: set to what it returned: a negative errno if it failed
 *
 * Returns 0, or the errno of the ring itself.
 */
int ring_do(const struct io_uring_sqe *what, int *answer);

#endif /* MIFENG_TEST_RING_H */
