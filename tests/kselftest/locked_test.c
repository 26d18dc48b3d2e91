// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Locked mode: what is closed to root as well, from LOCK to the next start; and that everything else goes on.
 * A guest that was locked stays locked, so this program comes last in it. Tests come in the order of
 * their fixtures: first those that want the guest not locked yet.
 */
#include <glob.h>
#include <linux/bpf.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <linux/perf_event.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#include "support/ring.h"
#include "support/suite.h"

#include "support/ring.c"

#ifndef BLOCK_URING_CMD_DISCARD
#define BLOCK_URING_CMD_DISCARD _IO(0x12, 0)
#endif

#define LOCKDOWN	"/sys/kernel/security/lockdown"
#define UNSIGNED_MODULE "/usr/lib/modules-mifeng/mifeng_holder.ko"
#define DISK		"/dev/vda"	/* stays in the machine */
#define STICK		"/dev/sd[a-z]"
#define HEAD		(68 << 10)	/* what may be read of a disk */
#define BEYOND		(1 << 20)

/* The guest's kernel is locked down by the first test that wants it; there is no way back. */
static void lock_down(void)
{
	int fd;

	if (access(LOCKDOWN, F_OK))
		mount("securityfs", "/sys/kernel/security", "securityfs", 0, NULL);
	fd = open(LOCKDOWN, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "integrity", 9) < 0)
		perror(LOCKDOWN);
	if (fd >= 0)
		close(fd);
}

static bool is_locked(void)
{
	struct wire_status status = { 0 };

	return !wire_status_get(&stage.wire, &status) && status.locked;
}

/* A disk of SCSI that stays: the newest one, made of memory. */
static const char *scsi_disk(const char *pattern)
{
	static char path[64];
	glob_t found;

	driver_load("scsi_debug");
	driver_load("sg");
	path[0] = '\0';
	for (int tries = 0; tries < 100 && !path[0]; tries++) {
		if (glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 1)
			snprintf(path, sizeof(path), "%s", found.gl_pathv[found.gl_pathc - 1]);
		globfree(&found);
		if (!path[0])
			usleep(50000);
	}
	return path;
}

/* Before it: what LOCK wants. */
FIXTURE(unlocked) {};

FIXTURE_SETUP(unlocked)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(unlocked)
{
	stage_close();
}

static void *map_disk(void)
{
	int fd = open(DISK, O_RDONLY | O_CLOEXEC);
	void *memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	close(fd);
	return memory;
}

TEST_F(unlocked, refused)
{
	void *memory;

	if (baseline())
		return;
	ASSERT_FALSE(is_locked());
	EXPECT_EQ(-EPERM, wire_lock(&stage.wire));
	EXPECT_NE(NULL, strstr(stage.wire.words, "not locked down"));

	lock_down();
	ASSERT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_PERMISSIVE, MIFENG_REMOVABLE_ORDINARY,
				      CLEARED, -1));
	EXPECT_EQ(-EINVAL, wire_lock(&stage.wire));
	EXPECT_NE(NULL, strstr(stage.wire.words, "policy that enforces"));
	ASSERT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, MIFENG_REMOVABLE_ORDINARY,
				      CLEARED, -1));

	memory = map_disk();
	ASSERT_NE(MAP_FAILED, memory);
	EXPECT_EQ(-EBUSY, wire_lock(&stage.wire));
	EXPECT_NE(NULL, strstr(stage.wire.words, "mapped"));
	munmap(memory, 4096);
	EXPECT_FALSE(is_locked());
}

/* A descriptor from before is worth no more than one from after. */
TEST_F(unlocked, becomes_locked)
{
	static char bytes[4096] __attribute__((aligned(4096)));
	int fd = open(DISK, O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)sizeof(bytes), pread(fd, bytes, sizeof(bytes), BEYOND));
	if (!baseline()) {
		lock_down();
		ASSERT_EQ(0, wire_lock(&stage.wire)) TH_LOG("%s", stage.wire.words);
		EXPECT_TRUE(is_locked());
		EXPECT_EQ(0, wire_lock(&stage.wire));
		EXPECT_EQ(0, pread(fd, bytes, sizeof(bytes), BEYOND));
	}
	ASSERT_EQ((ssize_t)sizeof(bytes), pread(fd, bytes, sizeof(bytes), 0));
	EXPECT_EQ(baseline() ? 0 : EPERM, result(pwrite(fd, bytes, sizeof(bytes), 0)));
	close(fd);
}

