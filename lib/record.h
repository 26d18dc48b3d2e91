/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One record of the log: a kernel event, or something the daemon itself saw or did.
 * In the log it is one JSON object on one line with the members "type" and "time".
 */
#ifndef MIFENG_RECORD_H
#define MIFENG_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"

struct text_buffer;

enum record_type {
	RECORD_SEGMENT,		/* first line of a segment */
	RECORD_EVENT,		/* from the kernel */
	RECORD_STARTED,		/* the daemon */
	RECORD_STOPPED,
	RECORD_POLICY_APPLIED,
	RECORD_POLICY_REJECTED,
	RECORD_STICK_ADDED,
	RECORD_STICK_REMOVED,
	RECORD_EVENTS_LOST,	/* numbers are missing, or came twice with other content */
	RECORD_NOTE,		/* something about the log itself */
	__RECORD_TYPE_MAX,
};

/**
 * struct stick - a removable disk or a partition of one, as udev shows it
 * @vendor: may be NULL, like every string here
 * @product: model name
 * @serial: serial number
 * @node: /dev/sda1
 * @filesystem: vfat, exfat, ...
 * @uuid: of the filesystem
 * @fs_label: of the filesystem
 * @usb: it hangs on USB
 * @partition: not the whole disk
 * @registered: it is in the register of classified media
 */
struct stick {
	char *vendor;
	char *product;
	char *serial;
	char *node;
	char *filesystem;
	char *uuid;
	char *fs_label;
	bool usb;
	bool partition;
	bool registered;
};

/**
 * struct record - members beside @type, @time and @boot_id are used as the type needs
 * @type: enum record_type
 * @time: ns since 1970, when the record was made
 * @boot_id: of the kernel that was running; owned
 * @machine_id: SEGMENT
 * @format: SEGMENT, version of the log's format
 * @segment: SEGMENT, its number
 * @previous: SEGMENT, hex hash of the line before, in the segment before
 * @version: STARTED, of the daemon
 * @generation: POLICY_APPLIED
 * @digest: POLICY_*, SHA-256 of the files, hex; NULL if they could not be read
 * @text: POLICY_REJECTED the first error; NOTE, EVENTS_LOST, STOPPED in words
 * @count: EVENTS_LOST how many; POLICY_APPLIED zones
 * @stick: STICK_*
 * @event: EVENT
 */
struct record {
	enum record_type type;
	int64_t time;
	char *boot_id;
	char *machine_id;
	unsigned int format;
	uint64_t segment;
	char *previous;
	char *version;
	uint64_t generation;
	char *digest;
	char *text;
	uint64_t count;
	struct stick stick;
	struct event event;
};

/** record_type_name - event, started, policy-applied, ...; "unknown" */
const char *record_type_name(enum record_type type);

/**
 * record_to_json - one line, without the newline
 * @record: the record
 * @out: gets the line appended
 *
 * Returns 0 or -ENOMEM; @out is as before then.
 */
int record_to_json(const struct record *record, struct text_buffer *out);

/**
 * record_from_json - read a line back
 * @json: the line
 * @length: of it
 * @ret: filled in on success, untouched on failure; record_clear() it
 *
 * Unknown members are skipped. Returns 0, -EBADMSG if it is not JSON, of an unknown type
 * or lacks a member, or -ENOMEM.
 */
int record_from_json(const char *json, size_t length, struct record *ret);

/** stick_clear - free the strings and zero it */
void stick_clear(struct stick *stick);

/** record_clear - free the strings and zero it; may be NULL */
void record_clear(struct record *record);

#endif /* MIFENG_RECORD_H */
