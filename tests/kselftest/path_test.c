// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where something stands: a program that holds something classified gives a file or a directory
 * of the zone another name. Somebody who stands in it, has it open, mapped or mounted since before
 * asks for its path: he is judged as if he looked the name up, and lists show him a question mark.
 * In a scratch zone, where names are for everybody, what he may stand in keeps its name.
 */
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "support/suite.h"

#define OLD_NAME	"old"
#define NEW_NAME	"a-classified-word"
#define GETCWD_32	183
#define READLINK_32	85
#define LOW_MEMORY	((char *)0x10000000)

FIXTURE(path)
{
	char directory[160];
};

FIXTURE_VARIANT(path)
{
	enum place place;
};

FIXTURE_VARIANT_ADD(path, zone) { .place = PLACE_ZONE };
FIXTURE_VARIANT_ADD(path, scratch) { .place = PLACE_SCRATCH };

/* The directory in which something is renamed, for the deeds. */
static char directory[192];

static const char *in_directory(const char *name)
{
	return path_join(directory, name);
}

static void remove_tree(void)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	if (system(command))
		fprintf(stderr, "# '%s' stays\n", directory);
}

static const char *fresh_directory(void)
{
	if (mkdir(directory, 0777) || chmod(directory, 0777) || file_make(in_directory(OLD_NAME)) ||
	    mkdir(in_directory("standing"), 0777) || mkdir(in_directory("standing/below"), 0777) ||
	    chown(in_directory("standing"), CLEARED, CLEARED) ||
	    chown(in_directory(OLD_NAME), CLEARED, CLEARED))
		return "the directory cannot be made";
	return NULL;
}

FIXTURE_SETUP(path)
{
	ASSERT_RIGHT(stage_open());
	snprintf(directory, sizeof(directory), "%s/named", stage.directory[variant->place]);
	ASSERT_RIGHT(fresh_directory());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(path)
{
	remove_tree();
	stage_close();
}

static int rename_file(void)
{
	return result(rename(in_directory(OLD_NAME), in_directory(NEW_NAME)));
}

static int rename_directory(void)
{
	return result(rename(in_directory("standing"), in_directory(NEW_NAME)));
}

/* ---- before: to stand in it, to have it open, mapped, mounted ---- */

static int held = -1;
static char *map;

static int stand(void)
{
	return result(chdir(in_directory("standing/below")));
}

static int have_open(void)
{
	held = open(in_directory(OLD_NAME), O_RDONLY | O_CLOEXEC);
	return result(held);
}

static int have_mapped(void)
{
	int error = have_open();

	if (error)
		return error;
	map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, held, 0);
	return map == MAP_FAILED ? errno : 0;
}

/* In a namespace of his own, where what is renamed outside is renamed as well. */
static int have_mounted(void)
{
	int error = namespace_enter(CLONE_NEWNS, 0);

	return error ? error :
		       result(mount(in_directory("standing/below"), "/mnt", NULL, MS_BIND, NULL));
}

static int have_mounted_below(void)
{
	int error = namespace_enter(CLONE_NEWNS, 0);

	return error ? error :
		       result(mount("none", in_directory("standing/below"), "tmpfs", 0, NULL));
}

/* ---- after: what its path is ---- */

/* What a path says: the name that was there before, the new one, or neither. */
static int told(const char *path)
{
	if (strstr(path, NEW_NAME))
		return probe();
	return strstr(path, OLD_NAME) || strstr(path, "standing") ? GOT_NOTHING : GOT_STRAY;
}

static int ask_getcwd(void)
{
	char path[512];

	return getcwd(path, sizeof(path)) ? told(path) : errno;
}

/* All that the call has ever answered, by whoever has nothing to hide. */
static int ask_in_every_way(void)
{
	char path[512];

	if (syscall(SYS_getcwd, path, sizeof(path)) != 2 || strcmp(path, "/") != 0)
		return 1;
	if (chdir(stage.directory[PLACE_UNMARKED]) || mkdir("gone", 0700) || chdir("gone"))
		return TROUBLE;
	if (syscall(SYS_getcwd, path, sizeof(path)) != (long)strlen(stage.directory[PLACE_UNMARKED]) + 6 ||
	    strncmp(path, stage.directory[PLACE_UNMARKED], strlen(path) - 5) != 0 ||
	    strcmp(path + strlen(path) - 5, "/gone") != 0)
		return 2;
	if (syscall(SYS_getcwd, path, 3) != -1 || errno != ERANGE)
		return 3;
	if (syscall(SYS_getcwd, (char *)1, sizeof(path)) != -1 || errno != EFAULT)
		return 4;
	if (rmdir("../gone") || syscall(SYS_getcwd, path, sizeof(path)) != -1 || errno != ENOENT)
		return 5;
	if (chdir("/") || namespace_enter(0, 0) || chroot("/dev"))
		return TROUBLE;
	if (syscall(SYS_getcwd, path, sizeof(path)) <= 0 || strcmp(path, "(unreachable)/") != 0)
		return 6;
	return 0;
}

