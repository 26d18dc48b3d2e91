/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The netlink client: one function per command of the generic netlink family
 * "mifeng" (include/uapi/mifeng.h is the contract).
 *
 * Every call waits for the kernel's answer and returns 0 or a negative errno. When
 * the kernel gave words with a refusal they are kept: client_error_text(). Beside
 * what is named below each call but client_whoami() returns -EPERM without CAP_MAC_ADMIN in the
 * initial user namespace; each returns -ENOENT when the module went away, -ENOMEM, or the errno of the
 * socket. A client belongs to one thread.
 */
#ifndef MIFENG_CLIENT_H
#define MIFENG_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "label.h"

struct client;
struct event;
struct net_prefix;
struct role_record;

/**
 * struct client_status - what the module says of itself
 * @abi: MIFENG_ABI of the module
 * @state: enum mifeng_state
 * @mode: enum mifeng_mode
 * @removable: enum mifeng_removable
 * @key_loaded: labels can be made and verified
 * @generation: of the policy, 0 before the first one
 * @clearances: in force
 * @sites_pre: hooks attached by direct call
 * @sites_wrap: hooks attached by IPMODIFY
 * @subjects: programs that hold something classified
 * @labels: in the cache
 * @events_held: records nobody acknowledged yet
 * @events_lost: records lost since the module was loaded
 * @event_seq: number of the newest record
 * @selftests: passed since the module was loaded
 * @events_quiet: refusals since then that policy wants no record of
 * @sites_waiting: hooks that are attached before the first program is tainted
 * @channels: labelled pipes, sockets, terminals and memory
 * @locked: no policy is taken until the machine starts again
 * @has_role: the module is new enough to know roles; the rest is zero otherwise
 * @role: enum mifeng_role
 * @role_flags: MIFENG_ROLE_*
 * @networks: internal networks
 * @packets_dropped: since the module was loaded, because their destination is outside
 */
struct client_status {
	uint32_t abi;
	uint8_t state;
	uint8_t mode;
	uint8_t removable;
	bool key_loaded;
	uint64_t generation;
	uint32_t clearances;
	uint32_t sites_pre;
	uint32_t sites_wrap;
	uint32_t subjects;
	uint32_t labels;
	uint32_t events_held;
	uint64_t events_lost;
	uint64_t event_seq;
	uint64_t selftests;
	uint64_t events_quiet;
	uint32_t sites_waiting;
	uint32_t channels;
	bool locked;
	bool has_role;
	uint8_t role;
	uint32_t role_flags;
	uint32_t networks;
	uint64_t packets_dropped;
};

/**
 * struct client_clearance - one line of the kernel's clearance table
 * @group: @id is a gid, not a uid
 * @has_not_before: @not_before bounds it
 * @has_not_after: @not_after bounds it
 * @level: enum mifeng_level, not none
 * @id: uid or gid
 * @scopes: compartments
 * @not_before: seconds since 1970, first second it holds
 * @not_after: seconds since 1970, last second it holds
 */
struct client_clearance {
	bool group;
	bool has_not_before;
	bool has_not_after;
	uint8_t level;
	uint32_t id;
	uint64_t scopes;
	int64_t not_before;
	int64_t not_after;
};

/**
 * client_new - open a socket and find the family
 * @ret: the client on success
 *
 * Returns 0, -ENOENT if the family is absent (the module is not loaded), -ENOMEM or
 * the errno of the socket. Needs no privilege.
 */
int client_new(struct client **ret);

/**
 * client_free - close the socket; an open policy transaction is aborted by that
 * @client: may be NULL
 *
 * Returns NULL, so that a pointer can be cleared in the same line.
 */
struct client *client_free(struct client *client);

/**
 * client_fd - the socket, to be polled for EVENT_PENDING after client_event_subscribe()
 * @client: the client
 */
int client_fd(const struct client *client);

/**
 * client_error_text - the kernel's words about the last call that failed
 * @client: the client
 *
 * Returns "" if it gave none. Valid until the next call.
 */
const char *client_error_text(const struct client *client);

