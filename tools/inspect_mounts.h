/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_MOUNTS_H
#define TOOLS_INSPECT_MOUNTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mount_info.h"

struct stick;

/** enum mount_kind - what a filesystem is to somebody who looks for files of this machine */
enum mount_kind {
	MOUNT_LOCAL,
	MOUNT_PSEUDO, /* the kernel's own words: nothing is stored there */
	MOUNT_FAR, /* another machine's, or made up by a program */
};

/**
 * struct mount - a mount, kept as long as its table
 * @info: what the kernel says of it
 * @kind: what it is
 * @asked: @medium has been looked for
 * @medium: what it is on, if that is carried about
 * @passed_over: it lies in what was looked at, and was not
 */
struct mount {
	struct mount_info info;
	enum mount_kind kind;
	bool asked;
	struct stick *medium;
	atomic_bool passed_over;
};

struct mount_table;

int mounts_new(struct mount_table **table);
struct mount_table *mounts_free(struct mount_table *table);
struct mount *mounts_find(struct mount_table *table, uint64_t id);
struct mount *mounts_at(struct mount_table *table, size_t index);
const struct stick *mounts_medium(struct mount_table *table, struct mount *mount);
bool mounts_wanted(struct mount_table *table, size_t index);

#endif /* TOOLS_INSPECT_MOUNTS_H */
