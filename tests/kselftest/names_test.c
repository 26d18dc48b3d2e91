// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names are data inside zones: what a program that holds something classified calls its files
 * is seen by those who are raised to that, or not at all. In a scratch zone that everybody shares
 * it is listing, and what such a program has set, that is not for everybody; where policy says
 * that names are open nobody is asked.
 */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include "support/disk.h"
#include "support/suite.h"
#include "support/disk.c"

#define OPEN_ZONE	"/srv/open"
#define ROUNDS		20
#define TOGGLES		2000

enum kind { PROTECTED, SCRATCH, OPEN };

FIXTURE(names)
{
	char directory[160];
};

FIXTURE_VARIANT(names)
{
	enum kind kind;
};

FIXTURE_VARIANT_ADD(names, zone) { .kind = PROTECTED };
FIXTURE_VARIANT_ADD(names, scratch) { .kind = SCRATCH };
FIXTURE_VARIANT_ADD(names, open) { .kind = OPEN };

/* The directory that it is about, for the deeds. */
static char directory[192];

static const char *in_directory(const char *name)
{
	return path_join(directory, name);
}

/* A fresh one, with something in it that is nobody's secret. */
static const char *fresh_directory(const char *parent, const char *name)
{
	snprintf(directory, sizeof(directory), "%s/%s", parent, name);
	if (mkdir(directory, 0777) || chmod(directory, 0777))
		return "the directory cannot be made";
	if (file_make(in_directory("old")) || file_make(in_directory("victim")))
		return "a file in it cannot be made";
	if (mkdir(in_directory("empty"), 0777) || chmod(in_directory("empty"), 0777) ||
	    chown(in_directory("empty"), CLEARED, CLEARED) ||
	    chown(in_directory("old"), CLEARED, CLEARED))
		return "a directory in it cannot be made";
	return NULL;
}

static void remove_tree(const char *path)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	if (system(command))
		fprintf(stderr, "# '%s' stays\n", path);
}

FIXTURE_SETUP(names)
{
	ASSERT_RIGHT(stage_open());
	if (variant->kind == OPEN) {
		snprintf(self->directory, sizeof(self->directory), "%s/names.XXXXXX", OPEN_ZONE);
		ASSERT_NE(NULL, mkdtemp(self->directory));
		ASSERT_EQ(0, chmod(self->directory, 0777));
	} else {
		snprintf(self->directory, sizeof(self->directory), "%s",
			 stage.directory[variant->kind == SCRATCH ? PLACE_SCRATCH : PLACE_ZONE]);
	}
	ASSERT_RIGHT(fresh_directory(self->directory, "named"));
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(names)
{
	remove_tree(directory);
	if (variant->kind == OPEN)
		remove_tree(self->directory);
	stage_close();
}

/* The step a loop is at is told when it fails. */
#define EXPECT_SO(call, about)								\
	do {										\
		const char *wrong_ = (call);						\
		EXPECT_EQ(NULL, wrong_) TH_LOG("%s: %s", about, wrong_);		\
	} while (0)

/* A deed by somebody with that directory, from outside of it. */
#define FROM_OUTSIDE(who, taint_, act_)						\
	{ .uid = who, .login = who, .directory = "/", .taint = taint_, .act = act_ }

/* ---- making names ---- */

static int make_file(void)
{
	return result_close(open(in_directory("new"), O_WRONLY | O_CREAT | O_EXCL, 0666));
}

static int make_directory(void)
{
	return result(mkdir(in_directory("new"), 0777));
}

static int make_fifo(void)
{
	return result(mkfifo(in_directory("new"), 0666));
}

static int make_symlink(void)
{
	return result(symlink("a classified word", in_directory("new")));
}

static int make_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", in_directory("new"));
	return fd < 0 ? errno : result(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

static int make_link(void)
{
	return result(link(in_directory("old"), in_directory("new")));
}

static int make_by_rename(void)
{
	return result(rename(in_directory("old"), in_directory("new")));
}

static int make_by_unlink(void)
{
	return result(unlink(in_directory("victim")));
}

static int make_by_rmdir(void)
{
	return result(rmdir(in_directory("empty")));
}

static const struct {
	const char *name;
	int (*make)(void);
} ways[] = {
	{ "file", make_file },	      { "directory", make_directory }, { "fifo", make_fifo },
	{ "symlink", make_symlink },  { "socket", make_socket },       { "link", make_link },
	{ "rename", make_by_rename }, { "unlink", make_by_unlink },    { "rmdir", make_by_rmdir },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* The level of the names in the directory; 0 for none. */
static int names_level(void)
{
	struct wire_label label;
	int fd = open(directory, O_PATH | O_CLOEXEC), r;

	if (fd < 0)
		return -errno;
	r = wire_label_get(&stage.wire, fd, &label);
	close(fd);
	return r ? r : label.names_level;
}

#define EXPECT_NAMES_LEVEL(level)							\
	do {										\
		if (!baseline())							\
			EXPECT_EQ(variant->kind == OPEN ? 0 : (level), names_level());	\
	} while (0)

TEST_F_TIMEOUT(names, take_the_taint_on, 120)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct deed deed = FROM_OUTSIDE(CLEARED, false, ways[i].make);
		struct outcome outcome;

		/* nobody's secret first */
		ASSERT_RIGHT(fresh_directory(self->directory, ways[i].name));
		outcome = deed_do(&deed);
		EXPECT_EQ(0, outcome.error) TH_LOG("untainted, %s", ways[i].name);
		EXPECT_NAMES_LEVEL(0);
		remove_tree(directory);

		ASSERT_RIGHT(fresh_directory(self->directory, ways[i].name));
		deed.taint = true;
		outcome = deed_do(&deed);
		if (variant->kind == SCRATCH && ways[i].make == make_by_rename) {
			EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RENAME, MIFENG_REASON_FACILITY,
				      "old");
			EXPECT_NAMES_LEVEL(0);
		} else {
			EXPECT_SO(why_not_allowed(&outcome), ways[i].name);
			EXPECT_NAMES_LEVEL(DOCUMENT_LEVEL);
		}
		remove_tree(directory);
	}
	snprintf(directory, sizeof(directory), "%s/named", self->directory);
}

