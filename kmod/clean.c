// SPDX-License-Identifier: GPL-2.0
/*
 * A raise must be clean: when a program has read classified data, those data must have
 * no way out that no hook will see again, and no system call of the same address
 * space that passed its check before may still be copying.
 *
 * mf_clean_check() looks for the ways out: writable shared mappings of files that
 * are not labelled high enough and of rings of the kernel, any mapping of a file whose pages a
 * server is asked for, userfaultfd, AIO and io_uring contexts, pinned memory, sockets for zero-copy
 * sends, a tracer with less taint, traced programs, perf events, seccomp listeners, what is shared
 * with others (shared.c). A listener cannot be found when it matters, so tasks that got one are
 * marked for good.
 * mf_clean_barrier() sends every other task of the address space through the return to user space
 * once (barrier.c), and then waits for other programs that are inside a call which looks into the
 * memory. mf_clean_attaching() waits for those who attach to a task. The taint is published before,
 * so whatever is started after that is judged by it.
 * mf_clean_shared() has the memory take the taint on that others may map.
 */
#include "clean.h"

#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/perf_event.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/sock.h>

#include "barrier.h"
#include "channel.h"
#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "shared.h"

#define BARRIER_MS 500

static_assert(MF_TASK_LISTENED > PFA_SPEC_SSB_NOEXEC && MF_TASK_LISTENED < BITS_PER_LONG);
static_assert(MF_TASK_WAS_TAINTED > PFA_SPEC_SSB_NOEXEC && MF_TASK_WAS_TAINTED < BITS_PER_LONG &&
	      MF_TASK_WAS_TAINTED != MF_TASK_LISTENED);

static bool mapping_is_way_out(const struct vm_area_struct *vma, const struct mf_label *taint)
{
	struct mf_object object;
	struct inode *inode;

	if (!vma->vm_file || (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) != (VM_SHARED | VM_MAYWRITE))
		return false;
	inode = mf_real_inode(vma->vm_file->f_path.dentry);
	if (!inode)
		return true;
	/* rings of io_uring, AIO and perf, maps of BPF: shared with whoever else was given them */
	if (!(inode->i_mode & S_IFMT))
		return true;
	/* devices: a display or a disk; which of them, the hook on mmap has judged or will */
	if (S_ISCHR(inode->i_mode))
		return mf_sink_of(inode) == MF_SINK_DEVICE;
	/* rings of packet sockets and AF_XDP: the kernel sends what is put there, whoever asks for it */
	if (!S_ISREG(inode->i_mode))
		return true;
	if (mf_sb_is_memory(inode->i_sb)) /* mf_clean_shared() looks at these */
		return false;
	/* under the lock of the address space only what is known already is looked at */
	return !mf_label_cached(inode, MF_LABEL_OF_OBJECT, &object) || object.state != MIFENG_LABEL_VALID ||
	       !mf_label_dominates(&object.label, taint);
}

/* Each fault tells the server which page is looked at: one's own, or another machine's. */
static bool mapping_asks(const struct vm_area_struct *vma)
{
	const struct inode *real;

	if (!vma->vm_file)
		return false;
	real = mf_real_inode(vma->vm_file->f_path.dentry);
	return mf_sb_server(file_inode(vma->vm_file)->i_sb) != MF_SERVER_NONE ||
	       (real && mf_sb_server(real->i_sb) != MF_SERVER_NONE);
}

static int check_mappings(struct mm_struct *mm, const struct mf_label *taint,
			  char culprit[MF_CULPRIT_SIZE])
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma;
	int err = 0;

	if (mmap_read_lock_killable(mm))
		return -EBUSY;
	for_each_vma(vmi, vma) {
		if (vma->vm_userfaultfd_ctx.ctx) {
			strscpy(culprit, "userfaultfd", MF_CULPRIT_SIZE);
			err = -EBUSY;
			break;
		}
		if (mapping_is_way_out(vma, taint)) {
			snprintf(culprit, MF_CULPRIT_SIZE, "writable shared mapping of %pD4",
				 vma->vm_file);
			err = -EBUSY;
			break;
		}
		if (mapping_asks(vma)) {
			snprintf(culprit, MF_CULPRIT_SIZE, "mapping of %pD4, which is on %s",
				 vma->vm_file, file_inode(vma->vm_file)->i_sb->s_type->name);
			err = -EBUSY;
			break;
		}
	}
	mmap_read_unlock(mm);
	return err;
}

/* Descriptors through which pages leave later than the call that was judged. */
static int is_way_out(const void *unused, struct file *file, unsigned int fd)
{
	const struct inode *inode = file_inode(file);

	if (S_ISSOCK(inode->i_mode))
		return sock_flag(SOCKET_I((struct inode *)inode)->sk, SOCK_ZEROCOPY);
	/* a thread of the kernel sends and receives from our memory: net, vsock, scsi */
	if (S_ISCHR(inode->i_mode))
		return file->f_op->owner && str_has_prefix(file->f_op->owner->name, "vhost");
	return inode->i_sb->s_magic == ANON_INODE_FS_MAGIC &&
	       strcmp(file->f_path.dentry->d_name.name, "[io_uring]") == 0;
}

