// SPDX-License-Identifier: GPL-2.0
/*
 * Filesystems that ask a program of user space: what FUSE and the automounter are asked
 * in the name of a tainted program. Whoever serves learns names, offsets and times, so nothing is asked.
 *
 * Every request of FUSE for somebody goes through one of two functions, whatever call it comes
 * from and whatever filesystem lies above; calls with a hook of their own are refused there already,
 * with the file's name in the record.
 */
#include <linux/fs.h>
#include <linux/fuse.h>
#include <linux/path.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "subject.h"

/* The heads of two structures that are private to fs/fuse. */
struct fuse_mount {
	struct fuse_conn *connection;
	struct super_block *sb; /* NULL for a character device */
};

struct fuse_args {
	u64 node;
	u32 opcode;
};

static enum mifeng_operation operation_of(u32 opcode)
{
	switch (opcode) {
	case FUSE_READ:
	case FUSE_READDIR:
	case FUSE_READDIRPLUS:
		return MIFENG_OP_READ;
	case FUSE_IOCTL:
		return MIFENG_OP_IOCTL;
	case FUSE_SETATTR:
		return MIFENG_OP_SETATTR;
	default:
		return MIFENG_OP_OPEN;
	}
}

static noinline int ask_slow(struct super_block *sb, u32 opcode)
{
	bool quiet = current->flags & PF_EXITING;
	int err;

	switch (opcode) {
	/* pages that others have dirtied; what a tainted program writes is judged before */
	case FUSE_WRITE:
	/* the kernel's own: a mount begins or ends with somebody */
	case FUSE_INIT:
	case FUSE_DESTROY:
		return 0;
	/* nobody sees whether these succeed */
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FORGET:
		quiet = true;
		break;
	default:
		break;
	}
	mf_hook_enter();
	err = mf_judge_request(sb, operation_of(opcode), quiet);
	mf_hook_exit();
	return err;
}

static int ask(const struct fuse_mount *mount, const struct fuse_args *args)
{
	if (likely(!mf_subject_left_tainted()))
		return 0;
	return ask_slow(mount->sb, args->opcode);
}

#ifdef MF_HAS_FUSE_IDMAP
int hook_fuse_request(struct mnt_idmap *idmap, struct fuse_mount *mount, struct fuse_args *args)
{
	return ask(mount, args);
}
#else
int hook_fuse_request(struct fuse_mount *mount, struct fuse_args *args)
{
	return ask(mount, args);
}
#endif

int hook_fuse_background(struct fuse_mount *mount, struct fuse_args *args, gfp_t flags)
{
	return ask(mount, args);
}

/*
 * The server is told when an inode goes, and it can make it go with the last descriptor, by
 * saying that its name is no more. Whoever serves keeps it until the filesystem is unmounted then.
 */
int hook_fuse_forget(struct fuse_conn *connection, struct fuse_forget_link *forget, u64 node,
		     u64 count)
{
	int err;

	if (likely(!mf_subject_left_tainted()))
		return 0;
	mf_hook_enter();
	err = mf_judge_request(NULL, MIFENG_OP_OPEN, true);
	mf_hook_exit();
	if (err)
		kfree(forget); /* the function would keep it, or free it */
	return err;
}

/* The name goes to a program of root, which asks the network for it. */
int hook_autofs_wait(struct autofs_sb_info *info, const struct path *path, int notify)
{
	int err;

	mf_hook_enter();
	err = mf_judge_automount(path->dentry);
	mf_hook_exit();
	return err;
}
