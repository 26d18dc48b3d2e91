// SPDX-License-Identifier: GPL-2.0
/*
 * The policy in force, and transactions that replace it.
 *
 * The policy is one immutable object behind an RCU pointer; readers hold
 * rcu_read_lock() while they look. A transaction collects clearances, zones and names of programs
 * and is committed as a whole under policy_lock: the zones are written
 * first, and written back if one fails; then the pointer is swapped. So each verdict
 * is made by one generation.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "policy.h"

#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "attach.h"
#include "label_cache.h"
#include "locked.h"
#include "network.h"
#include "patterns.h"
#include "person.h"
#include "role.h"
#include "standing.h"
#include "zone.h"

#define CLEARANCES_MAX 200000
#define ZONES_MAX 65536

struct policy {
	struct mf_rules rules;
	struct mf_clearances users;
	struct mf_clearances groups;
	struct mf_patterns subjects[MIFENG_SUBJECT_MAX + 1];
	struct mf_networks networks;
	bool has_zones;
};

struct zone_change {
	struct list_head node;
	struct path dir;
	struct mf_label ceiling;
	struct mf_label old;
};

/**
 * struct mf_transaction - a policy that is being put together
 * @policy: what will be swapped in
 * @zones: struct zone_change, in the order they came
 * @zone_count: their number
 */
struct mf_transaction {
	struct policy *policy;
	struct list_head zones;
	u32 zone_count;
};

static struct policy __rcu *current_policy;
static DEFINE_MUTEX(policy_lock); /* serialises commits; current_policy, degraded change under it */
static bool degraded;
static bool module_held;

static void policy_free(struct policy *policy)
{
	size_t kind;

	if (!policy)
		return;
	for (kind = 0; kind <= MIFENG_SUBJECT_MAX; kind++)
		mf_patterns_free(&policy->subjects[kind]);
	kvfree(policy->users.entries);
	kvfree(policy->groups.entries);
	kvfree(policy->networks.entries);
	kvfree(policy);
}

/**
 * mf_rules_get() - the rules in force now
 * @rules: filled
 *
 * Context: any.
 */
void mf_rules_get(struct mf_rules *rules)
{
	const struct policy *policy;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	if (policy) {
		*rules = policy->rules;
		rules->state = READ_ONCE(degraded) ? MIFENG_STATE_DEGRADED : MIFENG_STATE_ACTIVE;
	} else {
		memset(rules, 0, sizeof(*rules));
		rules->state = MIFENG_STATE_NO_POLICY;
	}
	rcu_read_unlock();
}

/**
 * mf_policy_active() - has a policy been applied since load
 *
 * Return: true from the first commit on.
 */
bool mf_policy_active(void)
{
	return rcu_access_pointer(current_policy) != NULL;
}

/**
 * mf_policy_decides() - is there a policy, and do the hooks work
 *
 * Return: true in state MIFENG_STATE_ACTIVE.
 */
bool mf_policy_decides(void)
{
	return mf_policy_active() && !READ_ONCE(degraded);
}

/**
 * mf_policy_permissive() - is nothing to be refused
 *
 * For what makes no record. Context: any.
 *
 * Return: true in mode MIFENG_MODE_PERMISSIVE.
 */
bool mf_policy_permissive(void)
{
	struct mf_rules rules;

	mf_rules_get(&rules);
	return rules.mode == MIFENG_MODE_PERMISSIVE;
}

/**
 * mf_policy_holds_module() - must the module stay
 *
 * Return: true from the first commit on, but in a debug build.
 */
bool mf_policy_holds_module(void)
{
	return READ_ONCE(module_held);
}

/**
 * mf_policy_enforces() - is there a policy in force that denies
 *
 * Context: process. A commit that has begun is waited for.
 *
 * Return: true in state MIFENG_STATE_ACTIVE and mode MIFENG_MODE_ENFORCE.
 */
bool mf_policy_enforces(void)
{
	struct mf_rules rules;

	mutex_lock(&policy_lock);
	mf_rules_get(&rules);
	mutex_unlock(&policy_lock);
	return rules.state == MIFENG_STATE_ACTIVE && rules.mode == MIFENG_MODE_ENFORCE;
}

