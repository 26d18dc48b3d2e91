// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: handlers only. What the attributes mean is told in
 * include/uapi/mifeng.h; ranges and masks are checked by the policies below.
 *
 * Locking: generic netlink serialises the commands of this family (no parallel_ops). The
 * subscriber is changed under subscriber_lock, because the end of a socket is told of outside
 * the family's lock.
 */
#include "netlink.h"

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/netlink.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "attach.h"
#include "event.h"
#include "guard.h"
#include "label.h"
#include "label_cache.h"
#include "locked.h"
#include "mark.h"
#include "netlink_policy.h"
#include "netlink_role.h"
#include "object.h"
#include "policy.h"
#include "role.h"
#include "selftest.h"
#include "subject.h"
#include "whoami.h"
#include "zone.h"

/* A record with two paths of PATH_MAX fits, whatever buffer the reader has shown before. */
#define RECORD_MESSAGE_MAX 16384

static DEFINE_SPINLOCK(subscriber_lock);
static u32 subscriber_port;

static const struct nla_policy label_policy[MIFENG_LABEL_A_MAX + 1] = {
	[MIFENG_LABEL_A_LEVEL] = NLA_POLICY_RANGE(NLA_U8, MIFENG_LEVEL_CONFIDENTIAL,
						  MIFENG_LEVEL_MAX),
	[MIFENG_LABEL_A_SCOPES] = { .type = NLA_U64 },
	[MIFENG_LABEL_A_EXPIRES] = { .type = NLA_S64 },
	[MIFENG_LABEL_A_DOCUMENT] = NLA_POLICY_EXACT_LEN(MIFENG_DOCUMENT_SIZE),
	[MIFENG_LABEL_A_AUTHORITY] = { .type = NLA_U32 },
};

static const struct nla_policy family_policy[MIFENG_A_MAX + 1] = {
	[MIFENG_A_KEY] = NLA_POLICY_EXACT_LEN(MIFENG_KEY_SIZE),
	[MIFENG_A_CLEARANCE] = NLA_POLICY_NESTED(mf_clearance_policy),
	[MIFENG_A_ZONE] = NLA_POLICY_NESTED(mf_zone_policy),
	[MIFENG_A_POLICY] = NLA_POLICY_NESTED(mf_commit_policy),
	[MIFENG_A_FD] = { .type = NLA_U32 },
	[MIFENG_A_LABEL] = NLA_POLICY_NESTED(label_policy),
	[MIFENG_A_SEQ] = { .type = NLA_U64 },
	[MIFENG_A_SUBJECT] = NLA_POLICY_NESTED(mf_subject_policy),
	[MIFENG_A_ROLE] = NLA_POLICY_NESTED(mf_role_policy),
	[MIFENG_A_NETWORK] = NLA_POLICY_NESTED(mf_network_policy),
};

/**
 * mf_netlink_refuse() - say why a command is refused
 * @info: the command
 * @err: negative errno
 * @text: constant string
 *
 * Return: @err.
 */
int mf_netlink_refuse(struct genl_info *info, int err, const char *text)
{
	/* extack takes constant strings only: each caller passes one */
	info->extack->_msg = text;
	return err;
}

/* The sender, by netlink_capable(); the opener, which that leaves out when a message has an address. */
static bool permitted(struct sk_buff *skb)
{
	const struct socket *sock = NETLINK_CB(skb).sk->sk_socket;

	return netlink_capable(skb, CAP_MAC_ADMIN) && sock && sock->file &&
	       file_ns_capable(sock->file, &init_user_ns, CAP_MAC_ADMIN);
}

/**
 * mf_label_put() - a label as a nest of attributes
 * @skb: where to
 * @attribute: the nest's type
 * @label: the label
 * @state: enum mifeng_label_state; only a valid one has fields
 *
 * Return: 0 or -EMSGSIZE.
 */
int mf_label_put(struct sk_buff *skb, int attribute, const struct mf_label *label,
		 enum mifeng_label_state state)
{
	struct nlattr *nest = nla_nest_start(skb, attribute);
	const int pad = MIFENG_LABEL_A_PAD;