/**
 * client_status_get - ask the module how it is
 * @client: the client
 * @ret: filled in on success
 *
 * Returns 0, or -EPROTONOSUPPORT if module and tools speak different versions.
 */
int client_status_get(struct client *client, struct client_status *ret);

/**
 * client_lock - lock the machine until it starts again
 * @client: the client
 *
 * Returns 0, also if it is locked already; -EPERM without the right, or if the kernel is not locked
 * down; -EINVAL without a policy that enforces; -EBUSY for what is in the way, which
 * client_error_text() tells.
 */
int client_lock(struct client *client);

/**
 * client_role_set - change the machine's role
 * @client: the client
 * @role: enum mifeng_role
 * @flags: MIFENG_ROLE_* to be set for good, with closed only; 0 for none
 * @ret: to be kept on the disk, filled in on success
 *
 * Returns 0; -EINVAL for a way between two roles there is none of, or to classified before that is kept; -EPERM without the right, on a locked
 * machine, or to be online after having been classified; -EBUSY for what is in the way; -ENOKEY before
 * client_key_set(); -EOPNOTSUPP from an older module.
 */
int client_role_set(struct client *client, uint8_t role, uint32_t flags, struct role_record *ret);

/**
 * client_role_restore - put the role in force again that was kept
 * @client: the client
 * @kept: as client_role_set() gave it
 *
 * Returns 0, also if it is in force already; -EBADMSG if the seal does not verify; -EEXIST when
 * another role is in force; and as client_role_set().
 */
int client_role_restore(struct client *client, const struct role_record *kept);

/**
 * client_key_set - hand over the key that labels are sealed with, once a boot
 * @client: the client
 * @key: MIFENG_KEY_SIZE bytes
 *
 * Returns 0 (also when the same key is there already), or -EEXIST if it is another one.
 */
int client_key_set(struct client *client, const uint8_t key[MIFENG_KEY_SIZE]);

/**
 * client_policy_begin - start a transaction
 * @client: it belongs to this client's socket
 *
 * Returns 0, or -EBUSY while somebody else's is open.
 */
int client_policy_begin(struct client *client);

/**
 * client_policy_put_clearance - add one clearance to the transaction
 * @client: the client
 * @clearance: the clearance
 *
 * Returns 0, or -EINVAL with the kernel's words.
 */
int client_policy_put_clearance(struct client *client, const struct client_clearance *clearance);

/**
 * client_policy_put_zone - add one zone to the transaction
 * @client: the client
 * @fd: the directory; O_PATH will do
 * @zone: its ceiling; level none removes the zone
 *
 * Returns 0, -ENOTDIR, -EOPNOTSUPP on a filesystem that cannot hold zones, -ENOKEY
 * before client_key_set(), or -EINVAL with the kernel's words.
 */
int client_policy_put_zone(struct client *client, int fd, const struct zone *zone);

/**
 * client_policy_put_subject - add a name of programs or paths to the transaction
 * @client: the client
 * @kind: enum mifeng_subject_kind
 * @pattern: glob over the whole path
 *
 * Returns 0, -ERANGE for one that is too long, -E2BIG for one too many of its kind, or
 * -EINVAL with the kernel's words.
 */
int client_policy_put_subject(struct client *client, uint8_t kind, const char *pattern);

/**
 * client_policy_put_network - add an internal network to the transaction
 * @client: the client
 * @network: no bit behind its prefix set
 * @ceiling: enum mifeng_level, of what tainted programs may send there; may be none
 * @scopes: the same
 *
 * Returns 0; -ERANGE for a network that is too wide, -E2BIG for one too many, or -EINVAL, also from
 * an older module.
 */
int client_policy_put_network(struct client *client, const struct net_prefix *network, uint8_t ceiling,
			      uint64_t scopes);

/**
 * client_policy_commit - let all of the transaction take effect at once
 * @client: the client
 * @mode: enum mifeng_mode
 * @removable: enum mifeng_removable
 * @ret_generation: the new generation; may be NULL
 *
 * Returns 0; on failure nothing has changed and the transaction is still to be aborted.
 */
int client_policy_commit(struct client *client, uint8_t mode, uint8_t removable,
			 uint64_t *ret_generation);

