/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Mifeng: the contract between the kernel module and user space.
 *
 * This header is the only thing the two sides share: a generic netlink family,
 * its commands, their attributes, and the words of an event (operation, reason).
 *
 * Rules for every command
 * -----------------------
 * WHOAMI is for everybody. For all others the sender of each message, and the opener of its socket, need CAP_MAC_ADMIN
 * in the initial user namespace; everybody else gets EPERM. An attribute that is unknown,
 * missing, of the wrong kind or with an unknown flag is EINVAL, a value out of range or of the
 * wrong length ERANGE, a descriptor that is not open EBADF; every refusal carries extack text.
 * All integers are host order on the wire and little endian on disk.
 *
 * Commands and their attribute trees (? optional, * repeatable)
 * -------------------------------------------------------------
 * STATUS_GET     ->  (none)
 *                <-  A_STATUS { STATUS_A_ABI, STATUS_A_STATE, STATUS_A_MODE,
 *                    STATUS_A_GENERATION, STATUS_A_SITES_PRE, STATUS_A_SITES_WRAP,
 *                    STATUS_A_SUBJECTS, STATUS_A_LABELS, STATUS_A_EVENTS_HELD,
 *                    STATUS_A_EVENTS_LOST, STATUS_A_EVENT_SEQ, STATUS_A_SELFTESTS,
 *                    STATUS_A_CLEARANCES, STATUS_A_REMOVABLE, STATUS_A_KEY_LOADED,
 *                    STATUS_A_EVENTS_QUIET, STATUS_A_SITES_WAITING,
 *                    STATUS_A_CHANNELS, STATUS_A_LOCKED, STATUS_A_ROLE, STATUS_A_ROLE_FLAGS,
 *                    STATUS_A_NETWORKS, STATUS_A_PACKETS_DROPPED }
 * KEY_SET        ->  A_KEY (32 bytes). Once a boot; the same key again is no error,
 *                    another one is EEXIST.
 * POLICY_BEGIN   ->  (none); one transaction at a time, owned by the socket: EBUSY.
 *                    Closing the socket aborts it.
 * POLICY_PUT     ->  (A_CLEARANCE | A_ZONE | A_SUBJECT | A_NETWORK)*
 *                    A_CLEARANCE { CLEARANCE_A_UID | CLEARANCE_A_GID,
 *                                  CLEARANCE_A_LEVEL, CLEARANCE_A_SCOPES?,
 *                                  CLEARANCE_A_NOT_BEFORE?, CLEARANCE_A_NOT_AFTER? }
 *                    A_ZONE      { ZONE_A_FD, ZONE_A_LEVEL, ZONE_A_SCOPES?, ZONE_A_FLAGS? }
 *                                  the ceiling; level none removes the zone
 *                    A_SUBJECT   { SUBJECT_A_KIND, SUBJECT_A_PATTERN }
 *                                  the pattern starts with '/' or '*' and covers the whole path; '*' and '?'
 *                                  stand for a '/' as well, '[...]' for one character. ERANGE for one
 *                                  longer than MIFENG_PATTERN_MAX, E2BIG beyond MIFENG_PATTERNS_MAX of a kind
 *                    A_NETWORK   { NETWORK_A_ADDRESS, NETWORK_A_PREFIX, NETWORK_A_LEVEL?, NETWORK_A_SCOPES? }
 *                                  an internal network, and the ceiling of what may be sent there. EINVAL
 *                                  with bits set behind the prefix, ERANGE for a prefix shorter than
 *                                  MIFENG_PREFIX_MIN_4 or _6, E2BIG beyond MIFENG_NETWORKS_MAX
 * POLICY_COMMIT  ->  A_POLICY { POLICY_A_MODE, POLICY_A_REMOVABLE }
 *                <-  A_STATUS { … }, the new state. All of it or none of it. EEXIST if two
 *                    networks overlap; EXDEV with zones on an online machine.
 * POLICY_ABORT   ->  (none)
 *                    PUT, COMMIT and ABORT answer ENOENT on a socket that has no transaction,
 *                    BEGIN answers ENOKEY before KEY_SET.
 * MARK           ->  A_FD, A_LABEL { LABEL_A_LEVEL, LABEL_A_SCOPES?, LABEL_A_EXPIRES?,
 *                    LABEL_A_DOCUMENT?, LABEL_A_AUTHORITY? }
 *                    EBUSY while a writable mapping exists; EPERM when it would lower
 *                    a label, or on a machine that is not classified; EXDEV outside every zone, above the zone's ceiling, or on
 *                    a medium that is removable or cannot be resolved;
 *                    ENOKEY before KEY_SET; EOPNOTSUPP on a filesystem without labels; EINVAL for
 *                    what is not a regular file; EIO when the present label cannot be read.
 * LABEL_GET      ->  A_FD
 *                <-  A_LABEL { LABEL_A_STATE, LABEL_A_LEVEL?, LABEL_A_SCOPES?,
 *                    LABEL_A_CLASSIFIED_AT?, LABEL_A_EXPIRES?, LABEL_A_DOCUMENT?,
 *                    LABEL_A_AUTHORITY?, LABEL_A_FLAGS? },
 *                    A_ZONE? { ZONE_A_LEVEL, ZONE_A_SCOPES, ZONE_A_FLAGS } of the zone it is in,
 *                    A_NAMES? { as A_LABEL } of a directory whose names carry one
 * LOCK           ->  (none)
 *                <-  A_STATUS { … }. From here to the next start no policy is taken, and the kernel's
 *                    side doors and the machine's own disks are closed to root as well.
 *                    EPERM on a kernel that is not locked down; EINVAL without a policy in force that
 *                    enforces; EBUSY while a kernel for kexec or kdump is loaded, a program has a
 *                    disk mapped, or somebody else holds a function to be hooked.
 *                    POLICY_BEGIN and POLICY_COMMIT answer EPERM afterwards.
 * ROLE_SET       ->  A_ROLE { ROLE_A_ROLE, ROLE_A_FLAGS?, (ROLE_A_SERIAL, ROLE_A_SEAL)? }
 *                <-  A_ROLE { ROLE_A_ROLE, ROLE_A_FLAGS, ROLE_A_SERIAL, ROLE_A_SEAL }, to be kept on the disk.
 *                    Without a seal, an act: unassigned, classified and online are each reached from
 *                    closed only, and closed from each; with closed, flags are set for good, and
 *                    classified wants ROLE_CLASSIFIED_ONCE (EINVAL), which is on the disk by then. With one, the role that was kept is
 *                    in force again after a start: EBADMSG if the seal does not verify, EEXIST when
 *                    another role is in force already. ENOKEY before KEY_SET; EPERM to be online where
 *                    ROLE_CLASSIFIED_ONCE is set, and on a locked machine; EBUSY to leave classified while a
 *                    program is tainted, to be online or unassigned while the policy has zones, and to be closed or
 *                    classified while something could send past the guard (extack says what).
 * EVENT_SUBSCRIBE -> (none): this socket gets EVENT_PENDING; one subscriber at a time,
 *                    EBUSY while another one's socket is open.
 * EVENT_PENDING  <-  A_SEQ: unicast to the subscriber when unread records appear.
 * EVENT_GET      ->  (dump) <- A_EVENT {…} per record, oldest first: all that are
 *                    not acknowledged. A record no longer folds once it has been sent.
 * EVENT_ACK      ->  A_SEQ: records up to and including this one may be forgotten.
 *                    ERANGE beyond the last one sent.
 * WHOAMI         ->  (none)
 *                <-  A_WHOAMI { WHOAMI_A_STATE, WHOAMI_A_MODE, WHOAMI_A_LOGINUID, WHOAMI_A_UID,
 *                    WHOAMI_A_PINNED, (WHOAMI_A_TAINT, WHOAMI_A_SOURCE, WHOAMI_A_SOURCE_TIME)?,
 *                    WHOAMI_A_CLEARANCE_COUNT, WHOAMI_A_CLEARANCES { A_CLEARANCE* } }
 *                    of the program that asks, whoever opened the socket
 */
