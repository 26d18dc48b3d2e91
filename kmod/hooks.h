/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one table of sites: every kernel function Mifeng hooks.
 *
 *   PRE(name, symbol, nargs, guard, return type, parameters, arguments, what is lost without it)
 *	hook_<name>() runs before the function and may refuse: a negative errno
 *	is returned in the function's place. Attached by ftrace direct call;
 *	by redirection where another user holds the direct call of that function.
 *	The trampoline's guard (trampoline.S) lets the common case pass without calling
 *	the hook, which asks the same again:
 *	  file		the first argument's inode is plain and the program is not tainted
 *	  mapping	the same, or there is no file
 *	  inode		the first argument is a plain inode
 *	  subject	the program is not tainted
 *	  channels	no channel is labelled
 *	  none		the hook is always called
 *   WRAP(name, symbol, nargs, return type, parameters, arguments, what is lost without it)
 *	hook_<name>() runs instead of the function and calls it by mf_call_<name>().
 *	Attached by ftrace IPMODIFY.
 *
 * nargs is the number of registers the function's arguments arrive in.
 * Every site is required: if one cannot be attached the module does not load.
 * The prototypes are compared with the kernel's own at build time (attach.c).
 */
#ifndef _MF_HOOKS_H
#define _MF_HOOKS_H

/* clang-format off */
#ifdef MF_HAS_INODE_SET_ACL
#define MF_ACL_SITES(PRE)                                                                          \
PRE(inode_set_acl, security_inode_set_acl, 4, none, int,                                           \
    (struct mnt_idmap *idmap, struct dentry *dentry, const char *acl_name,                         \
     struct posix_acl *kacl), (idmap, dentry, acl_name, kacl),                                     \
    "access lists of unmarked files carry data")                                                   \
PRE(inode_remove_acl, security_inode_remove_acl, 3, none, int,                                     \
    (struct mnt_idmap *idmap, struct dentry *dentry, const char *acl_name),                        \
    (idmap, dentry, acl_name),                                                                     \
    "access lists of unmarked files carry data")
#else /* access lists are set through security_inode_setxattr */
#define MF_ACL_SITES(PRE)
#endif

#define MF_SITES(PRE, WRAP)                                                                        \
PRE(file_permission, security_file_permission, 2, file, int,                                       \
    (struct file *file, int mask), (file, mask),                                                   \
    "reads do not raise, writes are not judged")                                                   \
PRE(file_open, security_file_open, 1, file, int,                                                   \
    (struct file *file), (file),                                                                   \
    "uncleared people open classified files")                                                      \
PRE(mmap_file, security_mmap_file, 3, mapping, int,                                                \
    (struct file *file, unsigned long prot, unsigned long flags), (file, prot, flags),             \
    "mapped files do not raise, shared mappings are not judged")                                   \
PRE(inode_create, security_inode_create, 3, subject, int,                                          \
    (struct inode *dir, struct dentry *dentry, umode_t mode), (dir, dentry, mode),                 \
    "files are created on unmarked paths")                                                         \
PRE(inode_mkdir, security_inode_mkdir, 3, subject, int,                                            \
    (struct inode *dir, struct dentry *dentry, umode_t mode), (dir, dentry, mode),                 \
    "directories are created on unmarked paths")                                                   \
PRE(inode_mknod, security_inode_mknod, 4, subject, int,                                            \
    (struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev), (dir, dentry, mode, dev), \
    "nodes are created on unmarked paths")                                                         \
PRE(inode_symlink, security_inode_symlink, 3, subject, int,                                        \
    (struct inode *dir, struct dentry *dentry, const char *old_name), (dir, dentry, old_name),     \
    "symlink bodies carry data to unmarked paths")                                                 \
PRE(inode_link, security_inode_link, 3, none, int,                                                 \
    (struct dentry *old_dentry, struct inode *dir, struct dentry *new_dentry),                     \
    (old_dentry, dir, new_dentry),                                                                 \
    "labelled files get names outside their zone")                                                 \
PRE(inode_unlink, security_inode_unlink, 2, subject, int,                                          \
    (struct inode *dir, struct dentry *dentry), (dir, dentry),                                     \
    "directory entries of unmarked paths carry data")                                              \
