// SPDX-License-Identifier: GPL-2.0
#include "decide.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/**
 * mf_label_dominates() - may what carries @b go where @a is allowed
 * @a: the upper label, a clearance or a ceiling
 * @b: the lower label
 *
 * Return: level of @a ≥ that of @b, and its scopes include those of @b.
 */
bool mf_label_dominates(const struct mf_label *a, const struct mf_label *b)
{
	return a->level >= b->level && (b->scopes & ~a->scopes) == 0;
}

/**
 * mf_label_join() - the lowest label that dominates both
 * @to: in: one of them, level none for the first; out: the join
 * @from: the other
 *
 * The expiry is the later one, never before no expiry at all. The result is a
 * derived label: it has no document number unless nothing was joined.
 */
void mf_label_join(struct mf_label *to, const struct mf_label *from)
{
	if (from->level == MIFENG_LEVEL_NONE)
		return;
	if (to->level == MIFENG_LEVEL_NONE) {
		to->expires = from->expires;
		to->classified_at = from->classified_at;
		to->authority = from->authority;
	} else {
		if (to->expires == 0 || from->expires == 0)
			to->expires = 0;
		else if (from->expires > to->expires)
			to->expires = from->expires;
		if (from->classified_at > to->classified_at)
			to->classified_at = from->classified_at;
		if (from->authority != to->authority)
			to->authority = 0;
	}
	if (from->level > to->level)
		to->level = from->level;
	to->scopes |= from->scopes;
	memset(to->document, 0, sizeof(to->document));
	to->flags = MIFENG_LABEL_DERIVED;
}

static struct mf_verdict allow(enum mf_action action)
{
	return (struct mf_verdict){ .action = action, .reason = MIFENG_REASON_NONE };
}

/* Permissive mode says what enforce would deny, with the same reason, and does @instead. */
static struct mf_verdict deny(const struct mf_facts *facts, enum mifeng_reason reason,
			      enum mf_action instead)
{
	if (facts->mode == MIFENG_MODE_PERMISSIVE)
		return (struct mf_verdict){ .action = instead, .reason = reason };
	return (struct mf_verdict){ .action = MF_DENY, .reason = reason };
}

static bool label_is_bad(enum mifeng_label_state state)
{
	return state == MIFENG_LABEL_MALFORMED || state == MIFENG_LABEL_NEWER ||
	       state == MIFENG_LABEL_FORGED || state == MIFENG_LABEL_UNREADABLE;
}

static bool ceiling_holds(const struct mf_label *ceiling, const struct mf_label *label,
			  const struct mf_label *other)
{
	return mf_label_dominates(ceiling, label) && mf_label_dominates(ceiling, other);
}

/**
 * mf_decide_read() - opening, reading, mapping or executing an object
 * @facts: label, label_state, taint, service, cleared, clean, state, role, mode
 *
 * Return: MF_ALLOW for what has no label; MF_RAISE where the subject must take
 * the label on first; MF_DENY with NO_POLICY, ROLE, BAD_LABEL, PINNED, NOT_CLEARED or NOT_CLEAN.
 */
struct mf_verdict mf_decide_read(const struct mf_facts *facts)
{
	if (facts->label_state == MIFENG_LABEL_NONE)
		return allow(MF_ALLOW);
	/* nor is this a matter of mode; an online machine goes by labels that it would not believe, too */
	if (facts->role == MIFENG_ROLE_ONLINE)
		return (struct mf_verdict){ .action = MF_DENY, .reason = MIFENG_REASON_ROLE };
	if (facts->label_state == MIFENG_LABEL_UNTRUSTED)
		return allow(MF_ALLOW);
	/* before the first policy there is no mode: never passed */
	if (facts->state != MIFENG_STATE_ACTIVE)
		return (struct mf_verdict){ .action = MF_DENY, .reason = MIFENG_REASON_NO_POLICY };
	if (facts->role != MIFENG_ROLE_CLASSIFIED)
		return (struct mf_verdict){ .action = MF_DENY, .reason = MIFENG_REASON_ROLE };
	if (label_is_bad(facts->label_state))
		return deny(facts, MIFENG_REASON_BAD_LABEL, MF_ALLOW);
	if (facts->service)
		return deny(facts, MIFENG_REASON_PINNED, MF_ALLOW);
	if (!facts->cleared)
		return deny(facts, MIFENG_REASON_NOT_CLEARED, MF_RAISE);
	if (facts->tainted && mf_label_dominates(&facts->taint, &facts->label))
		return allow(MF_ALLOW);
	if (!facts->clean)
		return deny(facts, MIFENG_REASON_NOT_CLEAN, MF_RAISE);
	return allow(MF_RAISE);
}