#ifndef _UAPI_MIFENG_H
#define _UAPI_MIFENG_H

#include <linux/types.h>

#define MIFENG_FAMILY_NAME	"mifeng"
#define MIFENG_FAMILY_VERSION	1
#define MIFENG_ABI		1
#define MIFENG_KEY_SIZE		32
#define MIFENG_DOCUMENT_SIZE	16
#define MIFENG_PATTERN_MAX	255	/* bytes of a pattern */
#define MIFENG_PATTERNS_MAX	256	/* patterns of each kind in a policy */
#define MIFENG_XATTR_SUFFIX	"mifeng"
#define MIFENG_XATTR_NAME	"security.mifeng"
/* On a directory: what those carried who made its entries. */
#define MIFENG_XATTR_NAMES_SUFFIX	"mifeng_names"
#define MIFENG_XATTR_NAMES	"security.mifeng_names"

enum mifeng_command {
	MIFENG_CMD_UNSPEC,
	MIFENG_CMD_STATUS_GET,
	MIFENG_CMD_KEY_SET,
	MIFENG_CMD_POLICY_BEGIN,
	MIFENG_CMD_POLICY_PUT,
	MIFENG_CMD_POLICY_COMMIT,
	MIFENG_CMD_POLICY_ABORT,
	MIFENG_CMD_MARK,
	MIFENG_CMD_LABEL_GET,
	MIFENG_CMD_EVENT_SUBSCRIBE,
	MIFENG_CMD_EVENT_PENDING,
	MIFENG_CMD_EVENT_GET,
	MIFENG_CMD_EVENT_ACK,
	MIFENG_CMD_WHOAMI,
	MIFENG_CMD_LOCK,
	MIFENG_CMD_ROLE_SET,
	__MIFENG_CMD_MAX,
};
#define MIFENG_CMD_MAX (__MIFENG_CMD_MAX - 1)

