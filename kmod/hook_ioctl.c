// SPDX-License-Identifier: GPL-2.0
/*
 * Commands to files. What a tainted program may say is a list of what only asks, sets its own
 * descriptor, or is judged by another hook; terminals have a longer one. Whoever it is, the
 * contents and attributes below a label are not exchanged behind its back.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <linux/fsverity.h>
#include <linux/kd.h>
#include <linux/loop.h>
#include <linux/major.h>
#include <linux/nsfs.h>
#include <linux/random.h>
#include <linux/sockios.h>
#include <linux/termios.h>
#include <linux/uaccess.h>
#include <linux/vt.h>

#include "attach.h"
#include "description.h"
#include "hook_disk.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "locked.h"
#include "medium.h"
#include "object.h"
#include "owner.h"
#include "pace.h"
#include "subject.h"

/* As in the headers of ext4 and XFS, which modules do not have: type and number. */
#define NUMBER(cmd) ((cmd) & ((_IOC_TYPEMASK << _IOC_TYPESHIFT) | (_IOC_NRMASK << _IOC_NRSHIFT)))
#define EXT4_SETVERSION	    _IO('f', 4)
#define EXT4_MOVE_EXT	    _IO('f', 15)
#define EXT4_SWAP_BOOT	    _IO('f', 17)
#define FS_SETVERSION	    _IO('v', 2)
#define XFS_SWAPEXT	    _IO('X', 109)
#define XFS_ATTRMULTI	    _IO('X', 123)
#define XFS_EXCHANGE_RANGE  _IO('X', 129)
#define XFS_COMMIT_RANGE    _IO('X', 131)

#define XFS_ATTR_OP_GET	    1
#define XFS_ATTR_SECURE	    0x0008
#define XFS_ATTRS_MAX	    2048 /* the call itself takes 16 pages of them */

struct xfs_handle_request {
	u32 fd;
	u64 path;
	u32 open_flags;
	u64 handle;
	u32 handle_size;
	u64 out;
	u64 out_size;
};

struct xfs_attributes {
	struct xfs_handle_request request;
	u32 count;
	u64 operations;
};

struct xfs_attribute {
	u32 operation;
	s32 error;
	u64 name;
	u64 value;
	u32 size;
	u32 flags;
};

static_assert(sizeof(struct xfs_attributes) == 72);
static_assert(sizeof(struct xfs_attribute) == 32);

static bool is_harmless(unsigned int cmd)
{
	switch (cmd) {
	/* of the descriptor, and of any file */
	case FIONREAD:
	case FIOCLEX:
	case FIONCLEX:
	case FIOQSIZE:
	case FIBMAP:
	case FIGETBSZ:
	case FS_IOC_FIEMAP:
	case FS_IOC_GETFLAGS:
	case FS_IOC32_GETFLAGS:
	case FS_IOC_GETVERSION:
	case FS_IOC32_GETVERSION:
	case FS_IOC_FSGETXATTR:
	case FS_IOC_GETFSLABEL:
#ifdef FS_IOC_GETFSUUID
	case FS_IOC_GETFSUUID:
	case FS_IOC_GETFSSYSFSPATH:
#endif
	case FS_IOC_GET_ENCRYPTION_POLICY:
	case FS_IOC_GET_ENCRYPTION_POLICY_EX:
	case FS_IOC_GET_ENCRYPTION_KEY_STATUS:
	case FS_IOC_MEASURE_VERITY:
	case FS_IOC_READ_VERITY_METADATA:
#ifdef PAGEMAP_SCAN
	case PAGEMAP_SCAN:
#endif
#ifdef PROCMAP_QUERY
	case PROCMAP_QUERY:
#endif
	case NS_GET_USERNS:
	case NS_GET_PARENT:
	case NS_GET_NSTYPE:
	case NS_GET_OWNER_UID:
	case RNDGETENTCNT:
	/* these are reads and writes, and judged as such */
	case FICLONE:
	case FICLONERANGE:
	case FIDEDUPERANGE:
	case FS_IOC_RESVSP:
	case FS_IOC_RESVSP64:
	case FS_IOC_UNRESVSP:
	case FS_IOC_UNRESVSP64:
	case FS_IOC_ZERO_RANGE:
	/* "is this a terminal?" is asked of everything */
	case TCGETS:
	case TCGETS2:
	case TCGETA:
	case TIOCGWINSZ:
	case TIOCGPGRP:
		return true;
	default:
		return false;
	}
}

