// SPDX-License-Identifier: GPL-2.0
/* Programs: exec, fork, and those that look into others. */
#include "hook_task.h"

#include <linux/audit.h>
#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "attach.h"
#include "clean.h"
#include "exec.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "subject.h"

int hook_bprm_check(struct linux_binprm *bprm)
{
	int err;

	if (likely(mf_inode_plain(file_inode(bprm->file))) && likely(!mf_subject_tainted()) &&
	    likely(!mf_mm_tainted(bprm->mm)))
		return 0;
	mf_hook_enter();
	err = mf_judge_exec(bprm);
	mf_hook_exit();
	return err;
}

/* It cannot be refused any more: without memory to keep account, the image does not run. */
int hook_bprm_committing_creds(mf_committing_bprm_t *bprm)
{
	mf_hook_enter();
	if (mf_exec_commit()) {
		send_sig(SIGKILL, current, 1);
		mf_judge_unaccounted(MIFENG_OP_EXEC);
	}
	mf_hook_exit();
	return 0;
}

/*
 * The child has its copy of the parent's memory and has not run. It cannot be refused
 * any more: if there is no memory to keep account of it, it is killed before its first instruction.
 */
int hook_wake_up_new_task(struct task_struct *task)
{
	if (unlikely(mf_clean_listened(current)))
		set_bit(MF_TASK_LISTENED, &task->atomic_flags);
	if (likely(!mf_subject_tainted()) || !task->mm || task->mm == current->mm)
		return 0;
	mf_hook_enter();
	if (mf_subject_inherit(task->mm)) {
		send_sig(SIGKILL, task, 1);
		mf_judge_unaccounted(MIFENG_OP_FORK);
	}
	mf_hook_exit();
	return 0;
}

/*
 * Services read /proc/PID of whoever talks to them, to note who it is. They are refused
 * like everybody, but each line of a tainted program's log would be a record.
 */
static bool only_asks(unsigned int mode)
{
	return (mode & PTRACE_MODE_NOAUDIT) ||
	       ((mode & PTRACE_MODE_READ) && !uid_valid(audit_get_loginuid(current)));
}

int hook_ptrace_access_check(struct task_struct *child, unsigned int mode)
{
	int err;

	/* the caller holds task_lock(child) */
	if (child->mm == current->mm)
		return 0;
	/* it has its copy of a parent's memory, but the taint only when it is woken */
	if (unlikely(READ_ONCE(child->__state) & TASK_NEW) && mf_subjects_count())
		return -EACCES;
	if (likely(!mf_mm_tainted(child->mm)) &&
	    (likely(!mf_subject_tainted()) || !(mode & PTRACE_MODE_ATTACH)))
		return 0;
	mf_hook_enter();
	err = mf_judge_memory(child->mm, mode & PTRACE_MODE_ATTACH, only_asks(mode));
	mf_hook_exit();
	return err;
}

/*
 * A tracer sees what the program holds, and can put there what it holds itself: they carry the same.
 * The caller holds tasklist_lock for writing, with interrupts off. A lock that others hold when an
 * interrupt asks for that one must not be waited for here: neither task_lock() nor that of the records.
 */
int hook_ptrace_traceme(struct task_struct *parent)
{
	struct mf_label mine, its, settled;
	bool tainted = mf_subject_taint(current->mm, &mine), same;
	int err = 0;

	if (mf_subject_of_task(parent, false, &its))
		same = tainted && mf_label_dominates(&mine, &its) &&
		       mf_subject_of_task(parent, true, &settled) &&
		       mf_label_dominates(&settled, &mine);
	else
		same = !tainted;
	if (likely(same))
		return 0;
	mf_hook_enter();
	if (tainted)
		err = mf_judge_giving(MIFENG_OP_PTRACE, true);
	else
		err = mf_judge_taking(&its);
	mf_hook_exit();
	return err;
}

int hook_coredump(const kernel_siginfo_t *siginfo)
{
	int err;

	if (likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	err = mf_judge_giving(MIFENG_OP_COREDUMP, false);
	mf_hook_exit();
	return err;
}

/**
 * mf_sees_all_names() - does the current program see what others call themselves, whatever they carry
 *
 * Root and services have to know whom they deal with.
 *
 * Return: true if so.
 */
bool mf_sees_all_names(void)
{
	return !uid_valid(audit_get_loginuid(current)) ||
	       ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE);
}

/*
 * Everybody may ask for the name and command line of any program, and the program writes
 * both. Those who carry less find them empty, as they are for kernel threads, and no record is
 * made: ps asks for all there are.
 */
static bool hides_name(struct task_struct *task)
{
	bool hidden = false;

	if (task->flags & PF_KTHREAD)
		return false;
	task_lock(task);
	if (!task->mm) /* what a dead one had read is not known any more */
		hidden = !same_thread_group(task, current);
	else if (unlikely(mf_mm_tainted(task->mm)) && task->mm != current->mm)
		hidden = mf_judge_memory(task->mm, false, true);
	task_unlock(task);
	return hidden && !mf_sees_all_names();
}

static int name_shown(struct task_struct *task)
{
	int err;

	mf_hook_enter();
	err = hides_name(task) ? -EACCES : 0;
	mf_hook_exit();
	return err;
}

int hook_proc_task_name(struct seq_file *m, struct task_struct *task, bool escape)
{
	return name_shown(task);
}

int hook_proc_sched_show_task(struct task_struct *task, struct pid_namespace *ns,
			      struct seq_file *m)
{
	return name_shown(task);
}

/*
 * Where /proc/PID reads and writes memory: command lines, and descriptors of mem and environ that
 * were opened before the other program, or this one, was raised. Not a byte is an end of file.
 */
int hook_access_remote_vm(struct mm_struct *mm, unsigned long address, void *buffer, int length,
			  unsigned int gup_flags)
{
	bool words = gup_flags & FOLL_ANON, writes = gup_flags & FOLL_WRITE;
	int done = 0;

	mf_hook_enter();
	if (mm == current->mm || likely(!mf_mm_tainted(mm) && !(writes && mf_subject_tainted())) ||
	    !mf_judge_memory(mm, writes, words) || (words && mf_sees_all_names()))
		done = mf_call_access_remote_vm(mm, address, buffer, length, gup_flags);
	mf_hook_exit();
	return done;
}
