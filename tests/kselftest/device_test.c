// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device nodes that a user has been given, as root does by a group or chmod: disks, sticks and what is below
 * them, loop devices, buses, serial lines. Those that swallow or make up data are for everybody.
 */
#include <glob.h>
#include <linux/loop.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "support/suite.h"

static const char path[] = "/dev/mifeng-test-device";

FIXTURE(device) {};

FIXTURE_SETUP(device)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(device)
{
	unlink(path);
	stage_close();
}

/*
 * By pattern, because numbers differ; the first that is there. Some are made by a module. Not the watchdog, which
 * would reset the guest.
 */
static const struct device {
	const char *pattern, *module;
	bool always;
} nodes[] = {
	{ "/dev/vd[a-z]", NULL, true },
	{ "/dev/sd[a-z]", NULL, true },
	{ "/dev/sg[0-9]*", "sg", true },
	{ "/dev/bsg/*", NULL, true },
	{ "/dev/loop-control", "loop", true },
	{ "/dev/loop[0-9]*", "loop", true },
	{ "/dev/mapper/control", "dm_mod", true },
	{ "/dev/bus/usb/*/*", NULL, true },
	{ "/dev/input/event[0-9]*", "evdev", false },
	{ "/dev/uinput", "uinput", false },
	{ "/dev/uhid", "uhid", false },
	{ "/dev/hidraw[0-9]*", NULL, false },
	{ "/dev/ttyS[1-9]", NULL, true },
	{ "/dev/fb0", NULL, false },
	{ "/dev/dri/card[0-9]*", NULL, false },
	{ "/dev/vhost-net", "vhost_net", false },
	{ "/dev/vhost-vsock", "vhost_vsock", false },
	{ "/dev/snd/*", NULL, false },
	{ "/dev/rtc0", NULL, false },
	{ "/dev/nvram", "nvram", false },
	{ "/dev/sr0", NULL, false },
	{ "/dev/mem", NULL, true },
	{ "/dev/port", NULL, false },
	{ "/dev/kmsg", NULL, true },
	{ "/dev/fuse", "fuse", true },
	{ "/dev/cuse", "cuse", false },
	{ "/dev/net/tun", "tun", true },
	{ "/dev/ppp", "ppp_generic", false },
	{ "/dev/hpet", NULL, false },
	{ "/dev/cpu_dma_latency", NULL, true },
	{ "/dev/zram0", "zram", false },
};

#define NODES (sizeof(nodes) / sizeof(nodes[0]))

/*
 * Everybody may use the device, by a node of the test's own: that of /dev is given back to whom
 * it belongs whenever udev looks at the device, which it does after every write.
 */
static bool node_make(const char *of)
{
	struct stat status;

	unlink(path);
	return stat(of, &status) == 0 &&
	       mknod(path, (status.st_mode & S_IFMT) | 0666, status.st_rdev) == 0 &&
	       chmod(path, 0666) == 0;
}

