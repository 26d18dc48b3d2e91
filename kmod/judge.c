// SPDX-License-Identifier: GPL-2.0
#include "judge.h"

#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/sched.h>

#include "attach.h"
#include "clean.h"
#include "description.h"
#include "errand.h"
#include "event.h"
#include "exec.h"
#include "judgement.h"
#include "label_cache.h"
#include "mark.h"
#include "medium.h"
#include "object.h"
#include "ongoing.h"
#include "person.h"
#include "pinned.h"
#include "policy.h"
#include "shared.h"
#include "subject.h"
#include "zone.h"

/**
 * mf_judgement_begin() - a new case, with what the policy says and the program carries
 * @judgement: filled
 * @operation: what is tried
 */
void mf_judgement_begin(struct mf_judgement *judgement, enum mifeng_operation operation)
{
	struct mf_facts *facts = &judgement->facts;
	struct mf_rules rules;

	memset(judgement, 0, sizeof(*judgement));
	mf_rules_get(&rules);
	facts->operation = operation;
	facts->mode = rules.mode;
	facts->state = rules.state;
	facts->removable = rules.removable;
	facts->clean = true;
	facts->tainted = mf_subject_taint(current->mm, &facts->taint);
	judgement->report.operation = operation;
	judgement->report.generation = rules.generation;
}

static void about_path(struct mf_judgement *judgement, const struct path *path,
		       const struct inode *inode)
{
	judgement->report.path = path;
	judgement->report.inode = inode;
}

/**
 * mf_judgement_object() - what it is about has a label
 * @judgement: the case
 * @object: that label
 */
void mf_judgement_object(struct mf_judgement *judgement, const struct mf_object *object)
{
	judgement->facts.label_state = object->state;
	if (object->state != MIFENG_LABEL_VALID)
		return;
	judgement->facts.label = object->label;
	judgement->report.label = &judgement->facts.label;
}

/**
 * mf_judgement_answer() - say what a verdict is about to do, if it is worth a record
 * @judgement: the case
 * @verdict: of decide.c
 * @err: the errno of a refusal
 *
 * Return: 0 or @err.
 */
int mf_judgement_answer(struct mf_judgement *judgement, struct mf_verdict verdict, int err)
{
	if (verdict.reason == MIFENG_REASON_NONE)
		return 0;
	judgement->report.reason = verdict.reason;
	judgement->report.verdict = verdict.action == MF_DENY ? MIFENG_VERDICT_DENIED :
								MIFENG_VERDICT_PERMITTED;
	if (judgement->later)
		mf_event_report_later(&judgement->report);
	else
		mf_event_report(&judgement->report);
	return verdict.action == MF_DENY ? err : 0;
}

/**
 * mf_judgement_deny() - refuse whatever the mode
 * @judgement: the case
 * @reason: why
 *
 * Return: -EACCES.
 */
int mf_judgement_deny(struct mf_judgement *judgement, enum mifeng_reason reason)
{
	struct mf_verdict verdict = { .action = MF_DENY, .reason = reason };

	return mf_judgement_answer(judgement, verdict, -EACCES);
}

/**
 * mf_judgement_raised() - what a reader is told after the try to raise him
 * @judgement: the case
 * @err: 0, -ERESTARTSYS, -ENOMEM or -EBUSY
 * @culprit: who was in the way, or empty
 *
 * Return: 0, -ERESTARTSYS or -EACCES.
 */
int mf_judgement_raised(struct mf_judgement *judgement, int err, const char *culprit)
{
	if (err == -ERESTARTSYS)
		return err;
	if (err == -ENOMEM)
		return mf_judgement_deny(judgement, MIFENG_REASON_NO_MEMORY);
	if (err || culprit[0]) {
		judgement->facts.clean = false;
		judgement->report.culprit = culprit;
	}
	return mf_judgement_answer(judgement, mf_decide_read(&judgement->facts), -EACCES);
}

/**
 * mf_judgement_person() - may the person behind the program know the label
 * @judgement: the case, with its object
 */
void mf_judgement_person(struct mf_judgement *judgement)
{
	struct mf_facts *facts = &judgement->facts;

	facts->service = mf_task_pinned(current);
	facts->cleared = facts->label_state == MIFENG_LABEL_VALID &&
			 mf_person_cleared(&facts->label);
}

