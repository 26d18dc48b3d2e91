// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the name of a directory to a descriptor of it, step by step from the nearest one above that
 * is open: no path is too long, and no symbolic link is followed on the way.
 */
#include "inspect_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspect_mounts.h"
#include "inspect_node.h"
#include "inspect_stat.h"

#define PATH_STEPS	64

/* Does not set the time of access, where that is allowed. */
static int open_directory(int at, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int fd = openat(at, name, flags | O_NOATIME);

	if (fd < 0 && errno == EPERM)
		fd = openat(at, name, flags);
	return fd < 0 ? -errno : fd;
}

/* Sets the mount a directory is on; -EXDEV if it is not to be entered. */
static int choose_mount(struct worker *worker, struct node *node, uint64_t id)
{
	struct mount *above, *mount;

	/* Above a directory of an earlier inspection others find this out as well. */
	pthread_mutex_lock(&worker->walk->lock);
	above = node_mount(node->parent);
	pthread_mutex_unlock(&worker->walk->lock);
	mount = above;
	if (!worker->tree->whole && (!above || above->info.id != id)) {
		mount = mounts_find(worker->walk->mounts, id);
		if (!mount)
			return -ENOENT;
		if (mount->kind == MOUNT_FAR)
			mount->passed_over = true;
		if (mount->kind != MOUNT_LOCAL && mount != worker->tree->mount)
			return -EXDEV;
		if (worker->walk->options.single_filesystem && mount != worker->tree->mount)
			return -EXDEV;
	}
	pthread_mutex_lock(&worker->walk->lock);
	node->mount = mount;
	pthread_mutex_unlock(&worker->walk->lock);
	return 0;
}

/*
 * Opens one directory below another. It is looked at before, because to open a place of the
 * automounter mounts something there.
 */
static int open_step(struct worker *worker, int at, struct node *node, bool last)
{
	struct object_stat before;
	struct stat after;
	int error, fd;

	error = object_stat(at, node->name, &before);
	if (error)
		return error;
	if (!S_ISDIR(before.mode))
		return -ENOENT; /* what was a directory is none any more */
	error = choose_mount(worker, node, before.mount);
	if (error)
		return error;
	if (last)
		fd = open_directory(at, node->name);
	else
		fd = openat(at, node->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return last ? fd : -errno;
	if (fstat(fd, &after) || after.st_ino != before.inode) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

/* A directory from which @node can be opened, to be closed if @borrowed is not set. */
static int nearest_open(struct worker *worker, struct node *node, const struct node **from,
			bool *borrowed)
{
	const struct node *above;
	int fd;

	pthread_mutex_lock(&worker->walk->lock);
	for (above = node->parent; above->parent && above->fd < 0;)
		above = above->parent;
	fd = above->fd >= 0 ? above->fd : worker->tree->fd;
	/* That of its own parent waits for it; another one may be closed meanwhile. */
	*borrowed = fd == worker->tree->fd || above == node->parent;
	if (!*borrowed) {
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			fd = -errno;
	}
	pthread_mutex_unlock(&worker->walk->lock);
	*from = above;
	return fd;
}

/* Down from @from to @node, step by step: a path may be longer than the kernel takes. */
static int open_steps(struct worker *worker, int at, const struct node *from, struct node *node)
{
	struct node *few[PATH_STEPS], **step = few, *one;
	size_t count = 0, i;
	int fd = at, next;

	for (one = node; one != from; one = one->parent)
		count++;
	if (count > PATH_STEPS)
		step = calloc(count, sizeof(struct node *));
	if (!step)
		return -ENOMEM;
	for (one = node, i = count; one != from; one = one->parent)
		step[--i] = one;
	for (i = 0; i < count && fd >= 0; i++) {
		next = open_step(worker, fd, step[i], i == count - 1);
		if (fd != at)
			close(fd);
		fd = next;
	}
	if (step != few)
		free(step);
	return fd;
}

/* A directory below has been opened, or never will be. */
static void let_go(struct walk *walk, struct node *node)
{
	int fd = -1;

	pthread_mutex_lock(&walk->lock);
	if (node->fd >= 0 && !--node->waiting) {
		fd = node->fd;
		node->fd = -1;
		walk->kept--;
	}
	pthread_mutex_unlock(&walk->lock);
	if (fd >= 0)
		close(fd);
}

/**
 * worker_open() - open a directory that has waited
 * @worker: whose turn it is; it knows the tree.
 * @node: the directory; the mount it is on is set.
 *
 * Return: a descriptor; -EXDEV if it is on a mount that is not entered; -ENOENT if it is no
 * directory any more, or another one; -ENOMEM, or the errno of opening it.
 */
int worker_open(struct worker *worker, struct node *node)
{
	const struct node *from;
	bool borrowed;
	int at, fd;

	if (!node->parent)
		return open_directory(worker->tree->fd, ".");
	at = nearest_open(worker, node, &from, &borrowed);
	fd = at < 0 ? at : open_steps(worker, at, from, node);
	if (at >= 0 && !borrowed)
		close(at);
	let_go(worker->walk, node->parent);
	return fd;
}
