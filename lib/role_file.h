/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's role as it is kept on the disk: the file `role` of the state directory. The kernel made
 * the seal and verifies it; here only the form is looked at.
 */
#ifndef MIFENG_ROLE_FILE_H
#define MIFENG_ROLE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <mifeng.h>

#define ROLE_FILE_NAME	"role"
#define ROLE_FILE_MAX	256	/* bytes; no right one is longer */

/**
 * struct role_record - a role, as the kernel gave it
 * @role: enum mifeng_role
 * @flags: MIFENG_ROLE_*
 * @serial: how often the role has changed
 * @seal: over the others
 */
struct role_record {
	uint8_t role;
	uint32_t flags;
	uint64_t serial;
	uint8_t seal[MIFENG_ROLE_SEAL_SIZE];
};

/**
 * role_file_format - the content of the file
 * @record: the role
 * @ret: ROLE_FILE_MAX bytes
 *
 * Returns its length.
 */
size_t role_file_format(const struct role_record *record, char ret[ROLE_FILE_MAX]);

/**
 * role_file_parse - read the content, taking nothing but what role_file_format() writes
 * @text: a NUL follows it
 * @size: of @text, without the NUL
 * @ret: filled in on success
 *
 * Returns 0 or -EBADMSG.
 */
int role_file_parse(const char *text, size_t size, struct role_record *ret);

/**
 * role_file_load - read the file
 * @state: descriptor of the state directory
 * @ret: filled in on success
 *
 * Returns 0, -ENOENT if there is none, -EBADMSG if it is damaged, -ENOMEM or the errno of the file.
 */
int role_file_load(int state, struct role_record *ret);

/**
 * role_file_save - replace the file: after a crash the old content or the new is there
 * @state: descriptor of the state directory
 * @record: the role
 *
 * Returns 0 or the errno of the file.
 */
int role_file_save(int state, const struct role_record *record);

#endif /* MIFENG_ROLE_FILE_H */
