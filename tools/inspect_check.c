// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a file on this machine's own filesystems carries a label. */
#include "inspect_check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define LABEL_NAME	"security.mifeng"
#define FILESYSTEMS_MAX	256

/* The label is a plain xattr to whoever asks for it by its name. */
static int is_labelled(int directory, const char *name)
{
	char path[NAME_MAX + 64];
	ssize_t size;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", directory, name);
	size = lgetxattr(path, LABEL_NAME, NULL, 0);
	if (size >= 0)
		return 1;
	return errno == ENODATA || errno == EOPNOTSUPP || errno == ENOENT ? 0 : -errno;
}

/* "name/first", as far as there is room. */
static void prepend(const char *name, char *first, size_t size)
{
	size_t length = strlen(name), rest = strlen(first) + 1;

	if (length + 1 + rest > size)
		return;
	memmove(first + length + 1, first, rest);
	memcpy(first, name, length);
	first[length] = '/';
}

static int walk(int directory, dev_t device, char *first, size_t size);

static int walk_entry(int directory, const char *name, dev_t device, char *first, size_t size)
{
	struct stat st;
	int fd, r;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISREG(st.st_mode)) {
		r = is_labelled(directory, name);
		if (r > 0)
			snprintf(first, size, "%s", name);
		return r;
	}
	if (!S_ISDIR(st.st_mode) || st.st_dev != device)
		return 0;
	fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = walk(fd, device, first, size);
	if (r > 0)
		prepend(name, first, size);
	return r;
}

/* Takes over the descriptor. */
static int walk(int directory, dev_t device, char *first, size_t size)
{
	DIR *entries = fdopendir(directory);
	struct dirent *entry;
	int r = 0;

	if (!entries) {
		r = -errno;
		close(directory);
		return r;
	}
	errno = 0;
	while (!r && (entry = readdir(entries))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			r = walk_entry(dirfd(entries), entry->d_name, device, first, size);
		errno = 0;
	}
	if (!r && errno)
		r = -errno;
	closedir(entries);
	return r;
}

static bool holds_labels(const char *type)
{
	static const char *const types[] = { "ext4", "xfs", "btrfs" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* A filesystem that is mounted in several places is walked once. */
static int walk_mount(const char *place, dev_t *seen, size_t *count, char *first, size_t size)
{
	struct stat st;
	int fd, r;

	fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		r = errno == ENOTDIR ? 0 : -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	for (size_t i = 0; i < *count; i++)
		if (seen[i] == st.st_dev) {
			close(fd);
			return 0;
		}
	if (*count == FILESYSTEMS_MAX) {
		close(fd);
		return -E2BIG;
	}
	seen[(*count)++] = st.st_dev;
	r = walk(fd, st.st_dev, first, size);
	if (r > 0)
		prepend(strcmp(place, "/") ? place : "", first, size);
	return r;
}

/**
 * inspect_clean() - look for labelled files on the filesystems that are mounted
 * @first: gets the path of the first one that is found.
 * @size: of @first.
 *
 * Return: 0 if there is none, 1 if there is one, or the errno that kept it from looking.
 */
int inspect_clean(char *first, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	dev_t seen[FILESYSTEMS_MAX];
	struct mntent *mount;
	size_t count = 0;
	int r = 0;

	if (!mounts)
		return -errno;
	while (!r && (mount = getmntent(mounts)))
		if (holds_labels(mount->mnt_type))
			r = walk_mount(mount->mnt_dir, seen, &count, first, size);
	endmntent(mounts);
	return r;
}
