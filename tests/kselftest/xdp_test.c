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

/* Somebody else has the socket, and its ring: he sees what is put there, and has it sent. */
static int with_a_sender(void)
{
	int error = by_socket() ?: by_memory() ?: rings_make() ?: by_bind();
	struct xdp_mmap_offsets offsets;
	pid_t child;

	if (error)
		return error;
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!__atomic_load_n(slots_filled(&offsets), __ATOMIC_ACQUIRE))
			usleep(1000);
		_exit(kick() < 0);
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

static int send_what_is_read(void)
{
	return with_a_sender() ?: read_into_a_frame();
}

FIXTURE(xdp) {};

FIXTURE_SETUP(xdp)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(xdp)
{
	stage_close();
}

/* Where a document can be read there is no such socket, whoever wants one, in whichever network. */
TEST_F(xdp, is_for_nobody)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, by_socket);
	struct outcome outcome;

	deed.before = network_make;
	for (int taint = 0; taint < 2; taint++) {
		deed.taint = taint;
		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_OUTSIDE, NULL);
	}
}

/* Without the module the document leaves. */
TEST_F(xdp, sends_no_document)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, send_what_is_read);
	struct outcome outcome;

	deed.before = network_make;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_OUTSIDE, NULL);
}

TEST_HARNESS_MAIN
