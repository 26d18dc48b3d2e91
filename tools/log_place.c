// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the log of this machine is, and what to tell people when it cannot be read. */
#include "log_place.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "daemon.h"
#include "log_segment.h"
#include "message.h"
#include "policy.h"
#include "site_policy.h"
#include "text.h"

/**
 * log_place() - the directory of the log
 *
 * Return: the one that policy names, or the usual one; to be freed. NULL without memory.
 */
char *log_place(void)
{
	struct policy *policy = site_policy_load();
	const char *named = policy ? policy->log_directory.text : NULL;
	char *directory = strdup(named ? named : LOG_DIRECTORY);

	policy_free(policy);
	return directory;
}

/**
 * log_place_failure() - tell why the log cannot be read
 * @directory: where it was looked for.
 * @error: the negative errno.
 *
 * Return: what to exit with.
 */
enum exit_code log_place_failure(const char *directory, int error)
{
	pid_t pid;

	switch (error) {
	case -EACCES:
	case -EPERM:
		complain(_("%s: only an administrator may read the log: try again with sudo"),
			 directory);
		return EXIT_CODE_NOT_PERMITTED;
	case -ENOENT:
		complain(_("%s: there is no log; mifengd makes it when it runs"), directory);
		if (daemon_pid(&pid) == -ESRCH)
			return daemon_missing();
		return EXIT_CODE_FAILED;
	default:
		complain("%s: %s", directory, strerror(-error));
		return EXIT_CODE_FAILED;
	}
}