/**
 * mf_read_goes_on() - is that the answer to somebody who holds what he reads, whoever he is
 * @state: enum mifeng_state
 * @role: enum mifeng_role of the machine
 * @label_state: enum mifeng_label_state of the object
 * @label: of the object
 * @taint: of the subject, cleanly raised to by a person cleared for it; NULL for none
 *
 * Fewer facts than mf_decide_read() wants. Return: true if that allows it, without a record,
 * for who is cleared and not pinned; false says nothing.
 */
bool mf_read_goes_on(enum mifeng_state state, enum mifeng_role role,
		     enum mifeng_label_state label_state, const struct mf_label *label,
		     const struct mf_label *taint)
{
	return state == MIFENG_STATE_ACTIVE && role == MIFENG_ROLE_CLASSIFIED &&
	       label_state == MIFENG_LABEL_VALID && taint && mf_label_dominates(taint, label);
}

static struct mf_verdict decide_sink(const struct mf_facts *facts)
{
	switch (facts->sink) {
	case MF_SINK_REMOVABLE:
		return deny(facts, MIFENG_REASON_REMOVABLE_MEDIUM, MF_ALLOW);
	case MF_SINK_NETWORK:
		return deny(facts, MIFENG_REASON_NETWORK, MF_ALLOW);
	case MF_SINK_DEVICE:
		return deny(facts, MIFENG_REASON_DEVICE, MF_ALLOW);
	case MF_SINK_MEMORY:
	case MF_SINK_FILE:
		break;
	}
	return allow(MF_ALLOW);
}

/**
 * mf_decide_write() - data going into a file, a socket, a device
 * @facts: sink, taint, label, label_state, settled, in_zone, ceiling, obstacle, mode
 *
 * Writing makes a file larger, and newer, for all who ask for that.
 *
 * Return: MF_ALLOW; MF_RELABEL where the file must take the taint on first; MF_DENY
 * with REMOVABLE_MEDIUM, NETWORK, DEVICE, BAD_LABEL, UNMARKED_PATH, CEILING or the obstacle.
 */
struct mf_verdict mf_decide_write(const struct mf_facts *facts)
{
	struct mf_verdict verdict;
	bool covered;

	if (!facts->tainted || facts->sink == MF_SINK_MEMORY)
		return allow(MF_ALLOW);
	if (facts->sink == MF_SINK_NETWORK && facts->in_zone &&
	    mf_label_dominates(&facts->ceiling, &facts->taint))
		return allow(MF_ALLOW);
	verdict = decide_sink(facts);
	if (facts->sink != MF_SINK_FILE)
		return verdict;
	if (label_is_bad(facts->label_state))
		return deny(facts, MIFENG_REASON_BAD_LABEL, MF_ALLOW);
	covered = facts->label_state == MIFENG_LABEL_VALID &&
		  mf_label_dominates(&facts->label, &facts->taint);
	if (covered && facts->settled)
		return allow(MF_ALLOW);
	if (!covered && !facts->in_zone)
		return deny(facts, MIFENG_REASON_UNMARKED_PATH, MF_ALLOW);
	if (!covered && !ceiling_holds(&facts->ceiling, &facts->taint, &facts->label))
		return deny(facts, MIFENG_REASON_CEILING, MF_ALLOW);
	if (facts->obstacle != MIFENG_REASON_NONE)
		return deny(facts, facts->obstacle, MF_ALLOW);
	return allow(MF_RELABEL);
}

/**
 * mf_write_goes_on() - does a file carry already what is written to it, and show it to nobody else
 * @sink: what it is to a writer
 * @label_state: enum mifeng_label_state of the file
 * @label: of the file
 * @taint: of the subject
 *
 * Fewer facts than mf_decide_write() wants. Return: true if that allows it, without a record;
 * false says nothing.
 */
bool mf_write_goes_on(enum mf_sink sink, enum mifeng_label_state label_state,
		      const struct mf_label *label, const struct mf_label *taint)
{
	return sink == MF_SINK_FILE && label_state == MIFENG_LABEL_VALID &&
	       (label->flags & MIFENG_LABEL_ATTRIBUTES) && mf_label_dominates(label, taint);
}

