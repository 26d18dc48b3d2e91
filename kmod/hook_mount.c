// SPDX-License-Identifier: GPL-2.0
/* Mounts: what the policy says of unregistered media. */
#include <linux/fs.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "policy.h"

int hook_sb_kern_mount(mf_kern_mount_sb_t *sb)
{
	int err;

	if (!mf_policy_active() || !sb->s_root)
		return 0;
	mf_hook_enter();
	err = mf_judge_mount(sb);
	mf_hook_exit();
	return err;
}