/**
 * client_policy_abort - forget the transaction
 * @client: the client
 */
int client_policy_abort(struct client *client);

/**
 * client_mark - give a file a label
 * @client: the client
 * @fd: the file; O_PATH will do
 * @label: @level, @scopes, @expires, @document and @authority are sent
 *
 * Returns 0; -EBUSY while somebody has the file mapped for writing; -EPERM if it would
 * lower a label; -EXDEV outside every zone or above the zone's ceiling; -ENOKEY before
 * client_key_set(); -EOPNOTSUPP on a filesystem that holds no labels.
 */
int client_mark(struct client *client, int fd, const struct label *label);

/**
 * client_label_get - read the label of a file, of its names, and the zone it is in
 * @client: the client
 * @fd: the file; O_PATH will do
 * @ret_label: filled in on success
 * @ret_names: of a directory's names, filled in on success, state none if they carry none; may be
 *	NULL
 * @ret_zone: filled in on success; may be NULL
 */
int client_label_get(struct client *client, int fd, struct label *ret_label, struct label *ret_names,
		     struct zone *ret_zone);

/**
 * client_event_subscribe - from now on client_fd() becomes readable when records wait
 * @client: use it for nothing else afterwards than client_event_pending(): answers to
 *	other commands would come between
 *
 * Returns 0, or -EBUSY while another socket is subscribed.
 */
int client_event_subscribe(struct client *client);

/**
 * client_event_pending - take in the notices that are waiting, without blocking
 * @client: a subscribed client
 * @ret_seq: the newest number named; may be NULL
 *
 * Returns 1 if there was one, 0 if there was none; -ENOBUFS when the socket overran
 * (records are not lost by that: fetch them).
 */
int client_event_pending(struct client *client, uint64_t *ret_seq);

/**
 * client_event_fn - gets one record
 * @event: its strings may be taken over (set them to NULL); it is cleared afterwards
 * @userdata: as given
 *
 * Returns 0 to go on, or a negative errno to skip the rest.
 */
typedef int (*client_event_fn)(struct event *event, void *userdata);

/**
 * client_event_get - fetch every record that is not acknowledged, oldest first
 * @client: the client
 * @fn: called for each
 * @userdata: for @fn
 *
 * Returns 0, what @fn returned if it was negative, -EBADMSG for a record that cannot
 * be read, or -EAGAIN if the table changed under the dump: ask again.
 */
int client_event_get(struct client *client, client_event_fn fn, void *userdata);

/**
 * client_event_ack - the kernel may forget records up to this one
 * @client: the client
 * @seq: number of the last record that is safe
 *
 * Returns 0, or -ERANGE beyond the last one sent.
 */
int client_event_ack(struct client *client, uint64_t seq);

/**
 * struct client_whoami - what the module says of the program that asks
 * @state: enum mifeng_state
 * @mode: enum mifeng_mode
 * @pinned: it is never raised
 * @tainted: it has read something classified
 * @loginuid: who logged in; EVENT_NO_ID if nobody did
 * @uid: that it runs as
 * @taint: what it carries, if @tainted
 * @source: the file that raised it last, NULL if not @tainted; owned
 * @source_time: ns since 1970, when that was
 * @clearances: @clearance_count of them, of the person and his groups; owned
 * @clearance_count: those in @clearances
 * @clearance_total: all there are
 */
struct client_whoami {
	uint8_t state;
	uint8_t mode;
	bool pinned;
	bool tainted;
	uint32_t loginuid;
	uint32_t uid;
	struct label taint;
	char *source;
	int64_t source_time;
	struct client_clearance *clearances;
	size_t clearance_count;
	size_t clearance_total;
};

/**
 * client_whoami - ask the module about this very program
 * @client: the client
 * @ret: filled in on success; client_whoami_clear() it
 *
 * Needs no privilege. Returns 0, or -EOPNOTSUPP from an older module.
 */
int client_whoami(struct client *client, struct client_whoami *ret);

/**
 * client_whoami_clear - free what client_whoami() found
 * @whoami: zeroed afterwards
 */
void client_whoami_clear(struct client_whoami *whoami);

#endif /* MIFENG_CLIENT_H */