/* Top level of every message. */
enum mifeng_attribute {
	MIFENG_A_UNSPEC,
	MIFENG_A_STATUS,	/* nest, enum mifeng_status_attribute */
	MIFENG_A_KEY,		/* binary, MIFENG_KEY_SIZE */
	MIFENG_A_CLEARANCE,	/* nest, enum mifeng_clearance_attribute */
	MIFENG_A_ZONE,		/* nest, enum mifeng_zone_attribute */
	MIFENG_A_POLICY,	/* nest, enum mifeng_policy_attribute */
	MIFENG_A_FD,		/* u32, a descriptor of the sender; O_PATH will do */
	MIFENG_A_LABEL,		/* nest, enum mifeng_label_attribute */
	MIFENG_A_SEQ,		/* u64, number of a record */
	MIFENG_A_EVENT,		/* nest, enum mifeng_event_attribute */
	MIFENG_A_SUBJECT,	/* nest, enum mifeng_subject_attribute */
	MIFENG_A_WHOAMI,	/* nest, enum mifeng_whoami_attribute */
	MIFENG_A_NAMES,		/* nest, enum mifeng_label_attribute, of a directory's names */
	MIFENG_A_ROLE,		/* nest, enum mifeng_role_attribute */
	MIFENG_A_NETWORK,	/* nest, enum mifeng_network_attribute */
	__MIFENG_A_MAX,
};
#define MIFENG_A_MAX (__MIFENG_A_MAX - 1)

/* Levels of classification; a larger number is a higher level. */
enum mifeng_level {
	MIFENG_LEVEL_NONE,
	MIFENG_LEVEL_CONFIDENTIAL,	/* 秘密 */
	MIFENG_LEVEL_SECRET,		/* 机密 */
	MIFENG_LEVEL_TOP_SECRET,	/* 绝密 */
	__MIFENG_LEVEL_MAX,
};
#define MIFENG_LEVEL_MAX (__MIFENG_LEVEL_MAX - 1)

#define MIFENG_SCOPES_ALL	(~0ULL)	/* 64 compartments, one bit each */

enum mifeng_mode {
	MIFENG_MODE_ENFORCE,
	MIFENG_MODE_PERMISSIVE,		/* record what enforce would deny, deny nothing */
	__MIFENG_MODE_MAX,
};
#define MIFENG_MODE_MAX (__MIFENG_MODE_MAX - 1)

