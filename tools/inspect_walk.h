/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_WALK_H
#define TOOLS_INSPECT_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect_finding.h"

struct mount_table;
struct node;
struct walk;

/**
 * struct walk_counts - what has been looked at
 * @files: all that is no directory
 * @directories: those that were read
 * @excluded: left out by a pattern
 * @vanished: gone before they could be looked at
 * @names: directories whose names carry a label
 */
struct walk_counts {
	uint64_t files, directories, excluded, vanished, names;
};

/**
 * struct walk_batch - what one directory has brought
 * @finding: @count of them; the walk's
 * @count: see @finding
 * @child: the directories in it, which will be looked at; @children of them, numbered already
 * @children: see @child
 * @counts: of this directory alone
 * @done: it has been looked at wholly; if not, it comes again, now or in a later inspection
 */
struct walk_batch {
	struct finding *finding;
	size_t count;
	struct node **child;
	size_t children;
	struct walk_counts counts;
	bool done;
};

/**
 * struct walk_calls - who uses a walk
 * @judge: called by several threads: says what a label is that was found on @fd (-1 if it cannot
 *	be opened any more), on something in @directory; false if there is nothing to tell
 * @commit: called by one thread at a time, for each directory once when it is done, and before
 *	with what is found if that is much
 */
struct walk_calls {
	bool (*judge)(int fd, struct finding *finding, const struct node *directory, void *userdata);
	void (*commit)(const struct node *directory, const struct walk_batch *batch,
		       void *userdata);
};

/**
 * struct walk_options - how to walk
 * @jobs: threads, at least one
 * @single_filesystem: other mounts are not entered
 * @excludes: of @exclude
 * @exclude: patterns: with a slash of paths, else of names
 */
struct walk_options {
	unsigned int jobs;
	bool single_filesystem;
	size_t excludes;
	const char *const *exclude;
};

int walk_new(const struct walk_options *options, struct mount_table *mounts,
	     const struct walk_calls *calls, void *userdata, struct walk **ret);
struct walk *walk_free(struct walk *walk);
void walk_set_number(struct walk *walk, uint32_t number);
uint32_t walk_next_number(struct walk *walk);
int walk_add(struct walk *walk, struct node *node);
bool walk_remember(struct walk *walk, const struct finding *finding);
int walk_start(struct walk *walk);
int walk_fd(const struct walk *walk);
void walk_stop(struct walk *walk);
int walk_end(struct walk *walk);
uint64_t walk_progress(const struct walk *walk);

#endif /* TOOLS_INSPECT_WALK_H */
