// SPDX-License-Identifier: GPL-2.0-or-later
/* Locks, names and modes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "way.h"

/* Locks on whole files. */
static int locks_before(void)
{
	char path[64];

	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), DIRECTORY "/lock-%d", i);
		close(open(path, O_RDWR | O_CREAT, 0600));
		own[i] = open(path, O_RDONLY);
		shared[i] = open(path, O_RDONLY);
		if (own[i] < 0 || shared[i] < 0)
			return errno;
	}
	return 0;
}

static int locks_set(uint64_t number)
{
	for (int i = 0; i < FILES; i++)
		if (flock(own[i], (number >> i & 1 ? LOCK_SH : LOCK_UN) | LOCK_NB) < 0)
			return errno;
	return 0;
}

static uint64_t locks_get(void)
{
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++) {
		if (flock(shared[i], LOCK_EX | LOCK_NB) < 0)
			number |= 1ULL << i;
		else
			flock(shared[i], LOCK_UN);
	}
	return number;
}

/* Which of some names there are in the scratch zone. */
static const char *scratch_name(int i)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/scratch-%d", i);
	return path;
}

static int scratch_set(uint64_t number)
{
	for (int i = 0; i < FILES; i++) {
		const bool wanted = number >> i & 1;

		if (access(scratch_name(i), F_OK) == (wanted ? 0 : -1))
			continue;
		if (wanted ? mkdir(scratch_name(i), 0700) : rmdir(scratch_name(i)))
			return errno;
	}
	return 0;
}

static uint64_t scratch_get(void)
{
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++)
		number |= (uint64_t)!access(scratch_name(i), F_OK) << i;
	return number;
}

/* The mode of a directory in the scratch zone. */
#define MODE_BITS	9

static int mode_set(uint64_t number)
{
	umask(0);
	if (rmdir(scratch_name(FILES)) < 0 && errno != ENOENT)
		return errno;
	return done(mkdir(scratch_name(FILES), (mode_t)number));
}

static uint64_t mode_get(void)
{
	struct stat status = { 0 };

	stat(scratch_name(FILES), &status);
	return status.st_mode & ((1U << MODE_BITS) - 1);
}

const struct way file_ways[] = {
	{ .name = "flock", .bits = FILES, .before = locks_before,
	  .set = locks_set, .get = locks_get },
	{ .name = "scratch-names", .bits = FILES, .before = nothing,
	  .set = scratch_set, .get = scratch_get },
	{ .name = "directory-modes", .bits = MODE_BITS, .before = nothing,
	  .set = mode_set, .get = mode_get },
	{ 0 },
};
