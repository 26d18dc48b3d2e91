// SPDX-License-Identifier: GPL-2.0
/* Mounts, what the kernel does for a program, and the module itself. */
#include "judge.h"

#include <linux/dcache.h>
#include <linux/fs.h>

#include "judgement.h"
#include "mark.h"
#include "medium.h"
#include "shared.h"

/**
 * mf_judge_mount() - a filesystem is mounted, or mounted otherwise
 * @sb: the filesystem
 * @writable: to be written
 *
 * Return: also -EROFS where the policy lets the medium be read: mount programs then
 * try again read-only by themselves.
 */
int mf_judge_mount(const struct super_block *sb, bool writable)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;

	mf_judgement_begin(&judgement, MIFENG_OP_OPEN);
	facts->writable = writable;
	/* what merely cannot be resolved is nobody's stick, and mounts */
	facts->sink = mf_medium_of(sb) == MF_MEDIUM_CARRIED ? MF_SINK_REMOVABLE : MF_SINK_FILE;
	judgement.report.dentry = sb->s_root;
	judgement.report.inode = d_inode(sb->s_root);
	return mf_judgement_answer(&judgement, mf_decide_mount(facts),
		      facts->removable == MIFENG_REMOVABLE_READ_ONLY ? -EROFS : -EACCES);
}

/**
 * mf_judge_facility() - a tainted program uses something of the kernel that acts for it unseen
 * @operation: SETUP, or MAP for memory shared with such a thing
 *
 * Context: may not sleep where the hook may not.
 */
int mf_judge_facility(enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.report.label = &judgement.facts.taint;
	return mf_judgement_answer(&judgement, mf_decide_facility(&judgement.facts), -EACCES);
}

/**
 * mf_judge_passing() - a program receives an open file that keeps what it is told: epoll, a timer
 * @file: the file
 *
 * Context: process, may not sleep where the hook may not.
 */
int mf_judge_passing(struct file *file)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_RECEIVE);
	mf_judgement_path(&judgement, &file->f_path, file_inode(file));
	judgement.facts.settled = !mf_shared_unequally(file);
	return mf_judgement_answer(&judgement, mf_decide_passing(&judgement.facts), -EACCES);
}

/**
 * mf_judge_ioctl() - a tainted program gives a file a command that is not known to be harmless
 * @file: the file
 * @attribute: the command sets nothing but the file's own attributes
 */
int mf_judge_ioctl(struct file *file, bool attribute)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, MIFENG_OP_IOCTL);
	mf_judgement_path(&judgement, &file->f_path, inode);
	if (attribute && inode)
		return mf_judge_attributes(file->f_path.dentry, MIFENG_OP_IOCTL, MF_ATTRIBUTES_FEW);
	judgement.report.label = &judgement.facts.taint;
	verdict = mf_decide_facility(&judgement.facts);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_relabel() - somebody changes the label's xattr directly
 * @dentry: the object
 */
int mf_judge_relabel(struct dentry *dentry)
{
	struct mf_judgement judgement;

	if (mf_label_is_probe(d_inode(dentry)))
		return -EPERM;
	mf_judgement_begin(&judgement, MIFENG_OP_RELABEL);
	judgement.report.dentry = dentry;
	judgement.report.inode = d_inode(dentry);
	return mf_judgement_answer(&judgement, mf_decide_protected(MIFENG_REASON_LABEL_PROTECTED), -EPERM);
}

/**
 * mf_judge_locked() - somebody, root perhaps, tries what nobody may on a locked machine
 * @file: the disk, or NULL
 * @operation: SETUP, or what is done to the disk
 * @door: what is closed, in words for the record
 *
 * Context: task, interrupts on; does not sleep.
 *
 * Return: -EPERM.
 */
int mf_judge_locked(const struct file *file, enum mifeng_operation operation, const char *door)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	if (file)
		mf_judgement_path(&judgement, &file->f_path, file_inode(file));
	judgement.report.culprit = door;
	return mf_judgement_answer(&judgement, mf_decide_protected(MIFENG_REASON_LOCKED), -EPERM);
}

/**
 * mf_judge_unload() - somebody unloads the module
 */
int mf_judge_unload(void)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_UNLOAD);
	return mf_judgement_answer(&judgement, mf_decide_protected(MIFENG_REASON_IN_USE), -EBUSY);
}
