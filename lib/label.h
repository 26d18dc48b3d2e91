/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A label and a zone as user space sees them: plain values, no ownership.
 */
#ifndef MIFENG_LABEL_H
#define MIFENG_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include <mifeng.h>

/**
 * struct label - the classification of one file or program
 * @state: enum mifeng_label_state; the other members mean something only when VALID
 * @level: enum mifeng_level
 * @flags: MIFENG_LABEL_*
 * @authority: number of the authority that set it, 0 if none was named
 * @scopes: one bit per compartment
 * @classified_at: seconds since 1970
 * @expires: seconds since 1970, 0 never
 * @document: document id, all zero for a derived label
 */
struct label {
	uint8_t state;
	uint8_t level;
	uint32_t flags;
	uint32_t authority;
	uint64_t scopes;
	int64_t classified_at;
	int64_t expires;
	uint8_t document[MIFENG_DOCUMENT_SIZE];
};

/**
 * struct zone - what a directory may hold
 * @present: false if the object is in no zone; the rest is zero then
 * @ceiling: enum mifeng_level, the highest level allowed inside
 * @flags: MIFENG_ZONE_*
 * @scopes: the compartments allowed inside
 */
struct zone {
	bool present;
	uint8_t ceiling;
	uint32_t flags;
	uint64_t scopes;
};

#endif /* MIFENG_LABEL_H */
