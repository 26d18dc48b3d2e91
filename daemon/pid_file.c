// SPDX-License-Identifier: GPL-2.0-or-later
#include "pid_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY	"/run/mifeng"
#define NEW_FILE	PID_FILE ".new"

/* Everybody may know the number: modes are set past the umask. */
int pid_file_write(void)
{
	int fd, r = 0;

	if (mkdir(DIRECTORY, 0755) < 0 && errno != EEXIST)
		return -errno;
	if (chmod(DIRECTORY, 0755) < 0)
		return -errno;
	unlink(NEW_FILE);
	fd = open(NEW_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	if (dprintf(fd, "%d\n", (int)getpid()) < 0 || fchmod(fd, 0644) < 0 ||
	    rename(NEW_FILE, PID_FILE) < 0) {
		r = -errno;
		unlink(NEW_FILE);
	}
	close(fd);
	return r;
}

void pid_file_remove(void)
{
	unlink(PID_FILE);
}