static int make_deep(void)
{
	int error = make_directory();

	return error ? error : result_close(open(in_directory("new/deep"), O_WRONLY | O_CREAT, 0666));
}

/* One that is made by a tainted program carries it from its birth. */
TEST_F(names, of_a_new_directory)
{
	struct deed deed = FROM_OUTSIDE(CLEARED, true, make_deep);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
	strcat(directory, "/new");
	EXPECT_NAMES_LEVEL(DOCUMENT_LEVEL);
	directory[strlen(directory) - 4] = '\0';
}

/* ---- seeing them ---- */

static int see_by_stat(void)
{
	struct stat about;

	return stat(in_directory("old"), &about) ? errno : probe();
}

static int see_by_missing(void)
{
	struct stat about;

	return stat(in_directory("missing"), &about) && errno != ENOENT ? errno : probe();
}

static int see_by_open(void)
{
	int error = result_close(open(in_directory("old"), O_RDONLY | O_CLOEXEC));

	return error ? error : probe();
}

static int see_by_path_open(void)
{
	int error = result_close(open(in_directory("old"), O_PATH | O_CLOEXEC));

	return error ? error : probe();
}

static int see_by_access(void)
{
	return access(in_directory("old"), F_OK) ? errno : probe();
}

static int see_by_mkdir(void)
{
	return mkdir(in_directory("old"), 0777) && errno != EEXIST ? errno : probe();
}

static int stand_there(void)
{
	return access(directory, X_OK) || chdir(directory) ? errno : probe();
}

static int listed(int fd)
{
	DIR *stream = fdopendir(fd);
	struct dirent *entry;
	int error;

	if (!stream)
		return errno;
	errno = 0;
	while ((entry = readdir(stream)))
		;
	error = errno;
	closedir(stream);
	return error;
}

static int see_by_listing(void)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 ? errno : listed(fd);

	return error ? error : probe();
}

static int see_from_a_namespace(void)
{
	return unshare(CLONE_NEWUSER) ? TROUBLE : see_by_listing();
}

static void *stand(void *unused)
{
	pause();
	return unused;
}

static int see_with_threads(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, stand, NULL) ? TROUBLE : see_by_listing();
}

