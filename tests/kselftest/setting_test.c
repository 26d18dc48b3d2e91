// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is set for a whole machine or a namespace and told to everybody in it: names, mounts, the
 * clock, quotas, accounting, swap, modules. Whoever holds something classified does not set it.
 */
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>

#include "support/facility.h"

#define OF_ANOTHER 100005 /* of those that a user namespace is given below */

/* A program that runs as somebody else, whoever executes it. */
static void facility_open(void)
{
	const char *path = path_join(stage.directory[PLACE_UNMARKED], "of-another");
	int from = open("/bin/true", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);

	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	close(from);
	close(to);
	if (chown(path, OF_ANOTHER, CLEARED) || chmod(path, 04755))
		perror(path);
}

static void facility_close(void)
{
	unlink(path_join(stage.directory[PLACE_UNMARKED], "of-another"));
}

/* Names and mounts, as root of a user namespace. */
static int own_namespaces(void)
{
	int error = namespace_enter(CLONE_NEWNS | CLONE_NEWUTS, 0);

	return error ? error : result(mount("before", "directory", "tmpfs", 0, NULL));
}

static int by_hostname(void)
{
	return result(sethostname("classified", 10));
}

static int by_hostname32(void)
{
	return result(call32(74, LOW("classified"), 10, 0, 0, 0));
}

static int by_domainname(void)
{
	return result(setdomainname("classified", 10));
}

static int by_mount(void)
{
	return result(mount("classified words", "directory", "tmpfs", 0, NULL));
}

static int by_umount(void)
{
	return result(umount("directory"));
}

static int own_root(void)
{
	return own_namespaces() ?: result(mkdir("directory/old", 0700));
}

static int by_pivot_root(void)
{
	return result(syscall(SYS_pivot_root, "directory", "directory/old"));
}

static int by_fsconfig(void)
{
	int fd = (int)syscall(SYS_fsopen, "tmpfs", 0);

	if (fd < 0)
		return TROUBLE;
	return result(syscall(SYS_fsconfig, fd, FSCONFIG_SET_STRING, "source", "classified", 0));
}

static int by_move_mount(void)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, "directory", OPEN_TREE_CLONE);

	if (fd < 0)
		return TROUBLE;
	return result(syscall(SYS_move_mount, fd, "", AT_FDCWD, "directory",
			      MOVE_MOUNT_F_EMPTY_PATH));
}

static int by_mount_setattr(void)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_NOEXEC };

	return result(syscall(SYS_mount_setattr, AT_FDCWD, "directory", 0, &attributes,
			      sizeof(attributes)));
}

/* Numbers that everybody sees: of processes, users, groups, in a namespace with some to choose from. */
#define IDS "0 100000 1000"

static int map_write(pid_t pid, const char *kind, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, kind);
	return text_write(path, text);
}

/* As who has no right over groups may do. */
static int own_group_stays(pid_t pid)
{
	char text[64];

	snprintf(text, sizeof(text), "0 %d 1", getgid());
	return map_write(pid, "setgroups", "deny") ?: map_write(pid, "gid_map", text);
}

/* The map is written by a child that has the right to, outside; that of groups may be left as it is. */
static int own_ids(const char *kind, int (*more)(pid_t pid))
{
	const pid_t self = getpid();
	int go[2], done[2];
	char byte = 0;
	pid_t pid;

	if (pipe(go) < 0 || pipe(done) < 0)
		return TROUBLE;
	pid = fork();
	if (!pid) {
		if (read(go[0], &byte, 1) != 1 || map_write(self, kind, IDS) || (more && more(self)))
			_exit(1);
		_exit(write(done[1], &byte, 1) == 1 ? 0 : 1);
	}
	close(done[1]);
	if (pid < 0 || unshare(CLONE_NEWUSER) < 0 || write(go[1], &byte, 1) != 1 ||
	    read(done[0], &byte, 1) != 1)
		return TROUBLE;
	return 0;
}

static int own_users(void)
{
	return own_ids("uid_map", NULL);
}

static int own_groups(void)
{
	return own_ids("gid_map", NULL);
}

static int own_users_and_a_group(void)
{
	return own_ids("uid_map", own_group_stays);
}

static int by_setresuid(void)
{
	return result(syscall(SYS_setresuid, 123, 456, 789));
}

static int by_setresgid(void)
{
	return result(syscall(SYS_setresgid, 123, 456, 789));
}

static int by_setgroups(void)
{
	const gid_t groups[] = { 123, 456, 789 };

	return result(syscall(SYS_setgroups, 3, groups));
}

