/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_SEEN_H
#define TOOLS_INSPECT_SEEN_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_file {
	uint64_t device, inode;
};

/**
 * struct seen - files that have been told of; zero it before use, but for @lock
 * @lock: over the rest
 * @file: open addressing, a power of two long; inode 0 is a free place
 * @size: of @file
 * @count: places taken
 */
struct seen {
	pthread_mutex_t lock;
	struct seen_file *file;
	size_t size, count;
};

int seen_add(struct seen *seen, uint64_t device, uint64_t inode);
void seen_clear(struct seen *seen);

#endif /* TOOLS_INSPECT_SEEN_H */
