// SPDX-License-Identifier: GPL-2.0
/*
 * What the guard has dropped, until there is a place for a record: packets are dropped where nothing may be
 * waited for, and by the thousand. They are counted here by destination, link and sender, and become
 * records a moment later.
 *
 * Locking: notes_lock protects the table; it is taken with interrupts off, because netpoll sends so.
 */
#include "guard.h"

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/if.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include "event.h"
#include "frame.h"
#include "policy.h"

#define NOTES_MAX 64
#define DELAY (HZ / 10)

/**
 * struct note - what was dropped for one cause
 * @count: packets; 0: free
 * @to: where they went
 * @link: by which they would have left
 * @whom: who sent them
 */
struct note {
	u64 count;
	struct mf_destination to;
	char link[IFNAMSIZ];
	struct mf_whom whom;
};

static struct note notes[NOTES_MAX];
static u64 unnoted; /* protected by notes_lock: packets there was no place for */
static DEFINE_RAW_SPINLOCK(notes_lock);
static atomic64_t dropped;

static void tell(struct work_struct *work);
static DECLARE_DELAYED_WORK(teller, tell);

/*
 * The sender is who owns the socket. It is the running program if that is of the same account and
 * not interrupted; a queue may be emptied by anybody.
 */
static void identify(struct mf_whom *whom, const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;

	memset(whom, 0, sizeof(*whom));
	whom->uid = whom->loginuid = whom->session = U32_MAX;
	if (!sk || !sk_fullsock(sk))
		return;
	whom->uid = from_kuid(&init_user_ns, sk->sk_uid);
	if (in_task() && current->mm && uid_eq(sk->sk_uid, current_uid()))
		mf_whom_of_current(whom);
}

static bool same(const struct note *a, const struct note *b)
{
	return !memcmp(a->to.address, b->to.address, sizeof(a->to.address)) &&
	       a->to.protocol == b->to.protocol && a->whom.uid == b->whom.uid &&
	       a->whom.pid == b->whom.pid && a->whom.start_time == b->whom.start_time &&
	       !strcmp(a->link, b->link);
}

/**
 * mf_guard_note() - a frame is dropped
 * @skb: the frame
 * @dev: by which link it would have left
 * @to: where it would have gone
 *
 * Context: any.
 */
void mf_guard_note(const struct sk_buff *skb, const struct net_device *dev,
		   const struct mf_destination *to)
{
	struct note new = { .count = 1, .to = *to };
	struct note *free = NULL;
	unsigned long irqs;
	size_t i;

	atomic64_inc(&dropped);
	strscpy(new.link, dev->name, sizeof(new.link));
	identify(&new.whom, skb);
	raw_spin_lock_irqsave(&notes_lock, irqs);
	for (i = 0; i < NOTES_MAX; i++) {
		if (!notes[i].count)
			free = free ? free : &notes[i];
		else if (same(&notes[i], &new))
			break;
	}
	if (i < NOTES_MAX)
		notes[i].count++;
	else if (free)
		*free = new;
	else
		unnoted++;
	raw_spin_unlock_irqrestore(&notes_lock, irqs);
	schedule_delayed_work(&teller, DELAY);
}

static u32 address_of(const struct mf_destination *to, struct sockaddr_in6 *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;

	memset(address, 0, sizeof(*address));
	if (to->kind == MF_FRAME_OPAQUE || to->kind == MF_FRAME_SHORT)
		return 0;
	if (to->ipv4) {
		in->sin_family = AF_INET;
		memcpy(&in->sin_addr, to->address + 12, sizeof(in->sin_addr));
		return sizeof(*in);
	}
	address->sin6_family = AF_INET6;
	memcpy(&address->sin6_addr, to->address, sizeof(address->sin6_addr));
	return sizeof(*address);
}

static void tell_note(const struct note *note)
{
	struct sockaddr_in6 address;
	char link[IFNAMSIZ + 24];
	struct mf_rules rules;
	struct mf_report report = {
		.verdict = MIFENG_VERDICT_DENIED,
		.operation = MIFENG_OP_SEND,
		.reason = MIFENG_REASON_OUTSIDE,
		.address = &address,
		.address_size = address_of(&note->to, &address),
		.culprit = link,
		.whom = &note->whom,
		.count = note->count,
	};

	mf_rules_get(&rules);
	report.generation = rules.generation;
	if (report.address_size)
		strscpy(link, note->link, sizeof(link));
	else
		snprintf(link, sizeof(link), "%s, protocol %#06x", note->link, note->to.protocol);
	mf_event_report(&report);
}

static void tell(struct work_struct *work)
{
	struct note note;
	unsigned long irqs;
	u64 more;
	size_t i;

	for (i = 0; i < NOTES_MAX; i++) {
		raw_spin_lock_irqsave(&notes_lock, irqs);
		note = notes[i];
		notes[i].count = 0;
		raw_spin_unlock_irqrestore(&notes_lock, irqs);
		if (note.count)
			tell_note(&note);
	}
	raw_spin_lock_irqsave(&notes_lock, irqs);
	more = unnoted;
	unnoted = 0;
	raw_spin_unlock_irqrestore(&notes_lock, irqs);
	if (more)
		mf_events_lose(more);
}

/**
 * mf_guard_dropped() - how many packets have been dropped
 *
 * Return: since load.
 */
u64 mf_guard_dropped(void)
{
	return atomic64_read(&dropped);
}

/**
 * mf_guard_note_exit() - wait for the last records, when no hook is left
 */
void mf_guard_note_exit(void)
{
	cancel_delayed_work_sync(&teller);
}
