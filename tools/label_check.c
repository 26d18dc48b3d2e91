// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether there is anything on this machine that an inspection finds. */
#include "label_check.h"

#include <stddef.h>

#include "inspection.h"
#include "obstacles.h"
#include "text.h"
#include "text_buffer.h"

#define NAMED 3 /* enough to begin with; mifengctl inspect lists them all */

/**
 * struct heard - what there is to tell
 * @labelled: the first files that were found, @count of them
 * @count: of what was found on what stays in the machine
 * @on_media: the first of what was found on media, @media of them
 * @media: of what was found on media
 * @unseen: the first place that could not be looked at, and why
 * @places: how many such there are
 */
struct heard {
	struct text_buffer labelled, on_media, unseen;
	size_t count, media, places;
};

static void add_name(struct text_buffer *names, size_t *count, const char *path)
{
	if (++*count <= NAMED)
		text_buffer_format(names, "%s%s", *count > 1 ? ", " : "", path);
}

static bool hear(enum finding_kind kind, const char *path, const char *why, void *userdata)
{
	struct heard *heard = userdata;

	if (kind == FINDING_ON_MEDIUM)
		add_name(&heard->on_media, &heard->media, path);
	else if (finding_is_unclean(kind))
		add_name(&heard->labelled, &heard->count, path);
	else if (kind == FINDING_UNSEEN && !heard->places++)
		text_buffer_format(&heard->unseen, "%s: %s", path, why);
	return heard->count < NAMED;
}

static const char *words(const struct text_buffer *buffer)
{
	return buffer->failed ? _("out of memory") : buffer->data;
}

/**
 * label_check() - labelled files are in the way of being anything but a classified machine
 * @obstacles: what is found on the machine's filesystems is added, and if they cannot all be searched.
 */
void label_check(struct obstacles *obstacles)
{
	struct heard heard = { 0 };
	const struct request request = {
		.walk.jobs = inspection_jobs(), .progress = true, .hear = hear, .userdata = &heard,
	};
	enum exit_code result = inspect(&request);

	if (heard.count)
		obstacles_add(obstacles, _("there are labelled files on this machine's disks, such as %s: it holds "
					   "classified material, and may only be classified; 'mifengctl inspect' lists "
					   "them all"), words(&heard.labelled));
	if (heard.media)
		obstacles_add(obstacles, _("there are labels on media in this machine, such as that of %s: take the media "
					   "out, and show them to an officer; 'mifengctl inspect' lists them all"),
			      words(&heard.on_media));
	if (heard.places)
		obstacles_add(obstacles, _("not all of this machine could be searched for labelled files, such as %s; "
					   "'mifengctl inspect' lists all such places"), words(&heard.unseen));
	else if (result != EXIT_CODE_OK && !heard.count && !heard.media)
		obstacles_add(obstacles, "%s", _("this machine has not been searched for labelled files to the end: "
						 "give the command again"));
	text_buffer_clear(&heard.labelled);
	text_buffer_clear(&heard.on_media);
	text_buffer_clear(&heard.unseen);
}
