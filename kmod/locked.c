// SPDX-License-Identifier: GPL-2.0
/*
 * Locked mode, against root on purpose: from LOCK to the next start of the machine
 *
 *   - the policy stays as it is;
 *   - the kernel is locked down for confidentiality, whatever it was told at boot: kernel_lockdown(7)
 *     (hook_locked.c);
 *   - BPF programs that see the kernel, perf events, kexec and new swap are refused (hook_facility.c);
 *   - the machine's own disks are not written or read past their file systems (hook_disk.c), nor by a
 *     file system that is told where on them to look (hook_mount.c);
 *   - modules that would read disks or memory for others do not come.
 *
 * What was set up before is trusted: a machine is locked right after its start. That no module was
 * loaded that nobody signed is the kernel's to say, so it must be locked down already.
 */
#include "locked.h"

#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/security.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "attach.h"
#include "imports.h"
#include "judge.h"
#include "policy.h"

/* From the lock's first moment; taken back only if the lock is refused. Generic netlink serialises. */
bool mf_is_locked;

struct kimage;

/* A kernel that is started with the memory of this one, or when it crashes; also if that cannot be told. */
static bool has_image(const char *symbol)
{
	struct kimage *const *image = (struct kimage *const *)mf_call_kallsyms_lookup_name(symbol);

	return IS_ENABLED(CONFIG_KEXEC_CORE) && (!image || READ_ONCE(*image));
}

/* Pages of a disk that a program has mapped are its own from then on. */
static bool is_any_mapped(void)
{
	struct super_block *sb = blockdev_superblock;
	struct inode *inode;
	bool mapped = false;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list)
		mapped = mapped || mapping_mapped(inode->i_mapping);
	spin_unlock(&sb->s_inode_list_lock);
	return mapped;
}

static int find_obstacle(const char **text)
{
	if (has_image("kexec_image") || has_image("kexec_crash_image")) {
		*text = "another kernel is loaded for kexec or kdump: unload it (kexec -u, kexec -p -u)";
		return -EBUSY;
	}
	if (is_any_mapped()) {
		*text = "a program has a disk mapped into its memory: end it";
		return -EBUSY;
	}
	if (!mf_policy_enforces()) {
		*text = "apply a policy that enforces first: what is in force now is what stays";
		return -EINVAL;
	}
	return 0;
}

/* Signed as they are: they open disks by themselves and hand them on, or lend programs the hardware. */
static const char *const barred_modules[] = {
	"bcache",   "block2mtd",       "drbd", "md_mod", "nvmet", "pktcdvd", "rnbd_server",
	"rnbd_srv", "target_core_mod", "uio",  "vfio",	 "xen_blkback",
};

static int bar_module(struct notifier_block *block, unsigned long event, void *data)
{
	const struct module *module = data;

	if (event != MODULE_STATE_COMING || !mf_locked() ||
	    match_string(barred_modules, ARRAY_SIZE(barred_modules), module->name) < 0)
		return NOTIFY_DONE;
	return notifier_from_errno(mf_judge_locked(NULL, MIFENG_OP_SETUP,
						   "modules that lend disks or hardware"));
}

static struct notifier_block module_notifier = { .notifier_call = bar_module };

/**
 * mf_locked_init() - be asked when a module comes
 *
 * Return: 0 or -EEXIST.
 */
int mf_locked_init(void)
{
	return register_module_notifier(&module_notifier);
}

/**
 * mf_locked_exit() - be asked no more
 */
void mf_locked_exit(void)
{
	unregister_module_notifier(&module_notifier);
}

/**
 * mf_lock() - lock the machine, until it starts again
 * @text: set on failure to a constant sentence that says why
 *
 * Context: process, may sleep; one at a time.
 *
 * Return: 0; -EPERM on a kernel that is not locked down; -EINVAL without a policy that enforces;
 * -EBUSY for what is in the way; what attaching the hooks that are late answered.
 */
int mf_lock(const char **text)
{
	const char *held;
	int err;

	if (!security_locked_down(LOCKDOWN_MODULE_SIGNATURE)) {
		*text = "the kernel is not locked down: start it with Secure Boot or lockdown=integrity";
		return -EPERM;
	}
	err = mf_hooks_complete(&held);
	if (err) {
		*text = "a function to be hooked is held by another tracer, live patch or BPF program";
		return err;
	}
	WRITE_ONCE(mf_is_locked, true);
	err = find_obstacle(text);
	if (err)
		WRITE_ONCE(mf_is_locked, false);
	return err;
}
