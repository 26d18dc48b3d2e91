// SPDX-License-Identifier: GPL-2.0
/* Mounts: what the policy says of unregistered media, and hooks that come with a filesystem. */
#include <linux/fs.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
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

int hook_sb_kern_mount(mf_kern_mount_sb_t *sb)
{
	int err;

	mf_hook_enter();
	err = mf_hooks_attach_mounted(sb);
	if (!err && mf_policy_active() && sb->s_root)
		err = mf_judge_mount(sb, !sb_rdonly(sb));
	mf_hook_exit();
	return err;
}
