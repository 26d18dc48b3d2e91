/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_RECORD_H
#define _MF_RECORD_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "decide.h"
#include "medium.h"

struct netlink_callback;
struct sk_buff;

/**
 * struct mf_record - one event, all but its links final when it is made
 * @node: in the list of records; protected by events_lock, as are
 *	  @fold_node, @seq, @count and @time_last
 * @cause: hash of what makes two events the same cause
 * @object_key: stands for an object that has no inode: a name, an address
 * @size: bytes of all, for the bound
 * @path: offset in @text, as are @exe, @culprit, @source and @address
 *
 * The others are the attributes of enum mifeng_event_attribute.
 */
struct mf_record {
	struct list_head node;
	struct hlist_node fold_node;
	u64 cause;
	u64 object_key;
	u32 size;

	u64 seq;
	u8 verdict;
	u8 operation;
	u8 reason;
	bool tainted;
	bool labelled;
	bool path_partial;
	s64 time_first;
	s64 time_last;
	u64 boot_time;
	u64 count;
	u32 pid;
	u32 uid;
	u32 loginuid;
	u32 session;
	u64 start_time;
	u64 dev;
	u64 ino;
	u64 generation;
	s64 source_time;
	char comm[TASK_COMM_LEN];
	char fstype[16];
	char medium[MF_MEDIUM_NAME_SIZE];
	struct mf_label taint;
	struct mf_label label;
	u16 path;
	u16 exe;
	u16 culprit;
	u16 source;
	u16 address;
	u16 address_size;
	char text[];
};

int mf_record_put(struct sk_buff *skb, struct netlink_callback *cb,
		  const struct mf_record *record);

#endif /* _MF_RECORD_H */
