/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door of 32-bit programs, which is open to 64-bit ones. */
#ifndef MIFENG_TEST_CALL32_H
#define MIFENG_TEST_CALL32_H

/**
 * call32 - a system call of a 32-bit program: numbers are theirs, and pointers have to be low
 * @number: asm/unistd_32.h
 *
 * Returns as syscall().
 */
long call32(long number, long a, long b, long c, long d, long e);

#endif /* MIFENG_TEST_CALL32_H */
