// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What unregistered media are to everybody is the policy's choice: nothing, to be read, or
 * ordinary. The guest's policy is put back whatever happens.
 */
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "support/suite.h"

#define MOUNT_POINT "/run/mifeng-medium"

static char device[128];

FIXTURE(media) {};

static int rule_set(int removable)
{
	if (baseline())
		return 0;
	return wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, removable, CLEARED, -1);
}

static int stick_find(void)
{
	FILE *tool = popen("usb-stick device", "re");
	bool named;

	if (!tool)
		return -errno;
	named = fgets(device, sizeof(device), tool);
	if (pclose(tool) || !named)
		return -ENODEV;
	device[strcspn(device, "\n")] = '\0';
	return 0;
}

FIXTURE_SETUP(media)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_EQ(0, stick_find());
	ASSERT_TRUE(mkdir(MOUNT_POINT, 0755) == 0 || errno == EEXIST);
}

FIXTURE_TEARDOWN(media)
{
	umount(MOUNT_POINT);
	EXPECT_EQ(0, rule_set(MIFENG_REMOVABLE_ORDINARY));
	stage_close();
}

static int mount_as(unsigned long flags)
{
	return result(mount(device, MOUNT_POINT, "vfat", flags, NULL));
}

static int mount_writable(void)
{
	int error = mount_as(0);

	umount(MOUNT_POINT);
	return error;
}

static int mount_readable(void)
{
	int error = mount_as(MS_RDONLY);

	umount(MOUNT_POINT);
	return error;
}

static int make_writable(void)
{
	int error;

	if (mount_as(MS_RDONLY))
		return TROUBLE;
	error = mount_as(MS_REMOUNT);
	umount(MOUNT_POINT);
	return error;
}

/* Root without a login: whoever mounts sticks on a desktop is a service. */
#define EXPECT_REFUSED(act_, error)							\
	do {										\
		struct deed deed_ = { .uid = 0, .login = SERVICE, .directory = "/",	\
				      .act = act_ };					\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		EXPECT_DENIED(&outcome_, error, MIFENG_OP_OPEN,				\
			      MIFENG_REASON_REMOVABLE_MEDIUM, NULL);			\
	} while (0)

#define EXPECT_FREE(act_)								\
	do {										\
		struct deed deed_ = { .uid = 0, .login = SERVICE, .directory = "/",	\
				      .act = act_ };					\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F(media, deny)
{
	ASSERT_EQ(0, rule_set(MIFENG_REMOVABLE_DENY));
	EXPECT_REFUSED(mount_writable, EACCES);
	EXPECT_REFUSED(mount_readable, EACCES);
}

/* EROFS: mount(8) and udisks then try again read-only by themselves. */
TEST_F(media, read_only)
{
	ASSERT_EQ(0, rule_set(MIFENG_REMOVABLE_READ_ONLY));
	EXPECT_REFUSED(mount_writable, EROFS);
	EXPECT_FREE(mount_readable);
	EXPECT_REFUSED(make_writable, EROFS);
}

TEST_F(media, ordinary)
{
	ASSERT_EQ(0, rule_set(MIFENG_REMOVABLE_ORDINARY));
	EXPECT_FREE(mount_writable);
	EXPECT_FREE(mount_readable);
	EXPECT_FREE(make_writable);
}

/* The stick's filesystem in a file: a hole but for its head, which is what has been written. */
static int copy_stick(int to)
{
	static char bytes[1 << 20];
	int from = open(device, O_RDONLY | O_CLOEXEC);
	off_t size = lseek(from, 0, SEEK_END);
	ssize_t got = pread(from, bytes, sizeof(bytes), 0);
	int error = from < 0 || got < 0 || pwrite(to, bytes, got, 0) != got ||
		    ftruncate(to, size) < 0;

	close(from);
	return error;
}

/* An image on a loop device cannot be resolved to a disk, but it is nobody's stick. */
static int mount_image(void)
{
	const char *image = path_join(stage.directory[PLACE_UNMARKED], "image");
	char loop[32];
	int control, number, file, node, error;

	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	number = ioctl(control, LOOP_CTL_GET_FREE);
	snprintf(loop, sizeof(loop), "/dev/loop%d", number);
	file = open(image, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	node = open(loop, O_RDWR | O_CLOEXEC);
	if (control < 0 || number < 0 || file < 0 || node < 0)
		return TROUBLE;
	if (copy_stick(file) || ioctl(node, LOOP_SET_FD, file) < 0)
		return TROUBLE;
	error = result(mount(loop, MOUNT_POINT, "vfat", 0, NULL));
	umount(MOUNT_POINT);
	ioctl(node, LOOP_CLR_FD, 0);
	close(node);
	return error;
}

TEST_F(media, deny_lets_images_be)
{
	ASSERT_EQ(0, rule_set(MIFENG_REMOVABLE_DENY));
	EXPECT_FREE(mount_image);
}

TEST_HARNESS_MAIN
