// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files have been told of: those with several names, or that can be reached twice. */
#include "inspect_seen.h"

#include <errno.h>
#include <stdlib.h>

static struct seen_file *place_of(struct seen_file *file, size_t size, uint64_t device,
				  uint64_t inode)
{
	uint64_t hash = (inode ^ device << 40) * 0x9e3779b97f4a7c15ULL;
	size_t at = (size_t)(hash >> 32) & (size - 1);

	while (file[at].inode && (file[at].inode != inode || file[at].device != device))
		at = (at + 1) & (size - 1);
	return &file[at];
}

static int grow(struct seen *seen)
{
	size_t size = seen->size ? 2 * seen->size : 64;
	struct seen_file *file = calloc(size, sizeof(*file));

	if (!file)
		return -ENOMEM;
	for (size_t i = 0; i < seen->size; i++)
		if (seen->file[i].inode)
			*place_of(file, size, seen->file[i].device, seen->file[i].inode) =
				seen->file[i];
	free(seen->file);
	seen->file = file;
	seen->size = size;
	return 0;
}

/**
 * seen_add() - a file is about to be told of
 * @seen: those before.
 * @device: of the file.
 * @inode: of the file.
 *
 * Any thread.
 *
 * Return: 1 if it is new; 0 if not; -ENOMEM.
 */
int seen_add(struct seen *seen, uint64_t device, uint64_t inode)
{
	struct seen_file *place;
	int result = 0;

	pthread_mutex_lock(&seen->lock);
	if (2 * (seen->count + 1) > seen->size)
		result = grow(seen);
	if (!result) {
		place = place_of(seen->file, seen->size, device, inode);
		result = !place->inode;
		if (result) {
			*place = (struct seen_file){ .device = device, .inode = inode };
			seen->count++;
		}
	}
	pthread_mutex_unlock(&seen->lock);
	return result;
}

/** seen_clear() - forget them */
void seen_clear(struct seen *seen)
{
	free(seen->file);
	seen->file = NULL;
	seen->size = seen->count = 0;
}