enum mifeng_state {
	MIFENG_STATE_NO_POLICY,		/* labelled files are unreadable, all else untouched */
	MIFENG_STATE_ACTIVE,
	MIFENG_STATE_DEGRADED,		/* a self-test was not refused: labelled files are unreadable */
};

/*
 * What the machine is for: classified material never goes online, and online machines never hold it. It
 * is no matter of policy, and not of its mode.
 */
enum mifeng_role {
	MIFENG_ROLE_UNASSIGNED,		/* its network is left alone; labelled files are unreadable */
	MIFENG_ROLE_CLOSED,		/* between two roles: neither */
	MIFENG_ROLE_CLASSIFIED,		/* labelled files; packets go to internal networks only */
	MIFENG_ROLE_ONLINE,		/* any network; labelled files are refused wherever they are */
	__MIFENG_ROLE_MAX,
};
#define MIFENG_ROLE_MAX (__MIFENG_ROLE_MAX - 1)

#define MIFENG_ROLE_CLASSIFIED_ONCE	(1U << 0)	/* it has been classified: never online */
#define MIFENG_ROLE_FLAGS		MIFENG_ROLE_CLASSIFIED_ONCE
#define MIFENG_ROLE_SEAL_SIZE		16

enum mifeng_role_attribute {
	MIFENG_ROLE_A_UNSPEC,
	MIFENG_ROLE_A_PAD,
	MIFENG_ROLE_A_ROLE,		/* u8, enum mifeng_role */
	MIFENG_ROLE_A_FLAGS,		/* u32, MIFENG_ROLE_* */
	MIFENG_ROLE_A_SERIAL,		/* u64, how often the role has changed */
	MIFENG_ROLE_A_SEAL,		/* binary, MIFENG_ROLE_SEAL_SIZE, by the key over the others */
	__MIFENG_ROLE_A_MAX,
};
#define MIFENG_ROLE_A_MAX (__MIFENG_ROLE_A_MAX - 1)

/* What unregistered removable media are to programs that hold nothing classified. */
enum mifeng_removable {
	MIFENG_REMOVABLE_DENY,
	MIFENG_REMOVABLE_READ_ONLY,
	MIFENG_REMOVABLE_ORDINARY,
	__MIFENG_REMOVABLE_MAX,
};
#define MIFENG_REMOVABLE_MAX (__MIFENG_REMOVABLE_MAX - 1)

enum mifeng_status_attribute {
	MIFENG_STATUS_A_UNSPEC,
	MIFENG_STATUS_A_PAD,
	MIFENG_STATUS_A_ABI,		/* u32 */
	MIFENG_STATUS_A_STATE,		/* u8, enum mifeng_state */
	MIFENG_STATUS_A_MODE,		/* u8, enum mifeng_mode */
	MIFENG_STATUS_A_REMOVABLE,	/* u8, enum mifeng_removable */
	MIFENG_STATUS_A_KEY_LOADED,	/* u8, 0 or 1 */
	MIFENG_STATUS_A_GENERATION,	/* u64, 0 before the first policy */
	MIFENG_STATUS_A_CLEARANCES,	/* u32 */
	MIFENG_STATUS_A_SITES_PRE,	/* u32, hooks attached by direct call */
	MIFENG_STATUS_A_SITES_WRAP,	/* u32, hooks attached by IPMODIFY */
	MIFENG_STATUS_A_SUBJECTS,	/* u32, tainted address spaces */
	MIFENG_STATUS_A_LABELS,		/* u32, labels in the cache */
	MIFENG_STATUS_A_EVENTS_HELD,	/* u32, records not acknowledged */
	MIFENG_STATUS_A_EVENTS_LOST,	/* u64, records lost since load */
	MIFENG_STATUS_A_EVENT_SEQ,	/* u64, number of the newest record */
	MIFENG_STATUS_A_SELFTESTS,	/* u64, self-tests passed since load */
	MIFENG_STATUS_A_EVENTS_QUIET,	/* u64, refusals since load that policy wants no record of */
	MIFENG_STATUS_A_SITES_WAITING,	/* u32, hooks that are attached before the first program is tainted */
	MIFENG_STATUS_A_CHANNELS,	/* u32, labelled pipes, sockets, terminals, memory */
	MIFENG_STATUS_A_LOCKED,		/* u8, 0 or 1 */
	MIFENG_STATUS_A_ROLE,		/* u8, enum mifeng_role */
	MIFENG_STATUS_A_ROLE_FLAGS,	/* u32, MIFENG_ROLE_* */
	MIFENG_STATUS_A_NETWORKS,	/* u32, internal networks */
	MIFENG_STATUS_A_PACKETS_DROPPED, /* u64, since load, because their destination is outside */
	__MIFENG_STATUS_A_MAX,
};
#define MIFENG_STATUS_A_MAX (__MIFENG_STATUS_A_MAX - 1)

