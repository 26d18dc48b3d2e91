// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * AF_XDP: rings that a program shares with the kernel, and memory of its own that the kernel sends frames
 * out of, whoever tells it to. In a network of the program's own; what is sent there comes back.
 */
#include <arpa/inet.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "support/suite.h"

#define CHUNK		4096
#define MEMORY_SIZE	(2 * CHUNK)
#define ENTRIES		4
#define HEADER		14	/* of a frame: to nobody, from nobody, a type for experiments */
#define TYPE		0x88b5
#define FRAME		64

enum { SEND, RECEIVE, FILL, COMPLETION, RINGS };

static const struct {
	int option;
	off_t place;
} rings[RINGS] = {
	[SEND] = { XDP_TX_RING, XDP_PGOFF_TX_RING },
	[RECEIVE] = { XDP_RX_RING, XDP_PGOFF_RX_RING },
	[FILL] = { XDP_UMEM_FILL_RING, (off_t)XDP_UMEM_PGOFF_FILL_RING },
	[COMPLETION] = { XDP_UMEM_COMPLETION_RING, (off_t)XDP_UMEM_PGOFF_COMPLETION_RING },
};

static int xdp, receiver;
static int ring; /* the one that is mapped */
static char *slots;
static char *memory;

static int network_make(void)
{
	struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int error = namespace_enter(CLONE_NEWNET, 0);

	if (error)
		return error;
	receiver = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(TYPE));
	return receiver < 0 ? errno : result(ioctl(receiver, SIOCSIFFLAGS, &loopback));
}

static int by_socket(void)
{
	xdp = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	return result(xdp);
}

static int socket_make(void)
{
	return network_make() ?: by_socket();
}

/* The kernel keeps its pages, for as long as there is the socket. */
static int memory_register(void)
{
	const struct xdp_umem_reg about = {
		.addr = (uintptr_t)memory, .len = MEMORY_SIZE, .chunk_size = CHUNK,
	};

	return result(setsockopt(xdp, SOL_XDP, XDP_UMEM_REG, &about, sizeof(about)));
}

static int memory_make(int how, int fd)
{
	memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, how, fd, 0);
	return memory == MAP_FAILED ? errno : 0;
}

static int by_memory(void)
{
	return memory_make(MAP_PRIVATE | MAP_ANONYMOUS, -1) ?: memory_register();
}

static int by_ring(void)
{
	const int entries = ENTRIES;

	return result(setsockopt(xdp, SOL_XDP, rings[ring].option, &entries, sizeof(entries)));
}

static int by_map(void)
{
	slots = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED, xdp, rings[ring].place);
	return slots == MAP_FAILED ? errno : 0;
}

static int by_bind(void)
{
	const struct sockaddr_xdp where = {
		.sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY, .sxdp_ifindex = if_nametoindex("lo"),
	};

	return result(bind(xdp, (const struct sockaddr *)&where, sizeof(where)));
}

static int ring_make(void)
{
	return socket_make() ?: by_ring();
}

static int ring_map(void)
{
	return ring_make() ?: by_map();
}

/* All of them; the one for what is to be sent is mapped. */
static int rings_make(void)
{
	int error = 0;

	for (ring = RINGS; !error && ring--;)
		error = by_ring();
	ring = SEND;
	return error ?: by_map();
}

static void frame_begin(void)
{
	memory[HEADER - 2] = (char)(TYPE >> 8);
	memory[HEADER - 1] = (char)TYPE;
	memcpy(memory + HEADER, MESSAGE, MESSAGE_SIZE);
}

static uint32_t *slots_filled(struct xdp_mmap_offsets *offsets)
{
	socklen_t size = sizeof(*offsets);

	if (getsockopt(xdp, SOL_XDP, XDP_MMAP_OFFSETS, offsets, &size))
		_exit(TROUBLE);
	return (uint32_t *)(slots + offsets->tx.producer);
}

static void frame_put(void)
{
	const struct xdp_desc frame = { .addr = 0, .len = FRAME };
	struct xdp_mmap_offsets offsets;
	uint32_t *filled = slots_filled(&offsets);

	memcpy(slots + offsets.tx.desc, &frame, sizeof(frame));
	__atomic_store_n(filled, 1, __ATOMIC_RELEASE);
}

static long kick(void)
{
	return sendto(xdp, NULL, 0, MSG_DONTWAIT, NULL, 0);
}

