/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_TREES_H
#define TOOLS_INSPECT_TREES_H

#include <stddef.h>
#include <stdint.h>

#include "inspect_node.h"

struct mount_table;

/**
 * struct trees - what is looked at; zero it before use
 * @tree: @count of them, which do not move any more
 * @count: see @tree
 * @files: how many inodes the filesystems say they have, 0 if that cannot be told
 * @plain: filesystems of the machine that can hold no labels
 */
struct trees {
	struct tree *tree;
	size_t count;
	uint64_t files;
	unsigned int plain;
};

/* Told of what cannot be looked at, and why in words. */
typedef void trees_unseen_fn(const char *path, const char *why, void *userdata);

int trees_of_machine(struct trees *trees, struct mount_table *mounts, trees_unseen_fn *unseen,
		     void *userdata);
int trees_of_paths(struct trees *trees, struct mount_table *mounts, char *const *path,
		   size_t paths, trees_unseen_fn *unseen, void *userdata);
void trees_clear(struct trees *trees);

#endif /* TOOLS_INSPECT_TREES_H */