/* And after it. */
FIXTURE(locked) {};

FIXTURE_SETUP(locked)
{
	ASSERT_RIGHT(stage_open());
	if (!baseline() && !is_locked()) {
		lock_down();
		ASSERT_EQ(0, wire_lock(&stage.wire)) TH_LOG("%s", stage.wire.words);
	}
}

FIXTURE_TEARDOWN(locked)
{
	stage_close();
}

TEST_F(locked, policy_stays)
{
	struct wire_status before, after;

	if (baseline())
		return;
	ASSERT_EQ(0, wire_status_get(&stage.wire, &before));
	EXPECT_EQ(-EPERM, wire_policy_push(&stage.wire, MIFENG_MODE_PERMISSIVE,
					   MIFENG_REMOVABLE_ORDINARY, CLEARED, -1));
	EXPECT_NE(NULL, strstr(stage.wire.words, "locked"));
	ASSERT_EQ(0, wire_status_get(&stage.wire, &after));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(MIFENG_MODE_ENFORCE, after.mode);
}

static const char *disk = DISK;
static char bytes[128 << 10] __attribute__((aligned(4096)));

static int open_disk(int flags)
{
	return open(disk, flags | O_CLOEXEC);
}

/* Nothing came: the disk has ended, for who reads it. */
static int came(ssize_t count)
{
	return count < 0 ? errno : count ? 0 : ENODATA;
}

static int read_beyond(void)
{
	int fd = open_disk(O_RDONLY);

	lseek(fd, BEYOND, SEEK_SET);
	return came(read(fd, bytes, 4096));
}

static int pread_beyond(void)
{
	return came(pread(open_disk(O_RDONLY), bytes, 4096, BEYOND));
}

static int readv_beyond(void)
{
	struct iovec vectors[2] = { { bytes, 512 }, { bytes + 4096, 512 } };

	return came(preadv(open_disk(O_RDONLY), vectors, 2, BEYOND));
}

static int read_directly(void)
{
	return came(pread(open_disk(O_RDONLY | O_DIRECT), bytes, 4096, BEYOND));
}

static int splice_beyond(void)
{
	loff_t offset = BEYOND;
	int ends[2];

	if (pipe(ends))
		return TROUBLE;
	return came(splice(open_disk(O_RDONLY), &offset, ends[1], NULL, 4096, 0));
}

static int sendfile_beyond(void)
{
	off_t offset = BEYOND;
	int ends[2];

	if (pipe(ends))
		return TROUBLE;
	return came(sendfile(ends[1], open_disk(O_RDONLY), &offset, 4096));
}

static int by_ring(const struct io_uring_sqe *what, int *answer)
{
	if (ring_do(what, answer))
		return TROUBLE;
	return *answer < 0 ? -*answer : 0;
}

static int read_by_ring(void)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_READ, .fd = open_disk(O_RDONLY), .addr = (uintptr_t)bytes,
		.len = 4096, .off = BEYOND,
	};
	int answer;

	return by_ring(&sqe, &answer) ?: came(answer);
}

static bool only_zeroes(void)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, sizeof(bytes) - 1);
}

static int read_through_loop(void)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int number = ioctl(control, 0x4C82 /* LOOP_CTL_GET_FREE */);
	char path[32];
	int loop, error;

	snprintf(path, sizeof(path), "/dev/loop%d", number);
	loop = open(path, O_RDONLY | O_CLOEXEC);
	if (loop < 0 || ioctl(loop, 0x4C00 /* LOOP_SET_FD */, open_disk(O_RDONLY)))
		return TROUBLE;
	/* what the disk does not give is an error of the loop device, or nothing but zeroes */
	error = ENODATA;
	for (off_t place = BEYOND; place < 64 * BEYOND && error; place += BEYOND)
		if (pread(loop, bytes, sizeof(bytes), place) == sizeof(bytes) && !only_zeroes())
			error = 0;
	ioctl(loop, 0x4C01 /* LOOP_CLR_FD */, 0);
	return error;
}