	if (!nest || nla_put_u8(skb, MIFENG_LABEL_A_STATE, state))
		return -EMSGSIZE;
	if (state == MIFENG_LABEL_VALID &&
	    (nla_put_u8(skb, MIFENG_LABEL_A_LEVEL, label->level) ||
	     nla_put_u64_64bit(skb, MIFENG_LABEL_A_SCOPES, label->scopes, pad) ||
	     nla_put_s64(skb, MIFENG_LABEL_A_CLASSIFIED_AT, label->classified_at, pad) ||
	     nla_put_s64(skb, MIFENG_LABEL_A_EXPIRES, label->expires, pad) ||
	     nla_put(skb, MIFENG_LABEL_A_DOCUMENT, sizeof(label->document), label->document) ||
	     nla_put_u32(skb, MIFENG_LABEL_A_AUTHORITY, label->authority) ||
	     nla_put_u32(skb, MIFENG_LABEL_A_FLAGS, label->flags)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mf_netlink_reply_new() - begin the answer to a command
 * @info: the command
 * @command: the answer's
 * @size: bytes of attributes that must fit
 * @header: set to what genlmsg_end() wants
 *
 * Return: the message, or NULL without memory.
 */
struct sk_buff *mf_netlink_reply_new(struct genl_info *info, u8 command, size_t size, void **header)
{
	struct sk_buff *reply = genlmsg_new(size, GFP_KERNEL);

	if (!reply)
		return NULL;
	*header = genlmsg_put_reply(reply, info, &mf_family, 0, command);
	if (*header)
		return reply;
	nlmsg_free(reply);
	return NULL;
}

static int put_status(struct sk_buff *skb)
{
	const int pad = MIFENG_STATUS_A_PAD;
	struct mf_rules rules;
	struct mf_role role;
	u64 lost, seq;
	u32 held, pre, wrap, waiting;

	mf_rules_get(&rules);
	mf_role_get(&role);
	mf_events_status(&held, &lost, &seq);
	mf_hooks_count(&pre, &wrap, &waiting);
	return nla_put_u32(skb, MIFENG_STATUS_A_ABI, MIFENG_ABI) ||
	       nla_put_u8(skb, MIFENG_STATUS_A_STATE, rules.state) ||
	       nla_put_u8(skb, MIFENG_STATUS_A_MODE, rules.mode) ||
	       nla_put_u8(skb, MIFENG_STATUS_A_REMOVABLE, rules.removable) ||
	       nla_put_u8(skb, MIFENG_STATUS_A_KEY_LOADED, mf_key_loaded()) ||
	       nla_put_u64_64bit(skb, MIFENG_STATUS_A_GENERATION, rules.generation, pad) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_CLEARANCES, mf_clearances_count()) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_SITES_PRE, pre) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_SITES_WRAP, wrap) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_SUBJECTS, mf_subjects_count()) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_LABELS, mf_labels_count()) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_EVENTS_HELD, held) ||
	       nla_put_u64_64bit(skb, MIFENG_STATUS_A_EVENTS_LOST, lost, pad) ||
	       nla_put_u64_64bit(skb, MIFENG_STATUS_A_EVENT_SEQ, seq, pad) ||
	       nla_put_u64_64bit(skb, MIFENG_STATUS_A_SELFTESTS, mf_selftests_passed(), pad) ||
	       nla_put_u64_64bit(skb, MIFENG_STATUS_A_EVENTS_QUIET, mf_events_quiet(), pad) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_SITES_WAITING, waiting) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_CHANNELS, mf_objects_count()) ||
	       nla_put_u8(skb, MIFENG_STATUS_A_LOCKED, mf_locked()) ||
	       nla_put_u8(skb, MIFENG_STATUS_A_ROLE, role.role) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_ROLE_FLAGS, role.flags) ||
	       nla_put_u32(skb, MIFENG_STATUS_A_NETWORKS, mf_networks_count()) ||
	       nla_put_u64_64bit(skb, MIFENG_STATUS_A_PACKETS_DROPPED, mf_guard_dropped(), pad);
}

/**
 * mf_netlink_reply_status() - answer a command with the state of the module
 * @info: the command
 * @command: the answer's
 *
 * Return: 0, -ENOMEM, -EMSGSIZE, or what sending answered.
 */
