// SPDX-License-Identifier: GPL-2.0-or-later
/* Directories, each known by its name and the one it is in: a path is made when it is told. */
#include "inspect_node.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text_buffer.h"

/**
 * node_new() - a directory in another one
 * @parent: that one, which is referenced.
 * @name: its name there.
 *
 * Return: the node with one reference and no number, or NULL without memory.
 */
struct node *node_new(struct node *parent, const char *name)
{
	size_t size = strlen(name) + 1;
	struct node *node = malloc(sizeof(*node) + size);

	if (!node)
		return NULL;
	*node = (struct node){ .parent = parent, .refs = 1, .fd = -1 };
	memcpy(node->name, name, size);
	if (parent)
		parent->refs++;
	return node;
}

/**
 * node_new_top() - the top of a tree
 * @tree: which has to stay as long as the node.
 *
 * Return: as node_new().
 */
struct node *node_new_top(struct tree *tree)
{
	struct node *node = node_new(NULL, "");

	if (node)
		node->tree = tree;
	return node;
}

/**
 * node_put() - give a reference back
 * @node: may be NULL; freed with the last one, and then those it is in.
 */
void node_put(struct node *node)
{
	while (node && !--node->refs) {
		struct node *parent = node->parent;

		if (node->fd >= 0)
			close(node->fd);
		free(node);
		node = parent;
	}
}

/** node_tree() - the tree a directory is in */
struct tree *node_tree(const struct node *node)
{
	while (node->parent)
		node = node->parent;
	return node->tree;
}

/** node_mount() - the mount a directory is on; NULL if it has not been opened */
struct mount *node_mount(const struct node *node)
{
	return node->parent ? node->mount : node->tree->mount;
}

/**
 * node_path() - the path of a directory, or of something in it
 * @node: the directory.
 * @name: what is in it; NULL for itself.
 * @path: emptied and set.
 */
void node_path(const struct node *node, const char *name, struct text_buffer *path)
{
	size_t length = name ? strlen(name) + 1 : 0;
	const struct node *at;
	size_t top, end;

	for (at = node; at->parent; at = at->parent)
		length += strlen(at->name) + 1;
	text_buffer_truncate(path, 0);
	text_buffer_add_text(path, at->tree->path);
	top = path->length;
	/* "/" has its slash already. */
	if (length && top && path->data[top - 1] == '/')
		top--;
	text_buffer_truncate(path, top);
	/* Written from its end, because that is where the names are. */
	for (size_t i = 0; i < length; i++)
		text_buffer_add(path, "/", 1);
	if (path->failed || !length)
		return;
	end = path->length;
	if (name) {
		end -= strlen(name);
		memcpy(path->data + end, name, strlen(name));
		end--;
	}
	for (at = node; at->parent; at = at->parent) {
		end -= strlen(at->name);
		memcpy(path->data + end, at->name, strlen(at->name));
		end--;
	}
}
