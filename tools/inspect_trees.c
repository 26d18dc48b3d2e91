// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where an inspection begins: at the paths that were named, or at the top of each filesystem of
 * the machine. There a clone of the mount is looked at, which has no other mounts in it, so
 * that what they hide is seen as well.
 */
#include "inspect_trees.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <mifeng.h>

#include "inspect_mounts.h"
#include "inspect_stat.h"
#include "system_identity.h"
#include "text.h"

/*
 * The number of a filesystem may be only that of its device, so when its top was made is looked at
 * as well. One of memory is another one after each start.
 */
static void identify(struct tree *tree, ino_t inode)
{
	const bool disk = tree->mount && strncmp(tree->mount->info.source, "/dev/", 5) == 0;
	char boot[SYSTEM_ID_SIZE] = "";
	struct statfs filesystem;
	struct object_stat top;
	uint64_t id = 0;

	if (!fstatfs(tree->fd, &filesystem))
		memcpy(&id, &filesystem.f_fsid, sizeof(id));
	if (object_stat(tree->fd, "", &top))
		top.born = 0;
	if (!disk)
		system_boot_id(boot);
	snprintf(tree->identity, sizeof(tree->identity), "%" PRIx64 "-%" PRIx64 "-%" PRIx64 "-%s", id,
		 (uint64_t)inode, (uint64_t)top.born, boot);
}

/* Takes over the descriptors. */
static int add(struct trees *trees, const char *path, int fd, const struct tree *tree)
{
	struct tree *more = reallocarray(trees->tree, trees->count + 1, sizeof(*more));
	struct tree *added;
	struct stat info;

	if (more)
		trees->tree = more;
	added = more ? &more[trees->count] : NULL;
	if (added) {
		*added = *tree;
		added->path = strdup(path);
		added->fd = fd;
	}
	if (!added || !added->path || fstat(fd, &info)) {
		close(fd);
		if (added)
			free(added->path);
		return -ENOMEM;
	}
	added->single = !S_ISDIR(info.st_mode);
	identify(added, info.st_ino);
	trees->count++;
	return 0;
}

/* The estimate counts whole filesystems only. */
static void count_files(struct trees *trees, int fd, bool *known)
{
	struct statfs filesystem;

	if (fstatfs(fd, &filesystem) || !filesystem.f_files)
		*known = false;
	else
		trees->files += filesystem.f_files - filesystem.f_ffree;
}

static bool can_hold_labels(int fd)
{
	char link[40];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return getxattr(link, MIFENG_XATTR_NAME, NULL, 0) >= 0 || errno != EOPNOTSUPP;
}

