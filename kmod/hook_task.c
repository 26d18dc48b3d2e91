// SPDX-License-Identifier: GPL-2.0
/* Programs: exec, fork, and those that look into others. */
#include <linux/audit.h>
#include <linux/binfmts.h>
#include <linux/cred.h>
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