/* Was it sent, with what the memory has now? */
static bool frame_came(void)
{
	struct pollfd wait = { .fd = receiver, .events = POLLIN };
	char frame[FRAME + 1];

	return poll(&wait, 1, 1000) == 1 && recv(receiver, frame, sizeof(frame), 0) == FRAME &&
	       !memcmp(frame + HEADER, memory + HEADER, FRAME - HEADER);
}

/* ---- set up before: the document is not read then ---- */

FIXTURE(unclean) {};

FIXTURE_VARIANT(unclean)
{
	int (*before)(void);
	int (*act)(void);
	const char *culprit;
};

#define UNCLEAN(name, before_, act_, culprit_)							\
	FIXTURE_VARIANT_ADD(unclean, name) {							\
		.before = before_, .act = act_, .culprit = culprit_,				\
	}

static int with_memory(void)
{
	return socket_make() ?: by_memory();
}

static int with_memory_closed(void)
{
	return with_memory() ?: result(close(xdp));
}

/* Somebody else has the socket, and its ring: he sees what is put there, and has it sent. */
static int with_a_sender(void)
{
	int error = with_memory() ?: rings_make() ?: by_bind();
	struct xdp_mmap_offsets offsets;
	pid_t child;

	if (error)
		return error;
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!__atomic_load_n(slots_filled(&offsets), __ATOMIC_ACQUIRE))
			usleep(1000);
		_exit(kick() ? 1 : 0);
	}
	return result(child);
}

static int read_into_a_frame(void)
{
	int fd = open(stage.document, O_RDONLY | O_CLOEXEC);

	frame_begin();
	if (fd < 0 || read(fd, memory + HEADER, FRAME - HEADER) < 0)
		return errno;
	frame_put();
	return frame_came() ? 0 : ENODATA;
}

/* The pages stay with the socket, although who lent them has let go of the memory. */
static int lend_shared(bool lend)
{
	int fd = memfd_create("mifeng-test", MFD_CLOEXEC), status;
	pid_t child;

	if (socket_make() || ftruncate(fd, MEMORY_SIZE) || memory_make(MAP_SHARED, fd))
		return TROUBLE;
	close(fd);
	memset(memory, 'y', MEMORY_SIZE);
	child = fork();
	if (!child)
		_exit(lend ? memory_register() : 0);
	return waitpid(child, &status, 0) == child && !status ? 0 : EIO;
}

static int with_shared_memory_lent(void)
{
	return lend_shared(true);
}

static int with_shared_memory(void)
{
	return lend_shared(false);
}

UNCLEAN(memory, with_memory, document_read, "pinned memory");
UNCLEAN(memory_of_a_closed_socket, with_memory_closed, document_read, "pinned memory");
UNCLEAN(all_of_it, with_a_sender, read_into_a_frame, "pinned memory");
UNCLEAN(memory_lent_by_another, with_shared_memory_lent, document_read, "shared pages");

FIXTURE_SETUP(unclean)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(unclean)
{
	stage_close();
}

TEST_F(unclean, is_not_raised)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = variant->before;
	outcome = deed_do(&deed);
	EXPECT_UNCLEAN(&outcome, variant->culprit);
}

FIXTURE(xdp) {};

FIXTURE_SETUP(xdp)
{
	ASSERT_RIGHT(stage_open());
	ring = SEND;
}

FIXTURE_TEARDOWN(xdp)
{
	stage_close();
}

