// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filesystems that a program serves. Whoever serves one learns each name that is looked
 * for, each offset that is read; so once a program has read something classified no request of it
 * may arrive there. The server's own list is the witness.
 */
#include <linux/auto_fs.h>
#include <linux/fs.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "support/suite.h"

/* Opened before the document is read. */
static int file_fd, directory_fd;

static int descriptors_open(void)
{
	file_fd = open("directory/file", O_RDONLY | O_CLOEXEC);
	directory_fd = open("directory", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file_fd < 0 || directory_fd < 0)
		return errno;
	return fuse_mark();
}

static int mounted_by_user(void)
{
	int error = fuse_mount("directory");

	return error ? error : descriptors_open();
}

static int by_stat(void)
{
	struct stat status;

	return result(stat("directory", &status));
}

static int by_lookup(void)
{
	struct stat status;

	return result(stat("directory/file", &status));
}

/* The name need not be there to be heard. */
static int by_unknown_name(void)
{
	struct stat status;
	int error = result(stat("directory/secret", &status));

	return error == ENOENT ? 0 : error;
}

static int by_lookup_at(void)
{
	struct stat status;

	return result(fstatat(directory_fd, "file", &status, 0));
}

static int by_open(void)
{
	return result_close(open("directory/file", O_RDONLY | O_CLOEXEC));
}

static int by_path_descriptor(void)
{
	return result_close(open("directory/file", O_PATH | O_CLOEXEC));
}

static int by_reopen(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file_fd);
	return result_close(open(path, O_RDONLY | O_CLOEXEC));
}

static int by_create(void)
{
	int error = result_close(open("directory/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));

	/* the server makes no files */
	return error == EPERM ? 0 : error;
}

static int by_readlink(void)
{
	char body[16];

	return result(readlink("directory/link", body, sizeof(body)));
}

static int by_access(void)
{
	return result(access("directory", R_OK));
}

static int by_chdir(void)
{
	return result(chdir("directory"));
}

static int by_statfs(void)
{
	struct statfs status;

	return result(statfs("directory", &status));
}

static int by_read(void)
{
	char byte;

	return result(pread(file_fd, &byte, 1, 4096));
}

static int by_readahead(void)
{
	return result(readahead(file_fd, 0, 4096));
}

static int by_fadvise(void)
{
	int error = posix_fadvise(file_fd, 4096, 4096, POSIX_FADV_WILLNEED);

	return error;
}

static int by_mapping(void)
{
	volatile char *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file_fd, 0);

	if (map == MAP_FAILED)
		return errno;
	return map[0] == 'f' ? 0 : EIO;
}

static int by_listing(void)
{
	char entries[512];

	return result(syscall(SYS_getdents64, directory_fd, entries, sizeof(entries)));
}

static int by_fstat(void)
{
	struct stat status;

	return result(fstat(file_fd, &status));
}

static int by_seek_end(void)
{
	return result(lseek(file_fd, 0, SEEK_END));
}

static int by_seek_data(void)
{
	return result(lseek(file_fd, 0, SEEK_DATA));
}

static int by_getxattr(void)
{
	char value[64];

	return result(fgetxattr(file_fd, "user.x", value, sizeof(value)));
}

static int by_listxattr(void)
{
	char names[64];

	return result(flistxattr(file_fd, names, sizeof(names)));
}

static int by_fsync(void)
{
	return result(fsync(file_fd));
}

static int by_chmod(void)
{
	return result(fchmod(file_fd, 0600));
}

static int by_poll(void)
{
	struct pollfd one = { .fd = file_fd, .events = POLLIN };

	if (poll(&one, 1, 0) < 0)
		return errno;
	return one.revents & POLLERR ? EACCES : 0;
}

static int by_close(void)
{
	return result(close(file_fd));
}

FIXTURE(fuse) {};

FIXTURE_VARIANT(fuse)
{
	int (*act)(void);
	const char *request;
};

#define ASKING(name, request_)								\
	FIXTURE_VARIANT_ADD(fuse, name) { .act = by_##name, .request = request_ }
/* clang-format off */
ASKING(stat, "GETATTR /");
ASKING(lookup, "LOOKUP / file");
ASKING(unknown_name, "LOOKUP / secret");
ASKING(lookup_at, "LOOKUP / file");
ASKING(open, "LOOKUP / file");
ASKING(path_descriptor, "LOOKUP / file");
ASKING(reopen, "OPEN file");
ASKING(create, "LOOKUP / new");
ASKING(readlink, "LOOKUP / link");
ASKING(access, "ACCESS /");
ASKING(chdir, "ACCESS /");
ASKING(statfs, "STATFS /");
ASKING(read, "READ file");
ASKING(readahead, "READ file 0");
ASKING(fadvise, "READ file 4096");
ASKING(mapping, "READ file 0");
ASKING(listing, "READDIR /");
ASKING(fstat, "GETATTR file");
ASKING(seek_end, "GETATTR file");
ASKING(seek_data, "LSEEK file");
ASKING(getxattr, "GETXATTR file");
ASKING(listxattr, "LISTXATTR file");
ASKING(fsync, "FSYNC file");
ASKING(chmod, "SETATTR file");
ASKING(poll, "POLL file");
ASKING(close, "FLUSH file");
/* clang-format on */

FIXTURE_SETUP(fuse)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(fuse_list_open());
}

FIXTURE_TEARDOWN(fuse)
{
	umount2(path_join(stage.directory[PLACE_UNMARKED], "tainted/directory"), MNT_DETACH);
	fuse_list_close();
	stage_close();
}

/* The kernel reads ahead in nobody's name. */
#define EXPECT_ASKED(outcome, request)							\
	EXPECT_LT(0, fuse_asked(strncmp(request, "READ ", 5) ? (outcome)->pid : 0, request))	\
		TH_LOG("%s", fuse_list())

/* What is read ahead could fail for many reasons, and says so to nobody. */
static const char *why_not_refused(const struct outcome *outcome, int (*act)(void))
{
	struct wanted wanted = {
		.since = outcome->since, .pid = outcome->pid,
		.reason = MIFENG_REASON_UNMARKED_PATH,
	};
	struct found found;

	if (act != by_readahead && act != by_fadvise)
		return why_not_denied(outcome, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, NULL);
	if (outcome->error || baseline())
		return outcome->error ? "it failed" : NULL;
	return records_wait(&wanted, 1, &found) > 0 ? NULL : "no record";
}

/* Refused, with a record, and nobody has heard of it. */
#define EXPECT_UNHEARD(outcome, act)							\
	do {										\
		EXPECT_RIGHT(why_not_refused(outcome, act));				\
		if (!baseline())							\
			EXPECT_EQ(0, fuse_asked(0, NULL)) TH_LOG("%s", fuse_list());	\
	} while (0)

TEST_F(fuse, served_by_a_user)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = mounted_by_user;
	outcome = deed_do(&deed);
	EXPECT_UNHEARD(&outcome, variant->act);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_ASKED(&outcome, variant->request);
}

