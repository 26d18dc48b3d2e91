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
#include "inspect_journal.h"

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
#include "write_all.h"

#define FORMAT		1
#define FLUSH_BYTES	(64U << 10)

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

/** checkpoint_reader() - the journal from its beginning, by a descriptor of its own; or NULL */
FILE *checkpoint_reader(const struct checkpoint *checkpoint)
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

	file = checkpoint_reader(checkpoint);
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