static bool context_has_events(const struct perf_event_context *context)
{
	return context && READ_ONCE(context->nr_events);
}

/* Whoever opened them gets registers and pieces of the stack with each sample. */
static bool has_perf_events(const struct task_struct *task)
{
#ifdef MF_HAS_PERF_ONE_CONTEXT
	return context_has_events(READ_ONCE(task->perf_event_ctxp));
#else
	int i;

	for (i = 0; i < perf_nr_task_contexts; i++)
		if (context_has_events(READ_ONCE(task->perf_event_ctxp[i])))
			return true;
	return false;
#endif
}

/**
 * mf_clean_mark_listened() - the current task is getting a filter with a listener
 * @all_threads: all threads of its program are
 *
 * A thread that is being made meanwhile is either among those marked here, under the lock it is
 * added to them with, or is marked by its maker when it is woken.
 *
 * Context: process.
 */
void mf_clean_mark_listened(bool all_threads)
{
	/* a task that runs keeps its own */
	struct sighand_struct *sighand = rcu_dereference_protected(current->sighand, true);
	struct task_struct *thread;

	set_bit(MF_TASK_LISTENED, &current->atomic_flags);
	if (!all_threads)
		return;
	spin_lock_irq(&sighand->siglock);
	for_each_thread(current, thread)
		set_bit(MF_TASK_LISTENED, &thread->atomic_flags);
	spin_unlock_irq(&sighand->siglock);
}

static bool tracer_is_way_out(struct task_struct *task, const struct mf_label *taint)
{
	struct task_struct *tracer = ptrace_parent(task);
	struct mf_label other;
	bool out = false;

	if (!tracer)
		return false;
	task_lock(tracer);
	if (tracer->mm != task->mm)
		out = !mf_subject_settled(tracer->mm, &other) || !mf_label_dominates(&other, taint);
	task_unlock(tracer);
	return out;
}

/**
 * mf_clean_tracers() - does a tracer that carries less watch a task, or whoever holds its perf
 * events or a seccomp listener
 * @task: the task
 * @taint: what the task is about to carry
 * @culprit: set to who does
 *
 * Context: any that may take task_lock().
 *
 * Return: 0, or -EBUSY if one does.
 */
int mf_clean_tracers(struct task_struct *task, const struct mf_label *taint,
		     char culprit[MF_CULPRIT_SIZE])
{
	bool out;

	if (mf_clean_listened(task)) {
		snprintf(culprit, MF_CULPRIT_SIZE, "a seccomp listener of thread %d",
			 task_pid_nr(task));
		return -EBUSY;
	}
	rcu_read_lock();
	out = has_perf_events(task);
	if (out) {
		rcu_read_unlock();
		snprintf(culprit, MF_CULPRIT_SIZE, "a perf event of thread %d", task_pid_nr(task));
		return -EBUSY;
	}
	out = tracer_is_way_out(task, taint);
	rcu_read_unlock();
	if (out)
		snprintf(culprit, MF_CULPRIT_SIZE, "tracer of thread %d", task_pid_nr(task));
	return out ? -EBUSY : 0;
}

/* A thread may have a table of descriptors of its own. */
static bool has_way_out(struct task_struct *task)
{
	bool out;

	if (task != current && READ_ONCE(task->files) == current->files)
		return false;
	task_lock(task);
	out = iterate_fd(task->files, 0, is_way_out, NULL);
	task_unlock(task);
	return out;
}

static int check_tasks(const struct mm_struct *mm, const struct mf_label *taint,
		       char culprit[MF_CULPRIT_SIZE])
{
	struct task_struct *process, *task;
	int err = 0;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (READ_ONCE(task->mm) != mm || (task->flags & PF_KTHREAD))
			continue;
		if (!list_empty(&task->ptraced)) {
			snprintf(culprit, MF_CULPRIT_SIZE, "a program traced by thread %d",
				 task_pid_nr(task));
			err = -EBUSY;
			goto out;
		}
		if (task->io_uring) {
			snprintf(culprit, MF_CULPRIT_SIZE, "io_uring of thread %d",
				 task_pid_nr(task));
			err = -EBUSY;
			goto out;
		}
		if (has_way_out(task)) {
			strscpy(culprit,
				"an io_uring, a vhost device, or a socket for zero-copy sends",
				MF_CULPRIT_SIZE);
			err = -EBUSY;
			goto out;
		}
		err = mf_clean_tracers(task, taint, culprit);
		if (err)
			goto out;
	}
