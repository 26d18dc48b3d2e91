/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generic netlink by hand. The suite speaks to the module with its own few lines, not
 * with the library that the daemon uses: so a test can send what that library never
 * would, and an error of the library cannot hide one of the module.
 */
#ifndef MIFENG_TEST_WIRE_H
#define MIFENG_TEST_WIRE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct wire - one socket
 * @fd: the socket, -1 when closed
 * @family: number of the family "mifeng"
 * @sequence: of the last message sent
 * @words: extack text of the last refusal, "" if there was none
 */
struct wire {
	int fd;
	uint16_t family;
	uint32_t sequence;
	char words[256];
};

/**
 * struct message - a message being built, or the attributes of an answer
 * @bytes: for a request the whole message, for an answer attributes only
 * @size: bytes used
 */
struct message {
	_Alignas(8) unsigned char bytes[8192];
	size_t size;
};

/** struct wire_label - an answer to LABEL_GET; @zone_level 0 when outside every zone, @names_level for none */
struct wire_label {
	uint8_t state;
	uint8_t level;
	uint64_t scopes;
	uint32_t flags;
	uint8_t names_level;
	uint8_t zone_level;
	uint32_t zone_flags;
};

/** struct wire_status - what the tests need of an answer to STATUS_GET */
struct wire_status {
	uint8_t state;
	uint8_t mode;
	uint8_t removable;
	uint64_t generation;
	uint32_t clearances;
	uint32_t subjects;
	uint32_t sites_pre;
	uint32_t sites_wrap;
	uint32_t sites_waiting;
	uint64_t event_seq;
	uint64_t events_lost;
	uint64_t selftests;
	uint64_t events_quiet;
	uint32_t channels;
	uint8_t locked;
	uint8_t role;
	uint32_t role_flags;
	uint32_t networks;
	uint64_t packets_dropped;
};

/** struct wire_role - what is kept of a role */
struct wire_role {
	uint8_t role;
	uint32_t flags;
	uint64_t serial;
	unsigned char seal[16];
};

/**
 * wire_open - open a socket and find the family
 * @wire: filled in on success
 *
 * Returns 0, -ENOENT without the module, or the errno of the socket.
 */
int wire_open(struct wire *wire);

/** wire_close - close the socket; a second call does nothing */
void wire_close(struct wire *wire);

/** message_start - begin a request for @command; @flags are NLM_F_* beside REQUEST */
void message_start(struct message *message, const struct wire *wire, uint8_t command,
		   uint16_t flags);

/** message_put - append an attribute of @size bytes */
void message_put(struct message *message, uint16_t type, const void *data, size_t size);

/** message_put_u8 - append a number of one byte */
void message_put_u8(struct message *message, uint16_t type, uint8_t value);

/** message_put_u32 - append a number of four bytes */
void message_put_u32(struct message *message, uint16_t type, uint32_t value);

/** message_put_u64 - append a number of eight bytes */
void message_put_u64(struct message *message, uint16_t type, uint64_t value);

/** message_nest - open a nest; returns what message_nest_end() wants */
size_t message_nest(struct message *message, uint16_t type);

/** message_nest_end - close the nest that message_nest() opened */
void message_nest_end(struct message *message, size_t nest);

/** attribute_find - the payload of the first attribute @type, or NULL; @size may be NULL */
const void *attribute_find(const void *attributes, size_t length, uint16_t type, size_t *size);

/**
 * wire_call - send a request and wait for its answer
 * @wire: the socket; its @words are set
 * @request: the request
 * @answer: attributes of the first data message, or NULL
 *
 * Returns 0, the errno the module refused with, -ETIMEDOUT after ten seconds, or the
 * errno of the socket.
 */
int wire_call(struct wire *wire, struct message *request, struct message *answer);

/**
 * wire_send_both - send two requests in one buffer, so in one skb
 * @wire: the socket
 * @first: the first request
 * @second: the second request
 * @errors: the answer to each, 0 or negative errno
 *
 * Returns 0, or the errno of the socket.
 */
int wire_send_both(struct wire *wire, struct message *first, struct message *second,
		   int errors[2]);

/** wire_status_get - ask for the status; 0 or negative errno */
int wire_status_get(struct wire *wire, struct wire_status *status);

/** wire_lock - lock the machine until it starts again; 0 or negative errno */
int wire_lock(struct wire *wire);

/**
 * wire_role_set - give the machine a role
 * @wire: the socket
 * @role: enum mifeng_role
 * @kept: set to what is to be kept; may be NULL
 *
 * Returns 0 or a negative errno.
 */
int wire_role_set(struct wire *wire, uint8_t role, struct wire_role *kept);

/** wire_role_set_flags - the same, and have MIFENG_ROLE_* set for good */
int wire_role_set_flags(struct wire *wire, uint8_t role, uint32_t flags, struct wire_role *kept);

/** wire_role_restore - give it back what was kept; 0 or negative errno */
int wire_role_restore(struct wire *wire, const struct wire_role *kept);

/** wire_mark - label the file @fd; 0 or negative errno */
int wire_mark(struct wire *wire, int fd, uint8_t level, uint64_t scopes);

/** wire_label_get - the label of the file @fd; 0 or negative errno */
int wire_label_get(struct wire *wire, int fd, struct wire_label *label);

/**
 * wire_policy_push - one whole transaction; 10.77.0.0/16 is an internal network
 * @wire: the socket
 * @mode: enum mifeng_mode
 * @removable: enum mifeng_removable
 * @uid: who is cleared for everything
 * @zone_fd: a directory that becomes a zone for top secret, or -1
 *
 * Returns 0 or negative errno; a failure aborts the transaction.
 */
int wire_policy_push(struct wire *wire, uint8_t mode, uint8_t removable, uint32_t uid,
		     int zone_fd);

#endif /* MIFENG_TEST_WIRE_H */