/**
 * mf_decide_channel() - data going to another program: a pipe, a unix socket, a terminal, shared memory
 * @facts: taint, settled, obstacle, mode
 *
 * Return: MF_ALLOW; MF_RELABEL where the channel must take the taint on first; MF_DENY with the
 * obstacle.
 */
struct mf_verdict mf_decide_channel(const struct mf_facts *facts)
{
	if (!facts->tainted || facts->settled)
		return allow(MF_ALLOW);
	if (facts->obstacle != MIFENG_REASON_NONE)
		return deny(facts, facts->obstacle, MF_ALLOW);
	return allow(MF_RELABEL);
}

/**
 * mf_decide_name() - names and attributes: what a tainted subject does to a directory's
 * entries, or to the size, times, mode and xattrs of an object
 * @facts: sink, taint, label, label_state, in_zone, ceiling, settled, obstacle, mode
 *
 * Names and attributes are data: whoever sees them must be judged by what the subject carries.
 *
 * Return: MF_ALLOW; MF_RELABEL where the directory's names or the object must take the taint on
 * first; MF_DENY with REMOVABLE_MEDIUM, NETWORK, DEVICE, UNMARKED_PATH, CEILING or the obstacle.
 */
struct mf_verdict mf_decide_name(const struct mf_facts *facts)
{
	struct mf_verdict verdict;
	bool covered;

	if (!facts->tainted || facts->sink == MF_SINK_MEMORY)
		return allow(MF_ALLOW);
	verdict = decide_sink(facts);
	if (facts->sink != MF_SINK_FILE)
		return verdict;
	covered = facts->label_state == MIFENG_LABEL_VALID &&
		  mf_label_dominates(&facts->label, &facts->taint);
	if (!covered && !facts->in_zone)
		return deny(facts, MIFENG_REASON_UNMARKED_PATH, MF_ALLOW);
	if (!covered && !mf_label_dominates(&facts->ceiling, &facts->taint))
		return deny(facts, MIFENG_REASON_CEILING, MF_ALLOW);
	if (facts->settled || (facts->in_zone && (facts->ceiling.flags & MIFENG_LABEL_NAMES_OPEN)))
		return allow(MF_ALLOW);
	if (facts->obstacle != MIFENG_REASON_NONE)
		return deny(facts, facts->obstacle, MF_ALLOW);
	return allow(MF_RELABEL);
}

/**
 * mf_decide_move() - an object gets another name, by rename or link; for everybody, tainted or not
 * @facts: label, label_state, in_zone, to_zone, to_ceiling, holds_labels, mode
 *
 * Return: MF_ALLOW, or MF_DENY with LEAVES_ZONE, CEILING or BAD_LABEL.
 */
struct mf_verdict mf_decide_move(const struct mf_facts *facts)
{
	if (facts->holds_labels && facts->in_zone) {
		if (!facts->to_zone)
			return deny(facts, MIFENG_REASON_LEAVES_ZONE, MF_ALLOW);
		if (!mf_label_dominates(&facts->to_ceiling, &facts->ceiling))
			return deny(facts, MIFENG_REASON_CEILING, MF_ALLOW);
		return allow(MF_ALLOW);
	}
	if (label_is_bad(facts->label_state)) {
		if (facts->in_zone && !facts->to_zone)
			return deny(facts, MIFENG_REASON_LEAVES_ZONE, MF_ALLOW);
		return allow(MF_ALLOW);
	}
	if (facts->label_state != MIFENG_LABEL_VALID)
		return allow(MF_ALLOW);
	if (!facts->to_zone)
		return facts->in_zone ? deny(facts, MIFENG_REASON_LEAVES_ZONE, MF_ALLOW) :
					allow(MF_ALLOW);
	if (!mf_label_dominates(&facts->to_ceiling, &facts->label))
		return deny(facts, MIFENG_REASON_CEILING, MF_ALLOW);
	return allow(MF_ALLOW);
}

/**
 * mf_decide_memory() - a program looks into another one
 * @facts: taint of the one that looks, other_tainted, other, mode
 *
 * Return: MF_ALLOW, or MF_DENY with OTHER_PROGRAM.
 */