enum mifeng_policy_attribute {
	MIFENG_POLICY_A_UNSPEC,
	MIFENG_POLICY_A_MODE,		/* u8, enum mifeng_mode */
	MIFENG_POLICY_A_REMOVABLE,	/* u8, enum mifeng_removable */
	__MIFENG_POLICY_A_MAX,
};
#define MIFENG_POLICY_A_MAX (__MIFENG_POLICY_A_MAX - 1)

enum mifeng_clearance_attribute {
	MIFENG_CLEARANCE_A_UNSPEC,
	MIFENG_CLEARANCE_A_PAD,
	MIFENG_CLEARANCE_A_UID,		/* u32; exactly one of uid and gid */
	MIFENG_CLEARANCE_A_GID,		/* u32 */
	MIFENG_CLEARANCE_A_LEVEL,	/* u8, enum mifeng_level, not none */
	MIFENG_CLEARANCE_A_SCOPES,	/* u64, none if absent */
	MIFENG_CLEARANCE_A_NOT_BEFORE,	/* s64, seconds since 1970; always if absent */
	MIFENG_CLEARANCE_A_NOT_AFTER,	/* s64, seconds since 1970; for ever if absent */
	__MIFENG_CLEARANCE_A_MAX,
};
#define MIFENG_CLEARANCE_A_MAX (__MIFENG_CLEARANCE_A_MAX - 1)

#define MIFENG_ZONE_SCRATCH	(1U << 0)	/* for temporary files */
#define MIFENG_ZONE_NAMES_OPEN	(1U << 1)	/* names in it are no data */
#define MIFENG_ZONE_FLAGS	(MIFENG_ZONE_SCRATCH | MIFENG_ZONE_NAMES_OPEN)

enum mifeng_zone_attribute {
	MIFENG_ZONE_A_UNSPEC,
	MIFENG_ZONE_A_PAD,
	MIFENG_ZONE_A_FD,		/* u32, the directory; O_PATH will do */
	MIFENG_ZONE_A_LEVEL,		/* u8, the ceiling; none removes the zone */
	MIFENG_ZONE_A_SCOPES,		/* u64, all if absent */
	MIFENG_ZONE_A_FLAGS,		/* u32, MIFENG_ZONE_* */
	__MIFENG_ZONE_A_MAX,
};
#define MIFENG_ZONE_A_MAX (__MIFENG_ZONE_A_MAX - 1)

/* What policy says of programs and paths by their names. */
enum mifeng_subject_kind {
	MIFENG_SUBJECT_PINNED,		/* an executable: who runs it is never raised */
	MIFENG_SUBJECT_QUIET_PROGRAM,	/* an executable: no record of what it may not read or send */
	MIFENG_SUBJECT_QUIET_PATH,	/* an unmarked path or a socket: writes refused there make none */
	__MIFENG_SUBJECT_MAX,
};
#define MIFENG_SUBJECT_MAX (__MIFENG_SUBJECT_MAX - 1)

enum mifeng_subject_attribute {
	MIFENG_SUBJECT_A_UNSPEC,
	MIFENG_SUBJECT_A_KIND,		/* u8, enum mifeng_subject_kind */
	MIFENG_SUBJECT_A_PATTERN,	/* string */
	__MIFENG_SUBJECT_A_MAX,
};
#define MIFENG_SUBJECT_A_MAX (__MIFENG_SUBJECT_A_MAX - 1)