PRE(inode_rmdir, security_inode_rmdir, 2, subject, int,                                            \
    (struct inode *dir, struct dentry *dentry), (dir, dentry),                                     \
    "directory entries of unmarked paths carry data")                                              \
PRE(inode_rename, security_inode_rename, 5, none, int,                                             \
    (struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,                      \
     struct dentry *new_dentry, unsigned int flags),                                               \
    (old_dir, old_dentry, new_dir, new_dentry, flags),                                             \
    "labelled files leave their zone")                                                             \
PRE(inode_setattr, security_inode_setattr, 3, subject, int,                                        \
    (mf_idmap_t *idmap, struct dentry *dentry, struct iattr *attr), (idmap, dentry, attr),         \
    "sizes, times and modes of unmarked files carry data")                                         \
PRE(inode_setxattr, security_inode_setxattr, 6, none, int,                                         \
    (mf_idmap_t *idmap, struct dentry *dentry, const char *name, const void *value, size_t size,   \
     int flags), (idmap, dentry, name, value, size, flags),                                        \
    "labels are written by anybody with CAP_SYS_ADMIN")                                            \
PRE(inode_removexattr, security_inode_removexattr, 3, none, int,                                   \
    (mf_idmap_t *idmap, struct dentry *dentry, const char *name), (idmap, dentry, name),           \
    "labels are removed by anybody with CAP_SYS_ADMIN")                                            \
MF_ACL_SITES(PRE)                                                                                  \
WRAP(inode_init_security, security_inode_init_security, 5, int,                                    \
    (struct inode *inode, struct inode *dir, const struct qstr *qstr, initxattrs set,              \
     void *fs_data), (inode, dir, qstr, set, fs_data),                                             \
    "new files in a zone have no label when their name appears")                                   \
WRAP(listxattr, vfs_listxattr, 3, ssize_t,                                                         \
    (struct dentry *dentry, char *list, size_t size), (dentry, list, size),                        \
    "copying programs try to copy the label and fail")                                             \
PRE(inode_free, security_inode_free, 1, inode, void,                                               \
    (struct inode *inode), (inode),                                                                \
    "labels outlive their inodes")                                                                 \
PRE(bprm_check, security_bprm_check, 1, none, int,                                                 \
    (struct linux_binprm *bprm), (bprm),                                                           \
    "exec clears taint")                                                                           \
PRE(bprm_committing_creds, security_bprm_committing_creds, 1, none, void,                          \
    (mf_committing_bprm_t *bprm), (bprm),                                                          \
    "loaders that are classified are read unseen")                                                 \
PRE(wake_up_new_task, wake_up_new_task, 1, subject, void,                                          \
    (struct task_struct *task), (task),                                                            \
    "fork clears taint")                                                                           \
PRE(ptrace_access_check, security_ptrace_access_check, 2, none, int,                               \
    (struct task_struct *child, unsigned int mode), (child, mode),                                 \
    "the memory of tainted programs is read by others")                                            \
PRE(ptrace_traceme, security_ptrace_traceme, 1, none, int,                                         \
    (struct task_struct *parent), (parent),                                                        \
    "the memory of tainted programs is read by their tracer")                                      \
PRE(coredump, do_coredump, 1, subject, void,                                                       \
    (const kernel_siginfo_t *siginfo), (siginfo),                                                  \
    "core dumps carry classified memory to the dump's handler")                                    \
PRE(socket_sendmsg, security_socket_sendmsg, 3, subject, int,                                      \
    (struct socket *sock, struct msghdr *msg, int size), (sock, msg, size),                        \
    "classified data go to the network")                                                           \
PRE(socket_connect, security_socket_connect, 3, subject, int,                                      \
    (struct socket *sock, struct sockaddr *address, int addrlen), (sock, address, addrlen),        \
    "tainted programs open connections")                                                           \
PRE(socket_bind, security_socket_bind, 3, subject, int,                                            \
    (struct socket *sock, struct sockaddr *address, int addrlen), (sock, address, addrlen),        \
    "tainted programs show bytes as ports and addresses")                                          \
