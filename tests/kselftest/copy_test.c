// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies that the kernel makes: the content never passes through the program's memory. */
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

#include "support/suite.h"

FIXTURE(copy) {};

static int way_copy_file_range(int from, int to)
{
	return result(copy_file_range(from, NULL, to, NULL, 64, 0));
}

static int way_sendfile(int from, int to)
{
	return result(sendfile(to, from, NULL, 64));
}

/* What programs do where nothing can be spliced: EINVAL, as to a tainted program. */
static int instead(int from, int to)
{
	char content[64];

	if (errno != EINVAL)
		return errno;
	if (pread(from, content, sizeof(content), 0) < 0)
		return errno;
	return result(write(to, content, sizeof(content)));
}

static int way_splice(int from, int to)
{
	int pipes[2];

	if (pipe(pipes) < 0)
		return TROUBLE;
	if (splice(from, NULL, pipes[1], NULL, 64, 0) < 0)
		return instead(from, to);
	return result(splice(pipes[0], NULL, to, NULL, 64, 0));
}

/* The pipe is filled by a mapping's pages, not by a copy of them. */
static int way_vmsplice(int from, int to)
{
	struct iovec piece = { .iov_len = 64 };
	int pipes[2];

	if (pipe(pipes) < 0)
		return TROUBLE;
	piece.iov_base = mmap(NULL, FILE_SIZE, PROT_READ, MAP_PRIVATE, from, 0);
	if (piece.iov_base == MAP_FAILED)
		return errno;
	if (vmsplice(pipes[1], &piece, 1, 0) < 0)
		return instead(from, to);
	return result(splice(pipes[0], NULL, to, NULL, 64, 0));
}

FIXTURE_VARIANT(copy)
{
	int (*way)(int from, int to);
};

FIXTURE_VARIANT_ADD(copy, copy_file_range) { .way = way_copy_file_range };
FIXTURE_VARIANT_ADD(copy, sendfile) { .way = way_sendfile };
FIXTURE_VARIANT_ADD(copy, splice) { .way = way_splice };
FIXTURE_VARIANT_ADD(copy, vmsplice) { .way = way_vmsplice };

static int (*way)(int from, int to);

FIXTURE_SETUP(copy)
{
	ASSERT_RIGHT(stage_open());
	way = variant->way;
}

FIXTURE_TEARDOWN(copy)
{
	stage_close();
}

static int from_fd, to_fd;

/* Both are open before anything is read. */
static int both_open(void)
{
	from_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	to_fd = open("file", O_WRONLY | O_CLOEXEC);
	return from_fd < 0 || to_fd < 0 ? errno : 0;
}

static int ordinary_open(void)
{
	from_fd = open("other", O_RDONLY | O_CLOEXEC);
	to_fd = open("file", O_WRONLY | O_CLOEXEC);
	return from_fd < 0 || to_fd < 0 ? errno : 0;
}

static int document_copy(void)
{
	return way(from_fd, to_fd);
}

TEST_F(copy, to_an_unmarked_path)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_copy);
	struct outcome outcome;
	char content[64];
	int fd;

	deed.before = both_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
	/* Tell the two apart: what is there now is what was there before. */
	fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/file"), O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ((ssize_t)sizeof(content), read(fd, content, sizeof(content)));
	close(fd);
}

TEST_F(copy, to_a_zone)
{
	struct deed deed = DEED(false, PLACE_ZONE, document_copy);
	struct outcome outcome;

	deed.before = both_open;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[PLACE_ZONE], "ordinary/file");
}

TEST_F(copy, of_an_ordinary_file)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_copy);
	struct outcome outcome;

	deed.before = ordinary_open;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.taint = true;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

/* What one program put into a pipe, another one that holds it too writes out. */
TEST_F(copy, by_descriptors_of_the_uncleared)
{
	struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = document_copy,
	};
	const char *source = path_join(stage.directory[PLACE_ZONE], "ordinary/other");
	struct outcome outcome;

	from_fd = open(source, O_RDONLY | O_CLOEXEC);
	to_fd = open(path_join(stage.directory[PLACE_ZONE], "ordinary/file"),
		     O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, from_fd);
	ASSERT_LE(0, to_fd);
	ASSERT_EQ(0, stage_mark(source));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEARED, "other");
}

/* Sharing blocks instead of copying them, where the filesystem can: xfs and btrfs. */
FIXTURE(clone_range) { char mount_point[64]; };

FIXTURE_SETUP(clone_range)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(clone_range)
{
	stage_close();
}

static int clone_document(void)
{
	return result(ioctl(to_fd, FICLONE, from_fd));
}

/*
 * ext4 and tmpfs answer EOPNOTSUPP, with the module and without it; what matters here is
 * that a program which may not write is told so or that nothing was cloned.
 */
TEST_F(clone_range, leaves_nothing_behind)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, clone_document);
	struct outcome outcome;

	deed.before = both_open;
	outcome = deed_do(&deed);
	EXPECT_TRUE(outcome.error == EOPNOTSUPP || outcome.error == EACCES);
	EXPECT_LEVEL(MIFENG_LEVEL_NONE, stage.directory[PLACE_UNMARKED], "ordinary/file");
}

TEST_HARNESS_MAIN