#define MIFENG_NETWORKS_MAX	4096
#define MIFENG_PREFIX_MIN_4	8	/* a wider network is no institution's own */
#define MIFENG_PREFIX_MIN_6	7	/* fc00::/7 */

enum mifeng_network_attribute {
	MIFENG_NETWORK_A_UNSPEC,
	MIFENG_NETWORK_A_PAD,
	MIFENG_NETWORK_A_ADDRESS,	/* binary, network order: 4 bytes, or 16 of IPv6 */
	MIFENG_NETWORK_A_PREFIX,	/* u8, bits */
	MIFENG_NETWORK_A_LEVEL,		/* u8, of what tainted programs may send there; none if absent */
	MIFENG_NETWORK_A_SCOPES,	/* u64, none if absent */
	__MIFENG_NETWORK_A_MAX,
};
#define MIFENG_NETWORK_A_MAX (__MIFENG_NETWORK_A_MAX - 1)

enum mifeng_label_state {
	MIFENG_LABEL_NONE,		/* no label */
	MIFENG_LABEL_VALID,
	MIFENG_LABEL_MALFORMED,		/* wrong size or content */
	MIFENG_LABEL_NEWER,		/* of a version this module does not know */
	MIFENG_LABEL_FORGED,		/* the MAC does not verify: edited or copied */
	MIFENG_LABEL_UNREADABLE,	/* I/O error, no memory or no key */
	MIFENG_LABEL_UNTRUSTED,		/* the mount or medium is not one labels are believed on */
};

#define MIFENG_LABEL_DERIVED	(1U << 0)	/* came by content, not by a mark */
#define MIFENG_LABEL_ZONE	(1U << 1)	/* a directory: this is a ceiling */
#define MIFENG_LABEL_SCRATCH	(1U << 2)	/* a scratch zone, or names in one */
#define MIFENG_LABEL_NAMES_OPEN	(1U << 3)	/* a zone whose names are no data */
#define MIFENG_LABEL_NAMED	(1U << 4)	/* a zone in which names carry labels */
#define MIFENG_LABEL_ATTRIBUTES	(1U << 5)	/* it covers what stat, readlink and getxattr tell */

enum mifeng_label_attribute {
	MIFENG_LABEL_A_UNSPEC,
	MIFENG_LABEL_A_PAD,
	MIFENG_LABEL_A_STATE,		/* u8, enum mifeng_label_state */
	MIFENG_LABEL_A_LEVEL,		/* u8, enum mifeng_level */
	MIFENG_LABEL_A_SCOPES,		/* u64 */
	MIFENG_LABEL_A_CLASSIFIED_AT,	/* s64, seconds since 1970 */
	MIFENG_LABEL_A_EXPIRES,		/* s64, seconds since 1970; 0 never */
	MIFENG_LABEL_A_DOCUMENT,	/* binary, MIFENG_DOCUMENT_SIZE, zero if derived */
	MIFENG_LABEL_A_AUTHORITY,	/* u32 */
	MIFENG_LABEL_A_FLAGS,		/* u32, MIFENG_LABEL_* */
	__MIFENG_LABEL_A_MAX,
};
#define MIFENG_LABEL_A_MAX (__MIFENG_LABEL_A_MAX - 1)

enum mifeng_verdict {
	MIFENG_VERDICT_DENIED,
	MIFENG_VERDICT_PERMITTED,	/* permissive mode: enforce would have denied it */
	MIFENG_VERDICT_NOTED,		/* an administrative act or an incident of the module's own */
};