/* As much as is there of the head, then the end. */
static int read_head(void)
{
	int fd = open_disk(O_RDONLY);
	ssize_t count = pread(fd, bytes, sizeof(bytes), 0);

	return count == (baseline() ? (ssize_t)sizeof(bytes) : HEAD) ? 0 : EIO;
}

static struct outcome by_root(int (*act)(void))
{
	struct deed deed = { .uid = 0, .login = 0, .directory = "/", .act = act };

	return deed_do(&deed);
}

#define EXPECT_CLOSED(act, error, operation)							\
	do {											\
		struct outcome outcome_ = by_root(act);						\
												\
		EXPECT_DENIED(&outcome_, error, operation, MIFENG_REASON_LOCKED, NULL);		\
	} while (0)

#define EXPECT_OPEN(act)									\
	do {											\
		struct outcome outcome_ = by_root(act);						\
												\
		EXPECT_ALLOWED(&outcome_);							\
	} while (0)

TEST_F(locked, disk_is_not_read)
{
	EXPECT_CLOSED(read_beyond, ENODATA, MIFENG_OP_READ);
	EXPECT_CLOSED(pread_beyond, ENODATA, MIFENG_OP_READ);
	EXPECT_CLOSED(readv_beyond, ENODATA, MIFENG_OP_READ);
	EXPECT_CLOSED(read_directly, ENODATA, MIFENG_OP_READ);
	EXPECT_CLOSED(splice_beyond, ENODATA, MIFENG_OP_READ);
	EXPECT_CLOSED(sendfile_beyond, ENODATA, MIFENG_OP_READ);
	EXPECT_CLOSED(read_by_ring, ENODATA, MIFENG_OP_READ);
	EXPECT_OPEN(read_head);
}

TEST_F(locked, disk_is_not_read_through_a_loop)
{
	struct outcome outcome;

	driver_load("loop");
	outcome = by_root(read_through_loop);
	EXPECT_EQ(baseline() ? 0 : ENODATA, outcome.error);
}

static int write_disk(void)
{
	int fd = open_disk(O_RDWR);

	if (pread(fd, bytes, 4096, 0) != 4096)
		return TROUBLE;
	return result(pwrite(fd, bytes, 4096, 0));
}

static int write_by_ring(void)
{
	struct io_uring_sqe sqe = {
		.opcode = IORING_OP_WRITE, .fd = open_disk(O_RDWR), .addr = (uintptr_t)bytes,
		.len = 4096,
	};
	int answer;

	if (pread(sqe.fd, bytes, 4096, 0) != 4096)
		return TROUBLE;
	return by_ring(&sqe, &answer);
}

static int map_to_read(void)
{
	return map_disk() == MAP_FAILED ? errno : 0;
}

/* An error of the device's own is as good as success: it was let through. */
static int kept_out(long returned)
{
	return returned < 0 && errno == EPERM ? EPERM : 0;
}

static int make_writable(void)
{
	int no = 0;

	return kept_out(ioctl(open_disk(O_RDONLY), BLKROSET, &no));
}

static int punch_disk(void)
{
	/* what is not of whole sectors is refused by the device itself */
	return kept_out(fallocate(open_disk(O_RDWR), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				  BEYOND, 1));
}

TEST_F(locked, disk_is_not_changed)
{
	EXPECT_CLOSED(write_disk, EPERM, MIFENG_OP_WRITE);
	EXPECT_CLOSED(write_by_ring, EPERM, MIFENG_OP_WRITE);
	EXPECT_CLOSED(punch_disk, EPERM, MIFENG_OP_WRITE);
	EXPECT_CLOSED(map_to_read, EPERM, MIFENG_OP_MAP);
	EXPECT_CLOSED(make_writable, EPERM, MIFENG_OP_IOCTL);
}

