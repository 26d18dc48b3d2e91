/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one table of sites: every kernel function Mifeng hooks.
 *
 *   PRE(name, symbol, nargs, guard, return type, parameters, arguments, what is lost without it)
 *	hook_<name>() runs before the function and may refuse: a negative errno
 *	is returned in the function's place; or MF_INSTEAD(): it is left out, and that returned,
 *	MF_SKIP for 0. Attached by ftrace direct call;
 *	by redirection where another user holds the direct call of that function.
 *	The trampoline's guard (trampoline.S) lets the common case pass without calling
 *	the hook, which asks the same again:
 *	  file		the first argument's inode is plain and the program is not tainted
 *	  mapping	the same, or there is no file
 *	  inode		the first argument is a plain inode
 *	  subject	the program is not tainted
 *	  guarded	the same, and the guard is not armed
 *	  channels	no channel is labelled
 *	  receives	the same, and the program is not tainted
 *	  skip		the program is not tainted; if it is, the function is left out, without a call
 *	  none		the hook is always called
 *	  answers	likewise; the function is a system call, and the hook may answer in its
 *			place: in regs->ax, with MF_ANSWER
 *	  inode2	the second argument is a plain inode
 *	  dentry	the first argument's inode is plain
 *	  path		the same of a path
 *   LATE(…), as PRE
 *	Attached when the first program is about to be tainted since the module was loaded, and
 *	until it is unloaded: what every read and path walk would pay is paid only where something
 *	classified is touched. That it can be attached is made sure of when the module is loaded; should
 *	somebody else have taken the site since, no program is tainted.
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

#ifdef MF_HAS_PERF_OPEN_BY_TYPE
#define MF_PERF_SITES(PRE)                                                                         \
PRE(perf_event_open, security_perf_event_open, 1, none, int, (int type), (type),                   \
    "perf events of tainted programs show what they do to others")
#else
#define MF_PERF_SITES(PRE)                                                                         \
PRE(perf_event_open, security_perf_event_open, 2, none, int,                                       \
    (struct perf_event_attr *attr, int type), (attr, type),                                        \
    "perf events of tainted programs show what they do to others")
#endif

/*
 * System calls with neither a hook nor a function of their own that every entry shares: that of
 * 64-bit programs and that of 32-bit ones.
 */
#define MF_PLAIN_CALLS(PRE, CALL)                                                                  \
CALL(PRE, io_uring_enter, "rings of others carry results out")                                     \
CALL(PRE, io_uring_register, "rings of others carry results out")                                  \
CALL(PRE, add_key, "keys carry data to other programs")                                            \
CALL(PRE, sethostname, "host names carry data")                                                    \
CALL(PRE, setdomainname, "domain names carry data")                                                \
CALL(PRE, mount_setattr, "flags of mounts carry data")                                             \
CALL(PRE, inotify_rm_watch, "watches of an instance that is shared carry data")                    \
CALL(PRE, acct, "names of programs go to any file")

/* The same, where the arguments say whether it is to be judged. */
#define MF_CALLS(PRE, CALL)                                                                        \
MF_PLAIN_CALLS(PRE, CALL)                                                                          \
CALL(PRE, request_key, "descriptions of keys go to a program of root")

/* On a locked machine these are closed to everybody. */
#define MF_LOCKED_CALLS(PRE, CALL)                                                                 \
CALL(PRE, swapon, "classified memory goes to any disk")

