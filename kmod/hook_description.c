// SPDX-License-Identifier: GPL-2.0
/*
 * Calls on descriptors that say or ask something without data, see description.c.
 *
 * Which open file a call to lseek is about is looked up inside the call, where no function can be
 * hooked, and another thread may have put another one in the descriptor's place meanwhile. So the hook
 * makes the call itself where there is something to judge.
 */
#include <linux/compat.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>

#include "attach.h"
#include "description.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "owner.h"
#include "subject.h"

#define FLAGS (O_APPEND | O_NONBLOCK | O_NDELAY | O_DIRECT | O_NOATIME | FASYNC)

static int set_flags(struct file *file, unsigned long flags)
{
	const unsigned long changed = (flags ^ file->f_flags) & FLAGS;
	int err = changed ? mf_judge_description(file, MIFENG_OP_SETATTR, true) : 0;

	return err || !(changed & FASYNC) ? err : mf_judge_owner(file);
}

int hook_file_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int err = 0;

	if (likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	switch (cmd) {
	case F_GETLK:
	case F_OFD_GETLK:
	case F_GETLK64:
		err = mf_judge_network(file->f_path.dentry, file_inode(file));
		break;
	case F_SETFL:
		err = set_flags(file, arg);
		break;
	case F_SETOWN:
		err = mf_judge_description(file, MIFENG_OP_SETATTR, false) ?:
		      mf_judge_new_owner(file, (int)arg);
		break;
	case F_SETOWN_EX: /* it is named in memory, which can change after it was looked at */
		err = mf_judge_unknown_owner(file);
		break;
	case F_SETSIG:
		err = mf_judge_description(file, MIFENG_OP_SETATTR, false) ?: mf_judge_owner(file);
		break;
	case F_ADD_SEALS:
		err = mf_judge_seals(file);
		break;
	case F_SETLEASE:
		if (arg != F_UNLCK)
			err = mf_judge_facility(MIFENG_OP_SETUP);
		break;
	case F_SET_RW_HINT:
	case F_SETPIPE_SZ:
		err = mf_judge_facility(MIFENG_OP_SETUP);
		break;
	}
	mf_hook_exit();
	return err;
}

/* What the call answers. */
static loff_t seek(struct file *file, loff_t offset, unsigned int whence)
{
	const bool locked = file->f_mode & FMODE_ATOMIC_POS;
	loff_t at = mf_judge_position(file, false);

	/* where it ends, and where there is data, only the machine knows that has the file */
	if (!at && whence != SEEK_SET && whence != SEEK_CUR && mf_subject_tainted())
		at = mf_judge_network(file->f_path.dentry, file_inode(file));
	if (at)
		return at;
	if (whence > SEEK_MAX)
		return -EINVAL;
	if (locked)
		mutex_lock(&file->f_pos_lock);
	at = vfs_llseek(file, offset, whence);
	if (locked)
		mutex_unlock(&file->f_pos_lock);
	return at;
}

/* The file, if there is something to judge; everybody else's call goes on by itself. */
static struct file *file_of(unsigned int fd)
{
	struct file *file = fget(fd);

	if (file && (mf_subject_tainted() || (mf_description_shared(file) &&
					      !mf_inode_plain(file_inode(file)))))
		return file;
	if (file)
		fput(file);
	return NULL;
}

static loff_t seek_and_put(struct file *file, loff_t offset, unsigned int whence)
{
	loff_t at;

	mf_hook_enter();
	at = seek(file, offset, whence);
	fput(file);
	mf_hook_exit();
	return at;
}

int hook_lseek(const struct pt_regs *regs)
{
	struct file *file = file_of(regs->di);

	if (likely(!file))
		return 0;
	return mf_answer(regs, seek_and_put(file, (off_t)regs->si, (unsigned int)regs->dx));
}

int hook_lseek_ia32(const struct pt_regs *regs)
{
	struct file *file = file_of((u32)regs->bx);

	if (likely(!file))
		return 0;
	return mf_answer(regs, seek_and_put(file, (compat_off_t)regs->cx, (unsigned int)regs->dx));
}

int hook_llseek_ia32(const struct pt_regs *regs)
{
	const loff_t offset = (loff_t)((u64)(u32)regs->cx << 32 | (u32)regs->dx);
	loff_t __user *result = compat_ptr(regs->si);
	struct file *file = file_of((u32)regs->bx);
	loff_t at;

	if (likely(!file))
		return 0;
	at = seek_and_put(file, offset, (unsigned int)regs->di);
	if (at >= 0)
		at = copy_to_user(result, &at, sizeof(at)) ? -EFAULT : 0;
	return mf_answer(regs, at);
}
