// SPDX-License-Identifier: GPL-2.0-or-later
#include "system_identity.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* 32 hex digits from a file, dashes left out. */
static void read_id(const char *path, char ret[SYSTEM_ID_SIZE])
{
	char text[64], id[SYSTEM_ID_SIZE];
	size_t digits = 0;
	ssize_t length;
	int fd;

	memset(ret, '0', SYSTEM_ID_SIZE - 1);
	ret[SYSTEM_ID_SIZE - 1] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, text, sizeof(text));
	close(fd);
	for (ssize_t i = 0; i < length && digits < SYSTEM_ID_SIZE - 1; i++)
		if (isxdigit((unsigned char)text[i]))
			id[digits++] = text[i];
	if (digits == SYSTEM_ID_SIZE - 1)
		memcpy(ret, id, digits);
}

void system_boot_id(char ret[SYSTEM_ID_SIZE])
{
	read_id("/proc/sys/kernel/random/boot_id", ret);
}

void system_machine_id(char ret[SYSTEM_ID_SIZE])
{
	read_id("/etc/machine-id", ret);
}

int64_t system_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000LL + now.tv_nsec;
}
