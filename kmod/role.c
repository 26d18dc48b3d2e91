// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine is for: classified or online, never both (tests/model has a model of this file).
 *
 *	                    labelled files     packets to the outside
 *	unassigned          unreadable         go
 *	closed              unreadable         are dropped
 *	classified          to who is cleared  are dropped
 *	online              refused            go
 *
 * From one to another it goes by closed. Each change is made in this order, so that what was allowed
 * has ended before what excludes it begins:
 *
 *	to closed	the guard is armed, and every packet that was past it has left
 *			(synchronize_net()); then the role is closed
 *	to classified	the role is classified; the guard stays
 *	from closed to the others
 *			the role is changed; then the guard is taken away
 *
 * A program is tainted and the role is left by two sides at once, each of which first makes known what it
 * does and then looks at what the other does:
 *
 *	raise			leaving classified
 *	publish the taint	role = closed
 *	smp_mb()		smp_mb()
 *	role classified?	is a program tainted?
 *	no: take it back	yes: role = classified, EBUSY
 *
 * What has been classified since the machine was started stays closed until it starts again: frames of then
 * may still wait in queues, and memory that was freed holds what it held. The role that is kept
 * is the new one.
 *
 * That a machine has been classified is never forgotten: the flag is kept on the disk before the role is taken.
 *
 * The role is no matter of policy. It is kept on the disk by user space, sealed with the machine's key, so
 * that it is not changed there; before it is known after a start the machine is unassigned.
 *
 * Locking: role_lock serialises changes. Under it ftrace and RCU are waited for.
 */
#include "role.h"

#include <linux/mutex.h>
#include <linux/string.h>

#include "guard.h"
#include "label.h"
#include "label_online.h"
#include "locked.h"
#include "policy.h"
#include "standing.h"
#include "subject.h"

u8 mf_role_now = MIFENG_ROLE_UNASSIGNED;

static DEFINE_MUTEX(role_lock);
/* Protected by role_lock. */
static enum mifeng_role kept; /* from the next start on */
static u32 flags;
static u64 serial;
static bool been_classified; /* since the machine was started */

static void make_known(enum mifeng_role role)
{
	WRITE_ONCE(mf_role_now, role);
	smp_mb(); /* pairs with that of a raise: one of both sees what the other does */
	mf_standing_void();
}

static int close_both(const char **text)
{
	int err = mf_guard_arm(text);

	if (err)
		return err;
	if (mf_role() == MIFENG_ROLE_CLASSIFIED && mf_subjects_tainted()) {
		*text = "a program holds something classified: end it first (mifengctl status)";
		return -EBUSY;
	}
	make_known(MIFENG_ROLE_CLOSED);
	if (!mf_subjects_tainted()) {
		kept = MIFENG_ROLE_CLOSED;
		return 0;
	}
	make_known(MIFENG_ROLE_CLASSIFIED);
	*text = "a program has just read something classified: end it first (mifengctl status)";
	return -EBUSY;
}

static int open_network(enum mifeng_role to, const char **text)
{
	if (to == MIFENG_ROLE_ONLINE && (flags & MIFENG_ROLE_CLASSIFIED_ONCE)) {
		*text = "this machine has been classified: it never goes online";
		return -EPERM;
	}
	if (mf_policy_has_zones()) {
		*text = "the policy in force has zones: give them up first";
		return -EBUSY;
	}
	kept = to;
	if (been_classified)
		return 0;
	make_known(to);
	if (to == MIFENG_ROLE_ONLINE)
		mf_labels_look_everywhere();
	mf_guard_disarm();
	return 0;
}

static int change(enum mifeng_role to, const char **text)
{
	const enum mifeng_role from = mf_role();

	if (to == from && to == kept)
		return 0;
	if (to == MIFENG_ROLE_CLOSED)
		return close_both(text);
	if (from != MIFENG_ROLE_CLOSED) {
		*text = "from one role to another the machine goes by closed";
		return -EINVAL;
	}
	if (to != MIFENG_ROLE_CLASSIFIED)
		return open_network(to, text);
	/* it has to be on the disk before, or a power cut would leave it out */
	if (!(flags & MIFENG_ROLE_CLASSIFIED_ONCE)) {
		*text = "that it has been classified must be kept first: closed, with that flag";
		return -EINVAL;
	}
	kept = to;
	been_classified = true;
	make_known(to);
	return 0;
}