int mf_netlink_reply_status(struct genl_info *info, u8 command)
{
	struct sk_buff *reply;
	struct nlattr *nest;
	void *header;

	reply = mf_netlink_reply_new(info, command, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	nest = nla_nest_start(reply, MIFENG_A_STATUS);
	if (!nest || put_status(reply)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	nla_nest_end(reply, nest);
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static int do_status_get(struct sk_buff *skb, struct genl_info *info)
{
	return mf_netlink_reply_status(info, MIFENG_CMD_STATUS_GET);
}

static int do_key_set(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, MIFENG_A_KEY))
		return mf_netlink_refuse(info, -EINVAL, "KEY_SET needs the key");
	if (mf_key_set(nla_data(info->attrs[MIFENG_A_KEY])))
		return mf_netlink_refuse(info, -EEXIST, "another key is in use since boot");
	return 0;
}

static void note(enum mifeng_operation operation, const struct path *path,
		 const struct mf_label *label, const char *what)
{
	struct mf_rules rules;
	struct mf_report report = {
		.verdict = MIFENG_VERDICT_NOTED,
		.operation = operation,
		.reason = MIFENG_REASON_ADMINISTRATIVE,
		.path = path,
		.inode = path ? d_inode(path->dentry) : NULL,
		.label = label,
		.culprit = what,
	};

	mf_rules_get(&rules);
	report.generation = rules.generation;
	mf_event_report(&report);
}

/**
 * mf_netlink_note() - record an administrative act
 * @operation: MARK, POLICY or LOCK
 * @path: of the object, or NULL
 * @label: its label, or NULL
 */
void mf_netlink_note(enum mifeng_operation operation, const struct path *path,
		     const struct mf_label *label)
{
	note(operation, path, label, NULL);
}

/**
 * mf_netlink_note_role() - record what the machine is for from now on
 * @role: that
 */
void mf_netlink_note_role(enum mifeng_role role)
{
	static const char *const names[] = {
		[MIFENG_ROLE_UNASSIGNED] = "unassigned",
		[MIFENG_ROLE_CLOSED] = "closed",
		[MIFENG_ROLE_CLASSIFIED] = "classified",
		[MIFENG_ROLE_ONLINE] = "online",
	};

	note(MIFENG_OP_ROLE, NULL, NULL, names[role]);
}

static int parse_label(struct genl_info *info, struct mf_label *label)
{
	struct nlattr *attrs[MIFENG_LABEL_A_MAX + 1];
	int err;

	err = nla_parse_nested(attrs, MIFENG_LABEL_A_MAX, info->attrs[MIFENG_A_LABEL], label_policy,
			       info->extack);
	if (err)
		return err;
	if (!attrs[MIFENG_LABEL_A_LEVEL])
		return mf_netlink_refuse(info, -EINVAL, "a label needs a level");
	memset(label, 0, sizeof(*label));
	label->classified_at = ktime_get_real_seconds();
	label->level = nla_get_u8(attrs[MIFENG_LABEL_A_LEVEL]);
	if (attrs[MIFENG_LABEL_A_SCOPES])
		label->scopes = nla_get_u64(attrs[MIFENG_LABEL_A_SCOPES]);
	if (attrs[MIFENG_LABEL_A_EXPIRES])
		label->expires = nla_get_s64(attrs[MIFENG_LABEL_A_EXPIRES]);
	if (attrs[MIFENG_LABEL_A_AUTHORITY])
		label->authority = nla_get_u32(attrs[MIFENG_LABEL_A_AUTHORITY]);
	if (attrs[MIFENG_LABEL_A_DOCUMENT])
		nla_memcpy(label->document, attrs[MIFENG_LABEL_A_DOCUMENT],
			   sizeof(label->document));
	return 0;
}

static int do_mark(struct sk_buff *skb, struct genl_info *info)
{
	struct mf_label label;
	struct file *file;
	const char *text = NULL;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, MIFENG_A_FD) || GENL_REQ_ATTR_CHECK(info, MIFENG_A_LABEL))
		return mf_netlink_refuse(info, -EINVAL, "MARK needs a descriptor and a label");
	err = parse_label(info, &label);
	if (err)
		return err;
	file = fget_raw(nla_get_u32(info->attrs[MIFENG_A_FD]));
	if (!file)
		return mf_netlink_refuse(info, -EBADF, "the descriptor is not open");
	err = mf_mark(&file->f_path, &label, &text);
	if (!err)
		mf_netlink_note(MIFENG_OP_MARK, &file->f_path, &label);
	fput(file);
	return err ? mf_netlink_refuse(info, err, text) : 0;
}

