// SPDX-License-Identifier: GPL-2.0
/*
 * Attachment of the hooks: the only file that knows how it is done.
 *
 * security_add_hooks() is not for modules, so the functions named in hooks.h are
 * redirected with ftrace, in one of two kinds:
 *
 *   pre	a direct call (register_ftrace_direct*) to a trampoline of ours: a
 *		few instructions, no saved pt_regs. That registration overwrites the flags
 *		of its ftrace_ops, so FTRACE_OPS_FL_PERMANENT, which makes
 *		"ftrace_enabled = 0" answer EBUSY, sits on an ops of its own
 *		(permanent_ops) registered beside it.
 *   wrap	FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT: the callback sets the
 *		instruction pointer to the wrapper and does nothing else. It leaves
 *		the RECURSION and RCU flags alone: with them set ftrace would call
 *		it through an assist function that may skip it.
 *
 * Mechanisms that can miss (kretprobe and fprobe instances run out) are not used.
 * A function takes one direct call and one IPMODIFY, whoever asks first. A pre
 * hook whose direct call is taken is attached as a wrap; when both are taken
 * the module does not load. All sites attach or none does.
 *
 * The sites that are late in hooks.h are attached and given back at load, to see that it
 * can be done, and attached for good by mf_hooks_complete(), before the first program is tainted.
 *
 * So are those of the guard, for mf_hooks_attach_guard() when the machine becomes a classified one.
 *
 * Sites in modules of the kernel, which are there only when something is mounted that
 * needs them, are attached in suites, one for a type of filesystem: when this module is
 * loaded, if they are there, or else before the first such filesystem can be reached. The suite keeps
 * the module from being unloaded.
 *
 * Locking: suites_lock protects suites. sites_lock serialises attaching and detaching. Under it ftrace waits for others, so
 * whoever takes it holds no lock that is needed to leave the kernel; the lock that exec holds
 * over its credentials is none.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "attach.h"

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/bpf.h>
#include <linux/cgroup.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/magic.h>
#include <linux/mempolicy.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/resource.h>
#include <linux/security.h>
#include <linux/pipe_fs_i.h>
#include <linux/splice.h>
#include <linux/string.h>
#include <linux/coredump.h>
#include <linux/mm.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

#include "compat/compat.h"
#include "hooks.h"
#include "imports.h"

enum site_kind {
	SITE_PRE,
	SITE_WRAP,
};

/**
 * struct site - one hooked function
 * @symbol: its name in the kernel
 * @lost: what would not be protected without it, for the refusal to load
 * @kind: how it is to be attached
 * @late: when the first program is about to be tainted, not at load
 * @trampoline: pre: where the direct call goes
 * @wrapper: where IPMODIFY goes; for a pre site, the fallback
 * @original: set to the first instruction behind the fentry site
 * @address: the fentry site
 * @ops: our registration with ftrace
 * @attached: @ops is registered
 * @by_wrap: by IPMODIFY rather than by direct call
 */
struct site {
	const char *symbol;
	const char *lost;
	enum site_kind kind;
	bool late;
	unsigned long trampoline;
	unsigned long wrapper;
	unsigned long *original;
	unsigned long address;
	struct ftrace_ops ops;
	bool attached;
	bool by_wrap;
};

DEFINE_PER_CPU(long, mf_inside);
static DEFINE_MUTEX(sites_lock);
static bool all_attached; /* every site is attached; changes under sites_lock */

/* The prototypes this module was written for are those of the kernel it is built for. */
#define HOOKED_PRE(name, symbol, nargs, guard, type, params, args, lost)                           \
	HOOKED_WRAP(name, symbol, nargs, type, params, args, lost)