/* What a tainted program opens, reads or maps tells a server where it looks. */
static int ask_for_file(struct file *file, enum mifeng_operation operation)
{
	struct dentry *dentry = file->f_path.dentry;

	if (likely(!mf_subject_tainted()))
		return 0;
	return mf_judge_asking(dentry, mf_real_inode(dentry), operation);
}

/* Facts on reading a file; false if there is nothing to judge. */
static bool begin_read(struct mf_judgement *judgement, struct file *file,
		       enum mifeng_operation operation)
{
	struct dentry *dentry = file->f_path.dentry;
	struct inode *inode = mf_real_inode(dentry);
	struct mf_channel channel;
	struct mf_object object;

	if (mf_channel_read(file, &channel)) {
		if (operation == MIFENG_OP_OPEN && !(file->f_mode & FMODE_READ))
			return false;
		if (operation == MIFENG_OP_READ && channel.kind == MF_CHANNEL_SOCKET)
			operation = MIFENG_OP_RECEIVE;
		mf_label_of_channel(file, &channel, &object);
	} else {
		if (!inode || mf_inode_plain(inode))
			return false;
		mf_label_get(dentry, inode, &object);
	}
	if (object.state == MIFENG_LABEL_NONE || S_ISDIR(inode->i_mode))
		return false;
	mf_judgement_begin(judgement, operation);
	judgement->facts.tainted = mf_subject_settled(current->mm, &judgement->facts.taint);
	about_path(judgement, &file->f_path, inode);
	mf_judgement_object(judgement, &object);
	mf_judgement_person(judgement);
	return true;
}

/* The kernel clears a stack frame with a judgement on it: those who go on reading get none. */
static noinline int judge_opening_to_read(struct file *file)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;
	char culprit[MF_CULPRIT_SIZE];

	if (!begin_read(&judgement, file, MIFENG_OP_OPEN))
		return 0;
	verdict = mf_decide_read(&judgement.facts);
	/* an exec raises the new image only, which is clean */
	if (verdict.action == MF_RAISE && current->mm && !(file->f_flags & __FMODE_EXEC) &&
	    mf_clean_check(current->mm, &judgement.facts.label, culprit)) {
		judgement.facts.clean = false;
		judgement.report.culprit = culprit;
		verdict = mf_decide_read(&judgement.facts);
	}
	if (verdict.action == MF_ALLOW && judgement.facts.tainted &&
	    judgement.facts.label_state == MIFENG_LABEL_VALID)
		mf_subject_cite(file);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judgement_writing() - what an object is to somebody who writes to it
 * @judgement: the case
 * @dentry: the object
 * @inode: the inode behind it
 */
void mf_judgement_writing(struct mf_judgement *judgement, struct dentry *dentry, struct inode *inode)
{
	struct mf_facts *facts = &judgement->facts;
	struct mf_object object;

	facts->sink = mf_sink_of(inode);
	if (facts->sink != MF_SINK_FILE)
		return;
	mf_label_get(dentry, inode, &object);
	/* a label that is rising is not there yet for those who write */
	if (!S_ISDIR(inode->i_mode) && !object.pending)
		mf_judgement_object(judgement, &object);
	/* an overlay's name says nothing of where its layer stands */
	if (inode == d_inode(dentry))
		facts->in_zone = S_ISDIR(inode->i_mode) ?
					 mf_zone_of_entries(dentry, &facts->ceiling) :
					 mf_zone_of(dentry, &facts->ceiling);
}

static noinline int judge_opening_to_write(struct file *file)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, MIFENG_OP_OPEN);
	about_path(&judgement, &file->f_path, inode);
	mf_judgement_writing(&judgement, file->f_path.dentry, inode);
	verdict = mf_decide_write(&judgement.facts);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_open() - a file is opened
 * @file: not yet visible to the program
 *
 * Whoever opens a labelled file must be cleared for it, however he opens it, and must be able
 * to take the label on. A tainted program is told at once where it may not write.
 */
int mf_judge_open(struct file *file)
{
	int err;

	if (mf_label_is_probe(file_inode(file)))
		return -EACCES;
	err = ask_for_file(file, MIFENG_OP_OPEN);
	if (!err && !S_ISDIR(file_inode(file)->i_mode)) {
		if (!mf_goes_on_reading(file, true))
			err = judge_opening_to_read(file);
		else
			mf_subject_cite(file);
	}
	if (err || !mf_subject_tainted() || !(file->f_mode & FMODE_WRITE))
		return err;
	if (mf_goes_on_writing(file, mf_real_inode(file->f_path.dentry)))
		return 0;
	return judge_opening_to_write(file);
}

