// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands to files, directories, terminals and devices, by 64-bit and 32-bit doors. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <termios.h>

#include "support/suite.h"

#define EXT4_IOC_ALLOC_DA_BLKS	_IO('f', 12)
#define EXT4_IOC_MOVE_EXT	_IOWR('f', 15, struct move_extent)
#define EXT4_IOC_SWAP_BOOT	_IO('f', 17)
#define XFS_IOC_ATTRMULTI	_IOW('X', 123, struct attribute_request)
#define XFS_ATTR_SECURE		0x0008
#define NODUMP			0x40

struct move_extent {
	uint32_t reserved, donor;
	uint64_t start, donor_start, length, moved;
};

struct attribute_request {
	uint64_t handle[7];
	uint32_t count;
	struct attribute_operation *operations;
};

struct attribute_operation {
	uint32_t operation;
	int32_t error;
	const char *name;
	void *value;
	uint32_t size, flags;
};

/* An ioctl of a 32-bit program; pointers have to be low. */
static int ioctl32(int fd, unsigned int command, const void *argument)
{
	return (int)call32(54, fd, command, (long)argument, 0, 0);
}

static void *low_memory(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (memory == MAP_FAILED)
		_exit(TROUBLE);
	return memory;
}

/* Made before the raise: a file and a directory of one's own. */
static int own_fd = -1, own_directory = -1;

static int own_make(void)
{
	static const char bytes[FILE_SIZE] = "ordinary";
	char name[32];

	snprintf(name, sizeof(name), "own-%d", getpid());
	own_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (own_fd < 0 || write(own_fd, bytes, sizeof(bytes)) != sizeof(bytes) || fsync(own_fd) < 0)
		return errno;
	snprintf(name, sizeof(name), "dir-%d", getpid());
	if (mkdir(name, 0700) < 0)
		return errno;
	own_directory = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return result(own_directory);
}

static int flags_set(int fd)
{
	int flags;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return TROUBLE;
	flags |= NODUMP;
	return result(ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

static int by_flags(void)
{
	return flags_set(own_fd);
}

static int by_flags_of_directory(void)
{
	return flags_set(own_directory);
}

static int by_flags32(void)
{
	int *flags = low_memory();

	if (ioctl32(own_fd, FS_IOC32_GETFLAGS, flags) < 0)
		return TROUBLE;
	*flags |= NODUMP;
	return result(ioctl32(own_fd, FS_IOC32_SETFLAGS, flags));
}

static int by_project(void)
{
	struct fsxattr attributes;

	if (ioctl(own_fd, FS_IOC_FSGETXATTR, &attributes) < 0)
		return TROUBLE;
	attributes.fsx_xflags |= FS_XFLAG_NODUMP;
	return result(ioctl(own_fd, FS_IOC_FSSETXATTR, &attributes));
}

FIXTURE(attributes) {};

FIXTURE_VARIANT(attributes)
{
	enum place place;
	bool denied;
};

FIXTURE_VARIANT_ADD(attributes, unmarked_path) { .place = PLACE_UNMARKED, .denied = true };
FIXTURE_VARIANT_ADD(attributes, zone) { .place = PLACE_ZONE };

FIXTURE_SETUP(attributes)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(attributes)
{
	stage_close();
}

static void expect_attribute(struct __test_metadata *_metadata, enum place place, bool denied,
			     int (*act)(void))
{
	struct deed deed = DEED(true, place, act);
	struct outcome outcome;

	deed.before = own_make;
	outcome = deed_do(&deed);
	if (denied)
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_IOCTL, MIFENG_REASON_UNMARKED_PATH, NULL);
	else
		EXPECT_ALLOWED(&outcome);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(attributes, flags)
{
	expect_attribute(_metadata, variant->place, variant->denied, by_flags);
}

TEST_F(attributes, flags_of_directory)
{
	expect_attribute(_metadata, variant->place, variant->denied, by_flags_of_directory);
}

TEST_F(attributes, flags_32)
{
	expect_attribute(_metadata, variant->place, variant->denied, by_flags32);
}

TEST_F(attributes, project)
{
	expect_attribute(_metadata, variant->place, variant->denied, by_project);
}

/* Commands that are none of a file's own attributes. */
static int by_allocating(void)
{
	return result(ioctl(own_fd, EXT4_IOC_ALLOC_DA_BLKS));
}

static int by_name_of_filesystem(void)
{
	return result(ioctl(own_directory, FS_IOC_SETFSLABEL, "classified"));
}

static int terminal = -1, terminal_end = -1;

static int terminal_make(void)
{
	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (setsid() < 0 || terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0)
		return errno;
	terminal_end = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal_end < 0 || ioctl(terminal_end, TIOCSCTTY, 0) < 0)
		return errno;
	return 0;
}

static int by_typing(void)
{
	return result(ioctl(terminal_end, TIOCSTI, "y"));
}

static int by_typing32(void)
{
	char *byte = low_memory();

	*byte = 'y';
	return result(ioctl32(terminal_end, TIOCSTI, byte));
}

static int by_line_discipline(void)
{
	int plain = 0;

	return result(ioctl(terminal_end, TIOCSETD, &plain));
}

static int device_open(void)
{
	own_fd = open("/dev/userfaultfd", O_RDWR | O_CLOEXEC);
	return result(own_fd);
}

static int by_userfaultfd_device(void)
{
	return result(ioctl(own_fd, _IO(0xAA, 0x00), O_CLOEXEC));
}

FIXTURE(command) {};

FIXTURE_VARIANT(command)
{
	int (*before)(void);
	int (*act)(void);
	int capability;
	enum place place;
};

#define COMMAND(name, before_, act_, place_, capability_)				\
	FIXTURE_VARIANT_ADD(command, name) {						\
		.before = before_, .act = act_, .place = place_, .capability = capability_,	\
	}

COMMAND(allocating, own_make, by_allocating, PLACE_UNMARKED, 0);
COMMAND(allocating_in_zone, own_make, by_allocating, PLACE_ZONE, 0);
COMMAND(name_of_filesystem, own_make, by_name_of_filesystem, PLACE_ZONE, CAP_SYS_ADMIN);
COMMAND(typing, terminal_make, by_typing, PLACE_UNMARKED, 0);
COMMAND(typing_32, terminal_make, by_typing32, PLACE_UNMARKED, 0);
COMMAND(line_discipline, terminal_make, by_line_discipline, PLACE_UNMARKED, 0);
COMMAND(userfaultfd_device, device_open, by_userfaultfd_device, PLACE_UNMARKED, CAP_DAC_OVERRIDE);

static void typing_allow(const char *value)
{
	int fd = open("/proc/sys/dev/tty/legacy_tiocsti", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, value, 1) < 0)
			fprintf(stderr, "# legacy_tiocsti: %s\n", strerror(errno));
		close(fd);
	}
}

