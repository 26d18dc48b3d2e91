/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One YAML document as a tree with marks. Only plain YAML gets through: one document,
 * no anchors, aliases or tags, no key twice in one mapping, keys that are words.
 */
#ifndef MIFENG_POLICY_TREE_H
#define MIFENG_POLICY_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy_error.h"

enum policy_node_kind {
	POLICY_SCALAR,
	POLICY_SEQUENCE,
	POLICY_MAPPING,
};

/**
 * struct policy_node - a value
 * @kind: enum policy_node_kind
 * @mark: where it starts
 * @text: of a scalar
 * @quoted: the scalar stood in quotes: a string, whatever it looks like
 * @child: of a sequence its items; of a mapping key, value, key, value, ...
 * @count: of @child
 */
struct policy_node {
	enum policy_node_kind kind;
	struct policy_mark mark;
	char *text;
	bool quoted;
	struct policy_node **child;
	size_t count;
};

/**
 * policy_tree_read - parse one file
 * @file: its name, for marks; must outlive the tree
 * @data: its content
 * @size: of @data
 * @ret: the tree on success; policy_tree_free() it
 * @errors: what is wrong
 *
 * Returns 0, -EINVAL with at least one error in @errors, or -ENOMEM.
 */
int policy_tree_read(const char *file, const char *data, size_t size,
		     struct policy_node **ret, struct policy_errors *errors);

/** policy_tree_free - free a node and all below; may be NULL. Returns NULL. */
struct policy_node *policy_tree_free(struct policy_node *node);

#endif /* MIFENG_POLICY_TREE_H */
