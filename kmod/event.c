// SPDX-License-Identifier: GPL-2.0
/*
 * Numbered records, kept until the daemon acknowledges them.
 *
 * A record is written where the thing happened, by whoever did it, so it is made
 * without sleeping (GFP_ATOMIC) and without locks of tasks or filesystems beyond what
 * d_path() takes. Numbers start at 1 at load and have no gaps.
 *
 * Repeats of one cause (process, operation, reason, object) fold into the record that
 * has not been sent yet: its count and its last time grow. A record that was sent is final.
 * What policy wants no record of (indexers that come upon classified files, histories of tainted
 * programs) is only counted. Nothing else is dropped silently: when the records held reach
 * their bound, or memory is short, the losses are counted and become a record of their own as
 * soon as there is room.
 *
 * Locking: events_lock protects the list, the fold table and all counters but those that are atomic.
 * It is a leaf, taken with interrupts on: who has them off makes his record later, on his way
 * to user space.
 */
#include "event.h"

#include <linux/atomic.h>
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/netlink.h>
#include <linux/path.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/timekeeping.h>
#include <linux/un.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <net/af_unix.h>

#include "attach.h"
#include "hooks.h"
#include "imports.h"
#include "medium.h"
#include "policy.h"
#include "record.h"

#define RECORDS_MAX 16384
#define BYTES_MAX (16U << 20)
#define SOURCE_SIZE 256

static LIST_HEAD(records);		/* oldest first, all not acknowledged */
static DEFINE_HASHTABLE(unsent, 8);	/* those that still fold */
static DEFINE_SPINLOCK(events_lock);
static u64 last_seq;
static u64 sent_seq;			/* highest number ever sent */
static u32 held_count;
static u32 held_bytes;
static u64 lost_total;
static u64 lost_untold;			/* not yet in a record of loss */
static u64 lost_first, lost_last;	/* ns since 1970 */
static atomic64_t quiet_total;
static atomic64_t lost_unlocked;	/* not yet in lost_total */

static void (*notify_subscriber)(u64 seq);
static void notify(struct work_struct *work);
static DECLARE_WORK(notifier, notify);

static void notify(struct work_struct *work)
{
	u64 seq;

	spin_lock(&events_lock);
	seq = last_seq;
	spin_unlock(&events_lock);
	notify_subscriber(seq);
}

static u64 cause_of(const struct mf_record *record)
{
	u64 cause = ((u64)record->pid << 32) ^ record->start_time;

	cause = hash_64(cause ^ ((u64)record->operation << 8 | record->reason), 64);
	cause = hash_64(cause ^ record->dev ^ record->ino, 64);
	return cause ^ hash_64(record->object_key, 64);
}

static bool same_cause(const struct mf_record *a, const struct mf_record *b)
{
	return a->cause == b->cause && a->pid == b->pid && a->start_time == b->start_time &&
	       a->operation == b->operation && a->reason == b->reason &&
	       a->verdict == b->verdict && a->dev == b->dev && a->ino == b->ino &&
	       a->object_key == b->object_key && a->generation == b->generation;
}

/* Under events_lock. */
static bool fold(const struct mf_record *key)
{
	struct mf_record *record;

	hash_for_each_possible(unsent, record, fold_node, key->cause) {
		if (!same_cause(record, key))
			continue;
		record->count += key->count;
		record->time_last = key->time_last;
		return true;
	}
	return false;
}

/* Under events_lock: the record is numbered and belongs to the list from now on. */
static void append(struct mf_record *record)
{
	record->seq = ++last_seq;
	list_add_tail(&record->node, &records);
	held_count++;
	held_bytes += record->size;
	if (record->verdict == MIFENG_VERDICT_NOTED)
		INIT_HLIST_NODE(&record->fold_node); /* administrative acts never fold */
	else
		hash_add(unsent, &record->fold_node, record->cause);
}

/* Under events_lock. */
static void count_loss(s64 now, u64 count)
{
	if (!lost_untold)
		lost_first = now;
	lost_untold += count;
	lost_last = now;
	lost_total += count;
}

