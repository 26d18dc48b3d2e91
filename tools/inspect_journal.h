/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a checkpoint, for inspect_checkpoint.c and inspect_replay.c alone. */
#ifndef TOOLS_INSPECT_JOURNAL_H
#define TOOLS_INSPECT_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "inspect_checkpoint.h"
#include "text_buffer.h"

/**
 * struct place - a directory of the journal
 * @node: NULL if its tree is none of this inspection's
 * @done: all that is in it was looked at
 */
struct place {
	struct node *node;
	bool done;
};

/**
 * struct checkpoint - an open journal
 * @fd: the file, locked
 * @path: of it
 * @resumed: there was something in it
 * @started: when the inspection was begun, ns since 1970
 * @line: what is not written yet
 * @error: it could not be written; nothing is added any more
 * @number: of the newest directory
 * @place: by number, from 1; while it is replayed
 * @places: room there
 */
struct checkpoint {
	int fd;
	char *path;
	bool resumed;
	int64_t started;
	struct text_buffer line;
	int error;
	uint32_t number;
	struct place *place;
	size_t places;
};

FILE *checkpoint_reader(const struct checkpoint *checkpoint);

#endif /* TOOLS_INSPECT_JOURNAL_H */
