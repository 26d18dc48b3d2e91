// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict, by enumeration of its finite domain: every level, two scopes, every
 * sink, label state, mode and machine state. Each property is one test; a test
 * names the first facts that break it.
 */
#include <string.h>

#include "ctl_tap.h"
#include "kmod/decide.h"

#define LABELS (4 * 4) /* level none…top-secret × two scopes */

static struct mf_label label_of(int number)
{
	return (struct mf_label){ .level = number / 4, .scopes = number % 4 };
}

static struct mf_label join(struct mf_label a, struct mf_label b)
{
	mf_label_join(&a, &b);
	return a;
}

/* ---- labels are a lattice ---- */

static void test_lattice(void)
{
	bool reflexive = true, antisymmetric = true, transitive = true, upper = true, least = true;

	for (int i = 0; i < LABELS; i++) {
		struct mf_label a = label_of(i);

		reflexive &= mf_label_dominates(&a, &a);
		for (int j = 0; j < LABELS; j++) {
			struct mf_label b = label_of(j), up = join(a, b);

			antisymmetric &= i == j || !(mf_label_dominates(&a, &b) &&
						     mf_label_dominates(&b, &a));
			/* a label of level none is no label: its scopes mean nothing */
			upper &= !a.level || mf_label_dominates(&up, &a);
			upper &= !b.level || mf_label_dominates(&up, &b);
			for (int k = 0; k < LABELS; k++) {
				struct mf_label c = label_of(k);

				transitive &= !(mf_label_dominates(&a, &b) &&
						mf_label_dominates(&b, &c)) ||
					      mf_label_dominates(&a, &c);
				least &= !(a.level && b.level && mf_label_dominates(&c, &a) &&
					   mf_label_dominates(&c, &b)) ||
					 mf_label_dominates(&c, &up);
			}
		}
	}
	check(reflexive, "dominance is reflexive");
	check(antisymmetric, "dominance is antisymmetric");
	check(transitive, "dominance is transitive");
	check(upper, "a join dominates both");
	check(least, "a join is the least that does");
}

static void test_join_fields(void)
{
	struct mf_label a = { .level = 2, .expires = 100, .classified_at = 5, .authority = 7,
			      .document = "1234567890" };
	struct mf_label b = { .level = 3, .expires = 200, .classified_at = 9, .authority = 8 };
	struct mf_label never = { .level = 1, .expires = 0 };
	struct mf_label none = { .level = 0 };
	struct mf_label up = join(a, b);
	static const unsigned char zero[MIFENG_DOCUMENT_SIZE];

	check(up.expires == 200, "a join expires with the later");
	check(join(up, never).expires == 0, "a join with what never expires never expires");
	check(join(never, b).expires == 0, "whichever comes first");
	check(memcmp(up.document, zero, sizeof(zero)) == 0, "a join has no document number");
	check(up.flags == MIFENG_LABEL_DERIVED, "a join is derived");
	check(up.authority == 0, "two authorities make none");
	check(join(none, a).authority == 7, "one authority stays");
	check(join(none, a).expires == 100, "the first label brings its expiry");
	up = a;
	mf_label_join(&up, &none);
	check(memcmp(&up, &a, sizeof(a)) == 0, "joining nothing changes nothing");
}

/* ---- enumeration ---- */

typedef bool (*property)(const struct mf_facts *facts);

/* Takes the next digit of a mixed-radix number: so one loop counts through all combinations. */
static int digit(unsigned long *number, int radix)
{
	int value = *number % radix;

	*number /= radix;
	return value;
}

#define STATES (MIFENG_STATE_DEGRADED + 1)
#define MODES (MIFENG_MODE_MAX + 1)
#define LABEL_STATES (MIFENG_LABEL_UNTRUSTED + 1)
#define SINKS (MF_SINK_MEMORY + 1)
#define ROLES (MIFENG_ROLE_MAX + 1)
#define READING_CASES (STATES * ROLES * MODES * LABEL_STATES * (LABELS - 4) * LABELS * 8)
#define WRITING_CASES (MODES * SINKS * LABEL_STATES * (LABELS - 4) * LABELS * LABELS * 8)