static const struct {
	const char *name;
	int (*see)(void);
	bool lists;
	int operation;
} looks[] = {
	{ "stat", see_by_stat, false, MIFENG_OP_LOOKUP },
	{ "stat of what is not there", see_by_missing, false, MIFENG_OP_LOOKUP },
	{ "open", see_by_open, false, MIFENG_OP_LOOKUP },
	{ "O_PATH", see_by_path_open, false, MIFENG_OP_LOOKUP },
	{ "access", see_by_access, false, MIFENG_OP_LOOKUP },
	{ "mkdir of what is there", see_by_mkdir, false, MIFENG_OP_LOOKUP },
	{ "listing", see_by_listing, true, 0 },
	{ "listing in a user namespace", see_from_a_namespace, true, 0 },
	{ "listing with threads", see_with_threads, true, 0 },
};
#define LOOKS (sizeof(looks) / sizeof(looks[0]))

static bool is_judged(enum kind kind, bool lists)
{
	return kind == PROTECTED || (kind == SCRATCH && lists);
}

TEST_F_TIMEOUT(names, raise_the_cleared, 120)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	for (size_t i = 0; i < LOOKS; i++) {
		struct deed deed = FROM_OUTSIDE(CLEARED, false, looks[i].see);

		outcome = deed_do(&deed);
		if (is_judged(variant->kind, looks[i].lists))
			EXPECT_SO(why_not_raised(&outcome, DOCUMENT_LEVEL), looks[i].name);
		else
			EXPECT_SO(why_not_ordinary(&outcome), looks[i].name);
	}
}

TEST_F_TIMEOUT(names, are_refused_to_others, 120)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	for (size_t i = 0; i < LOOKS; i++) {
		struct deed deed = FROM_OUTSIDE(UNCLEARED, false, looks[i].see);

		outcome = deed_do(&deed);
		if (baseline() || !is_judged(variant->kind, looks[i].lists))
			EXPECT_SO(why_not_ordinary(&outcome), looks[i].name);
		else
			EXPECT_SO(why_not_denied(&outcome, EACCES, looks[i].operation,
						 MIFENG_REASON_NOT_CLEARED, NULL),
				  looks[i].name);
	}
}

/* To stand in a directory tells nothing of what is in it, and a shell goes through many. */
TEST_F(names, of_where_one_stands)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct deed deed = FROM_OUTSIDE(UNCLEARED, false, stand_there);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&deed);
	EXPECT_ORDINARY(&outcome);
}

static int stat_new(void)
{
	struct stat about;

	return stat(in_directory("new"), &about) ? errno : probe();
}

/* tmux and ssh-agent look at directories in /tmp that were made by whoever came first. */
TEST_F(names, of_a_shared_directory)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_directory);
	struct deed deed = FROM_OUTSIDE(CLEARED, false, stat_new);
	struct outcome outcome;

	if (variant->kind != SCRATCH)
		return;
	outcome = deed_do(&maker);
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&deed);
	EXPECT_ORDINARY(&outcome);
}

/* Before anything classified was named there. */
TEST_F(names, of_the_untainted_are_for_everybody)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, false, make_file);
	struct deed deed = FROM_OUTSIDE(UNCLEARED, false, see_by_listing);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&deed);
	EXPECT_ORDINARY(&outcome);
}

/* Root administers, and services go everywhere: neither is raised, nor recorded. */
TEST_F(names, are_seen_by_root_and_services)
{
	static const struct deed who[] = {
		{ .uid = 0, .login = 0, .directory = "/", .act = see_by_listing },
		{ .uid = 0, .login = 0, .directory = "/", .act = see_by_stat },
		{ .uid = UNCLEARED, .login = SERVICE, .directory = "/", .act = see_by_listing },
		{ .uid = UNCLEARED, .login = SERVICE, .directory = "/", .act = see_by_stat },
	};
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		outcome = deed_do(&who[i]);
		EXPECT_ORDINARY(&outcome);
	}
}

/* ---- with a descriptor from before ---- */

static int directory_fd = -1;

static int directory_open(void)
{
	directory_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return result(directory_fd);
}

static int see_by_old_descriptor(void)
{
	struct stat about;

	return fstatat(directory_fd, "new", &about, AT_SYMLINK_NOFOLLOW) ? errno : probe();
}

static int list_old_descriptor(void)
{
	int error = listed(directory_fd);

	return error ? error : probe();
}

static struct outcome see_after(const struct deed *deed, const struct deed *maker)
{
	struct outcome outcome = deed_start(deed), made;
	const char *words = deed_ready(&outcome);

	made = deed_do(maker);
	deed_go(&outcome);
	deed_end(&outcome);
	if (words || made.error)
		outcome.error = TROUBLE;
	return outcome;
}

