/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that a system call gets stuck in: a page whose faults go to a userfaultfd. The
 * thread that could answer does so only when the test says so.
 */
#ifndef MIFENG_TEST_STALL_H
#define MIFENG_TEST_STALL_H

#include <stddef.h>

#include "deed.h"

#define STALL_CAPABILITY CAP_SYS_PTRACE	/* what userfaultfd asks for faults of the kernel */

/**
 * stall_make - make the page; once in a process
 *
 * Returns it, one page of zeros once it is resolved, or NULL.
 */
char *stall_make(void);

/** stall_end - the test: let the deed's page be resolved */
void stall_end(const struct outcome *outcome);

#endif /* MIFENG_TEST_STALL_H */