/* Under events_lock: what was lost by those who could not take it. */
static void gather_losses(void)
{
	const u64 more = atomic64_read(&lost_unlocked) ? atomic64_xchg(&lost_unlocked, 0) : 0;

	if (more)
		count_loss(ktime_get_real_ns(), more);
}

/* Under events_lock. */
static bool is_full(size_t size)
{
	return held_count >= RECORDS_MAX || held_bytes + size > BYTES_MAX;
}

/* Under events_lock. */
static void tell_loss(void)
{
	struct mf_record *record;

	gather_losses();
	if (!lost_untold || is_full(sizeof(*record)))
		return;
	record = kzalloc(sizeof(*record), GFP_ATOMIC | __GFP_NOWARN);
	if (!record)
		return;
	record->size = sizeof(*record);
	record->verdict = MIFENG_VERDICT_NOTED;
	record->reason = MIFENG_REASON_LOSS;
	record->count = lost_untold;
	record->time_first = lost_first;
	record->time_last = lost_last;
	record->uid = record->loginuid = record->session = U32_MAX;
	lost_untold = 0;
	append(record);
}

static u64 hash_bytes(const void *bytes, size_t size)
{
	const u8 *byte = bytes;
	u64 hash = size;

	while (size--)
		hash = hash_64(hash ^ *byte++, 64);
	return hash;
}

/**
 * mf_whom_of_current() - the current task, as whose doing something is
 * @whom: filled
 *
 * Context: any of a task.
 */
void mf_whom_of_current(struct mf_whom *whom)
{
	whom->pid = task_tgid_nr(current);
	whom->start_time = current->group_leader->start_boottime;
	whom->uid = from_kuid(&init_user_ns, current_uid());
	whom->loginuid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	whom->session = audit_get_sessionid(current);
	memcpy(whom->comm, current->comm, sizeof(whom->comm));
}

static void identify(struct mf_record *record, const struct mf_whom *whom)
{
	record->pid = whom->pid;
	record->start_time = whom->start_time;
	record->uid = whom->uid;
	record->loginuid = whom->loginuid;
	record->session = whom->session;
	memcpy(record->comm, whom->comm, sizeof(record->comm));
}

static void identify_current(struct mf_record *record)
{
	struct mf_whom whom;

	mf_whom_of_current(&whom);
	identify(record, &whom);
	record->tainted = mf_subject_taint(current->mm, &record->taint);
}

static void identify_object(struct mf_record *record, const struct mf_report *report)
{
	const struct dentry *dentry = report->path ? report->path->dentry : report->dentry;
	const struct super_block *sb = report->inode ? report->inode->i_sb :
				       dentry	     ? dentry->d_sb :
						       NULL;

	if (report->inode)
		record->ino = report->inode->i_ino;
	else if (dentry) /* a name that does not exist yet */
		record->object_key = hash_ptr(dentry->d_parent, 64) ^ dentry->d_name.hash_len;
	if (report->address)
		record->object_key = hash_bytes(report->address, report->address_size);
	if (sb) {
		record->dev = (u64)MAJOR(sb->s_dev) << 32 | MINOR(sb->s_dev);
		strscpy(record->fstype, sb->s_type->name, sizeof(record->fstype));
		mf_medium_name(sb, record->medium);
	}
	if (report->label) {
		record->labelled = true;
		record->label = *report->label;
	}
}

/**
 * struct texts - the strings of a record while it is made
 * @path: of the object
 * @exe: of the executable
 * @source: of the file that raised the program
 */
struct texts {
	char path[PATH_MAX];
	char exe[PATH_MAX];
	char source[SOURCE_SIZE];
};

/*
 * Hooks on inodes are not told the mount. Where the program's root or working directory is
 * on a whole mount of the same filesystem, the name is told through that; otherwise
 * inside the filesystem, and the daemon knows where that is mounted.
 */
static struct vfsmount *mount_in_reach(const struct dentry *dentry)
{
	struct vfsmount *found = NULL;
	const struct path *paths[2];
	size_t i;

