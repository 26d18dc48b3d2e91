/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict: facts in, verdict and reason out. Pure: no locks, no I/O, nothing
 * of the kernel but integer types, so that the same file is compiled into
 * the unit tests.
 */
#ifndef _MF_DECIDE_H
#define _MF_DECIDE_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <uapi/mifeng.h>
#else
#include <stdbool.h>

#include "uapi/mifeng.h"
#endif

/**
 * struct mf_label - a classification
 * @scopes: compartments, one bit each
 * @classified_at: seconds since 1970
 * @expires: seconds since 1970; 0 never
 * @document: document number; zero for a derived label
 * @authority: who set it
 * @flags: MIFENG_LABEL_*
 * @level: enum mifeng_level
 */
struct mf_label {
	__u64 scopes;
	__s64 classified_at;
	__s64 expires;
	__u8 document[MIFENG_DOCUMENT_SIZE];
	__u32 authority;
	__u16 flags;
	__u8 level;
};

/* What an object is to somebody who writes to it. */
enum mf_sink {
	MF_SINK_FILE,		/* a file, or a directory's entries: its zone and label decide */
	MF_SINK_REMOVABLE,	/* on a medium that can be carried away */
	MF_SINK_NETWORK,
	MF_SINK_DEVICE,		/* a device node that is not on the safe list */
	MF_SINK_MEMORY,		/* pipes, unix sockets, terminals, anonymous memory */
};

/**
 * struct mf_facts - all that a verdict depends on
 * @operation: enum mifeng_operation
 * @mode: enum mifeng_mode
 * @state: enum mifeng_state
 * @role: enum mifeng_role of the machine
 * @label_state: enum mifeng_label_state of the object
 * @label: of the object, where @label_state is valid
 * @tainted: the subject carries @taint
 * @taint: join of the labels of all that the subject has read
 * @service: the subject has no login uid
 * @cleared: the person's clearance dominates @label
 * @clean: a raise of the subject would leave no way out
 * @settled: nobody receives from the channel, or sees the name or attribute, by a label below @taint;
 *	     of a file that is written, its size and times
 * @obstacle: why the object cannot take the taint on; MIFENG_REASON_NONE: not known to be so
 * @sink: what the object is to a writer
 * @in_zone: the object is inside a zone, or goes to an internal network, whose ceiling is @ceiling
 * @ceiling: level and scopes; its flags tell whether names are data there
 * @to_zone: a move's destination is inside a zone, whose ceiling is @to_ceiling
 * @to_ceiling: level and scopes
 * @holds_labels: a move's object is a directory that may hold labelled files
 * @other_tainted: the other program carries @other
 * @other: taint of the other program
 * @removable: enum mifeng_removable, the policy for unregistered media
 * @writable: the medium is asked for writing
 */
struct mf_facts {
	enum mifeng_operation operation;
	enum mifeng_mode mode;
	enum mifeng_state state;
	enum mifeng_role role;
	enum mifeng_label_state label_state;
	enum mf_sink sink;
	enum mifeng_removable removable;
	enum mifeng_reason obstacle;
	bool tainted;
	bool service;
	bool cleared;
	bool clean;
	bool settled;
	bool in_zone;
	bool to_zone;
	bool holds_labels;
	bool other_tainted;
	bool writable;
	struct mf_label label;
	struct mf_label taint;
	struct mf_label ceiling;
	struct mf_label to_ceiling;
	struct mf_label other;
};

enum mf_action {
	MF_ALLOW,
	MF_RAISE,	/* allow, after the subject's taint has been joined with the label */
	MF_RELABEL,	/* allow, after the object's label has been joined with the taint */
	MF_DENY,
};

/**
 * struct mf_verdict - what is to be done
 * @action: enum mf_action; never MF_DENY in permissive mode
 * @reason: why enforce mode denies; MIFENG_REASON_NONE: no record
 */
struct mf_verdict {
	enum mf_action action;
	enum mifeng_reason reason;
};

bool mf_label_dominates(const struct mf_label *a, const struct mf_label *b);
void mf_label_join(struct mf_label *to, const struct mf_label *from);

struct mf_verdict mf_decide_read(const struct mf_facts *facts);
bool mf_read_goes_on(enum mifeng_state state, enum mifeng_role role,
		     enum mifeng_label_state label_state, const struct mf_label *label,
		     const struct mf_label *taint);
struct mf_verdict mf_decide_write(const struct mf_facts *facts);
bool mf_write_goes_on(enum mf_sink sink, enum mifeng_label_state label_state,
		      const struct mf_label *label, const struct mf_label *taint);
struct mf_verdict mf_decide_channel(const struct mf_facts *facts);
struct mf_verdict mf_decide_name(const struct mf_facts *facts);
struct mf_verdict mf_decide_move(const struct mf_facts *facts);
struct mf_verdict mf_decide_memory(const struct mf_facts *facts);
struct mf_verdict mf_decide_giving(const struct mf_facts *facts);
struct mf_verdict mf_decide_asking(const struct mf_facts *facts);
struct mf_verdict mf_decide_facility(const struct mf_facts *facts);
struct mf_verdict mf_decide_passing(const struct mf_facts *facts);
struct mf_verdict mf_decide_mount(const struct mf_facts *facts);
struct mf_verdict mf_decide_departure(bool armed, bool internal);
struct mf_verdict mf_decide_protected(enum mifeng_reason reason);

#endif /* _MF_DECIDE_H */