TEST_F_TIMEOUT(names, by_a_descriptor_from_before, 60)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct deed deed = FROM_OUTSIDE(CLEARED, false, list_old_descriptor);
	struct outcome outcome;

	deed.before = directory_open;
	deed.gate = true;
	outcome = see_after(&deed, &maker);
	if (is_judged(variant->kind, true))
		EXPECT_RAISED(&outcome);
	else
		EXPECT_ORDINARY(&outcome);
	remove_tree(directory);
	ASSERT_RIGHT(fresh_directory(self->directory, "named"));
	deed.act = see_by_old_descriptor;
	outcome = see_after(&deed, &maker);
	/* in a scratch zone by what the new file itself carries */
	if (variant->kind != OPEN)
		EXPECT_RAISED(&outcome);
	else
		EXPECT_ORDINARY(&outcome);
}

/* ---- at the same time ---- */

static int list_until_seen(void)
{
	for (;;) {
		struct dirent *entry;
		DIR *stream = opendir(directory);

		if (!stream)
			return errno;
		errno = 0;
		while ((entry = readdir(stream)))
			if (!strcmp(entry->d_name, "new"))
				return GOT_ORDINARY;
		if (errno)
			return errno;
		closedir(stream);
	}
}

static int stat_until_seen(void)
{
	struct stat about;

	while (stat(in_directory("new"), &about))
		if (errno != ENOENT)
			return errno;
	return GOT_ORDINARY;
}

/* Who was on his way in when the first classified name was made does not see it. */
static int race(const char *parent, int (*see)(void), int expected)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct deed deed = FROM_OUTSIDE(UNCLEARED, false, see);

	for (int i = 0; i < ROUNDS; i++) {
		struct outcome outcome, made;
		char name[32];

		snprintf(name, sizeof(name), "round-%d", i);
		if (fresh_directory(parent, name))
			return -1;
		outcome = deed_start(&deed);
		made = deed_do(&maker);
		deed_end(&outcome);
		remove_tree(directory);
		if (made.error || outcome.error != expected)
			return made.error ? 1000 + made.error : outcome.error;
	}
	return expected;
}

TEST_F_TIMEOUT(names, race_with_listing, 120)
{
	int expected = baseline() || variant->kind == OPEN ? GOT_ORDINARY : EACCES;

	EXPECT_EQ(expected, race(self->directory, list_until_seen, expected));
	snprintf(directory, sizeof(directory), "%s/named", self->directory);
}

TEST_F_TIMEOUT(names, race_with_lookups, 120)
{
	/* in a scratch zone by what the new file itself carries */
	int expected = baseline() || variant->kind == OPEN ? GOT_ORDINARY : EACCES;

	EXPECT_EQ(expected, race(self->directory, stat_until_seen, expected));
	snprintf(directory, sizeof(directory), "%s/named", self->directory);
}

/* ---- attributes ---- */

static int set_xattr(void)
{
	return result(setxattr(in_directory("old"), "user.note", "a classified word", 17, 0));
}

static int set_times(void)
{
	struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 2 } };

	return result(utimensat(AT_FDCWD, in_directory("old"), times, 0));
}

static int set_mode(void)
{
	return result(chmod(in_directory("old"), 0604));
}

static int set_size(void)
{
	return result(truncate(in_directory("old"), 17));
}

/* A byte, far behind the end. */
static int set_size_by_writing(void)
{
	int fd = open(in_directory("old"), O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(pwrite(fd, "", 1, 123456));
}

static int set_directory_times(void)
{
	struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 2 } };

	return result(utimensat(AT_FDCWD, in_directory("empty"), times, 0));
}

static int file_fd = -1;

static int file_open(void)
{
	file_fd = open(in_directory("old"), O_RDONLY | O_CLOEXEC);
	return result(file_fd);
}

static int empty_open(void)
{
	file_fd = open(in_directory("empty"), O_RDONLY | O_CLOEXEC);
	return result(file_fd);
}

static int see_by_fstat(void)
{
	struct stat about;

	return fstat(file_fd, &about) ? errno : probe();
}

static int see_by_fgetxattr(void)
{
	char value[64];

	return fgetxattr(file_fd, "user.note", value, sizeof(value)) < 0 && errno != ENODATA ? errno :
										      probe();
}

static int see_by_flistxattr(void)
{
	char list[256];

	return flistxattr(file_fd, list, sizeof(list)) < 0 ? errno : probe();
}

/* tmpfs has none before Linux 6.6 */
static bool user_xattrs_exist(void)
{
	return !setxattr(in_directory("victim"), "user.any", "", 0, 0);
}