#define MF_LOCKED_CALL_SITES(PRE, name, lost)                                                      \
PRE(name, __x64_sys_##name, 1, none, long, (const struct pt_regs *regs), (regs), lost)             \
PRE(name##_ia32, __ia32_sys_##name, 1, none, long, (const struct pt_regs *regs), (regs), lost)

#define MF_CALL_SITES(PRE, name, lost)                                                             \
PRE(name, __x64_sys_##name, 1, subject, long, (const struct pt_regs *regs), (regs), lost)          \
PRE(name##_ia32, __ia32_sys_##name, 1, subject, long, (const struct pt_regs *regs), (regs), lost)

/* What acts for a program unseen, or keeps what it is told where anybody may ask for it. */
#define MF_FACILITY_SITES(PRE)                                                                     \
PRE(inode_init_security_anon, security_inode_init_security_anon, 3, none, int,                     \
    (struct inode *inode, const struct qstr *name, const struct inode *context_inode),             \
    (inode, name, context_inode),                                                                  \
    "io_uring and userfaultfd act unseen")                                                         \
PRE(ioctx_alloc, ioctx_alloc, 1, subject, long, (unsigned int events), (events),                   \
    "AIO acts unseen")                                                                             \
PRE(bpf, security_bpf, 3, none, int, (int cmd, union bpf_attr *attr, unsigned int size),        \
    (cmd, attr, size),                                                                             \
    "maps and programs of BPF carry data")                                                         \
MF_PERF_SITES(PRE)                                                                                 \
PRE(seccomp, do_seccomp, 3, none, long, (unsigned int op, unsigned int flags, void __user *uargs), \
    (op, flags, uargs),                                                                            \
    "whoever holds a seccomp listener sees system calls and answers them")                         \
PRE(keyctl, __x64_sys_keyctl, 1, subject, long, (const struct pt_regs *regs), (regs),              \
    "keys carry data to other programs")                                                           \
PRE(keyctl_ia32, __ia32_compat_sys_keyctl, 1, subject, long, (const struct pt_regs *regs), (regs), \
    "keys carry data to other programs")                                                           \
PRE(mq_timedsend, do_mq_timedsend, 5, subject, int,                                                \
    (mqd_t queue, const char __user *message, size_t size, unsigned int priority,                  \
     struct timespec64 *timeout), (queue, message, size, priority, timeout),                       \
    "message queues carry data")                                                                   \
PRE(mq_notify, do_mq_notify, 2, subject, int,                                                      \
    (mqd_t queue, const struct sigevent *notification), (queue, notification),                     \
    "notifications of message queues carry data")                                                  \
PRE(mq_getsetattr, do_mq_getsetattr, 3, subject, int,                                              \
    (int queue, struct mq_attr *new, struct mq_attr *old), (queue, new, old),                      \
    "flags of message queues carry data")                                                          \
PRE(msg_queue_alloc, security_msg_queue_alloc, 1, subject, int, (struct kern_ipc_perm *queue),     \
    (queue),                                                                                       \
    "keys of message queues carry data")                                                           \
PRE(msg_queue_msgctl, security_msg_queue_msgctl, 2, subject, int,                                  \
    (struct kern_ipc_perm *queue, int cmd), (queue, cmd),                                          \
    "owners and limits of message queues carry data")                                              \
PRE(msg_queue_msgsnd, security_msg_queue_msgsnd, 3, subject, int,                                  \
    (struct kern_ipc_perm *queue, struct msg_msg *message, int flags), (queue, message, flags),    \
    "message queues carry data")                                                                   \
PRE(msgrcv, do_msgrcv, 6, subject, long,                                                           \
    (int id, void __user *buffer, size_t size, long type, int flags, mf_message_fill_t fill),      \
    (id, buffer, size, type, flags, fill),                                                         \
    "which messages are taken out of a queue carries data")                                        \
PRE(shm_alloc, security_shm_alloc, 1, subject, int, (struct kern_ipc_perm *segment), (segment),    \
    "keys and sizes of shared memory carry data")                                                  \
PRE(sem_alloc, security_sem_alloc, 1, subject, int, (struct kern_ipc_perm *set), (set),            \
    "keys of semaphores carry data")                                                               \
PRE(sem_semctl, security_sem_semctl, 2, subject, int, (struct kern_ipc_perm *set, int cmd),        \
    (set, cmd),                                                                                    \
    "values of semaphores carry data")                                                             \
PRE(sem_semop, security_sem_semop, 4, subject, int,                                                \
    (struct kern_ipc_perm *set, struct sembuf *operations, unsigned int count, int alter),         \
    (set, operations, count, alter),                                                               \
    "values of semaphores carry data")                                                             \
PRE(shm_shmctl, security_shm_shmctl, 2, subject, int, (struct kern_ipc_perm *segment, int cmd),    \
    (segment, cmd),                                                                                \
    "owners and modes of shared memory carry data")                                                \
PRE(sb_mount, security_sb_mount, 5, subject, int,                                                  \
    (const char *source, const struct path *path, const char *type, unsigned long flags,           \
     void *data), (source, path, type, flags, data),                                               \
    "names and options of mounts carry data")                                                      \
PRE(sb_umount, security_sb_umount, 2, subject, int, (struct vfsmount *mount, int flags),           \
    (mount, flags),                                                                                \
    "mounts that come and go carry data")                                                          \
PRE(sb_pivotroot, security_sb_pivotroot, 2, subject, int,                                          \
    (const struct path *old_path, const struct path *new_path), (old_path, new_path),              \
    "mounts that come and go carry data")                                                          \
PRE(move_mount, security_move_mount, 2, subject, int,                                              \
    (const struct path *from, const struct path *to), (from, to),                                  \
    "mounts that come and go carry data")                                                          \
PRE(fs_context_parse_param, security_fs_context_parse_param, 2, none, int,                         \
    (struct fs_context *context, struct fs_parameter *parameter), (context, parameter),            \
    "names and options of mounts carry data")                                                      \
PRE(settime64, security_settime64, 2, subject, int,                                                \
    (const struct timespec64 *time, const struct timezone *zone), (time, zone),                    \
    "the clock carries data")                                                                      \
PRE(adjtimex, do_adjtimex, 1, subject, int, (struct __kernel_timex *adjustment), (adjustment),     \
    "the clock carries data")                                                                      \
PRE(quotactl, do_quotactl, 6, subject, int,                                                        \
    (struct super_block *sb, int type, int cmd, qid_t id, void __user *address,                    \
     const struct path *path), (sb, type, cmd, id, address, path),                                 \
    "quotas carry data")                                                                           \
PRE(kernel_load_data, security_kernel_load_data, 2, none, int,                                     \
    (enum kernel_load_data_id id, bool contents), (id, contents),                                  \
    "tainted programs load modules and kernels")                                                   \
PRE(kernel_read_file, security_kernel_read_file, 3, none, int,                                     \
    (struct file *file, enum kernel_read_file_id id, bool contents), (file, id, contents),         \
    "tainted programs load modules and kernels")                                                   \
PRE(bprm_creds_from_file, security_bprm_creds_from_file, 2, subject, int,                          \
    (struct linux_binprm *bprm, mf_creds_file_t *file), (bprm, file),                                  \
    "ids of programs in user namespaces carry data, by what they execute")                         \
MF_LOCKED_CALLS(PRE, MF_LOCKED_CALL_SITES)                                                         \
MF_CALLS(PRE, MF_CALL_SITES)

/* The caller's pointer comes in two registers. */
#ifdef MF_HAS_BPF_CHECK_SIZE
#define MF_BPF_CHECK_REGISTERS 5
#define MF_BPF_CHECK_PARAMS                                                                        \
(struct bpf_prog **prog, union bpf_attr *attr, bpfptr_t user_attr, u32 user_size)
#define MF_BPF_CHECK_ARGS (prog, attr, user_attr, user_size)
#else
#define MF_BPF_CHECK_REGISTERS 4
#define MF_BPF_CHECK_PARAMS (struct bpf_prog **prog, union bpf_attr *attr, bpfptr_t user_attr)
#define MF_BPF_CHECK_ARGS (prog, attr, user_attr)
#endif

#ifdef MF_HAS_FILEMAP_SPLICE_READ
#define MF_DISK_SPLICE_SITES(LATE)                                                                 \
LATE(filemap_splice_read, filemap_splice_read, 5, none, ssize_t,                                   \
     (struct file *in, loff_t *offset, struct pipe_inode_info *pipe, size_t length,                \
      unsigned int flags), (in, offset, pipe, length, flags),                                      \
     "disks of a locked machine are read")
#else /* by blkdev_read_iter */
#define MF_DISK_SPLICE_SITES(LATE)
#endif

#ifdef MF_HAS_BLKDEV_URING_CMD
#define MF_DISK_URING_SITES(LATE)                                                                  \
LATE(blkdev_uring_cmd, blkdev_uring_cmd, 2, none, int,                                             \
     (struct io_uring_cmd *cmd, unsigned int issue_flags), (cmd, issue_flags),                     \
     "disks of a locked machine are changed")
#else
#define MF_DISK_URING_SITES(LATE)
#endif

/* What is closed to everybody on a locked machine. LOCK attaches them, as the first taint does. */
#define MF_LOCKED_SITES(LATE)                                                                      \
LATE(locked_down, security_locked_down, 1, none, int, (enum lockdown_reason what), (what),         \
     "the kernel of a locked machine is read")                                                     \
LATE(bpf_check, bpf_check, MF_BPF_CHECK_REGISTERS, none, int, MF_BPF_CHECK_PARAMS,                 \
     MF_BPF_CHECK_ARGS,                                                                            \
     "BPF programs of a locked machine read the kernel")                                           \
LATE(blkdev_read_iter, blkdev_read_iter, 2, none, ssize_t,                                         \
     (struct kiocb *iocb, struct iov_iter *to), (iocb, to),                                        \
     "disks of a locked machine are read")                                                         \
MF_DISK_SPLICE_SITES(LATE)                                                                         \
LATE(blkdev_write_iter, blkdev_write_iter, 2, none, ssize_t,                                       \
     (struct kiocb *iocb, struct iov_iter *from), (iocb, from),                                    \
     "disks of a locked machine are changed")                                                      \
LATE(blkdev_fallocate, blkdev_fallocate, 4, none, long,                                            \
     (struct file *file, int mode, loff_t start, loff_t length), (file, mode, start, length),      \
     "disks of a locked machine are changed")                                                      \
LATE(blkdev_mmap, blkdev_mmap, 2, none, int,                                                       \
     (struct file *file, struct vm_area_struct *vma), (file, vma),                                 \
     "disks of a locked machine are mapped")                                                       \
MF_DISK_URING_SITES(LATE)                                                                          \
LATE(blkdev_ioctl, blkdev_ioctl, 3, none, long,                                                    \
     (struct file *file, unsigned int cmd, unsigned long arg), (file, cmd, arg),                   \
     "disks of a locked machine are given commands")                                               \
LATE(blkdev_ioctl_compat, compat_blkdev_ioctl, 3, none, long,                                      \
     (struct file *file, unsigned int cmd, unsigned long arg), (file, cmd, arg),                   \
     "disks of a locked machine are given commands")                                               \
LATE(rq_map_user, blk_rq_map_user_iov, 5, none, int,                                               \
     (struct request_queue *queue, struct request *request, struct rq_map_data *data,              \
      const struct iov_iter *iter, gfp_t flags), (queue, request, data, iter, flags),              \
     "disks of a locked machine are given commands")

#ifdef CONFIG_NETPOLL
#define MF_NETPOLL_SITES(WRAP)                                                                     \
WRAP(netpoll_start_xmit, netpoll_start_xmit, 3, netdev_tx_t,                                       \
     (struct sk_buff *skb, struct net_device *dev, struct netdev_queue *txq), (skb, dev, txq),     \
     "the kernel's messages go anywhere")
#else
#define MF_NETPOLL_SITES(WRAP)
#endif

/*
 * Where drivers are given frames. Attached when the guard is armed for the first time, so that who is not
 * classified does not pay for it; tried at load.
 */
#define MF_GUARD_SITES(WRAP)                                                                       \
WRAP(dev_hard_start_xmit, dev_hard_start_xmit, 4, struct sk_buff *,                                \
     (struct sk_buff *first, struct net_device *dev, struct netdev_queue *txq, int *ret),          \
     (first, dev, txq, ret),                                                                       \
     "packets of a classified machine go anywhere")                                                \
WRAP(dev_direct_xmit, __dev_direct_xmit, 2, int, (struct sk_buff *skb, u16 queue_id),              \
     (skb, queue_id),                                                                              \
     "frames of packet sockets go anywhere")                                                       \
MF_NETPOLL_SITES(WRAP)

/* What others are told of a program's doings. */
#define MF_WITNESS_SITES(PRE, LATE)                                                                \
PRE(exit_mm_release, exit_mm_release, 2, subject, void,                                            \
    (struct task_struct *task, struct mm_struct *mm), (task, mm),                                  \
    "who watches files is told which a tainted program had open when it ended")                    \
PRE(cgroup_exit, cgroup_exit, 1, none, void, (struct task_struct *task), (task),                   \
    "who waits for a tainted program is told how many pages it had")                               \
PRE(getrusage, getrusage, 3, none, void,                                                           \
    (struct task_struct *task, int who, struct rusage *usage), (task, who, usage),                 \
    "who waits for a tainted program is told how many pages it has")                               \
PRE(inotify_event, inotify_handle_inode_event, 6, none, int,                                       \
    (struct fsnotify_mark *mark, u32 mask, struct inode *inode, struct inode *dir,                 \
     const struct qstr *name, u32 cookie), (mark, mask, inode, dir, name, cookie),                 \
    "who watches files is told which a tainted program opens")                                     \
PRE(dnotify_event, dnotify_handle_event, 6, none, int,                                             \
    (struct fsnotify_mark *mark, u32 mask, struct inode *inode, struct inode *dir,                 \
     const struct qstr *name, u32 cookie), (mark, mask, inode, dir, name, cookie),                 \
    "who watches directories is told what a tainted program does there")                           \
PRE(fsnotify_insert_event, fsnotify_insert_event, 4, none, int,                                    \
    (struct fsnotify_group *group, struct fsnotify_event *event, mf_fsnotify_merge_t merge,        \
     mf_fsnotify_insert_t insert), (group, event, merge, insert),                                  \
    "who watches files is told which a tainted program opens")                                     \
PRE(path_notify, security_path_notify, 3, subject, int,                                            \
    (const struct path *path, u64 mask, unsigned int type), (path, mask, type),                    \
    "watches of an instance that is shared carry data")                                            \
PRE(file_send_sigiotask, security_file_send_sigiotask, 3, subject, int,                            \
    (struct task_struct *task, struct fown_struct *owner, int sig), (task, owner, sig),            \
    "signals tell what tainted programs write")                                                    \
PRE(fcntl_getlk, fcntl_getlk, 3, none, int,                                                        \
    (struct file *file, unsigned int cmd, struct flock *lock), (file, cmd, lock),                  \
    "positions of open files carry data")                                                          \
PRE(fcntl_setlk, fcntl_setlk, 4, none, int,                                                        \
    (unsigned int fd, struct file *file, unsigned int cmd, struct flock *lock),                    \
    (fd, file, cmd, lock),                                                                         \
    "where record locks begin and end carries data")                                               \
PRE(file_fcntl, security_file_fcntl, 3, subject, int,                                              \
    (struct file *file, unsigned int cmd, unsigned long arg), (file, cmd, arg),                    \
    "flags of open files carry data")                                                              \
LATE(lseek, __x64_sys_lseek, 1, answers, long, (const struct pt_regs *regs), (regs),               \
     "positions of open files carry data")                                                         \
LATE(lseek_ia32, __ia32_compat_sys_lseek, 1, answers, long, (const struct pt_regs *regs), (regs),  \
     "positions of open files carry data")                                                         \
LATE(llseek_ia32, __ia32_sys_llseek, 1, answers, long, (const struct pt_regs *regs), (regs),       \
     "positions of open files carry data")                                                         \
LATE(touch_atime, touch_atime, 1, skip, void, (const struct path *path), (path),                   \
    "times of access tell which files a tainted program reads")                                    \
LATE(file_update_time, file_update_time, 1, subject, int, (struct file *file), (file),             \
    "times of FIFOs tell which a tainted program writes to")

/* What a tainted program does at a pace. */
#define MF_PACED_CALLS(PRE, CALL)                                                                  \
CALL(PRE, kill, "ordinary signals carry data as fast as they are sent")                            \
CALL(PRE, tkill, "ordinary signals carry data as fast as they are sent")                           \
CALL(PRE, tgkill, "ordinary signals carry data as fast as they are sent")                          \
CALL(PRE, pidfd_send_signal, "ordinary signals carry data as fast as they are sent")               \
CALL(PRE, setpgid, "groups of processes carry data as fast as they are changed")

#define MF_PACED_SITES(PRE)                                                                        \
MF_PACED_CALLS(PRE, MF_CALL_SITES)                                                                 \
PRE(break_lease, __break_lease, 3, subject, int,                                                   \
    (struct inode *inode, unsigned int mode, unsigned int type), (inode, mode, type),              \
    "leases carry data as fast as they are broken")

/* What a program does to others. */
#define MF_OTHER_SITES(PRE)                                                                        \
PRE(task_kill, security_task_kill, 4, subject, int,                                                \
    (struct task_struct *task, struct kernel_siginfo *info, int sig, const struct cred *cred),     \
    (task, info, sig, cred),                                                                       \
    "queued signals carry data")                                                                   \
PRE(task_setscheduler, security_task_setscheduler, 1, subject, int, (struct task_struct *task),    \
    (task),                                                                                        \
    "how others are scheduled carries data")                                                       \
PRE(task_setnice, security_task_setnice, 2, subject, int, (struct task_struct *task, int nice),    \
    (task, nice),                                                                                  \
    "how others are scheduled carries data")                                                       \
PRE(task_setioprio, security_task_setioprio, 2, subject, int,                                      \
    (struct task_struct *task, int ioprio), (task, ioprio),                                        \
    "how others are scheduled carries data")                                                       \
PRE(task_movememory, security_task_movememory, 1, subject, int, (struct task_struct *task),        \
    (task),                                                                                        \
    "where others' memory is carries data")                                                        \
PRE(task_getscheduler, security_task_getscheduler, 1, none, int, (struct task_struct *task),       \
    (task),                                                                                        \
    "how tainted programs have themselves scheduled carries data")                                 \
PRE(task_getioprio, security_task_getioprio, 1, none, int, (struct task_struct *task), (task),     \
    "how tainted programs have themselves scheduled carries data")                                 \
PRE(capget, security_capget, 4, none, int,                                                         \
    (mf_capget_task_t *task, kernel_cap_t *effective, kernel_cap_t *inheritable,                   \
     kernel_cap_t *permitted), (task, effective, inheritable, permitted),                          \
    "capabilities in a namespace of one's own carry data")                                         \
PRE(mpol_set_shared_policy, mpol_set_shared_policy, 3, subject, int,                               \
    (struct shared_policy *shared, struct vm_area_struct *vma, struct mempolicy *policy),          \
    (shared, vma, policy),                                                                         \
    "where the pages of a file are to be carries data")                                            \
PRE(get_futex_key, get_futex_key, 4, subject, int,                                                 \
    (u32 __user *address, unsigned int flags, union futex_key *key, int access),                   \
    (address, flags, key, access),                                                                 \
    "who waits on a word of a file is woken, and counted")                                         \
PRE(prlimit, do_prlimit, 4, none, int,                                                             \
    (struct task_struct *task, unsigned int resource, struct rlimit *new_limit,                    \
     struct rlimit *old_limit), (task, resource, new_limit, old_limit),                            \
    "limits carry data")                                                                           \
PRE(proc_pid_limits, proc_pid_limits, 4, none, int,                                                \
    (struct seq_file *m, struct pid_namespace *ns, struct pid *pid, struct task_struct *task),     \
    (m, ns, pid, task),                                                                            \
    "limits carry data")

/*
 * In modules of the kernel that come when a filesystem of theirs is mounted. They are attached then,
 * or when this module is loaded if they are there; what cannot be attached is not mounted.
 */
#ifdef MF_HAS_FUSE_IDMAP
#define MF_FUSE_REQUEST_SITE(PRE)                                                                  \
PRE(fuse_request, __fuse_simple_request, 3, none, ssize_t,                                         \
    (struct mnt_idmap *idmap, struct fuse_mount *mount, struct fuse_args *args),                   \
    (idmap, mount, args),                                                                          \
    "names and offsets go to the programs that serve FUSE")
#else
#define MF_FUSE_REQUEST_SITE(PRE)                                                                  \
PRE(fuse_request, fuse_simple_request, 2, none, ssize_t,                                           \
    (struct fuse_mount *mount, struct fuse_args *args), (mount, args),                             \
    "names and offsets go to the programs that serve FUSE")
#endif

#define MF_FUSE_SITES(PRE)                                                                         \
MF_FUSE_REQUEST_SITE(PRE)                                                                          \
PRE(fuse_background, fuse_simple_background, 3, none, int,                                         \
    (struct fuse_mount *mount, struct fuse_args *args, gfp_t flags), (mount, args, flags),         \
    "offsets go to the programs that serve FUSE")                                                  \
PRE(fuse_forget, fuse_queue_forget, 4, none, void,                                                 \
    (struct fuse_conn *connection, struct fuse_forget_link *forget, u64 node, u64 count),          \
    (connection, forget, node, count),                                                             \
    "what tainted programs close is told to the programs that serve FUSE")

#define MF_AUTOFS_SITES(PRE)                                                                       \
PRE(autofs_wait, autofs_wait, 3, subject, int,                                                     \
    (struct autofs_sb_info *info, const struct path *path, int notify), (info, path, notify),      \
    "names go to the automounter, and from there to the network")

#define MF_PROC_PARAMS                                                                             \
	(struct seq_file *m, struct pid_namespace *ns, struct pid *pid, struct task_struct *task)

#define MF_SITES(PRE, WRAP, LATE)                                                                  \
PRE(file_permission, security_file_permission, 2, file, int,                                       \
    (struct file *file, int mask), (file, mask),                                                   \
    "reads do not raise, writes are not judged")                                                   \
PRE(file_open, security_file_open, 1, file, int,                                                   \
    (struct file *file), (file),                                                                   \
    "uncleared people open classified files")                                                      \
PRE(mmap_file, security_mmap_file, 3, mapping, int,                                                \
    (struct file *file, unsigned long prot, unsigned long flags), (file, prot, flags),             \
    "mapped files do not raise, shared mappings are not judged")                                   \
PRE(file_receive, security_file_receive, 1, none, int, (struct file *file), (file),                \
    "epoll instances and timers are passed to programs that carry less, and told things")          \
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
PRE(wake_up_new_task, wake_up_new_task, 1, none, void,                                             \
    (struct task_struct *task), (task),                                                            \
    "fork clears taint")                                                                           \
PRE(alloc_pid, alloc_pid, 3, subject, struct pid *,                                                \
    (struct pid_namespace *ns, pid_t *set_tid, size_t set_tid_size), (ns, set_tid, set_tid_size),  \
    "numbers of processes that tainted programs choose carry data")                                \
PRE(task_fix_setuid, security_task_fix_setuid, 3, subject, int,                                    \
    (struct cred *new, const struct cred *old, int flags), (new, old, flags),                      \
    "user ids in a namespace of one's own carry data")                                             \
PRE(task_fix_setgid, security_task_fix_setgid, 3, subject, int,                                    \
    (struct cred *new, const struct cred *old, int flags), (new, old, flags),                      \
    "group ids in a namespace of one's own carry data")                                            \
PRE(task_fix_setgroups, security_task_fix_setgroups, 2, subject, int,                              \
    (struct cred *new, const struct cred *old), (new, old),                                        \
    "groups in a namespace of one's own carry data")                                               \
PRE(ptrace_access_check, security_ptrace_access_check, 2, none, int,                               \
    (struct task_struct *child, unsigned int mode), (child, mode),                                 \
    "the memory of tainted programs is read by others")                                            \
PRE(ptrace_traceme, security_ptrace_traceme, 1, none, int,                                         \
    (struct task_struct *parent), (parent),                                                        \
    "the memory of tainted programs is read by their tracer")                                      \
PRE(coredump, do_coredump, 1, subject, void,                                                       \
    (const kernel_siginfo_t *siginfo), (siginfo),                                                  \
    "core dumps carry classified memory to the dump's handler")                                    \
PRE(socket_sendmsg, security_socket_sendmsg, 3, guarded, int,                                      \
    (struct socket *sock, struct msghdr *msg, int size), (sock, msg, size),                        \
    "classified data go to the network")                                                           \
PRE(socket_connect, security_socket_connect, 3, guarded, int,                                      \
    (struct socket *sock, struct sockaddr *address, int addrlen), (sock, address, addrlen),        \
    "tainted programs open connections")                                                           \
PRE(socket_bind, security_socket_bind, 3, guarded, int,                                            \
    (struct socket *sock, struct sockaddr *address, int addrlen), (sock, address, addrlen),        \
    "tainted programs show bytes as ports and addresses")                                          \
PRE(socket_listen, security_socket_listen, 2, subject, int,                                        \
    (struct socket *sock, int backlog), (sock, backlog),                                           \
    "tainted programs show bytes as open ports")                                                   \
PRE(socket_setsockopt, security_socket_setsockopt, 3, subject, int,                                \
    (struct socket *sock, int level, int optname), (sock, level, optname),                         \
    "the kernel's own packets carry what a tainted program sets")                                  \
PRE(socket_recvmsg, security_socket_recvmsg, 4, receives, int,                                     \
    (struct socket *sock, struct msghdr *msg, int size, int flags), (sock, msg, size, flags),      \
    "what tainted programs send to a unix socket does not raise who receives it")                  \
PRE(socket_create, security_socket_create, 4, guarded, int,                                        \
    (int family, int type, int protocol, int kern), (family, type, protocol, kern),                \
    "kinds and protocols of sockets are shown in lists")                                           \
PRE(socket_post_create, security_socket_post_create, 5, subject, int,                              \
    (struct socket *sock, int family, int type, int protocol, int kern),                           \
    (sock, family, type, protocol, kern),                                                          \
    "which sockets tainted programs make is shown in lists")                                       \
PRE(socket_accept, security_socket_accept, 2, none, int,                                           \
    (struct socket *sock, struct socket *new_sock), (sock, new_sock),                              \
    "names of sockets that tainted programs accept are shown in lists")                            \
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
PRE(splice_direct, do_splice_direct, 6, none, ssize_t,                                             \
    (struct file *in, loff_t *off_in, struct file *out, loff_t *off_out, size_t len,               \
     unsigned int flags), (in, off_in, out, off_out, len, flags),                                  \
    "overlays copy classified files up to unmarked paths")                                         \
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
PRE(file_ioctl, security_file_ioctl, 3, none, int,                                                 \
    (struct file *file, unsigned int cmd, unsigned long arg), (file, cmd, arg),                    \
    "commands to files and devices carry data, and exchange what is below a label")                \
PRE(file_ioctl_compat, security_file_ioctl_compat, 3, none, int,                                   \
    (struct file *file, unsigned int cmd, unsigned long arg), (file, cmd, arg),                    \
    "commands of 32-bit programs to files and devices carry data")                                 \
PRE(netlink_send, security_netlink_send, 2, subject, int, (struct sock *sk, struct sk_buff *skb),  \
    (sk, skb),                                                                                     \
    "names and addresses in a network namespace of one's own carry data")                          \
MF_FACILITY_SITES(PRE)                                                                             \
MF_WITNESS_SITES(PRE, LATE)                                                                        \
MF_OTHER_SITES(PRE)                                                                                \
MF_PACED_SITES(PRE)                                                                                \
WRAP(access_remote_vm, access_remote_vm, 5, int,                                                   \
    (struct mm_struct *mm, unsigned long address, void *buffer, int length,                        \
     unsigned int gup_flags), (mm, address, buffer, length, gup_flags),                            \
    "command lines of tainted programs carry data")                                                \
PRE(proc_task_name, proc_task_name, 3, none, void,                                                 \
    (struct seq_file *m, struct task_struct *task, bool escape), (m, task, escape),                \
    "names of tainted programs carry data")                                                        \
PRE(proc_sched_show_task, proc_sched_show_task, 3, none, void,                                     \
    (struct task_struct *task, struct pid_namespace *ns, struct seq_file *m), (task, ns, m),       \
    "names of tainted programs carry data")                                                        \
LATE(proc_pid_status, proc_pid_status, 4, none, int, MF_PROC_PARAMS, (m, ns, pid, task),           \
     "signals that tainted programs block carry data")                                             \
LATE(proc_tgid_stat, proc_tgid_stat, 4, none, int, MF_PROC_PARAMS, (m, ns, pid, task),             \
     "signals that tainted programs block carry data")                                             \
LATE(proc_tid_stat, proc_tid_stat, 4, none, int, MF_PROC_PARAMS, (m, ns, pid, task),               \
     "signals that tainted programs block carry data")                                             \
LATE(proc_pid_statm, proc_pid_statm, 4, none, int, MF_PROC_PARAMS, (m, ns, pid, task),             \
     "how much memory tainted programs have carries data")                                         \
LATE(show_timer, show_timer, 2, none, int, (struct seq_file *m, void *at), (m, at),                \
     "timers of tainted programs carry data")                                                      \
PRE(sb_kern_mount, security_sb_kern_mount, 1, none, int,                                           \
    (mf_kern_mount_sb_t *sb), (sb),                                                                \
    "unregistered media are mounted against the policy")                                           \
PRE(sb_remount, security_sb_remount, 2, none, int,                                                 \
    (struct super_block *sb, void *mnt_opts), (sb, mnt_opts),                                      \
    "media mounted read-only are made writable against the policy")                                \
PRE(file_lock, security_file_lock, 2, file, int,    (struct file *file, unsigned int cmd),         \
    (file, cmd),                                                                                   \
    "locks of files of other machines, and of labelled ones, carry data")                                                 \
PRE(fadvise, generic_fadvise, 4, subject, int,                                                     \
    (struct file *file, loff_t offset, loff_t length, int advice), (file, offset, length, advice), \
    "which parts of a file are read ahead is told to other machines")                              \
PRE(sb_statfs, security_sb_statfs, 1, subject, int, (struct dentry *dentry), (dentry),             \
    "other machines are asked for their free space")                                               \
LATE(inode_permission, security_inode_permission, 2, inode, int,                                   \
     (struct inode *inode, int mask), (inode, mask),                                               \
     "what names and path walks tell is not judged")                                               \
LATE(inode_getattr, security_inode_getattr, 1, path, int,                                          \
     (const struct path *path), (path),                                                            \
     "attributes that tainted programs set are seen by others")                                    \
LATE(inode_getxattr, security_inode_getxattr, 2, dentry, int,                                      \
     (struct dentry *dentry, const char *name), (dentry, name),                                    \
     "xattrs that tainted programs set are read by others")                                        \
LATE(inode_readlink, security_inode_readlink, 1, dentry, int,                                      \
     (struct dentry *dentry), (dentry),                                                            \
     "symlink bodies of tainted programs are read by others")                                      \
LATE(inode_follow_link, security_inode_follow_link, 3, inode2, int,                                \
     (struct dentry *dentry, struct inode *inode, bool rcu), (dentry, inode, rcu),                 \
     "symlinks of tainted programs lead others")                                                   \
LATE(getcwd, __x64_sys_getcwd, 1, answers, long, (const struct pt_regs *regs), (regs),                \
     "names of directories are told to those who stand in them")                                   \
LATE(getcwd_ia32, __ia32_sys_getcwd, 1, answers, long, (const struct pt_regs *regs), (regs),          \
     "names of directories are told to those who stand in them")                                   \
LATE(d_path, d_path, 3, none, char *, (const struct path *path, char *buffer, int size),           \
     (path, buffer, size),                                                                         \
     "links of proc tell the names of open files")                                                 \
LATE(locks_show, locks_show, 2, none, int, (struct seq_file *m, void *at), (m, at),                \
     "where tainted programs lock which files is told in proc")                                    \
LATE(ep_show_fdinfo, ep_show_fdinfo, 2, none, void, (struct seq_file *m, struct file *file),          \
     (m, file),                                                                                    \
     "positions of files that tainted programs read are told by epoll instances of others")        \
LATE(seq_path, seq_path, 3, none, int,                                                             \
     (struct seq_file *m, const struct path *path, const char *escape), (m, path, escape),         \
     "names of mapped files are told in proc")                                                     \
LATE(seq_path_root, seq_path_root, 4, none, int,                                                   \
     (struct seq_file *m, const struct path *path, const struct path *root, const char *escape),   \
     (m, path, root, escape),                                                                      \
     "names on the way to a mount are told in proc")                                               \
LATE(seq_dentry, seq_dentry, 3, none, int,                                                         \
     (struct seq_file *m, struct dentry *dentry, const char *escape), (m, dentry, escape),         \
     "names of what is mounted are told in proc")                                                  \
LATE(unix_seq_show, unix_seq_show, 2, none, int, (struct seq_file *m, void *v), (m, v),            \
     "names of unix sockets are told in proc")                                                     \
LATE(netlink_seq_show, netlink_seq_show, 2, none, int, (struct seq_file *m, void *v), (m, v),      \
     "ports of netlink sockets are told in proc")                                                  \
LATE(sock_diag_rcv_msg, sock_diag_rcv_msg, 3, none, int,                                           \
     (struct sk_buff *skb, struct nlmsghdr *header, struct netlink_ext_ack *extack),               \
     (skb, header, extack),                                                                        \
     "names of unix sockets are told to who asks by netlink")                                      \
MF_LOCKED_SITES(LATE)                                                                              \
PRE(dev_xdp_attach, dev_xdp_attach, 6, none, int,                                                  \
    (struct net_device *dev, struct netlink_ext_ack *extack, struct bpf_xdp_link *link,            \
     struct bpf_prog *new_prog, struct bpf_prog *old_prog, u32 flags),                             \
    (dev, extack, link, new_prog, old_prog, flags),                                                \
    "XDP programs of a classified machine send anywhere")                                          \
PRE(delete_module_ia32, __ia32_sys_delete_module, 1, none, long,                                   \
    (const struct pt_regs *regs), (regs),                                                          \
    "the module is unloaded by force, by a 32-bit program")                                        \
PRE(delete_module, __x64_sys_delete_module, 1, none, long,                                         \
    (const struct pt_regs *regs), (regs),                                                          \
    "the module is unloaded by force")
/* clang-format on */

#ifndef __ASSEMBLY__

#include <linux/binfmts.h>
#include <linux/bpfptr.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/posix_acl.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/signal_types.h>
#include <linux/types.h>

#include "compat/compat.h"

/* What a pre hook answers to have something returned, 0 or more, without the function being run. */
#define MF_INSTEAD(result) ((result) + 1)
#define MF_SKIP MF_INSTEAD(0)
#define MF_ANSWER 2

/* What a system call answers whose hook has done it: the kernel puts that where it stands already. */
static inline int mf_answer(const struct pt_regs *regs, long result)
{
	((struct pt_regs *)regs)->ax = result;
	return MF_ANSWER;
}

struct __kernel_timex;
struct flock;
struct fsnotify_event;
struct fsnotify_group;
struct fsnotify_mark;
struct autofs_sb_info;
struct fuse_args;
struct fuse_conn;
struct fuse_forget_link;
struct fuse_mount;
struct kern_ipc_perm;
struct mempolicy;
struct mq_attr;
struct msg_msg;
struct bpf_prog;
struct bpf_xdp_link;
struct gendisk;
struct io_uring_cmd;
struct iov_iter;
struct kiocb;
struct netlink_ext_ack;
struct nlmsghdr;
struct perf_event_attr;
struct pid;
struct pid_namespace;
struct pipe_inode_info;
struct request;
struct request_queue;
struct rq_map_data;
struct sembuf;
struct shared_policy;
struct rlimit;
struct rusage;
struct seq_file;
struct sigevent;
struct sk_buff;
union bpf_attr;
union futex_key;

typedef long (*mf_message_fill_t)(void __user *buffer, struct msg_msg *message, size_t size);
typedef int (*mf_fsnotify_merge_t)(struct fsnotify_group *group, struct fsnotify_event *event);
typedef void (*mf_fsnotify_insert_t)(struct fsnotify_group *group, struct fsnotify_event *event);
typedef long (*mf_message_fill_t)(void __user *buffer, struct msg_msg *message, size_t size);

/*
 * A pre hook answers 0 to let the function run, a negative errno to refuse, MF_INSTEAD(), or where
 * the guard is "answers" MF_ANSWER.
 */
#define MF_DECLARE_PRE(name, symbol, nargs, guard, type, params, args, lost)                       \
	int hook_##name params;                                                                    \
	type mf_call_##name params;
#define MF_DECLARE_WRAP(name, symbol, nargs, type, params, args, lost)                             \
	type hook_##name params;                                                                   \
	type mf_call_##name params;

MF_SITES(MF_DECLARE_PRE, MF_DECLARE_WRAP, MF_DECLARE_PRE)
MF_GUARD_SITES(MF_DECLARE_WRAP)
MF_FUSE_SITES(MF_DECLARE_PRE)
MF_AUTOFS_SITES(MF_DECLARE_PRE)

#undef MF_DECLARE_PRE
#undef MF_DECLARE_WRAP

#endif /* !__ASSEMBLY__ */
#endif /* _MF_HOOKS_H */
