// SPDX-License-Identifier: GPL-2.0
/*
 * Locked mode, against root on purpose: from LOCK to the next start of the machine
 *
 *   - the policy stays as it is;
 *   - the kernel is locked down for confidentiality, whatever it was told at boot: kernel_lockdown(7)
 *     (hook_locked.c);
 *   - BPF programs that see the kernel, perf events, kexec and new swap are refused (hook_facility.c);
 *   - the machine's own disks are not written or read past their file systems (hook_disk.c).
 *
 * What was set up before is trusted: a machine is locked right after its start. That no module was
 * loaded that nobody signed is the kernel's to say, so it must be locked down already.
 */
#include "locked.h"

#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/security.h>
#include <linux/spinlock.h>

#include "attach.h"
#include "imports.h"
#include "policy.h"

/* From the lock's first moment; taken back only if the lock is refused. Generic netlink serialises. */
bool mf_is_locked;

struct kimage;

/* A kernel that is started with the memory of this one, or when it crashes. */
static bool has_image(const char *symbol)
{
	struct kimage *const *image = (struct kimage *const *)mf_call_kallsyms_lookup_name(symbol);

	return image && READ_ONCE(*image);
}

/* Pages of a disk that a program has mapped are its own from then on. */
static void find_mapped(struct super_block *sb, void *found)
{
	struct inode *inode;

	if (sb->s_magic != BDEVFS_MAGIC)
		return;
	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list)
		if (mapping_mapped(inode->i_mapping))
			*(bool *)found = true;
	spin_unlock(&sb->s_inode_list_lock);
}

static int find_obstacle(const char **text)
{
	bool mapped = false;

	if (has_image("kexec_image") || has_image("kexec_crash_image")) {
		*text = "another kernel is loaded for kexec or kdump: unload it (kexec -u, kexec -p -u)";
		return -EBUSY;
	}
	mf_call_iterate_supers(find_mapped, &mapped);
	if (mapped) {
		*text = "a program has a disk mapped into its memory: end it";
		return -EBUSY;
	}
	if (!mf_policy_enforces()) {
		*text = "apply a policy that enforces first: what is in force now is what stays";
		return -EINVAL;
	}
	return 0;
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