/**
 * mf_clearances_count() - how many clearances are in force
 *
 * Return: the number.
 */
u32 mf_clearances_count(void)
{
	const struct policy *policy;
	u32 count = 0;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	if (policy)
		count = policy->users.count + policy->groups.count;
	rcu_read_unlock();
	return count;
}

/**
 * mf_networks_count() - how many internal networks are in force
 *
 * Return: the number.
 */
u32 mf_networks_count(void)
{
	const struct policy *policy;
	u32 count = 0;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	if (policy)
		count = policy->networks.count;
	rcu_read_unlock();
	return count;
}

/**
 * mf_policy_internal() - is an address in one of the institution's own networks
 * @address: one of IPv4 is mapped into IPv6
 * @ceiling: set to what tainted programs may send there, if it is not NULL and the answer is true
 *
 * Context: any.
 *
 * Return: true if so; false before the first policy.
 */
bool mf_policy_internal(const u8 address[16], struct mf_label *ceiling)
{
	const struct mf_network *network = NULL;
	const struct policy *policy;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	if (policy)
		network = mf_networks_find(&policy->networks, address);
	if (network && ceiling)
		*ceiling = network->ceiling;
	rcu_read_unlock();
	return network;
}

/**
 * mf_policy_network_for() - is there a network to which something classified may be sent
 * @label: of that
 * @ceiling: set to the network's, if the answer is true
 *
 * Context: any. As long as the list of networks.
 *
 * Return: true if so.
 */
bool mf_policy_network_for(const struct mf_label *label, struct mf_label *ceiling)
{
	const struct policy *policy;
	bool found = false;
	u32 i;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	for (i = 0; policy && !found && i < policy->networks.count; i++) {
		*ceiling = policy->networks.entries[i].ceiling;
		found = mf_label_dominates(ceiling, label);
	}
	rcu_read_unlock();
	return found;
}

/**
 * mf_policy_has_zones() - are there places for classified files
 *
 * Context: process. A commit that has begun is waited for.
 *
 * Return: true if the policy in force has zones.
 */
bool mf_policy_has_zones(void)
{
	const struct policy *policy;
	bool has;

	mutex_lock(&policy_lock);
	policy = rcu_dereference_protected(current_policy, lockdep_is_held(&policy_lock));
	has = policy && policy->has_zones;
	mutex_unlock(&policy_lock);
	return has;
}

/* Under policy_lock. */
static void hold_module(void)
{
#ifndef MIFENG_DEBUG
	if (!module_held) {
		__module_get(THIS_MODULE);
		module_held = true;
	}
#endif
}

/**
 * mf_policy_hold_module() - from now on the module stays, as it does from the first policy on
 */
void mf_policy_hold_module(void)
{
	mutex_lock(&policy_lock);
	hold_module();
	mutex_unlock(&policy_lock);
}

/**
 * mf_policy_clearances() - the clearances in force
 * @groups: those of groups, or those of users
 *
 * Context: mf_policy_active() has answered true; rcu_read_lock() is held, and the answer is good
 * as long as it is.
 *
 * Return: the clearances.
 */
const struct mf_clearances *mf_policy_clearances(bool groups)
{
	const struct policy *policy = rcu_dereference(current_policy);

	return groups ? &policy->groups : &policy->users;
}

static bool subject_named(enum mifeng_subject_kind kind, const char *path)
{
	const struct policy *policy;
	bool named;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	named = policy && mf_patterns_match(&policy->subjects[kind], path);
	rcu_read_unlock();
	return named;
}

/**
 * mf_policy_pins() - does the policy pin any executable
 *
 * Context: any.
 *
 * Return: false if mf_policy_pinned() answers false for all of them.
 */
bool mf_policy_pins(void)
{
	const struct policy *policy;
	bool pins;

	rcu_read_lock();
	policy = rcu_dereference(current_policy);
	pins = policy && policy->subjects[MIFENG_SUBJECT_PINNED].count;
	rcu_read_unlock();
	return pins;
}

/**
 * mf_policy_pinned() - is an executable one whose programs are never raised
 * @exe: its whole path
 *
 * Context: any.
 *
 * Return: true if a pattern of the policy covers it.
 */
