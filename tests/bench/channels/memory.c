// SPDX-License-Identifier: GPL-2.0-or-later
/* Pages of files, sealed memory, segments. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "way.h"

#define PAGE		4096UL
#define PAGES		DIRECTORY "/pages"
#define EXCLUSIVE	56	/* bit of an entry in pagemap: nobody else has the page mapped */

static char *pages;

static int pages_before(void)
{
	static const char byte = 'y';
	int file = open(PAGES, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (file < 0)
		return errno;
	for (int i = 0; i < MANY; i++)
		if (pwrite(file, &byte, 1, (off_t)((i + 1) * PAGE - 1)) != 1)
			return errno;
	return done(fsync(file)) ?: done(close(file));
}

static void pages_map(void)
{
	own[0] = open(PAGES, O_RDONLY | O_CLOEXEC);
	pages = mmap(NULL, MANY * PAGE, PROT_READ, MAP_SHARED, own[0], 0);
}

/* Which pages of a file of the receiver's are in the cache. */
static void cache_part(bool sends)
{
	if (sends)
		return;
	pages_map();
	posix_fadvise(own[0], 0, 0, POSIX_FADV_DONTNEED);
}

static int cache_set(uint64_t number)
{
	static int file = -1;
	char byte;

	if (file < 0)
		file = open(PAGES, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return errno;
	posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM); /* nothing is read ahead */
	for (int i = 0; i < MANY; i++)
		if (number >> i & 1 && pread(file, &byte, 1, (off_t)(i * PAGE)) != 1)
			return errno;
	return 0;
}

static uint64_t cache_get(void)
{
	unsigned char there[MANY] = { 0 };
	uint64_t number = 0;

	mincore(pages, MANY * PAGE, there);
	for (int i = 0; i < MANY; i++)
		number |= (uint64_t)(there[i] & 1) << i;
	posix_fadvise(own[0], 0, 0, POSIX_FADV_DONTNEED);
	return number;
}

/* Which of them the sender has mapped as well. */
static void mapped_part(bool sends)
{
	if (sends)
		return;
	pages_map();
	shared[0] = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < MANY; i++)
		(void)*(volatile char *)(pages + i * PAGE);
}

/* Each by itself: a fault maps what is around it. */
static int mapped_set(uint64_t number)
{
	static char *space;
	static int file = -1;

	if (file < 0) {
		file = open(PAGES, O_RDONLY | O_CLOEXEC);
		space = mmap(NULL, 2 * MANY * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	if (file < 0 || space == MAP_FAILED)
		return errno;
	for (int i = 0; i < MANY; i++) {
		char *at = space + 2 * i * PAGE;
		void *got;

		if (number >> i & 1)
			got = mmap(at, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED | MAP_POPULATE,
				   file, (off_t)(i * PAGE));
		else
			got = mmap(at, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		if (got == MAP_FAILED)
			return errno;
	}
	return 0;
}

static uint64_t mapped_get(void)
{
	uint64_t entries[MANY] = { 0 }, number = 0;

	if (pread(shared[0], entries, sizeof(entries),
		  (off_t)((uintptr_t)pages / PAGE * sizeof(entries[0]))) != sizeof(entries))
		return 0;
	for (int i = 0; i < MANY; i++)
		number |= (~entries[i] >> EXCLUSIVE & 1) << i;
	return number;
}

/* The seals of some memory that both have, which stay. */
#define SEALS	4
#define SEALED	(MANY / SEALS)

static int seals_before(void)
{
	for (int i = 0; i < SEALED; i++) {
		shared[i] = memfd_create("channels", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		if (shared[i] < 0)
			return errno;
	}
	return 0;
}

static int seals_set(uint64_t number)
{
	for (int i = 0; i < SEALED; i++)
		if (fcntl(shared[i], F_ADD_SEALS, (int)(number >> i * SEALS & ((1 << SEALS) - 1))) < 0)
			return errno;
	return 0;
}

static uint64_t seals_get(void)
{
	uint64_t number = 0;

	for (int i = 0; i < SEALED; i++) {
		number |= (uint64_t)(unsigned int)fcntl(shared[i], F_GET_SEALS) << i * SEALS;
		close(shared[i]);
	}
	return number;
}

/* How often the sender has a segment attached. */
#define ATTACH_BITS	8

static int segment;

static int segment_before(void)
{
	segment = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	return done(segment);
}

static int segment_set(uint64_t number)
{
	static void *at[1 << ATTACH_BITS];
	static uint64_t attached;

	for (; attached < number; attached++) {
		at[attached] = shmat(segment, NULL, SHM_RDONLY);
		if (at[attached] == (void *)-1)
			return errno;
	}
	for (; attached > number; attached--)
		if (shmdt(at[attached - 1]) < 0)
			return errno;
	return 0;
}

static uint64_t segment_get(void)
{
	struct shmid_ds state = { 0 };

	shmctl(segment, IPC_STAT, &state);
	return state.shm_nattch;
}

static void segment_after(void)
{
	shmctl(segment, IPC_RMID, NULL);
}

const struct way memory_ways[] = {
	{ .name = "page-cache", .bits = MANY, .before = pages_before, .part = cache_part,
	  .set = cache_set, .get = cache_get },
	{ .name = "page-mappings", .bits = MANY, .before = pages_before, .part = mapped_part,
	  .set = mapped_set, .get = mapped_get },
	{ .name = "memfd-seals", .bits = MANY, .once = true, .before = seals_before,
	  .set = seals_set, .get = seals_get },
	{ .name = "segment-attaches", .bits = ATTACH_BITS, .before = segment_before,
	  .set = segment_set, .get = segment_get, .after = segment_after },
	{ 0 },
};
