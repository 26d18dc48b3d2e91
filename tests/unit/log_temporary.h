/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory that is gone when the test ends, and files in it. */
#ifndef TESTS_UNIT_LOG_TEMPORARY_H
#define TESTS_UNIT_LOG_TEMPORARY_H

#include <err.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char temporary[] = "/tmp/mifeng-unit-XXXXXX";

static inline int temporary_entry(const char *path, const struct stat *st, int flag,
				  struct FTW *walk)
{
	(void)st;
	(void)flag;
	(void)walk;
	return remove(path);
}

static inline void temporary_remove(void)
{
	nftw(temporary, temporary_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void temporary_make(void)
{
	if (!mkdtemp(temporary))
		err(1, "mkdtemp");
	atexit(temporary_remove);
}

/* The path of a name in the directory; one of eight static buffers. */
static inline char *in_temporary(const char *name)
{
	static char paths[8][256];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", temporary, name);
	return path;
}

static inline void write_bytes(const char *path, const char *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd) < 0)
		err(1, "%s", path);
}

static inline void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

/* All of a file, with a NUL behind it; to be freed. */
static inline char *read_bytes(const char *path, size_t *ret_size)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *data;

	if (fd < 0 || fstat(fd, &st) < 0)
		err(1, "%s", path);
	data = calloc(1, (size_t)st.st_size + 1);
	if (!data || read(fd, data, (size_t)st.st_size) != st.st_size)
		err(1, "%s", path);
	close(fd);
	*ret_size = (size_t)st.st_size;
	return data;
}

#endif /* TESTS_UNIT_LOG_TEMPORARY_H */
