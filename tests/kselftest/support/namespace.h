/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User namespaces, which anybody can make, and be root in. */
#ifndef MIFENG_TEST_NAMESPACE_H
#define MIFENG_TEST_NAMESPACE_H

#include <sys/types.h>

/** text_write - write a short text to a file that is there; 0 or errno */
int text_write(const char *path, const char *text);

/**
 * namespace_enter - leave for a new user namespace
 * @kinds: CLONE_NEW* of what is made beside it, or 0
 * @inside: number that the caller's own user and group have there, 0 for root
 *
 * Returns 0 or errno.
 */
int namespace_enter(int kinds, uid_t inside);

#endif /* MIFENG_TEST_NAMESPACE_H */
