// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vm-login USER TTY COMMAND-FILE: run a command as a login of USER would run it.
 *
 * COMMAND-FILE holds the arguments, each ended by a NUL. The command gets a login uid (and
 * with it a session id), USER's ids, groups, home and environment, nothing to read, and a
 * pipe for its output. What comes through the pipe we write to TTY, which is set to pass
 * bytes as they are: TTY is a serial line, and those the module closes to programs that
 * hold something classified. Our exit status is the command's;
 * 128 + N when signal N ended it; 126 or 127 when it cannot be executed or found.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define EXIT_LOGIN 125

/* Returns a NULL-terminated argument vector read from the file. */
static char **command_read(const char *path)
{
	static char text[1 << 17];
	static char *arguments[1 << 12];
	size_t size, count = 0;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		err(EXIT_LOGIN, "%s", path);
	size = fread(text, 1, sizeof(text) - 1, file);
	if (!feof(file))
		errx(EXIT_LOGIN, "%s: too long", path);
	fclose(file);

	for (char *next = text; next < text + size; next += strlen(next) + 1) {
		if (count == sizeof(arguments) / sizeof(arguments[0]) - 1)
			errx(EXIT_LOGIN, "%s: too many arguments", path);
		arguments[count++] = next;
	}
	if (!count)
		errx(EXIT_LOGIN, "%s: no command", path);
	return arguments;
}

/* Opens the terminal; returns its descriptor. */
static int terminal_open(const char *path)
{
	struct termios settings;
	int fd;

	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &settings) < 0)
		err(EXIT_LOGIN, "%s", path);
	cfmakeraw(&settings);
	settings.c_cflag |= CLOCAL;
	if (tcsetattr(fd, TCSANOW, &settings) < 0)
		err(EXIT_LOGIN, "%s", path);
	return fd;
}

static void loginuid_set(uid_t uid)
{
	FILE *file;

	file = fopen("/proc/self/loginuid", "we");
	if (!file || fprintf(file, "%u", uid) < 0 || fclose(file))
		err(EXIT_LOGIN, "/proc/self/loginuid");
}

static void environment_set(const struct passwd *user)
{
	static const char *const passed[] = { "MIFENG_BARE", "MIFENG_PATIENCE" };
	char *values[sizeof(passed) / sizeof(passed[0])];
	char runtime[64];

	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
		const char *value = getenv(passed[i]);

		values[i] = value ? strdup(value) : NULL;
	}
	clearenv();
	snprintf(runtime, sizeof(runtime), "/run/user/%u", user->pw_uid);
	setenv("HOME", user->pw_dir, 1);
	setenv("USER", user->pw_name, 1);
	setenv("LOGNAME", user->pw_name, 1);
	setenv("SHELL", user->pw_shell, 1);
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("LANG", "C.UTF-8", 1);
	setenv("TERM", "dumb", 1);
	setenv("NO_COLOR", "1", 1);
	if (!access(runtime, F_OK))
		setenv("XDG_RUNTIME_DIR", runtime, 1);
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		if (values[i])
			setenv(passed[i], values[i], 1);
}

static void run_command(const struct passwd *user, int output, char **arguments)
{
	int null, error;

	loginuid_set(user->pw_uid);
	setsid();
	if (initgroups(user->pw_name, user->pw_gid) < 0 || setgid(user->pw_gid) < 0 ||
	    setuid(user->pw_uid) < 0)
		err(EXIT_LOGIN, "cannot become %s", user->pw_name);
	environment_set(user);
	if (chdir(user->pw_dir) < 0)
		err(EXIT_LOGIN, "%s", user->pw_dir);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		err(EXIT_LOGIN, "cannot set up standard files");
	closefrom(STDERR_FILENO + 1);

	execvp(arguments[0], arguments);
	error = errno;
	warn("%s", arguments[0]);
	_exit(error == ENOENT ? 127 : 126);
}

/* Writes what is in the pipe to the terminal; returns false at its end or when it is empty. */
static bool pass_on(int output, int terminal)
{
	char bytes[65536];
	ssize_t size, done;

	size = read(output, bytes, sizeof(bytes));
	if (size < 0 && errno == EINTR)
		return true;
	for (done = 0; done < size;) {
		ssize_t one = write(terminal, bytes + done, size - done);

		if (one < 0 && errno != EINTR)
			err(EXIT_LOGIN, "write");
		done += one > 0 ? one : 0;
	}
	return size > 0;
}

/*
 * Until the command has ended, and then what it left in the pipe. What it left running
 * may hold the pipe open; nobody waits for that.
 */
static void relay(int output, int terminal, pid_t command)
{
	struct pollfd polled[] = {
		{ .fd = output, .events = POLLIN },
		{ .fd = syscall(SYS_pidfd_open, command, 0), .events = POLLIN },
	};

	if (polled[1].fd < 0)
		err(EXIT_LOGIN, "pidfd_open");
	while (!(polled[1].revents & POLLIN)) {
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			err(EXIT_LOGIN, "poll");
		if ((polled[0].revents & (POLLIN | POLLHUP)) && !pass_on(output, terminal))
			polled[0].fd = -1;
	}
	if (fcntl(output, F_SETFL, O_NONBLOCK) < 0)
		err(EXIT_LOGIN, "fcntl");
	while (pass_on(output, terminal))
		;
}

int main(int argc, char **argv)
{
	struct passwd *user;
	char **arguments;
	int terminal, status, output[2];
	pid_t child;

	if (argc != 4)
		errx(EXIT_LOGIN, "usage: vm-login USER TTY COMMAND-FILE");
	user = getpwnam(argv[1]);
	if (!user)
		errx(EXIT_LOGIN, "the guest has no account '%s'", argv[1]);
	terminal = terminal_open(argv[2]);
	arguments = command_read(argv[3]);
	if (pipe2(output, O_CLOEXEC) < 0)
		err(EXIT_LOGIN, "pipe");

	child = fork();
	if (child < 0)
		err(EXIT_LOGIN, "fork");
	if (!child)
		run_command(user, output[1], arguments);
	close(output[1]);
	relay(output[0], terminal, child);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			err(EXIT_LOGIN, "waitpid");
	/* The host reads the output until we report; nothing may still be in the UART. */
	tcdrain(terminal);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
