// SPDX-License-Identifier: GPL-2.0
/*
 * Pinned programs: those that are never raised, because what they take on would creep
 * over everything that talks to them, and because whoever taints one silences it for others.
 *
 * A program is known by the path of its executable, seen from the root of the mount namespace
 * that the executable was started in, not from that of whoever asks: so a sender that
 * changed its root or mounts cannot make a pinned receiver look like another program. Somebody who
 * makes his own program look pinned, in a namespace of his own, only has it refused more.
 */
#include "pinned.h"

#include <linux/audit.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "imports.h"
#include "policy.h"

static bool file_pinned(const struct file *exe)
{
	char *buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	const char *path;
	bool pinned;

	if (!buffer)
		return true;
	path = mf_call_d_absolute_path(&exe->f_path, buffer, PATH_MAX);
	/* what is mounted nowhere, a memfd for one, has no path that a pattern could name */
	if (PTR_ERR_OR_ZERO(path) == -EINVAL)
		pinned = false;
	else
		pinned = IS_ERR(path) || mf_policy_pinned(path);
	kfree(buffer);
	return pinned;
}

static bool image_pinned(struct mm_struct *mm)
{
	struct file *exe = mf_call_get_mm_exe_file(mm);
	bool pinned;

	if (!exe)
		return true;
	pinned = file_pinned(exe);
	fput(exe);
	return pinned;
}

/**
 * mf_task_pinned() - is a program one that is never raised
 * @task: a task of it; the caller holds a reference
 *
 * Context: process, may sleep.
 *
 * Return: true for kernel threads, for tasks nobody logged in for, and for those whose executable
 * the policy pins; also where that cannot be told. False for a task that has given up its
 * address space: it reads nothing any more.
 */
bool mf_task_pinned(struct task_struct *task)
{
	struct mm_struct *mm;
	bool pinned;

	if ((task->flags & PF_KTHREAD) || !uid_valid(audit_get_loginuid(task)))
		return true;
	if (!mf_policy_pins())
		return false;
	mm = get_task_mm(task);
	if (!mm)
		return false;
	pinned = image_pinned(mm);
	mmput(mm);
	return pinned;
}