/*
 * Where others have to come out of the kernel first, the program is raised on its way to user
 * space, where it holds no lock they wait for, and the call starts again.
 */
static int raise(struct mf_judgement *judgement, struct file *file, char culprit[MF_CULPRIT_SIZE])
{
	const bool insist = judgement->facts.mode == MIFENG_MODE_PERMISSIVE;
	char source[MF_SOURCE_SIZE];
	struct mf_obstacle why;
	struct mf_channel channel;
	const char *name = NULL;

	if (mf_errand_failed(current->mm, &why)) {
		strscpy(culprit, why.culprit, MF_CULPRIT_SIZE);
		return why.reason == MIFENG_REASON_NO_MEMORY ? -ENOMEM : -EBUSY;
	}
	if (unlikely(!mf_hooks_are_complete()))
		return mf_errand_attach(&judgement->facts.label);
	if (mf_channel_read(file, &channel) && mf_object_source(&channel, source))
		name = source;
	if (atomic_read(&current->mm->mm_users) > 1 && !insist)
		return mf_errand_raise(&judgement->facts.label, file, name);
	return mf_subject_raise(&judgement->facts.label, file, name, insist, culprit);
}

static noinline int judge_reading(struct file *file, enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;
	char culprit[MF_CULPRIT_SIZE] = "";

	if (!begin_read(&judgement, file, operation))
		return 0;
	verdict = mf_decide_read(facts);
	if (verdict.action == MF_RAISE && current->mm && facts->label_state == MIFENG_LABEL_VALID)
		return mf_judgement_raised(&judgement, raise(&judgement, file, culprit), culprit);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/* Terminals and what shares its inode are never known to be unlabelled by their inode. */
static bool no_channel_is_labelled(const struct file *file)
{
	struct mf_channel channel;

	return !atomic_read(&mf_objects_labelled) && mf_channel_read(file, &channel) &&
	       channel.kind == MF_CHANNEL_TERMINAL;
}

/**
 * mf_judge_read() - a file is read or mapped: here programs are raised
 * @file: the file
 * @operation: READ or MAP
 */
int mf_judge_read(struct file *file, enum mifeng_operation operation)
{
	struct inode *inode = file_inode(file);
	int err;

	if (mf_label_is_probe(inode))
		return -EACCES;
	if (unlikely(!mf_inode_plain(inode)) && mf_description_is_told(file->f_path.dentry))
		return mf_judge_telling_description(file);
	/* what is labelled is on a filesystem of this machine */
	if (!mf_inode_plain(inode) && !S_ISDIR(inode->i_mode) && mf_goes_on_reading(file, false))
		return 0;
	err = ask_for_file(file, operation);
	if (err)
		return err;
	if (S_ISDIR(inode->i_mode))
		return mf_judge_listing(file, operation);
	if (mf_inode_plain(inode) || no_channel_is_labelled(file))
		return 0;
	return judge_reading(file, operation);
}

/**
 * mf_judge_receive() - something is taken out of a channel
 * @file: a descriptor of its receiving end, or of any file
 * @operation: READ or RECEIVE
 *
 * As mf_judge_read() for those whose inode does not tell whether they are labelled: unix sockets.
 */
int mf_judge_receive(struct file *file, enum mifeng_operation operation)
{
	struct mf_channel channel;

	if (!mf_channel_read(file, &channel))
		return mf_judge_read(file, operation);
	if (!atomic_read(&mf_objects_labelled) || mf_goes_on_reading(file, false))
		return 0;
	return judge_reading(file, operation);
}

/**
 * mf_judgement_refuse() - what an errand could not do is why the operation is refused
 * @judgement: the case
 * @why: word of the errand
 * @decide: who decided that the errand was needed
 *
 * Return: -EACCES, or 0 in permissive mode.
 */
int mf_judgement_refuse(struct mf_judgement *judgement, const struct mf_obstacle *why,
		  struct mf_verdict (*decide)(const struct mf_facts *facts))
{
	judgement->facts.obstacle = why->reason;
	judgement->report.culprit = why->culprit;
	return mf_judgement_answer(judgement, decide(&judgement->facts), -EACCES);
}

/**
 * mf_judgement_sent() - without memory for an errand nothing is passed
 * @judgement: the case
 * @err: what mf_errand_*() answered
 *
 * Return: -ERESTARTSYS or -EACCES.
 */
int mf_judgement_sent(struct mf_judgement *judgement, int err)
{
	return err == -ERESTARTSYS ? err : mf_judgement_deny(judgement, MIFENG_REASON_NO_MEMORY);
}

static noinline int judge_giving(const struct mf_channel *channel, struct file *file,
				 struct pid *peer, enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;
	struct mf_obstacle why;

	mf_judgement_begin(&judgement, operation);
	if (file)
		about_path(&judgement, &file->f_path, file_inode(file));
	if (channel->kind == MF_CHANNEL_SOCKET)
		judgement.report.peer = channel->key;
	judgement.facts.settled = mf_object_settled(channel, &judgement.facts.taint);
	verdict = mf_decide_channel(&judgement.facts);
	if (verdict.action != MF_RELABEL)
		return mf_judgement_answer(&judgement, verdict, -EACCES);
	if (mf_errand_failed(channel->key, &why))
		return mf_judgement_refuse(&judgement, &why, mf_decide_channel);
	return mf_judgement_sent(&judgement, mf_errand_settle(channel, &judgement.facts.taint, file,
						   peer));
}

/**
 * mf_judge_give() - a tainted program puts something into a channel
 * @channel: the channel, reachable by the caller
 * @file: the descriptor, or NULL
 * @peer: who listens at a socket nobody has accepted yet, or NULL
 * @operation: WRITE, MAP or SEND
 *
 * Context: any, of a task.
 */
int mf_judge_give(const struct mf_channel *channel, struct file *file, struct pid *peer,
		  enum mifeng_operation operation)
{
	if (mf_goes_on_giving(channel))
		return 0;
	return judge_giving(channel, file, peer, operation);
}

/* A file of a zone takes the writer's taint on before the data come. */
static int relabel(struct mf_judgement *judgement, const struct path *path, const struct inode *inode)
{
	struct mf_obstacle why;

	if (mf_errand_failed(inode, &why))
		return mf_judgement_refuse(judgement, &why, mf_decide_write);
	return mf_judgement_sent(judgement, mf_errand_relabel(path, &judgement->facts.taint));
}

static noinline int judge_writing(struct file *file, enum mifeng_operation operation)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, operation);
	if (!judgement.facts.tainted)
		return 0;
	about_path(&judgement, &file->f_path, inode);
	mf_judgement_writing(&judgement, file->f_path.dentry, inode);
	verdict = mf_decide_write(&judgement.facts);
	if (verdict.action == MF_RELABEL)
		return relabel(&judgement, &file->f_path, inode);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_write() - a tainted program writes to a file or maps it to write
 * @file: the file
 * @operation: WRITE or MAP
 */
