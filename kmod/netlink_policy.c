// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of a policy transaction: begin, put, commit, abort.
 *
 * Locking: transaction_lock protects the one transaction there may be; its owner is
 * the port of the socket that began it, and the end of that socket ends it.
 */
#include "netlink_policy.h"

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mutex.h>

#include "label.h"
#include "locked.h"
#include "netlink.h"
#include "person.h"
#include "policy.h"
#include "zone.h"

static struct mf_transaction *transaction;
static u32 transaction_port;
static DEFINE_MUTEX(transaction_lock);	/* against the end of its socket */

#define LOCKED_TEXT "the machine is locked: its policy stays until it starts again"

const struct nla_policy mf_clearance_policy[MIFENG_CLEARANCE_A_MAX + 1] = {
	[MIFENG_CLEARANCE_A_UID] = { .type = NLA_U32 },
	[MIFENG_CLEARANCE_A_GID] = { .type = NLA_U32 },
	[MIFENG_CLEARANCE_A_LEVEL] = NLA_POLICY_RANGE(NLA_U8, MIFENG_LEVEL_CONFIDENTIAL,
						      MIFENG_LEVEL_MAX),
	[MIFENG_CLEARANCE_A_SCOPES] = { .type = NLA_U64 },
	[MIFENG_CLEARANCE_A_NOT_BEFORE] = { .type = NLA_S64 },
	[MIFENG_CLEARANCE_A_NOT_AFTER] = { .type = NLA_S64 },
};

const struct nla_policy mf_zone_policy[MIFENG_ZONE_A_MAX + 1] = {
	[MIFENG_ZONE_A_FD] = { .type = NLA_U32 },
	[MIFENG_ZONE_A_LEVEL] = NLA_POLICY_MAX(NLA_U8, MIFENG_LEVEL_MAX),
	[MIFENG_ZONE_A_SCOPES] = { .type = NLA_U64 },
	[MIFENG_ZONE_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, MIFENG_ZONE_FLAGS),
};

const struct nla_policy mf_subject_policy[MIFENG_SUBJECT_A_MAX + 1] = {
	[MIFENG_SUBJECT_A_KIND] = NLA_POLICY_MAX(NLA_U8, MIFENG_SUBJECT_MAX),
	[MIFENG_SUBJECT_A_PATTERN] = { .type = NLA_STRING, .len = MIFENG_PATTERN_MAX },
};

const struct nla_policy mf_network_policy[MIFENG_NETWORK_A_MAX + 1] = {
	[MIFENG_NETWORK_A_ADDRESS] = { .type = NLA_BINARY, .len = 16 },
	[MIFENG_NETWORK_A_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[MIFENG_NETWORK_A_LEVEL] = NLA_POLICY_MAX(NLA_U8, MIFENG_LEVEL_MAX),
	[MIFENG_NETWORK_A_SCOPES] = { .type = NLA_U64 },
};

const struct nla_policy mf_commit_policy[MIFENG_POLICY_A_MAX + 1] = {
	[MIFENG_POLICY_A_MODE] = NLA_POLICY_MAX(NLA_U8, MIFENG_MODE_MAX),
	[MIFENG_POLICY_A_REMOVABLE] = NLA_POLICY_MAX(NLA_U8, MIFENG_REMOVABLE_MAX),
};

/**
 * mf_do_policy_begin() - begin a policy, owned by the socket
 * @skb: the message
 * @info: its attributes
 *
 * Return: 0, -ENOKEY, -EBUSY, -ENOMEM, or -EPERM on a locked machine.
 */
int mf_do_policy_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_transaction *new;
	int err = 0;

	if (!mf_key_loaded())
		return mf_netlink_refuse(info, -ENOKEY, "set the key first: KEY_SET");
	if (mf_locked())
		return mf_netlink_refuse(info, -EPERM, LOCKED_TEXT);
	new = mf_transaction_new();
	if (!new)
		return -ENOMEM;
	mutex_lock(&transaction_lock);
	if (!transaction) {
		transaction = new;
		transaction_port = info->snd_portid;
		new = NULL;
	} else {
		err = mf_netlink_refuse(info, -EBUSY, "another policy transaction is open");
	}
	mutex_unlock(&transaction_lock);
	mf_transaction_free(new);
	return err;
}

