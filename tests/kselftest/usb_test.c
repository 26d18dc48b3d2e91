// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Removable media: the stick of a guest that was started with --usb takes nothing from a
 * program that holds something classified, and everything from the others.
 */
#include <sys/mount.h>

#include "support/suite.h"

#define MOUNT_POINT "/run/mifeng-stick"

FIXTURE(usb) {};

/* The node of the stick's partition, as the guest's own tool names it. */
static const char *stick_device(char *device, size_t size)
{
	FILE *tool = popen("usb-stick device", "re");
	bool named;

	if (!tool)
		return "cannot run usb-stick";
	named = fgets(device, size, tool);
	if (pclose(tool) || !named)
		return "there is no stick: start the guest with --usb";
	device[strcspn(device, "\n")] = '\0';
	return NULL;
}

FIXTURE_SETUP(usb)
{
	char device[128];

	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(stick_device(device, sizeof(device)));
	ASSERT_TRUE(mkdir(MOUNT_POINT, 0755) == 0 || errno == EEXIST);
	ASSERT_EQ(0, mount(device, MOUNT_POINT, "vfat", 0, "uid=1000,gid=1000,umask=0000"))
	{
		TH_LOG("mount: %s", strerror(errno));
	}
	ASSERT_EQ(0, file_make(MOUNT_POINT "/file"));
	ASSERT_EQ(0, file_make(MOUNT_POINT "/other"));
	ASSERT_TRUE(mkdir(MOUNT_POINT "/directory", 0777) == 0 || errno == EEXIST);
}

FIXTURE_TEARDOWN(usb)
{
	static const char *const names[] = { "file", "other", "new", "directory" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(path_join(MOUNT_POINT, names[i]));
	umount(MOUNT_POINT);
	stage_close();
}

static int file_fd = -1;

static int file_open(void)
{
	file_fd = open("file", O_RDWR | O_CLOEXEC);
	return result(file_fd);
}

static int by_write(void)
{
	return result(write(file_fd, "y", 1));
}

static int by_open_and_write(void)
{
	return file_open() ? errno : by_write();
}

static int by_create(void)
{
	return result_close(open("new", O_WRONLY | O_CREAT | O_TRUNC, 0644));
}

static int by_mkdir(void)
{
	int error = result(mkdir("new", 0755));

	rmdir("new");
	return error;
}

static int by_rename(void)
{
	int error = result(rename("other", "new"));

	rename("new", "other");
	return error;
}

static int by_unlink(void)
{
	return result(unlink("other"));
}

static int by_truncate(void)
{
	return result(truncate("file", 17));
}

static int by_mapping(void)
{
	char *map = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file_fd, 0);

	if (map == MAP_FAILED)
		return errno;
	map[0] = 'y';
	return 0;
}

#define EXPECT_REMOVABLE(before_, act_, operation, name)				\
	do {										\
		struct deed deed_ = DEED(true, 0, act_);				\
		struct outcome outcome_;						\
											\
		deed_.directory = MOUNT_POINT;						\
		deed_.before = before_;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_DENIED(&outcome_, EACCES, operation,				\
			      MIFENG_REASON_REMOVABLE_MEDIUM, name);			\
		ASSERT_EQ(0, file_make(MOUNT_POINT "/file"));				\
		ASSERT_EQ(0, file_make(MOUNT_POINT "/other"));				\
		remove(MOUNT_POINT "/new");						\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F(usb, write)
{
	EXPECT_REMOVABLE(file_open, by_write, MIFENG_OP_WRITE, "file");
}

TEST_F(usb, open_and_write)
{
	EXPECT_REMOVABLE(NULL, by_open_and_write, 0, "file");
}

TEST_F(usb, create)
{
	EXPECT_REMOVABLE(NULL, by_create, MIFENG_OP_CREATE, "new");
}

TEST_F(usb, mkdir)
{
	EXPECT_REMOVABLE(NULL, by_mkdir, MIFENG_OP_CREATE, "new");
}

TEST_F(usb, rename)
{
	EXPECT_REMOVABLE(NULL, by_rename, MIFENG_OP_RENAME, NULL);
}

TEST_F(usb, unlink)
{
	EXPECT_REMOVABLE(NULL, by_unlink, MIFENG_OP_UNLINK, "other");
}

TEST_F(usb, truncate)
{
	EXPECT_REMOVABLE(NULL, by_truncate, MIFENG_OP_SETATTR, "file");
}

TEST_F(usb, shared_mapping)
{
	EXPECT_REMOVABLE(file_open, by_mapping, MIFENG_OP_MAP, "file");
}

/* The record names the device, and nothing has arrived on it. */
TEST_F(usb, record_names_the_medium)
{
	struct wanted wanted = { .reason = MIFENG_REASON_REMOVABLE_MEDIUM };
	struct deed deed = DEED(true, 0, by_create);
	struct outcome outcome;
	struct found found;

	deed.directory = MOUNT_POINT;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_REMOVABLE_MEDIUM, "new");
	if (baseline())
		return;
	EXPECT_EQ(-1, access(MOUNT_POINT "/new", F_OK));
	wanted.since = outcome.since;
	wanted.pid = outcome.pid;
	ASSERT_LT(0, records_find(&wanted, &found));
	EXPECT_EQ(0, strncmp(found.medium, "sd", 2)) TH_LOG("medium '%s'", found.medium);
	EXPECT_EQ(DOCUMENT_LEVEL, found.taint);
	EXPECT_STREQ(stage.document, found.source);
}

/* Reading what is on a stick raises nobody and is allowed to all. */
static int by_read(void)
{
	char byte;

	return file_open() ? errno : result(read(file_fd, &byte, 1));
}

TEST_F(usb, read)
{
	struct deed deed = DEED(false, 0, by_read);
	struct outcome outcome;

	deed.directory = MOUNT_POINT;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* The raw device below the filesystem is no way around it. */
static char raw_device[128];

static int raw_write(void)
{
	return result(write(file_fd, "y", 1));
}

static int raw_open(void)
{
	file_fd = open(raw_device, O_RDWR | O_CLOEXEC);
	return result(file_fd);
}

TEST_F(usb, raw_device)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, raw_write);
	struct outcome outcome;

	ASSERT_RIGHT(stick_device(raw_device, sizeof(raw_device)));
	ASSERT_EQ(0, umount(MOUNT_POINT));
	ASSERT_EQ(0, chmod(raw_device, 0666));
	deed.before = raw_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_DEVICE, NULL);
}

TEST_HARNESS_MAIN
