// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Labels: who may set them and how, that nobody changes or sees their bytes, and that a
 * file whose label is damaged is unreadable.
 */
#include <sys/xattr.h>

#include "support/disk.h"
#include "support/suite.h"

#include "support/disk.c"

FIXTURE(label) { char path[256]; };

FIXTURE_SETUP(label)
{
	ASSERT_RIGHT(stage_open());
	snprintf(self->path, sizeof(self->path), "%s/ordinary/file",
		 stage.directory[PLACE_ZONE]);
}

FIXTURE_TEARDOWN(label)
{
	stage_close();
}

/* A mark of the file at @path; 0, or the errno the module answered. */
static int mark(const char *path, int level, uint64_t scopes)
{
	int fd, error;

	if (baseline())
		return 0;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = wire_mark(&stage.wire, fd, level, scopes);
	close(fd);
	return error;
}

TEST_F(label, mark_and_read_back)
{
	struct wire_label label = { 0 };
	int fd = open(self->path, O_PATH | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, mark(self->path, MIFENG_LEVEL_SECRET, 5));
	if (baseline())
		return;
	ASSERT_EQ(0, wire_label_get(&stage.wire, fd, &label));
	EXPECT_EQ(MIFENG_LABEL_VALID, label.state);
	EXPECT_EQ(MIFENG_LEVEL_SECRET, label.level);
	EXPECT_EQ(5, label.scopes);
	EXPECT_EQ(0, label.flags & MIFENG_LABEL_DERIVED);
	EXPECT_EQ(MIFENG_LEVEL_TOP_SECRET, label.zone_level);
}

TEST_F(label, is_raised_and_not_lowered)
{
	struct wanted wanted = { .operation = MIFENG_OP_MARK };
	int before = baseline() ? 0 : -EPERM;

	ASSERT_EQ(0, mark(self->path, MIFENG_LEVEL_SECRET, 1));
	EXPECT_EQ(before, mark(self->path, MIFENG_LEVEL_CONFIDENTIAL, 1));
	EXPECT_EQ(before, mark(self->path, MIFENG_LEVEL_SECRET, 2));
	EXPECT_EQ(0, mark(self->path, MIFENG_LEVEL_TOP_SECRET, 1));
	EXPECT_EQ(0, mark(self->path, MIFENG_LEVEL_TOP_SECRET, 3));
	if (baseline())
		return;
	/* Each mark is an administrative act, and noted. */
	struct found found = { 0 };

	wanted.pid = getpid();
	wanted.reason = MIFENG_REASON_ADMINISTRATIVE;
	EXPECT_LT(0, records_wait(&wanted, 3, &found));
	EXPECT_LE(3, found.total);
	EXPECT_EQ(MIFENG_VERDICT_NOTED, found.verdict);
}

TEST_F(label, outside_every_zone)
{
	const char *path = path_join(stage.directory[PLACE_UNMARKED], "ordinary/file");

	EXPECT_EQ(baseline() ? 0 : -EXDEV, mark(path, MIFENG_LEVEL_SECRET, 1));
	EXPECT_LEVEL(MIFENG_LEVEL_NONE, NULL, path);
}

TEST_F(label, while_mapped_for_writing)
{
	int fd = open(self->path, O_RDWR | O_CLOEXEC);
	void *map;

	ASSERT_LE(0, fd);
	map = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, map);
	EXPECT_EQ(baseline() ? 0 : -EBUSY, mark(self->path, MIFENG_LEVEL_SECRET, 1));
	munmap(map, FILE_SIZE);
	EXPECT_EQ(0, mark(self->path, MIFENG_LEVEL_SECRET, 1));
}

/* Nobody changes a label but MARK: not even root, not even on a file without one. */
static int label_set(void)
{
	static const char bytes[64] = { 1, 1 };

	return result(setxattr("file", MIFENG_XATTR_NAME, bytes, sizeof(bytes), 0));
}

static int label_remove(void)
{
	return result(removexattr("file", MIFENG_XATTR_NAME));
}

static int label_set_by_descriptor(void)
{
	static const char bytes[64] = { 1, 1 };
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(fsetxattr(fd, MIFENG_XATTR_NAME, bytes, 64, 0));
}

