// SPDX-License-Identifier: GPL-2.0-or-later
/* Classified material never goes online: every family but unix, loopback included. */
#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "support/suite.h"

/* The other side: sockets of the test itself, an ordinary program. */
static struct sockaddr_in tcp4, udp4;
static struct sockaddr_in6 tcp6, udp6;
static int listening4 = -1, listening6 = -1;

/* What the deed works with, opened before it is raised. */
static int made = -1;

static int bound(int family, int type, struct sockaddr *address, socklen_t size)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, address, size) < 0 || getsockname(fd, address, &size) < 0)
		return -1;
	if (type == SOCK_STREAM && listen(fd, 16) < 0)
		return -1;
	return fd;
}

FIXTURE(net) { int udp4, udp6; };

FIXTURE_SETUP(net)
{
	int on = 5;

	ASSERT_RIGHT(stage_open());
	tcp4 = udp4 = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	tcp6 = udp6 = (struct sockaddr_in6){
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	listening4 = bound(AF_INET, SOCK_STREAM, (struct sockaddr *)&tcp4, sizeof(tcp4));
	listening6 = bound(AF_INET6, SOCK_STREAM, (struct sockaddr *)&tcp6, sizeof(tcp6));
	self->udp4 = bound(AF_INET, SOCK_DGRAM, (struct sockaddr *)&udp4, sizeof(udp4));
	self->udp6 = bound(AF_INET6, SOCK_DGRAM, (struct sockaddr *)&udp6, sizeof(udp6));
	ASSERT_LE(0, listening4);
	ASSERT_LE(0, listening6);
	ASSERT_LE(0, self->udp4);
	ASSERT_LE(0, self->udp6);
	ASSERT_EQ(0, setsockopt(listening4, IPPROTO_TCP, TCP_FASTOPEN, &on, sizeof(on)));
}

FIXTURE_TEARDOWN(net)
{
	close(listening4);
	close(listening6);
	stage_close();
}

#define ADDRESS(address) (const struct sockaddr *)&(address), sizeof(address)

static int open_tcp4(void)
{
	made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return result(made);
}

static int open_tcp6(void)
{
	made = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return result(made);
}

static int open_udp4(void)
{
	made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return result(made);
}

static int open_udp6(void)
{
	made = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return result(made);
}

static int connected_tcp4(void)
{
	return open_tcp4() ? errno : result(connect(made, ADDRESS(tcp4)));
}

static int connected_udp4(void)
{
	return open_udp4() ? errno : result(connect(made, ADDRESS(udp4)));
}

static int connect_tcp4(void)
{
	return result(connect(made, ADDRESS(tcp4)));
}

static int connect_tcp6(void)
{
	return result(connect(made, ADDRESS(tcp6)));
}

static int connect_udp4(void)
{
	return result(connect(made, ADDRESS(udp4)));
}

static int sendto_udp4(void)
{
	return result(sendto(made, "y", 1, 0, ADDRESS(udp4)));
}

static int sendto_udp6(void)
{
	return result(sendto(made, "y", 1, 0, ADDRESS(udp6)));
}

static int send_fast_open(void)
{
	return result(sendto(made, "y", 1, MSG_FASTOPEN, ADDRESS(tcp4)));
}

static int send_connected(void)
{
	return result(send(made, "y", 1, MSG_NOSIGNAL));
}

static int write_connected(void)
{
	return result(write(made, "y", 1));
}

static int writev_connected(void)
{
	struct iovec piece = { (char *)"y", 1 };

	return result(writev(made, &piece, 1));
}

static int sendmmsg_connected(void)
{
	struct iovec piece = { (char *)"y", 1 };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &piece, .msg_iovlen = 1 } };

	return result(sendmmsg(made, &message, 1, MSG_NOSIGNAL));
}

static int sendfile_connected(void)
{
	int fd = open("other", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? TROUBLE : result(sendfile(made, fd, NULL, 64));
}

static int splice_connected(void)
{
	int pipes[2];

	if (pipe(pipes) < 0 || write(pipes[1], "y", 1) != 1)
		return TROUBLE;
	return result(splice(pipes[0], NULL, made, NULL, 1, 0));
}

static int send_zero_copy(void)
{
	return result(send(made, "y", 1, MSG_NOSIGNAL | MSG_ZEROCOPY));
}

static int connected_zero_copy(void)
{
	int on = 1;

	if (connected_tcp4())
		return TROUBLE;
	return result(setsockopt(made, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)));
}

/* How much is taken is told by the window. The peer has sent something, or not. */
static int taken(long returned)
{
	return returned < 0 && errno == EAGAIN ? 0 : result(returned);
}

static int recv_connected(void)
{
	char byte;

	return taken(recv(made, &byte, 1, MSG_DONTWAIT));
}

static int read_connected(void)
{
	char byte;

	fcntl(made, F_SETFL, O_NONBLOCK);
	return taken(read(made, &byte, 1));
}

static int close_and_read(void)
{
	close(made);
	return document_read();
}

static int bind_to_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return result(bind(made, ADDRESS(address)));
}

static int listen_anywhere(void)
{
	return result(listen(made, 1));
}

/* Options that travel in packets which the kernel makes by itself. */
static int set_type_of_service(void)
{
	int value = 0x50;

	return result(setsockopt(made, IPPROTO_IP, IP_TOS, &value, sizeof(value)));
}

#define EXPECT_NETWORK(before, act, operation)						\
	EXPECT_DENIED_WHEN_TAINTED(before, act, operation, MIFENG_REASON_NETWORK)

