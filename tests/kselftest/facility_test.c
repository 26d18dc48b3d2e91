// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facilities of the kernel that act for a program unseen: rings, AIO, userfaultfd, BPF, perf, seccomp
 * listeners. Whoever holds something classified does not get them, and is not raised if it has them.
 */
#include <linux/aio_abi.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "support/facility.h"

#ifndef IORING_SETUP_NO_MMAP
#define IORING_SETUP_NO_MMAP		(1U << 14)
#define IORING_SETUP_REGISTERED_FD_ONLY (1U << 15)
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)
#endif

/* What Debian keeps from unprivileged programs by a setting is given to them here. */
static const struct {
	const char *path, *value;
} settings[] = {
	{ "/proc/sys/kernel/unprivileged_bpf_disabled", "0" },
	{ "/proc/sys/kernel/perf_event_paranoid", "1" },
	{ "/proc/sys/kernel/io_uring_disabled", "0" },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static char settings_before[SETTINGS][16];

static void setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, value, strlen(value)) < 0)
			fprintf(stderr, "# %s: %s\n", path, strerror(errno));
		close(fd);
	}
}

static void facility_open(void)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		int fd = open(settings[i].path, O_RDONLY | O_CLOEXEC);
		ssize_t length;

		settings_before[i][0] = '\0';
		if (fd < 0)
			continue; /* 6.1 cannot switch io_uring off */
		length = read(fd, settings_before[i], sizeof(settings_before[i]) - 1);
		settings_before[i][length < 0 ? 0 : length] = '\0';
		close(fd);
		setting_write(settings[i].path, settings[i].value);
	}
}

static void facility_close(void)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (settings_before[i][0])
			setting_write(settings[i].path, settings_before[i]);
}

/* Rings, contexts, events. */
static int ring(unsigned int flags)
{
	struct io_uring_params parameters = { .flags = flags };

	return (int)syscall(SYS_io_uring_setup, 4, &parameters);
}

static int by_ring(void)
{
	return result(ring(0));
}

static int by_aio(void)
{
	aio_context_t context = 0;

	return result(syscall(SYS_io_setup, 4, &context));
}

static int by_aio32(void)
{
	return result(call32(245, 4, LOW("\0\0\0\0"), 0, 0, 0));
}

static int by_userfaultfd(void)
{
	return result(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
}

static int by_bpf(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
	};

	return result(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

static int perf_open(pid_t pid)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attributes),
		.config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attributes, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int by_perf(void)
{
	return result(perf_open(0));
}

static int listen_to_me(unsigned int flags)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program);
}

static int by_listener(void)
{
	return result(listen_to_me(0));
}

FACILITY(io_uring, NULL, by_ring);
FACILITY(aio, NULL, by_aio);
FACILITY(aio_32, NULL, by_aio32);
FACILITY(userfaultfd, NULL, by_userfaultfd);
FACILITY(bpf, NULL, by_bpf);
FACILITY(perf, NULL, by_perf);
FACILITY(seccomp_listener, NULL, by_listener);

static int by_plain_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

ASKING(seccomp_filter, NULL, by_plain_filter);

FIXTURE(single) {};

FIXTURE_SETUP(single)
{
	ASSERT_RIGHT(stage_open());
	facility_open();
}

FIXTURE_TEARDOWN(single)
{
	facility_close();
	stage_close();
}

/*
 * What was set up before: the document is not read then. Each leaves the program with something
 * somebody else may hold the other end of.
 */
static int with_ring(void)
{
	return ring(0) < 0 ? TROUBLE : document_read();
}

static int in_child(int (*leave)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(leave() ? TROUBLE : document_read());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

static int nothing(void)
{
	return 0;
}

static int ring_fd;

static int ring_close(void)
{
	return result(close(ring_fd));
}

static int with_ring_inherited(void)
{
	return ring(0) < 0 ? TROUBLE : in_child(nothing);
}

/* The descriptor is gone, the memory shared with the parent is there. */
static int with_ring_mapped_before_fork(void)
{
	ring_fd = ring(0);
	if (ring_fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd,
				IORING_OFF_SQ_RING) == MAP_FAILED)
		return TROUBLE;
	return in_child(ring_close);
}

static int with_ring_and_poller(void)
{
	ring_fd = ring(IORING_SETUP_SQPOLL);
	if (ring_fd < 0)
		return TROUBLE;
	close(ring_fd);
	return document_read();
}

/* No descriptor at all, where the kernel can do that. */
static int with_ring_registered(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct io_uring_params parameters = {
		.flags = IORING_SETUP_NO_MMAP | IORING_SETUP_REGISTERED_FD_ONLY,
	};

	/* the last member of each, which the headers of Debian 12 do not name yet */
	((uint64_t *)(&parameters.sq_off + 1))[-1] = (uintptr_t)memory + 4096;
	((uint64_t *)(&parameters.cq_off + 1))[-1] = (uintptr_t)memory;
	if (syscall(SYS_io_uring_setup, 4, &parameters) < 0)
		return errno == EINVAL ? with_ring() : TROUBLE;
	return document_read();
}

static int with_ring_after_exec(void)
{
	ring_fd = ring(0);
	if (ring_fd < 0 || fcntl(ring_fd, F_SETFD, 0) < 0)
		return TROUBLE;
	execlp("cat", "cat", stage.document, NULL);
	return TROUBLE;
}

