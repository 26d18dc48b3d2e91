// SPDX-License-Identifier: GPL-2.0
/* What goes through pipes by reference: splice, tee, vmsplice, sendfile, copies in the kernel. */
#include <linux/fs.h>
#include <linux/pipe_fs_i.h>
#include <net/sock.h>

#include "attach.h"
#include "hook_net.h"
#include "hooks.h"
#include "judge.h"
#include "object.h"
#include "subject.h"

/*
 * Pages put into a pipe by reference would not be under the pipe's label for those who wait at it,
 * and could still change. Programs that get EINVAL here fall back on read and write, as they do
 * where a filesystem cannot splice.
 */
static int lend(struct file *in)
{
	int err;

	mf_hook_enter();
	err = mf_judge_receive(in, MIFENG_OP_READ);
	if (!err && mf_subject_tainted())
		err = -EINVAL;
	mf_hook_exit();
	return err;
}

static int take(struct file *in)
{
	int err;

	mf_hook_enter();
	err = mf_judge_receive(in, MIFENG_OP_READ);
	mf_hook_exit();
	return err;
}

int hook_splice(struct file *in, loff_t *off_in, struct file *out, loff_t *off_out, size_t len,
		unsigned int flags)
{
	return S_ISFIFO(file_inode(out)->i_mode) ? lend(in) : take(in);
}

int hook_splice_file_to_pipe(struct file *in, struct pipe_inode_info *opipe, loff_t *offset,
			     size_t len, unsigned int flags)
{
	return lend(in);
}

/*
 * The kernel copies from file to file. Some callers, and the function itself on 6.1, ask whether
 * the one may be written before they read the other, and that is what raises.
 */
int hook_splice_direct(struct file *in, loff_t *off_in, struct file *out, loff_t *off_out,
		       size_t len, unsigned int flags)
{
	struct inode *inode = file_inode(out);
	int err;

	mf_hook_enter();
	err = mf_judge_receive(in, MIFENG_OP_READ);
	if (!err && mf_subject_tainted())
		err = S_ISSOCK(inode->i_mode) ? mf_socket_write(SOCKET_I(inode)) :
						mf_judge_write(out, MIFENG_OP_WRITE);
	mf_hook_exit();
	return err;
}

int hook_tee(struct file *in, struct file *out, size_t len, unsigned int flags)
{
	return lend(in);
}

int hook_free_pipe_info(struct pipe_inode_info *pipe)
{
	mf_object_drop(pipe);
	return 0;
}

/* What lies in a pipe by reference is what the memory holds when it is read. */
static int lend_memory(void)
{
	int err;

	if (mf_subject_tainted())
		return -EINVAL;
	mf_hook_enter();
	err = mf_subject_spoil("memory lent to a pipe by vmsplice");
	mf_hook_exit();
	return err;
}

int hook_vmsplice(const struct pt_regs *regs)
{
	return lend_memory();
}

int hook_vmsplice_ia32(const struct pt_regs *regs)
{
	return lend_memory();
}