bool mf_policy_pinned(const char *exe)
{
	return subject_named(MIFENG_SUBJECT_PINNED, exe);
}

/**
 * mf_policy_quiet_program() - is an executable one whose refusals make no record
 * @exe: its whole path
 *
 * Context: any.
 *
 * Return: true if a pattern of the policy covers it.
 */
bool mf_policy_quiet_program(const char *exe)
{
	return subject_named(MIFENG_SUBJECT_QUIET_PROGRAM, exe);
}

/**
 * mf_policy_quiet_path() - is a path one where refused writes make no record
 * @path: the whole path, or what is known of it
 *
 * Context: any.
 *
 * Return: true if a pattern of the policy covers it.
 */
bool mf_policy_quiet_path(const char *path)
{
	return subject_named(MIFENG_SUBJECT_QUIET_PATH, path);
}

/**
 * mf_policy_degrade() - a hook was found dead: labelled files become unreadable, for good
 */
void mf_policy_degrade(void)
{
	WRITE_ONCE(degraded, true);
	mf_standing_void();
}

/**
 * mf_transaction_new() - begin a policy
 *
 * Return: the transaction, or NULL without memory.
 */
struct mf_transaction *mf_transaction_new(void)
{
	struct mf_transaction *transaction = kzalloc(sizeof(*transaction), GFP_KERNEL_ACCOUNT);

	if (!transaction)
		return NULL;
	INIT_LIST_HEAD(&transaction->zones);
	transaction->policy = kvzalloc(sizeof(*transaction->policy), GFP_KERNEL_ACCOUNT);
	if (!transaction->policy) {
		kfree(transaction);
		return NULL;
	}
	return transaction;
}

/**
 * mf_transaction_free() - drop a transaction, committed or not
 * @transaction: or NULL
 */
void mf_transaction_free(struct mf_transaction *transaction)
{
	struct zone_change *change, *next;

	if (!transaction)
		return;
	list_for_each_entry_safe(change, next, &transaction->zones, node) {
		path_put(&change->dir);
		kfree(change);
	}
	policy_free(transaction->policy);
	kfree(transaction);
}

/**
 * mf_transaction_add_clearance() - add what a person or group may know
 * @transaction: the transaction
 * @group: the id is a gid
 * @clearance: copied
 *
 * Return: 0, -ENOMEM, or -E2BIG beyond 200,000.
 */
int mf_transaction_add_clearance(struct mf_transaction *transaction, bool group,
				 const struct mf_clearance *clearance)
{
	struct mf_clearances *set = group ? &transaction->policy->groups : &transaction->policy->users;

	if (set->count == CLEARANCES_MAX)
		return -E2BIG;
	if (set->count == set->space) {
		u32 space = set->space ? 2 * set->space : 16;
		struct mf_clearance *entries =
			kvmalloc_array(space, sizeof(*entries), GFP_KERNEL_ACCOUNT);

		if (!entries)
			return -ENOMEM;
		if (set->count)
			memcpy(entries, set->entries, set->count * sizeof(*entries));
		kvfree(set->entries);
		set->entries = entries;
		set->space = space;
	}
	set->entries[set->count++] = *clearance;
	return 0;
}

/**
 * mf_transaction_add_zone() - add a zone, or give one up
 * @transaction: the transaction
 * @dir: its directory; a reference is taken
 * @ceiling: level, scopes, MIFENG_LABEL_SCRATCH and _NAMES_OPEN; level none gives the zone up
 *
 * Return: 0, -ENOMEM, or -E2BIG beyond 65,536.
 */
int mf_transaction_add_zone(struct mf_transaction *transaction, const struct path *dir,
			    const struct mf_label *ceiling)
{
	struct zone_change *change;

	if (transaction->zone_count == ZONES_MAX)
		return -E2BIG;
	change = kzalloc(sizeof(*change), GFP_KERNEL_ACCOUNT);
	if (!change)
		return -ENOMEM;
	change->dir = *dir;
	path_get(&change->dir);
	change->ceiling = *ceiling;
	transaction->policy->has_zones |= ceiling->level != MIFENG_LEVEL_NONE;
	list_add_tail(&change->node, &transaction->zones);
	transaction->zone_count++;
	return 0;
}