int mf_judge_write(struct file *file, enum mifeng_operation operation)
{
	struct mf_channel channel;
	int err;

	if (!mf_channel_written(file, &channel)) {
		if (mf_goes_on_writing(file, mf_real_inode(file->f_path.dentry)))
			return 0;
		return judge_writing(file, operation);
	}
	err = mf_judge_give(&channel, file, NULL, operation);
	if (!err && mf_channel_echoed(file, &channel))
		err = mf_judge_give(&channel, file, NULL, operation);
	return err;
}

/*
 * A tracer stays attached to the new image; all else of it is new. The hooks are completed at once,
 * because nobody who attaches them waits for an exec.
 */
static bool image_unclean(const struct mf_label *label, char culprit[MF_CULPRIT_SIZE])
{
	const char *held;

	if (mf_hooks_complete(&held)) {
		snprintf(culprit, MF_CULPRIT_SIZE, MF_HELD_BY_OTHERS, held);
		return true;
	}
	return mf_clean_tracers(current, label, culprit) || mf_shared_directories(label, culprit);
}

/**
 * mf_judge_exec_read() - the kernel reads a program, a script or a loader for an exec
 * @file: the file; whoever executes was asked for his clearance when it was opened
 */
int mf_judge_exec_read(struct file *file)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	char culprit[MF_CULPRIT_SIZE];

	if (mf_inode_plain(file_inode(file)) || !begin_read(&judgement, file, MIFENG_OP_EXEC))
		return 0;
	if (facts->label_state != MIFENG_LABEL_VALID)
		return mf_judgement_answer(&judgement, mf_decide_read(facts), -EACCES);
	if (image_unclean(&facts->label, culprit)) {
		facts->clean = false;
		judgement.report.culprit = culprit;
		return mf_judgement_answer(&judgement, mf_decide_read(facts), -EACCES);
	}
	return mf_exec_note(&facts->label, file) ? mf_judgement_deny(&judgement, MIFENG_REASON_NO_MEMORY) : 0;
}