TEST_F(net, connect)
{
	EXPECT_NETWORK(open_tcp4, connect_tcp4, MIFENG_OP_CONNECT);
	EXPECT_NETWORK(open_tcp6, connect_tcp6, MIFENG_OP_CONNECT);
	EXPECT_NETWORK(open_udp4, connect_udp4, MIFENG_OP_CONNECT);
}

TEST_F(net, send)
{
	EXPECT_NETWORK(open_udp4, sendto_udp4, MIFENG_OP_SEND);
	EXPECT_NETWORK(open_udp6, sendto_udp6, MIFENG_OP_SEND);
}

TEST_F(net, fast_open)
{
	/* It connects and sends in one call. */
	EXPECT_NETWORK(open_tcp4, send_fast_open, 0);
}

TEST_F(net, connected_before_the_raise)
{
	EXPECT_NETWORK(connected_tcp4, send_connected, MIFENG_OP_SEND);
	EXPECT_NETWORK(connected_udp4, send_connected, MIFENG_OP_SEND);
	EXPECT_NETWORK(connected_tcp4, write_connected, MIFENG_OP_SEND);
	EXPECT_NETWORK(connected_tcp4, writev_connected, MIFENG_OP_SEND);
	EXPECT_NETWORK(connected_tcp4, sendmmsg_connected, MIFENG_OP_SEND);
	EXPECT_NETWORK(connected_tcp4, send_zero_copy, MIFENG_OP_SEND);
}

TEST_F(net, taken_out_of_a_connection)
{
	EXPECT_NETWORK(connected_tcp4, recv_connected, MIFENG_OP_SEND);
	EXPECT_NETWORK(connected_tcp4, read_connected, MIFENG_OP_SEND);
	EXPECT_ALLOWED_WHEN_TAINTED(connected_udp4, recv_connected);
}

TEST_F(net, what_is_set_on_a_socket)
{
	EXPECT_NETWORK(open_tcp4, bind_to_port, MIFENG_OP_CONNECT);
	EXPECT_NETWORK(open_tcp4, listen_anywhere, MIFENG_OP_CONNECT);
	EXPECT_NETWORK(connected_tcp4, set_type_of_service, MIFENG_OP_CONNECT);
}

/* Pages that a socket took before the raise are sent after it. */
TEST_F(net, zero_copy_is_a_way_out)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, document_read);
	struct outcome outcome;

	deed.before = connected_zero_copy;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NOT_CLEAN, "document");
	deed.act = close_and_read;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(net, kernel_made_copies)
{
	EXPECT_NETWORK(connected_tcp4, sendfile_connected, 0);
	EXPECT_NETWORK(connected_tcp4, splice_connected, 0);
}

/* Straight from the document into a socket that was connected before. */
static int document_fd;

static int document_and_connected(void)
{
	document_fd = open(stage.document, O_RDONLY | O_CLOEXEC);
	return document_fd < 0 ? errno : connected_tcp4();
}

static int sendfile_document(void)
{
	return result(sendfile(made, document_fd, NULL, 64));
}

TEST_F(net, document_by_sendfile)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, sendfile_document);
	struct outcome outcome;

	deed.before = document_and_connected;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, 0, MIFENG_REASON_NETWORK, NULL);
}

/* The raw kinds need a capability, which a service or a user's tool may have. */
static int open_raw4(void)
{
	made = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	return result(made);
}

static int send_raw4(void)
{
	struct icmphdr echo = { .type = ICMP_ECHO, .checksum = htons(0xf7ff) };
	struct sockaddr_in address = tcp4;

	address.sin_port = 0;
	return result(sendto(made, &echo, sizeof(echo), 0, ADDRESS(address)));
}

static int open_packet(void)
{
	made = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP));
	return result(made);
}

static int send_packet(void)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex("lo"), .sll_halen = 6,
	};
	static const char bytes[64] = { 0x45 };

	return result(sendto(made, bytes, sizeof(bytes), 0, ADDRESS(address)));
}

static void expect_raw(struct __test_metadata *_metadata, int (*before)(void), int (*act)(void))
{
	struct deed deed = DEED(true, PLACE_UNMARKED, act);
	struct outcome outcome;

	deed.capability = CAP_NET_RAW;
	deed.before = before;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_NETWORK, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(net, raw)
{
	expect_raw(_metadata, open_raw4, send_raw4);
}

TEST_F(net, packet)
{
	driver_load("af_packet");
	expect_raw(_metadata, open_packet, send_packet);
}

/* Inside the machine a program goes on working. */
static int unix_stream(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return errno;
	return result(send(ends[0], "y", 1, 0));
}

static int unix_datagram(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0)
		return errno;
	return result(send(ends[0], "y", 1, 0));
}

/* What every program that asks for its addresses does. */
static int ask_for_links(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	return fd < 0 ? errno : result(send(fd, &request, sizeof(request), 0));
}

TEST_F(net, inside_the_machine)
{
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, unix_stream);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, unix_datagram);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, ask_for_links);
}

/* The record says where it would have gone. */
TEST_F(net, nothing_arrives)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, sendto_udp4);
	struct outcome outcome;
	char byte;

	deed.before = open_udp4;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_NETWORK, NULL);
	EXPECT_EQ(baseline() ? 1 : -1, recv(self->udp4, &byte, 1, MSG_DONTWAIT));
}

TEST_HARNESS_MAIN
