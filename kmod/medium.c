// SPDX-License-Identifier: GPL-2.0
/*
 * What a filesystem finally sits on, and so what an object is to a writer.
 *
 * From the superblock to its block device, through device mapper and md by the
 * list of slaves, to the disk and up its chain of parent devices: a disk that hangs
 * on a bus one unplugs by hand (USB, SD cards, FireWire, Thunderbolt) can be carried
 * away. What cannot be resolved (loop devices, btrfs, whose members only it knows)
 * counts as removable when it has a block device behind it.
 *
 * Locking: the list of slaves changes under a lock of the block layer, which is
 * taken where the kernel has it within reach; see slaves_lock().
 */
#include "medium.h"

#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "imports.h"

#define DEPTH_MAX 8	/* dm on md on dm …; deeper is not resolved */
#define SLAVES_MAX 16

/* As in block/holder.c of the kernel, where it is private. */
struct slave {
	struct list_head list;
#ifdef MF_HAS_HOLDER_KOBJECT
	struct kobject *holder_dir;	/* "holders" below the slave's device */
#else
	struct block_device *bdev;
#endif
};

static const char *const carried_buses[] = { "usb", "mmc", "firewire", "thunderbolt", "pcmcia" };

static const unsigned long network_filesystems[] = {
	NFS_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, SMB_SUPER_MAGIC, CEPH_SUPER_MAGIC,
	V9FS_MAGIC,	 AFS_SUPER_MAGIC,  AFS_FS_MAGIC,     CODA_SUPER_MAGIC,
};

static struct mutex *holder_mutex;

/**
 * mf_medium_init() - find the lock of the kernel's list of slaves
 */
void mf_medium_init(void)
{
	holder_mutex = (struct mutex *)mf_call_kallsyms_lookup_name("blk_holder_mutex");
}

static struct mutex *slaves_lock(struct gendisk *disk)
{
#ifdef MF_HAS_HOLDER_KOBJECT
	return holder_mutex;
#else
	return &disk->open_mutex;
#endif
}

static struct gendisk *disk_of_slave(const struct slave *slave)
{
#ifdef MF_HAS_HOLDER_KOBJECT
	struct kobject *device = slave->holder_dir->parent;

	return device ? dev_to_bdev(kobj_to_dev(device))->bd_disk : NULL;
#else
	return slave->bdev->bd_disk;
#endif
}

static bool on_carried_bus(struct gendisk *disk)
{
	struct device *device;
	size_t i;

	for (device = disk_to_dev(disk); device; device = device->parent)
		for (i = 0; device->bus && i < ARRAY_SIZE(carried_buses); i++)
			if (strcmp(device->bus->name, carried_buses[i]) == 0)
				return true;
	return disk->flags & GENHD_FL_REMOVABLE;
}

/* The disks below a stacked one; negative if they cannot be told. */
static int slaves_of(struct gendisk *disk, struct gendisk *below[SLAVES_MAX])
{
	struct mutex *lock = slaves_lock(disk);
	struct slave *slave;
	int count = 0;

	if (!lock)
		return -EOPNOTSUPP;
	mutex_lock(lock);
	list_for_each_entry(slave, &disk->slave_bdevs, list) {
		struct gendisk *found = count < SLAVES_MAX ? disk_of_slave(slave) : NULL;

		if (!found) {
			count = -E2BIG;
			break;
		}
		below[count++] = found;
	}
	mutex_unlock(lock);
	return count;
}

static bool disk_removable(struct gendisk *disk, int depth)
{
	struct gendisk *below[SLAVES_MAX];
	int count, i;

	if (depth > DEPTH_MAX || disk->major == LOOP_MAJOR)
		return true;
	count = slaves_of(disk, below);
	if (count < 0)
		return true;
	for (i = 0; i < count; i++)
		if (disk_removable(below[i], depth + 1))
			return true;
	return count == 0 && on_carried_bus(disk);
}

/**
 * mf_medium_removable() - can what a filesystem sits on be carried away
 * @sb: a mounted filesystem
 *
 * Context: process, may sleep.
 *
 * Return: true also for what cannot be resolved; false without a block device.
 */
bool mf_medium_removable(const struct super_block *sb)
{
	if (sb->s_magic == BTRFS_SUPER_MAGIC)
		return true;
	return sb->s_bdev && disk_removable(sb->s_bdev->bd_disk, 0);
}

/**
 * mf_medium_name() - name of the block device a filesystem sits on, for records
 * @sb: a mounted filesystem
 * @name: set; empty without a block device
 */
void mf_medium_name(const struct super_block *sb, char name[MF_MEDIUM_NAME_SIZE])
{
	if (sb->s_bdev)
		snprintf(name, MF_MEDIUM_NAME_SIZE, "%pg", sb->s_bdev);
	else
		name[0] = '\0';
}

/**
 * mf_sb_is_memory() - is a filesystem a mount that nobody sees, for memory that programs share
 * @sb: the filesystem
 *
 * Return: true for memfd, SysV and anonymous shared memory.
 */
bool mf_sb_is_memory(const struct super_block *sb)
{
	return (sb->s_flags & SB_KERNMOUNT) &&
	       (sb->s_magic == TMPFS_MAGIC || sb->s_magic == HUGETLBFS_MAGIC);
}

/* Terminals, and the memory devices that swallow or make up data. */
static bool device_is_safe(dev_t device)
{
	switch (MAJOR(device)) {
	case MEM_MAJOR:
		switch (MINOR(device)) {
		case 3: /* null */
		case 5: /* zero */
		case 7: /* full */
		case 8: /* random */
		case 9: /* urandom */
			return true;
		}
		return false;
	case TTYAUX_MAJOR: /* tty, console, ptmx */
		return true;
	case TTY_MAJOR: /* virtual terminals below 64, serial lines above */
		return MINOR(device) < 64;
	default:
		return MAJOR(device) >= UNIX98_PTY_MASTER_MAJOR &&
		       MAJOR(device) < UNIX98_PTY_SLAVE_MAJOR + UNIX98_PTY_MAJOR_COUNT;
	}
}

static enum mf_sink sink_of_file(const struct super_block *sb)
{
	size_t i;

	if (mf_sb_is_memory(sb))
		return MF_SINK_MEMORY;
	for (i = 0; i < ARRAY_SIZE(network_filesystems); i++)
		if (sb->s_magic == network_filesystems[i])
			return MF_SINK_NETWORK;
	return mf_medium_removable(sb) ? MF_SINK_REMOVABLE : MF_SINK_FILE;
}

/**
 * mf_sink_of() - what an object is to somebody who writes to it
 * @inode: on an overlay that of the layer; not a socket's of an internet family,
 *	   see hook_net.c
 *
 * Context: process, may sleep.
 *
 * Return: enum mf_sink.
 */
enum mf_sink mf_sink_of(const struct inode *inode)
{
	switch (inode->i_mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
		return sink_of_file(inode->i_sb);
	case S_IFCHR:
		return device_is_safe(inode->i_rdev) ? MF_SINK_MEMORY : MF_SINK_DEVICE;
	case S_IFBLK:
		return MF_SINK_DEVICE;
	default:
		return MF_SINK_MEMORY;
	}
}
