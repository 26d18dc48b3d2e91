// SPDX-License-Identifier: GPL-2.0
/* Mounts: what the policy says of unregistered media, and hooks that come with a filesystem. */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/string.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "locked.h"
#include "medium.h"
#include "policy.h"

/*
 * The hook is not told what the mount is to become. A medium that the policy lets be
 * read only was mounted so; one that was writable before the policy came may become so.
 */
int hook_sb_remount(struct super_block *sb, void *mnt_opts)
{
	int err;

	if (!mf_policy_active() || !sb_rdonly(sb))
		return 0;
	mf_hook_enter();
	err = mf_judge_mount(sb, true);
	mf_hook_exit();
	return err;
}

/*
 * On a locked machine a file system is no way to read its disks at a place of one's choice: those of CDs
 * are told where to look.
 */
static int may_be_on_disk(const struct super_block *sb)
{
	static const char *const types[] = { "ext2", "ext3", "ext4", "xfs", "btrfs", "vfat" };

	if (!mf_locked() || !sb->s_bdev || !mf_disk_of_machine(sb->s_bdev->bd_disk) ||
	    match_string(types, ARRAY_SIZE(types), sb->s_type->name) >= 0)
		return 0;
	return mf_judge_locked(NULL, MIFENG_OP_SETUP, "filesystems of this type on a disk of the machine");
}

int hook_sb_kern_mount(mf_kern_mount_sb_t *sb)
{
	int err;

	mf_hook_enter();
	err = mf_hooks_attach_mounted(sb);
	if (!err)
		err = may_be_on_disk(sb);
	if (!err && mf_policy_active() && sb->s_root)
		err = mf_judge_mount(sb, !sb_rdonly(sb));
	mf_hook_exit();
	return err;
}