static char *low_memory(void)
{
	return mmap(LOW_MEMORY, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

static int ask_getcwd_32(void)
{
	char *path = low_memory();

	if (path == MAP_FAILED)
		return TROUBLE;
	return call32(GETCWD_32, (long)path, 512, 0, 0, 0) < 0 ? errno : told(path);
}

static int ask_link(const char *link)
{
	char path[512] = "";

	return readlink(link, path, sizeof(path) - 1) < 0 ? errno : told(path);
}

static int ask_cwd_link(void)
{
	return ask_link("/proc/self/cwd");
}

static int ask_cwd_link_32(void)
{
	char *memory = low_memory();

	if (memory == MAP_FAILED)
		return TROUBLE;
	strcpy(memory, "/proc/self/cwd");
	return call32(READLINK_32, (long)memory, (long)(memory + 512), 511, 0, 0) < 0 ?
		       errno :
		       told(memory + 512);
}

static int ask_fd_link(void)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", held);
	return ask_link(link);
}

static int ask_map_link(void)
{
	char link[96];

	snprintf(link, sizeof(link), "/proc/self/map_files/%lx-%lx", (long)map, (long)map + 4096);
	return ask_link(link);
}

/* Headers of Debian 12 have neither. */
struct map_query {
	uint64_t size, flags, address, start, end, vma_flags, page_size, offset, inode;
	uint32_t major, minor, name_size, build_id_size;
	uint64_t name, build_id;
};

#define PROCMAP_QUERY _IOWR('f', 17, struct map_query)

/* PROCMAP_QUERY, since 6.11: the name of a mapping, or that there is none to be told. */
static int ask_by_query(void)
{
	struct map_query query = { .size = sizeof(query), .address = (uintptr_t)map };
	char name[512] = "";
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC), error;

	query.name = (uintptr_t)name;
	query.name_size = sizeof(name);
	error = fd < 0 ? errno : result(ioctl(fd, PROCMAP_QUERY, &query));
	return error == EACCES ? GOT_NOTHING : error ? error : told(name);
}

/* Does a list of proc say it, with a question mark in its place or not? */
static int ask_list(const char *list)
{
	int seen = GOT_STRAY;
	char line[1024];
	FILE *stream = fopen(list, "r");

	if (!stream)
		return errno;
	while (fgets(line, sizeof(line), stream)) {
		if (strstr(line, NEW_NAME))
			seen = GOT_RAISED;
		else if (seen == GOT_STRAY && strchr(line, '?'))
			seen = GOT_NOTHING;
	}
	if (ferror(stream))
		seen = EIO;
	fclose(stream);
	if (seen == GOT_RAISED)
		return probe();
	return seen == GOT_NOTHING && probe() == GOT_RAISED ? GOT_STRAY : seen;
}

static int ask_maps(void)
{
	return ask_list("/proc/self/maps");
}

static int ask_smaps(void)
{
	return ask_list("/proc/self/smaps");
}

static int ask_numa_maps(void)
{
	return ask_list("/proc/self/numa_maps");
}

static int ask_mountinfo(void)
{
	return ask_list("/proc/self/mountinfo");
}

static int ask_mounts(void)
{
	return ask_list("/proc/self/mounts");
}

