// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether mifengd is running, and what to tell people when it is not. */
#include "daemon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "first_line.h"
#include "message.h"
#include "text.h"

#define DAEMON_PID_FILE "/run/mifeng/mifengd.pid"
#define DAEMON_NAME	"mifengd"

/**
 * daemon_pid() - the running daemon
 * @pid: set to its process number on success.
 *
 * The name of the process is looked at as well: after a crash another program may have
 * got the number that is still in the file.
 *
 * Return: 0, -ESRCH if it is not running, or the errno of reading its pid file.
 */
int daemon_pid(pid_t *pid)
{
	char line[32], path[64];
	char *end;
	long number;
	int error;

	error = first_line(DAEMON_PID_FILE, line, sizeof(line));
	if (error)
		return error == -ENOENT || error == -ENODATA ? -ESRCH : error;
	number = strtol(line, &end, 10);
	if (end == line || *end || number <= 1)
		return -ESRCH;
	snprintf(path, sizeof(path), "/proc/%ld/comm", number);
	if (first_line(path, line, sizeof(line)) || strcmp(line, DAEMON_NAME) != 0)
		return -ESRCH;
	*pid = (pid_t)number;
	return 0;
}

/**
 * daemon_missing() - tell that the daemon is needed
 *
 * Return: EXIT_CODE_NO_DAEMON.
 */
enum exit_code daemon_missing(void)
{
	complain(_("mifengd is not running; start it with: systemctl start mifengd"));
	return EXIT_CODE_NO_DAEMON;
}
