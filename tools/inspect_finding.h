/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_FINDING_H
#define TOOLS_INSPECT_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "label.h"
#include "label_bytes.h"

struct policy;
struct stick;
struct text_buffer;

/* The first three are what makes a machine unclean. */
enum finding_kind {
	FINDING_LABELLED, /* a classified file */
	FINDING_BAD_LABEL, /* a label that does not verify, or is none */
	FINDING_ON_MEDIUM, /* any label on a medium that is carried about */
	FINDING_ZONE, /* a directory for classified files */
	FINDING_UNSEEN, /* what could not be looked at */
	FINDING_KINDS,
};

/**
 * struct finding - what there is to tell about one object
 * @kind: what it is
 * @name: in its directory; NULL for the directory itself; owned
 * @error: why it could not be looked at, positive
 * @names: the label is that of a directory's names
 * @linked: it has other names
 * @verified: the module has verified the label
 * @uid: whose it is
 * @mode: as stat(2) has it
 * @device: with @inode, which file it is
 * @inode: see @device
 * @size: of the label; @bytes has no more than LABEL_BYTES of it
 * @bytes: the label as it was found
 * @label: what it says
 */
struct finding {
	enum finding_kind kind;
	char *name;
	int error;
	bool names;
	bool linked;
	bool verified;
	uint32_t uid;
	uint32_t mode;
	uint64_t device, inode;
	size_t size;
	uint8_t bytes[LABEL_BYTES];
	struct label label;
};

const char *finding_kind_name(enum finding_kind kind);
int finding_kind_from_name(const char *name, uint8_t *ret);
bool finding_is_unclean(enum finding_kind kind);
void finding_print(const struct finding *finding, const char *path, const struct stick *medium,
		   const struct policy *policy, bool colour);
void finding_print_json(const struct finding *finding, const char *path,
			const struct stick *medium, struct text_buffer *out);
void unseen_print(const char *path, const char *why, struct text_buffer *out);

#endif /* TOOLS_INSPECT_FINDING_H */
