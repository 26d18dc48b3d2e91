/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files in the state directory: written whole or not at all.
 */
#ifndef MIFENG_STATE_FILE_H
#define MIFENG_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mifeng.h>

#define STATE_DIRECTORY "/var/lib/mifeng"

/**
 * state_open - open the state directory, making it (0700) if it is missing
 * @path: its parent must exist
 *
 * Returns a descriptor, or the errno of the directory.
 */
int state_open(const char *path);

/**
 * state_lock - make sure that only one daemon works on the directory
 * @state: the directory
 *
 * Returns a descriptor that holds the lock until it is closed (or the process dies),
 * -EBUSY if another process holds it, or the errno of the file.
 */
int state_lock(int state);

/**
 * state_write - replace a file: after a crash the old content or the new is there
 * @state: the directory
 * @name: of the file; NAME.new is used on the way
 * @data: the content
 * @size: of @data
 * @exclusive: the file must not be there: -EEXIST
 *
 * Returns 0 or the errno of the files.
 */
int state_write(int state, const char *name, const void *data, size_t size, bool exclusive);

/**
 * state_read - read a file
 * @state: the directory
 * @name: of the file
 * @max: -EFBIG if it is longer
 * @ret: to be freed; a NUL follows the content
 * @ret_size: without the NUL
 *
 * Returns 0, -ENOENT, -ENOMEM or the errno of the file.
 */
int state_read(int state, const char *name, size_t max, char **ret, size_t *ret_size);

/**
 * state_key - the key that labels are sealed with, made at the first call ever
 * @state: the directory
 * @ret: the key
 * @ret_made: it is new; may be NULL
 *
 * Returns 0, -EBADMSG if label.key is there and is no key, -EACCES if others than its
 * owner can read it, or the errno of the file.
 */
int state_key(int state, uint8_t ret[MIFENG_KEY_SIZE], bool *ret_made);

#endif /* MIFENG_STATE_FILE_H */
