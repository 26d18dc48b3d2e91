/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places a test plays in: a directory inside the zone, one inside the scratch zone,
 * one on an unmarked path, and a classified document. Each has the same things in it
 * (see stage_open()), once for the program that holds something classified and once for
 * the one that does not.
 */
#ifndef MIFENG_TEST_STAGE_H
#define MIFENG_TEST_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

#define CLEARED		1000
#define UNCLEARED	1001
#define DOCUMENT_LEVEL	2	/* secret */
#define DOCUMENT_SCOPES	1ULL	/* finance */
#define FILE_SIZE	8192

enum place {
	PLACE_UNMARKED,
	PLACE_ZONE,
	PLACE_SCRATCH,
	PLACES,
};

/**
 * struct stage - where everything is
 * @directory: one per place, writable by everybody
 * @document: marked DOCUMENT_LEVEL, inside the zone, FILE_SIZE bytes
 * @wire: root's socket to the module; not open in a baseline
 */
struct stage {
	char directory[PLACES][128];
	char document[160];
	struct wire wire;
};

extern struct stage stage;

/** baseline - true if there is no module and everything has to succeed */
bool baseline(void);

/**
 * stage_open - set up the places
 *
 * In every place are "tainted" and "ordinary", each with: "file" and "other" (FILE_SIZE
 * bytes, 0666), "directory" (empty), "link" (to file), "fifo".
 *
 * Returns NULL, or in words what is wrong.
 */
const char *stage_open(void);

/** stage_close - remove them */
void stage_close(void);

/**
 * stage_mark - give a file the label of the document; does nothing in a baseline
 * @path: the file
 *
 * Returns 0 or a negative errno.
 */
int stage_mark(const char *path);

/**
 * stage_level - the level a file is labelled with
 * @directory: where, or NULL
 * @name: the file
 *
 * Returns enum mifeng_level, 0 for none, -EBADMSG for a label that is not valid, or
 * another negative errno. In a baseline DOCUMENT_LEVEL, so that tests need not ask.
 */
int stage_level(const char *directory, const char *name);

/**
 * path_join - a path, kept until the test's process ends
 * @directory: of the file
 * @name: of the file
 */
const char *path_join(const char *directory, const char *name);

/**
 * file_make - a file of FILE_SIZE bytes that everybody may write
 * @path: the file
 *
 * Returns 0 or a negative errno.
 */
int file_make(const char *path);

#endif /* MIFENG_TEST_STAGE_H */
