// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that go on with what they have begun: reading what they hold already, writing where what
 * they carry is written already. The verdict on these is known without all the facts that
 * others need (decide.c), makes no record, and is remembered (standing.c). No
 * struct judgement is needed, whose stack frame the kernel would clear.
 */
#include "ongoing.h"

#include <linux/fs.h>
#include <linux/sched.h>

#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "person.h"
#include "policy.h"
#include "role.h"
#include "standing.h"
#include "subject.h"

/* A pipe ends before its inode does, and counts then; where hooks ask, the inode is at hand. */
static const void *key_of(const struct mf_channel *channel)
{
	return channel->kind == MF_CHANNEL_PIPE ? channel->inode : channel->key;
}

/* What is known of what is read from a file, and its key. Context: rcu_read_lock() is held. */
static const struct mf_label *peek(struct file *file, enum mifeng_label_state *state,
				   const void **key)
{
	const struct mf_object *object;
	const struct mf_label *label;
	struct mf_channel channel;

	if (mf_channel_read(file, &channel)) {
		*key = key_of(&channel);
		label = mf_object_peek(&channel, false);
		*state = label ? MIFENG_LABEL_VALID : MIFENG_LABEL_NONE;
		return label;
	}
	*key = file_inode(file);
	object = mf_label_peek(file_inode(file), MF_LABEL_OF_OBJECT);
	*state = object ? object->state : MIFENG_LABEL_NONE;
	return object ? &object->label : NULL;
}

/**
 * mf_goes_on_reading() - does the current program read what it holds already
 * @file: the file
 * @opens: it is being opened: who opens is asked for his clearance again
 *
 * Context: any of a task.
 *
 * Return: true if it may; false says nothing.
 */
bool mf_goes_on_reading(struct file *file, bool opens)
{
	const s64 since = mf_standing_since();
	const int may = opens ? MAY_READ | MF_MAY_OPEN : MAY_READ;
	enum mifeng_label_state state;
	const struct mf_label *label;
	struct mf_grounds grounds;
	const void *key;
	bool goes_on;

	if (!mf_subject_tainted() || !mf_policy_decides())
		return false;
	rcu_read_lock();
	label = peek(file, &state, &key);
	goes_on = label && mf_read_goes_on(MIFENG_STATE_ACTIVE, mf_role(), state, label, mf_subject_holds()) &&
		  (!opens || mf_person_grounds(label, &grounds));
	rcu_read_unlock();
	if (goes_on)
		mf_standing_note(key, may, opens ? &grounds : NULL, since);
	return goes_on;
}

/**
 * mf_goes_on_writing() - does the current program write what the file carries already
 * @file: the file
 * @inode: its own or, on an overlay, that of the layer
 *
 * Remembered only where the file's medium cannot become another one meanwhile. Context: process,
 * may sleep.
 *
 * Return: true if it may; false says nothing.
 */
bool mf_goes_on_writing(struct file *file, struct inode *inode)
{
	const s64 since = mf_standing_since();
	const struct mf_object *object;
	struct mf_label taint;
	bool goes_on;

	if (!mf_subject_taint(current->mm, &taint) || !inode)
		return false;
	rcu_read_lock();
	object = mf_label_peek(inode, MF_LABEL_OF_OBJECT);
	/* a label that is rising is not there yet for those who write */
	goes_on = object && !object->pending &&
		  mf_write_goes_on(MF_SINK_FILE, object->state, &object->label, &taint);
	rcu_read_unlock();
	if (!goes_on || mf_sink_of(inode) != MF_SINK_FILE)
		return false;
	if (inode == file_inode(file) && mf_medium_stays(inode->i_sb))
		mf_standing_note(inode, MAY_WRITE, NULL, since);
	return true;
}

/**
 * mf_goes_on_giving() - does the current program put into a channel what that carries already
 * @channel: the channel, reachable by the caller
 *
 * Context: any of a task.
 *
 * Return: true if it may, also if the program is not tainted; false says nothing.
 */
bool mf_goes_on_giving(const struct mf_channel *channel)
{
	const struct mf_label *label;
	struct mf_label taint;
	bool goes_on;
	s64 since;

	if (mf_stands(key_of(channel), MAY_WRITE))
		return true;
	since = mf_standing_since();
	if (!mf_subject_taint(current->mm, &taint))
		return true;
	rcu_read_lock();
	label = mf_object_peek(channel, true);
	goes_on = label && mf_label_dominates(label, &taint);
	rcu_read_unlock();
	if (goes_on)
		mf_standing_note(key_of(channel), MAY_WRITE, NULL, since);
	return goes_on;
}