static void fill(struct mf_role *role)
{
	role->role = kept;
	role->flags = flags;
	role->serial = serial;
	mf_key_seal_role(role);
}

/**
 * mf_role_get() - what the machine is for
 * @role: filled, but for the seal
 *
 * Context: process, may sleep.
 */
void mf_role_get(struct mf_role *role)
{
	mutex_lock(&role_lock);
	role->role = mf_role();
	role->flags = flags;
	role->serial = serial;
	mutex_unlock(&role_lock);
}

/**
 * mf_role_set() - the machine gets another role
 * @to: which
 * @new_flags: MIFENG_ROLE_* that are set from now on, with closed only; none is taken back
 * @role: filled with what is to be kept
 * @text: on failure set to a constant sentence that says why
 *
 * Context: process, sleeps.
 *
 * Return: 0; -ENOKEY; -EINVAL for a step that leaves closed out, or to classified without the flag; -EPERM to
 * be online once classified, and on a locked machine; -EBUSY for what is in the way; what attaching the guard
 * answered.
 */
int mf_role_set(enum mifeng_role to, u32 new_flags, struct mf_role *role, const char **text)
{
	int err;

	if (!mf_key_loaded()) {
		*text = "set the key first: KEY_SET";
		return -ENOKEY;
	}
	if (mf_locked()) {
		*text = "the machine is locked: its role stays until it starts again";
		return -EPERM;
	}
	if (new_flags && to != MIFENG_ROLE_CLOSED) {
		*text = "flags are set with closed";
		return -EINVAL;
	}
	mutex_lock(&role_lock);
	err = change(to, text);
	if (!err) {
		flags |= new_flags;
		serial++;
		fill(role);
		mf_policy_hold_module();
	}
	mutex_unlock(&role_lock);
	return err;
}

/* Nothing was readable so far, so nothing has to be closed before the network stays open. */
static int resume(const struct mf_role *role, const char **text)
{
	int err;

	switch (role->role) {
	case MIFENG_ROLE_UNASSIGNED:
		return 0;
	case MIFENG_ROLE_ONLINE:
		make_known(MIFENG_ROLE_ONLINE);
		mf_labels_look_everywhere();
		return 0;
	default:
		err = close_both(text);
		if (err || role->role == MIFENG_ROLE_CLOSED)
			return err;
		flags = role->flags;
		return change(role->role, text);
	}
}

/**
 * mf_role_restore() - after a start: the role that was kept
 * @role: as mf_role_set() filled it
 * @text: on failure set to a constant sentence that says why
 *
 * Context: process, sleeps.
 *
 * Return: 0, also if it is in force already; -ENOKEY; -EBADMSG if the seal does not verify; -EEXIST if
 * another one is in force; what is in the way, as for mf_role_set(), and then the machine is as it was.
 */
int mf_role_restore(struct mf_role *role, const char **text)
{
	int err = 0;

	if (!mf_key_loaded()) {
		*text = "set the key first: KEY_SET";
		return -ENOKEY;
	}
	if (!mf_key_verifies_role(role) || role->role > MIFENG_ROLE_MAX) {
		*text = "the seal of the role does not verify: it was changed, or made with another key";
		return -EBADMSG;
	}
	mutex_lock(&role_lock);
	if (serial) {
		if (serial != role->serial || kept != role->role || flags != role->flags) {
			*text = "another role is in force since the start";
			err = -EEXIST;
		}
		goto out;
	}
	err = resume(role, text);
	if (err)
		goto out;
	kept = role->role;
	flags = role->flags;
	serial = role->serial;
	mf_policy_hold_module();
out:
	mutex_unlock(&role_lock);
	return err;
}
