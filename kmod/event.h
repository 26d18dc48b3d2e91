/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_EVENT_H
#define _MF_EVENT_H

#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/types.h>

#include "decide.h"
#include "subject.h"

struct dentry;
struct inode;
struct netlink_callback;
struct path;
struct sk_buff;
struct sock;

/**
 * struct mf_whom - whose doing it is, where that is not the current task
 * @pid: thread group, initial namespace; 0 unknown
 * @start_time: ns since boot, of the process
 * @uid: account; U32_MAX unknown
 * @loginuid: U32_MAX unknown
 * @session: U32_MAX unknown
 * @comm: its name, or empty
 */
struct mf_whom {
	u32 pid;
	u64 start_time;
	u32 uid;
	u32 loginuid;
	u32 session;
	char comm[TASK_COMM_LEN];
};

/**
 * struct mf_report - what a hook knows about something worth a record
 * @verdict: enum mifeng_verdict
 * @operation: enum mifeng_operation
 * @reason: enum mifeng_reason
 * @path: of the object, if its mount is known
 * @dentry: of the object otherwise, or NULL
 * @inode: of the object, or NULL; for a new name NULL
 * @peer: the unix socket that would receive, kept by the caller, or NULL
 * @label: of the object, or NULL
 * @address: destination, or NULL
 * @address_size: bytes of @address
 * @culprit: what made a raise unclean, or NULL
 * @generation: policy generation that decided
 * @whom: whose doing it is; NULL: the current task's
 * @count: how often it happened; 0 is once
 */
struct mf_report {
	enum mifeng_verdict verdict;
	enum mifeng_operation operation;
	enum mifeng_reason reason;
	const struct path *path;
	struct dentry *dentry;
	const struct inode *inode;
	const struct sock *peer;
	const struct mf_label *label;
	const void *address;
	u32 address_size;
	const char *culprit;
	u64 generation;
	const struct mf_whom *whom;
	u64 count;
};

void mf_whom_of_current(struct mf_whom *whom);
void mf_event_report(const struct mf_report *report);
void mf_event_report_later(const struct mf_report *report);
int mf_events_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mf_event_acknowledge(u64 seq);
void mf_events_status(u32 *held, u64 *lost, u64 *seq);
u64 mf_events_quiet(void);
void mf_events_lose(u64 count);
void mf_events_init(void (*subscriber)(u64 seq));
void mf_events_exit(void);

#endif /* _MF_EVENT_H */