/* Runs a property over all facts that reading depends on. */
static void for_reading(const char *name, property holds)
{
	unsigned long broken = 0;

	for (unsigned long number = 0; number < READING_CASES; number++) {
		struct mf_facts facts = { .operation = MIFENG_OP_READ };
		unsigned long rest = number;
		int taint;

		facts.state = digit(&rest, STATES);
		facts.role = digit(&rest, ROLES);
		facts.mode = digit(&rest, MODES);
		facts.label_state = digit(&rest, LABEL_STATES);
		facts.label = label_of(4 + digit(&rest, LABELS - 4));
		taint = digit(&rest, LABELS);
		facts.tainted = taint >= 4;
		facts.taint = label_of(taint);
		facts.service = digit(&rest, 2);
		facts.cleared = digit(&rest, 2);
		facts.clean = digit(&rest, 2);
		broken += !holds(&facts);
	}
	check(!broken, "reading: %s (%d cases, %lu broken)", name, READING_CASES, broken);
}

/* Runs a property over all facts that writing and naming depend on. */
static void for_writing(const char *name, property holds)
{
	unsigned long broken = 0;

	for (unsigned long number = 0; number < WRITING_CASES; number++) {
		struct mf_facts facts = { .operation = MIFENG_OP_WRITE,
					  .state = MIFENG_STATE_ACTIVE };
		unsigned long rest = number;
		int label, taint, ceiling;

		facts.mode = digit(&rest, MODES);
		facts.sink = digit(&rest, SINKS);
		facts.label_state = digit(&rest, LABEL_STATES);
		label = 4 + digit(&rest, LABELS - 4);
		if (facts.label_state == MIFENG_LABEL_VALID)
			facts.label = label_of(label);
		taint = digit(&rest, LABELS);
		facts.tainted = taint >= 4;
		facts.taint = label_of(taint);
		ceiling = digit(&rest, LABELS);
		facts.in_zone = ceiling >= 4;
		facts.ceiling = label_of(ceiling);
		facts.obstacle = digit(&rest, 2) ? MIFENG_REASON_MAPPED : MIFENG_REASON_NONE;
		facts.settled = digit(&rest, 2);
		if (digit(&rest, 2))
			facts.ceiling.flags = MIFENG_LABEL_NAMES_OPEN;
		broken += !holds(&facts);
	}
	check(!broken, "writing: %s (%d cases, %lu broken)", name, WRITING_CASES, broken);
}

/* ---- reading ---- */

static bool labelled(const struct mf_facts *facts)
{
	return facts->label_state != MIFENG_LABEL_NONE &&
	       facts->label_state != MIFENG_LABEL_UNTRUSTED;
}

static bool online(const struct mf_facts *facts)
{
	return facts->role == MIFENG_ROLE_ONLINE;
}

static bool unlabelled_is_free(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_read(facts);

	return labelled(facts) || (online(facts) && facts->label_state != MIFENG_LABEL_NONE) || (verdict.action == MF_ALLOW && !verdict.reason);
}

static bool no_policy_no_access(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_read(facts);

	return !labelled(facts) || online(facts) || facts->state == MIFENG_STATE_ACTIVE ||
	       (verdict.action == MF_DENY && verdict.reason == MIFENG_REASON_NO_POLICY);
}

/* Never both: whatever the policy says of its mode, the person or the program. */
static bool only_classified_machines_read(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_read(facts);

	if (facts->role == MIFENG_ROLE_CLASSIFIED || facts->label_state == MIFENG_LABEL_NONE)
		return true;
	if (facts->label_state == MIFENG_LABEL_UNTRUSTED)
		return !online(facts) || verdict.action == MF_DENY;
	return verdict.action == MF_DENY && (verdict.reason == MIFENG_REASON_ROLE ||
					     facts->state != MIFENG_STATE_ACTIVE) &&
	       !mf_read_goes_on(facts->state, facts->role, facts->label_state, &facts->label,
				facts->tainted ? &facts->taint : NULL);
}

static bool enforced(const struct mf_facts *facts)
{
	return labelled(facts) && facts->state == MIFENG_STATE_ACTIVE &&
	       facts->role == MIFENG_ROLE_CLASSIFIED && facts->mode == MIFENG_MODE_ENFORCE;
}

static bool only_the_cleared_read(const struct mf_facts *facts)
{
	return !enforced(facts) || mf_decide_read(facts).action == MF_DENY ||
	       (facts->cleared && !facts->service && facts->label_state == MIFENG_LABEL_VALID);
}