struct mf_verdict mf_decide_memory(const struct mf_facts *facts)
{
	if (!facts->other_tainted)
		return allow(MF_ALLOW);
	if (facts->tainted && mf_label_dominates(&facts->taint, &facts->other))
		return allow(MF_ALLOW);
	return deny(facts, MIFENG_REASON_OTHER_PROGRAM, MF_ALLOW);
}

/**
 * mf_decide_giving() - a program's memory goes to another one: what it holds is put there, or dumped
 * @facts: taint of the one that gives, other_tainted, other, mode
 *
 * Return: MF_ALLOW, or MF_DENY with OTHER_PROGRAM.
 */
struct mf_verdict mf_decide_giving(const struct mf_facts *facts)
{
	if (!facts->tainted)
		return allow(MF_ALLOW);
	if (facts->other_tainted && mf_label_dominates(&facts->other, &facts->taint))
		return allow(MF_ALLOW);
	return deny(facts, MIFENG_REASON_OTHER_PROGRAM, MF_ALLOW);
}

/**
 * mf_decide_asking() - a filesystem asks its server, a program or another machine, for a program:
 * for a name, for attributes, for the content at some offset
 * @facts: tainted, sink, mode
 *
 * Return: MF_ALLOW, or MF_DENY with NETWORK, or with UNMARKED_PATH, because the question carries as
 * much as a file would.
 */
struct mf_verdict mf_decide_asking(const struct mf_facts *facts)
{
	if (!facts->tainted)
		return allow(MF_ALLOW);
	return deny(facts, facts->sink == MF_SINK_NETWORK ? MIFENG_REASON_NETWORK :
							    MIFENG_REASON_UNMARKED_PATH, MF_ALLOW);
}

/**
 * mf_decide_facility() - a program uses something of the kernel that acts for it unseen, or keeps
 * what it is told where anybody may ask for it
 * @facts: tainted, mode
 *
 * Return: MF_ALLOW, or MF_DENY with FACILITY.
 */
struct mf_verdict mf_decide_facility(const struct mf_facts *facts)
{
	if (!facts->tainted)
		return allow(MF_ALLOW);
	return deny(facts, MIFENG_REASON_FACILITY, MF_ALLOW);
}

/**
 * mf_decide_passing() - an open file that keeps what it is told by calls no hook judges is received
 * @facts: settled: whoever else has it carries the same; mode
 *
 * Return: MF_ALLOW, or MF_DENY with FACILITY.
 */
struct mf_verdict mf_decide_passing(const struct mf_facts *facts)
{
	return facts->settled ? allow(MF_ALLOW) : deny(facts, MIFENG_REASON_FACILITY, MF_ALLOW);
}

/**
 * mf_decide_mount() - a filesystem is mounted
 * @facts: sink, removable, writable, state, mode
 *
 * Return: MF_ALLOW, or MF_DENY with REMOVABLE_MEDIUM.
 */
struct mf_verdict mf_decide_mount(const struct mf_facts *facts)
{
	if (facts->state == MIFENG_STATE_NO_POLICY || facts->sink != MF_SINK_REMOVABLE)
		return allow(MF_ALLOW);
	if (facts->removable == MIFENG_REMOVABLE_ORDINARY ||
	    (facts->removable == MIFENG_REMOVABLE_READ_ONLY && !facts->writable))
		return allow(MF_ALLOW);
	return deny(facts, MIFENG_REASON_REMOVABLE_MEDIUM, MF_ALLOW);
}

/**
 * mf_decide_departure() - something leaves the machine by the network, or asks for a way to
 * @armed: the machine is a classified one, or on its way between two roles
 * @internal: it goes to one of the institution's own networks
 *
 * Not a matter of mode, nor of what the sender carries (R7).
 *
 * Return: MF_ALLOW, or MF_DENY with OUTSIDE.
 */
struct mf_verdict mf_decide_departure(bool armed, bool internal)
{
	if (!armed || internal)
		return allow(MF_ALLOW);
	return (struct mf_verdict){ .action = MF_DENY, .reason = MIFENG_REASON_OUTSIDE };
}

/**
 * mf_decide_protected() - the module's own integrity: labels, and its presence
 * @reason: LABEL_PROTECTED, IN_USE or LOCKED
 *
 * Not a matter of mode: a permissive machine that lost its labels could never enforce again.
 *
 * Return: MF_DENY with @reason.
 */
struct mf_verdict mf_decide_protected(enum mifeng_reason reason)
{
	return (struct mf_verdict){ .action = MF_DENY, .reason = reason };
}
