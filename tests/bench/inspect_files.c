// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files for tests/bench/inspect, and what it is compared with.
 *
 *	inspect_files make DIRECTORY COUNT	so many empty files, a hundred a directory
 *	inspect_files xattr			one lgetxattr for each line of find's
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define FILES		100	/* a directory */
#define DIRECTORIES	100	/* a directory */

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int make(const char *directory, long count)
{
	char path[4096];

	if (mkdir(directory, 0755))
		return fail(directory);
	for (long i = 0; i < count; i++) {
		const long leaf = i / FILES, branch = leaf / DIRECTORIES;
		int fd;

		if (i % (FILES * DIRECTORIES) == 0) {
			snprintf(path, sizeof(path), "%s/branch-%ld", directory, branch);
			if (mkdir(path, 0755))
				return fail(path);
		}
		if (i % FILES == 0) {
			snprintf(path, sizeof(path), "%s/branch-%ld/leaf-%ld", directory, branch, leaf);
			if (mkdir(path, 0755))
				return fail(path);
		}
		snprintf(path, sizeof(path), "%s/branch-%ld/leaf-%ld/file-%ld.odt", directory,
			 branch, leaf, i);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0)
			return fail(path);
		close(fd);
	}
	return 0;
}

/* Lines are a path, a blank and an owner. */
static int look(void)
{
	unsigned long looked = 0, labelled = 0;
	char *line = NULL, *blank;
	size_t size = 0;
	char label[64];

	while (getline(&line, &size, stdin) > 0) {
		blank = strrchr(line, ' ');
		if (!blank)
			continue;
		*blank = '\0';
		looked++;
		if (lgetxattr(line, "security.mifeng", label, sizeof(label)) >= 0)
			labelled++;
		else if (errno != ENODATA)
			return fail(line);
	}
	free(line);
	printf("%lu %lu\n", looked, labelled);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "make"))
		return make(argv[2], atol(argv[3]));
	if (argc == 2 && !strcmp(argv[1], "xattr"))
		return look();
	fprintf(stderr, "usage: inspect_files make DIRECTORY COUNT | xattr\n");
	return 2;
}