static bool readers_carry_the_label(const struct mf_facts *facts)
{
	return !enforced(facts) || mf_decide_read(facts).action != MF_ALLOW ||
	       (facts->tainted && mf_label_dominates(&facts->taint, &facts->label));
}

static bool raises_are_clean(const struct mf_facts *facts)
{
	return !enforced(facts) || mf_decide_read(facts).action != MF_RAISE || facts->clean;
}

static bool cleared_and_clean_reads(const struct mf_facts *facts)
{
	return !enforced(facts) || !facts->cleared || facts->service || !facts->clean ||
	       facts->label_state != MIFENG_LABEL_VALID || mf_decide_read(facts).action != MF_DENY;
}

static bool deny_has_reason(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_read(facts);

	return verdict.action != MF_DENY || verdict.reason != MIFENG_REASON_NONE;
}

static bool permissive_reads_the_same_reason(const struct mf_facts *facts)
{
	struct mf_facts enforce = *facts;

	enforce.mode = MIFENG_MODE_ENFORCE;
	return mf_decide_read(facts).reason == mf_decide_read(&enforce).reason;
}

static bool permissive_never_denies_reading(const struct mf_facts *facts)
{
	return facts->mode != MIFENG_MODE_PERMISSIVE || facts->state != MIFENG_STATE_ACTIVE ||
	       facts->role != MIFENG_ROLE_CLASSIFIED || mf_decide_read(facts).action != MF_DENY;
}

/* Who goes on reading is asked less, and told the same. */
static bool going_on_is_the_same_reading(const struct mf_facts *facts)
{
	const bool goes_on = mf_read_goes_on(facts->state, facts->role, facts->label_state,
					     &facts->label, facts->tainted ? &facts->taint : NULL);
	struct mf_verdict verdict = mf_decide_read(facts);

	if (goes_on && facts->cleared && !facts->service)
		return verdict.action == MF_ALLOW && !verdict.reason;
	return goes_on || !enforced(facts) || verdict.action != MF_ALLOW;
}

/* ---- writing ---- */

static bool untainted_writes_are_free(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_write(facts);

	return facts->tainted || (verdict.action == MF_ALLOW && !verdict.reason);
}

static bool never_out(const struct mf_facts *facts)
{
	const bool allowed_there = facts->sink == MF_SINK_NETWORK && facts->in_zone &&
				   mf_label_dominates(&facts->ceiling, &facts->taint);

	return !facts->tainted || facts->mode != MIFENG_MODE_ENFORCE ||
	       (facts->sink != MF_SINK_REMOVABLE && facts->sink != MF_SINK_NETWORK &&
		facts->sink != MF_SINK_DEVICE) ||
	       ((mf_decide_write(facts).action == MF_DENY) == !allowed_there &&
		mf_decide_name(facts).action == MF_DENY);
}

static bool covered(const struct mf_facts *facts)
{
	return facts->label_state == MIFENG_LABEL_VALID &&
	       mf_label_dominates(&facts->label, &facts->taint);
}

static bool written_is_labelled(const struct mf_facts *facts)
{
	if (!facts->tainted || facts->mode != MIFENG_MODE_ENFORCE || facts->sink != MF_SINK_FILE ||
	    mf_decide_write(facts).action != MF_ALLOW)
		return true;
	return covered(facts) && facts->settled;
}

/*
 * Who goes on writing is asked less, wherever the file stands, and told the same. Whether its size and times
 * are covered is in the label.
 */
static bool going_on_is_the_same_writing(const struct mf_facts *facts)
{
	struct mf_label label = facts->label;
	struct mf_verdict verdict = mf_decide_write(facts);
	bool goes_on;

	label.flags = facts->settled ? MIFENG_LABEL_ATTRIBUTES : 0;
	goes_on = facts->tainted && mf_write_goes_on(facts->sink, facts->label_state, &label,
						     &facts->taint);

	if (goes_on)
		return verdict.action == MF_ALLOW && !verdict.reason;
	return !facts->tainted || facts->mode != MIFENG_MODE_ENFORCE ||
	       facts->sink != MF_SINK_FILE || verdict.action != MF_ALLOW;
}