/* Whoever had it open already is asked when he asks. */
TEST_F_TIMEOUT(names, attributes_are_told_like_content, 120)
{
	static const struct {
		const char *name;
		int (*set)(void);
		int (*before)(void);
		int (*see)(void);
	} table[] = {
		{ "getxattr", set_xattr, file_open, see_by_fgetxattr },
		{ "listxattr", set_xattr, file_open, see_by_flistxattr },
		{ "times", set_times, file_open, see_by_fstat },
		{ "mode", set_mode, file_open, see_by_fstat },
		{ "size", set_size, file_open, see_by_fstat },
		{ "size, by writing", set_size_by_writing, file_open, see_by_fstat },
		{ "times of a directory", set_directory_times, empty_open, see_by_fstat },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct deed setter = FROM_OUTSIDE(CLEARED, true, table[i].set);
		struct deed deed = FROM_OUTSIDE(UNCLEARED, false, table[i].see);
		struct outcome outcome;

		remove_tree(directory);
		ASSERT_RIGHT(fresh_directory(self->directory, "named"));
		if (table[i].set == set_xattr && !user_xattrs_exist())
			continue;
		deed.before = table[i].before;
		deed.gate = true;
		outcome = see_after(&deed, &setter);
		if (baseline() || variant->kind == OPEN)
			EXPECT_SO(why_not_ordinary(&outcome), table[i].name);
		else
			EXPECT_SO(why_not_denied(&outcome, EACCES, MIFENG_OP_GETATTR,
						 MIFENG_REASON_NOT_CLEARED, NULL),
				  table[i].name);
		deed.uid = deed.login = CLEARED;
		outcome = see_after(&deed, &setter);
		if (variant->kind == OPEN)
			EXPECT_SO(why_not_ordinary(&outcome), table[i].name);
		else
			EXPECT_SO(why_not_raised(&outcome, DOCUMENT_LEVEL), table[i].name);
	}
}

/* Who is not cleared is refused it, and who is, is raised; where names are open everybody sees it. */
static void expect_like_content(struct __test_metadata *_metadata, bool open, int (*see)(void),
				int operation)
{
	struct deed deed = FROM_OUTSIDE(UNCLEARED, false, see);
	struct outcome outcome = deed_do(&deed);

	if (baseline() || open)
		EXPECT_ORDINARY(&outcome);
	else
		EXPECT_DENIED(&outcome, EACCES, operation, MIFENG_REASON_NOT_CLEARED, NULL);
	deed.uid = deed.login = CLEARED;
	outcome = deed_do(&deed);
	if (open)
		EXPECT_ORDINARY(&outcome);
	else
		EXPECT_RAISED(&outcome);
}

/* What an officer has marked shows its size, until a program that has read something makes it another. */
TEST_F_TIMEOUT(names, size_of_what_is_marked, 60)
{
	struct deed writer = FROM_OUTSIDE(CLEARED, true, set_size_by_writing);
	struct deed deed = FROM_OUTSIDE(UNCLEARED, false, see_by_stat);
	struct outcome outcome;

	ASSERT_EQ(0, stage_mark(in_directory("old")));
	outcome = deed_do(&deed);
	EXPECT_ORDINARY(&outcome);
	outcome = deed_do(&writer);
	EXPECT_ALLOWED(&outcome);
	expect_like_content(_metadata, variant->kind == OPEN, see_by_stat, MIFENG_OP_GETATTR);
}

static int nothing(void)
{
	return 0;
}

static int map_it(void)
{
	int fd = open(in_directory("old"), O_RDONLY | O_CLOEXEC);

	return mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? errno : 0;
}

/* Two who hold the same: one looks at the document, the other saves it. */
TEST_F_TIMEOUT(names, marked_is_saved_while_mapped, 60)
{
	struct deed writer = FROM_OUTSIDE(CLEARED, true, set_size_by_writing);
	struct deed reader = FROM_OUTSIDE(CLEARED, true, nothing);
	struct outcome reading, outcome;

	ASSERT_EQ(0, stage_mark(in_directory("old")));
	reader.before = map_it;
	reader.gate = true;
	reading = deed_start(&reader);
	ASSERT_RIGHT(deed_ready(&reading));
	outcome = deed_do(&writer);
	EXPECT_ALLOWED(&outcome);
	deed_go(&reading);
	deed_end(&reading);
	EXPECT_EQ(0, reading.error);
}

