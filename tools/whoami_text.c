// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a shell has read and what its person may know, for people and as JSON. The command is
 * a child of the shell, and carries what the shell carries.
 */
#include "whoami_text.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>

#include "client.h"
#include "event.h"
#include "event_json.h"
#include "json_text.h"
#include "label_text.h"
#include "text.h"
#include "text_buffer.h"
#include "utf8.h"

#define NS_PER_SECOND 1000000000LL

static void print_level(FILE *out, unsigned int level)
{
	fprintf(out, "%s (%s)", level_name(level), level_name_zh(level));
}

static void print_scopes(FILE *out, uint64_t scopes, const struct policy *policy)
{
	char *text;

	if (scopes_to_text(scopes, policy, &text)) {
		fprintf(out, "0x%016llx", (unsigned long long)scopes);
		return;
	}
	print_safely(out, text);
	free(text);
}

static void print_time(FILE *out, time_t moment, const char *format)
{
	struct tm local;
	char text[64];

	if (localtime_r(&moment, &local) && strftime(text, sizeof(text), format, &local))
		fputs(text, out);
	else
		fprintf(out, "@%lld", (long long)moment);
}

static bool same_day(time_t a, time_t b)
{
	struct tm left, right;

	return localtime_r(&a, &left) && localtime_r(&b, &right) &&
	       left.tm_year == right.tm_year && left.tm_yday == right.tm_yday;
}

static void print_user(FILE *out, uint32_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user)
		print_safely(out, user->pw_name);
	else
		fprintf(out, "%u", uid);
}

static void print_taint(FILE *out, const struct client_whoami *whoami, const struct policy *policy,
			time_t now)
{
	time_t when = (time_t)(whoami->source_time / NS_PER_SECOND);

	if (!whoami->tainted) {
		fputs(_("This shell has read nothing classified.\n"), out);
		return;
	}
	fputs(_("This shell has read classified material: "), out);
	print_level(out, whoami->taint.level);
	if (whoami->taint.scopes) {
		fputs(_("; scopes "), out);
		print_scopes(out, whoami->taint.scopes, policy);
	}
	fputs(_(".\nThe last of it: "), out);
	print_safely(out, whoami->source ? whoami->source : "?");
	fputs(_(", "), out);
	/* Translators: formats of strftime(3). */
	print_time(out, when, same_day(when, now) ? _("%H:%M today") : _("%Y-%m-%d %H:%M"));
	fputs(_(".\n"), out);
	if (whoami->mode == MIFENG_MODE_ENFORCE)
		fputs(_("It can no longer write outside classified directories, to removable media "
			"or to the\nnetwork, and neither can what it starts. To be free of it, "
			"open a new terminal or log in\nagain; a shell started from this one "
			"does not help.\n"), out);
}

static bool begun(const struct client_clearance *clearance, time_t now)
{
	return !clearance->has_not_before || now >= clearance->not_before;
}

static bool over(const struct client_clearance *clearance, time_t now)
{
	return clearance->has_not_after && now > clearance->not_after;
}

static void print_clearance(FILE *out, const struct client_clearance *clearance,
			    const struct policy *policy, time_t now)
{
	const struct group *group;

	fputs("  ", out);
	print_level(out, clearance->level);
	fputs(_("; scopes "), out);
	print_scopes(out, clearance->scopes, policy);
	if (clearance->has_not_before) {
		fputs(_("; valid from "), out);
		print_time(out, (time_t)clearance->not_before, "%Y-%m-%d");
	}
	if (clearance->has_not_after) {
		fputs(_("; valid until "), out);
		print_time(out, (time_t)clearance->not_after, "%Y-%m-%d");
	}
	if (clearance->group) {
		group = getgrgid(clearance->id);
		fputs(_("; as a member of "), out);
		if (group)
			print_safely(out, group->gr_name);
		else
			fprintf(out, "%u", clearance->id);
	}
	if (over(clearance, now))
		fputs(_(" (over)"), out);
	else if (!begun(clearance, now))
		fputs(_(" (not yet)"), out);
	putc('\n', out);
}

