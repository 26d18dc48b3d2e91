// SPDX-License-Identifier: GPL-2.0
/*
 * What the person behind a task may know.
 *
 * The person is the login uid, which setuid programs and sudo do not change (R17).
 * The running uid must be cleared as well unless it is root's: a task that never
 * logged in may choose its login uid, but not the uid it runs as. A group he is in clears him, too.
 *
 * The clearances are the policy's, read under RCU.
 */
#include "person.h"

#include <linux/audit.h>
#include <linux/bsearch.h>
#include <linux/cred.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

#include "policy.h"

static int compare_ids(const void *a, const void *b)
{
	u32 x = ((const struct mf_clearance *)a)->id;
	u32 y = ((const struct mf_clearance *)b)->id;

	return x < y ? -1 : x > y;
}

/**
 * mf_clearances_sort() - put them in the order in which the others here want them
 * @set: not yet in force
 */
void mf_clearances_sort(struct mf_clearances *set)
{
	sort(set->entries, set->count, sizeof(*set->entries), compare_ids, NULL);
}

static bool clears(const struct mf_clearance *clearance, const struct mf_label *label, s64 now)
{
	return clearance->level >= label->level && (label->scopes & ~clearance->scopes) == 0 &&
	       now >= clearance->not_before && now <= clearance->not_after;
}

/* The first clearance of an id, and how many follow; NULL and none if there is no such. */
static const struct mf_clearance *id_find(const struct mf_clearances *set, u32 id, u32 *count)
{
	const struct mf_clearance key = { .id = id };
	const struct mf_clearance *found, *last, *end = set->entries + set->count;

	*count = 0;
	found = bsearch(&key, set->entries, set->count, sizeof(key), compare_ids);
	if (!found)
		return NULL;
	for (last = found; last < end && last->id == id; last++)
		;
	while (found > set->entries && found[-1].id == id)
		found--;
	*count = last - found;
	return found;
}

/* One that clears an id for a label now, or NULL. */
static const struct mf_clearance *id_cleared(const struct mf_clearances *set, u32 id,
					     const struct mf_label *label, s64 now)
{
	const struct mf_clearance *found;
	u32 count;

	for (found = id_find(set, id, &count); count--; found++)
		if (clears(found, label, now))
			return found;
	return NULL;
}

static bool user_cleared(const struct mf_label *label, kuid_t login, s64 now,
			 struct mf_grounds *grounds)
{
	const struct mf_clearances *set = mf_policy_clearances(false);
	const struct mf_clearance *one, *other;
	kuid_t running = current_fsuid();

	one = id_cleared(set, from_kuid(&init_user_ns, login), label, now);
	if (!one)
		return false;
	other = one;
	if (!uid_eq(running, login) && !uid_eq(running, GLOBAL_ROOT_UID))
		other = id_cleared(set, from_kuid(&init_user_ns, running), label, now);
	if (!other)
		return false;
	*grounds = (struct mf_grounds){
		.place = MF_GROUNDS_USER,
		.login = login,
		.running = running,
		.not_before = max(one->not_before, other->not_before),
		.not_after = min(one->not_after, other->not_after),
	};
	return true;
}

static bool group_cleared(const struct mf_label *label, s64 now, struct mf_grounds *grounds)
{
	const struct mf_clearances *set = mf_policy_clearances(true);
	const struct group_info *groups = current_cred()->group_info;
	const struct mf_clearance *one = NULL;
	kgid_t group = current_fsgid();
	int i;

	if (!set->count)
		return false;
	one = id_cleared(set, from_kgid(&init_user_ns, group), label, now);
	for (i = 0; !one && i < groups->ngroups; i++) {
		group = groups->gid[i];
		one = id_cleared(set, from_kgid(&init_user_ns, group), label, now);
	}
	if (!one)
		return false;
	*grounds = (struct mf_grounds){
		.place = i ? i - 1 : MF_GROUNDS_FSGID,
		.group = group,
		.not_before = one->not_before,
		.not_after = one->not_after,
	};
	return true;
}