/* Under transaction_lock. */
static bool owns_transaction(const struct genl_info *info)
{
	return transaction && transaction_port == info->snd_portid;
}

static int put_clearance(struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attrs[MIFENG_CLEARANCE_A_MAX + 1];
	struct mf_clearance clearance = { .not_before = S64_MIN, .not_after = S64_MAX };
	bool group;
	int err;

	err = nla_parse_nested(attrs, MIFENG_CLEARANCE_A_MAX, nest, mf_clearance_policy, info->extack);
	if (err)
		return err;
	if (!attrs[MIFENG_CLEARANCE_A_UID] == !attrs[MIFENG_CLEARANCE_A_GID])
		return mf_netlink_refuse(info, -EINVAL, "a clearance is for a uid or for a gid");
	if (!attrs[MIFENG_CLEARANCE_A_LEVEL])
		return mf_netlink_refuse(info, -EINVAL, "a clearance needs a level");
	group = attrs[MIFENG_CLEARANCE_A_GID];
	clearance.id = nla_get_u32(
		attrs[group ? MIFENG_CLEARANCE_A_GID : MIFENG_CLEARANCE_A_UID]);
	clearance.level = nla_get_u8(attrs[MIFENG_CLEARANCE_A_LEVEL]);
	if (attrs[MIFENG_CLEARANCE_A_SCOPES])
		clearance.scopes = nla_get_u64(attrs[MIFENG_CLEARANCE_A_SCOPES]);
	if (attrs[MIFENG_CLEARANCE_A_NOT_BEFORE])
		clearance.not_before = nla_get_s64(attrs[MIFENG_CLEARANCE_A_NOT_BEFORE]);
	if (attrs[MIFENG_CLEARANCE_A_NOT_AFTER])
		clearance.not_after = nla_get_s64(attrs[MIFENG_CLEARANCE_A_NOT_AFTER]);
	if (clearance.not_before > clearance.not_after)
		return mf_netlink_refuse(info, -EINVAL, "a clearance ends before it begins");
	err = mf_transaction_add_clearance(transaction, group, &clearance);
	return err == -E2BIG ? mf_netlink_refuse(info, err, "more than 200000 clearances") : err;
}

static const char *zone_error(int err)
{
	switch (err) {
	case -ENOTDIR:
		return "a zone is a directory";
	case -EOPNOTSUPP:
		return "a zone's filesystem cannot hold labels: ext4, xfs and tmpfs of this machine can";
	case -EXDEV:
		return "a zone is on a medium that is removable or cannot be resolved";
	case -EROFS:
		return "a zone is on a filesystem mounted read-only";
	default:
		return "a zone could not be written";
	}
}

static int put_zone(struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attrs[MIFENG_ZONE_A_MAX + 1];
	struct mf_label ceiling = { .scopes = MIFENG_SCOPES_ALL };
	struct file *file;
	int err;

	err = nla_parse_nested(attrs, MIFENG_ZONE_A_MAX, nest, mf_zone_policy, info->extack);
	if (err)
		return err;
	if (!attrs[MIFENG_ZONE_A_FD] || !attrs[MIFENG_ZONE_A_LEVEL])
		return mf_netlink_refuse(info, -EINVAL, "a zone needs a descriptor and a level");
	ceiling.level = nla_get_u8(attrs[MIFENG_ZONE_A_LEVEL]);
	if (attrs[MIFENG_ZONE_A_SCOPES])
		ceiling.scopes = nla_get_u64(attrs[MIFENG_ZONE_A_SCOPES]);
	if (attrs[MIFENG_ZONE_A_FLAGS])
		ceiling.flags = mf_zone_label_flags(nla_get_u32(attrs[MIFENG_ZONE_A_FLAGS]));
	file = fget_raw(nla_get_u32(attrs[MIFENG_ZONE_A_FD]));
	if (!file)
		return mf_netlink_refuse(info, -EBADF, "the zone's descriptor is not open");
	err = ceiling.level == MIFENG_LEVEL_NONE ? 0 : mf_zone_possible(&file->f_path);
	if (err)
		mf_netlink_refuse(info, err, zone_error(err));
	else
		err = mf_transaction_add_zone(transaction, &file->f_path, &ceiling);
	fput(file);
	return err == -E2BIG ? mf_netlink_refuse(info, err, "more than 65536 zones") : err;
}

