// SPDX-License-Identifier: GPL-2.0
/* The module itself: once a policy is in force it is not unloaded, by force neither. */
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "policy.h"

int hook_delete_module(const struct pt_regs *regs)
{
	const char __user *user_name = (const char __user *)regs->di;
	char name[MODULE_NAME_LEN];
	int err = 0;

#ifdef MIFENG_DEBUG
	return 0;
#endif
	if (!mf_policy_active())
		return 0;
	mf_hook_enter();
	if (strncpy_from_user(name, user_name, sizeof(name) - 1) < 0)
		goto out; /* the call itself will say so */
	name[sizeof(name) - 1] = '\0';
	if (strcmp(name, THIS_MODULE->name) == 0)
		err = mf_judge_unload();
out:
	mf_hook_exit();
	return err;
}