PRE(socket_listen, security_socket_listen, 2, subject, int,                                        \
    (struct socket *sock, int backlog), (sock, backlog),                                           \
    "tainted programs show bytes as open ports")                                                   \
PRE(socket_setsockopt, security_socket_setsockopt, 3, subject, int,                                \
    (struct socket *sock, int level, int optname), (sock, level, optname),                         \
    "the kernel's own packets carry what a tainted program sets")                                  \
PRE(socket_recvmsg, security_socket_recvmsg, 4, channels, int,                                     \
    (struct socket *sock, struct msghdr *msg, int size, int flags), (sock, msg, size, flags),      \
    "what tainted programs send to a unix socket does not raise who receives it")                  \
PRE(unix_may_send, security_unix_may_send, 2, subject, int,                                        \
    (struct socket *sock, struct socket *other), (sock, other),                                    \
    "datagrams of tainted programs are received unseen")                                           \
PRE(splice, do_splice, 6, none, ssize_t,                                                           \
    (struct file *in, loff_t *off_in, struct file *out, loff_t *off_out, size_t len,               \
     unsigned int flags), (in, off_in, out, off_out, len, flags),                                  \
    "pages go through pipes without a check")                                                      \
PRE(splice_file_to_pipe, splice_file_to_pipe, 5, none, ssize_t,                                    \
    (struct file *in, struct pipe_inode_info *opipe, loff_t *offset, size_t len,                   \
     unsigned int flags), (in, opipe, offset, len, flags),                                         \
    "sendfile puts pages of classified files into pipes")                                          \
PRE(tee, do_tee, 4, none, ssize_t,                                                                 \
    (struct file *in, struct file *out, size_t len, unsigned int flags), (in, out, len, flags),    \
    "tee copies from pipe to pipe without a check")                                                \
PRE(free_pipe_info, free_pipe_info, 1, channels, void,                                             \
    (struct pipe_inode_info *pipe), (pipe),                                                        \
    "labels outlive their pipes")                                                                  \
PRE(vmsplice, __x64_sys_vmsplice, 1, none, long,                                                   \
    (const struct pt_regs *regs), (regs),                                                          \
    "memory is lent to a pipe and written later")                                                  \
PRE(vmsplice_ia32, __ia32_sys_vmsplice, 1, none, long,                                             \
    (const struct pt_regs *regs), (regs),                                                          \
    "memory is lent to a pipe and written later, by a 32-bit program")                             \
PRE(sb_kern_mount, security_sb_kern_mount, 1, none, int,                                           \
    (mf_kern_mount_sb_t *sb), (sb),                                                                \
    "unregistered media are mounted against the policy")                                           \
PRE(sb_remount, security_sb_remount, 2, none, int,                                                 \
    (struct super_block *sb, void *mnt_opts), (sb, mnt_opts),                                      \
    "media mounted read-only are made writable against the policy")                                \
PRE(delete_module_ia32, __ia32_sys_delete_module, 1, none, long,                                   \
    (const struct pt_regs *regs), (regs),                                                          \
    "the module is unloaded by force, by a 32-bit program")                                        \
PRE(delete_module, __x64_sys_delete_module, 1, none, long,                                         \
    (const struct pt_regs *regs), (regs),                                                          \
    "the module is unloaded by force")
/* clang-format on */

#ifndef __ASSEMBLY__

#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/posix_acl.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/signal_types.h>

#include "compat/compat.h"

struct pipe_inode_info;
struct pt_regs;

/* A pre hook answers 0 to let the function run or a negative errno to refuse. */
#define MF_DECLARE_PRE(name, symbol, nargs, guard, type, params, args, lost) int hook_##name params;
#define MF_DECLARE_WRAP(name, symbol, nargs, type, params, args, lost)                             \
	type hook_##name params;                                                                   \
	type mf_call_##name params;

MF_SITES(MF_DECLARE_PRE, MF_DECLARE_WRAP)

#undef MF_DECLARE_PRE
#undef MF_DECLARE_WRAP

#endif /* !__ASSEMBLY__ */
#endif /* _MF_HOOKS_H */
