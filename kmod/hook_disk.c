// SPDX-License-Identifier: GPL-2.0
/*
 * On a locked machine its own disks are not reached past their file systems: not written, not
 * mapped, not commanded, and read only in their first kilobytes, where it stands what they are. There
 * reading ends as a disk ends, because who looks for file systems, udev at each change, tries many
 * places and goes on at the end of the disk, but not after an error.
 *
 * It does not matter when the disk was opened. What can be carried away is not guarded: what is
 * classified is not on it.
 */
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/cdrom.h>
#include <linux/device.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/major.h>
#include <linux/miscdevice.h>
#include <linux/rcupdate.h>
#include <linux/raid/md_u.h>
#include <linux/sizes.h>
#include <linux/uio.h>
#ifdef MF_HAS_BLKDEV_URING_CMD
#include <linux/io_uring/cmd.h>
#endif
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_proto.h>
#include <scsi/sg.h>
#include <uapi/linux/blkzoned.h>
#include <uapi/linux/nvme_ioctl.h>

#include "attach.h"
#include "hook_disk.h"
#include "hooks.h"
#include "judge.h"
#include "locked.h"
#include "medium.h"

/* Partition tables, superblocks, headers; the last of them is that of btrfs, at 64 KiB. */
#define HEAD_SIZE (SZ_64K + SZ_4K)

/* Commands by way of SCSI to the disk behind it: ATA/ATAPI Command Set, 7. */
#define ATA_CHECK_POWER_MODE	0xe5
#define ATA_IDENTIFY		0xec
#define ATA_SMART		0xb0
#define ATA_SMART_WRITE_LOG	0xd6

#define SG_COMMANDS 0x2200

static bool is_guarded(const struct file *file)
{
	return mf_disk_of_machine(I_BDEV(file->f_mapping->host)->bd_disk);
}

static int refuse(const struct file *file, enum mifeng_operation operation)
{
	return mf_judge_locked(file, operation, "a disk of the machine");
}

static int judge(const struct file *file, enum mifeng_operation operation)
{
	int err = 0;

	if (!mf_locked())
		return 0;
	mf_hook_enter();
	if (is_guarded(file))
		err = refuse(file, operation);
	mf_hook_exit();
	return err;
}

/* Where the disk ends for who reads past its head. */
static int end_here(const struct file *file)
{
	refuse(file, MIFENG_OP_READ);
	return MF_SKIP;
}

int hook_blkdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	int answer = 0;

	if (!mf_locked())
		return 0;
	mf_hook_enter();
	if (is_guarded(iocb->ki_filp)) {
		if (iocb->ki_pos < HEAD_SIZE)
			iov_iter_truncate(to, HEAD_SIZE - iocb->ki_pos);
		else
			answer = end_here(iocb->ki_filp);
	}
	mf_hook_exit();
	return answer;
}

#ifdef MF_HAS_FILEMAP_SPLICE_READ
/* All of it is in the head, or the disk has ended. */
int hook_filemap_splice_read(struct file *in, loff_t *offset, struct pipe_inode_info *pipe,
			     size_t length, unsigned int flags)
{
	int answer = 0;

	if (!mf_locked() || !S_ISBLK(file_inode(in)->i_mode))
		return 0;
	mf_hook_enter();
	if (is_guarded(in) && (length > HEAD_SIZE || *offset > HEAD_SIZE - (loff_t)length))
		answer = end_here(in);
	mf_hook_exit();
	return answer;
}
#endif

int hook_blkdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return judge(iocb->ki_filp, MIFENG_OP_WRITE);
}

int hook_blkdev_fallocate(struct file *file, int mode, loff_t start, loff_t length)
{
	return judge(file, MIFENG_OP_WRITE);
}

int hook_blkdev_mmap(struct file *file, struct vm_area_struct *vma)
{
	return judge(file, MIFENG_OP_MAP);
}

#ifdef MF_HAS_BLKDEV_URING_CMD
int hook_blkdev_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	return judge(cmd->file, MIFENG_OP_IOCTL);
}
#endif

/* What udev, mount and the tools that list disks ask. SG_IO is judged by what it says, below. */
static bool only_asks(unsigned int cmd)
{
	switch (cmd) {
	case BLKROGET:
	case BLKGETSIZE:
	case BLKGETSIZE64:
	case BLKSSZGET:
	case BLKPBSZGET:
	case BLKBSZGET:
	case BLKBSZSET:
	case BLKIOMIN:
	case BLKIOOPT:
	case BLKALIGNOFF:
	case BLKRAGET:
	case BLKRASET:
	case BLKFRAGET:
	case BLKFRASET:
	case BLKSECTGET:
	case BLKDISCARDZEROES:
	case BLKROTATIONAL:
	case BLKFLSBUF:
	case BLKRRPART:
	case BLKGETDISKSEQ:
	case BLKGETZONESZ:
	case BLKGETNRZONES:
	case BLKREPORTZONE:
	case HDIO_GETGEO:
	case HDIO_GET_IDENTITY:
	case CDROM_GET_CAPABILITY:
	case CDROM_DRIVE_STATUS:
	case RAID_VERSION:
	case GET_ARRAY_INFO:
	case GET_DISK_INFO:
	case GET_BITMAP_FILE:
	case NVME_IOCTL_ID:
	case SCSI_IOCTL_GET_IDLUN:
	case SCSI_IOCTL_GET_BUS_NUMBER:
	case SG_GET_VERSION_NUM:
	case SG_GET_TIMEOUT:
	case SG_GET_RESERVED_SIZE:
	case SG_EMULATED_HOST:
	case SG_IO:
#ifdef CONFIG_COMPAT
	case _IOR(0x12, 114, compat_size_t): /* BLKGETSIZE64 */
	case _IOR(0x12, 112, compat_size_t): /* BLKBSZGET */
	case _IOW(0x12, 113, compat_size_t): /* BLKBSZSET */
#endif
		return true;
	default:
		return false;
	}
}