/* What was tried. Names for people are in lib/label_text.c. */
enum mifeng_operation {
	MIFENG_OP_NONE,
	MIFENG_OP_OPEN,
	MIFENG_OP_READ,
	MIFENG_OP_MAP,
	MIFENG_OP_EXEC,
	MIFENG_OP_WRITE,
	MIFENG_OP_CREATE,		/* a file, directory or node */
	MIFENG_OP_LINK,
	MIFENG_OP_SYMLINK,
	MIFENG_OP_UNLINK,
	MIFENG_OP_RENAME,
	MIFENG_OP_SETATTR,		/* size, times, mode, owner */
	MIFENG_OP_SETXATTR,
	MIFENG_OP_RELABEL,		/* a direct change of the label's xattr */
	MIFENG_OP_CONNECT,
	MIFENG_OP_SEND,
	MIFENG_OP_PTRACE,		/* another program's memory */
	MIFENG_OP_COREDUMP,
	MIFENG_OP_MARK,
	MIFENG_OP_POLICY,
	MIFENG_OP_FORK,
	MIFENG_OP_UNLOAD,
	MIFENG_OP_SELFTEST,
	MIFENG_OP_RECEIVE,		/* what another program put into a channel */
	MIFENG_OP_IOCTL,
	MIFENG_OP_SETUP,		/* of something in the kernel that would act for the program */
	MIFENG_OP_LOOKUP,		/* a name in a directory */
	MIFENG_OP_GETATTR,		/* attributes: stat, readlink, getxattr */
	MIFENG_OP_LOCK,			/* of the machine, by LOCK */
	MIFENG_OP_ROLE,			/* of the machine, by ROLE_SET */
	__MIFENG_OP_MAX,
};
#define MIFENG_OP_MAX (__MIFENG_OP_MAX - 1)

/* Why. One reason a record. */
enum mifeng_reason {
	MIFENG_REASON_NONE,
	MIFENG_REASON_NOT_CLEARED,	/* the person's clearance does not dominate the label */
	MIFENG_REASON_PINNED,		/* a system service (no login uid), or pinned by policy: never raised */
	MIFENG_REASON_NO_POLICY,	/* before the first policy, or degraded */
	MIFENG_REASON_BAD_LABEL,	/* short, long, newer or forged label: file unreadable */
	MIFENG_REASON_NOT_CLEAN,	/* a raise would leave a way out; see EVENT_A_CULPRIT */
	MIFENG_REASON_UNMARKED_PATH,
	MIFENG_REASON_CEILING,		/* the label is above the zone's ceiling */
	MIFENG_REASON_REMOVABLE_MEDIUM,
	MIFENG_REASON_NETWORK,
	MIFENG_REASON_DEVICE,
	MIFENG_REASON_LEAVES_ZONE,	/* a labelled file would leave its zone */
	MIFENG_REASON_LABEL_PROTECTED,	/* only MARK writes labels */
	MIFENG_REASON_OTHER_PROGRAM,	/* a tainted program's memory is that of its label */
	MIFENG_REASON_NO_MEMORY,	/* the module could not keep account: refused */
	MIFENG_REASON_MAPPED,		/* somebody has the file mapped: its label cannot rise now */
	MIFENG_REASON_IN_USE,		/* the module guards this machine: not unloaded */
	MIFENG_REASON_ADMINISTRATIVE,	/* verdict noted: mark, policy applied */
	MIFENG_REASON_LOSS,		/* verdict noted: EVENT_A_COUNT records were lost here */
	MIFENG_REASON_HOOK_DEAD,	/* verdict noted: a self-test was not refused */
	MIFENG_REASON_PINNED_PEER,	/* what would receive it is never raised */
	MIFENG_REASON_READERS_BUSY,	/* somebody who receives it could not be stopped in time */
	MIFENG_REASON_FACILITY,		/* a facility of the kernel that acts unseen */
	MIFENG_REASON_LOCKED,		/* the machine is locked; EVENT_A_CULPRIT says what is closed to all */
	MIFENG_REASON_OUTSIDE,		/* a classified machine's packet to no internal network; CULPRIT: the link */
	MIFENG_REASON_ROLE,		/* labelled files on a machine that is not classified */
	__MIFENG_REASON_MAX,
};
#define MIFENG_REASON_MAX (__MIFENG_REASON_MAX - 1)