static bool relabelled_within_ceiling(const struct mf_facts *facts)
{
	struct mf_label up = join(facts->label, facts->taint);

	if (mf_decide_write(facts).action != MF_RELABEL)
		return true;
	if (covered(facts)) /* only its size and times are not yet */
		return !facts->settled && !facts->obstacle;
	return facts->in_zone && !facts->obstacle && mf_label_dominates(&facts->ceiling, &up);
}

static bool channels_are_settled(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_channel(facts);

	if (!facts->tainted || facts->settled)
		return verdict.action == MF_ALLOW && !verdict.reason;
	if (!facts->obstacle)
		return verdict.action == MF_RELABEL && !verdict.reason;
	return verdict.reason == facts->obstacle &&
	       (verdict.action == MF_DENY) == (facts->mode == MIFENG_MODE_ENFORCE);
}

/* Nothing is named or told before whoever sees it is judged by the taint, but where names are open. */
static bool names_are_covered(const struct mf_facts *facts)
{
	struct mf_verdict verdict = mf_decide_name(facts);

	if (!facts->tainted || facts->sink != MF_SINK_FILE || verdict.action == MF_DENY ||
	    facts->mode != MIFENG_MODE_ENFORCE)
		return true;
	if (verdict.action == MF_RELABEL)
		return !facts->settled && !facts->obstacle && !verdict.reason;
	return facts->settled ||
	       (facts->in_zone && (facts->ceiling.flags & MIFENG_LABEL_NAMES_OPEN));
}

static bool names_only_in_zones(const struct mf_facts *facts)
{
	if (!facts->tainted || facts->mode != MIFENG_MODE_ENFORCE || facts->sink != MF_SINK_FILE ||
	    mf_decide_name(facts).action == MF_DENY)
		return true;
	return (facts->in_zone && mf_label_dominates(&facts->ceiling, &facts->taint)) ||
	       (facts->label_state == MIFENG_LABEL_VALID &&
		mf_label_dominates(&facts->label, &facts->taint));
}

static bool more_taint_never_allows_more(const struct mf_facts *facts)
{
	bool denied = mf_decide_write(facts).action == MF_DENY;
	bool name_denied = mf_decide_name(facts).action == MF_DENY;

	for (int i = 4; i < LABELS; i++) {
		struct mf_facts more = *facts;

		more.tainted = true;
		more.taint = join(facts->tainted ? facts->taint : (struct mf_label){ 0 }, label_of(i));
		if ((denied && mf_decide_write(&more).action != MF_DENY) ||
		    (name_denied && mf_decide_name(&more).action != MF_DENY))
			return false;
	}
	return true;
}

static bool permissive_writes_the_same_reason(const struct mf_facts *facts)
{
	struct mf_facts enforce = *facts;

	enforce.mode = MIFENG_MODE_ENFORCE;
	return mf_decide_write(facts).reason == mf_decide_write(&enforce).reason &&
	       mf_decide_name(facts).reason == mf_decide_name(&enforce).reason;
}

static bool permissive_never_denies_writing(const struct mf_facts *facts)
{
	return facts->mode != MIFENG_MODE_PERMISSIVE ||
	       (mf_decide_write(facts).action != MF_DENY && mf_decide_name(facts).action != MF_DENY);
}

/* ---- moves, memory, mounts ---- */