/* A program of another of the namespace's users, as many as somebody has prepared. */
static int by_executing_another_users(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl(path_join(stage.directory[PLACE_UNMARKED], "of-another"), "true", NULL);
		_exit(errno);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return TROUBLE;
	return WEXITSTATUS(status);
}

static int own_processes(void)
{
	int error = namespace_enter(CLONE_NEWPID, 0);
	pid_t first = error ? -1 : fork();

	if (!first) /* a namespace of processes needs its first one */
		for (;;)
			pause();
	return first < 0 ? TROUBLE : 0;
}

static int by_choosing_a_pid(void)
{
	pid_t chosen = 123;
	struct clone_args arguments = {
		.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&chosen, .set_tid_size = 1,
	};
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (!pid)
		_exit(0);
	return result(pid);
}

static int by_fork(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return result(pid);
}

/* What only root may do, by a program that was given just that right. */
static int by_settime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return result(clock_settime(CLOCK_REALTIME, &now));
}

static int by_adjtime(void)
{
	struct timex adjustment = { .modes = ADJ_MAXERROR, .maxerror = 12345 };

	return adjtimex(&adjustment) < 0 ? errno : 0;
}

static int by_reading_the_clock(void)
{
	struct timex adjustment = { .modes = 0 };

	return adjtimex(&adjustment) < 0 ? errno : 0;
}

static int by_acct(void)
{
	return result(acct(NULL));
}

static int by_kexec(void)
{
	return result(syscall(SYS_kexec_load, 0, 0, NULL, 0));
}

/* These come as far as to look at what they were given, which is no good. */
static int by_module(void)
{
	int fd = open(stage.directory[PLACE_UNMARKED], O_RDONLY | O_DIRECTORY);
	int file = openat(fd, "ordinary/file", O_RDONLY);
	int error = result(syscall(SYS_finit_module, file, "", 0));

	return error == ENOEXEC ? 0 : error;
}

static int by_swapon(void)
{
	int error = result(syscall(SYS_swapon, "file", 0));

	return error == EINVAL ? 0 : error;
}

static int by_quota(void)
{
	char block[512] = "";
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	int error = result(syscall(SYS_quotactl_fd, fd, 0x80000800U /* Q_SETQUOTA, users */, CLEARED,
				   block));

	return error == ESRCH ? 0 : error;
}

FACILITY(hostname, own_namespaces, by_hostname);
FACILITY(hostname_32, own_namespaces, by_hostname32);
FACILITY(domainname, own_namespaces, by_domainname);
FACILITY(mount, own_namespaces, by_mount);
FACILITY(umount, own_namespaces, by_umount);
FACILITY(pivot_root, own_root, by_pivot_root);
FACILITY(fsconfig, own_namespaces, by_fsconfig);
FACILITY(move_mount, own_namespaces, by_move_mount);
FACILITY(mount_setattr, own_namespaces, by_mount_setattr);
FACILITY_OF_ROOT(settime, by_settime, CAP_SYS_TIME);
FACILITY_OF_ROOT(adjtime, by_adjtime, CAP_SYS_TIME);
FACILITY_OF_ROOT(acct, by_acct, CAP_SYS_PACCT);
FACILITY_OF_ROOT(kexec, by_kexec, CAP_SYS_BOOT);
FACILITY_OF_ROOT(module, by_module, CAP_SYS_MODULE);
FACILITY_OF_ROOT(swapon, by_swapon, CAP_SYS_ADMIN);
FACILITY_OF_ROOT(quota, by_quota, CAP_SYS_ADMIN);

FIXTURE_VARIANT_ADD(facility, setresuid) {
	.before = own_users, .act = by_setresuid, .capability = CAP_SETUID
};
FIXTURE_VARIANT_ADD(facility, setresgid) {
	.before = own_groups, .act = by_setresgid, .capability = CAP_SETGID
};
FIXTURE_VARIANT_ADD(facility, setgroups) {
	.before = own_groups, .act = by_setgroups, .capability = CAP_SETGID
};
FIXTURE_VARIANT_ADD(facility, setuid_exec) {
	.before = own_users_and_a_group, .act = by_executing_another_users,
	.capability = CAP_SETUID, .by_child = true
};
FACILITY(set_tid, own_processes, by_choosing_a_pid);

ASKING(fork, own_processes, by_fork);
ASKING(clock, NULL, by_reading_the_clock);

TEST_HARNESS_MAIN
