// SPDX-License-Identifier: GPL-2.0-or-later
#include "stall.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STALL_SIZE 4096

static struct uffdio_zeropage stalled;
static int stall_fd;

static void *resolver(void *unused)
{
	sigset_t signals;
	int number;

	(void)unused;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigwait(&signals, &number);
	ioctl(stall_fd, UFFDIO_ZEROPAGE, &stalled);
	return NULL;
}

char *stall_make(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	pthread_t thread;
	sigset_t signals;
	char *page;

	/* To be waited for by the one thread only. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	stall_fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	page = mmap(NULL, STALL_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stall_fd < 0 || page == MAP_FAILED)
		return NULL;
	area.range.start = (uintptr_t)page;
	area.range.len = STALL_SIZE;
	stalled.range = area.range;
	if (ioctl(stall_fd, UFFDIO_API, &api) < 0 || ioctl(stall_fd, UFFDIO_REGISTER, &area) < 0 ||
	    pthread_create(&thread, NULL, resolver, NULL))
		return NULL;
	return page;
}

void stall_end(const struct outcome *outcome)
{
	kill(outcome->pid, SIGUSR1);
}
