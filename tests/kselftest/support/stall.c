// SPDX-License-Identifier: GPL-2.0-or-later
#include "stall.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "fuse.h"

#define STALL_SIZE 4096

static void *stall_resolver(void *unused)
{
	sigset_t signals;
	int number;

	(void)unused;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigwait(&signals, &number);
	fuse_release();
	return NULL;
}

char *stall_make(void)
{
	char where[] = "/tmp/mifeng-stall-XXXXXX";
	pthread_t thread;
	sigset_t signals;
	char *page;
	int fd;

	/* To be waited for by the one thread only. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (!mkdtemp(where) || fuse_mount(where))
		return NULL;
	fd = open(path_join(where, "stall"), O_RDWR | O_CLOEXEC);
	page = mmap(NULL, STALL_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	/* the mapping keeps it */
	close(fd);
	umount2(where, MNT_DETACH);
	rmdir(where);
	if (page == MAP_FAILED || pthread_create(&thread, NULL, stall_resolver, NULL))
		return NULL;
	return page;
}

void stall_end(const struct outcome *outcome)
{
	kill(outcome->pid, SIGUSR1);
}
