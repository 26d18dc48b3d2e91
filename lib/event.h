/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One numbered record of the kernel module, decoded.
 */
#ifndef MIFENG_EVENT_H
#define MIFENG_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "label.h"

struct nlattr;

#define EVENT_NO_ID UINT32_MAX	/* login uid and session of a service */

/**
 * struct event - what was tried, by whom, on what, and why it was judged so
 *
 * The first part is the kernel's, one member per enum mifeng_event_attribute; a
 * string that was absent is NULL. The second part is what user space learns about
 * the first (names of accounts, the stick behind the medium): NULL until somebody
 * fills it in. All strings are owned by the struct and freed by event_clear().
 *
 * @has_taint: @taint is there: the program held something classified
 * @has_label: @label is there: the object is labelled
 * @path_partial: @path starts at the root of its filesystem, not at "/"
 * @dev: major << 32 | minor of the object's filesystem
 * @address_length: bytes of @address that are there, 0 for no destination
 * @user: account name of @uid
 * @login_user: account name of @loginuid
 * @medium_vendor: of the stick @medium is on
 * @medium_product: its product name
 * @medium_serial: its serial number
 * @medium_usb: @medium hangs on USB
 */
struct event {
	uint64_t seq;
	uint8_t verdict;
	uint8_t operation;
	uint8_t reason;
	bool path_partial;
	bool has_taint;
	bool has_label;
	int64_t time_first;
	int64_t time_last;
	uint64_t boot_time;
	uint64_t count;
	uint32_t pid;
	uint64_t start_time;
	uint32_t uid;
	uint32_t loginuid;
	uint32_t session;
	char *comm;
	char *exe;
	struct label taint;
	char *source;
	int64_t source_time;
	struct label label;
	char *path;
	uint64_t dev;
	uint64_t inode;
	char *fstype;
	char *medium;
	struct sockaddr_storage address;
	size_t address_length;
	char *culprit;
	uint64_t generation;

	char *user;
	char *login_user;
	char *medium_vendor;
	char *medium_product;
	char *medium_serial;
	bool medium_usb;
};

/**
 * event_decode - turn the kernel's MIFENG_A_EVENT nest into a struct
 * @nest: the attribute
 * @ret: filled in on success, untouched on failure; event_clear() it
 *
 * Attributes of a newer kernel that this library does not know are skipped.
 *
 * Returns 0, -EBADMSG if a number is missing or an attribute has the wrong size,
 * or -ENOMEM.
 */
int event_decode(struct nlattr *nest, struct event *ret);

/**
 * event_clear - free the strings of an event and zero it
 * @event: may be NULL or half built
 */
void event_clear(struct event *event);

/**
 * label_decode - turn a nest of MIFENG_LABEL_A_* into a struct
 * @nest: the attribute
 * @ret: filled in on success; a nest without a state counts as a valid label
 *
 * Returns 0 or -EBADMSG.
 */
int label_decode(struct nlattr *nest, struct label *ret);

#endif /* MIFENG_EVENT_H */
