// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is mounted, and which of it makes up the files of this machine, each of them once.
 * Filesystems that are not known here are looked at: nothing is passed over by mistake.
 */
#include "inspect_mounts.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "inspect_medium.h"
#include "record.h"

/**
 * struct mount_table - all that has been seen mounted
 * @lock: over what follows, and over the media of the mounts
 * @mount: @count of them, in the kernel's order; never moved or freed before the table
 */
struct mount_table {
	pthread_mutex_t lock;
	struct mount **mount;
	size_t count;
};

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static enum mount_kind kind_of(const char *type)
{
	static const char *const pseudo[] = {
		"anon_inodefs", "apparmorfs", "autofs", "bdev", "binder", "binfmt_misc", "bpf",
		"cgroup", "cgroup2", "configfs", "cpuset", "dax", "debugfs", "devpts", "drm",
		"efivarfs", "fusectl", "guest-memfd", "hugetlbfs", "mqueue", "nfsd", "nsfs",
		"pidfs", "pipefs", "proc", "pstore", "resctrl", "rpc_pipefs", "secretmem",
		"securityfs", "selinuxfs", "smackfs", "sockfs", "sysfs", "tracefs", "xenfs", NULL,
	};
	static const char *const far[] = {
		"9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "fuse", "gfs2", "gpfs",
		"lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "smb3", "smbfs",
		"vboxsf", "virtiofs", NULL,
	};

	if (is_one_of(type, pseudo))
		return MOUNT_PSEUDO;
	return is_one_of(type, far) || strncmp(type, "fuse.", 5) == 0 ? MOUNT_FAR : MOUNT_LOCAL;
}

static struct mount *find(const struct mount_table *table, uint64_t id)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->mount[i]->info.id == id)
			return table->mount[i];
	return NULL;
}

