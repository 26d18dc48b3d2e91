// SPDX-License-Identifier: GPL-2.0-or-later
#include "journal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "address_text.h"
#include "label_text.h"
#include "record.h"
#include "text_buffer.h"

/* Stable for ever: people filter by them. One for denials, one for all else. */
#define MESSAGE_ID_EVENT	"MESSAGE_ID=6d1f1e0f4b0c4a5e9f5d3f7c2b7a9e11"
#define MESSAGE_ID_DAEMON	"MESSAGE_ID=0b9c7a52d4e84c5aa0c1c2d1b6f0e3d4"
#define FIELDS_MAX 40

void say(int priority, const char *format, ...)
{
	/* Under systemd the prefix carries the priority; elsewhere it would be noise. */
	bool prefix = getenv("JOURNAL_STREAM");
	va_list arguments;

	if (prefix)
		fprintf(stderr, "<%d>", priority);
	else
		fputs("mifengd: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	fflush(stderr);
}

/* The fields of one entry: each a line NAME=value of its own. */
struct fields {
	struct text_buffer text[FIELDS_MAX];
	size_t count;
};

static void add_text(struct fields *fields, const char *name, const char *value)
{
	struct text_buffer *text;

	if (!value || fields->count == FIELDS_MAX)
		return;
	text = &fields->text[fields->count++];
	text_buffer_add_text(text, name);
	text_buffer_add(text, "=", 1);
	text_buffer_add_text(text, value);
}

static void add_number(struct fields *fields, const char *name, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	add_text(fields, name, digits);
}

static void add_label(struct fields *fields, const char *level_field, const char *scopes_field,
		      const struct label *label)
{
	char *scopes = NULL;

	add_text(fields, level_field, label->state == MIFENG_LABEL_VALID ?
				      level_name(label->level) : label_state_name(label->state));
	if (scopes_to_text(label->scopes, NULL, &scopes) >= 0)
		add_text(fields, scopes_field, scopes);
	free(scopes);
}

static void send_fields(struct fields *fields)
{
	struct iovec vectors[FIELDS_MAX];
	int count = 0;

	for (size_t i = 0; i < fields->count; i++) {
		struct text_buffer *text = &fields->text[i];

		if (text->failed)
			continue;
		vectors[count].iov_base = text->data;
		vectors[count++].iov_len = text->length;
	}
	sd_journal_sendv(vectors, count);
	for (size_t i = 0; i < fields->count; i++)
		text_buffer_clear(&fields->text[i]);
}

static void add_account(const char *name, uint32_t uid, struct text_buffer *out)
{
	if (name)
		text_buffer_add_text(out, name);
	else
		text_buffer_format(out, "uid %u", uid);
}

/* The person who logged in, and the account he acts as if that is another. */
static void add_who(const struct event *event, struct text_buffer *out)
{
	if (event->loginuid == EVENT_NO_ID && event->uid == EVENT_NO_ID) {
		text_buffer_add_text(out, "somebody");
		return;
	}
	if (event->loginuid == EVENT_NO_ID) {
		add_account(event->user, event->uid, out);
		text_buffer_add_text(out, " (a service)");
		return;
	}
	add_account(event->login_user, event->loginuid, out);
	if (event->uid != event->loginuid) {
		text_buffer_add_text(out, " (as ");
		add_account(event->user, event->uid, out);
		text_buffer_add_text(out, ")");
	}
}

/* "cleared was denied: write to /home/cleared/copy by /usr/bin/cp (...). Sentence" */
static void event_message(const struct event *event, struct text_buffer *out)
{
	const char *program = event->exe ? event->exe : event->comm;
	char address[ADDRESS_TEXT];

	text_buffer_add_text(out, "MESSAGE=");
	add_who(event, out);
	text_buffer_format(out, " %s: %s",
			   event->verdict == MIFENG_VERDICT_DENIED ? "was denied" :
			   event->verdict == MIFENG_VERDICT_PERMITTED ?
				"would have been denied" : "carried out",
			   operation_name(event->operation));
	if (event->path)
		text_buffer_format(out, " %s", event->path);
	if (event->operation == MIFENG_OP_ROLE && event->culprit)
		text_buffer_format(out, " %s", event->culprit);
	if (address_text(&event->address, event->address_length, address))
		text_buffer_format(out, " to %s", address);
	if (program)
		text_buffer_format(out, " by %s", program);
	if (event->count > 1)
		text_buffer_format(out, ", %" PRIu64 " times", event->count);
	text_buffer_format(out, " (%s). %s", reason_name(event->reason),
			   reason_sentence(event->reason));
}

static int event_priority(const struct event *event)
{
	if (event->reason == MIFENG_REASON_HOOK_DEAD || event->reason == MIFENG_REASON_LOSS)
		return LOG_CRIT;
	return event->verdict == MIFENG_VERDICT_NOTED ? LOG_NOTICE : LOG_WARNING;
}

static void send_event(const struct event *event)
{
	struct fields fields = { 0 };
	char address[ADDRESS_TEXT];

	event_message(event, &fields.text[fields.count++]);
	text_buffer_add_text(&fields.text[fields.count++], MESSAGE_ID_EVENT);
	add_number(&fields, "PRIORITY", (uint64_t)event_priority(event));
	add_text(&fields, "MIFENG_TYPE", "event");
	add_number(&fields, "MIFENG_SEQ", event->seq);
	add_text(&fields, "MIFENG_VERDICT", verdict_name(event->verdict));
	add_text(&fields, "MIFENG_OPERATION", operation_name(event->operation));
	add_text(&fields, "MIFENG_REASON", reason_name(event->reason));
	add_number(&fields, "MIFENG_COUNT", event->count);
	add_number(&fields, "MIFENG_PID", event->pid);
	if (event->uid != EVENT_NO_ID)
		add_number(&fields, "MIFENG_UID", event->uid);
	add_text(&fields, "MIFENG_USER", event->user);
	if (event->loginuid != EVENT_NO_ID)
		add_number(&fields, "MIFENG_LOGINUID", event->loginuid);
	add_text(&fields, "MIFENG_LOGIN_USER", event->login_user);
	if (event->session != EVENT_NO_ID)
		add_number(&fields, "MIFENG_SESSION", event->session);
	add_text(&fields, "MIFENG_COMM", event->comm);
	add_text(&fields, "MIFENG_EXE", event->exe);
	add_text(&fields, "MIFENG_PATH", event->path);
	add_text(&fields, "MIFENG_ADDRESS", address_text(&event->address, event->address_length, address));
	add_text(&fields, "MIFENG_SOURCE", event->source);
	add_text(&fields, "MIFENG_CULPRIT", event->culprit);
	add_text(&fields, "MIFENG_MEDIUM", event->medium);
	add_text(&fields, "MIFENG_MEDIUM_SERIAL", event->medium_serial);
	if (event->has_taint)
		add_label(&fields, "MIFENG_TAINT_LEVEL", "MIFENG_TAINT_SCOPES", &event->taint);
	if (event->has_label)
		add_label(&fields, "MIFENG_LABEL_LEVEL", "MIFENG_LABEL_SCOPES", &event->label);
	add_number(&fields, "MIFENG_GENERATION", event->generation);
	send_fields(&fields);
}

static void daemon_message(const struct record *record, struct text_buffer *out)
{
	const struct stick *stick = &record->stick;

	text_buffer_add_text(out, "MESSAGE=");
	switch (record->type) {
	case RECORD_STARTED:
		text_buffer_format(out, "Started, version %s", record->version);
		break;
	case RECORD_STOPPED:
		text_buffer_add_text(out, "Stopped");
		break;
	case RECORD_POLICY_APPLIED:
		text_buffer_format(out, "Policy applied as generation %" PRIu64 ", %" PRIu64
				   " zones", record->generation, record->count);
		break;
	case RECORD_POLICY_REJECTED:
		text_buffer_format(out, "Policy rejected, what was in force stays in force; correct "
				   "it, then systemctl reload mifengd: %s",
				   record->text ? record->text : "");
		break;
	case RECORD_STICK_ADDED:
	case RECORD_STICK_REMOVED:
		text_buffer_format(out, "Removable %s %s: %s %s, serial %s, %s",
				   stick->partition ? "partition" : "disk",
				   record->type == RECORD_STICK_ADDED ? "came" : "went",
				   stick->vendor ? stick->vendor : "unknown",
				   stick->product ? stick->product : "unknown",
				   stick->serial ? stick->serial : "none", stick->node);
		break;
	default:
		text_buffer_add_text(out, record->text ? record->text : "");
	}
}

static void send_daemon(const struct record *record)
{
	bool bad = record->type == RECORD_POLICY_REJECTED || record->type == RECORD_EVENTS_LOST;
	struct fields fields = { 0 };

	daemon_message(record, &fields.text[fields.count++]);
	/* Where stderr is not the journal, this is how people hear of it. */
	if (!getenv("JOURNAL_STREAM") && !fields.text[0].failed)
		say(bad ? LOG_ERR : LOG_NOTICE, "%s", fields.text[0].data + strlen("MESSAGE="));
	text_buffer_add_text(&fields.text[fields.count++], MESSAGE_ID_DAEMON);
	add_number(&fields, "PRIORITY", bad ? LOG_ERR : LOG_NOTICE);
	add_text(&fields, "MIFENG_TYPE", record_type_name(record->type));
	add_text(&fields, "MIFENG_DIGEST", record->digest);
	if (record->type == RECORD_POLICY_APPLIED)
		add_number(&fields, "MIFENG_GENERATION", record->generation);
	add_text(&fields, "MIFENG_NODE", record->stick.node);
	add_text(&fields, "MIFENG_MEDIUM_VENDOR", record->stick.vendor);
	add_text(&fields, "MIFENG_MEDIUM_PRODUCT", record->stick.product);
	add_text(&fields, "MIFENG_MEDIUM_SERIAL", record->stick.serial);
	add_text(&fields, "MIFENG_FS_UUID", record->stick.uuid);
	send_fields(&fields);
}

void journal_record(const struct record *record)
{
	if (record->type == RECORD_EVENT)
		send_event(&record->event);
	else
		send_daemon(record);
}
