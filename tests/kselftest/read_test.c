// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every way to get the content of a classified file raises the program that does, and is
 * refused to a program that cannot be raised.
 */
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "support/suite.h"

#define CHUNK 64

/* Descriptors that the deed has from elsewhere, or opens before it is raised. */
static int document_fd = -1;
static int file_fd = -1;

static int by_read(int fd)
{
	char bytes[CHUNK];

	return result(read(fd, bytes, sizeof(bytes)));
}

static int by_pread(int fd)
{
	char bytes[CHUNK];

	return result(pread(fd, bytes, sizeof(bytes), 1));
}

static int by_readv(int fd)
{
	char bytes[CHUNK];
	struct iovec piece = { bytes, sizeof(bytes) };

	return result(readv(fd, &piece, 1));
}

static int by_preadv2(int fd)
{
	char bytes[CHUNK];
	struct iovec piece = { bytes, sizeof(bytes) };

	return result(preadv2(fd, &piece, 1, 1, RWF_HIPRI));
}

static int by_mapping(int fd, int kind)
{
	volatile char *map;

	map = mmap(NULL, FILE_SIZE, PROT_READ, kind, fd, 0);
	if (map == MAP_FAILED)
		return errno;
	return map[1] == 'x' ? 0 : EIO;
}

static int by_private_mapping(int fd)
{
	return by_mapping(fd, MAP_PRIVATE);
}

static int by_shared_mapping(int fd)
{
	return by_mapping(fd, MAP_SHARED);
}

/* Mapped without any access and given it afterwards. */
static int by_mprotect(int fd)
{
	volatile char *map;

	map = mmap(NULL, FILE_SIZE, PROT_NONE, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED || mprotect((void *)map, FILE_SIZE, PROT_READ) < 0)
		return errno;
	return map[1] == 'x' ? 0 : EIO;
}

/* A tainted program cannot splice into a pipe; programs read and write then. */
static int or_read(int fd, ssize_t spliced)
{
	return spliced < 0 && errno == EINVAL ? by_read(fd) : result(spliced);
}

static int by_sendfile(int fd)
{
	int pipes[2];

	if (pipe(pipes) < 0)
		return errno;
	return or_read(fd, sendfile(pipes[1], fd, NULL, CHUNK));
}

static int by_splice(int fd)
{
	int pipes[2];

	if (pipe(pipes) < 0)
		return errno;
	return or_read(fd, splice(fd, NULL, pipes[1], NULL, CHUNK, 0));
}

/* The page cache is filled, nothing is handed over; what follows is. */
static int by_readahead(int fd)
{
	if (readahead(fd, 0, FILE_SIZE) < 0)
		return errno;
	return by_read(fd);
}

FIXTURE(read) {};

FIXTURE_VARIANT(read)
{
	int (*way)(int fd);
};

#define WAY(name) FIXTURE_VARIANT_ADD(read, name) { .way = by_##name }
/* clang-format off */
WAY(read);
WAY(pread);
WAY(readv);
WAY(preadv2);
WAY(private_mapping);
WAY(shared_mapping);
WAY(mprotect);
WAY(sendfile);
WAY(splice);
WAY(readahead);
/* clang-format on */

static int (*way)(int fd);

FIXTURE_SETUP(read)
{
	ASSERT_RIGHT(stage_open());
	way = variant->way;
	document_fd = -1;
}

FIXTURE_TEARDOWN(read)
{
	stage_close();
}

static int descriptors_open(void)
{
	if (document_fd < 0)
		document_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	file_fd = open("file", O_WRONLY | O_CLOEXEC);
	return document_fd < 0 || file_fd < 0 ? errno : 0;
}

static int read_only(void)
{
	return way(document_fd);
}

static int read_then_write(void)
{
	int error = way(document_fd);

	if (error)
		_exit(TROUBLE);
	return result(write(file_fd, "x", 1));
}

TEST_F(read, succeeds_silently)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_only);
	struct outcome outcome;

	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(read, raises)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_then_write);
	struct outcome outcome;

	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_UNMARKED_PATH, "file");
}

/* The same way to read an ordinary file raises nobody. */
static int read_ordinary_then_write(void)
{
	int fd = open("other", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || way(fd))
		_exit(TROUBLE);
	return result(write(file_fd, "x", 1));
}

TEST_F(read, ordinary_file_does_not_raise)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_ordinary_then_write);
	struct outcome outcome;

	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Opened while it was ordinary, marked, then read. */
TEST_F(read, descriptor_from_before_the_mark)
{
	char path[256];
	struct deed deed = DEED(false, PLACE_UNMARKED, read_then_write);
	struct outcome outcome;

	snprintf(path, sizeof(path), "%s/ordinary/other", stage.directory[PLACE_ZONE]);
	document_fd = open(path, O_RDONLY);
	ASSERT_LE(0, document_fd);
	ASSERT_EQ(0, stage_mark(path));
	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_UNMARKED_PATH, "file");
}

/* An inherited descriptor does not make an uncleared person a cleared one. */
TEST_F(read, descriptor_of_the_uncleared)
{
	char path[256];
	struct deed deed = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = read_only,
	};
	bool mapped = way == by_private_mapping || way == by_shared_mapping || way == by_mprotect;
	struct outcome outcome;

	snprintf(path, sizeof(path), "%s/ordinary/other", stage.directory[PLACE_ZONE]);
	document_fd = open(path, O_RDONLY);
	ASSERT_LE(0, document_fd);
	ASSERT_EQ(0, stage_mark(path));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, mapped ? MIFENG_OP_MAP : MIFENG_OP_READ,
		      MIFENG_REASON_NOT_CLEARED, "other");
	deed.uid = 0;
	deed.login = SERVICE;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, mapped ? MIFENG_OP_MAP : MIFENG_OP_READ,
		      MIFENG_REASON_PINNED, "other");
}

FIXTURE(passed) {};

FIXTURE_SETUP(passed)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(passed)
{
	stage_close();
}

static int sockets[2];

static int document_send(void)
{
	int fd = open(stage.document, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(descriptor_send(sockets[0], fd));
}

static int document_receive(void)
{
	int fd = descriptor_receive(sockets[1]);

	return fd < 0 ? errno : by_read(fd);
}

static int document_receive_then_write(void)
{
	if (document_receive())
		_exit(TROUBLE);
	return result_close(open("new", O_WRONLY | O_CREAT, 0644));
}

TEST_F(passed, to_the_cleared)
{
	struct deed sender = DEED(false, PLACE_UNMARKED, document_send);
	struct deed receiver = DEED(false, PLACE_UNMARKED, document_receive_then_write);
	struct outcome outcome;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	outcome = deed_do(&sender);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&receiver);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH, "new");
}

TEST_F(passed, to_the_uncleared)
{
	struct deed sender = DEED(false, PLACE_UNMARKED, document_send);
	struct deed receiver = {
		.uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .act = document_receive,
	};
	struct outcome outcome;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	outcome = deed_do(&sender);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&receiver);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_READ, MIFENG_REASON_NOT_CLEARED, "document");
}

TEST_HARNESS_MAIN