out:
	rcu_read_unlock();
	return err;
}

/**
 * mf_clean_check() - would data read now have a way out that no hook sees
 * @mm: the address space of the current task
 * @taint: what it will carry
 * @culprit: set to what the way out is, for the record
 *
 * Context: process, may sleep, mmap lock not held.
 *
 * Return: 0 if there is none, -EBUSY otherwise.
 */
int mf_clean_check(struct mm_struct *mm, const struct mf_label *taint,
		   char culprit[MF_CULPRIT_SIZE])
{
	const char *spoilt = mf_subject_spoilt(mm);
	int err;

	if (spoilt) {
		strscpy(culprit, spoilt, MF_CULPRIT_SIZE);
		return -EBUSY;
	}
	if (mm->ioctx_table) {
		strscpy(culprit, "an AIO context", MF_CULPRIT_SIZE);
		return -EBUSY;
	}
	/* rings of other programs, RDMA, AF_XDP: somebody can read our pages behind our back */
	if (test_bit(MMF_HAS_PINNED, &mm->flags)) {
		strscpy(culprit, "pinned memory", MF_CULPRIT_SIZE);
		return -EBUSY;
	}
	err = check_tasks(mm, taint, culprit);
	if (!err)
		err = mf_shared_tables(mm, taint, culprit);
	if (!err)
		err = mf_shared_descriptions(taint, culprit);
	return err ? err : check_mappings(mm, taint, culprit);
}

static bool is_shared_memory(const struct vm_area_struct *vma)
{
	const struct inode *inode;

	if (!vma->vm_file || (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) != (VM_SHARED | VM_MAYWRITE))
		return false;
	inode = file_inode(vma->vm_file);
	return S_ISREG(inode->i_mode) && mf_sb_is_memory(inode->i_sb);
}

/* The next writable mapping of shared memory at or after an address that is below the taint. */
static struct file *next_shared(struct mm_struct *mm, const struct mf_label *taint,
				unsigned long *address)
{
	VMA_ITERATOR(vmi, mm, *address);
	struct vm_area_struct *vma;
	struct mf_channel channel;
	struct file *file = NULL;

	mmap_read_lock(mm);
	for_each_vma(vmi, vma) {
		*address = vma->vm_end;
		if (!is_shared_memory(vma) || !mf_channel_read(vma->vm_file, &channel) ||
		    mf_object_settled(&channel, taint))
			continue;
		file = get_file(vma->vm_file);
		break;
	}
	mmap_read_unlock(mm);
	return file;
}

/**
 * mf_clean_shared() - memory that the program shares by a writable mapping takes its taint on
 * @mm: the address space of the current task
 * @taint: what it will carry
 * @culprit: set to who shares it and carries less
 *
 * Context: process, sleeps; mmap lock not held.
 *
 * Return: 0, -EBUSY if some cannot, -ERESTARTSYS when the caller is wanted elsewhere.
 */
int mf_clean_shared(struct mm_struct *mm, const struct mf_label *taint,
		    char culprit[MF_CULPRIT_SIZE])
{
	struct mf_obstacle why = { .culprit = "" };
	unsigned long address = 0;
	struct mf_channel channel;
	struct file *file;
	int err = 0;

	while (!err && (file = next_shared(mm, taint, &address))) {
		if (mf_channel_read(file, &channel))
			err = mf_object_settle(&channel, taint, &why);
		fput(file);
	}
	if (err == -EBUSY)
		snprintf(culprit, MF_CULPRIT_SIZE, "%s",
			 why.culprit[0] ? why.culprit : "shared memory of others");
	return err;
}

/* The parent of a vfork child sleeps in the kernel, copying nothing, until the child is gone. */
static bool waits_for_us(const struct task_struct *task)
{
	return current->vfork_done && rcu_access_pointer(current->real_parent) == task;
}

static bool must_pass(struct task_struct *task, const struct mm_struct *mm)
{
	return task != current && READ_ONCE(task->mm) == mm && !(task->flags & PF_EXITING) &&
	       !(READ_ONCE(task->__state) & (__TASK_STOPPED | __TASK_TRACED)) &&
	       !waits_for_us(task);
}

/* Referenced tasks of the address space other than the current one; NULL without memory. */
static struct task_struct **other_tasks(const struct mm_struct *mm, size_t *count)
{
	struct task_struct *process, *task, **list;
	size_t space = 0;

	rcu_read_lock();
	for_each_process_thread(process, task)
		space += must_pass(task, mm);
	rcu_read_unlock();
	space += 8; /* for those born meanwhile; one more, and the raise is refused as busy */
	list = kvcalloc(space, sizeof(*list), GFP_KERNEL);
	if (!list)
		return NULL;
	*count = 0;
	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (!must_pass(task, mm))
			continue;
		if (*count == space)
			goto full;
		list[(*count)++] = get_task_struct(task);
	}
	rcu_read_unlock();
	return list;