	if (!current->fs)
		return NULL;
	paths[0] = &current->fs->root;
	paths[1] = &current->fs->pwd;
	spin_lock(&current->fs->lock);
	for (i = 0; i < ARRAY_SIZE(paths) && !found; i++)
		if (paths[i]->mnt->mnt_sb == dentry->d_sb &&
		    paths[i]->mnt->mnt_root == dentry->d_sb->s_root)
			found = mntget(paths[i]->mnt);
	spin_unlock(&current->fs->lock);
	return found;
}

static char *dentry_path_in_reach(struct dentry *dentry, char *buffer, int size, bool *partial)
{
	struct path path = { .mnt = mount_in_reach(dentry), .dentry = dentry };
	char *text;

	*partial = !path.mnt;
	if (!path.mnt)
		return dentry_path_raw(dentry, buffer, size);
	text = mf_call_d_path(&path, buffer, size);
	mntput(path.mnt);
	return text;
}

/* The path of a name that is about to be made: d_path() would call it deleted. */
static char *new_name_path(struct dentry *name, char *buffer, bool *partial)
{
	struct name_snapshot snapshot;
	size_t length;
	char *text;

	take_dentry_name_snapshot(&snapshot, name);
	length = snapshot.name.len;
	/* from the end of the buffer: the name, before it a slash, before that the directory */
	text = dentry_path_in_reach(name->d_parent, buffer, PATH_MAX - length - 1, partial);
	if (!IS_ERR(text)) {
		size_t end = PATH_MAX - length - 2;
		bool root = text[0] == '/' && text[1] == '\0';

		memcpy(buffer + end + 1, snapshot.name.name, length + 1);
		buffer[end] = '/';
		if (root)
			text = buffer + end;
	}
	release_dentry_name_snapshot(&snapshot);
	return text;
}

/*
 * People know a service by the name of its socket, with a @ before it in the abstract space.
 * What was accepted has the name of what listened; a name, once given, stays as long as the socket.
 */
static bool socket_name(const struct sock *sk, char buffer[PATH_MAX])
{
	/* pairs with the release of whoever gives the name */
	const struct unix_address *address = smp_load_acquire(&unix_sk(sk)->addr);
	int length;

	if (!address)
		return false;
	length = address->len - (int)offsetof(struct sockaddr_un, sun_path);
	if (length <= 0)
		return false;
	memcpy(buffer, address->name->sun_path, length);
	buffer[length] = '\0';
	if (!buffer[0])
		buffer[0] = '@';
	return true;
}

static const char *object_path(const struct mf_report *report, char buffer[PATH_MAX], bool *partial)
{
	const char *text;

	*partial = false;
	if (report->peer && socket_name(report->peer, buffer))
		return buffer;
	if (report->path)
		text = mf_call_d_path(report->path, buffer, PATH_MAX);
	else if (report->dentry && d_really_is_negative(report->dentry))
		text = new_name_path(report->dentry, buffer, partial);
	else if (report->dentry)
		text = dentry_path_in_reach(report->dentry, buffer, PATH_MAX, partial);
	else
		return "";
	return IS_ERR(text) ? "" : text;
}

static const char *executable_path(char buffer[PATH_MAX])
{
	struct file *file = current->mm ? mf_call_get_mm_exe_file(current->mm) : NULL;
	const char *text;

	if (!file)
		return "";
	text = mf_call_d_path(&file->f_path, buffer, PATH_MAX);
	fput(file);
	return IS_ERR(text) ? "" : text;
}

static size_t text_copy(struct mf_record *record, size_t at, const char *text, u16 *offset)
{
	size_t size = strlen(text) + 1;

	*offset = at;
	memcpy(record->text + at, text, size);
	return at + size;
}