static void test_moves(void)
{
	struct mf_facts facts = {
		.operation = MIFENG_OP_RENAME,
		.state = MIFENG_STATE_ACTIVE,
		.label_state = MIFENG_LABEL_VALID,
		.label = { .level = MIFENG_LEVEL_SECRET, .scopes = 1 },
		.in_zone = true,
		.ceiling = { .level = MIFENG_LEVEL_TOP_SECRET, .scopes = 3 },
	};

	check(mf_decide_move(&facts).reason == MIFENG_REASON_LEAVES_ZONE,
	      "a labelled file does not leave its zone");
	facts.to_zone = true;
	facts.to_ceiling = (struct mf_label){ .level = MIFENG_LEVEL_SECRET, .scopes = 1 };
	check(mf_decide_move(&facts).action == MF_ALLOW, "it goes to a zone that may hold it");
	facts.to_ceiling.scopes = 2;
	check(mf_decide_move(&facts).reason == MIFENG_REASON_CEILING,
	      "not to one without its scope");
	facts.to_ceiling = (struct mf_label){ .level = MIFENG_LEVEL_CONFIDENTIAL, .scopes = 3 };
	check(mf_decide_move(&facts).reason == MIFENG_REASON_CEILING, "nor to a lower one");
	facts.label_state = MIFENG_LABEL_FORGED;
	facts.to_zone = false;
	check(mf_decide_move(&facts).reason == MIFENG_REASON_LEAVES_ZONE,
	      "a file whose label is bad does not leave either");
	facts.label_state = MIFENG_LABEL_NONE;
	check(mf_decide_move(&facts).action == MF_ALLOW, "an ordinary file comes and goes");
	facts.holds_labels = true;
	check(mf_decide_move(&facts).reason == MIFENG_REASON_LEAVES_ZONE,
	      "a directory of a zone does not leave it");
	facts.in_zone = false;
	check(mf_decide_move(&facts).action == MF_ALLOW, "any other directory does");
}

static void test_memory(void)
{
	struct mf_facts facts = { .operation = MIFENG_OP_PTRACE, .state = MIFENG_STATE_ACTIVE };

	check(mf_decide_memory(&facts).action == MF_ALLOW, "untainted memory is not ours");
	facts.other_tainted = true;
	facts.other = (struct mf_label){ .level = MIFENG_LEVEL_SECRET, .scopes = 1 };
	check(mf_decide_memory(&facts).reason == MIFENG_REASON_OTHER_PROGRAM,
	      "an untainted program does not look into a tainted one");
	facts.tainted = true;
	facts.taint = (struct mf_label){ .level = MIFENG_LEVEL_TOP_SECRET, .scopes = 2 };
	check(mf_decide_memory(&facts).action == MF_DENY, "nor does one without its scope");
	facts.taint.scopes = 1;
	check(mf_decide_memory(&facts).action == MF_ALLOW, "one that carries as much may");
	check(mf_decide_giving(&facts).reason == MIFENG_REASON_OTHER_PROGRAM,
	      "but puts nothing into one that carries less");
	facts.other.level = MIFENG_LEVEL_TOP_SECRET;
	check(mf_decide_giving(&facts).action == MF_ALLOW, "into one that carries as much it may");
	facts.other_tainted = false;
	check(mf_decide_giving(&facts).action == MF_DENY, "into an untainted one it may not");
	facts.tainted = false;
	check(mf_decide_giving(&facts).action == MF_ALLOW, "who carries nothing gives nothing");
}

static void test_facilities(void)
{
	struct mf_facts facts = { .operation = MIFENG_OP_SETUP, .state = MIFENG_STATE_ACTIVE };
	struct mf_verdict verdict;

	check(mf_decide_facility(&facts).action == MF_ALLOW &&
		      mf_decide_facility(&facts).reason == MIFENG_REASON_NONE,
	      "facilities are there for the untainted");
	facts.tainted = true;
	facts.taint = (struct mf_label){ .level = MIFENG_LEVEL_CONFIDENTIAL };
	verdict = mf_decide_facility(&facts);
	check(verdict.action == MF_DENY && verdict.reason == MIFENG_REASON_FACILITY,
	      "not for the tainted");
	facts.mode = MIFENG_MODE_PERMISSIVE;
	verdict = mf_decide_facility(&facts);
	check(verdict.action == MF_ALLOW && verdict.reason == MIFENG_REASON_FACILITY,
	      "permissive says so and lets them");
}

static void test_passing(void)
{
	struct mf_facts facts = { .operation = MIFENG_OP_RECEIVE, .state = MIFENG_STATE_ACTIVE };
	struct mf_verdict verdict = mf_decide_passing(&facts);

	check(verdict.action == MF_DENY && verdict.reason == MIFENG_REASON_FACILITY,
	      "what is shared with somebody who carries more or less is not received");
	facts.mode = MIFENG_MODE_PERMISSIVE;
	verdict = mf_decide_passing(&facts);
	check(verdict.action == MF_ALLOW && verdict.reason == MIFENG_REASON_FACILITY,
	      "permissive says so and passes it");
	facts.settled = true;
	verdict = mf_decide_passing(&facts);
	check(verdict.action == MF_ALLOW && verdict.reason == MIFENG_REASON_NONE,
	      "among equals it is");
}

