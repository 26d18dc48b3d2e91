// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the journal of an inspection that was interrupted: once for what is done and what waits,
 * and once more for findings in directories that are done.
 */
#include "inspect_journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect_finding.h"
#include "inspect_node.h"
#include "json_read.h"
#include "label_text.h"
#include "record.h"

/**
 * struct replay - reading a journal
 * @checkpoint: the journal
 * @calls: who is told
 * @userdata: for @calls
 * @findings: this is the second time, for findings
 */
struct replay {
	struct checkpoint *checkpoint;
	const struct checkpoint_calls *calls;
	void *userdata;
	bool findings;
};

static struct place *place_of(struct checkpoint *checkpoint, struct json_object *line, const char *name)
{
	uint64_t number = 0;

	if (json_get_u64(line, name, &number) < 0 || !number || number > checkpoint->number)
		return NULL;
	return &checkpoint->place[number];
}

/* Numbers come in order: another one is damage. */
static struct place *new_place(struct checkpoint *checkpoint, struct json_object *line)
{
	struct place *more;
	uint64_t number = 0;
	size_t places;

	if (json_get_u64(line, "id", &number) < 0 || number != (uint64_t)checkpoint->number + 1 ||
	    number > UINT32_MAX)
		return NULL;
	if (number >= checkpoint->places) {
		places = checkpoint->places ? 2 * checkpoint->places : 1024;
		more = reallocarray(checkpoint->place, places, sizeof(*more));
		if (!more)
			return NULL;
		checkpoint->place = more;
		checkpoint->places = places;
	}
	checkpoint->number = (uint32_t)number;
	checkpoint->place[number] = (struct place){ 0 };
	return &checkpoint->place[number];
}

static int replay_tree(struct replay *replay, struct json_object *line)
{
	char *path = NULL, *identity = NULL;
	struct place *place;
	struct tree *tree;
	int error = -EBADMSG;

	if (json_get_string(line, "path", &path) >= 0 && path &&
	    json_get_string(line, "identity", &identity) >= 0 && identity) {
		place = new_place(replay->checkpoint, line);
		tree = place ? replay->calls->tree(path, identity, replay->userdata) : NULL;
		if (tree)
			place->node = node_new_top(tree);
		if (place && (!tree || place->node))
			error = 0;
		if (place && place->node)
			place->node->id = replay->checkpoint->number;
	}
	free(path);
	free(identity);
	return error;
}

static int replay_directory(struct replay *replay, struct json_object *line)
{
	struct place *above = place_of(replay->checkpoint, line, "in");
	size_t number = above ? (size_t)(above - replay->checkpoint->place) : 0;
	struct place *place;
	char *name = NULL;
	int error = -EBADMSG;

	if (above && json_get_string(line, "name", &name) >= 0 && name) {
		place = new_place(replay->checkpoint, line);
		above = &replay->checkpoint->place[number]; /* they may have moved */
		if (place && above->node)
			place->node = node_new(above->node, name);
		if (place && (!above->node || place->node))
			error = 0;
		if (place && place->node)
			place->node->id = replay->checkpoint->number;
	}
	free(name);
	return error;
}

static int replay_done(struct replay *replay, struct json_object *line)
{
	struct place *place = place_of(replay->checkpoint, line, "id");
	struct walk_counts counts = { 0 };

	if (!place || json_get_u64(line, "files", &counts.files) < 0 ||
	    json_get_u64(line, "directories", &counts.directories) < 0 ||
	    json_get_u64(line, "excluded", &counts.excluded) < 0 ||
	    json_get_u64(line, "vanished", &counts.vanished) < 0 ||
	    json_get_u64(line, "names", &counts.names) < 0)
		return -EBADMSG;
	place->done = true;
	if (place->node)
		replay->calls->counts(&counts, replay->userdata);
	return 0;
}

static int read_medium(struct json_object *line, struct stick *medium)
{
	if (json_get_string(line, "medium", &medium->node) < 0 ||
	    json_get_bool(line, "medium_usb", &medium->usb) < 0 ||
	    json_get_string(line, "medium_vendor", &medium->vendor) < 0 ||
	    json_get_string(line, "medium_product", &medium->product) < 0 ||
	    json_get_string(line, "medium_serial", &medium->serial) < 0)
		return -EBADMSG;
	return 0;
}