TEST_F(fuse, served_by_root)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	ASSERT_EQ(0, fuse_mount_as_root(path_join(stage.directory[PLACE_UNMARKED],
						  "tainted/directory")));
	deed.before = descriptors_open;
	outcome = deed_do(&deed);
	EXPECT_UNHEARD(&outcome, variant->act);
}

FIXTURE(served) {};

FIXTURE_SETUP(served)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(fuse_list_open());
}

FIXTURE_TEARDOWN(served)
{
	fuse_list_close();
	stage_close();
}

/* Which descriptors are still open at the end is as good as a message. */
static int end(void)
{
	return 0;
}

TEST_F(served, end_of_the_program)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, end);
	struct outcome outcome;

	deed.before = mounted_by_user;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	if (!baseline())
		EXPECT_EQ(0, fuse_asked(outcome.pid, NULL)) TH_LOG("%s", fuse_list());
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_ASKED(&outcome, "FLUSH file");
}

/* An inode whose name has gone already goes with its last descriptor, and that is told. */
static int once_fd;

static int forgetting_before(void)
{
	struct stat status;
	int error = mounted_by_user();

	if (error)
		return error;
	once_fd = open("directory/once", O_PATH | O_CLOEXEC);
	if (once_fd < 0 || stat("directory/once", &status) == 0)
		return TROUBLE;
	return fuse_mark();
}

static int close_once(void)
{
	return result(close(once_fd));
}

static int close_once_and_wait(void)
{
	return close_once() ? TROUBLE : fuse_wait("FORGET once");
}

TEST_F(served, forgotten)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, close_once);
	struct outcome outcome;

	deed.before = forgetting_before;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	if (!baseline())
		EXPECT_EQ(0, fuse_asked(0, "FORGET once")) TH_LOG("%s", fuse_list());
	deed.taint = false;
	deed.act = close_once_and_wait;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* A label that the server makes up is not asked for, so it cannot be believed. */
