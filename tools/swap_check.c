// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether swap is encrypted: what programs hold in memory is written there, and is not gone with them.
 * What cannot be resolved to dm-crypt counts as plain.
 */
#include "swap_check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "first_line.h"
#include "obstacles.h"
#include "text.h"

#define DEPTH_MAX 8	/* partitions of md of LVM of ...; nobody stacks higher */

static bool disk_is_encrypted(const char *directory, unsigned int depth);

static bool device_is_encrypted(dev_t device, unsigned int depth)
{
	char path[64], real[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(device), minor(device));
	return realpath(path, real) && disk_is_encrypted(real, depth);
}

/* The device that the file's filesystem was mounted from, as mountinfo has it. */
static bool mounted_from(const char *file, char *source, size_t size)
{
	struct file_handle handle = { .handle_bytes = 0 };
	char line[4096], found[PATH_MAX];
	bool known = false;
	FILE *mounts;
	int mount;

	/* There is no room for the handle; the number of the mount is told all the same. */
	if (name_to_handle_at(AT_FDCWD, file, &handle, &mount, 0) == 0 || errno != EOVERFLOW)
		return false;
	mounts = fopen("/proc/self/mountinfo", "re");
	if (!mounts)
		return false;
	while (!known && fgets(line, sizeof(line), mounts)) {
		const char *rest = strstr(line, " - ");

		known = rest && strtol(line, NULL, 10) == mount &&
			sscanf(rest, " - %*s %4095s", found) == 1;
	}
	fclose(mounts);
	if (known)
		snprintf(source, size, "%.*s", (int)(size - 1), found);
	return known;
}

static bool file_is_encrypted(const char *file, unsigned int depth)
{
	char source[256];
	struct stat st;

	return depth < DEPTH_MAX && mounted_from(file, source, sizeof(source)) && stat(source, &st) == 0 &&
	       S_ISBLK(st.st_mode) && device_is_encrypted(st.st_rdev, depth + 1);
}

static bool path_is_encrypted(const char *path, unsigned int depth)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	return S_ISBLK(st.st_mode) ? device_is_encrypted(st.st_rdev, depth) : file_is_encrypted(path, depth);
}

/* Every disk that this one is made of. */
static bool slaves_are_encrypted(const char *directory, unsigned int depth, bool *ret_some)
{
	char path[PATH_MAX + 16], real[PATH_MAX];
	struct dirent *entry;
	bool all = true;
	DIR *slaves;

	snprintf(path, sizeof(path), "%s/slaves", directory);
	slaves = opendir(path);
	while (slaves && (entry = readdir(slaves))) {
		if (entry->d_name[0] == '.')
			continue;
		*ret_some = true;
		snprintf(path, sizeof(path), "/sys/class/block/%s", entry->d_name);
		all = all && realpath(path, real) && disk_is_encrypted(real, depth + 1);
	}
	if (slaves)
		closedir(slaves);
	return all;
}

/* Memory, unless it has a disk to write to what it does not need. */
static bool zram_is_memory(const char *directory, unsigned int depth)
{
	char path[PATH_MAX + 16], line[256];

	snprintf(path, sizeof(path), "%s/backing_dev", directory);
	return first_line(path, line, sizeof(line)) || strcmp(line, "none") == 0 ||
	       path_is_encrypted(line, depth + 1);
}

/* @directory: of the disk or partition in sysfs, no links in it. */
static bool disk_is_encrypted(const char *directory, unsigned int depth)
{
	char path[PATH_MAX + 32], line[256];
	bool some = false;
	bool all;

	if (depth > DEPTH_MAX)
		return false;
	if (strncmp(strrchr(directory, '/'), "/zram", 5) == 0)
		return zram_is_memory(directory, depth);
	snprintf(path, sizeof(path), "%s/dm/uuid", directory);
	if (first_line(path, line, sizeof(line)) == 0 && strncmp(line, "CRYPT-", 6) == 0)
		return true;
	all = slaves_are_encrypted(directory, depth, &some);
	if (some)
		return all;
	snprintf(path, sizeof(path), "%s/loop/backing_file", directory);
	if (first_line(path, line, sizeof(line)) == 0)
		return path_is_encrypted(line, depth + 1);
	snprintf(path, sizeof(path), "%s/partition", directory);
	if (access(path, F_OK) == 0) {
		snprintf(path, sizeof(path), "%.*s", (int)(strrchr(directory, '/') - directory), directory);
		return disk_is_encrypted(path, depth + 1);
	}
	return false;
}

/**
 * swap_check() - every swap area that is neither memory nor encrypted is in the way
 * @obstacles: what is found is added.
 */
void swap_check(struct obstacles *obstacles)
{
	FILE *file = fopen("/proc/swaps", "re");
	char line[512], path[256];

	if (!file)
		return;
	/* The first line has the titles. */
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%255s", path) == 1 && path[0] == '/' && !path_is_encrypted(path, 0))
			obstacles_add(obstacles, _("swap goes to %s, which is not encrypted, and what programs hold "
						   "stays readable there: 'swapoff %s' and take it out of "
						   "/etc/fstab, or put it on dm-crypt"), path, path);
	fclose(file);
}
