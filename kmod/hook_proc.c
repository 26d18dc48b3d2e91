// SPDX-License-Identifier: GPL-2.0
/*
 * What /proc shows everybody of a program that the program has set itself: its name and command
 * line, the signals it blocks and ignores, its limits, its timers, how much memory it has.
 *
 * Those who carry less find it as of a kernel thread, empty or 0, and no record is made: ps asks for all
 * there are. Root and services see it.
 */
#include "hook_proc.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/posix-timers.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "attach.h"
#include "hooks.h"
#include "judge.h"
#include "policy.h"
#include "subject.h"

/**
 * mf_sees_all_names() - does the current program see what others call themselves, whatever they carry
 *
 * Root and services have to know whom they deal with. In permissive mode everybody does.
 *
 * Return: true if so.
 */
bool mf_sees_all_names(void)
{
	return !uid_valid(audit_get_loginuid(current)) ||
	       ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE) || mf_policy_permissive();
}

/**
 * mf_hides_itself() - must the current program not be told what another one has set for itself
 * @task: of that one, which stays
 *
 * Context: any, of a task.
 *
 * Return: true if so.
 */
bool mf_hides_itself(const struct task_struct *task)
{
	return mf_judge_look(task) && !mf_sees_all_names();
}

/* As below, asked for after it has been written. */
int hook_proc_task_name(struct seq_file *m, struct task_struct *task, bool escape)
{
	const size_t start = m->count;

	mf_hook_enter();
	mf_call_proc_task_name(m, task, escape);
	if (mf_hides_itself(task))
		m->count = start;
	mf_hook_exit();
	return MF_SKIP;
}

int hook_proc_sched_show_task(struct task_struct *task, struct pid_namespace *ns,
			      struct seq_file *m)
{
	int err;

	mf_hook_enter();
	err = mf_hides_itself(task) ? -EACCES : 0;
	mf_hook_exit();
	return err;
}

int hook_proc_pid_limits(struct seq_file *m, struct pid_namespace *ns, struct pid *pid,
			 struct task_struct *task)
{
	int err;

	mf_hook_enter();
	err = mf_hides_itself(task) ? MF_SKIP : 0;
	mf_hook_exit();
	return err;
}