static const struct {
	const char *name;
	int (*before)(void);
	int (*rename)(void);
	int (*ask)(void);
	bool lists;
} ways[] = {
	{ "getcwd", stand, rename_directory, ask_getcwd, false },
	{ "getcwd of a 32-bit program", stand, rename_directory, ask_getcwd_32, false },
	{ "/proc/self/cwd", stand, rename_directory, ask_cwd_link, false },
	{ "/proc/self/cwd, of a 32-bit program", stand, rename_directory, ask_cwd_link_32, false },
	{ "/proc/self/fd", have_open, rename_file, ask_fd_link, false },
	{ "/proc/self/map_files", have_mapped, rename_file, ask_map_link, false },
	{ "/proc/self/maps", have_mapped, rename_file, ask_maps, true },
	{ "/proc/self/maps, PROCMAP_QUERY", have_mapped, rename_file, ask_by_query, true },
	{ "/proc/self/smaps", have_mapped, rename_file, ask_smaps, true },
	{ "/proc/self/numa_maps", have_mapped, rename_file, ask_numa_maps, true },
	{ "/proc/self/mountinfo, what is mounted", have_mounted, rename_directory, ask_mountinfo,
	  true },
	{ "/proc/self/mountinfo, the way to it", have_mounted_below, rename_directory,
	  ask_mountinfo, true },
	{ "/proc/self/mounts", have_mounted_below, rename_directory, ask_mounts, true },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* 6.1 has no PROCMAP_QUERY. */
static bool is_there(size_t way)
{
	int fd, error;

	if (ways[way].ask != ask_by_query)
		return true;
	fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	error = result(ioctl(fd, PROCMAP_QUERY, NULL));
	close(fd);
	return error != ENOTTY;
}

/**
 * ask_after - somebody asks after a name has been changed
 * @way: of ways[]
 * @asks: who, from outside of the directory
 * @taint: the one who changes it holds something classified
 *
 * Returns what became of the one who asks; @renamed of the other one.
 */
static struct outcome ask_after(size_t way, const struct deed *asks, bool taint,
				struct outcome *renamed)
{
	static struct deed renames;
	static struct deed deed; /* the outcome leads to it */
	struct outcome outcome;
	const char *words;

	renames = (struct deed){ .uid = CLEARED, .login = CLEARED, .directory = "/",
				 .taint = taint, .act = ways[way].rename };
	deed = *asks;
	deed.directory = "/";
	deed.before = ways[way].before;
	deed.gate = true;
	deed.act = ways[way].ask;
	outcome = deed_start(&deed);
	words = deed_ready(&outcome);
	*renamed = deed_do(&renames);
	deed_go(&outcome);
	deed_end(&outcome);
	if (words)
		outcome.error = TROUBLE;
	return outcome;
}

static const char *why_not_told_nothing(const struct outcome *outcome)
{
	static char words[128];

	if (baseline())
		return why_not_ordinary(outcome);
	if (outcome->error != GOT_NOTHING) {
		snprintf(words, sizeof(words), "ended with %d", outcome->error);
		return words;
	}
	return why_not_silent(outcome);
}

#define EXPECT_SO(call, about)								\
	do {										\
		const char *wrong_ = (call);						\
		EXPECT_EQ(NULL, wrong_) TH_LOG("%s: %s", about, wrong_);		\
	} while (0)

static const struct deed cleared = { .uid = CLEARED, .login = CLEARED };
static const struct deed uncleared = { .uid = UNCLEARED, .login = UNCLEARED };

/* In the scratch zone the other one could not change it. */
#define EXPECT_KEEPS_ITS_NAME(way, asked, renamed)					\
	do {										\
		if (!baseline()) {							\
			EXPECT_SO(why_not_denied(renamed, EACCES, MIFENG_OP_RENAME,	\
						 MIFENG_REASON_FACILITY, NULL),		\
				  ways[way].name);					\
			if (!ways[way].lists)						\
				EXPECT_SO(why_not_told_nothing(asked), ways[way].name);	\
		}									\
	} while (0)

TEST_F_TIMEOUT(path, raises_the_cleared, 120)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct outcome renamed, asked;

		if (!is_there(i))
			continue;
		asked = ask_after(i, &cleared, true, &renamed);

		if (variant->place == PLACE_SCRATCH) {
			EXPECT_KEEPS_ITS_NAME(i, &asked, &renamed);
		} else {
			EXPECT_SO(why_not_allowed(&renamed), ways[i].name);
			if (ways[i].lists)
				EXPECT_SO(why_not_told_nothing(&asked), ways[i].name);
			else
				EXPECT_SO(why_not_raised(&asked, DOCUMENT_LEVEL), ways[i].name);
		}
		remove_tree();
		ASSERT_RIGHT(fresh_directory());
	}
}

TEST_F_TIMEOUT(path, is_refused_to_others, 120)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct outcome renamed, asked;

		if (!is_there(i))
			continue;
		asked = ask_after(i, &uncleared, true, &renamed);
		if (variant->place == PLACE_SCRATCH)
			EXPECT_KEEPS_ITS_NAME(i, &asked, &renamed);
		else if (ways[i].lists)
			EXPECT_SO(why_not_told_nothing(&asked), ways[i].name);
		else if (baseline())
			EXPECT_SO(why_not_ordinary(&asked), ways[i].name);
		else
			EXPECT_SO(why_not_denied(&asked, EACCES, MIFENG_OP_LOOKUP,
						 MIFENG_REASON_NOT_CLEARED, NULL),
				  ways[i].name);
		remove_tree();
		ASSERT_RIGHT(fresh_directory());
	}
}

