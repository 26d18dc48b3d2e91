// SPDX-License-Identifier: GPL-2.0-or-later
#include "driver.h"
#include "outside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAR_LINK	"mffar"
#define SEEN_MAX	(4 << 20)

/* Both ends have it: without address resolution a frame is sent to the sender's own address. */
static const unsigned char both[ETH_ALEN] = { 2, 'm', 'f', 't', 's', 't' };

/* What the witness has seen: all frames, one after the other. */
struct seen {
	volatile size_t size;
	volatile int ready;
	unsigned char bytes[SEEN_MAX];
};

static struct seen *seen;
static pid_t witness;
static uint64_t ticks;

static int up(int fd, const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP | IFF_NOARP };

	strcpy(request.ifr_name, name);
	return ioctl(fd, SIOCSIFFLAGS, &request);
}

static int set_address_of_link(int fd, const char *name)
{
	struct ifreq request = { .ifr_hwaddr.sa_family = 1 };

	strcpy(request.ifr_name, name);
	memcpy(request.ifr_hwaddr.sa_data, both, sizeof(both));
	return ioctl(fd, SIOCSIFHWADDR, &request);
}

/* The first is the link's, others are those of names of it, as NAME:1. */
static int add_4(int fd, const char *name, int which, const char *address)
{
	struct ifreq request = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;

	snprintf(request.ifr_name, sizeof(request.ifr_name), which ? "%s:%d" : "%s", name, which);
	in->sin_family = AF_INET;
	inet_pton(AF_INET, address, &in->sin_addr);
	if (ioctl(fd, SIOCSIFADDR, &request) < 0)
		return -1;
	inet_pton(AF_INET, "255.255.255.0", &in->sin_addr);
	return ioctl(fd, SIOCSIFNETMASK, &request);
}

static int add_6(const char *name, const char *address)
{
	struct in6_ifreq request = { .ifr6_prefixlen = 64, .ifr6_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;

	inet_pton(AF_INET6, address, &request.ifr6_addr);
	result = ioctl(fd, SIOCSIFADDR, &request);
	close(fd);
	return result;
}

static int say(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int result = fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;

	close(fd);
	return result;
}

/* @host: last part of each address */
static int set_up(const char *name, int host)
{
	static const char *const networks4[] = { "10.77.0", "10.78.0", "203.0.113" };
	static const char *const networks6[] = { "fd77", "2001:db8" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;
	char text[80];

	/* nobody else is on this link */
	snprintf(text, sizeof(text), "/proc/sys/net/ipv6/conf/%s/accept_dad", name);
	result = say(text, "0") ?: set_address_of_link(fd, name) ?: up(fd, name);
	for (size_t i = 0; !result && i < sizeof(networks4) / sizeof(networks4[0]); i++) {
		snprintf(text, sizeof(text), "%s.%d", networks4[i], host);
		result = add_4(fd, name, (int)i, text);
	}
	for (size_t i = 0; !result && i < sizeof(networks6) / sizeof(networks6[0]); i++) {
		snprintf(text, sizeof(text), "%s::%d", networks6[i], host);
		result = add_6(name, text);
	}
	close(fd);
	return result;
}

static int accept_at(int family)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(ANSWERING_PORT) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(ANSWERING_PORT) };
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < (family == AF_INET6 ? 0 : -1) ||
	    (family == AF_INET ? bind(fd, (struct sockaddr *)&in, sizeof(in)) :
				 bind(fd, (struct sockaddr *)&in6, sizeof(in6))) < 0)
		return -1;
	return listen(fd, 64);
}

static _Noreturn void bear_witness(void)
{
	struct timespec moment = { .tv_nsec = 10000000 };
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET) < 0)
		_exit(1);
	seen->ready = 1;
	while (!if_nametoindex(FAR_LINK))
		nanosleep(&moment, NULL);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	if (fd < 0 || set_up(FAR_LINK, 2) || accept_at(AF_INET) < 0 || accept_at(AF_INET6) < 0)
		_exit(1);
	seen->ready = 2;
	while (seen->size < SEEN_MAX - 65536) {
		struct sockaddr_ll from = { 0 };
		socklen_t size = sizeof(from);
		ssize_t got = recvfrom(fd, seen->bytes + seen->size, 65536, 0,
				       (struct sockaddr *)&from, &size);

		if (got > 0 && from.sll_pkttype != PACKET_OUTGOING)
			__atomic_store_n(&seen->size, seen->size + (size_t)got, __ATOMIC_RELEASE);
	}
	_exit(0);
}

static bool becomes(int state)
{
	struct timespec moment = { .tv_nsec = 10000000 };

	for (unsigned int i = 0; i < patience(1500); i++) {
		if (seen->ready >= state)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

static bool has(const void *bytes, size_t size)
{
	return memmem(seen->bytes, __atomic_load_n(&seen->size, __ATOMIC_ACQUIRE), bytes, size);
}

/* One more frame, which may pass; whether it comes within @milliseconds. */
static bool tick(unsigned int milliseconds)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	char text[48];
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(text, sizeof(text), "frame %ju of %d", (uintmax_t)(ticks += 1), getpid());
	inet_pton(AF_INET, INTERNAL_4, &to.sin_addr);
	sendto(fd, text, sizeof(text), 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
	for (unsigned int i = 0; i < patience(milliseconds) && !has(text, sizeof(text)); i++)
		usleep(1000);
	return has(text, sizeof(text));
}

const char *outside_open(void)
{
	struct nl_sock *socket = nl_socket_alloc();
	int error;

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED || !socket || nl_connect(socket, NETLINK_ROUTE) < 0)
		return "no memory for the outside";
	driver_load("ipv6"); /* before the link, which has no settings of it otherwise */
	seen->size = 0;
	seen->ready = 0;
	witness = fork();
	if (!witness)
		bear_witness();
	if (witness < 0 || !becomes(1))
		return "the witness does not come up";
	error = rtnl_link_veth_add(socket, NEAR_LINK, FAR_LINK, witness);
	nl_socket_free(socket);
	if (error < 0)
		return "a pair of virtual Ethernet devices cannot be made";
	if (set_up(NEAR_LINK, 1))
		return "this end of the link cannot be set up";
	if (!becomes(2))
		return "the other end of the link cannot be set up";
	/* the link carries frames a while after it is up */
	for (int i = 0; i < 50; i++)
		if (tick(200))
			return NULL;
	return "nothing comes to the other end of the link";
}

void outside_close(void)
{
	kill(witness, SIGKILL);
	waitpid(witness, NULL, 0);
	munmap(seen, sizeof(*seen));
	/* the pair goes with its network, in a while */
	for (int i = 0; i < 500 && if_nametoindex(NEAR_LINK); i++)
		usleep(20000);
}

size_t outside_frame(unsigned char *frame, unsigned short type)
{
	memcpy(frame, both, ETH_ALEN);
	memcpy(frame + ETH_ALEN, both, ETH_ALEN);
	frame[12] = (unsigned char)(type >> 8);
	frame[13] = (unsigned char)type;
	return ETH_HLEN;
}

int outside_saw(const void *bytes, size_t size)
{
	if (!tick(10000))
		return -1;
	return has(bytes, size);
}
