// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filesystems of other machines. Each name that is looked for on one goes there, and so does each
 * question about an open file; so once a program has read something classified nothing may be
 * asked. The server's own count is the witness.
 */
#include <dirent.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include "support/remote.h"
#include "support/suite.h"
#include "support/remote.c"

#define REMOTE(name) "directory/" name

/* Opened before the document is read. */
static int file_fd, directory_fd;

static int descriptors_open(void)
{
	file_fd = open(REMOTE("file"), O_RDONLY | O_CLOEXEC);
	directory_fd = open(REMOTE("directory"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return file_fd < 0 || directory_fd < 0 ? errno : remote_mark("directory");
}

static int by_stat(void)
{
	struct stat status;

	return result(stat(REMOTE("file"), &status));
}

static int by_root(void)
{
	struct stat status;

	return result(stat("directory", &status));
}

/* The name need not be there to be heard. */
static int by_unknown_name(void)
{
	struct stat status;
	int error = result(stat(REMOTE("secret"), &status));

	return error == ENOENT ? 0 : error;
}

static int by_lookup_at(void)
{
	struct stat status;
	int error = result(fstatat(directory_fd, "secret", &status, 0));

	return error == ENOENT ? 0 : error;
}

static int by_open(void)
{
	return result_close(open(REMOTE("file"), O_RDONLY | O_CLOEXEC));
}

static int by_path_descriptor(void)
{
	return result_close(open(REMOTE("file"), O_PATH | O_CLOEXEC));
}

static int by_reopen(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file_fd);
	return result_close(open(path, O_RDONLY | O_CLOEXEC));
}

static int by_access(void)
{
	return result(access(REMOTE("file"), R_OK));
}

static int by_chdir(void)
{
	return result(chdir(REMOTE("directory")));
}

static int by_mkdir(void)
{
	int error = result(mkdir(REMOTE("secret"), 0700));

	return error == EPERM ? 0 : error; /* the server makes nothing */
}

static int by_fstat(void)
{
	struct stat status;

	return result(fstat(file_fd, &status));
}

static int by_seek_to_end(void)
{
	return lseek(file_fd, 0, SEEK_END) < 0 ? errno : 0;
}

static int by_read(void)
{
	char byte;

	return result(pread(file_fd, &byte, 1, 1024));
}

static int by_listing(void)
{
	char bytes[1024];

	return result(syscall(SYS_getdents64, directory_fd, bytes, sizeof(bytes)));
}

static int by_mapping(void)
{
	void *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file_fd, 0);

	return map == MAP_FAILED ? errno : result(munmap(map, 4096));
}

static int by_xattr(void)
{
	char value[16];
	int error = result(fgetxattr(file_fd, "user.secret", value, sizeof(value)));

	return error == ENODATA || error == EOPNOTSUPP ? 0 : error;
}

static int by_listing_xattrs(void)
{
	char names[64];
	int error = result(flistxattr(file_fd, names, sizeof(names)));

	return error == ENODATA || error == EOPNOTSUPP ? 0 : error;
}

static int by_readahead(void)
{
	return result(readahead(file_fd, 0, 4096));
}

static int by_fadvise(void)
{
	return posix_fadvise(file_fd, 0, 4096, POSIX_FADV_WILLNEED);
}

/* The server knows of no locks. */
static int by_flock(void)
{
	int error = result(flock(file_fd, LOCK_SH | LOCK_NB));

	return error == EPERM ? 0 : error;
}

static int by_lock(int command)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 77, .l_len = 7 };
	int error = result(fcntl(file_fd, command, &lock));

	return error == EPERM ? 0 : error;
}

static int by_setlk(void)
{
	return by_lock(F_SETLK);
}

static int by_getlk(void)
{
	return by_lock(F_GETLK);
}

static int by_statfs(void)
{
	struct statvfs status;

	return result(fstatvfs(file_fd, &status));
}

FIXTURE(remote)
{
	char where[192];
};

FIXTURE_VARIANT(remote)
{
	int (*act)(void);
	int operation;
};

#define ASKED(name, operation_)						\
	FIXTURE_VARIANT_ADD(remote, name) { .act = by_##name, .operation = operation_ }

ASKED(stat, MIFENG_OP_OPEN);
ASKED(root, MIFENG_OP_OPEN);
ASKED(unknown_name, MIFENG_OP_OPEN);
ASKED(lookup_at, MIFENG_OP_OPEN);
ASKED(open, MIFENG_OP_OPEN);
ASKED(path_descriptor, MIFENG_OP_OPEN);
ASKED(reopen, MIFENG_OP_OPEN);
ASKED(access, MIFENG_OP_OPEN);
ASKED(chdir, MIFENG_OP_OPEN);
ASKED(mkdir, MIFENG_OP_OPEN);
ASKED(fstat, MIFENG_OP_OPEN);
ASKED(seek_to_end, MIFENG_OP_OPEN);
ASKED(read, MIFENG_OP_READ);
ASKED(listing, MIFENG_OP_READ);
ASKED(mapping, MIFENG_OP_MAP);
ASKED(xattr, MIFENG_OP_OPEN);
ASKED(listing_xattrs, MIFENG_OP_OPEN);
ASKED(readahead, MIFENG_OP_OPEN);
ASKED(fadvise, MIFENG_OP_OPEN);
ASKED(flock, MIFENG_OP_OPEN);
ASKED(setlk, 0);
ASKED(getlk, MIFENG_OP_OPEN);
ASKED(statfs, MIFENG_OP_OPEN);

FIXTURE_SETUP(remote)
{
	ASSERT_RIGHT(stage_open());
	snprintf(self->where, sizeof(self->where), "%s/tainted/directory",
		 stage.directory[PLACE_UNMARKED]);
	ASSERT_RIGHT(remote_mount(self->where));
}

FIXTURE_TEARDOWN(remote)
{
	remote_unmount(self->where);
	stage_close();
}

TEST_F(remote, asks_no_server)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, variant->operation, MIFENG_REASON_NETWORK, NULL);
	if (!baseline())
		EXPECT_EQ(0, remote_asked());
}

/* A program that holds nothing works there, and it is the server that answers. */
TEST_F(remote, serves_the_untainted)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.directory = path_join(stage.directory[PLACE_UNMARKED], "tainted");
	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
