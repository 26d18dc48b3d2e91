/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_NODE_H
#define TOOLS_INSPECT_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct mount;
struct text_buffer;

/**
 * struct tree - one tree that is looked at
 * @path: its top as it was named
 * @fd: the top, O_PATH will do; open as long as the tree is
 * @hold: keeps the mount busy that @fd was cloned from, or -1
 * @whole: @fd is a clone without other mounts in it: whatever is below is of one filesystem
 * @single: the top is no directory
 * @resumed: an earlier inspection has begun with it
 * @mount: that the top is on; NULL if that cannot be told
 * @identity: what tells this filesystem from another one that is mounted there later
 */
struct tree {
	char *path;
	int fd;
	int hold;
	bool whole;
	bool single;
	bool resumed;
	struct mount *mount;
	char identity[128];
};

/**
 * struct node - a directory that is, or will be, looked at
 * @parent: the directory it is in, referenced; NULL for the top of a tree
 * @tree: whose top this is; that of others is their top's
 * @mount: that it is on; NULL until it has been opened
 * @id: its number, from 1
 * @refs: nodes below it, and one as long as it is waiting or being looked at
 * @waiting: nodes below it that will be opened from @fd
 * @fd: kept open for those; -1 if not
 * @name: in @parent; empty for a top
 *
 * All but what never changes is the walk's, under its lock.
 */
struct node {
	struct node *parent;
	union {
		struct tree *tree;
		struct mount *mount;
	};
	uint32_t id;
	uint32_t refs;
	uint32_t waiting;
	int fd;
	char name[];
};

struct node *node_new(struct node *parent, const char *name);
struct node *node_new_top(struct tree *tree);
void node_put(struct node *node);
struct tree *node_tree(const struct node *node);
struct mount *node_mount(const struct node *node);
void node_path(const struct node *node, const char *name, struct text_buffer *path);

#endif /* TOOLS_INSPECT_NODE_H */
