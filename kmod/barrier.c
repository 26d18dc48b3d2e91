// SPDX-License-Identifier: GPL-2.0
/*
 * The barrier: tasks that may have passed a check before it changed are sent through the
 * return to user space once. Task work with TWA_SIGNAL interrupts what sleeps, and the interrupted
 * calls restart by themselves, but for those that never do (epoll_wait, semop, msgrcv,
 * receiving with a timeout), which answer EINTR to their program. Whatever a task starts
 * after it has passed is judged by what was published before the barrier.
 */
#include "barrier.h"

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "attach.h"
#include "imports.h"

/**
 * struct barrier - the wait for some tasks
 * @refs: the waiter and every queued work
 * @pending: tasks still inside a system call, and the waiter while it queues
 * @done: none is left
 */
struct barrier {
	refcount_t refs;
	atomic_t pending;
	struct completion done;
};

struct passage {
	struct callback_head work;
	struct barrier *barrier;
};

static void barrier_put(struct barrier *barrier)
{
	if (refcount_dec_and_test(&barrier->refs))
		kfree(barrier);
}

static void pass(struct callback_head *work)
{
	struct passage *passage = container_of(work, struct passage, work);

	if (atomic_dec_and_test(&passage->barrier->pending))
		complete(&passage->barrier->done);
	barrier_put(passage->barrier);
	kfree(passage);
	mf_hook_exit();
}

static int queue_passage(struct barrier *barrier, struct task_struct *task)
{
	struct passage *passage;

	if (task->flags & PF_KTHREAD) /* one that borrows an address space never passes */
		return -EBUSY;
	passage = kmalloc(sizeof(*passage), GFP_KERNEL);
	if (!passage)
		return -ENOMEM;
	init_task_work(&passage->work, pass);
	passage->barrier = barrier;
	refcount_inc(&barrier->refs);
	atomic_inc(&barrier->pending);
	mf_hook_enter(); /* until it has run: this code must not go away before */
	if (task_work_add(task, &passage->work, TWA_SIGNAL)) {
		/* it is exiting: it copies nothing any more */
		atomic_dec(&barrier->pending);
		refcount_dec(&barrier->refs);
		kfree(passage);
		mf_hook_exit();
	}
	return 0;
}

/* Calls that take nothing out of a file, a channel or memory, and in which programs wait. */
static bool takes_nothing(long call)
{
	switch (call) {
	case __NR_write:
	case __NR_writev:
	case __NR_pwrite64:
	case __NR_pwritev:
	case __NR_sendto:
	case __NR_sendmsg:
	case __NR_sendmmsg:
	case __NR_poll:
	case __NR_ppoll:
	case __NR_select:
	case __NR_pselect6:
	case __NR_epoll_wait:
	case __NR_epoll_pwait:
	case __NR_epoll_pwait2:
	case __NR_wait4:
	case __NR_waitid:
	case __NR_nanosleep:
	case __NR_clock_nanosleep:
	case __NR_pause:
	case __NR_rt_sigsuspend:
	case __NR_rt_sigtimedwait:
	case __NR_futex:
	case __NR_accept:
	case __NR_accept4:
	case __NR_connect:
	case __NR_semop:
	case __NR_semtimedop:
	case __NR_msgrcv:
	case __NR_flock:
	case __NR_fsync:
	case __NR_fdatasync:
	case __NR_exit:
	case __NR_exit_group:
		return true;
	default:
		return false;
	}
}

/* Calls that neither look a name up nor list a directory, and in which programs wait. */
static bool walks_nowhere(long call)
{
	switch (call) {
	case __NR_read:
	case __NR_readv:
	case __NR_pread64:
	case __NR_preadv:
	case __NR_recvfrom:
	case __NR_recvmsg:
	case __NR_recvmmsg:
		return true;
	case __NR_sendto: /* to a unix socket's path */
	case __NR_sendmsg:
	case __NR_sendmmsg:
	case __NR_connect:
	case __NR_exit:
	case __NR_exit_group:
		return false;
	default:
		return takes_nothing(call);
	}
}

/*
 * The number of the 64-bit call a task may be inside; false if that is not known. It may have ended
 * since it was found running, and have no stack any more.
 */
static bool call_of(struct task_struct *task, long *call)
{
	bool stands;

	/* the numbers of 32-bit calls are others */
	if ((task->flags & PF_IO_WORKER) || test_ti_thread_flag(task_thread_info(task), TIF_ADDR32) ||
	    (task_thread_info(task)->status & TS_COMPAT))
		return false;
	stands = try_get_task_stack(task);
	if (stands) {
		*call = READ_ONCE(task_pt_regs(task)->orig_ax);
		mf_call_put_task_stack(task);
	}
	return stands;
}

/**
 * mf_task_walks() - may a task be on its way through directories, or listing one, at this moment
 * @task: as in mf_task_copies()
 *
 * One that sleeps is not: between the check and the look at a directory nobody sleeps but for
 * the directory's own lock, which the caller waits for by itself.
 *
 * Return: false if it certainly is not.
 */
bool mf_task_walks(struct task_struct *task)
{
	long call;

	if (task->flags & (PF_EXITING | PF_KTHREAD) || READ_ONCE(task->__state) != TASK_RUNNING)
		return false;
	return !call_of(task, &call) || !walks_nowhere(call);
}

/**
 * mf_task_copies() - may a task be inside a call that takes data from somewhere
 * @task: referenced, or found under RCU; not the current one
 *
 * What was published before, behind a full barrier, is seen by whatever the task does after
 * the call found here: the kernel's entry code stores the call's number long before any check.
 * A task that is stopped by a signal or its tracer is between two calls.
 *
 * Return: false if it certainly is not.
 */
bool mf_task_copies(struct task_struct *task)
{
	long call;

	if (task->flags & (PF_EXITING | PF_KTHREAD))
		return false;
	if (READ_ONCE(task->__state) & (__TASK_STOPPED | __TASK_TRACED))
		return false;
	return !call_of(task, &call) || !takes_nothing(call);
}

/**
 * mf_barrier() - wait until each of some tasks has been outside every system call once
 * @tasks: referenced; not the current one
 * @count: how many
 * @limit_ms: for how long at most
 *
 * Context: process, sleeps; the tasks must not need a lock that the caller holds.
 *
 * Return: 0; -EBUSY when one of them did not come out in time; -ENOMEM;
 * -ERESTARTSYS when the caller itself is wanted elsewhere.
 */
int mf_barrier(struct task_struct *const *tasks, size_t count, unsigned int limit_ms)
{
	struct barrier *barrier;
	long left;
	size_t i;
	int err = 0;

	if (!count)
		return 0;
	barrier = kmalloc(sizeof(*barrier), GFP_KERNEL);
	if (!barrier)
		return -ENOMEM;
	refcount_set(&barrier->refs, 1);
	atomic_set(&barrier->pending, 1);
	init_completion(&barrier->done);
	for (i = 0; i < count && !err; i++)
		err = queue_passage(barrier, tasks[i]);
	if (!err && !atomic_dec_and_test(&barrier->pending)) {
		left = wait_for_completion_interruptible_timeout(&barrier->done,
								 msecs_to_jiffies(limit_ms));
		if (left <= 0)
			err = left ? -ERESTARTSYS : -EBUSY;
	}
	barrier_put(barrier);
	return err;
}