#define HOOKED_WRAP(name, symbol, nargs, type, params, args, lost)                                 \
	static_assert(__same_type(type(*) params, &symbol),                                        \
		      "the kernel's " #symbol " has a prototype this module does not know");
/* No header has these: nothing but their names is known to be right. */
long __x64_sys_delete_module(const struct pt_regs *regs);
long __ia32_sys_delete_module(const struct pt_regs *regs);
long __x64_sys_vmsplice(const struct pt_regs *regs);
long __ia32_sys_vmsplice(const struct pt_regs *regs);
ssize_t splice_file_to_pipe(struct file *in, struct pipe_inode_info *opipe, loff_t *offset,
			    size_t len, unsigned int flags);
long __x64_sys_keyctl(const struct pt_regs *regs);
long __ia32_compat_sys_keyctl(const struct pt_regs *regs);
long __x64_sys_lseek(const struct pt_regs *regs);
long __ia32_compat_sys_lseek(const struct pt_regs *regs);
long __ia32_sys_llseek(const struct pt_regs *regs);
long __x64_sys_getcwd(const struct pt_regs *regs);
long __ia32_sys_getcwd(const struct pt_regs *regs);
#define DECLARE_CALL(PRE, name, lost)                                                              \
	long __x64_sys_##name(const struct pt_regs *regs);                                         \
	long __ia32_sys_##name(const struct pt_regs *regs);
MF_CALLS(, DECLARE_CALL)
MF_LOCKED_CALLS(, DECLARE_CALL)
MF_PACED_CALLS(, DECLARE_CALL)
int __break_lease(struct inode *inode, unsigned int mode, unsigned int type);
long ioctx_alloc(unsigned int events);
long do_seccomp(unsigned int op, unsigned int flags, void __user *uargs);
int do_mq_timedsend(mqd_t queue, const char __user *message, size_t size, unsigned int priority,
		    struct timespec64 *timeout);
int do_mq_notify(mqd_t queue, const struct sigevent *notification);
int do_mq_getsetattr(int queue, struct mq_attr *new, struct mq_attr *old);
long do_msgrcv(int id, void __user *buffer, size_t size, long type, int flags,
	       mf_message_fill_t fill);
int do_quotactl(struct super_block *sb, int type, int cmd, qid_t id, void __user *address,
		const struct path *path);
void proc_task_name(struct seq_file *m, struct task_struct *task, bool escape);
#ifdef MF_HAS_FUSE_IDMAP
ssize_t __fuse_simple_request(struct mnt_idmap *idmap, struct fuse_mount *mount,
			      struct fuse_args *args);
#else
ssize_t fuse_simple_request(struct fuse_mount *mount, struct fuse_args *args);
#endif
int fuse_simple_background(struct fuse_mount *mount, struct fuse_args *args, gfp_t flags);
void fuse_queue_forget(struct fuse_conn *connection, struct fuse_forget_link *forget, u64 node,
		       u64 count);
int autofs_wait(struct autofs_sb_info *info, const struct path *path, int notify);
void exit_mm_release(struct task_struct *task, struct mm_struct *mm);
int inotify_handle_inode_event(struct fsnotify_mark *mark, u32 mask, struct inode *inode,
			       struct inode *dir, const struct qstr *name, u32 cookie);
int dnotify_handle_event(struct fsnotify_mark *mark, u32 mask, struct inode *inode,
			 struct inode *dir, const struct qstr *name, u32 cookie);
int fcntl_getlk(struct file *file, unsigned int cmd, struct flock *lock);
int fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock *lock);
int do_prlimit(struct task_struct *task, unsigned int resource, struct rlimit *new_limit,
	       struct rlimit *old_limit);
int proc_pid_limits(struct seq_file *m, struct pid_namespace *ns, struct pid *pid,
		    struct task_struct *task);
int proc_pid_status MF_PROC_PARAMS;
int proc_tgid_stat MF_PROC_PARAMS;
int proc_tid_stat MF_PROC_PARAMS;
int proc_pid_statm MF_PROC_PARAMS;
int show_timer(struct seq_file *m, void *at);
int locks_show(struct seq_file *m, void *at);
void ep_show_fdinfo(struct seq_file *m, struct file *file);
int get_futex_key(u32 __user *address, unsigned int flags, union futex_key *key, int access);
int unix_seq_show(struct seq_file *m, void *v);
int netlink_seq_show(struct seq_file *m, void *v);
ssize_t blkdev_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t blkdev_write_iter(struct kiocb *iocb, struct iov_iter *from);
long blkdev_fallocate(struct file *file, int mode, loff_t start, loff_t length);
int blkdev_mmap(struct file *file, struct vm_area_struct *vma);
int blkdev_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
long blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
long compat_blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
int sock_diag_rcv_msg(struct sk_buff *skb, struct nlmsghdr *header, struct netlink_ext_ack *extack);
int dev_xdp_attach(struct net_device *dev, struct netlink_ext_ack *extack, struct bpf_xdp_link *link,
		   struct bpf_prog *new_prog, struct bpf_prog *old_prog, u32 flags);