static int another_set(void)
{
	return result(setxattr("file", "security.mifenh", "x", 1, 0));
}

FIXTURE(protected) {};

FIXTURE_VARIANT(protected)
{
	int (*act)(void);
	bool needs_label;
};

FIXTURE_VARIANT_ADD(protected, setxattr) { .act = label_set };
FIXTURE_VARIANT_ADD(protected, fsetxattr) { .act = label_set_by_descriptor };
FIXTURE_VARIANT_ADD(protected, removexattr) { .act = label_remove, .needs_label = true };

FIXTURE_SETUP(protected)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(protected)
{
	stage_close();
}

/* In a baseline there is no label to remove until somebody has set one. */
static int prepare_label(void)
{
	return baseline() ? label_set() : 0;
}

TEST_F(protected, root)
{
	struct deed deed = { .uid = 0, .login = 0, .act = variant->act };
	struct outcome outcome;

	for (enum place place = 0; place < PLACES; place++) {
		deed.directory = path_join(stage.directory[place], "ordinary");
		deed.before = prepare_label;
		if (variant->needs_label && place != PLACE_UNMARKED)
			ASSERT_EQ(0, stage_mark(path_join(deed.directory, "file")));
		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED,
			      "file");
		if (variant->needs_label && place != PLACE_UNMARKED)
			EXPECT_LEVEL(DOCUMENT_LEVEL, deed.directory, "file");
		else
			EXPECT_LEVEL(MIFENG_LEVEL_NONE, deed.directory, "file");
	}
}

TEST_F(protected, service)
{
	struct deed deed = { .uid = 0, .login = SERVICE, .act = variant->act };
	struct outcome outcome;

	deed.directory = path_join(stage.directory[PLACE_ZONE], "ordinary");
	deed.before = prepare_label;
	/* A service has no descriptor of a labelled file to work with. */
	if (variant->act != label_set_by_descriptor)
		ASSERT_EQ(0, stage_mark(path_join(deed.directory, "file")));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED, "file");
}