/* Does policy want no record of it? Only what is refused all the time by nobody's fault. */
static bool is_quiet(const struct mf_report *report, const char *exe, const char *path)
{
	if (report->verdict == MIFENG_VERDICT_NOTED)
		return false;
	switch (report->reason) {
	case MIFENG_REASON_PINNED:
	case MIFENG_REASON_NOT_CLEARED:
	case MIFENG_REASON_NOT_CLEAN:
		return (report->operation == MIFENG_OP_OPEN ||
			report->operation == MIFENG_OP_READ ||
			report->operation == MIFENG_OP_MAP) && mf_policy_quiet_program(exe);
	case MIFENG_REASON_UNMARKED_PATH:
		return mf_policy_quiet_path(path);
	case MIFENG_REASON_PINNED_PEER:
		return mf_policy_quiet_path(path) || mf_policy_quiet_program(exe);
	default:
		return false;
	}
}

/* A record with its strings, for the list; NULL without memory, or if none is wanted. */
static struct mf_record *complete_record(const struct mf_record *head,
					 const struct mf_report *report, bool *quiet)
{
	const char *path, *exe, *culprit = report->culprit ? report->culprit : "";
	struct mf_record *record = NULL;
	struct texts *texts;
	bool partial;
	size_t size;
	s64 when;

	*quiet = false;
	texts = kmalloc(sizeof(*texts), GFP_ATOMIC | __GFP_NOWARN);
	if (!texts)
		return NULL;
	path = object_path(report, texts->path, &partial);
	exe = report->whom ? "" : executable_path(texts->exe);
	if (is_quiet(report, exe, path)) {
		*quiet = true;
		goto out;
	}
	mf_subject_lineage(report->whom ? NULL : current->mm, texts->source, sizeof(texts->source), &when);
	size = sizeof(*record) + strlen(path) + strlen(exe) + strlen(culprit) +
	       strlen(texts->source) + 4 + report->address_size;
	record = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
	if (record) {
		size_t at = 0;

		*record = *head;
		record->size = size;
		record->path_partial = partial;
		record->source_time = when;
		at = text_copy(record, at, path, &record->path);
		at = text_copy(record, at, exe, &record->exe);
		at = text_copy(record, at, culprit, &record->culprit);
		at = text_copy(record, at, texts->source, &record->source);
		record->address = at;
		record->address_size = report->address_size;
		if (report->address_size)
			memcpy(record->text + at, report->address, report->address_size);
	}
out:
	kfree(texts);
	return record;
}

/**
 * mf_event_report() - make a record
 * @report: what the hook knows
 *
 * Context: any but interrupts; does not sleep. A record that cannot be made is counted.
 */
void mf_event_report(const struct mf_report *report)
{
	struct mf_record head = {
		.verdict = report->verdict,
		.operation = report->operation,
		.reason = report->reason,
		.generation = report->generation,
		.count = report->count ? report->count : 1,
	};
	struct mf_record *record;
	bool folded, quiet;

	if (report->whom)
		identify(&head, report->whom);
	else
		identify_current(&head);
	identify_object(&head, report);
	head.time_first = head.time_last = ktime_get_real_ns();
	head.boot_time = ktime_get_boottime_ns();
	head.cause = cause_of(&head);
	spin_lock(&events_lock);
	folded = head.verdict != MIFENG_VERDICT_NOTED && fold(&head);
	spin_unlock(&events_lock);
	if (folded)
		return;
	record = complete_record(&head, report, &quiet);
	if (quiet) {
		atomic64_inc(&quiet_total);
		return;
	}
	spin_lock(&events_lock);
	tell_loss();
	if (record && !is_full(record->size)) {
		append(record);
		record = NULL;
	} else {
		count_loss(head.time_last, head.count);
	}
	spin_unlock(&events_lock);
	kfree(record);
	schedule_work(&notifier);
}

/**
 * mf_events_lose() - count what there was no place for
 * @count: how many
 *
 * Context: any.
 */
void mf_events_lose(u64 count)
{
	atomic64_add(count, &lost_unlocked);
	schedule_work(&notifier);
}

/**
 * struct later - a record that is made on the way to user space
 * @work: queued to the current task
 * @report: what the hook knew
 * @label: of the object, if it has one
 */