static int see_by_readlink(void)
{
	char body[64];

	return readlink(in_directory("new"), body, sizeof(body)) < 0 ? errno : probe();
}

static int see_by_following(void)
{
	struct stat about;

	return stat(in_directory("new"), &about) && errno != ENOENT ? errno : probe();
}

TEST_F_TIMEOUT(names, symlinks, 60)
{
	static int (*const sees[])(void) = { see_by_readlink, see_by_following };
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_symlink);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	for (size_t i = 0; i < 2; i++)
		expect_like_content(_metadata, variant->kind == OPEN, sees[i], 0);
}

/* ---- the label itself ---- */

static int set_names(void)
{
	char bytes[64] = { 1, 1 };

	return result(setxattr(directory, MIFENG_XATTR_NAMES, bytes, sizeof(bytes), 0));
}

static int remove_names(void)
{
	return result(removexattr(directory, MIFENG_XATTR_NAMES));
}

TEST_F(names, label_is_not_touched)
{
	static int (*const acts[])(void) = { set_names, remove_names };
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct outcome outcome = deed_do(&maker);
	char list[512];

	EXPECT_ALLOWED(&outcome);
	for (size_t i = 0; i < 2; i++) {
		struct deed deed = { .uid = 0, .login = 0, .directory = "/", .act = acts[i] };

		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED,
			      NULL);
	}
	if (!baseline())
		EXPECT_EQ(0, listxattr(directory, list, sizeof(list)));
}

/* ---- what stays open ---- */

static int toggle(void)
{
	for (int i = 0; i < TOGGLES; i++) {
		if (make_file())
			return TROUBLE;
		if (unlink(in_directory("new")))
			return errno;
	}
	return 0;
}

/* That a known name exists in a scratch zone is told to everybody: how fast? */
TEST_F_TIMEOUT(names, of_which_the_existence_is_known, 120)
{
	struct deed deed = FROM_OUTSIDE(CLEARED, true, toggle);
	struct timespec from, to;
	struct outcome outcome;
	double seconds;

	if (variant->kind != SCRATCH)
		return;
	clock_gettime(CLOCK_MONOTONIC, &from);
	outcome = deed_do(&deed);
	clock_gettime(CLOCK_MONOTONIC, &to);
	EXPECT_EQ(0, outcome.error);
	seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	TH_LOG("the existence of one name changes %.0f times a second", 2 * TOGGLES / seconds);
}

/* ---- on the disk ---- */

FIXTURE(kept)
{
	struct disk disk;
};

FIXTURE_SETUP(kept)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	ASSERT_RIGHT(disk_make(&self->disk));
	ASSERT_RIGHT(disk_zone(&self->disk));
	ASSERT_RIGHT(fresh_directory(self->disk.mount_point, "named"));
}

FIXTURE_TEARDOWN(kept)
{
	disk_free(&self->disk);
	stage_close();
}

TEST_F(kept, after_the_disk_was_away)
{
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct deed deed = FROM_OUTSIDE(UNCLEARED, false, see_by_stat);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	ASSERT_RIGHT(disk_unmount(&self->disk));
	ASSERT_RIGHT(disk_mount(&self->disk));
	outcome = deed_do(&deed);
	if (baseline())
		EXPECT_ORDINARY(&outcome);
	else
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_LOOKUP, MIFENG_REASON_NOT_CLEARED, NULL);
}

/* What somebody wrote to the disk while the machine was off is believed by nobody. */
TEST_F(kept, when_the_label_was_changed)
{
	static int (*const sees[])(void) = { see_by_stat, see_by_listing };
	struct deed maker = FROM_OUTSIDE(CLEARED, true, make_file);
	struct outcome outcome = deed_do(&maker);

	EXPECT_ALLOWED(&outcome);
	ASSERT_RIGHT(disk_unmount(&self->disk));
	if (!baseline())
		ASSERT_RIGHT(disk_flip_label(MIFENG_XATTR_NAMES_SUFFIX, 63));
	ASSERT_RIGHT(disk_mount(&self->disk));
	for (size_t i = 0; i < 2; i++) {
		struct deed deed = FROM_OUTSIDE(CLEARED, false, sees[i]);

		outcome = deed_do(&deed);
		if (baseline())
			EXPECT_ORDINARY(&outcome);
		else
			EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_BAD_LABEL, NULL);
	}
}

TEST_HARNESS_MAIN