static int put_subject(struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attrs[MIFENG_SUBJECT_A_MAX + 1];
	const struct nlattr *pattern;
	int err;

	err = nla_parse_nested(attrs, MIFENG_SUBJECT_A_MAX, nest, mf_subject_policy, info->extack);
	if (err)
		return err;
	pattern = attrs[MIFENG_SUBJECT_A_PATTERN];
	if (!attrs[MIFENG_SUBJECT_A_KIND] || !pattern)
		return mf_netlink_refuse(info, -EINVAL, "a subject needs a kind and a pattern");
	err = mf_transaction_add_subject(transaction, nla_get_u8(attrs[MIFENG_SUBJECT_A_KIND]),
					 nla_data(pattern), nla_len(pattern));
	switch (err) {
	case -EINVAL:
		return mf_netlink_refuse(info, err, "a pattern starts with '/' or '*'");
	case -ERANGE:
		return mf_netlink_refuse(info, err, "a pattern is longer than 255 bytes");
	case -E2BIG:
		return mf_netlink_refuse(info, err, "more than 256 patterns of a kind");
	default:
		return err;
	}
}

static int put_network(struct nlattr *nest, struct genl_info *info)
{
	struct nlattr *attrs[MIFENG_NETWORK_A_MAX + 1];
	struct mf_label ceiling = {};
	const struct nlattr *address;
	int err;

	err = nla_parse_nested(attrs, MIFENG_NETWORK_A_MAX, nest, mf_network_policy, info->extack);
	if (err)
		return err;
	address = attrs[MIFENG_NETWORK_A_ADDRESS];
	if (!address || !attrs[MIFENG_NETWORK_A_PREFIX])
		return mf_netlink_refuse(info, -EINVAL, "a network needs an address and a prefix");
	if (attrs[MIFENG_NETWORK_A_LEVEL])
		ceiling.level = nla_get_u8(attrs[MIFENG_NETWORK_A_LEVEL]);
	if (attrs[MIFENG_NETWORK_A_SCOPES])
		ceiling.scopes = nla_get_u64(attrs[MIFENG_NETWORK_A_SCOPES]);
	err = mf_transaction_add_network(transaction, nla_data(address), nla_len(address),
					 nla_get_u8(attrs[MIFENG_NETWORK_A_PREFIX]), &ceiling);
	switch (err) {
	case -EINVAL:
		return mf_netlink_refuse(info, err, "a network is 4 or 16 bytes without bits behind the prefix");
	case -ERANGE:
		return mf_netlink_refuse(info, err, "a network so wide is nobody's own");
	case -E2BIG:
		return mf_netlink_refuse(info, err, "more than 4096 networks");
	default:
		return err;
	}
}

/**
 * mf_do_policy_put() - add clearances, zones, names of programs and networks
 * @skb: the message
 * @info: its attributes
 *
 * Return: 0, -ENOENT without a transaction of this socket, or what was wrong with an entry.
 */
