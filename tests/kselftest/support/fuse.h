/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filesystem whose every request reaches a program: a server that speaks FUSE by itself, keeps
 * a list of what it was asked, and does not answer some questions until it is told to. Anybody can have one,
 * in a user namespace of his own; root needs none.
 *
 * In its root are "file", "stall", whose content is not given out before fuse_release(), "directory",
 * "link", which leads to "file", and "once", which is there the first time it is looked for; in the
 * directory is another "file".
 */
#ifndef MIFENG_TEST_FUSE_H
#define MIFENG_TEST_FUSE_H

#include <stdbool.h>
#include <sys/types.h>

#include "deed.h"

#define FUSE_FILE_SIZE	16384

/**
 * fuse_list_open - the list of requests; the test does this before its deeds
 *
 * Returns NULL, or in words what is wrong.
 */
const char *fuse_list_open(void);

/** fuse_list_close - and this afterwards */
void fuse_list_close(void);

/**
 * fuse_mount - a deed: start a server and mount it
 * @where: a directory
 *
 * The server ends with the calling thread. Returns 0 or an errno.
 */
int fuse_mount(const char *where);

/** fuse_mount_as_root - the same without a namespace; umount it yourself */
int fuse_mount_as_root(const char *where);

/** fuse_server - the server, for who has called fuse_mount() and his children; it can be killed */
pid_t fuse_server(void);

/** fuse_release - a deed: from now on everything is answered */
void fuse_release(void);

/** fuse_mark - a deed: what is asked from now on counts */
int fuse_mark(void);

/**
 * fuse_wait - wait until something has been asked
 * @request: as "READ stall"
 *
 * Returns 0, or ETIME after 15 seconds.
 */
int fuse_wait(const char *request);

/**
 * fuse_asked - how often something was asked in a program's name since it called fuse_mark()
 * @pid: the program; 0 for anybody
 * @request: as in fuse_wait(), or NULL for anything but that it forgets
 */
int fuse_asked(pid_t pid, const char *request);

/** fuse_list - what was asked, for people to read */
const char *fuse_list(void);

#endif /* MIFENG_TEST_FUSE_H */