/* What is set on sockets are names and addresses of interfaces, routes, bridges, radios. */
static bool only_asks_socket(unsigned int cmd)
{
	switch (cmd) {
	case SIOCOUTQ:
	case SIOCOUTQNSD:
	case SIOCATMARK:
	case SIOCGPGRP:
	case FIOGETOWN:
	case SIOCGSTAMP_OLD:
	case SIOCGSTAMPNS_OLD:
	case SIOCGSTAMP_NEW:
	case SIOCGSTAMPNS_NEW:
	case SIOCGIFNAME:
	case SIOCGIFCONF:
	case SIOCGIFFLAGS:
	case SIOCGIFADDR:
	case SIOCGIFDSTADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFMETRIC:
	case SIOCGIFMTU:
	case SIOCGIFHWADDR:
	case SIOCGIFINDEX:
	case SIOCGIFTXQLEN:
	case SIOCGIFMAP:
	case SIOCGIFCOUNT:
		return true;
	default:
		return false;
	}
}

/*
 * What is kept with a terminal for all who have it, or signals them. Not TIOCSTI, which types for the user,
 * nor what reaches fonts, keymaps and drivers.
 */
static bool sets_terminal(unsigned int cmd)
{
	switch (cmd) {
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
	case TCSETS2:
	case TCSETSW2:
	case TCSETSF2:
	case TCSETA:
	case TCSETAW:
	case TCSETAF:
	case TCXONC:
	case TIOCEXCL:
	case TIOCNXCL:
	case TIOCSCTTY:
	case TIOCNOTTY:
	case TIOCSWINSZ:
	case TIOCPKT:
	case TIOCSIG:
	case TIOCSPTLCK:
		return true;
	default:
		return false;
	}
}

static bool asks_terminal(unsigned int cmd)
{
	switch (cmd) {
	case TCSBRK: /* tcdrain() */
	case TCSBRKP:
	case TCFLSH:
	case TIOCGLCKTRMIOS:
	case TIOCGEXCL:
	case TIOCGSID:
	case TIOCOUTQ:
	case TIOCMGET:
	case TIOCGSOFTCAR:
	case TIOCGETD:
	case TIOCGDEV:
	case TIOCGPKT:
	case TIOCGPTN:
	case TIOCGPTLCK:
	case TIOCGPTPEER:
	case KDGKBTYPE:
	case KDGETMODE:
	case KDGKBMODE:
	case KDGKBMETA:
	case KDGKBLED:
	case KDGETLED:
	case VT_OPENQRY:
	case VT_GETMODE:
	case VT_GETSTATE:
		return true;
	default:
		return false;
	}
}

static bool sets_attributes(const struct inode *inode, unsigned int cmd)
{
	return (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode)) &&
	       (cmd == FS_IOC_SETFLAGS || cmd == FS_IOC32_SETFLAGS || cmd == FS_IOC_FSSETXATTR);
}

/* Commands that change what is below a label, or what its seal is computed from. */
static bool reaches_labels(unsigned int cmd)
{
	switch (NUMBER(cmd)) {
	case EXT4_SETVERSION:
	case FS_SETVERSION:
	case EXT4_MOVE_EXT:
	case EXT4_SWAP_BOOT:
	case XFS_SWAPEXT:
	case XFS_EXCHANGE_RANGE:
	case XFS_COMMIT_RANGE:
	case XFS_ATTRMULTI:
		return true;
	default:
		return false;
	}
}

static bool lends_a_file(unsigned int cmd)
{
	return cmd == LOOP_SET_FD || cmd == LOOP_CHANGE_FD || cmd == LOOP_CONFIGURE;
}

static bool is_labelled(struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	struct inode *inode = mf_real_inode(dentry);
	struct mf_object object;

	if (!inode)
		return true;
	if (mf_inode_plain(inode))
		return false;
	mf_label_get(dentry, inode, &object);
	return object.state != MIFENG_LABEL_NONE;
}

static bool is_labelled_descriptor(int fd)
{
	struct file *file = fget(fd);
	bool labelled = file && is_labelled(file);

	if (file)
		fput(file);
	return labelled;
}

/*
 * The other files are named in the program's memory, where they can be changed after they were
 * looked at; so whoever is not root is refused. Root is told when he is about to make a mistake.
 */