TEST_F(protected, others_are_not)
{
	struct deed deed = { .uid = 0, .login = 0, .act = another_set };
	struct outcome outcome;

	deed.directory = path_join(stage.directory[PLACE_UNMARKED], "ordinary");
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Copying programs do not see the label, and so do not try to copy it. */
static bool lists(const char *path, const char *name)
{
	char names[1024];
	ssize_t length = llistxattr(path, names, sizeof(names));

	for (char *next = names; length > 0 && next < names + length; next += strlen(next) + 1)
		if (!strcmp(next, name))
			return true;
	return false;
}

TEST_F(label, is_not_listed)
{
	static const char bytes[64] = { 1 };
	char names[1024];
	ssize_t size;

	ASSERT_EQ(0, setxattr(self->path, "user.note", "x", 1, 0));
	if (baseline())
		ASSERT_EQ(0, setxattr(self->path, MIFENG_XATTR_NAME, bytes, sizeof(bytes), 0));
	ASSERT_EQ(0, mark(self->path, MIFENG_LEVEL_SECRET, 1));
	EXPECT_EQ(baseline(), lists(self->path, MIFENG_XATTR_NAME));
	EXPECT_TRUE(lists(self->path, "user.note"));
	/* The size that is asked for first fits what comes then. */
	size = llistxattr(self->path, NULL, 0);
	ASSERT_LT(0, size);
	EXPECT_LE(llistxattr(self->path, names, sizeof(names)), size);
	EXPECT_LT(0, llistxattr(self->path, names, size));
}

TEST_F(label, is_not_listed_of_zones)
{
	EXPECT_FALSE(lists("/srv/classified", MIFENG_XATTR_NAME));
	EXPECT_FALSE(lists(stage.directory[PLACE_ZONE], MIFENG_XATTR_NAME));
}

/*
 * Damaged labels: the bytes are written under another name of the same length, and the
 * name is put right on the disk while the filesystem is not mounted.
 */
FIXTURE(damaged)
{
	struct disk disk;
	char file[256];
};

FIXTURE_VARIANT(damaged)
{
	size_t size;
	unsigned char version;
	bool marked;
	int state;
};

FIXTURE_VARIANT_ADD(damaged, empty) { .size = 0, .state = MIFENG_LABEL_MALFORMED };
FIXTURE_VARIANT_ADD(damaged, short_) { .size = 63, .version = 1, .state = MIFENG_LABEL_MALFORMED };
FIXTURE_VARIANT_ADD(damaged, long_) { .size = 65, .version = 1, .state = MIFENG_LABEL_MALFORMED };
FIXTURE_VARIANT_ADD(damaged, newer) { .size = 64, .version = 2, .state = MIFENG_LABEL_NEWER };
FIXTURE_VARIANT_ADD(damaged, newer_and_longer)
{
	.size = 80, .version = 2, .state = MIFENG_LABEL_NEWER,
};
FIXTURE_VARIANT_ADD(damaged, version_zero)
{
	.size = 64, .version = 0, .state = MIFENG_LABEL_MALFORMED,
};
FIXTURE_VARIANT_ADD(damaged, invented) { .size = 64, .version = 1, .state = MIFENG_LABEL_FORGED };
FIXTURE_VARIANT_ADD(damaged, flipped_bit_of_the_mac)
{
	.marked = true, .state = MIFENG_LABEL_FORGED,
};

FIXTURE_SETUP(damaged)
{
	unsigned char bytes[128] = { variant->version, MIFENG_LEVEL_CONFIDENTIAL };

	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(disk_make(&self->disk));
	snprintf(self->file, sizeof(self->file), "%s/file", self->disk.mount_point);
	ASSERT_EQ(0, file_make(self->file));
	if (variant->marked) {
		ASSERT_RIGHT(disk_zone(&self->disk));
		ASSERT_EQ(0, stage_mark(self->file));
		EXPECT_LEVEL(DOCUMENT_LEVEL, NULL, self->file);
		ASSERT_RIGHT(disk_unmount(&self->disk));
		if (!baseline())
			ASSERT_RIGHT(disk_flip_label(MIFENG_XATTR_SUFFIX, 63));
	} else {
		ASSERT_EQ(0, setxattr(self->file, DISK_STAND_IN, bytes, variant->size, 0));
		ASSERT_RIGHT(disk_unmount(&self->disk));
		ASSERT_RIGHT(disk_name_label());
	}
	ASSERT_RIGHT(disk_mount(&self->disk));
}

FIXTURE_TEARDOWN(damaged)
{
	disk_free(&self->disk);
	stage_close();
}

static int file_read(void)
{
	char byte;
	int fd = open("file", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(read(fd, &byte, 1));
}

TEST_F(damaged, is_unreadable)
{
	struct deed deed = DEED(false, 0, file_read);
	struct wire_label label = { 0 };
	struct outcome outcome;
	int fd;

	deed.directory = self->disk.mount_point;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_BAD_LABEL, "file");
	deed.uid = 0;
	deed.login = SERVICE;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_BAD_LABEL, "file");
	if (baseline())
		return;
	fd = open(self->file, O_PATH | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, wire_label_get(&stage.wire, fd, &label));
	EXPECT_EQ(variant->state, label.state);
	close(fd);
}

/* What survives on the disk without damage is read again as it was. */
FIXTURE(kept) { struct disk disk; };

FIXTURE_SETUP(kept)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(disk_make(&self->disk));
}

FIXTURE_TEARDOWN(kept)
{
	disk_free(&self->disk);
	stage_close();
}

TEST_F(kept, over_a_remount)
{
	struct deed deed = { .uid = UNCLEARED, .login = UNCLEARED, .act = file_read };
	struct outcome outcome;

	ASSERT_EQ(0, file_make(path_join(self->disk.mount_point, "file")));
	ASSERT_RIGHT(disk_zone(&self->disk));
	ASSERT_EQ(0, stage_mark(path_join(self->disk.mount_point, "file")));
	ASSERT_RIGHT(disk_unmount(&self->disk));
	ASSERT_RIGHT(disk_mount(&self->disk));
	EXPECT_LEVEL(DOCUMENT_LEVEL, self->disk.mount_point, "file");
	deed.directory = self->disk.mount_point;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_NOT_CLEARED, "file");
}

TEST_HARNESS_MAIN
