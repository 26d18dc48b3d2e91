// SPDX-License-Identifier: GPL-2.0
/*
 * What a filesystem finally sits on, and so what an object is to a writer.
 *
 * From the superblock to its block device, through device mapper and md by the
 * list of slaves, to the disk and up its chain of parent devices: a disk that hangs
 * on a bus one unplugs by hand (USB, SD cards, FireWire, Thunderbolt) can be carried
 * away. What cannot be resolved (loop devices, btrfs, whose members only it knows)
 * counts as removable to tainted programs; anybody else mounts and uses it.
 *
 * Locking: the list of slaves changes under a lock of the block layer, which
 * slaves_of() only tries for. Slaves are referenced while they are looked at.
 */
#include "medium.h"

#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/mmc/card.h>
#include <linux/mmc/host.h>
#include <linux/major.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "imports.h"

#define DEPTH_MAX 8	/* dm on md on dm …; deeper is not resolved */
#define SLAVES_MAX 16
#define TRIES_MAX 100

/* As in block/holder.c of the kernel, where it is private. */
struct slave {
	struct list_head list;
#ifdef MF_HAS_HOLDER_KOBJECT
	struct kobject *holder_dir;	/* "holders" below the slave's device */
#else
	struct block_device *bdev;
#endif
};

static const char *const carried_buses[] = { "usb", "firewire", "thunderbolt", "pcmcia", "memstick" };

/* No header for modules has these: OrangeFS, VirtualBox's folders, clusters on a shared disk. */
#define ORANGEFS_MAGIC	0x20030528
#define VBOXSF_MAGIC	0x786f4256
#define OCFS2_MAGIC	0x7461636f
#define GFS2_DISK_MAGIC	0x01161970

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

/* A referenced disk, or NULL. Under the lock of the list. */
static struct gendisk *disk_of_slave(const struct slave *slave)
{
	struct gendisk *disk;
#ifdef MF_HAS_HOLDER_KOBJECT
	struct kobject *device = slave->holder_dir->parent;

	disk = device ? dev_to_bdev(kobj_to_dev(device))->bd_disk : NULL;
#else
	disk = slave->bdev->bd_disk;
#endif
	if (disk)
		get_device(disk_to_dev(disk));
	return disk;
}

static bool carried_card(struct device *device)
{
	return mmc_card_is_removable(container_of(device, struct mmc_card, dev)->host);
}

static bool carried_device(struct device *device)
{
	if (!device->bus)
		return false;
	/* memory cards and soldered eMMC are on one bus */
	if (strcmp(device->bus->name, "mmc") == 0)
		return carried_card(device);
	return match_string(carried_buses, ARRAY_SIZE(carried_buses), device->bus->name) >= 0;
}

/* A disk that another machine has: iSCSI, NVMe over a network. */
static bool far_device(const struct device *device)
{
	return device->class && (strcmp(device->class->name, "iscsi_session") == 0 ||
				 strcmp(device->class->name, "nvme-fabrics") == 0);
}

/* Made of memory of the machine. */
static bool is_memory_disk(const struct gendisk *disk)
{
	return disk->major == RAMDISK_MAJOR || strncmp(disk->disk_name, "zram", 4) == 0;
}

static enum mf_medium medium_of_leaf(struct gendisk *disk)
{
	struct device *device = disk_to_dev(disk);

	if (disk->flags & GENHD_FL_REMOVABLE)
		return MF_MEDIUM_CARRIED;
	if (!device->parent) /* nbd, rbd and their like: a program, or another machine */
		return is_memory_disk(disk) ? MF_MEDIUM_FIXED : MF_MEDIUM_UNRESOLVED;
	for (; device; device = device->parent) {
		if (carried_device(device))
			return MF_MEDIUM_CARRIED;
		if (far_device(device))
			return MF_MEDIUM_UNRESOLVED;
	}
	return MF_MEDIUM_FIXED;
}

/*
 * The disks below a stacked one, referenced; negative if they cannot be told. The lock is
 * only tried for: the block layer takes filesystems' locks under it, which our caller may hold.
 */
static int slaves_of(struct gendisk *disk, struct gendisk *below[SLAVES_MAX])
{
	struct mutex *lock = slaves_lock(disk);
	struct slave *slave;
	int count = 0, tries;

	if (list_empty_careful(&disk->slave_bdevs))
		return 0;
	if (!lock)
		return -EOPNOTSUPP;
	for (tries = 0; !mutex_trylock(lock); tries++) {
		if (tries == TRIES_MAX)
			return -EBUSY;
		usleep_range(100, 200);
	}
	list_for_each_entry(slave, &disk->slave_bdevs, list) {
		struct gendisk *found = count < SLAVES_MAX ? disk_of_slave(slave) : NULL;

		if (!found)
			break;
		below[count++] = found;
	}
	/* all or not told */
	if (!list_entry_is_head(slave, &disk->slave_bdevs, list)) {
		while (count)
			put_device(disk_to_dev(below[--count]));
		count = -E2BIG;
	}
	mutex_unlock(lock);
	return count;
}

/* The best and the worst of the disks that a disk is made of; both, where that cannot be told. */
struct extremes {
	enum mf_medium best, worst;
};

