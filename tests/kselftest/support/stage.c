// SPDX-License-Identifier: GPL-2.0-or-later
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uapi/mifeng.h"

struct stage stage = { .wire = { .fd = -1 } };

static const char *const parents[PLACES] = {
	[PLACE_UNMARKED] = "/home/cleared",
	[PLACE_ZONE] = "/srv/classified",
	[PLACE_SCRATCH] = "/tmp",
};

bool baseline(void)
{
	return getenv("MIFENG_BASELINE") || getenv("MIFENG_BARE");
}

const char *path_join(const char *directory, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", directory, name) < 0 ? "" : path;
}

int file_make(const char *path)
{
	char content[FILE_SIZE];
	int fd, error = 0;

	memset(content, 'x', sizeof(content));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	if (write(fd, content, sizeof(content)) != sizeof(content) || fchmod(fd, 0666) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int directory_make(const char *path)
{
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return -errno;
	return chmod(path, 0777) < 0 ? -errno : 0;
}

/* What stands ready for a program to work on. */
static int props_make(const char *parent, const char *name)
{
	char directory[192];
	int error;

	snprintf(directory, sizeof(directory), "%s/%s", parent, name);
	error = directory_make(directory);
	if (!error)
		error = file_make(path_join(directory, "file"));
	if (!error)
		error = file_make(path_join(directory, "other"));
	if (!error)
		error = directory_make(path_join(directory, "directory"));
	if (error)
		return error;
	if (symlink("file", path_join(directory, "link")) < 0 ||
	    mkfifo(path_join(directory, "fifo"), 0666) < 0 ||
	    chmod(path_join(directory, "fifo"), 0666) < 0 ||
	    lchown(path_join(directory, "file"), CLEARED, CLEARED) < 0 ||
	    lchown(path_join(directory, "other"), CLEARED, CLEARED) < 0 ||
	    lchown(path_join(directory, "directory"), CLEARED, CLEARED) < 0 ||
	    lchown(path_join(directory, "link"), CLEARED, CLEARED) < 0 ||
	    chown(directory, CLEARED, CLEARED) < 0)
		return -errno;
	return 0;
}

static int place_make(enum place place)
{
	char *directory = stage.directory[place];
	int error;

	snprintf(directory, sizeof(stage.directory[0]), "%s/mifeng-test-%d", parents[place],
		 getpid());
	error = directory_make(directory);
	if (!error)
		error = props_make(directory, "tainted");
	if (!error)
		error = props_make(directory, "ordinary");
	return error;
}

const char *stage_open(void)
{
	static char wrong[768];
	mode_t mask = umask(0);
	int error = 0;

	stage.wire.fd = -1;
	if (baseline() && mkdir("/srv/classified", 0755) < 0 && errno != EEXIST)
		return "cannot make /srv/classified";
	if (!baseline())
		error = wire_open(&stage.wire);
	if (error) {
		snprintf(wrong, sizeof(wrong), "cannot reach the module: %s", strerror(-error));
		return wrong;
	}
	for (enum place place = 0; place < PLACES; place++) {
		error = place_make(place);
		if (error) {
			snprintf(wrong, sizeof(wrong), "cannot set up %s: %s",
				 stage.directory[place], strerror(-error));
			return wrong;
		}
	}
	snprintf(stage.document, sizeof(stage.document), "%s/document",
		 stage.directory[PLACE_ZONE]);
	error = file_make(stage.document);
	if (!error)
		error = stage_mark(stage.document);
	if (error) {
		snprintf(wrong, sizeof(wrong), "cannot mark %s: %s %s", stage.document,
			 strerror(-error), stage.wire.words);
		return wrong;
	}
	umask(mask);
	return NULL;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	remove(path);
	return 0;
}

void stage_close(void)
{
	for (enum place place = 0; place < PLACES; place++)
		if (stage.directory[place][0])
			nftw(stage.directory[place], entry_remove, 16, FTW_DEPTH | FTW_PHYS);
	wire_close(&stage.wire);
}

int stage_mark(const char *path)
{
	int fd, error;

	if (baseline())
		return 0;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = wire_mark(&stage.wire, fd, DOCUMENT_LEVEL, DOCUMENT_SCOPES);
	close(fd);
	return error;
}

int stage_level(const char *directory, const char *name)
{
	struct wire_label label;
	int fd, error;

	if (baseline())
		return DOCUMENT_LEVEL;
	fd = open(directory ? path_join(directory, name) : name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = wire_label_get(&stage.wire, fd, &label);
	close(fd);
	if (error)
		return error;
	if (label.state == MIFENG_LABEL_NONE)
		return 0;
	return label.state == MIFENG_LABEL_VALID ? label.level : -EBADMSG;
}