static int put_object(struct sk_buff *skb, const struct path *path)
{
	struct inode *inode = mf_real_inode(path->dentry);
	struct mf_label ceiling;
	struct mf_object object;
	struct nlattr *nest;

	mf_label_get(path->dentry, inode, &object);
	if (mf_label_put(skb, MIFENG_A_LABEL, &object.label, object.state))
		return -EMSGSIZE;
	if (S_ISDIR(inode->i_mode)) {
		mf_names_get(path->dentry, inode, &object);
		if (object.state != MIFENG_LABEL_NONE &&
		    mf_label_put(skb, MIFENG_A_NAMES, &object.label, object.state))
			return -EMSGSIZE;
	}
	if (!mf_zone_of(path->dentry, &ceiling))
		return 0;
	nest = nla_nest_start(skb, MIFENG_A_ZONE);
	if (!nest || nla_put_u8(skb, MIFENG_ZONE_A_LEVEL, ceiling.level) ||
	    nla_put_u64_64bit(skb, MIFENG_ZONE_A_SCOPES, ceiling.scopes, MIFENG_ZONE_A_PAD) ||
	    nla_put_u32(skb, MIFENG_ZONE_A_FLAGS, mf_zone_flags(&ceiling)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int do_label_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	struct file *file;
	void *header;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, MIFENG_A_FD))
		return mf_netlink_refuse(info, -EINVAL, "LABEL_GET needs a descriptor");
	file = fget_raw(nla_get_u32(info->attrs[MIFENG_A_FD]));
	if (!file)
		return mf_netlink_refuse(info, -EBADF, "the descriptor is not open");
	reply = mf_netlink_reply_new(info, MIFENG_CMD_LABEL_GET, NLMSG_DEFAULT_SIZE, &header);
	err = reply ? put_object(reply, &file->f_path) : -ENOMEM;
	fput(file);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static int do_lock(struct sk_buff *skb, struct genl_info *info)
{
	const char *text;
	int err;

	if (!mf_locked()) {
		err = mf_lock(&text);
		if (err)
			return mf_netlink_refuse(info, err, text);
		mf_netlink_note(MIFENG_OP_LOCK, NULL, NULL);
	}
	return mf_netlink_reply_status(info, MIFENG_CMD_LOCK);
}

static int do_event_subscribe(struct sk_buff *skb, struct genl_info *info)
{
	int err = 0;

	spin_lock(&subscriber_lock);
	if (!subscriber_port)
		subscriber_port = info->snd_portid;
	else if (subscriber_port != info->snd_portid)
		err = -EBUSY;
	spin_unlock(&subscriber_lock);
	return err ? mf_netlink_refuse(info, err, "somebody else reads the events; mifengd runs already?") : 0;
}

static int do_event_ack(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, MIFENG_A_SEQ))
		return mf_netlink_refuse(info, -EINVAL, "EVENT_ACK needs the number of a record");
	if (mf_event_acknowledge(nla_get_u64(info->attrs[MIFENG_A_SEQ])))
		return mf_netlink_refuse(info, -ERANGE, "that record has not been sent yet");
	return 0;
}

/**
 * mf_netlink_notify() - tell the subscriber that there are records
 * @seq: number of the newest
 *
 * A message that does not get through is no loss: the records stay, and the
 * subscriber looks by itself from time to time. Context: process, may sleep.
 */
void mf_netlink_notify(u64 seq)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *header;

	if (!skb)
		return;
	header = genlmsg_put(skb, 0, 0, &mf_family, 0, MIFENG_CMD_EVENT_PENDING);
	if (!header || nla_put_u64_64bit(skb, MIFENG_A_SEQ, seq, MIFENG_A_UNSPEC)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	spin_lock(&subscriber_lock);
	if (subscriber_port)
		genlmsg_unicast(&init_net, skb, subscriber_port);
	else
		nlmsg_free(skb);
	spin_unlock(&subscriber_lock);
}

