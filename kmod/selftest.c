// SPDX-License-Identifier: GPL-2.0
/*
 * Do the hooks really work? A file of the module's own, in memory, is one that they
 * refuse to everybody. At load and every ten seconds it is
 *   read		through security_file_permission
 *   opened		through security_file_open
 *   relabelled	through security_inode_removexattr
 * by the calls that everybody's reads and opens take. Each must be refused. If one is not, a tracer or a live patch has taken the site away:
 * the state becomes degraded, which is an incident, and labelled files are unreadable from then on.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "selftest.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/shmem_fs.h>
#include <linux/workqueue.h>
#include <linux/xattr.h>

#include "compat/compat.h"
#include "event.h"
#include "label_cache.h"
#include "policy.h"

#define PERIOD (10 * HZ)

static struct file *probe;
static u64 passed;

static void again(struct work_struct *work);
static DECLARE_DELAYED_WORK(timer, again);

static bool read_refused(void)
{
	char byte;
	loff_t at = 0;

	return kernel_read(probe, &byte, sizeof(byte), &at) == -EACCES;
}

static bool open_refused(void)
{
	struct file *file = dentry_open(&probe->f_path, O_RDONLY | O_LARGEFILE, current_cred());

	if (IS_ERR(file))
		return PTR_ERR(file) == -EACCES;
	fput(file);
	return false;
}

static bool relabel_refused(void)
{
	return vfs_removexattr(mf_idmap_nop, probe->f_path.dentry, MIFENG_XATTR_NAME) == -EPERM;
}

static const char *dead_hook(void)
{
	if (!read_refused())
		return "security_file_permission";
	if (!open_refused())
		return "security_file_open";
	if (!relabel_refused())
		return "security_inode_removexattr";
	return NULL;
}

static void again(struct work_struct *work)
{
	const char *dead = dead_hook();

	if (dead) {
		struct mf_report report = {
			.verdict = MIFENG_VERDICT_NOTED,
			.operation = MIFENG_OP_SELFTEST,
			.reason = MIFENG_REASON_HOOK_DEAD,
			.culprit = dead,
		};

		pr_crit("the hook on %s is dead: labelled files are unreadable now\n", dead);
		mf_policy_degrade();
		mf_event_report(&report);
		return;
	}
	WRITE_ONCE(passed, passed + 1);
	schedule_delayed_work(&timer, PERIOD);
}

/**
 * mf_selftest_init() - make the file that must not be readable
 *
 * Return: 0 or what shmem answered.
 */
int mf_selftest_init(void)
{
	probe = shmem_file_setup("mifeng-selftest", 1, VM_NORESERVE);
	if (IS_ERR(probe))
		return PTR_ERR(probe);
	mf_probe_inode = file_inode(probe);
	return 0;
}

/**
 * mf_selftest_start() - try the hooks, and go on trying
 *
 * Context: process; after mf_hooks_attach().
 *
 * Return: 0, or -EIO if a hook does not work, which is told in the kernel log.
 */
int mf_selftest_start(void)
{
	const char *dead = dead_hook();

	if (dead) {
		pr_err("not loaded: the hook on %s does not work on this kernel\n", dead);
		return -EIO;
	}
	WRITE_ONCE(passed, 1);
	schedule_delayed_work(&timer, PERIOD);
	return 0;
}

/**
 * mf_selftests_passed() - how often all hooks were found working since load
 *
 * Return: the number.
 */
u64 mf_selftests_passed(void)
{
	return READ_ONCE(passed);
}

/**
 * mf_selftest_stop() - stop trying, before the hooks are given back
 */
void mf_selftest_stop(void)
{
	cancel_delayed_work_sync(&timer);
}

/**
 * mf_selftest_exit() - drop the file, when no hook is left
 */
void mf_selftest_exit(void)
{
	if (!IS_ERR_OR_NULL(probe))
		fput(probe);
}