full:
	rcu_read_unlock();
	while (*count)
		put_task_struct(list[--*count]);
	kvfree(list);
	return NULL;
}

/*
 * How many tasks of the address space there were at some time and still are. Each of them has
 * had a reference to it since.
 */
static int tasks_since(const struct mm_struct *mm, u64 time)
{
	struct task_struct *process, *task;
	int count = 0;

	rcu_read_lock();
	for_each_process_thread(process, task)
		if (READ_ONCE(task->mm) == mm && !(task->flags & PF_KTHREAD) &&
		    task->start_boottime < time)
			count++;
	rcu_read_unlock();
	return count;
}

/*
 * Another program that is inside process_vm_readv(), or reads /proc/PID/mem, has been let in by the
 * taint of then, and holds a reference to the address space beside those of its tasks. Whoever
 * takes one later is judged after that. Who only looks at /proc has gone in a moment.
 */
static int nobody_looks(struct mm_struct *mm, char culprit[MF_CULPRIT_SIZE])
{
	const unsigned long end = jiffies + msecs_to_jiffies(BARRIER_MS);
	u64 time;
	int users;

	do {
		time = ktime_get_boottime_ns();
		users = atomic_read(&mm->mm_users);
		smp_mb(); /* the tasks are counted after their references */
		if (users <= tasks_since(mm, time))
			return 0;
		schedule_timeout_interruptible(1);
		if (signal_pending(current))
			return -ERESTARTSYS;
	} while (time_before(jiffies, end));
	strscpy(culprit, "a program that looks into its memory", MF_CULPRIT_SIZE);
	return -EBUSY;
}

/*
 * Who traces a task, or opens a perf event of one, is let do so first and then linked to it. Both
 * happens under locks of the task's process. A task that executes something holds the first
 * one itself.
 */
static bool nobody_attaches(const struct mm_struct *mm)
{
	struct task_struct *process, *task;

	for_each_process_thread(process, task) {
		struct signal_struct *signal = task->signal;

		if (READ_ONCE(task->mm) != mm || (task->flags & PF_KTHREAD))
			continue;
		if (signal != current->signal || !current->in_execve) {
			if (!mutex_trylock(&signal->cred_guard_mutex))
				return false;
			mutex_unlock(&signal->cred_guard_mutex);
		}
		if (!down_write_trylock(&signal->exec_update_lock))
			return false;
		up_write(&signal->exec_update_lock);
	}
	return true;
}

/**
 * mf_clean_attaching() - wait until whoever was let attach to a task by an older taint has done so
 * @mm: the address space of the current task
 * @culprit: set to why not
 *
 * Then mf_clean_check() sees him. Context: process, sleeps up to half a second.
 *
 * Return: 0; -EBUSY when that takes too long; -ERESTARTSYS when the caller is wanted elsewhere.
 */
int mf_clean_attaching(const struct mm_struct *mm, char culprit[MF_CULPRIT_SIZE])
{
	const unsigned long until = jiffies + msecs_to_jiffies(BARRIER_MS);
	bool free;

	for (;;) {
		rcu_read_lock();
		free = nobody_attaches(mm);
		rcu_read_unlock();
		if (free)
			return 0;
		if (signal_pending(current))
			return -ERESTARTSYS;
		if (time_after(jiffies, until)) {
			strscpy(culprit, "somebody who is about to trace it", MF_CULPRIT_SIZE);
			return -EBUSY;
		}
		usleep_range(50, 500);
	}
}

/**
 * mf_clean_barrier() - wait until no other task is inside an old system call, and nobody else
 * inside one that looks into the memory
 * @mm: the address space of the current task
 * @culprit: set to why not
 *
 * Context: process, sleeps up to a second; the other tasks must not need a
 * lock that the caller holds to leave the kernel.
 *
 * Return: 0; -EBUSY when one of them did not come out in time or there was no memory to ask it;
 * -ERESTARTSYS when the caller is wanted elsewhere.
 */
int mf_clean_barrier(struct mm_struct *mm, char culprit[MF_CULPRIT_SIZE])
{
	struct task_struct **tasks;
	size_t count, i;
	int err;

	strscpy(culprit, "no memory to stop the other threads", MF_CULPRIT_SIZE);
	tasks = other_tasks(mm, &count);
	if (!tasks)
		return -EBUSY;
	err = mf_barrier(tasks, count, BARRIER_MS);
	if (err == -EBUSY)
		strscpy(culprit, "a system call of another thread that does not end",
			MF_CULPRIT_SIZE);
	for (i = 0; i < count; i++)
		put_task_struct(tasks[i]);
	kvfree(tasks);
	if (!err)
		err = nobody_looks(mm, culprit);
	return err == -ENOMEM ? -EBUSY : err;
}
