// SPDX-License-Identifier: GPL-2.0-or-later
/* Locks and leases, names and modes, and how much room there is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
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

/* Which of the receiver's leases the sender breaks, by opening the files. */
static const char *lease_name(int i)
{
	static char path[64];

	snprintf(path, sizeof(path), DIRECTORY "/lease-%d", i);
	return path;
}

static int leases_before(void)
{
	for (int i = 0; i < FILES; i++) {
		own[i] = open(lease_name(i), O_RDWR | O_CREAT, 0600);
		if (own[i] < 0 || fcntl(own[i], F_SETLEASE, F_WRLCK) < 0)
			return errno;
	}
	return 0;
}

static int leases_set(uint64_t number)
{
	for (int i = 0; i < FILES; i++)
		if (number >> i & 1 && (open(lease_name(i), O_RDONLY | O_NONBLOCK) >= 0 || errno != EAGAIN))
			return errno;
	return 0;
}

/* Of a lease that is being broken, what is left of it is told. */
static uint64_t leases_get(void)
{
	uint64_t number = 0;

	for (int i = 0; i < FILES; i++) {
		if (fcntl(own[i], F_GETLEASE) == F_WRLCK)
			continue;
		number |= 1ULL << i;
		fcntl(own[i], F_SETLEASE, F_UNLCK);
		fcntl(own[i], F_SETLEASE, F_WRLCK);
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

/* That of a FIFO there which the receiver has made. */
#define FIFO		"/tmp/fifo"
#define FIFO_BITS	12

static int fifo_before(void)
{
	unlink(FIFO);
	return done(mkfifo(FIFO, 0600));
}

static int fifo_set(uint64_t number)
{
	return done(chmod(FIFO, (mode_t)number));
}

static uint64_t fifo_get(void)
{
	struct stat status = { 0 };

	stat(FIFO, &status);
	return status.st_mode & ((1U << FIFO_BITS) - 1);
}

/* How many blocks the document has, seen by how many the filesystem has left. */
#define SPACE_BITS	10
#define BLOCK		4096

static uint64_t space_get(void)
{
	struct statfs space = { 0 };

	statfs("/srv", &space);
	return count_told(space.f_blocks - space.f_bfree, SPACE_BITS);
}

static int space_before(void)
{
	if (truncate(document, 1) < 0)
		return errno;
	space_get();
	return 0;
}

static int space_set(uint64_t number)
{
	static int file = -1;
	off_t size = (off_t)(count_next(number, SPACE_BITS) + 1) * BLOCK;

	if (file < 0)
		file = open(document, O_RDWR | O_CLOEXEC);
	return done(file) ?: done(fallocate(file, 0, 0, size)) ?: done(ftruncate(file, size));
}

const struct way file_ways[] = {
	{ .name = "flock", .bits = FILES, .spent = 512 / FILES, .before = locks_before,
	  .set = locks_set, .get = locks_get },
	{ .name = "lease-breaks", .bits = FILES, .spent = 16, .before = leases_before,
	  .set = leases_set, .get = leases_get },
	{ .name = "scratch-names", .bits = FILES, .before = nothing,
	  .set = scratch_set, .get = scratch_get },
	{ .name = "directory-modes", .bits = MODE_BITS, .before = nothing,
	  .set = mode_set, .get = mode_get },
	{ .name = "fifo-modes", .bits = FIFO_BITS, .before = fifo_before,
	  .set = fifo_set, .get = fifo_get },
	{ .name = "free-space", .bits = SPACE_BITS, .before = space_before,
	  .set = space_set, .get = space_get },
	{ 0 },
};
