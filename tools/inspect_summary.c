// SPDX-License-Identifier: GPL-2.0-or-later
/* The last words of an inspection: how much was looked at, and whether that is clean. */
#include "inspection.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "inspect_judge.h"
#include "inspect_mounts.h"
#include "json_text.h"
#include "label_line.h"
#include "message.h"
#include "text.h"

/** inspection_findings() - how much was found that makes a machine unclean */
uint64_t inspection_findings(const struct inspection *inspection)
{
	uint64_t sum = 0;

	for (enum finding_kind kind = 0; kind < FINDING_KINDS; kind++)
		if (finding_is_unclean(kind))
			sum += inspection->found[kind];
	return sum;
}

static const char *why_unverified(int error)
{
	switch (error) {
	case 0:
		return NULL;
	case -ENOENT:
		return _("the mifeng module is not loaded");
	case -EPERM:
		return _("this needs an administrator (CAP_MAC_ADMIN)");
	case -ENOKEY:
		return _("the module has no key yet; mifengd brings it");
	default:
		return strerror(-error);
	}
}

/* What of other machines was not entered. */
static bool is_passed_over(const struct request *request, const struct mount *mount)
{
	return mount->kind == MOUNT_FAR && (!request->paths || mount->passed_over);
}

static void print_text(struct inspection *inspection, double seconds, int end)
{
	const uint64_t *found = inspection->found;
	const char *why = why_unverified(judge_error(inspection->judge));
	const struct mount *mount;

	for (size_t i = 0; (mount = mounts_at(inspection->mounts, i)); i++)
		if (is_passed_over(inspection->request, mount))
			complain(_("%s: not looked at: a filesystem of another machine, or made by a "
				   "program (%s)"), mount->info.point, mount->info.type);
	if (inspection->unverified && why)
		complain(_("labels were not verified: %s"), why);
	printf(_("%llu files and %llu directories in %.1f s: %llu classified, %llu bad labels, "
		 "%llu on media; %llu zones\n"),
	       (unsigned long long)inspection->counts.files,
	       (unsigned long long)inspection->counts.directories, seconds,
	       (unsigned long long)found[FINDING_LABELLED],
	       (unsigned long long)found[FINDING_BAD_LABEL],
	       (unsigned long long)found[FINDING_ON_MEDIUM],
	       (unsigned long long)found[FINDING_ZONE]);
	if (end)
		puts(_("Not everything was looked at: it was interrupted."));
	else if (found[FINDING_UNSEEN])
		printf(_("Not everything was looked at: %llu places could not be.\n"),
		       (unsigned long long)found[FINDING_UNSEEN]);
	if (inspection_findings(inspection))
		puts(_("Not clean: something was found, see above."));
	else if (!end && !found[FINDING_UNSEEN])
		puts(_("Clean: nothing classified was found."));
	else
		puts(_("Nothing classified was found in what was looked at."));
}

static void summary_places(struct inspection *inspection, struct text_buffer *out)
{
	const struct mount *mount;

	json_begin(out, "trees", '[');
	for (size_t i = 0; i < inspection->trees.count; i++) {
		const struct tree *tree = &inspection->trees.tree[i];

		json_begin(out, NULL, '{');
		json_string(out, "path", tree->path);
		json_string(out, "fstype", tree->mount ? tree->mount->info.type : NULL);
		json_end(out, '}');
	}
	json_end(out, ']');
	json_begin(out, "passed_over", '[');
	for (size_t i = 0; (mount = mounts_at(inspection->mounts, i)); i++) {
		if (!is_passed_over(inspection->request, mount))
			continue;
		json_begin(out, NULL, '{');
		json_string(out, "path", mount->info.point);
		json_string(out, "fstype", mount->info.type);
		json_end(out, '}');
	}
	json_end(out, ']');
}

static void print_json(struct inspection *inspection, double seconds, int end)
{
	struct text_buffer *out = &inspection->line;
	const uint64_t *found = inspection->found;

	json_begin(out, NULL, '{');
	json_string(out, "type", "summary");
	json_bool(out, "clean", !inspection_findings(inspection));
	json_bool(out, "complete", !end && !found[FINDING_UNSEEN]);
	json_bool(out, "interrupted", end == -EINTR);
	json_bool(out, "verified", !judge_error(inspection->judge));
	json_unsigned(out, "files", inspection->counts.files);
	json_unsigned(out, "directories", inspection->counts.directories);
	json_unsigned(out, "labelled", found[FINDING_LABELLED]);
	json_unsigned(out, "bad_labels", found[FINDING_BAD_LABEL]);
	json_unsigned(out, "on_media", found[FINDING_ON_MEDIUM]);
	json_unsigned(out, "not_verified", inspection->unverified);
	json_unsigned(out, "zones", found[FINDING_ZONE]);
	json_unsigned(out, "directories_named", inspection->counts.names);
	json_unsigned(out, "unseen", found[FINDING_UNSEEN]);
	json_unsigned(out, "excluded", inspection->counts.excluded);
	json_unsigned(out, "vanished", inspection->counts.vanished);
	json_unsigned(out, "milliseconds", (uint64_t)(1000 * seconds));
	summary_places(inspection, out);
	json_end(out, '}');
	json_line_print(out);
}

/**
 * inspection_summarise() - print the summary
 * @inspection: after its walk.
 * @seconds: it has taken.
 * @end: what walk_end() has returned.
 */
void inspection_summarise(struct inspection *inspection, double seconds, int end)
{
	if (inspection->request->json)
		print_json(inspection, seconds, end);
	else
		print_text(inspection, seconds, end);
}
