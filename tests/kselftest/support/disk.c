// SPDX-License-Identifier: GPL-2.0-or-later
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.h"
#include "uapi/mifeng.h"

#define DISK_DEVICE		"/dev/ram0"
#define DISK_BYTES		(8UL << 20)
#define DISK_INODE		512
#define XATTR_INDEX_SECURITY	6

extern char **environ;

static char disk_wrong[512];

static const char *disk_fail(const char *what, int error)
{
	snprintf(disk_wrong, sizeof(disk_wrong), "%s: %s", what, strerror(error));
	return disk_wrong;
}

static int command_run(char *const arguments[])
{
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, arguments[0], NULL, NULL, arguments, environ))
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A RAM disk is part of the machine as an internal disk is; a loop device may not be. */
static const char *ram_disk_load(void)
{
	char *const arguments[] = {
		(char *)"modprobe", (char *)"brd", (char *)"rd_nr=1", (char *)"rd_size=8192", NULL,
	};

	if (!access(DISK_DEVICE, F_OK))
		return NULL;
	if (command_run(arguments))
		return "cannot load the driver of RAM disks";
	for (int tries = 0; tries < 1000000; tries++)
		if (!access(DISK_DEVICE, F_OK))
			return NULL;
	return DISK_DEVICE " does not appear";
}

const char *disk_mount(struct disk *disk)
{
	if (mount(DISK_DEVICE, disk->mount_point, "ext4", 0, NULL) < 0)
		return disk_fail("mount", errno);
	disk->mounted = true;
	return NULL;
}

const char *disk_unmount(struct disk *disk)
{
	if (umount(disk->mount_point) < 0)
		return disk_fail("umount", errno);
	disk->mounted = false;
	return NULL;
}

const char *disk_make(struct disk *disk)
{
	/* A checksum of the inode would speak up before the label does. */
	char *const arguments[] = {
		(char *)"mkfs.ext4", (char *)"-q", (char *)"-F", (char *)"-I", (char *)"512",
		(char *)"-O", (char *)"^metadata_csum,^has_journal", (char *)DISK_DEVICE, NULL,
	};
	const char *failed = ram_disk_load();

	if (failed)
		return failed;
	memset(disk, 0, sizeof(*disk));
	snprintf(disk->mount_point, sizeof(disk->mount_point), "/run/mifeng-disk-%d", getpid());
	if (mkdir(disk->mount_point, 0777) < 0)
		return disk_fail(disk->mount_point, errno);
	if (command_run(arguments))
		return "mkfs.ext4 failed";
	failed = disk_mount(disk);
	if (failed)
		return failed;
	return chmod(disk->mount_point, 0777) < 0 ? disk_fail("chmod", errno) : NULL;
}

const char *disk_zone(struct disk *disk)
{
	int fd, error;

	if (baseline())
		return NULL;
	fd = open(disk->mount_point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return disk_fail(disk->mount_point, errno);
	error = wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, MIFENG_REMOVABLE_ORDINARY,
				 CLEARED, fd);
	close(fd);
	if (error) {
		snprintf(disk_wrong, sizeof(disk_wrong), "policy: %s %.256s", strerror(-error),
			 stage.wire.words);
		return disk_wrong;
	}
	return NULL;
}

/* Finds an xattr entry of ext4 by its name: length, index, ..., name. */
static unsigned char *entry_find(unsigned char *bytes, size_t size, const char *suffix)
{
	size_t length = strlen(suffix);

	for (size_t i = 0; i + 16 + length < size; i += 4)
		if (bytes[i] == length && bytes[i + 1] == XATTR_INDEX_SECURITY &&
		    !memcmp(bytes + i + 16, suffix, length))
			return bytes + i;
	return NULL;
}

static unsigned char *bytes_map(void)
{
	int fd = open(DISK_DEVICE, O_RDWR | O_CLOEXEC);
	void *map;

	if (fd < 0)
		return NULL;
	map = mmap(NULL, DISK_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

const char *disk_name_label(void)
{
	unsigned char *bytes = bytes_map(), *entry;

	if (!bytes)
		return disk_fail(DISK_DEVICE, errno);
	entry = entry_find(bytes, DISK_BYTES, strchr(DISK_STAND_IN, '.') + 1);
	if (entry)
		memcpy(entry + 16, MIFENG_XATTR_SUFFIX, strlen(MIFENG_XATTR_SUFFIX));
	msync(bytes, DISK_BYTES, MS_SYNC);
	munmap(bytes, DISK_BYTES);
	return entry ? NULL : "the stand-in of the label is not on the disk";
}

const char *disk_flip_label(const char *suffix, size_t offset)
{
	unsigned char *bytes = bytes_map(), *entry, *next;
	unsigned int size = 0, at = 0;

	if (!bytes)
		return disk_fail(DISK_DEVICE, errno);
	/*
	 * The root's label, a ceiling, may be there too: ours is the one of level secret.
	 * A value's offset counts from the first entry, behind the four bytes of the magic.
	 */
	for (next = bytes; (entry = entry_find(next, bytes + DISK_BYTES - next, suffix)); next = entry + 4) {
		unsigned char *first = bytes + (entry - bytes) / DISK_INODE * DISK_INODE;

		while (first < entry && memcmp(first, "\0\0\2\352", 4))
			first += 4;
		memcpy(&size, entry + 8, 4);
		at = entry[2] | entry[3] << 8;
		first += 4;
		if (size == 64 && first[at] == 1 && first[at + 1] == DOCUMENT_LEVEL) {
			first[at + offset] ^= 1;
			break;
		}
	}
	msync(bytes, DISK_BYTES, MS_SYNC);
	munmap(bytes, DISK_BYTES);
	return entry ? NULL : "the label is not on the disk";
}

void disk_free(struct disk *disk)
{
	if (disk->mounted)
		disk_unmount(disk);
	rmdir(disk->mount_point);
}