static int read_and_probe(void)
{
	char byte;

	if (pread(file_fd, &byte, 1, 0) != 1 || byte != 'f')
		return TROUBLE;
	return probe();
}

TEST_F(served, label_is_not_asked_for)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, read_and_probe);
	struct outcome outcome;

	deed.before = mounted_by_user;
	outcome = deed_do(&deed);
	EXPECT_ORDINARY(&outcome);
	EXPECT_EQ(0, fuse_asked(0, "GETXATTR")) TH_LOG("%s", fuse_list());
	EXPECT_LT(0, fuse_asked(0, "READ file"));
}

/* Whoever has a page of such a file mapped tells the server by touching it. */
static int map_before(void)
{
	int error = mounted_by_user();

	if (error)
		return error;
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file_fd, 0) == MAP_FAILED ? errno : 0;
}

TEST_F(served, mapping_from_before)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = map_before;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, "mapping of /file, which is on fuse");
}

/* An overlay of one's own passes everything on. */
static int overlay_before(void)
{
	int error = mounted_by_user();

	if (error)
		return error;
	if (mkdir("upper", 0700) < 0 || mkdir("work", 0700) < 0 || mkdir("merged", 0700) < 0)
		return errno;
	if (mount("mine", "merged", "overlay", 0,
		  "lowerdir=directory,upperdir=upper,workdir=work,userxattr") < 0)
		return errno;
	close(file_fd);
	file_fd = open("merged/file", O_RDONLY | O_CLOEXEC);
	if (file_fd < 0)
		return errno;
	return fuse_mark();
}

static int below_overlay(void)
{
	struct stat status;

	return result(stat("merged/directory/file", &status));
}

TEST_F(served, overlay)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, below_overlay);
	struct outcome outcome;

	deed.before = overlay_before;
	outcome = deed_do(&deed);
	EXPECT_UNHEARD(&outcome, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_ASKED(&outcome, "LOOKUP directory file");
}

TEST_F(served, overlay_content)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, by_read);
	struct outcome outcome;

	deed.before = overlay_before;
	outcome = deed_do(&deed);
	EXPECT_UNHEARD(&outcome, NULL);
}

static int map_overlay(void)
{
	int error = overlay_before();

	if (error)
		return error;
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file_fd, 0) == MAP_FAILED ? errno : 0;
}

TEST_F(served, overlay_mapped_before)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = map_overlay;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, "which is on fuse");
}

/*
 * The automounter: a program of root that is told the name somebody looks for, to ask the network
 * for it. This one notes the name, and that there is no such thing.
 */
static _Noreturn void automounter(const char *where)
{
	struct autofs_v5_packet packet;
	char options[128];
	int ends[2], directory;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	if (pipe(ends) < 0)
		_exit(1);
	snprintf(options, sizeof(options), "fd=%d,pgrp=%d,minproto=5,maxproto=5,indirect", ends[1],
		 getpid());
	if (mount("automounter", where, "autofs", 0, options) < 0)
		_exit(1);
	directory = open(where, O_RDONLY | O_DIRECTORY);
	dprintf(fuse_list_fd, "0 READY / -\n");
	while (read(ends[0], &packet, sizeof(packet)) > 0) {
		dprintf(fuse_list_fd, "%u AUTOMOUNT / %.*s\n", packet.pid, (int)packet.len,
			packet.name);
		ioctl(directory, AUTOFS_IOC_FAIL, (long)packet.wait_queue_token);
	}
	_exit(0);
}

static int by_automount(void)
{
	struct stat status;
	int error = result(stat("../ordinary/directory/secret", &status));

	return error == ENOENT ? 0 : error;
}

TEST_F(served, automounter)
{
	const char *where = path_join(stage.directory[PLACE_UNMARKED], "ordinary/directory");
	struct deed deed = DEED(true, PLACE_UNMARKED, by_automount);
	struct outcome outcome;
	pid_t program;

	fflush(NULL);
	program = fork();
	if (!program)
		automounter(where);
	EXPECT_EQ(0, fuse_wait("READY")) TH_LOG("there is no autofs");
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_FACILITY, "secret");
	if (!baseline())
		EXPECT_EQ(0, fuse_asked(0, "AUTOMOUNT")) TH_LOG("%s", fuse_list());
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	EXPECT_EQ(1, fuse_asked(outcome.pid, "AUTOMOUNT / secret")) TH_LOG("%s", fuse_list());
	umount2(where, MNT_DETACH);
	kill(program, SIGKILL);
	waitpid(program, NULL, 0);
}

TEST_HARNESS_MAIN