static int read_finding(struct json_object *line, struct finding *finding)
{
	uint64_t size = 0;
	uint32_t error = 0;
	uint8_t state = MIFENG_LABEL_VALID;

	if (json_get_u32(line, "error", &error) < 0 || json_get_string(line, "name", &finding->name) < 0 ||
	    json_get_bool(line, "names", &finding->names) < 0 ||
	    json_get_bool(line, "linked", &finding->linked) < 0 ||
	    json_get_bool(line, "verified", &finding->verified) < 0 ||
	    json_get_u32(line, "uid", &finding->uid) < 0 ||
	    json_get_u32(line, "mode", &finding->mode) < 0 ||
	    json_get_u64(line, "device", &finding->device) < 0 ||
	    json_get_u64(line, "inode", &finding->inode) < 0 ||
	    json_get_u64(line, "size", &size) < 0 ||
	    json_get_name(line, "state", label_state_from_name, &state) < 0)
		return -EBADMSG;
	finding->error = (int)error;
	finding->size = size;
	if (json_get_hex(line, "bytes", finding->bytes, size < LABEL_BYTES ? size : LABEL_BYTES) < 0)
		return -EBADMSG;
	label_from_bytes(finding->bytes, finding->size, &finding->label);
	/* The module may have said less of it than its bytes do. */
	finding->label.state = state;
	return 0;
}

static int replay_finding(struct replay *replay, struct json_object *line, uint8_t kind)
{
	struct place *place = place_of(replay->checkpoint, line, "in");
	struct finding finding = { .kind = kind };
	struct stick medium = { 0 };
	int error = -EBADMSG;

	if (place && read_finding(line, &finding) >= 0 && read_medium(line, &medium) >= 0) {
		error = 0;
		if (replay->findings && place->done && place->node)
			replay->calls->finding(&finding, place->node,
					       medium.node ? &medium : NULL, replay->userdata);
	}
	free(finding.name);
	stick_clear(&medium);
	return error;
}

static int replay_line(struct replay *replay, const char *text, size_t length)
{
	struct json_object *line;
	const char *type = "";
	int error = -EBADMSG;
	uint8_t kind;

	if (json_parse(text, length, &line) < 0)
		return -EBADMSG;
	if (json_get_text(line, "type", &type) <= 0)
		type = "";
	if (!finding_kind_from_name(type, &kind))
		error = replay_finding(replay, line, kind);
	else if (replay->findings || !strcmp(type, "inspection"))
		error = 0;
	else if (!strcmp(type, "tree"))
		error = replay_tree(replay, line);
	else if (!strcmp(type, "directory"))
		error = replay_directory(replay, line);
	else if (!strcmp(type, "done"))
		error = replay_done(replay, line);
	json_free(line);
	return error;
}

/* Returns where the last good line ends. */
static off_t replay_lines(struct replay *replay, FILE *file)
{
	char *line = NULL;
	ssize_t length;
	size_t size = 0;
	off_t end = 0;

	while ((length = getline(&line, &size, file)) > 0) {
		if (line[length - 1] != '\n' || replay_line(replay, line, (size_t)length - 1) < 0)
			break;
		end += length;
	}
	free(line);
	return end;
}

/* Which directories are left: tops, and what is in a directory that is done. */
static int pass_on(struct replay *replay)
{
	struct checkpoint *checkpoint = replay->checkpoint;
	int error = 0;

	for (uint32_t i = checkpoint->number; i; i--) {
		struct node *node = checkpoint->place[i].node;

		if (!node || checkpoint->place[i].done ||
		    (node->parent && !checkpoint->place[node->parent->id].done)) {
			continue;
		}
		checkpoint->place[i].node = NULL;
		if (error)
			node_put(node);
		else
			error = replay->calls->waiting(node, replay->userdata);
	}
	return error;
}

/**
 * checkpoint_replay() - tell what a resumed journal has
 * @checkpoint: the journal.
 * @calls: who is told.
 * @userdata: for @calls.
 *
 * What is damaged, and all behind it, is cut off.
 *
 * Return: 0, -ENOMEM, or the errno of the file.
 */
int checkpoint_replay(struct checkpoint *checkpoint, const struct checkpoint_calls *calls, void *userdata)
{
	struct replay replay = { .checkpoint = checkpoint, .calls = calls, .userdata = userdata };
	FILE *file = checkpoint_reader(checkpoint);
	int error = 0;
	off_t end;

	if (!file)
		return -ENOMEM;
	end = replay_lines(&replay, file);
	if (ferror(file) || ftruncate(checkpoint->fd, end))
		error = -EIO;
	rewind(file);
	replay.findings = true;
	if (!error && replay_lines(&replay, file) != end)
		error = -EIO;
	fclose(file);
	if (!error && lseek(checkpoint->fd, 0, SEEK_END) < 0)
		error = -errno;
	if (!error)
		error = pass_on(&replay);
	for (uint32_t i = checkpoint->number; i; i--)
		node_put(checkpoint->place[i].node);
	free(checkpoint->place);
	checkpoint->place = NULL;
	checkpoint->places = 0;
	return error;
}
