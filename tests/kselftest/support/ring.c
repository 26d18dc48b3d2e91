// SPDX-License-Identifier: GPL-2.0-or-later
#include "ring.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "deed.h"

#define RING_SIZE 4096 /* room for both rings of one entry */

static void *ring_map(int fd, off_t place)
{
	return mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, place);
}

static int ring_use(int fd, const struct io_uring_params *about, const struct io_uring_sqe *what,
		    int *answer)
{
	struct io_uring_sqe *entries = ring_map(fd, IORING_OFF_SQES);
	char *ring = ring_map(fd, IORING_OFF_SQ_RING);
	const struct io_uring_cqe *answers;

	if (entries == MAP_FAILED || ring == MAP_FAILED)
		return errno;
	entries[0] = *what;
	*(uint32_t *)(ring + about->sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(ring + about->sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return errno ?: EIO;
	if (!__atomic_load_n((uint32_t *)(ring + about->cq_off.tail), __ATOMIC_ACQUIRE))
		return EIO;
	answers = (const struct io_uring_cqe *)(ring + about->cq_off.cqes);
	*answer = answers[0].res;
	return 0;
}

int ring_do(const struct io_uring_sqe *what, int *answer)
{
	struct io_uring_params about = { 0 };
	int fd = (int)syscall(SYS_io_uring_setup, 1, &about), error;

	if (fd < 0)
		return errno;
	/* both rings are in one mapping since 5.4 */
	error = about.features & IORING_FEAT_SINGLE_MMAP ? ring_use(fd, &about, what, answer) : EIO;
	close(fd);
	return error;
}
