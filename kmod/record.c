// SPDX-License-Identifier: GPL-2.0
/* A record as netlink attributes. */
#include "record.h"

#include "netlink.h"

/* All but the strings and the address, whose length varies. */
static int put_numbers(struct sk_buff *skb, const struct mf_record *record)
{
	const int pad = MIFENG_EVENT_A_PAD;

	return nla_put_u64_64bit(skb, MIFENG_EVENT_A_SEQ, record->seq, pad) ||
	       nla_put_u8(skb, MIFENG_EVENT_A_VERDICT, record->verdict) ||
	       nla_put_u8(skb, MIFENG_EVENT_A_OPERATION, record->operation) ||
	       nla_put_u8(skb, MIFENG_EVENT_A_REASON, record->reason) ||
	       nla_put_s64(skb, MIFENG_EVENT_A_TIME_FIRST, record->time_first, pad) ||
	       nla_put_s64(skb, MIFENG_EVENT_A_TIME_LAST, record->time_last, pad) ||
	       nla_put_u64_64bit(skb, MIFENG_EVENT_A_BOOT_TIME, record->boot_time, pad) ||
	       nla_put_u64_64bit(skb, MIFENG_EVENT_A_COUNT, record->count, pad) ||
	       nla_put_u64_64bit(skb, MIFENG_EVENT_A_GENERATION, record->generation, pad);
}

static int put_subject(struct sk_buff *skb, const struct mf_record *record)
{
	const int pad = MIFENG_EVENT_A_PAD;

	return nla_put_u32(skb, MIFENG_EVENT_A_PID, record->pid) ||
	       nla_put_u64_64bit(skb, MIFENG_EVENT_A_START_TIME, record->start_time, pad) ||
	       nla_put_u32(skb, MIFENG_EVENT_A_UID, record->uid) ||
	       nla_put_u32(skb, MIFENG_EVENT_A_LOGINUID, record->loginuid) ||
	       nla_put_u32(skb, MIFENG_EVENT_A_SESSION, record->session) ||
	       nla_put_string(skb, MIFENG_EVENT_A_COMM, record->comm) ||
	       nla_put_string(skb, MIFENG_EVENT_A_EXE, record->text + record->exe) ||
	       (record->tainted &&
		(mf_label_put(skb, MIFENG_EVENT_A_TAINT, &record->taint, MIFENG_LABEL_VALID) ||
		 nla_put_string(skb, MIFENG_EVENT_A_SOURCE, record->text + record->source) ||
		 nla_put_s64(skb, MIFENG_EVENT_A_SOURCE_TIME, record->source_time, pad)));
}

static int put_object(struct sk_buff *skb, const struct mf_record *record)
{
	const char *path = record->text + record->path;
	const char *culprit = record->text + record->culprit;
	const int pad = MIFENG_EVENT_A_PAD;

	return (record->labelled &&
		mf_label_put(skb, MIFENG_EVENT_A_LABEL, &record->label, MIFENG_LABEL_VALID)) ||
	       (*path && nla_put_string(skb, MIFENG_EVENT_A_PATH, path)) ||
	       (record->path_partial && nla_put_flag(skb, MIFENG_EVENT_A_PATH_PARTIAL)) ||
	       (record->fstype[0] &&
		(nla_put_u64_64bit(skb, MIFENG_EVENT_A_DEV, record->dev, pad) ||
		 nla_put_string(skb, MIFENG_EVENT_A_FSTYPE, record->fstype))) ||
	       (record->ino && nla_put_u64_64bit(skb, MIFENG_EVENT_A_INODE, record->ino, pad)) ||
	       (record->medium[0] &&
		nla_put_string(skb, MIFENG_EVENT_A_MEDIUM, record->medium)) ||
	       (record->address_size && nla_put(skb, MIFENG_EVENT_A_ADDRESS, record->address_size,
						record->text + record->address)) ||
	       (*culprit && nla_put_string(skb, MIFENG_EVENT_A_CULPRIT, culprit));
}

/**
 * mf_record_put() - one message with one record
 * @skb: where to
 * @cb: the dump
 * @record: the record; with its strings it fits an empty message of the dump (netlink.c)
 *
 * Context: any.
 *
 * Return: 0, or -EMSGSIZE and @skb as before.
 */
int mf_record_put(struct sk_buff *skb, struct netlink_callback *cb, const struct mf_record *record)
{
	struct nlattr *nest;
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &mf_family,
			     NLM_F_MULTI, MIFENG_CMD_EVENT_GET);
	if (!header)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, MIFENG_A_EVENT);
	if (!nest)
		goto cancel;
	if (record->reason == MIFENG_REASON_LOSS) {
		if (put_numbers(skb, record))
			goto cancel;
	} else if (put_numbers(skb, record) || put_subject(skb, record) ||
		   put_object(skb, record)) {
		goto cancel;
	}
	nla_nest_end(skb, nest);
	genlmsg_end(skb, header);
	return 0;
cancel:
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}
