// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * New names: refused to a program that holds something classified on an unmarked path,
 * allowed in a zone, where a new file has its label before it has any content.
 */
#include <sys/sysmacros.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "support/suite.h"

FIXTURE(create) {};

FIXTURE_VARIANT(create)
{
	enum place place;
	bool denied;
};

FIXTURE_VARIANT_ADD(create, unmarked_path) { .place = PLACE_UNMARKED, .denied = true };
FIXTURE_VARIANT_ADD(create, zone) { .place = PLACE_ZONE };
FIXTURE_VARIANT_ADD(create, scratch) { .place = PLACE_SCRATCH };

FIXTURE_SETUP(create)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(create)
{
	stage_close();
}

/* The label of a new file, where it could be made. */
#define EXPECT_NEW_LEVEL(name)								\
	do {										\
		if (!variant->denied)							\
			EXPECT_LEVEL(DOCUMENT_LEVEL, stage.directory[variant->place],	\
				     "tainted/" name);					\
		EXPECT_LEVEL(MIFENG_LEVEL_NONE, stage.directory[variant->place],	\
			     "ordinary/" name);						\
	} while (0)

static int make_file(void)
{
	return result_close(open("new", O_WRONLY | O_CREAT | O_EXCL, 0644));
}

TEST_F(create, file)
{
	EXPECT_BY_PLACE(make_file, MIFENG_OP_CREATE, "new");
	EXPECT_NEW_LEVEL("new");
}

TEST_F(create, refused_file_has_no_name)
{
	struct deed deed = DEED(true, variant->place, make_file);
	struct outcome outcome = deed_do(&deed);
	bool made = variant->denied && !baseline() ? false : true;

	EXPECT_EQ(made ? 0 : EACCES, outcome.error);
	EXPECT_EQ(made ? 0 : -1,
		  access(path_join(stage.directory[variant->place], "tainted/new"), F_OK));
}

static int make_node(void)
{
	return result(mknod("new", S_IFREG | 0644, 0));
}

TEST_F(create, regular_file_by_mknod)
{
	EXPECT_BY_PLACE(make_node, MIFENG_OP_CREATE, "new");
	EXPECT_NEW_LEVEL("new");
}

static int make_fifo(void)
{
	return result(mkfifo("new", 0644));
}

TEST_F(create, fifo)
{
	EXPECT_BY_PLACE(make_fifo, MIFENG_OP_CREATE, "new");
}

static int make_directory(void)
{
	return result(mkdir("new", 0755));
}

TEST_F(create, directory)
{
	EXPECT_BY_PLACE(make_directory, MIFENG_OP_CREATE, "new");
}

static int make_symlink(void)
{
	return result(symlink("classified content as a link's body", "new"));
}

TEST_F(create, symlink)
{
	EXPECT_BY_PLACE(make_symlink, MIFENG_OP_SYMLINK, "new");
}

static int make_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "new" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return fd < 0 ? errno : result(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

TEST_F(create, socket)
{
	EXPECT_BY_PLACE(make_socket, MIFENG_OP_CREATE, "new");
}

/* A file without a name, named afterwards. */
static int make_nameless(void)
{
	int fd = open(".", O_TMPFILE | O_RDWR, 0644);
	char path[64];

	if (fd < 0)
		return errno;
	if (write(fd, "y", 1) != 1)
		return errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return result(linkat(AT_FDCWD, path, AT_FDCWD, "new", AT_SYMLINK_FOLLOW));
}

TEST_F(create, nameless_file)
{
	/* Refused at the opening, at the write or at the name: in any case before data stay. */
	EXPECT_BY_PLACE(make_nameless, 0, NULL);
	EXPECT_NEW_LEVEL("new");
}

static int make_inside_new_directory(void)
{
	if (mkdir("new", 0755) < 0 || mkdir("new/deeper", 0755) < 0)
		return errno;
	return result_close(open("new/deeper/file", O_WRONLY | O_CREAT, 0644));
}

/* A directory inherits its zone from the one it is made in. */
TEST_F(create, deep_inside)
{
	EXPECT_BY_PLACE(make_inside_new_directory, MIFENG_OP_CREATE, NULL);
	EXPECT_NEW_LEVEL("new/deeper/file");
}

static int open_existing_with_create(void)
{
	int fd = open("file", O_RDONLY | O_CREAT, 0644);

	return result_close(fd);
}

/* O_CREAT on what is there already makes nothing. */
TEST_F(create, existing_file)
{
	struct deed deed = DEED(true, variant->place, open_existing_with_create);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

/* The label is there for whoever looks while the maker has not written yet. */
static int ready[2];

static int make_and_wait(void)
{
	int fd = open("new", O_WRONLY | O_CREAT | O_EXCL, 0666);
	char byte;

	if (fd < 0)
		return errno;
	close(ready[1]);
	/* Ends when the other side has looked, and is gone. */
	return result(read(ready[0], &byte, 1));
}

TEST_F(create, label_before_content)
{
	struct deed deed = DEED(true, variant->place, make_and_wait);
	struct outcome outcome;
	const char *path;
	int level = -ENOENT;

	if (variant->denied)
		return;
	ASSERT_EQ(0, pipe(ready));
	path = path_join(stage.directory[variant->place], "tainted/new");
	outcome = deed_start(&deed);
	for (int i = 0; i < 10000000 && level == -ENOENT; i++)
		level = access(path, F_OK) ? -ENOENT : stage_level(NULL, path);
	close(ready[0]);
	close(ready[1]);
	deed_end(&outcome);
	EXPECT_EQ(DOCUMENT_LEVEL, level);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