/* Each of them by itself, without memory that is pinned. */
TEST_F(xdp, rings_from_before)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	for (ring = 0; ring < RINGS; ring++) {
		deed.before = ring_map;
		outcome = deed_do(&deed);
		EXPECT_UNCLEAN(&outcome, "writable shared mapping");
		deed.before = ring_make;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

TEST_F(xdp, shared_memory_that_nobody_has)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = with_shared_memory;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* ---- and afterwards ---- */

TEST_F(xdp, sockets_are_not_made)
{
	EXPECT_DENIED_WHEN_TAINTED(network_make, by_socket, MIFENG_OP_CONNECT,
				   MIFENG_REASON_NETWORK);
}

TEST_F(xdp, memory_is_not_registered)
{
	EXPECT_DENIED_WHEN_TAINTED(socket_make, by_memory, MIFENG_OP_CONNECT,
				   MIFENG_REASON_NETWORK);
}

TEST_F(xdp, rings_are_not_made)
{
	for (ring = 0; ring < RINGS; ring++)
		EXPECT_DENIED_WHEN_TAINTED(socket_make, by_ring, MIFENG_OP_CONNECT,
					   MIFENG_REASON_NETWORK);
}

TEST_F(xdp, rings_are_not_mapped)
{
	for (ring = 0; ring < RINGS; ring++)
		EXPECT_DENIED_WHEN_TAINTED(ring_make, by_map, MIFENG_OP_MAP,
					   MIFENG_REASON_FACILITY);
}

/* A socket with all that belongs to it, of which the program itself has the descriptor only. */
static int made_by_a_child(int (*last)(void))
{
	int status, error = socket_make();
	pid_t child;

	if (error)
		return error;
	child = fork();
	if (!child) {
		if (by_memory() || rings_make())
			_exit(1);
		frame_begin();
		frame_put();
		_exit(last ? last() : 0);
	}
	if (waitpid(child, &status, 0) != child || status)
		return EIO;
	error = memory_make(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	if (!error)
		frame_begin(); /* to compare with */
	return error;
}

static int with_all_but_an_address(void)
{
	return made_by_a_child(NULL);
}

static int with_a_frame(void)
{
	return made_by_a_child(by_bind);
}

static int sent(long returned)
{
	if (returned < 0)
		return errno;
	return frame_came() ? 0 : ENODATA;
}

static int by_sendto(void)
{
	return sent(kick());
}

static int by_write(void)
{
	return fcntl(xdp, F_SETFL, O_NONBLOCK) ? TROUBLE : sent(write(xdp, "", 0));
}

static int by_receiving(void)
{
	return result(recv(xdp, NULL, 0, MSG_DONTWAIT));
}

/* Who asks whether there is room has the frames sent that are there. */
static int by_poll(void)
{
	struct pollfd room = { .fd = xdp, .events = POLLOUT };

	poll(&room, 1, 0);
	return frame_came() ? 0 : EACCES;
}

TEST_F(xdp, socket_is_not_bound)
{
	EXPECT_DENIED_WHEN_TAINTED(with_all_but_an_address, by_bind, MIFENG_OP_CONNECT,
				   MIFENG_REASON_NETWORK);
}

TEST_F(xdp, frames_are_not_sent)
{
	EXPECT_DENIED_WHEN_TAINTED(with_a_frame, by_sendto, MIFENG_OP_SEND, MIFENG_REASON_NETWORK);
	EXPECT_DENIED_WHEN_TAINTED(with_a_frame, by_write, 0, MIFENG_REASON_NETWORK);
}

TEST_F(xdp, frames_are_not_sent_by_asking)
{
	EXPECT_DENIED_WHEN_TAINTED(with_a_frame, by_poll, MIFENG_OP_SEND, MIFENG_REASON_NETWORK);
	EXPECT_DENIED_WHEN_TAINTED(with_a_frame, by_receiving, MIFENG_OP_SEND,
				   MIFENG_REASON_NETWORK);
}

/* ---- pages of a file that somebody has lent to a socket, and has not mapped any more ---- */

static const char *lent;

static int file_lend(void)
{
	int fd = open(lent, O_RDWR | O_CLOEXEC), error;

	if (fd < 0 || socket_make() || memory_make(MAP_SHARED, fd))
		return TROUBLE;
	close(fd);
	error = memory_register();
	munmap(memory, MEMORY_SIZE);
	return error;
}

static int file_write(void)
{
	int fd = open(lent, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : result(write(fd, "y", 1));
}

/* Since 6.5 the kernel itself does not pin pages of a file on a disk for that long. */
static bool files_are_pinned(void)
{
	struct utsname kernel;

	uname(&kernel);
	return !strncmp(kernel.release, "6.1.", 4);
}

static int file_lend_if_possible(void)
{
	int error = file_lend();

	return files_are_pinned() ? error : error == EFAULT ? 0 : EIO;
}

static int nothing(void)
{
	return 0;
}

TEST_F(xdp, files_are_not_written_while_lent)
{
	struct deed lender = { .uid = UNCLEARED, .login = UNCLEARED, .directory = "/", .gate = true,
			       .before = file_lend_if_possible, .act = nothing };
	struct deed writer = DEED(true, PLACE_ZONE, file_write);
	struct outcome lending, writing;

	lent = path_join(stage.directory[PLACE_ZONE], "ordinary/file");
	lending = deed_start(&lender);
	ASSERT_RIGHT(deed_ready(&lending));
	writing = deed_do(&writer);
	if (files_are_pinned())
		EXPECT_DENIED(&writing, EACCES, 0, MIFENG_REASON_MAPPED, "file");
	else
		EXPECT_ALLOWED(&writing);
	deed_go(&lending);
	deed_end(&lending);
	EXPECT_ALLOWED(&lending);
	/* With the socket gone it works. */
	writing = deed_do(&writer);
	EXPECT_ALLOWED(&writing);
}

TEST_HARNESS_MAIN
