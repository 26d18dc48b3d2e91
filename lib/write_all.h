/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_WRITE_ALL_H
#define MIFENG_WRITE_ALL_H

#include <stddef.h>

/**
 * write_all - write all of it, however often that takes
 * @fd: where to
 * @data: the bytes
 * @size: of @data
 *
 * Returns 0, or the errno of write().
 */
int write_all(int fd, const void *data, size_t size);

#endif /* MIFENG_WRITE_ALL_H */