/* What nobody has put anything into is told to everybody, also when it has been renamed. */
TEST_F_TIMEOUT(path, of_the_untainted_is_for_everybody, 120)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct outcome renamed, asked;

		if (!is_there(i))
			continue;
		asked = ask_after(i, &uncleared, false, &renamed);
		EXPECT_SO(why_not_allowed(&renamed), ways[i].name);
		EXPECT_SO(why_not_ordinary(&asked), ways[i].name);
		remove_tree();
		ASSERT_RIGHT(fresh_directory());
	}
}

/* Root and services see all names, and are not raised. */
TEST_F_TIMEOUT(path, is_seen_by_root_and_services, 120)
{
	static const struct deed who[] = {
		{ .uid = 0, .login = 0 },
		{ .uid = UNCLEARED, .login = SERVICE },
	};

	if (variant->place == PLACE_SCRATCH)
		return;
	for (size_t i = 0; i < 2; i++) {
		for (size_t way = 0; way < WAYS; way++) {
			struct outcome renamed, asked;

			/* in a namespace root is nobody: those two are for the others */
			if (!is_there(way) || ways[way].before == have_mounted ||
			    ways[way].before == have_mounted_below)
				continue;
			asked = ask_after(way, &who[i], true, &renamed);
			EXPECT_SO(why_not_allowed(&renamed), ways[way].name);
			EXPECT_SO(why_not_ordinary(&asked), ways[way].name);
			remove_tree();
			ASSERT_RIGHT(fresh_directory());
		}
	}
}

static int rename_own_file(void)
{
	int error = result_close(open(in_directory("mine"), O_WRONLY | O_CREAT | O_EXCL, 0666));

	return error ? error : result(rename(in_directory("mine"), in_directory(NEW_NAME)));
}

static int rename_own_directory(void)
{
	int error = result(mkdir(in_directory("mine"), 0700));

	return error ? error : result(rename(in_directory("mine"), in_directory(NEW_NAME)));
}

/* To save a file under a temporary name first is what editors do. */
TEST_F(path, of_a_file_of_its_own)
{
	const struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/",
				   .taint = true, .act = rename_own_file };
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_F(path, of_a_directory_of_its_own)
{
	const struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/",
				   .taint = true, .act = rename_own_directory };
	struct outcome outcome = deed_do(&deed);

	if (variant->place == PLACE_SCRATCH)
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RENAME, MIFENG_REASON_FACILITY, "mine");
	else
		EXPECT_ALLOWED(&outcome);
}

static int exchange(void)
{
	int error = result_close(open(in_directory("mine"), O_WRONLY | O_CREAT | O_EXCL, 0666));

	return error ? error :
		       result(syscall(SYS_renameat2, AT_FDCWD, in_directory("mine"), AT_FDCWD,
				      in_directory("standing"), RENAME_EXCHANGE));
}

/* The other one of two gets a new name, too. */
TEST_F(path, by_an_exchange)
{
	const struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/",
				   .taint = true, .act = exchange };
	struct outcome outcome = deed_do(&deed);

	if (variant->place == PLACE_SCRATCH)
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RENAME, MIFENG_REASON_FACILITY, "standing");
	else
		EXPECT_ALLOWED(&outcome);
}

#define IN_SCRATCH "/var/tmp/" NEW_NAME

static int move_to_scratch(void)
{
	return result(rename(in_directory(OLD_NAME), IN_SCRATCH));
}

static int move_directory_to_scratch(void)
{
	return result(rename(in_directory("standing"), IN_SCRATCH));
}

/* Where the new name is one that everybody may look up. */
TEST_F(path, into_a_scratch_zone)
{
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .taint = true,
			     .act = move_to_scratch };
	struct outcome outcome;

	if (variant->place != PLACE_ZONE)
		return;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RENAME, MIFENG_REASON_FACILITY, OLD_NAME);
	unlink(IN_SCRATCH);
	deed.act = move_directory_to_scratch;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_RENAME, 0, "standing");
	rmdir(IN_SCRATCH "/below");
	rmdir(IN_SCRATCH);
	remove_tree();
	ASSERT_RIGHT(fresh_directory());
	deed.taint = false;
	deed.act = move_to_scratch;
	outcome = deed_do(&deed);
	EXPECT_EQ(0, unlink(IN_SCRATCH));
	EXPECT_ALLOWED(&outcome);
}