int mf_do_policy_put(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr;
	int remaining, err = 0;

	mutex_lock(&transaction_lock);
	if (!owns_transaction(info)) {
		mutex_unlock(&transaction_lock);
		return mf_netlink_refuse(info, -ENOENT, "no policy transaction: POLICY_BEGIN first");
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, remaining) {
		if (nla_type(attr) == MIFENG_A_CLEARANCE)
			err = put_clearance(attr, info);
		else if (nla_type(attr) == MIFENG_A_ZONE)
			err = put_zone(attr, info);
		else if (nla_type(attr) == MIFENG_A_SUBJECT)
			err = put_subject(attr, info);
		else if (nla_type(attr) == MIFENG_A_NETWORK)
			err = put_network(attr, info);
		else
			err = mf_netlink_refuse(info, -EINVAL,
						"POLICY_PUT takes clearances, zones, subjects and networks");
		if (err)
			break;
	}
	mutex_unlock(&transaction_lock);
	return err;
}

/**
 * mf_do_policy_commit() - all of it takes effect, or none
 * @skb: the message
 * @info: its attributes
 *
 * Return: 0, -ENOENT, -EINVAL, -EPERM on a locked machine, or what a zone's filesystem answered.
 */
int mf_do_policy_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attrs[MIFENG_POLICY_A_MAX + 1];
	const struct path *culprit = NULL;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, MIFENG_A_POLICY))
		return mf_netlink_refuse(info, -EINVAL, "POLICY_COMMIT needs the policy's rules");
	err = nla_parse_nested(attrs, MIFENG_POLICY_A_MAX, info->attrs[MIFENG_A_POLICY],
			       mf_commit_policy, info->extack);
	if (err)
		return err;
	if (!attrs[MIFENG_POLICY_A_MODE] || !attrs[MIFENG_POLICY_A_REMOVABLE])
		return mf_netlink_refuse(info, -EINVAL, "a policy needs a mode and a rule for removable media");
	mutex_lock(&transaction_lock);
	if (!owns_transaction(info)) {
		mutex_unlock(&transaction_lock);
		return mf_netlink_refuse(info, -ENOENT, "no policy transaction: POLICY_BEGIN first");
	}
	err = mf_transaction_commit(transaction, nla_get_u8(attrs[MIFENG_POLICY_A_MODE]),
				    nla_get_u8(attrs[MIFENG_POLICY_A_REMOVABLE]), &culprit);
	if (err && culprit)
		mf_netlink_refuse(info, err, zone_error(err));
	else if (err == -EPERM)
		mf_netlink_refuse(info, err, LOCKED_TEXT);
	else if (err == -EEXIST)
		mf_netlink_refuse(info, err, "two internal networks overlap");
	else if (err == -EXDEV)
		mf_netlink_refuse(info, err, "this machine is online: no zones");
	mf_transaction_free(transaction);
	transaction = NULL;
	mutex_unlock(&transaction_lock);
	if (err)
		return err;
	mf_netlink_note(MIFENG_OP_POLICY, NULL, NULL);
	return mf_netlink_reply_status(info, MIFENG_CMD_POLICY_COMMIT);
}

/**
 * mf_do_policy_abort() - drop it
 * @skb: the message
 * @info: its attributes
 *
 * Return: 0 or -ENOENT.
 */
int mf_do_policy_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_transaction *ended = NULL;

	mutex_lock(&transaction_lock);
	if (owns_transaction(info)) {
		ended = transaction;
		transaction = NULL;
	}
	mutex_unlock(&transaction_lock);
	if (!ended)
		return mf_netlink_refuse(info, -ENOENT, "no policy transaction");
	mf_transaction_free(ended);
	return 0;
}

/**
 * mf_netlink_policy_ended() - a socket of the initial network namespace is gone
 * @port: its number; 0 for all
 */
void mf_netlink_policy_ended(u32 port)
{
	struct mf_transaction *ended = NULL;

	mutex_lock(&transaction_lock);
	if (transaction && (!port || transaction_port == port)) {
		ended = transaction;
		transaction = NULL;
	}
	mutex_unlock(&transaction_lock);
	mf_transaction_free(ended);
}