#ifdef CONFIG_NETPOLL
netdev_tx_t netpoll_start_xmit(struct sk_buff *skb, struct net_device *dev, struct netdev_queue *txq);
#endif
MF_SITES(HOOKED_PRE, HOOKED_WRAP, HOOKED_PRE)
MF_GUARD_SITES(HOOKED_WRAP)

/* What a function that is not run answers; regs are the arguments of a system call. */
#define RESULT_PLAIN(err, args) ((err) < 0 ? (err) : (err) - 1)
#define RESULT_file RESULT_PLAIN
#define RESULT_mapping RESULT_PLAIN
#define RESULT_inode RESULT_PLAIN
#define RESULT_inode2 RESULT_PLAIN
#define RESULT_dentry RESULT_PLAIN
#define RESULT_path RESULT_PLAIN
#define RESULT_subject RESULT_PLAIN
#define RESULT_guarded RESULT_PLAIN
#define RESULT_channels RESULT_PLAIN
#define RESULT_receives RESULT_PLAIN
#define RESULT_skip RESULT_PLAIN
#define RESULT_none RESULT_PLAIN
#define RESULT_answers(err, args) ((err) == MF_ANSWER ? (long)(regs)->ax : (err))

/*
 * The fallback of a pre site: the hook, then the function, by redirection.
 * The names mf_call_* and mf_trampoline_* are defined in trampoline.S.
 */
#define DEFINE_PRE(name, symbol, nargs, guard, type, params, args, lost)                           \
	void mf_trampoline_##name(void);                                                           \
	type mf_call_##name params;                                                                \
	extern unsigned long mf_original_##name;                                                   \
	unsigned long mf_original_##name;                                                          \
	static type wrap_##name params                                                             \
	{                                                                                          \
		int err = hook_##name args;                                                        \
		return err ? (type)(long)RESULT_##guard(err, args) : mf_call_##name args;                \
	}
#define DEFINE_WRAP(name, symbol, nargs, type, params, args, lost)                                 \
	extern unsigned long mf_original_##name;                                                   \
	unsigned long mf_original_##name;

MF_SITES(DEFINE_PRE, DEFINE_WRAP, DEFINE_PRE)
MF_GUARD_SITES(DEFINE_WRAP)
MF_FUSE_SITES(DEFINE_PRE)
MF_AUTOFS_SITES(DEFINE_PRE)

#define SITE_OF_PRE(name, symb, nargs, guard, type, params, args, what)                            \
	SITE_DIRECT(name, symb, what, false)
#define SITE_OF_LATE(name, symb, nargs, guard, type, params, args, what)                           \
	SITE_DIRECT(name, symb, what, true)
#define SITE_DIRECT(name, symb, what, when)                                                        \
	{                                                                                          \
		.symbol = #symb,                                                                   \
		.lost = what,                                                                      \
		.kind = SITE_PRE,                                                                  \
		.late = when,                                                                      \
		.trampoline = (unsigned long)mf_trampoline_##name,                                 \
		.wrapper = (unsigned long)wrap_##name,                                             \
		.original = &mf_original_##name,                                                   \
	},
#define SITE_OF_WRAP(name, symb, nargs, type, params, args, what)                                  \
	{                                                                                          \
		.symbol = #symb,                                                                   \
		.lost = what,                                                                      \
		.kind = SITE_WRAP,                                                                 \
		.wrapper = (unsigned long)hook_##name,                                             \
		.original = &mf_original_##name,                                                   \
	},

static struct site sites[] = { MF_SITES(SITE_OF_PRE, SITE_OF_WRAP, SITE_OF_LATE) };
static struct site guard_sites[] = { MF_GUARD_SITES(SITE_OF_WRAP) };
static struct site fuse_sites[] = { MF_FUSE_SITES(SITE_OF_PRE) };
static struct site autofs_sites[] = { MF_AUTOFS_SITES(SITE_OF_PRE) };

/**
 * struct suite - the sites in what makes one type of filesystem
 * @filesystem: the type's name
 * @magic: of its superblocks
 * @sites: all or none of them are attached
 * @count: how many
 * @type: set while they are, with a reference to its module
 */
struct suite {
	const char *filesystem;
	unsigned long magic;
	struct site *sites;
	size_t count;
	struct file_system_type *type;
};

