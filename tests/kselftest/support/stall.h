/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that a system call gets stuck in: a page of a file whose server, which anybody can
 * have, gives it out only when the test says so.
 */
#ifndef MIFENG_TEST_STALL_H
#define MIFENG_TEST_STALL_H

#include "deed.h"

/**
 * stall_make - make the page; once in a process, which is root of a user namespace then
 *
 * Returns it, with something in it once it is given out, or NULL.
 */
char *stall_make(void);

/** stall_end - the test: let the deed's page be given out */
void stall_end(const struct outcome *outcome);

#endif /* MIFENG_TEST_STALL_H */