/* The end of a socket ends what it owned. */
static int socket_ended(struct notifier_block *block, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC ||
	    !net_eq(notify->net, &init_net)) /* port numbers are each namespace's own */
		return NOTIFY_DONE;
	mf_netlink_policy_ended(notify->portid);
	spin_lock(&subscriber_lock);
	if (subscriber_port == notify->portid)
		subscriber_port = 0;
	spin_unlock(&subscriber_lock);
	return NOTIFY_DONE;
}

static struct notifier_block netlink_notifier = { .notifier_call = socket_ended };

/*
 * Each message is judged by its sender and by who opened its socket, also when
 * several come in one skb (CAP_MAC_ADMIN in the initial user namespace).
 */
static int command(struct sk_buff *skb, struct genl_info *info)
{
	static int (*const handlers[])(struct sk_buff *skb, struct genl_info *info) = {
		[MIFENG_CMD_STATUS_GET] = do_status_get,
		[MIFENG_CMD_KEY_SET] = do_key_set,
		[MIFENG_CMD_POLICY_BEGIN] = mf_do_policy_begin,
		[MIFENG_CMD_POLICY_PUT] = mf_do_policy_put,
		[MIFENG_CMD_POLICY_COMMIT] = mf_do_policy_commit,
		[MIFENG_CMD_POLICY_ABORT] = mf_do_policy_abort,
		[MIFENG_CMD_MARK] = do_mark,
		[MIFENG_CMD_LABEL_GET] = do_label_get,
		[MIFENG_CMD_EVENT_SUBSCRIBE] = do_event_subscribe,
		[MIFENG_CMD_EVENT_ACK] = do_event_ack,
		[MIFENG_CMD_LOCK] = do_lock,
		[MIFENG_CMD_ROLE_SET] = mf_do_role_set,
	};

	if (!permitted(skb))
		return mf_netlink_refuse(info, -EPERM, "needs CAP_MAC_ADMIN");
	return handlers[info->genlhdr->cmd](skb, info);
}

static int events_start(struct netlink_callback *cb)
{
	if (!permitted(cb->skb))
		return -EPERM;
	cb->min_dump_alloc = RECORD_MESSAGE_MAX;
	return 0;
}

static int events_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return mf_events_dump(skb, cb);
}

#define COMMAND(name) { .cmd = MIFENG_CMD_##name, .doit = command }

static const struct genl_ops operations[] = {
	COMMAND(STATUS_GET),
	COMMAND(KEY_SET),
	COMMAND(POLICY_BEGIN),
	COMMAND(POLICY_PUT),
	COMMAND(POLICY_COMMIT),
	COMMAND(POLICY_ABORT),
	COMMAND(MARK),
	COMMAND(LABEL_GET),
	COMMAND(EVENT_SUBSCRIBE),
	COMMAND(EVENT_ACK),
	COMMAND(LOCK),
	COMMAND(ROLE_SET),
	{ .cmd = MIFENG_CMD_WHOAMI, .doit = mf_do_whoami },
	{ .cmd = MIFENG_CMD_EVENT_GET, .start = events_start, .dumpit = events_dump },
};

struct genl_family mf_family __ro_after_init = {
	.name = MIFENG_FAMILY_NAME,
	.version = MIFENG_FAMILY_VERSION,
	.maxattr = MIFENG_A_MAX,
	.policy = family_policy,
	.module = THIS_MODULE,
	.netnsok = false,
	.ops = operations,
	.n_ops = ARRAY_SIZE(operations),
	.resv_start_op = 1,
};

/**
 * mf_netlink_init() - register the family
 *
 * Return: 0 or what generic netlink answered.
 */
int mf_netlink_init(void)
{
	int err = netlink_register_notifier(&netlink_notifier);

	if (err)
		return err;
	err = genl_register_family(&mf_family);
	if (err)
		netlink_unregister_notifier(&netlink_notifier);
	return err;
}

/**
 * mf_netlink_exit() - unregister the family; no command runs afterwards
 */
void mf_netlink_exit(void)
{
	genl_unregister_family(&mf_family);
	netlink_unregister_notifier(&netlink_notifier);
	mf_netlink_policy_ended(0);
}