static struct suite suites[] = {
	{ "fuse", FUSE_SUPER_MAGIC, fuse_sites, ARRAY_SIZE(fuse_sites), NULL },
	{ "autofs", AUTOFS_SUPER_MAGIC, autofs_sites, ARRAY_SIZE(autofs_sites), NULL },
};

static DEFINE_MUTEX(suites_lock);
static bool suites_open; /* protected by suites_lock: more may be attached */

#define DEFINE_IMPORT(name, type, params)                                                          \
	extern unsigned long mf_original_##name;                                                   \
	unsigned long mf_original_##name;
#define IMPORT_OF(name, type, params) { .symbol = #name, .address = &mf_original_##name },

MF_IMPORTS(DEFINE_IMPORT)

static const struct {
	const char *symbol;
	unsigned long *address;
} imports[] = { MF_IMPORTS(IMPORT_OF) };

static void notrace stay(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
}

/* Beside the direct calls: see the head of this file. It sits on a function that is never hot. */
static struct ftrace_ops permanent_ops = {
	.func = stay,
	.flags = FTRACE_OPS_FL_PERMANENT,
};
static unsigned char permanent_symbol[] = "security_quotactl";

static void notrace redirect(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	mf_set_instruction_pointer(fregs, container_of(ops, struct site, ops)->wrapper);
}

/*
 * The address of a function that is not exported: a kprobe is registered by name
 * and dropped at once. Its address is that of the fentry site, which on kernels with
 * indirect branch tracking stands behind an endbr64. 0 if there is no such function.
 */
static unsigned long symbol_find(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	unsigned long address;

	if (register_kprobe(&probe))
		return 0;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

/* The fentry site of a function; a hundred kprobes would take seconds. 0 if there is none. */
static unsigned long site_find(const char *name)
{
	unsigned long entry = mf_call_kallsyms_lookup_name(name);

	return entry ? mf_call_ftrace_location(entry) : 0;
}

static int find_imports(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(imports); i++) {
		*imports[i].address = symbol_find(imports[i].symbol);
		if (!*imports[i].address) {
			pr_err("not loaded: this kernel has no %s\n", imports[i].symbol);
			return -ENOENT;
		}
	}
	return 0;
}

static int attach_wrap(struct site *site)
{
	int err;

	memset(&site->ops, 0, sizeof(site->ops));
	site->ops.func = redirect;
	site->ops.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT;
	err = ftrace_set_filter_ip(&site->ops, site->address, 0, 0);
	if (err)
		return err;
	err = register_ftrace_function(&site->ops);
	if (err) {
		ftrace_free_filter(&site->ops);
		return err;
	}
	site->attached = true;
	site->by_wrap = true;
	return 0;
}

static int attach_pre(struct site *site)
{
	int err;

	memset(&site->ops, 0, sizeof(site->ops));
	err = ftrace_set_filter_ip(&site->ops, site->address, 0, 0);
	if (err)
		return err;
	err = mf_register_direct(&site->ops, site->trampoline);
	if (err) {
		ftrace_free_filter(&site->ops);
		return err;
	}
	site->attached = true;
	site->by_wrap = false;
	return 0;
}

static void detach_site(struct site *site)
{
	if (!site->attached)
		return;
	if (site->by_wrap) {
		unregister_ftrace_function(&site->ops);
		ftrace_free_filter(&site->ops);
	} else {
		mf_unregister_direct(&site->ops, site->trampoline);
	}
	site->attached = false;
}

static char *absent;
module_param(absent, charp, 0);
MODULE_PARM_DESC(absent, "take this function for missing, to see that the module then refuses to load");

static int attach_site(struct site *site)
{
	int err = site->kind == SITE_PRE ? attach_pre(site) : -EBUSY;

	return err == -EBUSY ? attach_wrap(site) : err;
}

/* What is wrong is told, and that the module is not loaded, or something not mounted. */
static int attach_first(struct site *site, const char *refused)
{
	int err;

	site->address = absent && strcmp(absent, site->symbol) == 0 ? 0 : site_find(site->symbol);
	if (!site->address) {
		pr_err("%s: this kernel has no %s to hook; without it %s\n", refused, site->symbol,
		       site->lost);
		return -ENOENT;
	}
	*site->original = site->address + MCOUNT_INSN_SIZE;
	err = attach_site(site);
	if (!err && site->late)
		detach_site(site);
	if (err == -EBUSY)
		pr_err("%s: %s is held by another tracer, live patch or BPF program; stop that first\n",
		       refused, site->symbol);
	else if (err)
		pr_err("%s: hooking %s failed (%d); without it %s\n", refused, site->symbol, err,
		       site->lost);
	return err;
}

