// SPDX-License-Identifier: GPL-2.0
/* Open files: opening, reading, writing, mapping. */
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <net/sock.h>

#include "attach.h"
#include "description.h"
#include "hook_net.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "standing.h"
#include "subject.h"

/* Nearly every call ends here: a file known to have no label, a program without taint. */
static __always_inline bool nothing_to_judge(const struct file *file)
{
	return likely(mf_inode_plain(file->f_inode)) && likely(!mf_subject_tainted());
}

static int write_slow(struct file *file)
{
	struct inode *inode = file_inode(file);

	return S_ISSOCK(inode->i_mode) ? mf_socket_write(SOCKET_I(inode)) :
					 mf_judge_write(file, MIFENG_OP_WRITE);
}

static noinline int file_permission_slow(struct file *file, int mask)
{
	int err = 0;

	mf_hook_enter();
	/*
	 * What the kernel reads of a file it is about to execute goes to the new image, which
	 * is raised at its commit. The flag alone is not enough: a binfmt_misc entry can
	 * hand the descriptor to the interpreter, and that to anybody.
	 */
	if ((mask & MAY_READ) && (file->f_flags & __FMODE_EXEC) && current->in_execve)
		err = mf_judge_exec_read(file);
	else if (mask & MAY_READ)
		err = mf_judge_read(file, MIFENG_OP_READ);
	if (!err && (mask & MAY_READ) && S_ISSOCK(file_inode(file)->i_mode) && mf_subject_tainted())
		err = mf_socket_read(SOCKET_I(file_inode(file)));
	if (!err && (mask & (MAY_WRITE | MAY_APPEND)) && mf_subject_tainted())
		err = write_slow(file);
	mf_hook_exit();
	return err;
}

/* It moves the position, which others may ask for. */
static noinline int shared_permission_slow(struct file *file, int mask)
{
	int err = 0;

	if ((file->f_flags & __FMODE_EXEC) || !mf_stands(file->f_inode, mask))
		err = file_permission_slow(file, mask);
	if (err || !(mask & MAY_READ))
		return err;
	mf_hook_enter();
	err = mf_judge_position(file, true);
	mf_hook_exit();
	return err;
}

int hook_file_permission(struct file *file, int mask)
{
	const struct inode *inode = file->f_inode;

	if (nothing_to_judge(file))
		return 0;
	if (unlikely(mf_description_shared(file)) && mf_subject_tainted())
		return shared_permission_slow(file, mask);
	if (mask == MAY_READ && mf_inode_plain(inode))
		return 0;
	/* what is read for an exec does not go to the current program */
	if (likely(!(file->f_flags & __FMODE_EXEC)) && mf_stands(inode, mask))
		return 0;
	return file_permission_slow(file, mask);
}

static noinline int file_open_slow(struct file *file)
{
	int err;

	mf_hook_enter();
	err = mf_judge_open(file);
	mf_hook_exit();
	return err;
}

int hook_file_open(struct file *file)
{
	const int may = file->f_mode & FMODE_WRITE ? MAY_WRITE : 0;

	if (nothing_to_judge(file) || (!may && mf_inode_plain(file->f_inode)))
		return 0;
	if (mf_stands_open(file->f_inode, may))
		return 0;
	return file_open_slow(file);
}

static noinline int mmap_file_slow(struct file *file, unsigned long flags)
{
	const umode_t kind = file_inode(file)->i_mode & S_IFMT;
	unsigned long type = flags & MAP_TYPE;
	int err;

	mf_hook_enter();
	/* whatever the protection asked for now: mprotect can add to it */
	err = mf_judge_read(file, MIFENG_OP_MAP);
	if (!err && (type == MAP_SHARED || type == MAP_SHARED_VALIDATE) &&
	    (file->f_mode & FMODE_WRITE) && mf_subject_tainted())
		/* memory of the kernel: rings, also of sockets, maps of BPF */
		err = kind && kind != S_IFSOCK ? mf_judge_write(file, MIFENG_OP_MAP) :
						 mf_judge_facility(MIFENG_OP_MAP);
	mf_hook_exit();
	return err;
}

int hook_mmap_file(struct file *file, unsigned long prot, unsigned long flags)
{
	if (!file || nothing_to_judge(file))
		return 0;
	return mmap_file_slow(file, flags);
}
