// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file of an inspection that can be resumed: a journal to which each directory is added
 * when it has been looked at, so that a power cut costs the last seconds and no more.
 *
 * It is one JSON object a line. The first says what is inspected. Then come trees, directories
 * (each with its number, that of the one it is in, and its name), findings, and, when all that is
 * in a directory has been written, that it is done. So what belongs to a directory that is not
 * done counts for nothing: it is read again. A line that is cut short ends the file.
 */
#include "inspect_checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspect_finding.h"
#include "inspect_node.h"
#include "json_read.h"
#include "json_text.h"
#include "label_text.h"
#include "record.h"
#include "system_identity.h"
#include "text_buffer.h"

#define FORMAT		1
#define FLUSH_BYTES	(64U << 10)

/**
 * struct place - a directory of the journal
 * @node: NULL if its tree is none of this inspection's
 * @done: all that is in it was looked at
 */
struct place {
	struct node *node;
	bool done;
};

/**
 * struct checkpoint - an open journal
 * @fd: the file, locked
 * @path: of it
 * @resumed: there was something in it
 * @started: when the inspection was begun, ns since 1970
 * @line: what is not written yet
 * @error: it could not be written; nothing is added any more
 * @number: of the newest directory
 * @place: by number, from 1; while it is replayed
 * @places: room there
 */
struct checkpoint {
	int fd;
	char *path;
	bool resumed;
	int64_t started;
	struct text_buffer line;
	int error;
	uint32_t number;
	struct place *place;
	size_t places;
};

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

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		data += done;
		size -= (size_t)done;
	}
	return 0;
}

static void flush(struct checkpoint *checkpoint)
{
	if (checkpoint->line.failed && !checkpoint->error)
		checkpoint->error = -ENOMEM;
	if (!checkpoint->error && checkpoint->line.length)
		checkpoint->error = write_all(checkpoint->fd, checkpoint->line.data, checkpoint->line.length);
	text_buffer_truncate(&checkpoint->line, 0);
}

static void begin_line(struct checkpoint *checkpoint, const char *type)
{
	/* A comma goes before what follows a value, and the newline is none. */
	text_buffer_add_text(&checkpoint->line, "{");
	json_string(&checkpoint->line, "type", type);
}

static void end_line(struct checkpoint *checkpoint)
{
	text_buffer_add_text(&checkpoint->line, "}\n");
}

static void write_header(struct checkpoint *checkpoint, const char *const *argument, size_t arguments)
{
	begin_line(checkpoint, "inspection");
	json_unsigned(&checkpoint->line, "format", FORMAT);
	json_time(&checkpoint->line, "started", checkpoint->started);
	json_begin(&checkpoint->line, "arguments", '[');
	for (size_t i = 0; i < arguments; i++)
		json_string(&checkpoint->line, NULL, argument[i]);
	json_end(&checkpoint->line, ']');
	end_line(checkpoint);
	flush(checkpoint);
}

/* The same text as JSON makes of it: bytes that are not UTF-8 are all alike. */
static bool same_text(const char *text, const char *argument)
{
	struct text_buffer a = { 0 }, b = { 0 };
	bool same;

	json_begin(&a, NULL, '[');
	json_string(&a, NULL, text);
	json_begin(&b, NULL, '[');
	json_string(&b, NULL, argument);
	same = !a.failed && !b.failed && !strcmp(a.data, b.data);
	text_buffer_clear(&a);
	text_buffer_clear(&b);
	return same;
}

static int check_arguments(struct json_object *header, const char *const *argument,
			   size_t arguments)
{
	struct json_object *array;
	const char *text;

	if (json_get_array(header, "arguments", &array) <= 0)
		return -EEXIST;
	if (json_array_count(array) != arguments)
		return -EINVAL;
	for (size_t i = 0; i < arguments; i++)
		if (json_array_text(array, i, &text) < 0 || !same_text(text, argument[i]))
			return -EINVAL;
	return 0;
}