/**
 * mf_judge_exec() - a program is executed
 * @bprm: the exec; called for a script and again for its interpreter
 *
 * Only the new image is raised, so a vfork parent stays as it was.
 */
int mf_judge_exec(struct linux_binprm *bprm)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict = { .action = MF_ALLOW };
	const struct mf_label *label = NULL;
	char culprit[MF_CULPRIT_SIZE];
	int err;

	if (begin_read(&judgement, bprm->file, MIFENG_OP_EXEC)) {
		if (judgement.facts.label_state == MIFENG_LABEL_VALID)
			label = &judgement.facts.label;
		if (label && image_unclean(label, culprit)) {
			judgement.facts.clean = false;
			judgement.report.culprit = culprit;
		}
		verdict = mf_decide_read(&judgement.facts);
		err = mf_judgement_answer(&judgement, verdict, -EACCES);
		if (err)
			return err;
	} else {
		mf_judgement_begin(&judgement, MIFENG_OP_EXEC);
		about_path(&judgement, &bprm->file->f_path, file_inode(bprm->file));
	}
	if (mf_subject_prepare(bprm->mm, label, bprm->file))
		return mf_judgement_deny(&judgement, MIFENG_REASON_NO_MEMORY);
	return 0;
}

/**
 * mf_judge_move() - an object gets another name, by anybody
 * @object: what is linked or renamed
 * @to_dir: the directory of the new name
 * @name: the new name
 * @operation: LINK or RENAME
 */
int mf_judge_move(struct dentry *object, struct dentry *to_dir, struct dentry *name,
		  enum mifeng_operation operation)
{
	struct inode *inode = mf_real_inode(object);
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_object label;

	if (!S_ISDIR(inode->i_mode) && mf_inode_plain(inode))
		return 0;
	mf_judgement_begin(&judgement, operation);
	if (facts->state == MIFENG_STATE_NO_POLICY)
		return 0;
	mf_label_get(object, inode, &label);
	if (S_ISDIR(inode->i_mode)) {
		facts->in_zone = mf_zone_of_entries(object, &facts->ceiling);
		/* what stands below is not known; scratch zones are for moving things about */
		facts->holds_labels = facts->in_zone &&
				      !(facts->ceiling.flags & MIFENG_LABEL_SCRATCH);
		if (!facts->holds_labels)
			return 0;
	} else {
		if (label.state == MIFENG_LABEL_NONE)
			return 0;
		mf_judgement_object(&judgement, &label);
		/* one that was reached by a handle and has no parent yet is somewhere in one */
		facts->in_zone = mf_zone_of(object, &facts->ceiling) ||
				 (object->d_flags & DCACHE_DISCONNECTED);
	}
	facts->to_zone = mf_zone_of_entries(to_dir, &facts->to_ceiling);
	judgement.report.dentry = object;
	judgement.report.inode = inode;
	return mf_judgement_answer(&judgement, mf_decide_move(facts), -EACCES);
}

/**
 * mf_judge_new() - a file is being created: which label must it have from the first moment
 * @dir: a dentry of the directory
 * @label: set if it must have one; its flags tell also of the zone it is in
 * @labelled: set
 */
int mf_judge_new(struct dentry *dir, struct mf_label *label, bool *labelled)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	int err;

	*labelled = false;
	mf_judgement_begin(&judgement, MIFENG_OP_CREATE);
	if (!facts->tainted)
		return 0;
	judgement.report.dentry = dir;
	judgement.report.inode = d_inode(dir);
	facts->sink = mf_sink_of(d_inode(dir));
	if (facts->sink == MF_SINK_MEMORY)
		return 0;
	if (facts->sink == MF_SINK_FILE)
		facts->in_zone = mf_zone_of_entries(dir, &facts->ceiling);
	facts->settled = true; /* mf_judge_entry() has seen to the name */
	err = mf_judgement_answer(&judgement, mf_decide_name(facts), -EACCES);
	if (err || !facts->in_zone || !mf_label_dominates(&facts->ceiling, &facts->taint))
		return err;
	*label = facts->taint;
	label->flags = MIFENG_LABEL_DERIVED |
		       (facts->ceiling.flags & (MIFENG_LABEL_SCRATCH | MIFENG_LABEL_NAMES_OPEN));
	*labelled = true;
	return 0;
}

