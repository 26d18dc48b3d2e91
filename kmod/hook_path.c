// SPDX-License-Identifier: GPL-2.0
/*
 * Where something stands: paths that are asked for by what they lead to. Who stands in a directory,
 * or has a file open, mapped or mounted, is told its name as it is now, which a tainted program may
 * have changed since: a lookup without a walk.
 *
 * Whoever asks for one path is judged as if he looked it up. In lists (maps, mountinfo) a path that the
 * reader must not know is a question mark: locks are held there, and nobody is raised by a list.
 *
 * d_path() is called by many, for the kernel's log, for audit, by drivers: what they are told does not
 * go to the program. That of links, of PROCMAP_QUERY, and of files mapped by who dumps core does.
 */
#include <linux/compat.h>
#include <linux/dcache.h>
#include <linux/fs_struct.h>
#include <linux/path.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "attach.h"
#include "hooks.h"
#include "imports.h"
#include "judge.h"

/* Of x32, whose table no header shows. */
#define X32_IOCTL (__X32_SYSCALL_BIT + 514)

/* As the kernel writes it, but that a directory of a mount that is gone has none. Does not sleep. */
static char *text_of(const struct path *pwd, const struct path *root, char page[PATH_MAX])
{
	static const char unreachable[] = "(unreachable)";
	const size_t prefix = sizeof(unreachable) - 1;
	char *text = mf_call___d_path(pwd, root, page, PATH_MAX);

	if (text)
		return text;
	text = mf_call_d_absolute_path(pwd, page + prefix, PATH_MAX - prefix);
	if (IS_ERR(text))
		return PTR_ERR(text) == -EINVAL ? ERR_PTR(-ENOENT) : text;
	return memcpy(text - prefix, unreachable, prefix);
}

static long standing(const struct path *pwd, const struct path *root, char __user *buffer,
		     size_t size)
{
	char *page, *text;
	size_t length;
	long result;

	if (d_unlinked(pwd->dentry))
		return -ENOENT;
	page = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	result = mf_judge_path(pwd);
	text = result ? ERR_PTR(result) : text_of(pwd, root, page);
	if (IS_ERR(text)) {
		result = PTR_ERR(text);
	} else {
		length = strlen(text) + 1;
		if (length > size)
			result = -ERANGE;
		else
			result = copy_to_user(buffer, text, length) ? -EFAULT : (long)length;
	}
	kfree(page);
	return result;
}

/*
 * The hook makes the call itself: another thread may change the directory between a look at it and
 * the call's own.
 */
static int answer(const struct pt_regs *regs, char __user *buffer, size_t size)
{
	struct path pwd, root;
	long result;

	mf_hook_enter();
	get_fs_root(current->fs, &root);
	get_fs_pwd(current->fs, &pwd);
	result = standing(&pwd, &root, buffer, size);
	path_put(&pwd);
	path_put(&root);
	mf_hook_exit();
	return mf_answer(regs, result);
}

int hook_getcwd(const struct pt_regs *regs)
{
	return answer(regs, (char __user *)regs->di, regs->si);
}

int hook_getcwd_ia32(const struct pt_regs *regs)
{
	return answer(regs, compat_ptr((u32)regs->bx), (u32)regs->cx);
}

static bool reads_a_link(int call)
{
	if (in_ia32_syscall())
		return call == __NR_ia32_readlink || call == __NR_ia32_readlinkat;
	call &= ~__X32_SYSCALL_BIT;
	return call == __NR_readlink || call == __NR_readlinkat;
}

static bool asks_by_ioctl(int call)
{
	return in_ia32_syscall() ? call == __NR_ia32_ioctl :
				   call == __NR_ioctl || call == X32_IOCTL;
}

static bool may_be_judged(void)
{
	return current->mm && preemptible() && !rcu_preempt_depth();
}

int hook_d_path(const struct path *path, char *buffer, int size)
{
	const int call = syscall_get_nr(current, current_pt_regs());
	int err = 0;

	if (!may_be_judged())
		return 0;
	mf_hook_enter();
	if (reads_a_link(call))
		err = mf_judge_path(path);
	else if ((asks_by_ioctl(call) || (current->flags & PF_DUMPCORE)) && mf_path_hidden(path))
		err = -EACCES;
	mf_hook_exit();
	return err;
}

/*
 * The path has been put into the list: it is taken out again if it must not be known. Answers how
 * long it is, or the error there was.
 */
static int told(struct seq_file *m, const struct path *path, size_t count, int written)
{
	if (mf_path_hidden(path)) {
		m->count = count;
		seq_putc(m, '?');
		written = 1;
	}
	return written;
}

static int instead(int result)
{
	return result < 0 ? result : MF_INSTEAD(result);
}

int hook_seq_path(struct seq_file *m, const struct path *path, const char *escape)
{
	const size_t count = m->count;
	int written;

	if (!may_be_judged())
		return 0;
	mf_hook_enter();
	written = told(m, path, count, mf_call_seq_path(m, path, escape));
	mf_hook_exit();
	return instead(written);
}

/* Answers 0, or that there is none to be told (SEQ_SKIP), and not its length. */
int hook_seq_path_root(struct seq_file *m, const struct path *path, const struct path *root,
		       const char *escape)
{
	const size_t count = m->count;
	int err;

	if (!may_be_judged())
		return 0;
	mf_hook_enter();
	err = mf_call_seq_path_root(m, path, root, escape);
	if (!err)
		told(m, path, count, 0);
	mf_hook_exit();
	return instead(err);
}

int hook_seq_dentry(struct seq_file *m, struct dentry *dentry, const char *escape)
{
	const struct path path = { .dentry = dentry };
	const size_t count = m->count;
	int written;

	if (!may_be_judged())
		return 0;
	mf_hook_enter();
	written = told(m, &path, count, mf_call_seq_dentry(m, dentry, escape));
	mf_hook_exit();
	return instead(written);
}
