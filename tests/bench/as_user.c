// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * as-user NAME|UID COMMAND...: run a command as a login of that person would, from a root
 * shell: with his login uid, ids and home. Its exit status is the command's, 125 if it
 * cannot be tried.
 *
 * su and runuser leave the login uid as it is; a program without one is a service.
 */
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define CANNOT 125

/*
 * Finds the account in /etc/passwd; by hand, because a static program has no name service.
 * Returns the uid; @home is set to his.
 */
static uid_t account_find(const char *name, char *home, size_t size)
{
	char line[1024];
	FILE *file = fopen("/etc/passwd", "re");

	if (!file)
		err(CANNOT, "/etc/passwd");
	while (fgets(line, sizeof(line), file)) {
		char *fields[7], *rest = line;
		int count = 0;

		while (count < 7 && (fields[count] = strsep(&rest, ":\n")))
			count++;
		if (count < 7 || (strcmp(fields[0], name) && strcmp(fields[2], name)))
			continue;
		snprintf(home, size, "%s", fields[5]);
		fclose(file);
		return strtoul(fields[2], NULL, 10);
	}
	errx(CANNOT, "there is no account '%s'", name);
}

int main(int argc, char **argv)
{
	char home[256];
	FILE *login;
	uid_t uid;

	if (argc < 3)
		errx(CANNOT, "usage: as-user NAME|UID COMMAND...");
	uid = account_find(argv[1], home, sizeof(home));
	login = fopen("/proc/self/loginuid", "we");
	if (!login || fprintf(login, "%u", uid) < 0 || fclose(login))
		err(CANNOT, "/proc/self/loginuid");
	if (setgroups(0, NULL) < 0 || setgid(uid) < 0 || setuid(uid) < 0)
		err(CANNOT, "cannot become %s", argv[1]);
	if (setenv("HOME", home, 1) < 0 || setenv("USER", argv[1], 1) < 0 || chdir(home) < 0)
		err(CANNOT, "%s", home);
	execvp(argv[2], argv + 2);
	err(errno == ENOENT ? 127 : 126, "%s", argv[2]);
}