static int add(struct mount_table *table, struct mount_info *info)
{
	struct mount **more, *mount;

	if (find(table, info->id))
		return 0;
	more = reallocarray(table->mount, table->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	table->mount = more;
	mount = calloc(1, sizeof(*mount));
	if (!mount)
		return -ENOMEM;
	mount->info = *info;
	mount->kind = kind_of(info->type);
	*info = (struct mount_info){ 0 };
	table->mount[table->count++] = mount;
	return 0;
}

static int read_all(struct mount_table *table)
{
	struct mount_info info;
	char *line = NULL;
	size_t size = 0;
	int error = 0;
	FILE *file;

	file = fopen(MOUNT_INFO_FILE, "re");
	if (!file)
		return -errno;
	while (!error && getline(&line, &size, file) > 0) {
		error = mount_info_parse(line, &info);
		if (error)
			break;
		error = add(table, &info);
		mount_info_clear(&info);
	}
	free(line);
	fclose(file);
	return error;
}

/**
 * mounts_new() - read what is mounted
 * @table: set on success; mounts_free() it.
 *
 * Return: 0, -ENOMEM, -EBADMSG for words of the kernel's that make no sense, or the errno of
 * reading them.
 */
int mounts_new(struct mount_table **table)
{
	struct mount_table *made = calloc(1, sizeof(*made));
	int error;

	if (!made)
		return -ENOMEM;
	pthread_mutex_init(&made->lock, NULL);
	error = read_all(made);
	if (error)
		mounts_free(made);
	else
		*table = made;
	return error;
}

/**
 * mounts_free() - forget everything
 * @table: may be NULL.
 *
 * Return: NULL.
 */
struct mount_table *mounts_free(struct mount_table *table)
{
	if (!table)
		return NULL;
	for (size_t i = 0; i < table->count; i++) {
		mount_info_clear(&table->mount[i]->info);
		if (table->mount[i]->medium)
			stick_clear(table->mount[i]->medium);
		free(table->mount[i]->medium);
		free(table->mount[i]);
	}
	free(table->mount);
	pthread_mutex_destroy(&table->lock);
	free(table);
	return NULL;
}

/**
 * mounts_find() - a mount by its number
 * @table: the table.
 * @id: as statx(2) has it.
 *
 * What is not known is looked for once more: it may have been mounted since. Any thread.
 *
 * Return: the mount, or NULL.
 */
struct mount *mounts_find(struct mount_table *table, uint64_t id)
{
	struct mount *mount;

	pthread_mutex_lock(&table->lock);
	mount = find(table, id);
	if (!mount && !read_all(table))
		mount = find(table, id);
	pthread_mutex_unlock(&table->lock);
	return mount;
}

/**
 * mounts_at() - one mount after the other
 * @table: the table.
 * @index: from 0.
 *
 * Return: the mount, or NULL behind the last.
 */
struct mount *mounts_at(struct mount_table *table, size_t index)
{
	return index < table->count ? table->mount[index] : NULL;
}

/**
 * mounts_medium() - the medium that is carried about which a mount is on
 * @table: the table.
 * @mount: one of it.
 *
 * Any thread.
 *
 * Return: the medium, as long as the table is there; NULL for none.
 */
const struct stick *mounts_medium(struct mount_table *table, struct mount *mount)
{
	pthread_mutex_lock(&table->lock);
	if (!mount->asked)
		mount->asked = !medium_find(makedev(mount->info.major, mount->info.minor),
					    mount->info.source, &mount->medium);
	pthread_mutex_unlock(&table->lock);
	return mount->medium;
}

/* @below is @above or something in it. */
static bool is_within(const char *below, const char *above)
{
	size_t length = strcmp(above, "/") ? strlen(above) : 0;

	return strncmp(below, above, length) == 0 && (!below[length] || below[length] == '/');
}

/* Would looking at @other show what @mount shows, and more, or the same and earlier? */
static bool is_shown_by(const struct mount *mount, const struct mount *other, bool earlier)
{
	if (mount->info.major != other->info.major || mount->info.minor != other->info.minor ||
	    !is_within(mount->info.root, other->info.root))
		return false;
	return earlier || strcmp(mount->info.root, other->info.root) != 0;
}

/* A filesystem of the machine's, at least a part of it, that a path is on. */
static bool is_looked_at(const struct mount_table *table, dev_t device)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct mount *mount = table->mount[i];

		if (mount->kind == MOUNT_LOCAL && strcmp(mount->info.root, "/") == 0 &&
		    strcmp(mount->info.type, "overlay") != 0 &&
		    makedev(mount->info.major, mount->info.minor) == device)
			return true;
	}
	return false;
}

/*
 * The layers of an overlay, where they can be found, are looked at by themselves. A path with
 * a colon or comma in it is not found, and the overlay looked at instead.
 */
static bool layers_are_looked_at(const struct mount_table *table, const char *options)
{
	char *copy = strdup(options), *rest = copy, *option, *layer;
	bool all = copy, any = false;
	struct stat at;

	while (all && (option = strsep(&rest, ","))) {
		bool lower = strncmp(option, "lowerdir=", 9) == 0;

		if (!lower && strncmp(option, "upperdir=", 9) != 0)
			continue;
		option += 9;
		while (all && (layer = strsep(&option, ":"))) {
			if (!*layer) /* "::" separates layers of data */
				continue;
			any = true;
			all = layer[0] == '/' && !stat(layer, &at) && is_looked_at(table, at.st_dev);
		}
	}
	free(copy);
	return all && any;
}

/**
 * mounts_wanted() - whether a mount is looked at by itself when the whole machine is
 * @table: the table, as mounts_new() has made it.
 * @index: of the mount.
 *
 * Return: false for what is no filesystem of this machine, what another mount shows as well, and
 * overlays of what is looked at anyway.
 */
bool mounts_wanted(struct mount_table *table, size_t index)
{
	const struct mount *mount = table->mount[index];

	if (mount->kind != MOUNT_LOCAL)
		return false;
	for (size_t i = 0; i < table->count; i++)
		if (i != index && is_shown_by(mount, table->mount[i], i < index))
			return false;
	return strcmp(mount->info.type, "overlay") != 0 ||
	       !layers_are_looked_at(table, mount->info.options);
}