/* Finds the device and gives it to everybody; false if there is none. */
static bool node_find(const struct device *device)
{
	glob_t found;
	bool there;

	if (device->module)
		driver_load(device->module);
	there = glob(device->pattern, 0, NULL, &found) == 0 && found.gl_pathc &&
		node_make(found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return there;
}

/* An error of the device's own is as good as success: it was let through. */
static int kept_out(long returned)
{
	return returned < 0 && errno == EACCES ? EACCES : 0;
}

static int open_to_write(void)
{
	return kept_out(open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

static int open_for_both(void)
{
	return kept_out(open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

static void device_node(struct __test_metadata *_metadata, int (*act)(void))
{
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .act = act };
	struct outcome outcome;
	const char *words;

	deed.taint = true;
	outcome = deed_do(&deed);
	words = why_not_denied(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_DEVICE,
			       strrchr(path, '/') + 1);
	EXPECT_EQ(NULL, words)
		TH_LOG("%s: %s", path, words);
	deed.taint = false;
	outcome = deed_do(&deed);
	words = why_not_allowed(&outcome);
	EXPECT_EQ(NULL, words)
		TH_LOG("%s, untainted: %s", path, words);
}

TEST_F_TIMEOUT(device, opened_to_write, 200)
{
	for (size_t i = 0; i < NODES; i++) {
		if (!node_find(&nodes[i])) {
			EXPECT_FALSE(nodes[i].always)
				TH_LOG("there is no %s", nodes[i].pattern);
			continue;
		}
		device_node(_metadata, open_to_write);
		if (i % 4 == 0)
			device_node(_metadata, open_for_both);
	}
}

/* Opened before the raise, used after it. */
static int held = -1;

static int hold(void)
{
	held = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return result(held);
}

static int hold_to_read(void)
{
	held = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return result(held);
}

static int read_held(void)
{
	char bytes[512];

	return result(read(held, bytes, sizeof(bytes)));
}

/* What is there already, so that nothing is lost where it is let through. */
static int write_held(void)
{
	static char bytes[4096] __attribute__((aligned(4096)));

	if (pread(held, bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return TROUBLE;
	return result(pwrite(held, bytes, sizeof(bytes), 0));
}

static int map_held(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, held, 0);

	return result(memory == MAP_FAILED ? -1 : 0);
}

/* A command that whoever may write may give. */
static int resize_held(void)
{
	return kept_out(ioctl(held, LOOP_SET_CAPACITY, 0));
}

static int command_held(void)
{
	static unsigned char command[6] = { 0 }; /* TEST UNIT READY */
	struct sg_io_hdr request = {
		.interface_id = 'S', .cmd_len = sizeof(command), .cmdp = command,
		.dxfer_direction = SG_DXFER_NONE, .timeout = 1000,
	};

	return kept_out(ioctl(held, SG_IO, &request));
}

#define EXPECT_DEVICE(before_, act_, operation, reason)					\
	do {										\
		struct deed deed_ = {							\
			.uid = CLEARED, .login = CLEARED, .directory = "/", .taint = true,	\
			.before = before_, .act = act_,					\
		};									\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		EXPECT_DENIED(&outcome_, EACCES, operation, reason, NULL);		\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F(device, disks_opened_before)
{
	static const struct device disk = { "/dev/loop7", "loop", true };

	ASSERT_TRUE(node_find(&disk));
	{
		int file = open("/var/tmp/mifeng-disk", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		int loop = open(path, O_RDWR | O_CLOEXEC);

		ASSERT_LE(0, file);
		ASSERT_LE(0, loop);
		ASSERT_EQ(0, ftruncate(file, 1 << 20));
		ASSERT_EQ(0, ioctl(loop, LOOP_SET_FD, file));
		EXPECT_DEVICE(hold, write_held, MIFENG_OP_WRITE, MIFENG_REASON_DEVICE);
		EXPECT_DEVICE(hold, map_held, MIFENG_OP_MAP, MIFENG_REASON_DEVICE);
		EXPECT_DEVICE(hold, resize_held, MIFENG_OP_IOCTL, MIFENG_REASON_FACILITY);
		EXPECT_EQ(0, ioctl(loop, LOOP_CLR_FD, 0));
		close(loop);
		close(file);
		unlink("/var/tmp/mifeng-disk");
	}
}

TEST_F(device, stick_opened_before)
{
	static const struct device stick = { "/dev/sd[a-z]", NULL, true };
	static const struct device generic = { "/dev/sg[0-9]*", "sg", true };

	ASSERT_TRUE(node_find(&stick));
	EXPECT_DEVICE(hold, write_held, MIFENG_OP_WRITE, MIFENG_REASON_DEVICE);
	EXPECT_DEVICE(hold_to_read, command_held, MIFENG_OP_IOCTL, MIFENG_REASON_FACILITY);
	ASSERT_TRUE(node_find(&generic));
	EXPECT_DEVICE(hold, command_held, MIFENG_OP_IOCTL, MIFENG_REASON_FACILITY);
}

TEST_F(device, only_read)
{
	static const struct device stick = { "/dev/sd[a-z]", NULL, true };
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .taint = true };
	struct outcome outcome;

	ASSERT_TRUE(node_find(&stick));
	deed.before = hold;
	deed.act = read_held;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.before = hold_to_read;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Memory that is the disk's: writes to it are seen by nobody. */
TEST_F(device, mapped_before)
{
	static const struct device stick = { "/dev/sd[a-z]", NULL, true };
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/" };
	struct outcome outcome;

	ASSERT_TRUE(node_find(&stick));
	deed.before = hold;
	deed.act = map_held;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

static int hold_and_map(void)
{
	return hold() ?: map_held();
}

TEST_F(device, mapping_is_a_way_out)
{
	static const struct device stick = { "/dev/sd[a-z]", NULL, true };
	struct deed deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/",
		.before = hold_and_map, .act = document_read,
	};
	struct outcome outcome;

	ASSERT_TRUE(node_find(&stick));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEAN, "document");
}

static int use_safe_ones(void)
{
	static const struct {
		const char *name;
		int error;
	} safe[] = {
		{ "/dev/null", 0 }, { "/dev/zero", 0 }, { "/dev/full", ENOSPC },
		{ "/dev/random", 0 }, { "/dev/urandom", 0 },
	};

	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
		char byte = 'y';
		int fd = open(safe[i].name, O_RDWR | O_CLOEXEC), error;

		if (fd < 0)
			return errno;
		error = result(write(fd, &byte, 1));
		if (error != safe[i].error || (i && read(fd, &byte, 1) != 1))
			return error ?: EIO;
		close(fd);
	}
	return result_close(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
}

TEST_F(device, for_everybody)
{
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .taint = true,
			     .act = use_safe_ones };
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

/* A classified file as a disk: a thread of the kernel would read it for whoever reads the disk. */
static int document_fd;

static int hold_document(void)
{
	document_fd = open(stage.document, O_RDWR | O_CLOEXEC);
	return document_fd < 0 ? errno : hold();
}

static int lend(unsigned long command, unsigned long argument)
{
	int error = result(ioctl(held, command, argument));

	if (!error)
		ioctl(held, LOOP_CLR_FD, 0);
	return error;
}

static int lend_document(void)
{
	return lend(LOOP_SET_FD, (unsigned long)document_fd);
}

static int lend_configured(void)
{
	struct loop_config configuration = { .fd = (__u32)document_fd };

	return lend(LOOP_CONFIGURE, (unsigned long)&configuration);
}

/* What a disk has lent goes back when the last who has it open, udev or its like, closes it. */
static bool comes_free(const char *path)
{
	const struct timespec moment = { .tv_nsec = 10000000 };

	for (int tries = 0; tries < 1000; tries++) {
		struct loop_info64 information;
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		bool free = fd >= 0 && ioctl(fd, LOOP_GET_STATUS64, &information) && errno == ENXIO;

		if (fd >= 0)
			close(fd);
		if (free)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

TEST_F(device, classified_file_as_a_disk)
{
	static const struct device disk = { "/dev/loop7", "loop", true };
	struct deed deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/",
		.before = hold_document, .act = lend_document,
	};
	struct outcome outcome;

	ASSERT_TRUE(node_find(&disk));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED, NULL);
	ASSERT_TRUE(comes_free(disk.pattern));
	deed.act = lend_configured;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED, NULL);
	ASSERT_TRUE(comes_free(disk.pattern));
	deed.uid = 0;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED, NULL);
}

TEST_HARNESS_MAIN