enum mifeng_event_attribute {
	MIFENG_EVENT_A_UNSPEC,
	MIFENG_EVENT_A_PAD,
	MIFENG_EVENT_A_SEQ,		/* u64, from 1, no gaps */
	MIFENG_EVENT_A_VERDICT,		/* u8, enum mifeng_verdict */
	MIFENG_EVENT_A_OPERATION,	/* u8, enum mifeng_operation */
	MIFENG_EVENT_A_REASON,		/* u8, enum mifeng_reason */
	MIFENG_EVENT_A_TIME_FIRST,	/* s64, ns since 1970 */
	MIFENG_EVENT_A_TIME_LAST,	/* s64, ns since 1970 */
	MIFENG_EVENT_A_BOOT_TIME,	/* u64, ns since boot, of the first */
	MIFENG_EVENT_A_COUNT,		/* u64, how many were folded into this record, ≥ 1 */
	MIFENG_EVENT_A_PID,		/* u32, thread group, initial namespace */
	MIFENG_EVENT_A_START_TIME,	/* u64, ns since boot, of the process */
	MIFENG_EVENT_A_UID,		/* u32 */
	MIFENG_EVENT_A_LOGINUID,	/* u32; ~0 for services */
	MIFENG_EVENT_A_SESSION,		/* u32; ~0 for services */
	MIFENG_EVENT_A_COMM,		/* string */
	MIFENG_EVENT_A_EXE,		/* string, path of the executable */
	MIFENG_EVENT_A_TAINT,		/* nest, enum mifeng_label_attribute; absent if none */
	MIFENG_EVENT_A_SOURCE,		/* string, the file that raised the program last */
	MIFENG_EVENT_A_SOURCE_TIME,	/* s64, ns since 1970, when it did */
	MIFENG_EVENT_A_LABEL,		/* nest, enum mifeng_label_attribute: of the object */
	MIFENG_EVENT_A_PATH,		/* string, of the object; inside its filesystem if
					   EVENT_A_PATH_PARTIAL is there: prefix the mount point of EVENT_A_DEV */
	MIFENG_EVENT_A_PATH_PARTIAL,	/* flag */
	MIFENG_EVENT_A_DEV,		/* u64, major << 32 | minor, of the object's filesystem */
	MIFENG_EVENT_A_INODE,		/* u64 */
	MIFENG_EVENT_A_FSTYPE,		/* string */
	MIFENG_EVENT_A_MEDIUM,		/* string, the block device the filesystem sits on */
	MIFENG_EVENT_A_ADDRESS,		/* binary, struct sockaddr of the destination */
	MIFENG_EVENT_A_CULPRIT,		/* string, what made the raise unclean */
	MIFENG_EVENT_A_GENERATION,	/* u64, policy generation that decided */
	__MIFENG_EVENT_A_MAX,
};
#define MIFENG_EVENT_A_MAX (__MIFENG_EVENT_A_MAX - 1)

#define MIFENG_WHOAMI_CLEARANCES_MAX	64	/* that are named in an answer */

enum mifeng_whoami_attribute {
	MIFENG_WHOAMI_A_UNSPEC,
	MIFENG_WHOAMI_A_PAD,
	MIFENG_WHOAMI_A_STATE,		/* u8, enum mifeng_state */
	MIFENG_WHOAMI_A_MODE,		/* u8, enum mifeng_mode */
	MIFENG_WHOAMI_A_LOGINUID,	/* u32; ~0 if nobody logged in */
	MIFENG_WHOAMI_A_UID,		/* u32, that the program runs as */
	MIFENG_WHOAMI_A_PINNED,		/* u8, 1 if the program is never raised */
	MIFENG_WHOAMI_A_TAINT,		/* nest, enum mifeng_label_attribute; absent if none */
	MIFENG_WHOAMI_A_SOURCE,		/* string, the file that raised it last */
	MIFENG_WHOAMI_A_SOURCE_TIME,	/* s64, ns since 1970, when it did */
	MIFENG_WHOAMI_A_CLEARANCE_COUNT, /* u32, also those that are not named */
	MIFENG_WHOAMI_A_CLEARANCES,	/* nest of MIFENG_A_CLEARANCE: of the login uid and the
					   groups, in date or not; no dates where there is no bound */
	__MIFENG_WHOAMI_A_MAX,
};
#define MIFENG_WHOAMI_A_MAX (__MIFENG_WHOAMI_A_MAX - 1)

#endif /* _UAPI_MIFENG_H */