/* From a descriptor that cannot write: a device that knows the command says so before it does anything. */
static int discard_by_ring(void)
{
	const struct io_uring_sqe discard = {
		.opcode = IORING_OP_URING_CMD, .fd = open_disk(O_RDONLY),
		.cmd_op = BLOCK_URING_CMD_DISCARD, .addr = BEYOND, .addr3 = 4096,
	};
	int answer, error = by_ring(&discard, &answer);

	return error == EBADF ? 0 : error ?: EIO;
}

TEST_F(locked, disk_is_not_changed_by_rings)
{
	struct outcome outcome;
	struct utsname kernel;

	ASSERT_EQ(0, uname(&kernel));
	if (strncmp(kernel.release, "6.1.", 4)) {
		EXPECT_CLOSED(discard_by_ring, EPERM, MIFENG_OP_IOCTL);
		return;
	}
	/* There disks take no commands by rings. */
	outcome = by_root(discard_by_ring);
	EXPECT_EQ(EOPNOTSUPP, outcome.error);
	EXPECT_RIGHT(why_not_silent(&outcome));
}

/* What udev, lsblk and mount ask. */
static int ask_disk(void)
{
	int fd = open_disk(O_RDONLY), number;
	uint64_t size;

	if (ioctl(fd, BLKGETSIZE64, &size) || ioctl(fd, BLKSSZGET, &number) ||
	    ioctl(fd, BLKROGET, &number) || ioctl(fd, BLKPBSZGET, &number))
		return errno;
	return 0;
}

TEST_F(locked, disk_tells_what_it_is)
{
	EXPECT_OPEN(ask_disk);
}

static int command(unsigned char code, unsigned int length)
{
	unsigned char command_bytes[10] = { code };
	struct sg_io_hdr request = {
		.interface_id = 'S', .cmd_len = code == 0x12 ? 6 : 10, .cmdp = command_bytes,
		.dxfer_direction = SG_DXFER_FROM_DEV, .dxferp = bytes, .dxfer_len = length,
		.timeout = 20000,
	};

	if (code == 0x12) /* INQUIRY */
		command_bytes[4] = (unsigned char)length;
	else /* READ(10), one sector */
		command_bytes[8] = 1;
	return result(ioctl(open_disk(O_RDWR | O_NONBLOCK), SG_IO, &request)) ?: request.status;
}

static int inquire(void)
{
	return command(0x12, 36);
}

static int read_by_command(void)
{
	return command(0x28, 512);
}

/* What sg does not know it passes on, with memory of the kernel's. */
static int read_by_old_command(void)
{
	struct {
		unsigned int in, out;
		unsigned char data[512];
	} request = { 0, sizeof(request.data), { 0x28, [8] = 1 } };

	return kept_out(ioctl(open_disk(O_RDWR | O_NONBLOCK), 1 /* SCSI_IOCTL_SEND_COMMAND */,
			      &request));
}

/* Its driver lets go of the disk, which somebody has open still. */
static int read_by_command_when_dead(void)
{
	const char *node = scsi_disk("/dev/sd[a-z]");
	char link[64], address[256];
	int fd = open(node, O_RDONLY | O_CLOEXEC), error;
	ssize_t length;

	snprintf(link, sizeof(link), "/sys/block/%s/device", strrchr(node, '/') + 1);
	length = readlink(link, address, sizeof(address) - 1);
	if (fd < 0 || length < 0)
		return TROUBLE;
	address[length] = '\0';
	if (text_write("/sys/bus/scsi/drivers/sd/unbind", strrchr(address, '/') + 1))
		return TROUBLE;
	error = read_by_command();
	close(fd);
	text_write("/sys/bus/scsi/drivers/sd/bind", strrchr(address, '/') + 1);
	return error;
}

TEST_F(locked, disk_takes_no_commands)
{
	static const char *const patterns[] = { "/dev/sd[a-z]", "/dev/sg[0-9]*" };

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		disk = strdup(scsi_disk(patterns[i]));
		ASSERT_NE('\0', disk[0]);
		EXPECT_CLOSED(read_by_command, EPERM, MIFENG_OP_SETUP);
		EXPECT_OPEN(inquire);
	}
	EXPECT_CLOSED(read_by_old_command, EPERM, MIFENG_OP_IOCTL);
	EXPECT_CLOSED(read_by_command_when_dead, EPERM, MIFENG_OP_SETUP);
}

