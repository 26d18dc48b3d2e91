// SPDX-License-Identifier: GPL-2.0
/* One case, from its facts to its record: what the files judge*.c share. */
#include "judgement.h"

#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/sched.h>

#include "channel.h"
#include "errand.h"
#include "event.h"
#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "person.h"
#include "pinned.h"
#include "policy.h"
#include "role.h"
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
	facts->role = mf_role();
	facts->removable = rules.removable;
	facts->clean = true;
	facts->tainted = mf_subject_taint(current->mm, &facts->taint);
	judgement->report.operation = operation;
	judgement->report.generation = rules.generation;
}

/**
 * mf_judgement_path() - the record will say what it is about by a path
 * @judgement: the case
 * @path: that path, which stays until the record is made
 * @inode: what it leads to
 */
void mf_judgement_path(struct mf_judgement *judgement, const struct path *path,
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

/**
 * mf_judgement_reading() - a new case, about reading a file or what a channel holds
 * @judgement: filled
 * @file: what is read
 * @operation: OPEN, READ, MAP, EXEC; what is read from a socket is received
 *
 * Context: process, may sleep.
 *
 * Return: false if there is nothing to judge.
 */
bool mf_judgement_reading(struct mf_judgement *judgement, struct file *file,
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
	mf_judgement_path(judgement, &file->f_path, inode);
	mf_judgement_object(judgement, &object);
	mf_judgement_person(judgement);
	return true;
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
	/* an overlay is asked for its own attributes, and for those of its layer */
	facts->settled = inode != d_inode(dentry) ||
			 (object.state == MIFENG_LABEL_VALID &&
			  (object.label.flags & MIFENG_LABEL_ATTRIBUTES));
	/* an overlay's name says nothing of where its layer stands */
	if (inode == d_inode(dentry))
		facts->in_zone = S_ISDIR(inode->i_mode) ?
					 mf_zone_of_entries(dentry, &facts->ceiling) :
					 mf_zone_of(dentry, &facts->ceiling);
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
 * @err: 0, -ERESTARTSYS, -ENOMEM, -EPERM or -EBUSY
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
	if (err == -EPERM)
		return mf_judgement_deny(judgement, MIFENG_REASON_ROLE);
	if (err || culprit[0]) {
		judgement->facts.clean = false;
		judgement->report.culprit = culprit;
	}
	return mf_judgement_answer(judgement, mf_decide_read(&judgement->facts), -EACCES);
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