static int write_and_rename(void)
{
	int fd = open(in_directory(OLD_NAME), O_WRONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : write(fd, "x", 1) == 1 ? 0 : errno;

	close(fd);
	return error ? error : rename_file();
}

/* One that takes the taint on first may be renamed in a scratch zone; who has it open is judged by it. */
TEST_F(path, of_a_file_that_was_written)
{
	const struct deed writes = { .uid = CLEARED, .login = CLEARED, .directory = "/",
				     .taint = true, .act = write_and_rename };
	struct deed asks = { .uid = CLEARED, .login = CLEARED, .directory = "/", .gate = true,
			     .before = have_open, .act = ask_fd_link };
	struct outcome asked = deed_start(&asks), written;

	EXPECT_RIGHT(deed_ready(&asked));
	written = deed_do(&writes);
	EXPECT_ALLOWED(&written);
	deed_go(&asked);
	deed_end(&asked);
	EXPECT_RIGHT(why_not_raised(&asked, DOCUMENT_LEVEL));
}

/* ---- at the same time ---- */

#define ROUNDS		20
#define CLOSE_ROUNDS	60
#define TOO_LATE	180

/* Asks again and again until it is told something new. */
static int until(int (*ask)(void), int old)
{
	int seen;

	do
		seen = ask();
	while (seen == old);
	return seen;
}

static int getcwd_until_seen(void)
{
	return until(ask_getcwd, GOT_NOTHING);
}

/* Gets there at the same time, too. */
static int stand_and_ask(void)
{
	int error = stand();

	return error == ENOENT ? TOO_LATE : error ? error : getcwd_until_seen();
}

static int link_until_seen(void)
{
	return until(ask_cwd_link, GOT_NOTHING);
}

static int maps_until_seen(void)
{
	return until(ask_maps, GOT_STRAY);
}

static int mountinfo_until_seen(void)
{
	return until(ask_mountinfo, GOT_STRAY);
}

static const struct {
	const char *name;
	int (*before)(void);
	int (*rename)(void);
	int (*ask)(void);
	int expected;
} races[] = {
	{ "getcwd", stand, rename_directory, getcwd_until_seen, EACCES },
	{ "stand and getcwd", NULL, rename_directory, stand_and_ask, EACCES },
	{ "/proc/self/cwd", stand, rename_directory, link_until_seen, EACCES },
	{ "/proc/self/maps", have_mapped, rename_file, maps_until_seen, GOT_NOTHING },
	{ "/proc/self/mountinfo", have_mounted, rename_directory, mountinfo_until_seen, GOT_NOTHING },
};

/* Who asks while the name becomes classified does not see it. */
static const char *race(size_t i)
{
	const struct deed renaming = { .uid = CLEARED, .login = CLEARED, .directory = "/",
				       .taint = true, .act = races[i].rename };
	const struct deed asking = { .uid = UNCLEARED, .login = UNCLEARED, .directory = "/",
				     .before = races[i].before, .gate = true, .act = races[i].ask };
	int expected = baseline() ? GOT_ORDINARY : races[i].expected;
	static char words[128];

	for (int round = 0; round < (races[i].before ? ROUNDS : CLOSE_ROUNDS); round++) {
		struct outcome asked = deed_start(&asking), renamed;
		const char *trouble = deed_ready(&asked);

		deed_go(&asked);
		usleep(round % 3 * 500); /* sooner or later */
		renamed = deed_do(&renaming);
		deed_end(&asked);
		remove_tree();
		if (!trouble)
			trouble = fresh_directory();
		if (trouble)
			return trouble;
		if (renamed.error || (asked.error != expected && asked.error != TOO_LATE)) {
			snprintf(words, sizeof(words), "round %d: renamed %d, asked %d", round,
				 renamed.error, asked.error);
			return words;
		}
	}
	return NULL;
}

TEST_F_TIMEOUT(path, races, 200)
{
	if (variant->place == PLACE_SCRATCH)
		return;
	for (size_t i = 0; i < sizeof(races) / sizeof(races[0]); i++)
		EXPECT_SO(race(i), races[i].name);
}

/* With all hooks there, which the first taint brings. */
TEST_F(path, getcwd_as_ever)
{
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .taint = true,
			     .act = document_read };
	struct outcome outcome;

	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.taint = false;
	deed.act = ask_in_every_way;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
