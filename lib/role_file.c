// SPDX-License-Identifier: GPL-2.0-or-later
#include "role_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "label_text.h"
#include "state_file.h"

#define VERSION_LINE "mifeng-role 1"

static const char *flags_word(uint32_t flags)
{
	return flags & MIFENG_ROLE_CLASSIFIED_ONCE ? "classified-once" : "none";
}

size_t role_file_format(const struct role_record *record, char ret[ROLE_FILE_MAX])
{
	char seal[2 * MIFENG_ROLE_SEAL_SIZE + 1];

	for (size_t i = 0; i < MIFENG_ROLE_SEAL_SIZE; i++)
		snprintf(seal + 2 * i, 3, "%02x", record->seal[i]);
	return (size_t)snprintf(ret, ROLE_FILE_MAX, VERSION_LINE "\nrole %s\nflags %s\nserial %" PRIu64
				"\nseal %s\n", role_name(record->role), flags_word(record->flags),
				record->serial, seal);
}

/* The value of the next line, which must have this key; moves on behind it. */
static const char *next_value(char **text, const char *key)
{
	size_t length = strlen(key);
	char *line = *text, *end = strchr(line, '\n');

	if (!end || strncmp(line, key, length) || line[length] != ' ')
		return NULL;
	*end = '\0';
	*text = end + 1;
	return line + length + 1;
}

static int parse_seal(const char *text, uint8_t seal[MIFENG_ROLE_SEAL_SIZE])
{
	if (strlen(text) != 2 * MIFENG_ROLE_SEAL_SIZE ||
	    strspn(text, "0123456789abcdef") != 2 * MIFENG_ROLE_SEAL_SIZE)
		return -EBADMSG;
	for (size_t i = 0; i < MIFENG_ROLE_SEAL_SIZE; i++) {
		const char byte[] = { text[2 * i], text[2 * i + 1], '\0' };

		seal[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return 0;
}

static int parse_lines(char *text, struct role_record *record)
{
	const char *version = next_value(&text, "mifeng-role");
	const char *role = version ? next_value(&text, "role") : NULL;
	const char *flags = role ? next_value(&text, "flags") : NULL;
	const char *serial = flags ? next_value(&text, "serial") : NULL;
	const char *seal = serial ? next_value(&text, "seal") : NULL;

	if (!seal || *text || strcmp(version, "1") || role_from_name(role, &record->role) < 0)
		return -EBADMSG;
	if (!strcmp(flags, flags_word(MIFENG_ROLE_CLASSIFIED_ONCE)))
		record->flags = MIFENG_ROLE_CLASSIFIED_ONCE;
	else if (strcmp(flags, flags_word(0)))
		return -EBADMSG;
	errno = 0;
	record->serial = strtoull(serial, NULL, 10);
	return errno ? -EBADMSG : parse_seal(seal, record->seal);
}

/* Whatever is not written in just this way is damage: the same record gives the same bytes. */
int role_file_parse(const char *text, size_t size, struct role_record *ret)
{
	char copy[ROLE_FILE_MAX], again[ROLE_FILE_MAX];
	struct role_record record = { 0 };

	if (size >= sizeof(copy) || strlen(text) != size)
		return -EBADMSG;
	memcpy(copy, text, size + 1);
	if (parse_lines(copy, &record) < 0 || role_file_format(&record, again) != size ||
	    memcmp(again, text, size))
		return -EBADMSG;
	*ret = record;
	return 0;
}

int role_file_load(int state, struct role_record *ret)
{
	char *text = NULL;
	size_t size;
	int r;

	r = state_read(state, ROLE_FILE_NAME, ROLE_FILE_MAX - 1, &text, &size);
	if (r == -EFBIG)
		return -EBADMSG;
	if (r < 0)
		return r;
	r = role_file_parse(text, size, ret);
	free(text);
	return r;
}

int role_file_save(int state, const struct role_record *record)
{
	char text[ROLE_FILE_MAX];
	size_t size = role_file_format(record, text);

	return state_write(state, ROLE_FILE_NAME, text, size, false);
}