static bool exchanges_labelled(unsigned int cmd, const void __user *arg)
{
	s64 fds[3] = { -1, -1, -1 }; /* struct xfs_swapext: version, target, temporary */
	u32 words[2] = { 0, 0 };     /* struct move_extent: reserved, donor */

	if (!ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		return true;
	if (NUMBER(cmd) == XFS_SWAPEXT)
		return copy_from_user(fds, arg, sizeof(fds)) || is_labelled_descriptor(fds[1]) ||
		       is_labelled_descriptor(fds[2]);
	return copy_from_user(words, arg, sizeof(words)) ||
	       is_labelled_descriptor(words[NUMBER(cmd) == EXT4_MOVE_EXT]);
}

/* The attributes of any file, by its handle; the call itself wants root. */
static bool changes_security(const void __user *arg)
{
	struct xfs_attributes attributes;
	struct xfs_attribute attribute;
	const char __user *next;
	u32 i;

	if (!ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		return false;
	if (in_compat_syscall() || copy_from_user(&attributes, arg, sizeof(attributes)) ||
	    attributes.count > XFS_ATTRS_MAX)
		return true;
	next = u64_to_user_ptr(attributes.operations);
	for (i = 0; i < attributes.count; i++, next += sizeof(attribute)) {
		if (copy_from_user(&attribute, next, sizeof(attribute)))
			return true;
		if (attribute.operation != XFS_ATTR_OP_GET && (attribute.flags & XFS_ATTR_SECURE))
			return true;
	}
	return false;
}

static bool changes_labels(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct inode *inode = file_inode(file);
	const void __user *user = (const void __user *)arg;

	if (!(S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode)) ||
	    !mf_labels_believed(inode->i_sb))
		return false;
	switch (NUMBER(cmd)) {
	case EXT4_SETVERSION:
	case FS_SETVERSION:
	case EXT4_SWAP_BOOT:
		return is_labelled(file);
	case XFS_ATTRMULTI:
		return changes_security(user);
	default:
		return is_labelled(file) || exchanges_labelled(cmd, user);
	}
}

/*
 * A loop device reads its file by a thread of the kernel, past all hooks if it is told to bypass the page
 * cache. Where the file is named in memory it can change after it was looked at; only root can give it.
 */
static bool lends_labelled(const struct inode *inode, unsigned int cmd, unsigned long arg)
{
	u32 fd = arg;

	if (!S_ISBLK(inode->i_mode) || imajor(inode) != LOOP_MAJOR)
		return false;
	if (cmd == LOOP_CONFIGURE && copy_from_user(&fd, (const void __user *)arg, sizeof(fd)))
		return false; /* the call itself cannot read it either */
	return is_labelled_descriptor(fd);
}

/* Room is made, or holes, counted from where the file stands if the caller says so. */
static bool counts_from_position(unsigned int cmd)
{
	switch (NUMBER(cmd)) {
	case NUMBER(FS_IOC_RESVSP):
	case NUMBER(FS_IOC_RESVSP64):
	case NUMBER(FS_IOC_UNRESVSP):
	case NUMBER(FS_IOC_UNRESVSP64):
	case NUMBER(FS_IOC_ZERO_RANGE):
		return true;
	default:
		return false;
	}
}

/* How much lies in a channel, or behind a position, is a number of somebody's choice. */
static int tell_count(struct file *file)
{
	int err = mf_judge_position(file, false);

	return err ? err : mf_judge_receive(file, MIFENG_OP_READ);
}

static int set_flag(struct file *file, unsigned int cmd)
{
	int err = mf_judge_description(file, MIFENG_OP_IOCTL, true);

	return err || cmd != FIOASYNC ? err : mf_judge_owner(file);
}

/* By a tainted program, one that is not harmless to whatever file. */
static int command(struct file *file, unsigned int cmd)
{
	const struct inode *inode = file_inode(file);

	if (S_ISSOCK(inode->i_mode) && only_asks_socket(cmd))
		return 0;
	if (S_ISCHR(inode->i_mode) && mf_sink_of(inode) != MF_SINK_DEVICE) {
		if (sets_terminal(cmd))
			return mf_pace_wait(MF_PACE_TERMINALS);
		if (cmd == TIOCSPGRP)
			return mf_pace_wait(MF_PACE_GROUPS);
		if (asks_terminal(cmd))
			return 0;
	}
	return mf_judge_ioctl(file, sets_attributes(inode, cmd));
}

static noinline int ioctl_slow(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct inode *inode = file_inode(file);
	int err = 0;

	mf_hook_enter();
	if (lends_a_file(cmd) ? lends_labelled(inode, cmd, arg) :
				reaches_labels(cmd) && changes_labels(file, cmd, arg))
		err = mf_judge_relabel(file->f_path.dentry);
	else if (counts_from_position(cmd) && mf_description_shared(file))
		err = mf_judge_position(file, false);
	else if (cmd == FIONREAD)
		err = tell_count(file);
	else if (cmd == FIONBIO || cmd == FIOASYNC)
		err = set_flag(file, cmd);
	else if (mf_subject_tainted() && !is_harmless(cmd))
		err = command(file, cmd);
	mf_hook_exit();
	return err;
}

static noinline int locked_command(const struct file *file, unsigned int cmd)
{
	int err;

	mf_hook_enter();
	err = mf_disk_command(file, cmd);
	mf_hook_exit();
	return err;
}

int hook_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int err = mf_locked() ? locked_command(file, cmd) : 0;

	if (err)
		return err;
	if (likely(!mf_subject_tainted()) && likely(!reaches_labels(cmd)) &&
	    likely(!lends_a_file(cmd)) && likely(!counts_from_position(cmd)) &&
	    likely(cmd != FIONREAD ||
		   (!atomic_read(&mf_objects_labelled) && !mf_description_shared(file))))
		return 0;
	return ioctl_slow(file, cmd, arg);
}

int hook_file_ioctl_compat(struct file *file, unsigned int cmd, unsigned long arg)
{
	return hook_file_ioctl(file, cmd, arg);
}