static void print_person(FILE *out, const struct client_whoami *whoami, const struct policy *policy,
			 time_t now)
{
	if (whoami->loginuid == EVENT_NO_ID) {
		fputs(_("Nobody logged in for it: it counts as a system service and may read "
			"nothing classified.\n"), out);
		return;
	}
	if (whoami->pinned)
		fputs(_("The policy pins this program: it may read nothing classified.\n"), out);
	print_user(out, whoami->loginuid);
	if (!whoami->clearance_total) {
		fputs(_(" is cleared for nothing classified. The security officer gives "
			"clearances.\n"), out);
		return;
	}
	fputs(_(" is cleared for:\n"), out);
	for (size_t i = 0; i < whoami->clearance_count; i++)
		print_clearance(out, &whoami->clearances[i], policy, now);
	if (whoami->clearance_total > whoami->clearance_count)
		fprintf(out, _("  and %zu more\n"),
			whoami->clearance_total - whoami->clearance_count);
	if (whoami->uid != whoami->loginuid && whoami->uid) {
		fputs(_("This shell runs as another account, which must be cleared as well: "), out);
		print_user(out, whoami->uid);
		fputs(_(".\n"), out);
	}
}

/**
 * whoami_print() - tell it to a person
 * @out: where to
 * @whoami: what the module said
 * @policy: for names of scopes; may be NULL
 * @now: seconds since 1970
 */
void whoami_print(FILE *out, const struct client_whoami *whoami, const struct policy *policy,
		  time_t now)
{
	print_taint(out, whoami, policy, now);
	print_person(out, whoami, policy, now);
	if (whoami->state == MIFENG_STATE_NO_POLICY)
		fputs(_("No policy is in force: nobody can read classified files.\n"), out);
	else if (whoami->state == MIFENG_STATE_DEGRADED)
		fputs(_("Mifeng is degraded, and nobody can read classified files. Tell the "
			"administrator.\n"), out);
	else if (whoami->mode == MIFENG_MODE_PERMISSIVE)
		fputs(_("Mifeng is permissive here: it records what it would refuse, and refuses "
			"nothing.\n"), out);
}

static void clearance_to_json(const struct client_clearance *clearance, time_t now,
			      struct text_buffer *out)
{
	json_begin(out, NULL, '{');
	json_unsigned(out, clearance->group ? "group" : "user", clearance->id);
	json_string(out, "level", level_name(clearance->level));
	scopes_to_json(clearance->scopes, out);
	if (clearance->has_not_before)
		seconds_to_json("not_before", clearance->not_before, out);
	if (clearance->has_not_after)
		seconds_to_json("not_after", clearance->not_after, out);
	json_bool(out, "in_date", begun(clearance, now) && !over(clearance, now));
	json_end(out, '}');
}

/**
 * whoami_to_json() - write it as members of an object that is open
 * @whoami: what the module said
 * @now: seconds since 1970
 * @out: the line so far
 */
void whoami_to_json(const struct client_whoami *whoami, time_t now, struct text_buffer *out)
{
	json_string(out, "state", state_name(whoami->state));
	json_string(out, "mode", mode_name(whoami->mode));
	if (whoami->loginuid == EVENT_NO_ID)
		json_null(out, "loginuid");
	else
		json_unsigned(out, "loginuid", whoami->loginuid);
	json_unsigned(out, "uid", whoami->uid);
	json_bool(out, "pinned", whoami->pinned);
	if (whoami->tainted) {
		label_to_json("taint", &whoami->taint, out);
		json_string(out, "source", whoami->source);
		json_time(out, "source_time", whoami->source_time);
	} else {
		json_null(out, "taint");
	}
	json_begin(out, "clearances", '[');
	for (size_t i = 0; i < whoami->clearance_count; i++)
		clearance_to_json(&whoami->clearances[i], now, out);
	json_end(out, ']');
	json_unsigned(out, "clearances_total", whoami->clearance_total);
}
