/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel APIs that differ between the kernels Mifeng is built for, under one
 * name each. What a kernel has is told by compat/probe, never by version.
 */
#ifndef _MF_COMPAT_H
#define _MF_COMPAT_H

#include <linux/ftrace.h>
#include <linux/fs.h>
#include <linux/xattr.h>

/* The mapping of ids that inode hooks are given for the mount they came through. */
#ifdef MF_HAS_MNT_IDMAP
typedef struct mnt_idmap mf_idmap_t;
#define mf_idmap_nop	(&nop_mnt_idmap)
#else
typedef struct user_namespace mf_idmap_t;
#define mf_idmap_nop	(&init_user_ns)
#endif

#ifdef MF_HAS_SB_KERN_MOUNT_CONST
typedef const struct super_block mf_kern_mount_sb_t;
#else
typedef struct super_block mf_kern_mount_sb_t;
#endif

#ifdef MF_HAS_CAPGET_CONST
typedef const struct task_struct mf_capget_task_t;
#else
typedef struct task_struct mf_capget_task_t;
#endif

#ifdef MF_HAS_CREDS_FILE_CONST
typedef const struct file mf_creds_file_t;
#else
typedef struct file mf_creds_file_t;
#endif

#ifdef MF_HAS_COMMITTING_CREDS_CONST
typedef const struct linux_binprm mf_committing_bprm_t;
#else
typedef struct linux_binprm mf_committing_bprm_t;
#endif

/* Who gets the signals of an open file; NULL if nobody was ever named. */
static inline struct fown_struct *mf_file_owner(const struct file *file)
{
#ifdef MF_HAS_FILE_F_OWNER
	return file_f_owner(file);
#else
	return (struct fown_struct *)&file->f_owner;
#endif
}

#ifdef MF_HAS_DIRECT_BY_OPS
static inline int mf_register_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
	return register_ftrace_direct(ops, trampoline);
}

static inline void mf_unregister_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
	unregister_ftrace_direct(ops, trampoline, true);
}
#else
static inline int mf_register_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
	return register_ftrace_direct_multi(ops, trampoline);
}

static inline void mf_unregister_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
	unregister_ftrace_direct_multi(ops, trampoline);
	ftrace_free_filter(ops);
}
#endif

/* Called from an ftrace callback: notrace all the way down. */
static __always_inline void mf_set_instruction_pointer(struct ftrace_regs *fregs, unsigned long ip)
{
#ifdef MF_HAS_FTRACE_REGS_SET_IP
	ftrace_regs_set_instruction_pointer(fregs, ip);
#else
	ftrace_instruction_pointer_set(fregs, ip);
#endif
}

#endif /* _MF_COMPAT_H */