/* The stick can be carried away, and nothing classified is on it. */
static int use_stick(void)
{
	int fd = open_disk(O_RDWR);
	void *memory;

	if (pread(fd, bytes, 4096, BEYOND) != 4096 || pwrite(fd, bytes, 4096, BEYOND) != 4096)
		return errno ?: EIO;
	memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, BEYOND);
	return memory == MAP_FAILED ? errno : 0;
}

TEST_F(locked, stick_goes_on)
{
	glob_t found;

	ASSERT_EQ(0, glob(STICK, 0, NULL, &found));
	disk = found.gl_pathv[0];
	EXPECT_OPEN(use_stick);
	globfree(&found);
}

/* A table of the device mapper: one segment of each disk, from wherever one likes. */
static struct {
	struct dm_ioctl head;
	struct {
		struct dm_target_spec target;
		char argument[64];
	} segments[2];
} table;

static void table_begin(void)
{
	memset(&table, 0, sizeof(table));
	table.head.version[0] = DM_VERSION_MAJOR;
	table.head.data_size = sizeof(table);
	table.head.data_start = sizeof(table.head);
	strcpy(table.head.name, "mifeng-test");
}

static dev_t device_of(const char *path)
{
	struct stat status = { 0 };

	stat(path, &status);
	return status.st_rdev;
}

static const char *parts[2];

static int map_two_disks(void)
{
	int control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC), error;

	table_begin();
	if (ioctl(control, DM_DEV_CREATE, &table))
		return TROUBLE;
	table_begin();
	table.head.target_count = 2;
	for (int i = 0; i < 2; i++) {
		dev_t device = device_of(parts[i]);

		table.segments[i].target.sector_start = i * 8;
		table.segments[i].target.length = 8;
		table.segments[i].target.next = sizeof(table.segments[i]);
		strcpy(table.segments[i].target.target_type, "linear");
		snprintf(table.segments[i].argument, sizeof(table.segments[i].argument), "%u:%u 2048",
			 major(device), minor(device));
	}
	error = result(ioctl(control, DM_TABLE_LOAD, &table));
	table_begin();
	ioctl(control, DM_DEV_REMOVE, &table);
	return error;
}

TEST_F(locked, disks_are_not_mapped)
{
	static char stick[64];
	glob_t found;

	driver_load("dm_mod");
	ASSERT_EQ(0, glob(STICK, 0, NULL, &found));
	snprintf(stick, sizeof(stick), "%s", found.gl_pathv[0]);
	globfree(&found);
	parts[0] = scsi_disk(STICK);
	parts[1] = stick;
	EXPECT_CLOSED(map_two_disks, EPERM, MIFENG_OP_IOCTL);
	parts[1] = parts[0];
	EXPECT_CLOSED(map_two_disks, EPERM, MIFENG_OP_IOCTL);
}

static int load(unsigned int type, const struct bpf_insn *program, unsigned int count)
{
	union bpf_attr attributes = {
		.prog_type = type, .insns = (uintptr_t)program, .license = (uintptr_t)"GPL",
		.insn_cnt = count,
	};

	return result_close(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));
}

#define LOAD(type, ...)										\
	({											\
		const struct bpf_insn program_[] = {						\
			__VA_ARGS__, { .code = BPF_ALU64 | BPF_MOV | BPF_K },			\
			{ .code = BPF_JMP | BPF_EXIT },						\
		};										\
												\
		load(type, program_, sizeof(program_) / sizeof(program_[0]));			\
	})

#define MOVE(to, number) { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (to), .imm = (number) }

static int load_probe(void)
{
	return LOAD(BPF_PROG_TYPE_KPROBE, MOVE(0, 0));
}

static int load_filter(void)
{
	return LOAD(BPF_PROG_TYPE_SOCKET_FILTER, MOVE(0, 0));
}

static int load_of_group(void)
{
	return LOAD(BPF_PROG_TYPE_CGROUP_DEVICE, MOVE(0, 0));
}