int hook_blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return only_asks(cmd) ? 0 : judge(file, MIFENG_OP_IOCTL);
}

int hook_blkdev_ioctl_compat(struct file *file, unsigned int cmd, unsigned long arg)
{
	return hook_blkdev_ioctl(file, cmd, arg);
}

static bool is_mapper(const struct inode *inode)
{
	return imajor(inode) == MISC_MAJOR && iminor(inode) == MAPPER_CTRL_MINOR;
}

/* The device mapper puts any sector of a disk where a new one begins. */
static bool loads_a_table(unsigned int cmd)
{
	return _IOC_TYPE(cmd) == DM_IOCTL && _IOC_NR(cmd) == DM_TABLE_LOAD_CMD;
}

/**
 * mf_disk_command() - a command to a device that has disks behind it
 * @file: a character device
 * @cmd: the command
 *
 * What goes through the block layer with a program's memory is judged there. Context: process.
 *
 * Return: 0, or -EPERM on a locked machine.
 */
int mf_disk_command(const struct file *file, unsigned int cmd)
{
	const struct inode *inode = file_inode(file);

	if (!S_ISCHR(inode->i_mode))
		return 0;
	if (is_mapper(inode))
		return loads_a_table(cmd) ? refuse(file, MIFENG_OP_IOCTL) : 0;
	/* those of sg itself; what it does not know it passes on to the disk */
	if (imajor(inode) == SCSI_GENERIC_MAJOR && (cmd & ~0xffU) != SG_COMMANDS && !only_asks(cmd))
		return refuse(file, MIFENG_OP_IOCTL);
	return 0;
}

/* What the disk is and how it fares, not what is on it. */
static bool ata_only_asks(u8 command, u8 feature)
{
	return command == ATA_IDENTIFY || command == ATA_CHECK_POWER_MODE ||
	       (command == ATA_SMART && feature != ATA_SMART_WRITE_LOG);
}

static bool scsi_only_asks(const u8 *command)
{
	switch (command[0]) {
	case TEST_UNIT_READY:
	case REQUEST_SENSE:
	case INQUIRY:
	case MODE_SENSE:
	case MODE_SENSE_10:
	case LOG_SENSE:
	case READ_CAPACITY:
	case REPORT_LUNS:
		return true;
	case SERVICE_ACTION_IN_16:
		return (command[1] & 0x1f) == SAI_READ_CAPACITY_16;
	case ATA_12:
		return ata_only_asks(command[9], command[3]);
	case ATA_16:
		return ata_only_asks(command[14], command[4]);
	default:
		return false;
	}
}

/* A referenced disk, or NULL: it may be let go of meanwhile. */
static struct gendisk *disk_of(const struct request_queue *queue)
{
	struct gendisk *disk;

	rcu_read_lock();
	disk = READ_ONCE(queue->disk);
	if (disk && !kobject_get_unless_zero(&disk_to_dev(disk)->kobj))
		disk = NULL;
	rcu_read_unlock();
	return disk;
}

static bool is_scsi(const struct gendisk *disk)
{
	const struct device *parent = disk_to_dev(disk)->parent;

	return parent && parent->bus && strcmp(parent->bus->name, "scsi") == 0;
}

static bool is_let_through(struct gendisk *disk, struct request *request)
{
	const struct scsi_cmnd *command;

	if (!disk)
		return false;
	if (!is_scsi(disk))
		return !mf_disk_of_machine(disk);
	command = blk_mq_rq_to_pdu(request);
	return scsi_only_asks(command->cmnd) || !mf_disk_of_machine(disk);
}

/*
 * A program's memory is lent to a command of its own making, which was copied before: by SG_IO, sg,
 * bsg, the nodes of NVMe. A queue without a disk commands the whole controller, or a tape.
 */
int hook_rq_map_user(struct request_queue *queue, struct request *request, struct rq_map_data *data,
		     const struct iov_iter *iter, gfp_t flags)
{
	struct gendisk *disk;
	int err = 0;

	if (!mf_locked())
		return 0;
	mf_hook_enter();
	disk = disk_of(queue);
	if (!is_let_through(disk, request))
		err = mf_judge_locked(NULL, MIFENG_OP_SETUP, "commands to a disk of the machine");
	if (disk)
		put_device(disk_to_dev(disk));
	mf_hook_exit();
	return err;
}
