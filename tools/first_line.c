// SPDX-License-Identifier: GPL-2.0-or-later
#include "first_line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/**
 * first_line() - read the first line of a small file, as sysfs and procfs have them
 * @path: the file.
 * @line: gets it without the newline; empty on failure.
 * @size: of @line.
 *
 * Return: 0, -ENODATA if the file is empty, or the errno of opening it.
 */
int first_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	int result = 0;

	line[0] = '\0';
	if (!file)
		return -errno;
	if (!fgets(line, (int)size, file)) {
		line[0] = '\0';
		result = -ENODATA;
	}
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return result;
}