static int read_header(struct checkpoint *checkpoint, const char *line, size_t length,
		       const char *const *argument, size_t arguments)
{
	struct json_object *header;
	const char *type = "";
	uint64_t format = 0;
	int error;

	if (json_parse(line, length, &header) < 0)
		return -EEXIST;
	error = -EEXIST;
	if (json_get_text(header, "type", &type) > 0 && !strcmp(type, "inspection") &&
	    json_get_u64(header, "format", &format) >= 0 && format == FORMAT &&
	    json_get_time(header, "started", &checkpoint->started) >= 0)
		error = check_arguments(header, argument, arguments);
	json_free(header);
	return error;
}

static FILE *reader_of(const struct checkpoint *checkpoint)
{
	int fd = fcntl(checkpoint->fd, F_DUPFD_CLOEXEC, 0);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file && fd >= 0)
		close(fd);
	if (file)
		rewind(file);
	return file;
}

/* An empty file is begun; one that a power cut has left with half a first line, too. */
static int begin_or_resume(struct checkpoint *checkpoint, const char *const *argument, size_t arguments)
{
	char *line = NULL;
	ssize_t length;
	size_t size = 0;
	int error = 0;
	FILE *file;

	file = reader_of(checkpoint);
	if (!file)
		return -ENOMEM;
	length = getline(&line, &size, file);
	fclose(file);
	if (length > 0 && line[length - 1] == '\n') {
		checkpoint->resumed = true;
		error = read_header(checkpoint, line, (size_t)length - 1, argument, arguments);
	} else if (length > 0 && strncmp(line, "{\"type\":\"inspection\"", 20)) {
		error = -EEXIST;
	} else {
		checkpoint->started = system_time();
		if (ftruncate(checkpoint->fd, 0) || lseek(checkpoint->fd, 0, SEEK_SET) < 0)
			error = -errno;
	}
	free(line);
	if (!error && !checkpoint->resumed) {
		write_header(checkpoint, argument, arguments);
		error = checkpoint->error;
	}
	return error;
}

/* What somebody else could have written might say that all has been looked at. */
static int check_owner(int fd)
{
	struct stat info;

	if (fstat(fd, &info))
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EEXIST;
	return info.st_uid == geteuid() && !(info.st_mode & 022) ? 0 : -EPERM;
}

/**
 * checkpoint_open() - begin a journal, or go on with one
 * @file: its path; made if it is not there.
 * @argument: what is inspected and how, which has to be as it was.
 * @arguments: how many.
 * @ret: the journal; checkpoint_close() it.
 *
 * Return: 0; -EBUSY if another inspection has it; -EEXIST if it is something else; -EINVAL for
 * other arguments; -EPERM if others could have written it; -ENOMEM, or the errno of the file.
 */
int checkpoint_open(const char *file, const char *const *argument, size_t arguments,
	       struct checkpoint **ret)
{
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	int error;

	if (!checkpoint)
		return -ENOMEM;
	checkpoint->path = strdup(file);
	checkpoint->fd = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
			 0600);
	if (checkpoint->fd < 0 || !checkpoint->path)
		error = checkpoint->path ? -errno : -ENOMEM;
	else
		error = check_owner(checkpoint->fd);
	if (!error && flock(checkpoint->fd, LOCK_EX | LOCK_NB))
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (!error)
		error = begin_or_resume(checkpoint, argument, arguments);
	if (error)
		checkpoint_close(checkpoint, false);
	else
		*ret = checkpoint;
	return error;
}

/** checkpoint_is_resumed() - there was something in the journal */
bool checkpoint_is_resumed(const struct checkpoint *checkpoint)
{
	return checkpoint->resumed;
}

/** checkpoint_started() - when the inspection was begun, ns since 1970 */
int64_t checkpoint_started(const struct checkpoint *checkpoint)
{
	return checkpoint->started;
}

/** checkpoint_number() - the highest number of a directory in the journal; 0 for none */
uint32_t checkpoint_number(const struct checkpoint *checkpoint)
{
	return checkpoint->number;
}

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
	FILE *file = reader_of(checkpoint);
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

/**
 * checkpoint_tree() - note a tree that is looked at
 * @checkpoint: the journal.
 * @top: of the tree, with its number.
 */
void checkpoint_tree(struct checkpoint *checkpoint, const struct node *top)
{
	begin_line(checkpoint, "tree");
	json_unsigned(&checkpoint->line, "id", top->id);
	json_string(&checkpoint->line, "path", top->tree->path);
	json_string(&checkpoint->line, "identity", top->tree->identity);
	end_line(checkpoint);
	checkpoint->number = top->id;
}

