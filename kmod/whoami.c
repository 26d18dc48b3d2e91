// SPDX-License-Identifier: GPL-2.0
/*
 * WHOAMI: what a program carries, and what its person may know. The one command that anybody
 * may give: it answers about who sends it and nobody else, and a program may know of itself
 * what it has read.
 */
#include "whoami.h"

#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "person.h"
#include "pinned.h"
#include "policy.h"
#include "subject.h"

/* A path of PATH_MAX and all the clearances fit. */
#define WHOAMI_MESSAGE_MAX 12288

/**
 * struct person - what is found out about the current task
 * @rules: in force
 * @taint: what it carries, if @tainted
 * @tainted: it does
 * @when: ns since 1970, of its last raise
 * @clearances: the first of @clearance_count
 * @clearance_count: all there are
 * @source: path of what raised it last
 */
struct person {
	struct mf_rules rules;
	struct mf_label taint;
	bool tainted;
	s64 when;
	u32 clearance_count;
	struct mf_known_clearance clearances[MIFENG_WHOAMI_CLEARANCES_MAX];
	char source[PATH_MAX];
};

static struct person *person_new(void)
{
	struct person *person = kvzalloc(sizeof(*person), GFP_KERNEL);

	if (!person)
		return NULL;
	mf_rules_get(&person->rules);
	person->tainted = mf_subject_taint(current->mm, &person->taint);
	if (person->tainted)
		mf_subject_lineage(current->mm, person->source, sizeof(person->source),
				   &person->when);
	person->clearance_count =
		mf_person_clearances(person->clearances, ARRAY_SIZE(person->clearances));
	return person;
}

static int put_clearance(struct sk_buff *skb, const struct mf_known_clearance *known)
{
	const struct mf_clearance *clearance = &known->clearance;
	struct nlattr *nest = nla_nest_start(skb, MIFENG_A_CLEARANCE);
	const int pad = MIFENG_CLEARANCE_A_PAD;

	if (!nest ||
	    nla_put_u32(skb, known->group ? MIFENG_CLEARANCE_A_GID : MIFENG_CLEARANCE_A_UID,
			clearance->id) ||
	    nla_put_u8(skb, MIFENG_CLEARANCE_A_LEVEL, clearance->level) ||
	    nla_put_u64_64bit(skb, MIFENG_CLEARANCE_A_SCOPES, clearance->scopes, pad) ||
	    (clearance->not_before != S64_MIN &&
	     nla_put_s64(skb, MIFENG_CLEARANCE_A_NOT_BEFORE, clearance->not_before, pad)) ||
	    (clearance->not_after != S64_MAX &&
	     nla_put_s64(skb, MIFENG_CLEARANCE_A_NOT_AFTER, clearance->not_after, pad)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_clearances(struct sk_buff *skb, const struct person *person)
{
	u32 i, count = min_t(u32, person->clearance_count, MIFENG_WHOAMI_CLEARANCES_MAX);
	struct nlattr *nest;

	if (nla_put_u32(skb, MIFENG_WHOAMI_A_CLEARANCE_COUNT, person->clearance_count))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, MIFENG_WHOAMI_A_CLEARANCES);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < count; i++)
		if (put_clearance(skb, &person->clearances[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_person(struct sk_buff *skb, const struct person *person)
{
	const int pad = MIFENG_WHOAMI_A_PAD;

	return nla_put_u8(skb, MIFENG_WHOAMI_A_STATE, person->rules.state) ||
	       nla_put_u8(skb, MIFENG_WHOAMI_A_MODE, person->rules.mode) ||
	       nla_put_u32(skb, MIFENG_WHOAMI_A_LOGINUID,
			   from_kuid(&init_user_ns, audit_get_loginuid(current))) ||
	       nla_put_u32(skb, MIFENG_WHOAMI_A_UID, from_kuid(&init_user_ns, current_fsuid())) ||
	       nla_put_u8(skb, MIFENG_WHOAMI_A_PINNED, mf_task_pinned(current)) ||
	       (person->tainted &&
		(mf_label_put(skb, MIFENG_WHOAMI_A_TAINT, &person->taint, MIFENG_LABEL_VALID) ||
		 nla_put_string(skb, MIFENG_WHOAMI_A_SOURCE, person->source) ||
		 nla_put_s64(skb, MIFENG_WHOAMI_A_SOURCE_TIME, person->when, pad))) ||
	       put_clearances(skb, person);
}

/**
 * mf_do_whoami() - answer a program about itself
 * @skb: the message
 * @info: its attributes
 *
 * Return: 0, -ENOMEM, -EMSGSIZE, or what sending answered.
 */
int mf_do_whoami(struct sk_buff *skb, struct genl_info *info)
{
	struct person *person = person_new();
	struct sk_buff *reply;
	struct nlattr *nest;
	void *header;
	int err = -EMSGSIZE;

	if (!person)
		return -ENOMEM;
	reply = mf_netlink_reply_new(info, MIFENG_CMD_WHOAMI, WHOAMI_MESSAGE_MAX, &header);
	if (!reply) {
		err = -ENOMEM;
		goto free_person;
	}
	nest = nla_nest_start(reply, MIFENG_A_WHOAMI);
	if (!nest || put_person(reply, person)) {
		nlmsg_free(reply);
		goto free_person;
	}
	nla_nest_end(reply, nest);
	genlmsg_end(reply, header);
	err = genlmsg_reply(reply, info);
free_person:
	kvfree(person);
	return err;
}