/**
 * mf_judge_send() - a tainted program uses a socket
 * @sink: what the socket is
 * @address: destination, or NULL
 * @address_size: bytes
 * @operation: SEND or CONNECT
 */
int mf_judge_send(enum mf_sink sink, const void *address, u32 address_size,
		  enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.facts.sink = sink;
	judgement.report.address = address;
	judgement.report.address_size = address_size;
	return mf_judgement_answer(&judgement, mf_decide_write(&judgement.facts), -EACCES);
}

/**
 * mf_judge_memory() - a program looks into another one
 * @other: address space looked into, which stays meanwhile; not the current one's
 * @attach: it may write there, too
 * @quiet: the kernel only asks whether it would be allowed: no record
 *
 * Context: may be called under task_lock().
 */
int mf_judge_memory(const struct mm_struct *other, bool attach, bool quiet)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, MIFENG_OP_PTRACE);
	judgement.report.label = &facts->other;
	facts->other_tainted = mf_subject_taint(other, &facts->other);
	facts->tainted = mf_subject_settled(current->mm, &facts->taint);
	verdict = mf_decide_memory(facts);
	if (verdict.reason == MIFENG_REASON_NONE && attach) {
		facts->other_tainted = mf_subject_settled(other, &facts->other);
		facts->tainted = mf_subject_taint(current->mm, &facts->taint);
		verdict = mf_decide_giving(facts);
		judgement.report.label = &facts->taint;
	}
	if (quiet)
		return verdict.action == MF_DENY ? -EACCES : 0;
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_taking() - the current program asks to be traced by one that carries more
 * @label: what that one carries
 *
 * Context: any, also with interrupts off.
 */
int mf_judge_taking(const struct mf_label *label)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;

	mf_judgement_begin(&judgement, MIFENG_OP_PTRACE);
	judgement.later = true;
	facts->tainted = true;
	facts->taint = *label;
	facts->other_tainted = mf_subject_settled(current->mm, &facts->other);
	judgement.report.label = label;
	return mf_judgement_answer(&judgement, mf_decide_giving(facts), -EACCES);
}

/**
 * mf_judge_giving() - the current program's memory goes to somebody who carries less
 * @operation: PTRACE for a tracer it asks for, COREDUMP
 * @locked: locks are held, or interrupts off, that forbid to make the record at once
 */
int mf_judge_giving(enum mifeng_operation operation, bool locked)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.later = locked;
	judgement.report.label = &judgement.facts.taint;
	return mf_judgement_answer(&judgement, mf_decide_giving(&judgement.facts), -EACCES);
}

/**
 * mf_judge_lock() - a tainted program locks, or unlocks, a part of a file that it chose
 * @file: the file
 */
int mf_judge_lock(struct file *file)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_SETATTR);
	if (!inode)
		return 0;
	about_path(&judgement, &file->f_path, inode);
	mf_judgement_writing(&judgement, file->f_path.dentry, inode);
	judgement.facts.settled = true; /* that it is locked is not kept with the file */
	return mf_judgement_answer(&judgement, mf_decide_name(&judgement.facts), -EACCES);
}

/**
 * mf_judge_other() - a tainted program does something to another one that can tell what it was
 * @task: the other one, which stays
 * @operation: SEND for a signal, SETUP for what is set
 * @quiet: whoever does it is not told, so no record
 *
 * Context: any, of a task.
 */
int mf_judge_other(const struct task_struct *task, enum mifeng_operation operation, bool quiet)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	if (READ_ONCE(task->mm) == current->mm)
		return 0;
	mf_judgement_begin(&judgement, operation);
	judgement.report.label = &judgement.facts.taint;
	judgement.facts.other_tainted = mf_subject_of_task(task, true, &judgement.facts.other);
	verdict = mf_decide_giving(&judgement.facts);
	if (quiet)
		return verdict.action == MF_DENY ? -EACCES : 0;
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_look() - a program asks for something that another one has set for itself
 * @task: the other one, which stays
 *
 * No record: tools ask for that of all programs. Context: any, of a task.
 */
