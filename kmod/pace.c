// SPDX-License-Identifier: GPL-2.0
/*
 * The pace of acts that tell others something, are needed, and by no program often: the first ones at
 * once, later ones in so many a second, and what comes earlier waits. That makes megabits a second into
 * some kilobits.
 *
 * A pace is kept for each account, so that many programs get no more than one, and by its login, which
 * neither sudo nor a user namespace changes. Only tainted programs are asked; who waits can be killed.
 *
 * It is the generic cell rate algorithm: one word for each pace and account says when all that was allowed
 * so far would have been done at the even pace; what is done may be ahead of that by the burst. Who waits
 * reserves nothing, so nobody who is killed leaves a debt. Accounts that share a word share a pace.
 * Locks: none.
 */
#include "pace.h"

#include <linux/atomic.h>
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uidgid.h>

#include "policy.h"

#define ACCOUNTS_BITS 8

/**
 * struct rule - how often something may be done
 * @burst: at once
 * @second: in a second afterwards
 */
struct rule {
	unsigned int burst;
	unsigned int second;
};

static const struct rule rules[MF_PACES] = {
	/* a window that is drawn larger for a second, or some thirty lines typed to a shell at once */
	[MF_PACE_TERMINALS] = { 64, 8 },
	/* a loop of hundreds of pipelines in a shell with jobs: three or four each */
	[MF_PACE_GROUPS] = { 1024, 256 },
	/* what began before its supervisor was tainted is ended, all of it */
	[MF_PACE_SIGNALS] = { 64, 32 },
	/* who(1) locks and unlocks for each of some hundred lines; queries of a database, five each */
	[MF_PACE_LOCKS] = { 512, 128 },
	/* a file server's, on a file that is opened */
	[MF_PACE_LEASES] = { 16, 8 },
};

static atomic64_t done_at[MF_PACES][1 << ACCOUNTS_BITS];

static atomic64_t *account(enum mf_pace pace)
{
	const kuid_t login = audit_get_loginuid(current);
	const kuid_t uid = uid_valid(login) ? login : current_uid();

	return &done_at[pace][hash_32(__kuid_val(uid), ACCOUNTS_BITS)];
}

/* Returns how long to wait, 0 if it may be done now. */
static s64 ask(atomic64_t *done, const struct rule *rule)
{
	const s64 interval = NSEC_PER_SEC / rule->second;
	s64 before = atomic64_read(done), now, wait;

	do {
		now = ktime_get_ns();
		wait = before - now - (rule->burst - 1) * interval;
		if (wait > 0)
			return wait;
	} while (!atomic64_try_cmpxchg(done, &before, max(before, now) + interval));
	return 0;
}

/**
 * mf_pace_wait() - a tainted program does something that has a pace
 * @pace: which
 *
 * Context: process, sleeps; holds nothing that others wait for.
 *
 * Return: 0, or -EINTR if it was killed meanwhile.
 */
int mf_pace_wait(enum mf_pace pace)
{
	atomic64_t *done = account(pace);
	s64 wait;

	if (mf_policy_permissive())
		return 0;
	while ((wait = ask(done, &rules[pace]))) {
		ktime_t time = ns_to_ktime(wait);

		set_current_state(TASK_KILLABLE | TASK_FREEZABLE);
		schedule_hrtimeout(&time, HRTIMER_MODE_REL);
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}