static void detach_suite(struct suite *suite)
{
	size_t i;

	for (i = 0; i < suite->count; i++)
		detach_site(&suite->sites[i]);
	if (suite->type)
		module_put(suite->type->owner);
	suite->type = NULL;
}

/* Under suites_lock; the filesystem's module is there. */
static int attach_suite(struct suite *suite, const char *refused)
{
	struct file_system_type *type = get_fs_type(suite->filesystem);
	size_t i;
	int err = 0;

	if (!type)
		return -ENODEV;
	for (i = 0; !err && i < suite->count; i++)
		err = attach_first(&suite->sites[i], refused);
	suite->type = type;
	if (err)
		detach_suite(suite);
	return err;
}

static int attach_suites(void)
{
	size_t i;
	int err = 0;

	mutex_lock(&suites_lock);
	for (i = 0; !err && i < ARRAY_SIZE(suites); i++)
		if (site_find(suites[i].sites[0].symbol))
			err = attach_suite(&suites[i], "not loaded");
	suites_open = !err;
	mutex_unlock(&suites_lock);
	return err;
}

static void detach_suites(void)
{
	size_t i;

	mutex_lock(&suites_lock);
	suites_open = false;
	for (i = 0; i < ARRAY_SIZE(suites); i++)
		detach_suite(&suites[i]);
	mutex_unlock(&suites_lock);
}

/**
 * mf_hooks_attach_mounted() - hook what makes a filesystem that is being mounted
 * @sb: the filesystem, which nobody can reach yet
 *
 * Context: process, may sleep; inside a hook.
 *
 * Return: 0, also if nothing of it is hooked, or it is already; what ftrace answered, and it must
 * not be mounted.
 */
int mf_hooks_attach_mounted(const struct super_block *sb)
{
	size_t i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (sb->s_magic == suites[i].magic)
			break;
	if (i == ARRAY_SIZE(suites))
		return 0;
	mutex_lock(&suites_lock);
	if (suites_open && !suites[i].type)
		err = attach_suite(&suites[i], "not mounted");
	mutex_unlock(&suites_lock);
	return err;
}

/* By name: nothing may be probed before it is known that ftrace is enabled. */
static int attach_permanent(void)
{
	int err = ftrace_set_filter(&permanent_ops, permanent_symbol, strlen(permanent_symbol), 0);

	if (err) {
		pr_err("not loaded: this kernel has no %s\n", permanent_symbol);
		return err;
	}
	err = register_ftrace_function(&permanent_ops);
	if (err) {
		ftrace_free_filter(&permanent_ops);
		if (err == -EBUSY)
			pr_err("not loaded: ftrace is disabled; sysctl kernel.ftrace_enabled=1 first\n");
		return err;
	}
	return 0;
}

static void detach_permanent(void)
{
	unregister_ftrace_function(&permanent_ops);
	ftrace_free_filter(&permanent_ops);
}

/**
 * mf_attach_init() - make sure of ftrace and find the functions of imports.h
 *
 * From here on ftrace cannot be switched off. Context: process, may sleep; first of all,
 * because everything else may call an import. What went wrong is told in the kernel log.
 *
 * Return: 0, -EBUSY if ftrace is disabled, -ENOENT if the kernel lacks a function.
 */
int mf_attach_init(void)
{
	int err = attach_permanent();

	if (err)
		return err;
	err = find_imports();
	if (err)
		detach_permanent();
	return err;
}

/**
 * mf_attach_exit() - undo mf_attach_init(), last of all
 */
void mf_attach_exit(void)
{
	detach_permanent();
}

static long inside_hooks(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(mf_inside, cpu));
	return sum;
}

/**
 * mf_hooks_detach() - give every site back and wait until nobody is inside a hook
 *
 * Safe on a half-attached table. Context: process, sleeps until the last task
 * that is inside a hook has left it.
 */
