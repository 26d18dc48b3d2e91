/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filesystem of another machine: 9P2000.L over a pair of sockets, at whose other end a process stands
 * for the server, and counts what it is asked.
 *
 * In its root are "file" and "directory", and in that another "file".
 */
#ifndef MIFENG_TEST_REMOTE_H
#define MIFENG_TEST_REMOTE_H

/**
 * remote_mount - as root, mount it
 * @where: a directory
 *
 * Returns NULL, or in words what is wrong.
 */
const char *remote_mount(const char *where);

/** remote_unmount - and unmount it; the server ends with that */
void remote_unmount(const char *where);

/**
 * remote_mark - a deed: what is asked from now on counts
 * @where: as in remote_mount(), or from where the deed stands
 *
 * Returns 0 or an errno.
 */
int remote_mark(const char *where);

/** remote_asked - how often it was asked since, but for giving back what was held */
unsigned int remote_asked(void);

#endif /* MIFENG_TEST_REMOTE_H */