/**
 * mf_transaction_add_subject() - add a name of programs or paths
 * @transaction: the transaction
 * @kind: what is said of them
 * @pattern: copied; it need not end in NUL
 * @size: bytes of @pattern
 *
 * Return: 0, or what mf_patterns_add() answered.
 */
int mf_transaction_add_subject(struct mf_transaction *transaction, enum mifeng_subject_kind kind,
			       const char *pattern, size_t size)
{
	return mf_patterns_add(&transaction->policy->subjects[kind], pattern, size);
}

/**
 * mf_transaction_add_network() - add an internal network
 * @transaction: the transaction
 * @address: network order
 * @size: its bytes, 4 or 16
 * @prefix: bits that count
 * @ceiling: level and scopes of what tainted programs may send there
 *
 * Return: 0, or what mf_networks_add() answered.
 */
int mf_transaction_add_network(struct mf_transaction *transaction, const u8 *address, size_t size,
			       u8 prefix, const struct mf_label *ceiling)
{
	return mf_networks_add(&transaction->policy->networks, address, size, prefix, ceiling);
}

static void undo_zones(struct mf_transaction *transaction, struct zone_change *failed)
{
	struct zone_change *change = failed;
	struct mf_label unused;

	list_for_each_entry_continue_reverse(change, &transaction->zones, node)
		if (mf_zone_write(&change->dir, &change->old, &unused))
			pr_warn("the zone on %pd could not be set back\n", change->dir.dentry);
}

/* Names that carry labels since an earlier start of the machine are judged from now on. */
static int complete_hooks_for(const struct zone_change *change)
{
	struct mf_object object;
	const char *held;

	if (mf_hooks_are_complete())
		return 0;
	mf_label_get(change->dir.dentry, d_inode(change->dir.dentry), &object);
	if (object.state != MIFENG_LABEL_VALID || !(object.label.flags & MIFENG_LABEL_NAMED))
		return 0;
	return mf_hooks_complete(&held);
}

/**
 * mf_transaction_commit() - all of it takes effect, or none
 * @transaction: consumed on success only; the caller frees it in any case
 * @mode: enum mifeng_mode
 * @removable: enum mifeng_removable
 * @culprit: on failure the directory that refused, valid as long as @transaction
 *
 * From the first commit on the module cannot be unloaded.
 * Context: process, may sleep.
 *
 * Return: 0, -EPERM on a locked machine, -EEXIST if two networks overlap, -EXDEV for zones on a machine that
 * is online, or what mf_zone_write() answered for @culprit.
 */
int mf_transaction_commit(struct mf_transaction *transaction, enum mifeng_mode mode,
			  enum mifeng_removable removable, const struct path **culprit)
{
	struct policy *next = transaction->policy, *old;
	struct zone_change *change;
	int err;

	mf_clearances_sort(&next->users);
	mf_clearances_sort(&next->groups);
	if (mf_networks_sort(&next->networks))
		return -EEXIST;
	mutex_lock(&policy_lock);
	if (mf_locked() || (next->has_zones && mf_role() == MIFENG_ROLE_ONLINE)) {
		mutex_unlock(&policy_lock);
		return mf_locked() ? -EPERM : -EXDEV;
	}
	list_for_each_entry(change, &transaction->zones, node) {
		err = complete_hooks_for(change);
		if (!err)
			err = mf_zone_write(&change->dir, &change->ceiling, &change->old);
		if (err) {
			*culprit = &change->dir;
			undo_zones(transaction, change);
			mutex_unlock(&policy_lock);
			return err;
		}
	}
	old = rcu_dereference_protected(current_policy, lockdep_is_held(&policy_lock));
	next->rules.generation = old ? old->rules.generation + 1 : 1;
	next->rules.mode = mode;
	next->rules.removable = removable;
	rcu_assign_pointer(current_policy, next);
	mf_standing_void();
	transaction->policy = NULL;
	hold_module();
	mutex_unlock(&policy_lock);
	synchronize_rcu();
	policy_free(old);
	return 0;
}

/**
 * mf_policy_exit() - free the policy, when no hook is left to use it
 */
void mf_policy_exit(void)
{
	policy_free(rcu_dereference_protected(current_policy, true));
}
