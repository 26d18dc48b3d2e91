// SPDX-License-Identifier: GPL-2.0
/*
 * Answers that stand: what a program that holds something classified may go on doing
 * with an inode or a channel, remembered so that the next byte costs a few instructions and not
 * two tables and a verdict.
 *
 * Each CPU has a few answers of its own. An answer is used and noted with preemption disabled, by tasks
 * only, so it is never seen half written, and no task waits for another one.
 *
 * Why an answer is never wrong. It is made of
 *   the label		of the inode (label_cache.c) or the channel (object.c)
 *   the taint		of the address space, and that the person was cleared for it (subject.c)
 *   the policy		and that the hooks work (policy.c)
 * and each of these files, after it has replaced or taken away what an answer may have been made
 * of, counts: mf_standing_void(). An answer is good while nothing has been counted since
 * before it was made:
 *
 *	who answers				who changes
 *	since = changes; smp_rmb()		label, taint or policy is replaced
 *	looks at label, taint, policy		changes++, a full barrier
 *	notes the answer with since		seeks those who came before, who pass
 *
 *	who asks: good if since == changes
 *
 * If the one who answers has seen something of the old state, he has read the counter before it was
 * counted, and his answer is no longer good once it is. Who asks before it is counted came
 * before the change: whoever raises a label or a taint makes those pass who did
 * (holders.c, clean.c) before data move by the new one, exactly as if they had looked
 * at the tables. So the counter must be moved between the change and that barrier, and is.
 *
 * Only what is replaced or taken away counts; what is added was not there to be answered from.
 * A label is in its table while an answer made of it stands: whatever takes it out counts.
 *
 * The keys are addresses, and not kept. An address is used again only when what was there is gone,
 * and that counts: a labelled inode is dropped from the table of labels when it is
 * destroyed, a channel from that of channels, and the address space of a subject is released
 * after the sweep has counted. Inodes of sockets, terminals and anonymous files tell nothing of what is
 * behind them: their channel is the key, which the table of channels keeps.
 *
 * The counter is one for all. It moves when a label, a taint or the policy changes, each of
 * which costs a hundred times more than making the answers anew; it has 64 bits and does not return.
 */
#include "standing.h"

atomic64_t mf_standing_changes __read_mostly = ATOMIC64_INIT(1);
DEFINE_PER_CPU(struct mf_answer[1 << MF_ANSWERS_BITS], mf_answers);

static_assert(sizeof(struct mf_answer) == 64);

/**
 * mf_stands_open() - may the current program open what it holds already
 * @key: as mf_stands()
 * @may: MAY_READ, MAY_WRITE: what it is opened for
 *
 * Who opens is asked for his clearance again, each time: what the answer remembers is where that
 * stands. Context: any of a task.
 *
 * Return: as mf_stands().
 */
bool mf_stands_open(const void *key, int may)
{
	const struct mm_struct *mm = current->mm;
	const struct mf_answer *answer;
	bool stands;

	preempt_disable();
	answer = mf_answer_place(key, mm);
	stands = mf_answer_is(answer, key, mm, may | MF_MAY_OPEN) &&
		 mf_grounds_hold(&answer->grounds);
	preempt_enable();
	return stands;
}

/**
 * mf_standing_since() - to be called before anything that an answer is made of is looked at
 *
 * Return: for mf_standing_note().
 */
s64 mf_standing_since(void)
{
	s64 since = atomic64_read(&mf_standing_changes);

	smp_rmb(); /* pairs with mf_standing_void(): the counter is read before what it counts */
	return since;
}

/**
 * mf_standing_note() - the current program may do something, and that answer may be given again
 * @key: as mf_stands()
 * @may: MAY_READ, MAY_WRITE, MF_MAY_OPEN, MAY_EXEC
 * @grounds: with MF_MAY_OPEN: why its person is cleared
 * @since: of mf_standing_since()
 *
 * Context: any of a task.
 */
void mf_standing_note(const void *key, int may, const struct mf_grounds *grounds, s64 since)
{
	const struct mm_struct *mm = current->mm;
	struct mf_answer *answer;

	preempt_disable();
	answer = mf_answer_place(key, mm);
	if (answer->key != key || answer->mm != mm || answer->since != since) {
		answer->key = key;
		answer->mm = mm;
		answer->since = since;
		answer->may = 0;
	}
	answer->may |= may;
	if (grounds)
		answer->grounds = *grounds;
	preempt_enable();
}

/**
 * mf_standing_void() - something that answers were made of has been replaced or taken away
 *
 * A full barrier: whoever asks from now on is answered by what is there now. Context: any.
 */
void mf_standing_void(void)
{
	smp_mb__before_atomic(); /* the change is seen by who has seen the counter move */
	atomic64_inc(&mf_standing_changes);
	smp_mb__after_atomic(); /* moved before those who came earlier are sought */
}
