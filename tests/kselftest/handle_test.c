// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files opened by a handle (name_to_handle_at, open_by_handle_at): no path leads to them, and
 * their dentry may hang in the air, so they are judged by what the inode carries. Only those who
 * may search everywhere open by handle, so this is about root, whoever he logged in as.
 */
#include "support/suite.h"


FIXTURE(handle) {};

struct named {
	struct file_handle head;
	unsigned char bytes[MAX_HANDLE_SZ];
};

static struct named document_handle, ordinary_handle, directory_handle;
static int mount_fd = -1;

static int handle_of(const char *path, struct named *handle)
{
	int mount;

	handle->head.handle_bytes = MAX_HANDLE_SZ;
	return result(name_to_handle_at(AT_FDCWD, path, &handle->head, &mount, 0));
}

FIXTURE_SETUP(handle)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	mount_fd = open(stage.directory[PLACE_ZONE], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, mount_fd);
	ASSERT_EQ(0, handle_of(stage.document, &document_handle));
	ASSERT_EQ(0, handle_of(path_join(stage.directory[PLACE_ZONE], "tainted/directory"),
			       &directory_handle));
}

FIXTURE_TEARDOWN(handle)
{
	close(mount_fd);
	stage_close();
}

static int open_handle(struct named *handle, int flags)
{
	return open_by_handle_at(mount_fd, &handle->head, flags | O_CLOEXEC);
}

static int read_handle(void)
{
	char byte;
	int fd = open_handle(&document_handle, O_RDONLY), error;

	if (fd < 0)
		return errno;
	error = result(read(fd, &byte, 1));
	close(fd);
	return error;
}

static int read_handle_and_tell(void)
{
	int error = read_handle();

	return error ? error : probe();
}

/* With the inode out of the cache the dentry has no parent until somebody looks. */
static int forget_caches(void)
{
	sync();
	return text_write("/proc/sys/vm/drop_caches", "2");
}

TEST_F(handle, raises_the_cleared)
{
	struct deed deed = {
		.uid = 0, .login = CLEARED, .directory = "/", .act = read_handle_and_tell,
	};
	struct outcome outcome = deed_do(&deed);

	EXPECT_RAISED(&outcome);
	ASSERT_EQ(0, forget_caches());
	outcome = deed_do(&deed);
	EXPECT_RAISED(&outcome);
}

TEST_F(handle, refused_to_the_uncleared)
{
	struct deed deed = { .uid = 0, .login = UNCLEARED, .directory = "/", .act = read_handle };
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, NULL);
	ASSERT_EQ(0, forget_caches());
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, NULL);
}

static int write_ordinary(void)
{
	int fd = open_handle(&ordinary_handle, O_WRONLY), error;

	if (fd < 0)
		return errno;
	error = result(write(fd, "y", 1));
	close(fd);
	return error;
}

/* Where it may not write by path it may not by handle. */
TEST_F(handle, written_to)
{
	struct deed deed = {
		.uid = 0, .login = CLEARED, .directory = "/", .taint = true, .act = write_ordinary,
	};
	struct outcome outcome;

	close(mount_fd);
	mount_fd = open(stage.directory[PLACE_UNMARKED], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_EQ(0, handle_of(path_join(stage.directory[PLACE_UNMARKED], "tainted/file"),
			       &ordinary_handle));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, NULL);
	ASSERT_EQ(0, forget_caches());
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

static int make_below(void)
{
	int fd = open_handle(&directory_handle, O_RDONLY | O_DIRECTORY);

	return fd < 0 ? errno : result_close(openat(fd, "new", O_WRONLY | O_CREAT | O_EXCL, 0666));
}

/* In a zone by handle is in the zone. */
TEST_F(handle, of_a_directory_of_a_zone)
{
	struct deed deed = {
		.uid = 0, .login = CLEARED, .directory = "/", .taint = true, .act = make_below,
	};
	struct outcome outcome;

	ASSERT_EQ(0, forget_caches());
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_EQ(DOCUMENT_LEVEL,
		  stage_level(path_join(stage.directory[PLACE_ZONE], "tainted/directory"), "new"));
}

/* Everybody may ask for a handle, and nobody but root can open one. */
static int ask_and_open(void)
{
	struct named handle;
	int error = handle_of("file", &handle);

	if (error)
		return error;
	mount_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return open_handle(&handle, O_RDONLY) < 0 && errno == EPERM ? 0 : EIO;
}

TEST_F(handle, of_a_user)
{
	struct deed deed = DEED(true, PLACE_ZONE, ask_and_open);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