/* What of status is of the kernel's making, or has to be known to send a signal. */
static bool line_stays(const char *line, size_t size)
{
	static const char *const names[] = {
		"Name:",  "State:", "Tgid:",  "Ngid:",	 "Pid:",    "PPid:",   "TracerPid:", "Uid:",
		"Gid:",	  "Kthread:", "Threads:",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (size >= strlen(names[i]) && !memcmp(line, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Drops the other lines from what was put into the buffer after @start. */
static void keep_lines(struct seq_file *m, size_t start)
{
	char *to = m->buf + start;
	const char *line = to, *end = m->buf + m->count;

	while (line < end) {
		const char *newline = memchr(line, '\n', end - line);
		size_t size = newline ? newline + 1 - line : end - line;

		if (line_stays(line, size)) {
			memmove(to, line, size);
			to += size;
		}
		line += size;
	}
	m->count = to - m->buf;
}

/* Fields of stat, counted as proc(5) does, that the program has at its own choice. */
static bool field_stays(int field)
{
	switch (field) {
	case 10 ... 13: /* page faults */
	case 16 ... 17: /* time of children */
	case 23 ... 37: /* memory, RLIMIT_RSS, addresses, signals */
	case 38 ... 44: /* signal at its end, processor, policy, waiting, guests */
		return false;
	default:
		return field < 45;
	}
}

/* Makes the other fields 0. The name is empty, and ends with the first bracket that closes. */
static void keep_fields(struct seq_file *m, size_t start)
{
	char *to = memchr(m->buf + start, ')', m->count - start);
	const char *from = to, *end = m->buf + m->count;
	int field = 2;

	while (from && from < end) {
		if (*from == ' ')
			field++;
		if (*from == ' ' || *from == '\n' || field_stays(field)) {
			*to++ = *from++;
			continue;
		}
		*to++ = '0';
		while (from < end && !isspace(*from))
			from++;
	}
	if (to)
		m->count = to - m->buf;
}

/*
 * Asked for after it has been written: what is there was set by a program that had not read
 * anything then. What does not fit is written again.
 */
static int show(int err, struct seq_file *m, struct task_struct *task, size_t start,
		void (*keep)(struct seq_file *m, size_t start))
{
	if (!err && !seq_has_overflowed(m) && mf_hides_itself(task))
		keep(m, start);
	return err < 0 ? err : MF_INSTEAD(err);
}

#define DEFINE_SHOWN(name, keep)                                                                   \
	int hook_##name(struct seq_file *m, struct pid_namespace *ns, struct pid *pid,             \
			struct task_struct *task)                                                  \
	{                                                                                          \
		size_t start = m->count;                                                           \
		int err;                                                                           \
												   \
		mf_hook_enter();                                                                   \
		err = show(mf_call_##name(m, ns, pid, task), m, task, start, keep);                \
		mf_hook_exit();                                                                    \
		return err;                                                                        \
	}

DEFINE_SHOWN(proc_pid_status, keep_lines)
DEFINE_SHOWN(proc_tgid_stat, keep_fields)
DEFINE_SHOWN(proc_tid_stat, keep_fields)

static void keep_zeros(struct seq_file *m, size_t start)
{
	m->count = start;
	seq_puts(m, "0 0 0 0 0 0 0\n");
}

DEFINE_SHOWN(proc_pid_statm, keep_zeros)

/* Its signals have values. Called under the lock of the other program's signals. */
int hook_show_timer(struct seq_file *m, void *at)
{
	const struct k_itimer *timer = container_of(at, struct k_itimer, list);
	int err;

	if (timer->it_signal == current->signal)
		return 0;
	mf_hook_enter();
	err = mf_sees_all_names() ? 0 : MF_SKIP;
	mf_hook_exit();
	return err;
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

/* Takes the numbers behind a word out of what was put into the buffer after @start, but for a 0. */
static void forget_numbers(struct seq_file *m, size_t start, const char *word)
{
	char *to = m->buf + start, *from = to, *end = m->buf + m->count, *at;

	while ((at = strnstr(from, word, end - from))) {
		at += strlen(word);
		memmove(to, from, at - from);
		to += at - from;
		*to++ = '0';
		for (from = at; from < end && (isdigit(*from) || *from == '-'); from++)
			;
	}
	memmove(to, from, end - from);
	m->count = to + (end - from) - m->buf;
}

/*
 * An epoll instance has no reference to the files that were added to it: a tainted program may be the only
 * one who has such a file, and say by its position what it likes.
 */
int hook_ep_show_fdinfo(struct seq_file *m, struct file *file)
{
	const size_t start = m->count;

	if (mf_sees_all_names())
		return 0;
	mf_hook_enter();
	mf_call_ep_show_fdinfo(m, file);
	if (!seq_has_overflowed(m))
		forget_numbers(m, start, "pos:");
	mf_hook_exit();
	return MF_SKIP;
}

/* The first number of a line that is one is whose lock it is; -1 if it is an open file's. */
static pid_t locker(const char *line, const char *end)
{
	char word[16];
	int pid;

	for (; line < end; line++) {
		size_t size = 0;

		while (line + size < end && !isspace(line[size]))
			size++;
		if (size && size < sizeof(word)) {
			memcpy(word, line, size);
			word[size] = '\0';
			if (!kstrtoint(word, 10, &pid))
				return pid;
		}
		line += size;
	}
	return -1;
}

static bool lock_is_told(pid_t pid, struct pid_namespace *ns)
{
	const struct task_struct *task;
	bool told;

	rcu_read_lock();
	task = pid > 0 ? pid_task(find_pid_ns(pid, ns), PIDTYPE_PID) : NULL;
	told = task && !mf_hides_itself(task);
	rcu_read_unlock();
	return told;
}

/*
 * Who carries less finds no locks of tainted programs there, nor those of which it is not known whose they
 * are. Called under the lock of all locks.
 */
int hook_locks_show(struct seq_file *m, void *at)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file)->i_sb);
	char *to = m->buf + m->count;
	const char *line = to;
	int err;

	if (mf_sees_all_names())
		return 0;
	mf_hook_enter();
	err = mf_call_locks_show(m, at);
	while (!err && !seq_has_overflowed(m) && line < m->buf + m->count) {
		const char *end = m->buf + m->count, *newline = memchr(line, '\n', end - line);
		const size_t size = newline ? newline + 1 - line : end - line;

		if (lock_is_told(locker(line, line + size), ns)) {
			memmove(to, line, size);
			to += size;
		}
		line += size;
	}
	if (!err && !seq_has_overflowed(m))
		m->count = to - m->buf;
	mf_hook_exit();
	return err ? err : MF_SKIP;
}
