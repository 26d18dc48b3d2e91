// SPDX-License-Identifier: GPL-2.0
/*
 * Facilities of the kernel that a program which has read classified data may not use: those that
 * act for it where no other hook sees it (io_uring, AIO, userfaultfd, BPF, perf, a seccomp
 * listener), and those that keep a few words for everybody who asks (keys, message queues,
 * semaphores, mounts, host names, clocks, quotas, numbers of processes and users). Reading them stays
 * allowed. Some of them are closed to everybody on a locked machine, see locked.c.
 *
 * The hooks on queues and semaphores are called under the lock of the object.
 */
#include <linux/bpf.h>
#include <linux/cred.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/ipc.h>
#include <linux/kernel_read_file.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/msg.h>
#include <linux/ptrace.h>
#include <linux/quota.h>
#include <linux/seccomp.h>
#include <linux/sem.h>
#include <linux/shm.h>
#include <linux/timex.h>
#include <uapi/linux/dqblk_xfs.h>
#include <uapi/linux/shm.h>

#include "attach.h"
#include "clean.h"
#include "description.h"
#include "hook_guard.h"
#include "hook_locked.h"
#include "hooks.h"
#include "judge.h"
#include "locked.h"
#include "shared.h"
#include "subject.h"

static int setup(void)
{
	int err;

	if (likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	err = mf_judge_facility(MIFENG_OP_SETUP);
	mf_hook_exit();
	return err;
}

/* The same of what is closed to everybody on a locked machine. */
static int setup_unless_locked(const char *door)
{
	return mf_locked() ? mf_refuse_locked(door) : setup();
}

#define DEFINE_CALL(PRE, name, lost)                                                               \
	int hook_##name(const struct pt_regs *regs)                                                \
	{                                                                                          \
		return setup();                                                                    \
	}                                                                                          \
	int hook_##name##_ia32(const struct pt_regs *regs)                                         \
	{                                                                                          \
		return setup();                                                                    \
	}

MF_PLAIN_CALLS(, DEFINE_CALL)

int hook_swapon(const struct pt_regs *regs)
{
	return setup_unless_locked("new swap");
}

int hook_swapon_ia32(const struct pt_regs *regs)
{
	return setup_unless_locked("new swap");
}

/* Rings and userfaultfd have an inode of their own; nothing else of the kind is made by programs. */
int hook_inode_init_security_anon(struct inode *inode, const struct qstr *name,
				  const struct inode *context_inode)
{
	int err = setup();

	if (err || !current->mm || strcmp(name->name, "[userfaultfd]") != 0)
		return err;
	/* whoever is given it can use it on any mapping, at any time */
	mf_hook_enter();
	err = mf_subject_spoil("userfaultfd");
	mf_hook_exit();
	return err;
}

/* Epoll and its like are told things by calls of their own, and tell whoever has them. */
int hook_file_receive(struct file *file)
{
	int err;

	if (!mf_subjects_count())
		return 0;
	mf_description_mark(file);
	if (likely(!mf_shared_keeps(file)))
		return 0;
	mf_hook_enter();
	err = mf_judge_passing(file);
	mf_hook_exit();
	return err;
}

int hook_ioctx_alloc(unsigned int events)
{
	return setup();
}

/* A test run of an XDP program can be one with frames that really leave. */
static bool sends_frames(int cmd, const union bpf_attr *attr, unsigned int size)
{
	return cmd == BPF_PROG_TEST_RUN && size >= offsetofend(union bpf_attr, test.flags) &&
	       (attr->test.flags & BPF_F_TEST_XDP_LIVE_FRAMES);
}

int hook_bpf(int cmd, union bpf_attr *attr, unsigned int size)
{
	int err = sends_frames(cmd, attr, size) ? mf_refuse_passing_by("an XDP program") : 0;

	return err ? err : setup();
}

#ifdef MF_HAS_PERF_OPEN_BY_TYPE
int hook_perf_event_open(int type)
#else
int hook_perf_event_open(struct perf_event_attr *attr, int type)
#endif
{
	return setup_unless_locked("perf events");
}

/* Filters alone decide about the program that has them; a listener tells another one. */
int hook_seccomp(unsigned int op, unsigned int flags, void __user *uargs)
{
	int err;

	if (likely(op != SECCOMP_SET_MODE_FILTER || !(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)))
		return 0;
	err = setup();
	if (!err) {
		mf_hook_enter();
		mf_clean_mark_listened(flags & SECCOMP_FILTER_FLAG_TSYNC);
		mf_hook_exit();
	}
	return err;
}

/* Without call-out information the kernel only looks among the keys that are there. */
static int key_request(unsigned long callout, unsigned long keyring)
{
	return callout || keyring ? setup() : 0;
}

int hook_request_key(const struct pt_regs *regs)
{
	return key_request(regs->dx, regs->r10);
}

int hook_request_key_ia32(const struct pt_regs *regs)
{
	return key_request((u32)regs->dx, (u32)regs->si);
}

static int keyctl(int operation, unsigned long second, unsigned long fifth)
{
	switch (operation) {
	case KEYCTL_GET_KEYRING_ID:
	case KEYCTL_DESCRIBE:
	case KEYCTL_READ:
	case KEYCTL_GET_SECURITY:
	case KEYCTL_CAPABILITIES:
	case KEYCTL_SET_REQKEY_KEYRING:	/* its own, for later requests */
	case KEYCTL_DH_COMPUTE:
	case KEYCTL_PKEY_QUERY:
	case KEYCTL_PKEY_ENCRYPT:
	case KEYCTL_PKEY_DECRYPT:
	case KEYCTL_PKEY_SIGN:
	case KEYCTL_PKEY_VERIFY:
		return 0;
	case KEYCTL_SEARCH:		/* what is found may be linked to a keyring */
		return fifth ? setup() : 0;
	case KEYCTL_JOIN_SESSION_KEYRING: /* one with a name can be joined by others */
		return second ? setup() : 0;
	default:
		return setup();
	}
}

int hook_keyctl(const struct pt_regs *regs)
{
	return keyctl(regs->di, regs->si, regs->r8);
}

int hook_keyctl_ia32(const struct pt_regs *regs)
{
	return keyctl(regs->bx, (u32)regs->cx, (u32)regs->di);
}

int hook_mq_timedsend(mqd_t queue, const char __user *message, size_t size, unsigned int priority,
		      struct timespec64 *timeout)
{
	return setup();
}

int hook_mq_notify(mqd_t queue, const struct sigevent *notification)
{
	return notification ? setup() : 0;
}

/* Whether who has it as well waits there. */
int hook_mq_getsetattr(int queue, struct mq_attr *new, struct mq_attr *old)
{
	return new ? setup() : 0;
}

int hook_msg_queue_alloc(struct kern_ipc_perm *queue)
{
	return setup();
}

int hook_msg_queue_msgctl(struct kern_ipc_perm *queue, int cmd)
{
	return cmd == IPC_SET || cmd == IPC_RMID ? setup() : 0;
}

int hook_msg_queue_msgsnd(struct kern_ipc_perm *queue, struct msg_msg *message, int flags)
{
	return setup();
}

/*
 * It names those it takes by their type; whoever has the queue sees which are left. Of a POSIX queue it gets
 * the one that is next, as from a pipe.
 */
int hook_msgrcv(int id, void __user *buffer, size_t size, long type, int flags,
		mf_message_fill_t fill)
{
	return setup();
}

int hook_shm_alloc(struct kern_ipc_perm *segment)
{
	return setup();
}

int hook_sem_alloc(struct kern_ipc_perm *set)
{
	return setup();
}

int hook_sem_semctl(struct kern_ipc_perm *set, int cmd)
{
	return cmd == SETVAL || cmd == SETALL || cmd == IPC_SET || cmd == IPC_RMID ? setup() : 0;
}

/* One call moves hundreds of values; also who waited last for one to become zero is kept. */
int hook_sem_semop(struct kern_ipc_perm *set, struct sembuf *operations, unsigned int count,
		   int alter)
{
	return setup();
}

int hook_shm_shmctl(struct kern_ipc_perm *segment, int cmd)
{
	return cmd == IPC_SET || cmd == SHM_LOCK || cmd == SHM_UNLOCK ? setup() : 0;
}

int hook_sb_mount(const char *source, const struct path *path, const char *type,
		  unsigned long flags, void *data)
{
	return setup();
}

int hook_sb_umount(struct vfsmount *mount, int flags)
{
	return setup();
}

int hook_sb_pivotroot(const struct path *old_path, const struct path *new_path)
{
	return setup();
}

int hook_move_mount(const struct path *from, const struct path *to)
{
	return setup();
}

/* Of ext4 and XFS: where the superblock is, where the journal, the log and real-time data are. */
static bool names_a_place(const char *option)
{
	static const char *const options[] = {
		"sb", "journal_dev", "journal_path", "logdev", "rtdev",
	};

	return match_string(options, ARRAY_SIZE(options), option) >= 0;
}

/* The kernel mounts for itself, too, when a program comes by. */
int hook_fs_context_parse_param(struct fs_context *context, struct fs_parameter *parameter)
{
	if (context->purpose == FS_CONTEXT_FOR_SUBMOUNT || (context->sb_flags & SB_KERNMOUNT))
		return 0;
	if (mf_locked() && names_a_place(parameter->key))
		return mf_refuse_locked("mount options that name a place on a disk, or another disk");
	return setup();
}

/* What an instance watches is shown to all that share it. */
int hook_path_notify(const struct path *path, u64 mask, unsigned int type)
{
	return setup();
}

int hook_settime64(const struct timespec64 *time, const struct timezone *zone)
{
	return setup();
}

int hook_adjtimex(struct __kernel_timex *adjustment)
{
	return adjustment->modes ? setup() : 0;
}

int hook_quotactl(struct super_block *sb, int type, int cmd, qid_t id, void __user *address,
		  const struct path *path)
{
	switch (cmd) {
	case Q_SYNC:
	case Q_GETFMT:
	case Q_GETINFO:
	case Q_GETQUOTA:
	case Q_GETNEXTQUOTA:
	case Q_XGETQSTAT:
	case Q_XGETQSTATV:
	case Q_XGETQUOTA:
	case Q_XGETNEXTQUOTA:
		return 0;
	default:
		return setup();
	}
}

/* What drivers load by themselves when a program opens their device is no program's doing. */
int hook_kernel_load_data(enum kernel_load_data_id id, bool contents)
{
	if (id == LOADING_KEXEC_IMAGE || id == LOADING_KEXEC_INITRAMFS)
		return setup_unless_locked("kexec");
	return id == LOADING_FIRMWARE ? 0 : setup();
}

int hook_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents)
{
	if (id == READING_KEXEC_IMAGE || id == READING_KEXEC_INITRAMFS)
		return setup_unless_locked("kexec");
	return id == READING_FIRMWARE ? 0 : setup();
}

