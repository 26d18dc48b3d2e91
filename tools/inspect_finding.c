// SPDX-License-Identifier: GPL-2.0-or-later
/* What an inspection has found, one line each: for people, and as JSON. */
#include "inspect_finding.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "document.h"
#include "event_json.h"
#include "json_text.h"
#include "label_line.h"
#include "message.h"
#include "record.h"
#include "text.h"
#include "text_buffer.h"
#include "utf8.h"

static const char *const kind_names[FINDING_KINDS] = {
	[FINDING_LABELLED] = "labelled",
	[FINDING_BAD_LABEL] = "bad-label",
	[FINDING_ON_MEDIUM] = "on-medium",
	[FINDING_ZONE] = "zone",
	[FINDING_UNSEEN] = "unseen",
};

/** finding_kind_name() - labelled, bad-label, on-medium, zone, unseen */
const char *finding_kind_name(enum finding_kind kind)
{
	return kind < FINDING_KINDS ? kind_names[kind] : "unknown";
}

/** finding_kind_from_name() - and back; 0 or -EINVAL */
int finding_kind_from_name(const char *name, uint8_t *ret)
{
	for (uint8_t i = 0; i < FINDING_KINDS; i++) {
		if (strcmp(name, kind_names[i]) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}

/** finding_is_unclean() - whether a machine that has it is not clean */
bool finding_is_unclean(enum finding_kind kind)
{
	return kind <= FINDING_ON_MEDIUM;
}

/* The name of the owner, or NULL. Those who are asked about are few, and come in turns. */
static const char *owner_of(uint32_t uid)
{
	static char name[256];
	static uint32_t known;
	static bool any;
	const struct passwd *user;

	if (!any || known != uid) {
		user = getpwuid(uid);
		snprintf(name, sizeof(name), "%s", user ? user->pw_name : "");
		known = uid;
		any = true;
	}
	return name[0] ? name : NULL;
}

static const char *kind_text(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_LABELLED:
		return _("classified");
	case FINDING_BAD_LABEL:
		return _("bad label");
	case FINDING_ON_MEDIUM:
		return _("on a medium");
	default:
		return _("zone");
	}
}

static void print_medium(const struct stick *medium)
{
	const char *const parts[] = { medium->node, medium->vendor, medium->product, medium->serial };
	const char *blank = "";

	fputs("; ", stdout);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i])
			continue;
		fputs(blank, stdout);
		print_safely(stdout, parts[i]);
		blank = " ";
	}
}

/* What a label says that somebody else than this machine's module has made. */
static bool claim_of(const struct finding *finding, struct label *claim)
{
	if (finding->label.state != MIFENG_LABEL_FORGED)
		return false;
	label_from_bytes(finding->bytes, finding->size, claim);
	return claim->state == MIFENG_LABEL_VALID;
}

/**
 * unseen_print() - tell what could not be looked at
 * @path: of it.
 * @why: in words.
 * @out: a line for JSON, which goes to standard output; NULL for people, on standard error.
 */
void unseen_print(const char *path, const char *why, struct text_buffer *out)
{
	if (!out) {
		complain(_("%s: could not be looked at: %s"), path, why);
		return;
	}
	json_begin(out, NULL, '{');
	json_string(out, "type", finding_kind_name(FINDING_UNSEEN));
	json_string(out, "file", path);
	json_string(out, "error", why);
	json_end(out, '}');
	json_line_print(out);
}

/**
 * finding_print() - print one line for people
 * @finding: what was found; what could not be looked at goes to standard error.
 * @path: of the object.
 * @medium: that it is on; may be NULL.
 * @policy: for names of scopes; may be NULL.
 * @colour: use colours.
 */
void finding_print(const struct finding *finding, const char *path, const struct stick *medium,
		   const struct policy *policy, bool colour)
{
	struct label claim;
	const char *owner;

	if (finding->kind == FINDING_UNSEEN) {
		unseen_print(path, strerror(finding->error), NULL);
		return;
	}
	owner = owner_of(finding->uid);
	if (colour)
		printf("\033[1;%sm%s\033[0m: ", finding->kind == FINDING_ZONE ? "36" : "31",
		       kind_text(finding->kind));
	else
		printf("%s: ", kind_text(finding->kind));
	print_safely(stdout, path);
	fputs(": ", stdout);
	if (finding->names)
		fputs(_("the label of its names: "), stdout);
	label_print(&finding->label, policy);
	if (finding->label.state == MIFENG_LABEL_VALID && !finding->verified)
		fputs(_("; not verified"), stdout);
	if (claim_of(finding, &claim)) {
		fputs(_("; it says "), stdout);
		label_print(&claim, policy);
	}
	fputs(_("; owner "), stdout);
	if (owner)
		print_safely(stdout, owner);
	else
		printf("%u", finding->uid);
	if (medium)
		print_medium(medium);
	putchar('\n');
}

static const char *type_name(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symlink";
	default:
		return "special";
	}
}

static void add_label(const struct finding *finding, struct text_buffer *out)
{
	char document[MIFENG_DOCUMENT_SIZE + 1];

	if (finding->label.state != MIFENG_LABEL_VALID || finding->verified) {
		label_to_json("label", &finding->label, out);
	} else {
		json_begin(out, "label", '{');
		json_string(out, "state", "not-verified");
		label_members_to_json(&finding->label, out);
		json_end(out, '}');
	}
	document_text(finding->label.document, document);
	if (finding->label.state == MIFENG_LABEL_VALID && *document)
		json_string(out, "document_number", document);
}

/**
 * finding_print_json() - print one line of JSON
 * @finding: what was found.
 * @path: of the object.
 * @medium: that it is on; may be NULL.
 * @out: an empty line.
 */
void finding_print_json(const struct finding *finding, const char *path,
			const struct stick *medium, struct text_buffer *out)
{
	struct label claim;

	if (finding->kind == FINDING_UNSEEN) {
		unseen_print(path, strerror(finding->error), out);
		return;
	}
	json_begin(out, NULL, '{');
	json_string(out, "type", finding_kind_name(finding->kind));
	json_string(out, "file", path);
	json_string(out, "file_type", type_name(finding->mode));
	json_unsigned(out, "uid", finding->uid);
	json_string(out, "user", owner_of(finding->uid));
	if (finding->names)
		json_bool(out, "of_names", true);
	add_label(finding, out);
	if (claim_of(finding, &claim)) {
		json_begin(out, "claim", '{');
		label_members_to_json(&claim, out);
		json_end(out, '}');
	}
	if (medium) {
		json_string(out, "medium", medium->node);
		if (medium->usb)
			json_bool(out, "medium_usb", true);
		json_string(out, "medium_vendor", medium->vendor);
		json_string(out, "medium_product", medium->product);
		json_string(out, "medium_serial", medium->serial);
	}
	json_end(out, '}');
	json_line_print(out);
}
