// SPDX-License-Identifier: GPL-2.0-or-later
/* An unprivileged user is root in a user namespace of his own; here that gives nothing. */
#include <linux/genetlink.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "support/suite.h"

FIXTURE(userns) {};

FIXTURE_SETUP(userns)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(userns)
{
	stage_close();
}

/* Root of a new namespace, with a tmpfs of its own in "directory". */
static int own_filesystem(void)
{
	int error = namespace_enter(CLONE_NEWNS, 0);

	if (error)
		return error;
	if (mount("mine", "directory", "tmpfs", 0, NULL) < 0 || chdir("directory") < 0)
		return errno;
	return 0;
}

static int file_create(void)
{
	return result_close(open("new", O_WRONLY | O_CREAT, 0644));
}

/* Neither in the zone nor in a scratch zone: a mount point inside them is another place. */
TEST_F(userns, own_filesystem_is_no_zone)
{
	struct deed deed = DEED(true, PLACE_ZONE, file_create);
	struct outcome outcome;

	deed.before = own_filesystem;
	for (deed.place = 0; deed.place < PLACES; deed.place++) {
		deed.taint = true;
		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH,
			      "new");
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

static int label_set(void)
{
	static const char bytes[64] = { 1, 1 };

	return result(setxattr(".", MIFENG_XATTR_NAME, bytes, sizeof(bytes), 0));
}

TEST_F(userns, label_cannot_be_set)
{
	struct deed deed = DEED(false, PLACE_SCRATCH, label_set);
	struct outcome outcome;

	deed.before = own_filesystem;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED, NULL);
}

/* Namespaces do not take the taint off. */
static int unshare_and_write(void)
{
	int error = unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ? errno : 0;

	if (error)
		return TROUBLE;
	return result_close(open("file", O_WRONLY | O_TRUNC));
}

TEST_F(userns, taint_stays)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, unshare_and_write);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

/* A bind mount shows the same zone and the same unmarked path under other names. */
static int bind_over(void)
{
	int error = namespace_enter(CLONE_NEWNS, 0);

	if (error)
		return error;
	return result(mount(path_join(stage.directory[PLACE_UNMARKED], "ordinary"),
			    path_join(stage.directory[PLACE_ZONE], "ordinary/directory"), NULL,
			    MS_BIND, NULL));
}

static int write_below_bind(void)
{
	return result_close(open(path_join(stage.directory[PLACE_ZONE], "ordinary/directory/new"),
				 O_WRONLY | O_CREAT, 0644));
}

TEST_F(userns, bind_mount_makes_no_zone)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, write_below_bind);
	struct outcome outcome;

	deed.before = bind_over;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH, "new");
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/*
 * An overlay of one's own over a zone. A link on it asks for the file's label by the
 * overlay's inode, which has none; whoever maps the file must be raised all the same.
 */
static int overlay_mount(void)
{
	char options[1024];

	if (own_filesystem())
		return TROUBLE;
	if (mkdir("upper", 0700) < 0 || mkdir("work", 0700) < 0 || mkdir("merged", 0700) < 0)
		return errno;
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=upper,workdir=work,userxattr",
		 stage.directory[PLACE_ZONE]);
	return result(mount("mine", "merged", "overlay", 0, options));
}

static int map_below_overlay_and_write(void)
{
	const char *elsewhere = path_join(stage.directory[PLACE_UNMARKED], "ordinary/file");
	char name[64];
	pid_t child;
	char *map;
	int fd;

	snprintf(name, sizeof(name), "merged/%s", strrchr(stage.document, '/') + 1);
	child = fork();
	if (!child)
		_exit(link(name, "merged/other") < 0); /* allowed or not: it asks */
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		return TROUBLE;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return TROUBLE;
	map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED || !map[0])
		return TROUBLE;
	fd = open(elsewhere, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? errno : result(write(fd, map, 1));
}

TEST_F(userns, overlay_over_a_zone_raises)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, map_below_overlay_and_write);
	struct outcome outcome;

	deed.before = overlay_mount;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, "file");
}

/*
 * Whoever opens a file to write that is in a lower layer has it copied to the upper one, which is
 * anywhere.
 */
static int open_to_write(void)
{
	char name[64], options[512];
	int error = namespace_enter(CLONE_NEWNS, 0);

	if (error || mkdir("upper", 0777) < 0 || mkdir("work", 0700) < 0 ||
	    mkdir("merged", 0700) < 0)
		return TROUBLE;
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=upper,workdir=work,userxattr",
		 stage.directory[PLACE_ZONE]);
	if (mount("mine", "merged", "overlay", 0, options) < 0)
		return TROUBLE;
	snprintf(name, sizeof(name), "merged/%s", strrchr(stage.document, '/') + 1);
	return result_close(open(name, O_RDWR | O_CLOEXEC));
}

/* Has a byte of the document come to the upper layer? */
static bool content_is_above(void)
{
	char byte = 0;
	int fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/upper/document"),
		      O_RDONLY | O_CLOEXEC);
	bool is = fd >= 0 && pread(fd, &byte, 1, 0) == 1 && byte == 'x';

	close(fd);
	return is;
}

TEST_F(userns, overlay_copies_nothing_up)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, open_to_write);
	struct outcome outcome;

	/* the copy belongs to the same person, whom the namespace must know */
	ASSERT_EQ(0, chown(stage.document, CLEARED, CLEARED));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, NULL);
	EXPECT_EQ(baseline(), content_is_above());
}

/* The control interface is not for the root of a namespace. */
static int ask_for_status(void)
{
	struct wire_status status;
	struct wire wire;
	int error;

	error = wire_open(&wire);
	if (!error)
		error = wire_status_get(&wire, &status);
	return -error;
}

TEST_F(userns, control)
{
	struct deed deed = DEED(false, PLACE_SCRATCH, ask_for_status);
	struct outcome outcome;

	deed.before = own_filesystem;
	outcome = deed_do(&deed);
	/* In a baseline there is nobody to ask, which is found out by any user alike. */
	EXPECT_EQ(baseline() ? ENOENT : EPERM, outcome.error);
}

TEST_HARNESS_MAIN