int hook_alloc_pid(struct pid_namespace *ns, pid_t *set_tid, size_t set_tid_size)
{
	return set_tid_size ? setup() : 0;
}

/*
 * In a user namespace there may be thousands of ids to choose from, and everybody sees which a program has.
 * In the initial one they are those of its person, or of whoever sudo changes to.
 */
static int change_ids(const struct cred *new, bool same)
{
	return same || new->user_ns == &init_user_ns ? 0 : setup();
}

int hook_task_fix_setuid(struct cred *new, const struct cred *old, int flags)
{
	return change_ids(new, uid_eq(new->uid, old->uid) && uid_eq(new->euid, old->euid) &&
				       uid_eq(new->suid, old->suid) &&
				       uid_eq(new->fsuid, old->fsuid));
}

int hook_task_fix_setgid(struct cred *new, const struct cred *old, int flags)
{
	return change_ids(new, gid_eq(new->gid, old->gid) && gid_eq(new->egid, old->egid) &&
				       gid_eq(new->sgid, old->sgid) &&
				       gid_eq(new->fsgid, old->fsgid));
}

/* By a file of another's, which there may be many of. */
int hook_bprm_creds_from_file(struct linux_binprm *bprm, mf_creds_file_t *file)
{
	const struct cred *new = bprm->cred, *old = current_cred();

	return change_ids(new, uid_eq(new->euid, old->euid) && gid_eq(new->egid, old->egid));
}

/* Sandboxes drop them all. */
int hook_task_fix_setgroups(struct cred *new, const struct cred *old)
{
	return change_ids(new, !new->group_info->ngroups);
}