static int with_aio(void)
{
	return by_aio() ? TROUBLE : document_read();
}

static int with_aio_ring_inherited(void)
{
	return by_aio() ? TROUBLE : in_child(nothing);
}

static int with_userfaultfd_handed_over(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0)
		return TROUBLE;
	close(fd);
	return document_read();
}

static int with_perf_event(void)
{
	return perf_open(0) < 0 ? TROUBLE : document_read();
}

static int with_map_of_bpf(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};
	int fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));

	if (fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED)
		return TROUBLE;
	return document_read();
}

/* What is written there is sent by whoever has the socket, or read in the same memory. */
static int packet_socket;
static void *packets;

static int ring_of_a_socket(void)
{
	struct tpacket_req blocks = { 4096, 1, 2048, 2 };

	if (namespace_enter(CLONE_NEWNET, 0))
		return TROUBLE;
	packet_socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	return packet_socket < 0 ? errno :
				   result(setsockopt(packet_socket, SOL_PACKET, PACKET_TX_RING, &blocks,
						     sizeof(blocks)));
}

static int ring_of_a_socket_map(void)
{
	packets = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, packet_socket, 0);
	return packets == MAP_FAILED ? errno : 0;
}

static int with_ring_of_a_socket(void)
{
	return ring_of_a_socket() || ring_of_a_socket_map() ? TROUBLE : document_read();
}

TEST_F(single, rings_of_sockets_are_not_mapped_afterwards)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, ring_of_a_socket_map);
	struct outcome outcome;

	deed.before = ring_of_a_socket;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_MAP, MIFENG_REASON_FACILITY, NULL);
}

static int with_listener(void)
{
	int fd = listen_to_me(0);

	if (fd < 0)
		return TROUBLE;
	close(fd);
	return document_read();
}

static int with_listener_of_parent(void)
{
	return listen_to_me(0) < 0 ? TROUBLE : in_child(nothing);
}

static int with_listener_after_exec(void)
{
	if (listen_to_me(0) < 0)
		return TROUBLE;
	execlp("cat", "cat", stage.document, NULL);
	return TROUBLE;
}

static volatile int told, answered = -1;

/* What the child reads is its own: nothing but its mark says that it has the filter. */
static int read_in_child_when_told(void *answer)
{
	int status = 0;
	long pid;

	while (!told)
		sched_yield();
	pid = syscall(SYS_fork);
	if (!pid)
		_exit(document_read());
	syscall(SYS_wait4, pid, &status, 0, NULL);
	*(volatile int *)answer = WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
	syscall(SYS_exit, 0);
	return 0;
}

/* One thread asks for the filter for all of them, the child of another one reads. */
static int with_listener_of_all_threads(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	if (clone(read_in_child_when_told, stack + sizeof(stack),
		  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM,
		  (void *)&answered) < 0 ||
	    listen_to_me(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH) < 0)
		return TROUBLE;
	told = 1;
	while (answered < 0)
		sched_yield();
	return answered;
}

FIXTURE(unclean) {};

FIXTURE_VARIANT(unclean)
{
	int (*act)(void);
	int error;
};

#define UNCLEAN(name, act_, error_)						\
	FIXTURE_VARIANT_ADD(unclean, name) { .act = act_, .error = error_ }

UNCLEAN(io_uring, with_ring, EACCES);
UNCLEAN(io_uring_inherited, with_ring_inherited, EACCES);
UNCLEAN(io_uring_mapped_before_fork, with_ring_mapped_before_fork, EACCES);
UNCLEAN(io_uring_with_poller, with_ring_and_poller, EACCES);
UNCLEAN(io_uring_registered, with_ring_registered, EACCES);
UNCLEAN(io_uring_after_exec, with_ring_after_exec, 1);
UNCLEAN(aio, with_aio, EACCES);
UNCLEAN(aio_ring_inherited, with_aio_ring_inherited, EACCES);
UNCLEAN(userfaultfd_handed_over, with_userfaultfd_handed_over, EACCES);
UNCLEAN(perf_event, with_perf_event, EACCES);
UNCLEAN(map_of_bpf, with_map_of_bpf, EACCES);
UNCLEAN(ring_of_a_socket, with_ring_of_a_socket, EACCES);
UNCLEAN(listener, with_listener, EACCES);
UNCLEAN(listener_of_parent, with_listener_of_parent, EACCES);
UNCLEAN(listener_after_exec, with_listener_after_exec, 1);
UNCLEAN(listener_of_all_threads, with_listener_of_all_threads, EACCES);

FIXTURE_SETUP(unclean)
{
	ASSERT_RIGHT(stage_open());
	facility_open();
}

FIXTURE_TEARDOWN(unclean)
{
	facility_close();
	stage_close();
}

TEST_F(unclean, is_not_raised)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0; /* some read in a child */
	EXPECT_DENIED(&outcome, variant->error, 0, MIFENG_REASON_NOT_CLEAN, "document");
}

/* Memory of the kernel that was set up before, mapped afterwards. */
static int map_fd;

static int map_make(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};

	map_fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
	return result(map_fd);
}

static int map_map(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0) == MAP_FAILED ?
		       errno :
		       0;
}

TEST_F(single, maps_of_bpf_are_not_mapped_afterwards)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, map_map);
	struct outcome outcome;

	deed.before = map_make;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_MAP, MIFENG_REASON_FACILITY, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
