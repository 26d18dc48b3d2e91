// SPDX-License-Identifier: GPL-2.0-or-later
/* How a file is classified, on one line: for people, and as JSON. */
#include "label_line.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "document.h"
#include "event_json.h"
#include "json_text.h"
#include "label.h"
#include "label_text.h"
#include "message.h"
#include "text.h"
#include "text_buffer.h"
#include "utf8.h"

/**
 * level_print() - print a level as the field knows it, in both languages
 * @level: enum mifeng_level.
 */
void level_print(unsigned int level)
{
	printf("%s (%s)", level_name(level), level_name_zh(level));
}

static void print_scopes(uint64_t scopes, const struct policy *policy)
{
	char *text;

	if (scopes_to_text(scopes, policy, &text)) {
		printf("0x%016llx", (unsigned long long)scopes);
		return;
	}
	print_safely(stdout, text);
	free(text);
}

static void print_day(int64_t seconds)
{
	time_t moment = (time_t)seconds;
	struct tm local;
	char day[32];

	if (localtime_r(&moment, &local) && strftime(day, sizeof(day), "%Y-%m-%d", &local))
		fputs(day, stdout);
	else
		printf("@%lld", (long long)seconds);
}

static void print_valid(const struct label *label, const struct policy *policy)
{
	char document[MIFENG_DOCUMENT_SIZE + 1];

	level_print(label->level);
	if (label->scopes) {
		fputs(_("; scopes "), stdout);
		print_scopes(label->scopes, policy);
	}
	document_text(label->document, document);
	if (*document) {
		fputs(_("; document "), stdout);
		print_safely(stdout, document);
	}
	if (label->authority)
		printf(_("; authority %u"), label->authority);
	if (label->classified_at) {
		fputs(_("; since "), stdout);
		print_day(label->classified_at);
	}
	if (label->expires) {
		fputs(_("; until "), stdout);
		print_day(label->expires);
	}
	if (label->flags & MIFENG_LABEL_DERIVED)
		fputs(_("; by content"), stdout);
}

/* A zone's own directory carries its ceiling as a label. */
static void print_zone(const struct label *ceiling, const struct policy *policy)
{
	fputs(_("a zone for files up to "), stdout);
	level_print(ceiling->level);
	fputs(_(", scopes "), stdout);
	print_scopes(ceiling->scopes, policy);
	if (ceiling->flags & MIFENG_LABEL_SCRATCH)
		fputs(_(", scratch"), stdout);
	if (ceiling->flags & MIFENG_LABEL_NAMES_OPEN)
		fputs(_(", names open"), stdout);
}

/* What those carried who made a directory's entries. */
static void print_names(const struct label *names, const struct policy *policy)
{
	if (names->state != MIFENG_LABEL_VALID) {
		fputs(_("; the label of its names is bad, so nobody can look into it"), stdout);
		return;
	}
	fputs(_("; its names are "), stdout);
	level_print(names->level);
	if (names->scopes) {
		fputs(_(", scopes "), stdout);
		print_scopes(names->scopes, policy);
	}
}

static const char *broken_label_text(unsigned int state)
{
	switch (state) {
	case MIFENG_LABEL_MALFORMED:
		return _("its label is damaged (wrong size or content), so nobody can read it");
	case MIFENG_LABEL_NEWER:
		return _("its label was made by a newer mifeng, so nobody can read it here");
	case MIFENG_LABEL_FORGED:
		return _(
			"its label does not verify: edited, or copied from elsewhere by a restore; "
			"nobody can read it until it is marked again");
	case MIFENG_LABEL_UNREADABLE:
		return _("its label cannot be read: no key yet, or a fault of the disk");
	case MIFENG_LABEL_UNTRUSTED:
		return _("it lies on a mount or medium whose labels are not believed");
	default:
		return _("its label is of a kind this mifengctl does not know");
	}
}

/**
 * label_print() - print what a label says, without a newline
 * @label: the label.
 * @policy: for names of scopes; may be NULL.
 */
void label_print(const struct label *label, const struct policy *policy)
{
	if (label->state == MIFENG_LABEL_NONE)
		fputs(_("not classified"), stdout);
	else if (label->state != MIFENG_LABEL_VALID)
		fputs(broken_label_text(label->state), stdout);
	else if (label->flags & MIFENG_LABEL_ZONE)
		print_zone(label, policy);
	else
		print_valid(label, policy);
}

/**
 * label_line_print() - print one line about one file
 * @file: its name as it was given.
 * @label: its label.
 * @names: of a directory, that of the names in it; NULL to leave that out.
 * @zone: the zone it is in; NULL to leave that out.
 * @policy: for names of scopes; may be NULL.
 */
void label_line_print(const char *file, const struct label *label, const struct label *names,
		      const struct zone *zone, const struct policy *policy)
{
	print_safely(stdout, file);
	fputs(": ", stdout);
	label_print(label, policy);
	if (names && names->state != MIFENG_LABEL_NONE)
		print_names(names, policy);
	if (zone && zone->present) {
		fputs(_("; zone up to "), stdout);
		level_print(zone->ceiling);
		fputs(_(", scopes "), stdout);
		print_scopes(zone->scopes, policy);
		if (zone->flags & MIFENG_ZONE_SCRATCH)
			fputs(_(", scratch"), stdout);
		if (zone->flags & MIFENG_ZONE_NAMES_OPEN)
			fputs(_(", names open"), stdout);
	} else if (zone && !(label->flags & MIFENG_LABEL_ZONE)) {
		fputs(_("; outside every zone"), stdout);
	}
	putchar('\n');
}

/**
 * label_line_json() - write the members that tell how one file is classified
 * @file: its name as it was given.
 * @label: its label.
 * @names: of a directory, that of the names in it; NULL to leave that out.
 * @zone: the zone it is in; NULL to leave that out.
 * @out: an object that is open.
 */
void label_line_json(const char *file, const struct label *label, const struct label *names,
		     const struct zone *zone, struct text_buffer *out)
{
	char document[MIFENG_DOCUMENT_SIZE + 1];

	json_string(out, "file", file);
	label_to_json("label", label, out);
	/* The label has the bytes; people and their scripts look for the number. */
	document_text(label->document, document);
	if (*document)
		json_string(out, "document_number", document);
	if (names && names->state != MIFENG_LABEL_NONE)
		label_to_json("names", names, out);
	if (zone)
		zone_to_json("zone", zone, out);
}

/**
 * json_line_print() - print what has been written as one line, and start over
 * @out: the line; cleared.
 */
void json_line_print(struct text_buffer *out)
{
	if (out->failed)
		complain(_("out of memory"));
	else
		puts(out->data);
	text_buffer_clear(out);
}