FIXTURE_SETUP(command)
{
	ASSERT_RIGHT(stage_open());
	typing_allow("1");
}

FIXTURE_TEARDOWN(command)
{
	typing_allow("0");
	stage_close();
}

TEST_F(command, is_for_the_untainted)
{
	struct deed deed = DEED(true, variant->place, variant->act);
	struct outcome outcome;

	deed.before = variant->before;
	deed.capability = variant->capability;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_IOCTL, MIFENG_REASON_FACILITY, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* What only asks, and what programs do to their own descriptors and terminals. */
static int by_asking(void)
{
	int number, ends[2];
	struct fsxattr attributes;

	if (pipe(ends) < 0)
		return TROUBLE;
	if (isatty(own_fd) || errno != ENOTTY || isatty(own_directory) || isatty(ends[0]))
		return errno;
	return result(ioctl(own_fd, FS_IOC_GETFLAGS, &number)) ?:
	       result(ioctl(own_directory, FS_IOC_GETFLAGS, &number)) ?:
	       result(ioctl(own_fd, FS_IOC_FSGETXATTR, &attributes)) ?:
	       result(ioctl(own_fd, FIGETBSZ, &number)) ?:
	       result(ioctl(own_fd, FIONREAD, &number)) ?:
	       result(ioctl(ends[0], FIONREAD, &number)) ?:
	       result(ioctl(ends[0], FIOCLEX)) ?:
	       result(ioctl(ends[0], FIONBIO, &(int){ 1 }));
}

static int by_asking_namespaces(void)
{
	int fd = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(ioctl(fd, NS_GET_OWNER_UID, &(uid_t){ 0 }));
}

static int by_terminal(void)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct termios settings;

	return result(tcgetattr(terminal_end, &settings)) ?:
	       result(tcsetattr(terminal_end, TCSANOW, &settings)) ?:
	       result(tcdrain(terminal_end)) ?:
	       result(tcflush(terminal_end, TCIOFLUSH)) ?:
	       result(ioctl(terminal, TIOCSWINSZ, &size)) ?:
	       result(ioctl(terminal_end, TIOCGWINSZ, &size)) ?:
	       result(ioctl(terminal, TIOCPKT, &(int){ 1 })) ?:
	       result(ioctl(terminal_end, TIOCSPGRP, &(pid_t){ getpgrp() })) ?:
	       result_close(ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY));
}

