// SPDX-License-Identifier: GPL-2.0
/* The module itself: once a policy is in force it is not unloaded, by force neither. */
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "policy.h"

static int unload(const char __user *user_name)
{
	char name[MODULE_NAME_LEN];
	int err = 0;

	if (!mf_policy_holds_module())
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

int hook_delete_module(const struct pt_regs *regs)
{
	return unload((const char __user *)regs->di);
}

/* The arguments of 32-bit programs come in other registers. */
int hook_delete_module_ia32(const struct pt_regs *regs)
{
	return unload((const char __user *)(unsigned long)(u32)regs->bx);
}
