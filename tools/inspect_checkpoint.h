/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_CHECKPOINT_H
#define TOOLS_INSPECT_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect_walk.h"

struct finding;
struct node;
struct checkpoint;
struct stick;
struct tree;

/**
 * struct checkpoint_calls - who is told what an interrupted inspection has done
 * @tree: a tree it looked at: the top of the same tree of this inspection, NULL if that has none
 *	such, and then nothing in it is told of
 * @finding: what it found in a directory that was done
 * @counts: of all directories that were done
 * @waiting: a directory that was not; the reference is passed on
 */
struct checkpoint_calls {
	struct tree *(*tree)(const char *path, const char *identity, void *userdata);
	void (*finding)(const struct finding *finding, const struct node *directory,
			const struct stick *medium, void *userdata);
	void (*counts)(const struct walk_counts *counts, void *userdata);
	int (*waiting)(struct node *node, void *userdata);
};

int checkpoint_open(const char *file, const char *const *argument, size_t arguments,
	       struct checkpoint **ret);
bool checkpoint_is_resumed(const struct checkpoint *checkpoint);
int64_t checkpoint_started(const struct checkpoint *checkpoint);
int checkpoint_replay(struct checkpoint *checkpoint, const struct checkpoint_calls *calls, void *userdata);
uint32_t checkpoint_number(const struct checkpoint *checkpoint);
void checkpoint_tree(struct checkpoint *checkpoint, const struct node *top);
void checkpoint_commit(struct checkpoint *checkpoint, const struct node *directory,
		  const struct walk_batch *batch, const struct stick *medium);
int checkpoint_sync(struct checkpoint *checkpoint);
struct checkpoint *checkpoint_close(struct checkpoint *checkpoint, bool finished);

#endif /* TOOLS_INSPECT_CHECKPOINT_H */
