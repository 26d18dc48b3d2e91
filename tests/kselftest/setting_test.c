// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is set for a whole machine or a namespace and told to everybody in it: names, mounts, the
 * clock, quotas, accounting, swap, modules. Whoever holds something classified does not set it.
 */
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>

#include "support/facility.h"

static void facility_open(void)
{
}

static void facility_close(void)
{
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

ASKING(clock, NULL, by_reading_the_clock);

TEST_HARNESS_MAIN