/* The top of a mount, if it can be reached: something else may be mounted over it. */
static int open_mount(const struct mount *mount)
{
	struct object_stat info;
	int fd = open(mount->info.point, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (object_stat(fd, "", &info) || info.mount != mount->info.id) {
		close(fd);
		return -EBUSY;
	}
	return fd;
}

/* Another mount of the same will do. */
static int open_any(struct mount_table *mounts, size_t index, struct mount **ret)
{
	const struct mount_info *wanted = &mounts_at(mounts, index)->info;
	struct mount *mount;
	int first = open_mount(mounts_at(mounts, index)), fd = first;

	*ret = mounts_at(mounts, index);
	for (size_t i = index + 1; fd < 0 && (mount = mounts_at(mounts, i)); i++) {
		if (mount->info.major != wanted->major || mount->info.minor != wanted->minor ||
		    strcmp(mount->info.root, wanted->root) != 0)
			continue;
		fd = open_mount(mount);
		*ret = mount;
	}
	return fd < 0 ? first : fd;
}

/* Is something mounted within a mount? */
static bool hides_something(struct mount_table *mounts, const struct mount *mount)
{
	struct mount *other;

	for (size_t i = 0; (other = mounts_at(mounts, i)); i++)
		if (other != mount && strncmp(other->info.point, mount->info.point,
					      strlen(mount->info.point)) == 0)
			return true;
	return false;
}

static int add_mount(struct trees *trees, struct mount_table *mounts, size_t index, bool *known,
		     trees_unseen_fn *unseen, void *userdata)
{
	struct tree tree = { .hold = -1 };
	int fd, clone, error;

	fd = open_any(mounts, index, &tree.mount);
	if (fd < 0) {
		unseen(mounts_at(mounts, index)->info.point,
		       fd == -EBUSY ? _("something else is mounted over it") : strerror(-fd),
		       userdata);
		return 0;
	}
	if (!can_hold_labels(fd)) {
		trees->plain++;
		close(fd);
		return 0;
	}
	count_files(trees, fd, known);
	clone = open_tree(fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (clone >= 0) {
		tree.whole = true;
		tree.hold = fd;
		fd = clone;
	} else if (hides_something(mounts, tree.mount)) {
		unseen(tree.mount->info.point,
		       _("what other mounts hide in it; that takes an administrator"), userdata);
	}
	error = add(trees, tree.mount->info.point, fd, &tree);
	if (error && tree.hold >= 0)
		close(tree.hold);
	return error;
}

/**
 * trees_of_machine() - the filesystems of the machine, each once
 * @trees: filled.
 * @mounts: what is mounted.
 * @unseen: told of what cannot be looked at.
 * @userdata: for @unseen.
 *
 * Return: 0 or -ENOMEM; trees_clear() them in any case.
 */
int trees_of_machine(struct trees *trees, struct mount_table *mounts, trees_unseen_fn *unseen,
		     void *userdata)
{
	bool known = true;
	int error = 0;

	for (size_t i = 0; !error && mounts_at(mounts, i); i++)
		if (mounts_wanted(mounts, i))
			error = add_mount(trees, mounts, i, &known, unseen, userdata);
	if (!known)
		trees->files = 0;
	return error;
}

static bool is_whole_filesystem(const struct tree *tree)
{
	return tree->mount && strcmp(tree->mount->info.root, "/") == 0 &&
	       strcmp(tree->mount->info.point, tree->path) == 0;
}

static int add_path(struct trees *trees, struct mount_table *mounts, const char *path, bool *known,
		    trees_unseen_fn *unseen, void *userdata)
{
	struct tree tree = { .hold = -1 };
	struct object_stat info;
	int fd, error;

	fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	error = fd < 0 ? -errno : object_stat(fd, "", &info);
	if (error) {
		unseen(path, strerror(-error), userdata);
		if (fd >= 0)
			close(fd);
		return 0;
	}
	if (S_ISLNK(info.mode)) {
		unseen(path, _("it is a symbolic link; name what it leads to"), userdata);
		close(fd);
		return 0;
	}
	tree.mount = mounts_find(mounts, info.mount);
	error = add(trees, path, fd, &tree);
	if (!error && is_whole_filesystem(&trees->tree[trees->count - 1]))
		count_files(trees, fd, known);
	else
		*known = false;
	return error;
}

/**
 * trees_of_paths() - what was named
 * @trees: filled.
 * @mounts: what is mounted.
 * @path: @paths of them.
 * @paths: see @path.
 * @unseen: told of what cannot be looked at.
 * @userdata: for @unseen.
 *
 * Return: 0 or -ENOMEM; trees_clear() them in any case.
 */
int trees_of_paths(struct trees *trees, struct mount_table *mounts, char *const *path,
		   size_t paths, trees_unseen_fn *unseen, void *userdata)
{
	bool known = true;
	int error = 0;

	for (size_t i = 0; !error && i < paths; i++)
		error = add_path(trees, mounts, path[i], &known, unseen, userdata);
	if (!known)
		trees->files = 0;
	return error;
}

/** trees_clear() - close them, after the walk */
void trees_clear(struct trees *trees)
{
	for (size_t i = 0; i < trees->count; i++) {
		free(trees->tree[i].path);
		close(trees->tree[i].fd);
		if (trees->tree[i].hold >= 0)
			close(trees->tree[i].hold);
	}
	free(trees->tree);
	*trees = (struct trees){ 0 };
}