int mf_judge_look(const struct task_struct *task)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;

	if (READ_ONCE(task->mm) == current->mm || !mf_subjects_count())
		return 0;
	mf_judgement_begin(&judgement, MIFENG_OP_PTRACE);
	facts->other_tainted = mf_subject_of_task(task, false, &facts->other);
	facts->tainted = mf_subject_settled(current->mm, &facts->taint);
	return mf_decide_memory(facts).action == MF_DENY ? -EACCES : 0;
}

/**
 * mf_judge_unseen() - must nobody be told what the current program does to a file
 *
 * Also of a task that ends. No record. Context: any, of a task.
 *
 * Return: true if it is tainted.
 */
bool mf_judge_unseen(void)
{
	struct mf_rules rules;

	if (likely(!mf_subject_left_tainted()))
		return false;
	mf_rules_get(&rules);
	return rules.mode != MIFENG_MODE_PERMISSIVE;
}

/**
 * mf_judge_mount() - a filesystem is mounted, or mounted otherwise
 * @sb: the filesystem
 * @writable: to be written
 *
 * Return: also -EROFS where the policy lets the medium be read: mount programs then
 * try again read-only by themselves.
 */
int mf_judge_mount(const struct super_block *sb, bool writable)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;

	mf_judgement_begin(&judgement, MIFENG_OP_OPEN);
	facts->writable = writable;
	/* what merely cannot be resolved is nobody's stick, and mounts */
	facts->sink = mf_medium_of(sb) == MF_MEDIUM_CARRIED ? MF_SINK_REMOVABLE : MF_SINK_FILE;
	judgement.report.dentry = sb->s_root;
	judgement.report.inode = d_inode(sb->s_root);
	return mf_judgement_answer(&judgement, mf_decide_mount(facts),
		      facts->removable == MIFENG_REMOVABLE_READ_ONLY ? -EROFS : -EACCES);
}

/**
 * mf_judge_relabel() - somebody changes the label's xattr directly
 * @dentry: the object
 */
int mf_judge_relabel(struct dentry *dentry)
{
	struct mf_judgement judgement;

	if (mf_label_is_probe(d_inode(dentry)))
		return -EPERM;
	mf_judgement_begin(&judgement, MIFENG_OP_RELABEL);
	judgement.report.dentry = dentry;
	judgement.report.inode = d_inode(dentry);
	return mf_judgement_answer(&judgement, mf_decide_protected(MIFENG_REASON_LABEL_PROTECTED), -EPERM);
}

/**
 * mf_judge_unload() - somebody unloads the module
 */
int mf_judge_unload(void)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_UNLOAD);
	return mf_judgement_answer(&judgement, mf_decide_protected(MIFENG_REASON_IN_USE), -EBUSY);
}

/**
 * mf_judge_unaccounted() - a new program could not be given its taint and will be killed
 * @operation: FORK or EXEC
 */
void mf_judge_unaccounted(enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	mf_judgement_deny(&judgement, MIFENG_REASON_NO_MEMORY);
}

/**
 * mf_judge_facility() - a tainted program uses something of the kernel that acts for it unseen
 * @operation: SETUP, or MAP for memory shared with such a thing
 *
 * Context: may not sleep where the hook may not.
 */
int mf_judge_facility(enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.report.label = &judgement.facts.taint;
	return mf_judgement_answer(&judgement, mf_decide_facility(&judgement.facts), -EACCES);
}

/**
 * mf_judge_passing() - a program receives an open file that keeps what it is told: epoll, a timer
 * @file: the file
 *
 * Context: process, may not sleep where the hook may not.
 */
int mf_judge_passing(struct file *file)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_RECEIVE);
	about_path(&judgement, &file->f_path, file_inode(file));
	judgement.facts.settled = !mf_shared_unequally(file);
	return mf_judgement_answer(&judgement, mf_decide_passing(&judgement.facts), -EACCES);
}

/**
 * mf_judge_ioctl() - a tainted program gives a file a command that is not known to be harmless
 * @file: the file
 * @attribute: the command sets nothing but the file's own attributes
 */
int mf_judge_ioctl(struct file *file, bool attribute)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, MIFENG_OP_IOCTL);
	about_path(&judgement, &file->f_path, inode);
	if (attribute && inode)
		return mf_judge_attributes(file->f_path.dentry, MIFENG_OP_IOCTL, MF_ATTRIBUTES_FEW);
	judgement.report.label = &judgement.facts.taint;
	verdict = mf_decide_facility(&judgement.facts);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}