static void add_finding(struct checkpoint *checkpoint, uint32_t directory, const struct finding *finding,
			const struct stick *medium)
{
	struct text_buffer *line = &checkpoint->line;

	begin_line(checkpoint, finding_kind_name(finding->kind));
	json_unsigned(line, "in", directory);
	json_string(line, "name", finding->name);
	if (finding->kind == FINDING_UNSEEN) {
		json_unsigned(line, "error", (uint64_t)finding->error);
	} else {
		if (finding->names)
			json_bool(line, "names", true);
		if (finding->linked)
			json_bool(line, "linked", true);
		if (finding->verified)
			json_bool(line, "verified", true);
		json_unsigned(line, "uid", finding->uid);
		json_unsigned(line, "mode", finding->mode);
		json_unsigned(line, "device", finding->device);
		json_unsigned(line, "inode", finding->inode);
		json_unsigned(line, "size", finding->size);
		json_hex(line, "bytes", finding->bytes,
			 finding->size < LABEL_BYTES ? finding->size : LABEL_BYTES);
		json_string(line, "state", label_state_name(finding->label.state));
	}
	if (medium && finding->kind == FINDING_ON_MEDIUM) {
		json_string(line, "medium", medium->node);
		if (medium->usb)
			json_bool(line, "medium_usb", true);
		json_string(line, "medium_vendor", medium->vendor);
		json_string(line, "medium_product", medium->product);
		json_string(line, "medium_serial", medium->serial);
	}
	end_line(checkpoint);
}

/**
 * checkpoint_commit() - note what a directory has brought
 * @checkpoint: the journal.
 * @directory: which.
 * @batch: what; if it is not done, nothing is noted, because it will be read again.
 * @medium: that it is on; may be NULL.
 */
void checkpoint_commit(struct checkpoint *checkpoint, const struct node *directory,
		  const struct walk_batch *batch, const struct stick *medium)
{
	struct text_buffer *line = &checkpoint->line;

	if (checkpoint->error)
		return;
	for (size_t i = 0; i < batch->count; i++)
		add_finding(checkpoint, directory->id, &batch->finding[i], medium);
	for (size_t i = 0; batch->done && i < batch->children; i++) {
		begin_line(checkpoint, "directory");
		json_unsigned(line, "id", batch->child[i]->id);
		json_unsigned(line, "in", directory->id);
		json_string(line, "name", batch->child[i]->name);
		end_line(checkpoint);
		if (line->length >= FLUSH_BYTES)
			flush(checkpoint);
	}
	if (batch->done) {
		begin_line(checkpoint, "done");
		json_unsigned(line, "id", directory->id);
		json_unsigned(line, "files", batch->counts.files);
		json_unsigned(line, "directories", batch->counts.directories);
		if (batch->counts.excluded)
			json_unsigned(line, "excluded", batch->counts.excluded);
		if (batch->counts.vanished)
			json_unsigned(line, "vanished", batch->counts.vanished);
		if (batch->counts.names)
			json_unsigned(line, "names", batch->counts.names);
		end_line(checkpoint);
	}
	if (line->length >= FLUSH_BYTES || line->failed)
		flush(checkpoint);
}

/**
 * checkpoint_sync() - have everything on the disk
 * @checkpoint: the journal; no other call at the same time.
 *
 * Return: 0, -ENOMEM, or the errno of writing: then nothing is noted any more, and what was
 * noted before stays good.
 */
int checkpoint_sync(struct checkpoint *checkpoint)
{
	flush(checkpoint);
	if (!checkpoint->error && fdatasync(checkpoint->fd))
		checkpoint->error = -errno;
	return checkpoint->error;
}

/**
 * checkpoint_close() - end with a journal
 * @checkpoint: may be NULL.
 * @finished: there is nothing left to resume: the file is removed.
 *
 * Return: NULL.
 */
struct checkpoint *checkpoint_close(struct checkpoint *checkpoint, bool finished)
{
	if (!checkpoint)
		return NULL;
	if (finished)
		unlink(checkpoint->path);
	if (checkpoint->fd >= 0)
		close(checkpoint->fd);
	text_buffer_clear(&checkpoint->line);
	free(checkpoint->path);
	free(checkpoint);
	return NULL;
}
