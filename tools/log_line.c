// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One record of the log for people: who, what and on what in the first line; why, and
 * what to do instead, below it.
 */
#include "log_line.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <mifeng.h>

#include "address_text.h"
#include "label_line.h"
#include "label_text.h"
#include "record.h"
#include "text.h"
#include "utf8.h"

#define NS_PER_SECOND 1000000000LL

static void print_moment(int64_t ns, const char *format)
{
	time_t seconds = (time_t)(ns / NS_PER_SECOND);
	struct tm local;
	char text[40];

	if (localtime_r(&seconds, &local) && strftime(text, sizeof(text), format, &local))
		fputs(text, stdout);
	else
		printf("@%lld", (long long)(ns / NS_PER_SECOND));
}

static void print_verdict(unsigned int verdict, bool colour)
{
	static const char *const colours[] = {
		[MIFENG_VERDICT_DENIED] = "31", /* red */
		[MIFENG_VERDICT_PERMITTED] = "33", /* yellow */
		[MIFENG_VERDICT_NOTED] = "36", /* cyan */
	};
	const char *word;

	switch (verdict) {
	case MIFENG_VERDICT_DENIED:
		word = _("denied");
		break;
	case MIFENG_VERDICT_PERMITTED:
		word = _("permitted");
		break;
	case MIFENG_VERDICT_NOTED:
		word = _("noted");
		break;
	default:
		word = verdict_name(verdict);
		colour = false;
		break;
	}
	if (colour)
		printf(" \033[1;%sm%s\033[0m", colours[verdict], word);
	else
		printf(" %s", word);
}

static void print_person(const struct event *event)
{
	bool service = event->loginuid == EVENT_NO_ID;
	const char *name = service ? event->user : event->login_user;

	putchar(' ');
	if (service && event->uid == EVENT_NO_ID) {
		fputs(_("somebody"), stdout);
		return;
	}
	if (name)
		print_safely(stdout, name);
	else
		printf("uid %u", service ? event->uid : event->loginuid);
	if (service)
		fputs(_(" (a service)"), stdout);
	else if (event->uid != event->loginuid)
		printf(_(" (as uid %u)"), event->uid);
}

static void print_address(const struct event *event)
{
	char text[ADDRESS_TEXT];

	if (address_text(&event->address, event->address_length, text))
		printf(" %s", text);
	else
		printf(_(" address family %u"), event->address.ss_family);
}

static void print_object(const struct event *event)
{
	if (event->path) {
		putchar(' ');
		print_safely(stdout, event->path);
		if (event->path_partial)
			printf(_(" (inside device %u:%u)"), (unsigned int)(event->dev >> 32),
			       (unsigned int)event->dev);
	}
	if (event->address_length)
		print_address(event);
}

static void print_medium(const struct event *event)
{
	fputs(_("    medium: "), stdout);
	print_safely(stdout, event->medium);
	if (event->medium_vendor) {
		putchar(' ');
		print_safely(stdout, event->medium_vendor);
	}
	if (event->medium_product) {
		putchar(' ');
		print_safely(stdout, event->medium_product);
	}
	if (event->medium_serial) {
		fputs(_(", serial "), stdout);
		print_safely(stdout, event->medium_serial);
	}
	putchar('\n');
}

static void print_label(const char *lead, const struct label *label, const struct policy *policy)
{
	char *scopes;

	fputs(lead, stdout);
	if (label->state != MIFENG_LABEL_VALID) {
		fputs(label_state_name(label->state), stdout);
		return;
	}
	level_print(label->level);
	if (!label->scopes || scopes_to_text(label->scopes, policy, &scopes))
		return;
	fputs(_(", scopes "), stdout);
	print_safely(stdout, scopes);
	free(scopes);
}

static void print_why(const struct event *event, const struct policy *policy)
{
	if (event->has_taint) {
		print_label(_("    the program holds: "), &event->taint, policy);
		if (event->source) {
			fputs(_(", read from "), stdout);
			print_safely(stdout, event->source);
		}
		putchar('\n');
	}
	if (event->has_label) {
		print_label(_("    the file's label: "), &event->label, policy);
		putchar('\n');
	}
	if (event->culprit) {
		fputs(event->operation == MIFENG_OP_ROLE ? _("    the machine is: ") :
		      event->reason == MIFENG_REASON_OUTSIDE ? _("    by the link: ") : _("    in the way: "),
		      stdout);
		print_safely(stdout, event->culprit);
		putchar('\n');
	}
	if (event->medium && event->reason == MIFENG_REASON_REMOVABLE_MEDIUM)
		print_medium(event);
	/* An administrative act is its own reason. */
	if (event->reason != MIFENG_REASON_ADMINISTRATIVE)
		printf("    %s\n", reason_sentence(event->reason));
}

static void print_event(const struct event *event, const struct policy *policy, bool colour)
{
	print_moment(event->time_first, "%Y-%m-%d %H:%M:%S");
	printf(" #%llu", (unsigned long long)event->seq);
	print_verdict(event->verdict, colour);
	print_person(event);
	if (event->comm && event->comm[0]) {
		putchar(' ');
		print_safely(stdout, event->comm);
		printf("[%u]", event->pid);
	}
	printf(" %s", operation_name(event->operation));
	print_object(event);
	printf(" [%s]", reason_name(event->reason));
	if (event->count > 1) {
		printf(_(" %llu times, last at "), (unsigned long long)event->count);
		print_moment(event->time_last, "%H:%M:%S");
	}
	putchar('\n');
	print_why(event, policy);
}

static void print_stick(const char *what, const struct stick *stick)
{
	const char *const parts[] = {
		stick->vendor, stick->product, stick->serial, stick->node, stick->filesystem,
	};
	size_t i;

	fputs(what, stdout);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i])
			continue;
		putchar(' ');
		print_safely(stdout, parts[i]);
	}
}

static void print_other(const struct record *record)
{
	print_moment(record->time, "%Y-%m-%d %H:%M:%S ");
	switch (record->type) {
	case RECORD_STARTED:
		fputs(_("mifengd started"), stdout);
		break;
	case RECORD_STOPPED:
		fputs(_("mifengd stopped"), stdout);
		break;
	case RECORD_POLICY_APPLIED:
		printf(_("policy applied, generation %llu"),
		       (unsigned long long)record->generation);
		break;
	case RECORD_POLICY_REJECTED:
		fputs(_("policy rejected, the old one stays"), stdout);
		break;
	case RECORD_STICK_ADDED:
		print_stick(_("medium plugged in:"), &record->stick);
		break;
	case RECORD_STICK_REMOVED:
		print_stick(_("medium taken out:"), &record->stick);
		break;
	case RECORD_EVENTS_LOST:
		printf(_("RECORDS MISSING: %llu"), (unsigned long long)record->count);
		break;
	default:
		fputs(record_type_name(record->type), stdout);
		break;
	}
	if (record->text) {
		fputs(": ", stdout);
		print_safely(stdout, record->text);
	}
	putchar('\n');
}

/**
 * log_line_print() - print one record for people
 * @record: the record.
 * @policy: for names of scopes; may be NULL.
 * @colour: standard output is a terminal that may show colours.
 */
void log_line_print(const struct record *record, const struct policy *policy, bool colour)
{
	if (record->type == RECORD_EVENT)
		print_event(&record->event, policy, colour);
	else
		print_other(record);
}