static struct extremes extremes_of_disk(struct gendisk *disk, int depth)
{
	struct extremes found = { .best = MF_MEDIUM_CARRIED, .worst = MF_MEDIUM_FIXED };
	struct gendisk *below[SLAVES_MAX];
	int count;

	if (disk->major == LOOP_MAJOR)
		return (struct extremes){ MF_MEDIUM_UNRESOLVED, MF_MEDIUM_UNRESOLVED };
	count = depth > DEPTH_MAX ? -E2BIG : slaves_of(disk, below);
	if (count < 0)
		return (struct extremes){ MF_MEDIUM_FIXED, MF_MEDIUM_UNRESOLVED };
	/* pulled out already, or let go of by its driver: its parents may be gone */
	if (count == 0 && test_bit(GD_DEAD, &disk->state))
		return (struct extremes){ MF_MEDIUM_FIXED, MF_MEDIUM_CARRIED };
	if (count == 0)
		found.best = found.worst = medium_of_leaf(disk);
	while (count) {
		struct gendisk *one = below[--count];
		struct extremes more = extremes_of_disk(one, depth + 1);

		found.best = min(found.best, more.best);
		found.worst = max(found.worst, more.worst);
		put_device(disk_to_dev(one));
	}
	return found;
}

/**
 * mf_disk_of_machine() - is a disk, or a part of it, one that stays in the machine
 * @disk: the disk, whole
 *
 * A loop device is what its file is, which is looked at where it is read.
 * Context: as mf_medium_of().
 *
 * Return: true also if its parts cannot be told.
 */
bool mf_disk_of_machine(struct gendisk *disk)
{
	return extremes_of_disk(disk, 0).best == MF_MEDIUM_FIXED;
}

/**
 * mf_medium_of() - what a filesystem sits on
 * @sb: a mounted filesystem
 *
 * Context: process, may sleep for 20 ms; any locks may be held.
 *
 * Return: enum mf_medium; fixed without a block device.
 */
enum mf_medium mf_medium_of(const struct super_block *sb)
{
	if (sb->s_magic == BTRFS_SUPER_MAGIC)
		return MF_MEDIUM_UNRESOLVED;
	return sb->s_bdev ? extremes_of_disk(sb->s_bdev->bd_disk, 0).worst : MF_MEDIUM_FIXED;
}

/**
 * mf_medium_removable() - must it be assumed that what a filesystem sits on is carried away
 * @sb: a mounted filesystem
 *
 * Context: as mf_medium_of().
 *
 * Return: true also for what cannot be resolved.
 */
bool mf_medium_removable(const struct super_block *sb)
{
	return mf_medium_of(sb) != MF_MEDIUM_FIXED;
}

/**
 * mf_medium_stays() - does a filesystem sit on the same medium as long as it is mounted
 * @sb: a mounted filesystem
 *
 * Return: false for what a stacked device can be moved from under, as device mapper does.
 */
bool mf_medium_stays(const struct super_block *sb)
{
	return !sb->s_bdev || list_empty_careful(&sb->s_bdev->bd_disk->slave_bdevs);
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
 * mf_sb_is_memory() - is a filesystem one of the kernel's own that nobody can mount
 * @sb: the filesystem
 *
 * Return: true for memfd, SysV and anonymous shared memory, pidfds and their like.
 */
bool mf_sb_is_memory(const struct super_block *sb)
{
	return (sb->s_flags & SB_NOUSER) ||
	       ((sb->s_flags & SB_KERNMOUNT) && sb->s_magic == HUGETLBFS_MAGIC);
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

/**
 * mf_sb_server() - who is asked for what is on a filesystem
 * @sb: the filesystem; virtiofs and fuseblk are FUSE by their magic, too
 *
 * Context: any.
 *
 * Return: enum mf_server.
 */
enum mf_server mf_sb_server(const struct super_block *sb)
{
	switch (sb->s_magic) {
	case FUSE_SUPER_MAGIC:
		return MF_SERVER_PROGRAM;
	case NFS_SUPER_MAGIC:
	case CIFS_SUPER_MAGIC:
	case SMB2_SUPER_MAGIC:
	case SMB_SUPER_MAGIC:
	case CEPH_SUPER_MAGIC:
	case V9FS_MAGIC:
	case AFS_SUPER_MAGIC:
	case AFS_FS_MAGIC:
	case CODA_SUPER_MAGIC:
	case ORANGEFS_MAGIC:
	case VBOXSF_MAGIC:
	case OCFS2_MAGIC:
	case GFS2_DISK_MAGIC:
		return MF_SERVER_NETWORK;
	default:
		return MF_SERVER_NONE;
	}
}

/**
 * mf_inode_far() - is another machine asked for what an inode holds
 * @inode: the inode
 *
 * Context: any.
 */
bool mf_inode_far(const struct inode *inode)
{
	return mf_sb_server(inode->i_sb) == MF_SERVER_NETWORK;
}

static enum mf_sink sink_of_file(const struct super_block *sb)
{
	if (mf_sb_is_memory(sb))
		return MF_SINK_MEMORY;
	if (mf_sb_server(sb) == MF_SERVER_NETWORK)
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
