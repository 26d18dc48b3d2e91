/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel record as members of a JSON object, and back.
 */
#ifndef MIFENG_EVENT_JSON_H
#define MIFENG_EVENT_JSON_H

#include <stdint.h>

struct event;
struct json_object;
struct label;
struct text_buffer;
struct zone;

/**
 * event_to_json - write the members of an event into an object that is open
 * @event: the event
 * @out: the line so far
 */
void event_to_json(const struct event *event, struct text_buffer *out);

/**
 * event_from_json - read the members back
 * @object: a parsed line
 * @ret: filled in on success, untouched on failure; event_clear() it
 *
 * Unknown members are skipped. Returns 0, -EBADMSG for a member of the wrong type or
 * range or a missing one, or -ENOMEM.
 */
int event_from_json(struct json_object *object, struct event *ret);

/** scopes_to_json - the member "scopes": the word all, or an array of numbers */
void scopes_to_json(uint64_t scopes, struct text_buffer *out);

/** seconds_to_json - seconds since 1970 as json_time() has them */
void seconds_to_json(const char *name, int64_t seconds, struct text_buffer *out);

/** label_members_to_json - what a label says, without its state, into an object that is open */
void label_members_to_json(const struct label *label, struct text_buffer *out);

/**
 * label_to_json - write a label as an object
 * @name: of the member
 * @label: the label
 * @out: the line so far
 */
void label_to_json(const char *name, const struct label *label, struct text_buffer *out);

/**
 * zone_to_json - write a zone as an object, or null if there is none
 * @name: of the member
 * @zone: the zone
 * @out: the line so far
 */
void zone_to_json(const char *name, const struct zone *zone, struct text_buffer *out);

#endif /* MIFENG_EVENT_JSON_H */