/**
 * mf_person_grounds() - may the person behind the current task know a label, and why
 * @label: of what is to be read
 * @grounds: set if so
 *
 * Return: true if a group he is in, or he himself as who logged in and as who he runs,
 * has a clearance in date that dominates @label.
 */
bool mf_person_grounds(const struct mf_label *label, struct mf_grounds *grounds)
{
	kuid_t login = audit_get_loginuid(current);
	s64 now = ktime_get_real_seconds();
	bool cleared;

	if (!uid_valid(login))
		return false;
	rcu_read_lock();
	cleared = mf_policy_active() && (user_cleared(label, login, now, grounds) ||
					 group_cleared(label, now, grounds));
	rcu_read_unlock();
	return cleared;
}

/**
 * mf_person_cleared() - may the person behind the current task know a label
 * @label: of what is to be read
 *
 * Return: as mf_person_grounds().
 */
bool mf_person_cleared(const struct mf_label *label)
{
	struct mf_grounds unused;

	return mf_person_grounds(label, &unused);
}

static bool is_in(const struct mf_grounds *grounds)
{
	const struct group_info *groups = current_cred()->group_info;

	if (grounds->place == MF_GROUNDS_FSGID)
		return gid_eq(grounds->group, current_fsgid());
	return grounds->place < groups->ngroups &&
	       gid_eq(grounds->group, groups->gid[grounds->place]);
}

/**
 * mf_grounds_hold() - is the person behind the current task still cleared, on the same grounds
 * @grounds: made by the policy in force now
 *
 * Context: any.
 *
 * Return: true if mf_person_cleared() would say so, too; false says nothing.
 */
bool mf_grounds_hold(const struct mf_grounds *grounds)
{
	kuid_t login = audit_get_loginuid(current);
	s64 now = ktime_get_real_seconds();

	if (!uid_valid(login) || now < grounds->not_before || now > grounds->not_after)
		return false;
	if (grounds->place == MF_GROUNDS_USER)
		return uid_eq(grounds->login, login) && uid_eq(grounds->running, current_fsuid());
	return is_in(grounds);
}

/**
 * struct listing - clearances that are being listed
 * @list: where they go
 * @space: how many fit
 * @count: how many there are
 */
struct listing {
	struct mf_known_clearance *list;
	u32 space;
	u32 count;
};

static void list_id(struct listing *listing, const struct mf_clearances *set, bool group, u32 id)
{
	const struct mf_clearance *found;
	u32 count;

	for (found = id_find(set, id, &count); count--; found++, listing->count++) {
		if (listing->count >= listing->space)
			continue;
		listing->list[listing->count].group = group;
		listing->list[listing->count].clearance = *found;
	}
}

static void list_groups(struct listing *listing, const struct mf_clearances *set)
{
	const struct group_info *groups = current_cred()->group_info;
	kgid_t own = current_fsgid();
	int i;

	list_id(listing, set, true, from_kgid(&init_user_ns, own));
	for (i = 0; i < groups->ngroups; i++)
		if (!gid_eq(groups->gid[i], own))
			list_id(listing, set, true, from_kgid(&init_user_ns, groups->gid[i]));
}

/**
 * mf_person_clearances() - the clearances that speak of the person behind the current task
 * @list: filled with those of the login uid and then those of the groups, whatever their dates
 * @space: how many fit
 *
 * Context: any.
 *
 * Return: how many there are, which may be more than fit.
 */
u32 mf_person_clearances(struct mf_known_clearance *list, u32 space)
{
	struct listing listing = { .list = list, .space = space };
	kuid_t login = audit_get_loginuid(current);

	if (!uid_valid(login))
		return 0;
	rcu_read_lock();
	if (mf_policy_active()) {
		list_id(&listing, mf_policy_clearances(false), false,
			from_kuid(&init_user_ns, login));
		list_groups(&listing, mf_policy_clearances(true));
	}
	rcu_read_unlock();
	return listing.count;
}