/* Eight bytes of the memory of whoever opens a device. */
static int load_reading(void)
{
	return LOAD(BPF_PROG_TYPE_CGROUP_DEVICE,
		    { .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 10 },
		    { .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 1, .imm = -8 },
		    MOVE(2, 8), MOVE(3, 0),
		    { .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_user });
}

/* The verifier does not know that function, or variable: an error of its own. */
static int load_calling(void)
{
	return LOAD(BPF_PROG_TYPE_SOCKET_FILTER,
		    { .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_KFUNC_CALL }) == EPERM ?
		       EPERM : 0;
}

static int load_looking(void)
{
	return LOAD(BPF_PROG_TYPE_SOCKET_FILTER,
		    { .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 1,
		      .src_reg = BPF_PSEUDO_BTF_ID, .imm = 1 },
		    { .code = 0 }) == EPERM ? EPERM : 0;
}

TEST_F(locked, programs_do_not_see_the_kernel)
{
	EXPECT_CLOSED(load_probe, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(load_reading, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(load_calling, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(load_looking, EPERM, MIFENG_OP_SETUP);
	EXPECT_OPEN(load_filter);
	EXPECT_OPEN(load_of_group);
}

static int open_counter(void)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attributes),
		.config = PERF_COUNT_SW_TASK_CLOCK,
	};

	return result_close(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0UL));
}

static int unload_kernel(void)
{
	return result(syscall(SYS_kexec_load, 0UL, 0UL, NULL, 0UL));
}

/* No area for swap at all: that is said later. */
static int swap_to(void)
{
	return kept_out(swapon(stage.document, 0));
}

static int swap_to_32(void)
{
	errno = 0;
	return kept_out(call32(87, (uintptr_t)"/", 0, 0, 0, 0));
}

static int open_memory(void)
{
	return result_close(open("/proc/kcore", O_RDONLY | O_CLOEXEC));
}

/* Signed as it is: it lends programs the hardware. */
static int load_lender(void)
{
	struct utsname kernel;
	char path[256];
	int fd, flags, error;

	uname(&kernel);
	snprintf(path, sizeof(path), "/lib/modules/%s/kernel/drivers/uio/uio.ko", kernel.release);
	flags = access(path, F_OK) ? 4 /* MODULE_INIT_COMPRESSED_FILE */ : 0;
	if (flags)
		strcat(path, ".xz");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return TROUBLE;
	error = result(syscall(SYS_finit_module, fd, "", flags));
	if (!error)
		syscall(SYS_delete_module, "uio", O_NONBLOCK);
	return error;
}

/* There is no such file system: that is said later. */
static int mount_at_a_place(void)
{
	return kept_out(mount(DISK, "/mnt", "ext4", MS_RDONLY, "sb=123456"));
}

static int mount_with_another(void)
{
	return kept_out(mount(DISK, "/mnt", "xfs", MS_RDONLY, "rtdev=/dev/vdb"));
}

static int load_unsigned(void)
{
	int fd = open(UNSIGNED_MODULE, O_RDONLY | O_CLOEXEC), error;

	error = result(syscall(SYS_finit_module, fd, "", 0));
	if (!error)
		syscall(SYS_delete_module, "mifeng_holder", O_NONBLOCK);
	return error;
}

TEST_F(locked, side_doors)
{
	EXPECT_CLOSED(open_counter, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(unload_kernel, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(swap_to, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(swap_to_32, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(open_memory, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(load_unsigned, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(load_lender, EPERM, MIFENG_OP_SETUP);
	EXPECT_CLOSED(mount_at_a_place, EPERM, MIFENG_OP_SETUP);
	driver_load("xfs");
	EXPECT_CLOSED(mount_with_another, EPERM, MIFENG_OP_SETUP);
}

/* Work goes on: the document is read, written inside its zone, and stays there. */
static int write_here(void)
{
	int fd = open("file", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "x", 1));
}

TEST_F(locked, work_goes_on)
{
	struct deed deed = DEED(true, PLACE_ZONE, write_here);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
	deed.place = PLACE_UNMARKED;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_UNMARKED_PATH, "file");
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