static void test_asking(void)
{
	for (enum mf_sink sink = MF_SINK_FILE; sink <= MF_SINK_MEMORY; sink++) {
		struct mf_facts facts = { .state = MIFENG_STATE_ACTIVE, .sink = sink };
		enum mifeng_reason reason = sink == MF_SINK_NETWORK ? MIFENG_REASON_NETWORK :
								      MIFENG_REASON_UNMARKED_PATH;
		struct mf_verdict verdict = mf_decide_asking(&facts);

		check(verdict.action == MF_ALLOW && verdict.reason == MIFENG_REASON_NONE,
		      "servers are asked for the untainted");
		facts.tainted = true;
		facts.taint = (struct mf_label){ .level = MIFENG_LEVEL_CONFIDENTIAL };
		verdict = mf_decide_asking(&facts);
		check(verdict.action == MF_DENY && verdict.reason == reason,
		      "not for the tainted");
		facts.mode = MIFENG_MODE_PERMISSIVE;
		verdict = mf_decide_asking(&facts);
		check(verdict.action == MF_ALLOW && verdict.reason == reason,
		      "permissive says so and asks");
	}
}

static void test_mounts(void)
{
	static const struct {
		enum mifeng_removable rule;
		bool writable;
		bool allowed;
	} cases[] = {
		{ MIFENG_REMOVABLE_DENY, true, false },
		{ MIFENG_REMOVABLE_DENY, false, false },
		{ MIFENG_REMOVABLE_READ_ONLY, true, false },
		{ MIFENG_REMOVABLE_READ_ONLY, false, true },
		{ MIFENG_REMOVABLE_ORDINARY, true, true },
		{ MIFENG_REMOVABLE_ORDINARY, false, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mf_facts facts = {
			.state = MIFENG_STATE_ACTIVE,
			.sink = MF_SINK_REMOVABLE,
			.removable = cases[i].rule,
			.writable = cases[i].writable,
		};

		check((mf_decide_mount(&facts).action == MF_ALLOW) == cases[i].allowed,
		      "mounting a stick: rule %d, to be written: %d", cases[i].rule,
		      cases[i].writable);
		facts.sink = MF_SINK_FILE;
		check(mf_decide_mount(&facts).action == MF_ALLOW, "a fixed disk mounts, rule %d",
		      cases[i].rule);
	}
}

int main(void)
{
	test_lattice();
	test_join_fields();
	for_reading("what has no label is free", unlabelled_is_free);
	for_reading("only classified machines read", only_classified_machines_read);
	for_reading("before a policy and degraded nothing labelled is readable", no_policy_no_access);
	for_reading("only the cleared read, with a valid label", only_the_cleared_read);
	for_reading("whoever reads carries the label", readers_carry_the_label);
	for_reading("raises are clean", raises_are_clean);
	for_reading("the cleared and clean do read", cleared_and_clean_reads);
	for_reading("a denial has a reason", deny_has_reason);
	for_reading("permissive gives the same reason", permissive_reads_the_same_reason);
	for_reading("permissive never denies", permissive_never_denies_reading);
	for_reading("who goes on is told the same", going_on_is_the_same_reading);
	for_writing("the untainted write freely", untainted_writes_are_free);
	for_writing("nothing goes to media, network or devices", never_out);
	for_writing("what is written stands under a label that dominates", written_is_labelled);
	for_writing("labels rise within the ceiling, with nobody in the way", relabelled_within_ceiling);
	for_writing("a channel takes the taint on, or nothing is put in", channels_are_settled);
	for_writing("names are made in zones only", names_only_in_zones);
	for_writing("names are seen by those who are judged by the taint", names_are_covered);
	for_writing("more taint never allows more", more_taint_never_allows_more);
	for_writing("permissive gives the same reason", permissive_writes_the_same_reason);
	for_writing("permissive never denies", permissive_never_denies_writing);
	for_writing("who goes on is told the same", going_on_is_the_same_writing);
	test_moves();
	test_memory();
	test_facilities();
	test_passing();
	test_asking();
	test_mounts();
	check(mf_decide_protected(MIFENG_REASON_LABEL_PROTECTED).action == MF_DENY,
	      "labels are protected in every mode");
	return tap_finish();
}
