// SPDX-License-Identifier: GPL-2.0-or-later
#include "label_bytes.h"

#include <endian.h>
#include <string.h>

#define VERSION 1

/* As struct mf_disk_label of kmod/label.h, which has no padding. */
struct disk_label {
	uint8_t version;
	uint8_t level;
	uint16_t flags;
	uint32_t authority;
	uint64_t scopes;
	uint64_t classified_at;
	uint64_t expires;
	uint8_t document[MIFENG_DOCUMENT_SIZE];
	uint8_t mac[16];
};

_Static_assert(sizeof(struct disk_label) == LABEL_BYTES, "a label has 64 bytes");

static uint8_t state_of(const uint8_t *bytes, size_t size)
{
	if (size >= 1 && bytes[0] > VERSION)
		return MIFENG_LABEL_NEWER;
	if (size != LABEL_BYTES || bytes[0] != VERSION)
		return MIFENG_LABEL_MALFORMED;
	if (bytes[1] == MIFENG_LEVEL_NONE || bytes[1] > MIFENG_LEVEL_MAX)
		return MIFENG_LABEL_MALFORMED;
	return MIFENG_LABEL_VALID;
}

void label_from_bytes(const void *bytes, size_t size, struct label *ret)
{
	struct disk_label disk;

	*ret = (struct label){ .state = state_of(bytes, size) };
	if (ret->state != MIFENG_LABEL_VALID)
		return;
	memcpy(&disk, bytes, sizeof(disk));
	ret->level = disk.level;
	ret->flags = le16toh(disk.flags);
	ret->authority = le32toh(disk.authority);
	ret->scopes = le64toh(disk.scopes);
	ret->classified_at = (int64_t)le64toh(disk.classified_at);
	ret->expires = (int64_t)le64toh(disk.expires);
	memcpy(ret->document, disk.document, sizeof(ret->document));
}