TEST_F(attributes, questions_are_for_all)
{
	struct deed deed = DEED(true, variant->place, by_asking);
	struct outcome outcome;

	deed.before = own_make;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.act = by_asking_namespaces;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.before = terminal_make;
	deed.act = by_terminal;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Two files exchange their contents; a label stays where it was. */
static int exchange(int (*call)(int, unsigned int, const void *), int fd, int donor)
{
	struct move_extent *move = low_memory();

	if (fd < 0 || donor < 0)
		return TROUBLE;
	*move = (struct move_extent){ .donor = donor, .length = FILE_SIZE / 4096 };
	return result(call(fd, EXT4_IOC_MOVE_EXT, move));
}

static int ioctl64(int fd, unsigned int command, const void *argument)
{
	return ioctl(fd, command, argument);
}

/* Contents that are on no disk yet are not exchanged. */
static int document_open(void)
{
	int fd = open(stage.document, O_RDWR | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? -1 : fd;
}

static int from_document(void)
{
	return exchange(ioctl64, own_fd, document_open());
}

static int from_document32(void)
{
	return exchange(ioctl32, own_fd, document_open());
}

static int to_document(void)
{
	return exchange(ioctl64, document_open(), own_fd);
}

static int between_ordinary_files(void)
{
	int other = own_fd;

	if (chdir("directory") < 0 || own_make())
		return TROUBLE;
	return exchange(ioctl64, own_fd, other);
}

/* Not every filesystem can do it; it must have been asked. */
static int asked(int error)
{
	return error == ENOTTY ? 0 : error;
}

static int by_boot_loader(void)
{
	return result(ioctl(document_open(), EXT4_IOC_SWAP_BOOT));
}

static int ordinary_boot_loader(void)
{
	return result(ioctl(own_fd, EXT4_IOC_SWAP_BOOT));
}

static int by_generation(void)
{
	return asked(result(ioctl(document_open(), FS_IOC_SETVERSION, &(int){ 7 })));
}

static int ordinary_generation(void)
{
	return asked(result(ioctl(own_fd, FS_IOC_SETVERSION, &(int){ 7 })));
}

static int attributes_by_handle(uint32_t operation, uint32_t flags)
{
	struct attribute_operation operations[2] = {
		{ .operation = 1, .name = "mifeng", .flags = XFS_ATTR_SECURE },
		{ .operation = operation, .name = "mifeng", .flags = flags },
	};
	struct attribute_request request = { .count = 2, .operations = operations };

	return asked(result(ioctl(own_fd, XFS_IOC_ATTRMULTI, &request)));
}

static int set_by_handle(void)
{
	return attributes_by_handle(2, XFS_ATTR_SECURE);
}

static int remove_by_handle(void)
{
	return attributes_by_handle(3, XFS_ATTR_SECURE);
}

static int set_trusted_by_handle(void)
{
	return attributes_by_handle(2, 0x0002);
}

FIXTURE(label) {};

FIXTURE_VARIANT(label)
{
	int (*act)(void);
	uid_t uid;
	bool denied;
};

#define LABEL(name, act_, uid_, denied_)						\
	FIXTURE_VARIANT_ADD(label, name) { .act = act_, .uid = uid_, .denied = denied_ }

LABEL(extents_of_document, from_document, CLEARED, true);
LABEL(extents_of_document_32, from_document32, CLEARED, true);
LABEL(extents_into_document, to_document, CLEARED, true);
LABEL(extents_that_cannot_be_known, between_ordinary_files, CLEARED, true);
LABEL(extents_of_document_by_root, from_document, 0, true);
LABEL(extents_into_document_by_root, to_document, 0, true);
LABEL(ordinary_extents_by_root, between_ordinary_files, 0, false);
LABEL(boot_loader, by_boot_loader, 0, true);
LABEL(ordinary_boot_loader, ordinary_boot_loader, 0, false);
LABEL(generation, by_generation, 0, true);
LABEL(ordinary_generation, ordinary_generation, 0, false);
LABEL(set_by_handle, set_by_handle, 0, true);
LABEL(remove_by_handle, remove_by_handle, 0, true);
LABEL(set_trusted_by_handle, set_trusted_by_handle, 0, false);

FIXTURE_SETUP(label)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(label)
{
	stage_close();
}

TEST_F(label, stays_with_its_content)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.uid = variant->uid;
	deed.before = own_make;
	outcome = deed_do(&deed);
	if (variant->denied)
		EXPECT_DENIED(&outcome, EPERM, MIFENG_OP_RELABEL, MIFENG_REASON_LABEL_PROTECTED,
			      NULL);
	else
		EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