void mf_hooks_detach(void)
{
	size_t i;

	detach_suites();
	mutex_lock(&sites_lock);
	for (i = 0; i < ARRAY_SIZE(sites); i++)
		detach_site(&sites[i]);
	for (i = 0; i < ARRAY_SIZE(guard_sites); i++)
		detach_site(&guard_sites[i]);
	mutex_unlock(&sites_lock);
	synchronize_net(); /* the guard's are not entered by tasks */
	/* nobody is between the site and mf_hook_enter() any more … */
	synchronize_rcu_tasks();
	while (inside_hooks())
		msleep(20);
	/* … nor between mf_hook_exit() and the return to the kernel */
	synchronize_rcu_tasks();
}

/**
 * mf_hooks_attach() - hook every site of hooks.h but the late ones, or none
 *
 * The late ones are tried as well, and given back.
 * Context: process, may sleep; everything the hooks use is ready before.
 * What went wrong is told in one line of the kernel log.
 *
 * Return: 0, -ENOENT if the kernel lacks a function, -EBUSY if one is held by
 * somebody else, or what ftrace answered.
 */
int mf_hooks_attach(void)
{
	size_t i;
	int err = 0;

	mutex_lock(&sites_lock);
	for (i = 0; !err && i < ARRAY_SIZE(sites); i++)
		err = attach_first(&sites[i], "not loaded");
	for (i = 0; !err && i < ARRAY_SIZE(guard_sites); i++) {
		err = attach_first(&guard_sites[i], "not loaded");
		detach_site(&guard_sites[i]);
	}
	mutex_unlock(&sites_lock);
	if (!err)
		err = attach_suites();
	if (err)
		mf_hooks_detach();
	return err;
}

/**
 * mf_hooks_are_complete() - are the late sites attached
 *
 * Context: any.
 *
 * Return: true if so; it stays so.
 */
bool mf_hooks_are_complete(void)
{
	/* pairs with mf_hooks_complete() */
	return smp_load_acquire(&all_attached);
}

/**
 * mf_hooks_complete() - attach the late sites, if they are not
 * @held: set to the function that could not be hooked
 *
 * Context: process, sleeps; see the head of this file for the locks that may be held.
 *
 * Return: 0, or what ftrace answered, and nothing may be tainted; those that were attached stay.
 */
int mf_hooks_complete(const char **held)
{
	size_t i;
	int err = 0;

	if (likely(mf_hooks_are_complete()))
		return 0;
	mutex_lock(&sites_lock);
	for (i = 0; !err && i < ARRAY_SIZE(sites); i++) {
		if (sites[i].attached)
			continue;
		err = attach_site(&sites[i]);
		if (err)
			*held = sites[i].symbol;
	}
	if (!err) /* pairs with mf_hooks_are_complete(): who sees it set finds them attached */
		smp_store_release(&all_attached, true);
	mutex_unlock(&sites_lock);
	return err;
}

/**
 * mf_hooks_attach_guard() - attach the sites of the guard, if they are not
 *
 * Context: process, sleeps; as mf_hooks_complete().
 *
 * Return: 0, or what ftrace answered; those that were attached stay.
 */
int mf_hooks_attach_guard(void)
{
	size_t i;
	int err = 0;

	mutex_lock(&sites_lock);
	for (i = 0; !err && i < ARRAY_SIZE(guard_sites); i++)
		if (!guard_sites[i].attached)
			err = attach_site(&guard_sites[i]);
	mutex_unlock(&sites_lock);
	return err;
}

/**
 * mf_hooks_count() - how many sites are attached
 * @pre: set to those attached by direct call
 * @wrap: set to those attached by redirection
 * @waiting: set to those that are attached when the first program is about to be tainted
 */
void mf_hooks_count(u32 *pre, u32 *wrap, u32 *waiting)
{
	size_t i, j;

	*pre = 0;
	*wrap = 0;
	*waiting = 0;
	for (i = 0; i < ARRAY_SIZE(sites); i++)
		(*(!sites[i].attached ? waiting : sites[i].by_wrap ? wrap : pre))++;
	for (i = 0; i < ARRAY_SIZE(guard_sites); i++)
		if (guard_sites[i].attached)
			(*wrap)++;
	mutex_lock(&suites_lock);
	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		if (!suites[i].type)
			continue;
		for (j = 0; j < suites[i].count; j++)
			(*(suites[i].sites[j].by_wrap ? wrap : pre))++;
	}
	mutex_unlock(&suites_lock);
}