struct later {
	struct callback_head work;
	struct mf_report report;
	struct mf_label label;
};

static void report_now(struct callback_head *work)
{
	struct later *later = container_of(work, struct later, work);

	mf_event_report(&later->report);
	kfree(later);
	mf_hook_exit();
}

/**
 * mf_event_report_later() - make a record where no lock may be taken
 * @report: what the hook knows; neither names nor addresses, which do not stay
 *
 * Context: any of a task, also with interrupts off. A record that cannot be made is counted.
 */
void mf_event_report_later(const struct mf_report *report)
{
	struct later *later = kmalloc(sizeof(*later), GFP_ATOMIC | __GFP_NOWARN);

	if (later) {
		later->report = *report;
		if (report->label) {
			later->label = *report->label;
			later->report.label = &later->label;
		}
		init_task_work(&later->work, report_now);
		mf_hook_enter(); /* until it has run: this code must not go away before */
		if (!task_work_add(current, &later->work, TWA_RESUME))
			return;
		mf_hook_exit();
		kfree(later);
	}
	atomic64_inc(&lost_unlocked);
	schedule_work(&notifier);
}

/**
 * mf_events_dump() - netlink dump of all records that are not acknowledged
 * @skb: filled with as many as fit
 * @cb: args[0] is the number of the last one sent by this dump
 *
 * Return: as a netlink dump callback.
 */
int mf_events_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mf_record *record;
	u64 after = cb->args[0];
	int err = 0;

	spin_lock(&events_lock);
	tell_loss();
	list_for_each_entry(record, &records, node) {
		if (record->seq <= after)
			continue;
		err = mf_record_put(skb, cb, record);
		if (err)
			break;
		hash_del(&record->fold_node);
		INIT_HLIST_NODE(&record->fold_node);
		cb->args[0] = record->seq;
		if (record->seq > sent_seq)
			sent_seq = record->seq;
	}
	spin_unlock(&events_lock);
	/* a single record always fits an empty message: see mf_record_put() */
	return err == -EMSGSIZE && !skb->len ? err : skb->len;
}

/**
 * mf_event_acknowledge() - records may be forgotten
 * @seq: number of the last of them
 *
 * Return: 0 or -ERANGE for a number that has not been sent.
 */
int mf_event_acknowledge(u64 seq)
{
	struct mf_record *record, *next;
	LIST_HEAD(done);

	spin_lock(&events_lock);
	if (seq > sent_seq) {
		spin_unlock(&events_lock);
		return -ERANGE;
	}
	list_for_each_entry_safe(record, next, &records, node) {
		if (record->seq > seq)
			break;
		held_count--;
		held_bytes -= record->size;
		list_move_tail(&record->node, &done);
	}
	spin_unlock(&events_lock);
	list_for_each_entry_safe(record, next, &done, node)
		kfree(record);
	return 0;
}

/**
 * mf_events_status() - counters
 * @held: set to the records not acknowledged
 * @lost: set to the records lost since load
 * @seq: set to the number of the newest record
 */
void mf_events_status(u32 *held, u64 *lost, u64 *seq)
{
	spin_lock(&events_lock);
	gather_losses();
	*held = held_count;
	*lost = lost_total;
	*seq = last_seq;
	spin_unlock(&events_lock);
}

/**
 * mf_events_quiet() - how many refusals policy wanted no record of
 *
 * Return: the number since load.
 */
u64 mf_events_quiet(void)
{
	return atomic64_read(&quiet_total);
}

/**
 * mf_events_init() - get ready for records
 * @subscriber: called from a workqueue when there is a new one, with its number
 */
void mf_events_init(void (*subscriber)(u64 seq))
{
	notify_subscriber = subscriber;
}

/**
 * mf_events_exit() - free all records, when no hook is left to make one
 */
void mf_events_exit(void)
{
	struct mf_record *record, *next;

	cancel_work_sync(&notifier);
	list_for_each_entry_safe(record, next, &records, node)
		kfree(record);
}
