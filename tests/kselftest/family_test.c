// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every kind of socket a Debian kernel has, made before the raise and after it. What a user may
 * set by netlink and ioctls, in a network namespace of his own, is told to all that are in it.
 */
#include <linux/can.h>
#include <linux/genetlink.h>
#include <linux/if_alg.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/inet_diag.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "support/suite.h"

#ifndef AF_SMC
#define AF_SMC 43
#endif
#ifndef AF_XDP
#define AF_XDP 44
#endif
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

FIXTURE(family) {};

FIXTURE_SETUP(family)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(family)
{
	stage_close();
}

/* Root of a user namespace with a network of its own; programs of the test may share it. */
static int own_network(void)
{
	return namespace_enter(CLONE_NEWNET, 0);
}

/*
 * The kinds. There is nobody at the other end of most, so an error of the kind's own is as good as
 * success: it was let through. The module's is EACCES.
 */
static const struct kind {
	const char *name, *module;
	int family, type, protocol;
} kinds[] = {
	{ "TCP", NULL, AF_INET, SOCK_STREAM, 0 },
	{ "UDP", NULL, AF_INET, SOCK_DGRAM, 0 },
	{ "raw IP", NULL, AF_INET, SOCK_RAW, IPPROTO_UDP },
	{ "TCP on IPv6", NULL, AF_INET6, SOCK_STREAM, 0 },
	{ "UDP on IPv6", NULL, AF_INET6, SOCK_DGRAM, 0 },
	{ "ping", NULL, AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
	{ "MPTCP", NULL, AF_INET, SOCK_STREAM, IPPROTO_MPTCP },
	{ "SCTP", "sctp", AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP },
	{ "UDP-Lite", NULL, AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "L2TP", "l2tp_ip", AF_INET, SOCK_DGRAM, 115 },
	{ "packet", "af_packet", AF_PACKET, SOCK_RAW, 0 },
	{ "netlink between programs", NULL, AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK },
	{ "netlink of uevents", NULL, AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT },
	{ "algorithms", "af_alg", AF_ALG, SOCK_SEQPACKET, 0 },
	{ "vsock", "vsock", AF_VSOCK, SOCK_STREAM, 0 },
	{ "vsock datagrams", "vsock", AF_VSOCK, SOCK_DGRAM, 0 },
	{ "Bluetooth L2CAP", "bluetooth", AF_BLUETOOTH, SOCK_SEQPACKET, 0 },
	{ "Bluetooth HCI", "bluetooth", AF_BLUETOOTH, SOCK_RAW, 1 },
	{ "CAN", "can-raw", AF_CAN, SOCK_RAW, 1 },
	{ "TIPC", "tipc", AF_TIPC, SOCK_RDM, 0 },
	{ "XDP", "xsk_diag", AF_XDP, SOCK_RAW, 0 },
	{ "RDS", "rds", AF_RDS, SOCK_SEQPACKET, 0 },
	{ "QIPCRTR", "qrtr", 42, SOCK_DGRAM, 0 },
	{ "Phonet", "phonet", AF_PHONET, SOCK_DGRAM, 0 },
	{ "KCM", "kcm", AF_KCM, SOCK_DGRAM, 0 },
	{ "SMC", "smc", AF_SMC, SOCK_STREAM, 0 },
	{ "IEEE 802.15.4", "ieee802154_socket", AF_IEEE802154, SOCK_RAW, 0 },
	{ "NFC", "nfc", AF_NFC, SOCK_SEQPACKET, 0 },
	{ "X.25", "x25", AF_X25, SOCK_SEQPACKET, 0 },
	{ "AX.25", "ax25", AF_AX25, SOCK_DGRAM, 0 },
	{ "NET/ROM", "netrom", AF_NETROM, SOCK_SEQPACKET, 0 },
	{ "ROSE", "rose", AF_ROSE, SOCK_SEQPACKET, 0 },
	{ "AppleTalk", "appletalk", AF_APPLETALK, SOCK_DGRAM, 0 },
	{ "LLC", "llc2", AF_LLC, SOCK_DGRAM, 0 },
	{ "PPP over Ethernet", "pppoe", AF_PPPOX, SOCK_STREAM, 0 },
	{ "key management", "af_key", AF_KEY, SOCK_RAW, 2 },
	{ "RxRPC", "rxrpc", AF_RXRPC, SOCK_DGRAM, AF_INET },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *kind;
static int made = -1;

/* Some are for root of the network only; he has it, and the program keeps what it has. */
static int socket_make(void)
{
	signal(SIGPIPE, SIG_IGN);
	made = socket(kind->family, kind->type | SOCK_CLOEXEC | SOCK_NONBLOCK, kind->protocol);
	return result(made);
}

static int make_in_own_network(void)
{
	return own_network() ?: socket_make();
}

/* Somebody at the other end, in so far as there can be one. */
static socklen_t address_of(struct sockaddr_storage *to)
{
	struct sockaddr_in *four = (struct sockaddr_in *)to;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;
	struct sockaddr_nl *netlink = (struct sockaddr_nl *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = kind->family;
	switch (kind->family) {
	case AF_INET:
		four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		four->sin_port = htons(9);
		return sizeof(*four);
	case AF_INET6:
		six->sin6_addr = in6addr_loopback;
		six->sin6_port = htons(9);
		return sizeof(*six);
	case AF_NETLINK:
		netlink->nl_pid = getppid();
		return sizeof(*netlink);
	case AF_PACKET:
		return sizeof(struct sockaddr_ll);
	default:
		return sizeof(struct sockaddr_storage);
	}
}

static int kept_out(long returned)
{
	return returned < 0 && errno == EACCES ? EACCES : 0;
}

static int do_sendto(void)
{
	struct sockaddr_storage to;
	socklen_t size = address_of(&to);

	return kept_out(sendto(made, "y", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
			       (struct sockaddr *)&to, size));
}

static int do_sendmsg(void)
{
	struct iovec piece = { (char *)"y", 1 };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };

	return kept_out(sendmsg(made, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static int do_write(void)
{
	return kept_out(write(made, "y", 1));
}

static int do_writev(void)
{
	struct iovec piece = { (char *)"y", 1 };

	return kept_out(writev(made, &piece, 1));
}

static int do_connect(void)
{
	struct sockaddr_storage to;
	socklen_t size = address_of(&to);

	return kept_out(connect(made, (struct sockaddr *)&to, size));
}

static int do_bind(void)
{
	struct sockaddr_storage to;
	socklen_t size = address_of(&to);

	return kept_out(bind(made, (struct sockaddr *)&to, size));
}

static int do_listen(void)
{
	return kept_out(listen(made, 1));
}

static int do_setsockopt(void)
{
	int priority = 3;

	return kept_out(setsockopt(made, SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority)));
}

static int make_and_send(void)
{
	int error = socket_make();

	return error ? error : do_sendto();
}

static const struct {
	const char *name;
	int (*act)(void);
	int operation;
	bool late;
} uses[] = {
	{ "sendto", do_sendto, MIFENG_OP_SEND, false },
	{ "sendmsg", do_sendmsg, MIFENG_OP_SEND, false },
	{ "write", do_write, 0, false },
	{ "writev", do_writev, 0, false },
	{ "connect", do_connect, MIFENG_OP_CONNECT, false },
	{ "bind", do_bind, MIFENG_OP_CONNECT, false },
	{ "listen", do_listen, MIFENG_OP_CONNECT, false },
	{ "setsockopt", do_setsockopt, MIFENG_OP_CONNECT, false },
	{ "sendto by a new one", make_and_send, 0, true }, /* refused where it is made, or sends */
};

#define USES (sizeof(uses) / sizeof(uses[0]))

/* A classified machine has none of those that the guard does not understand, and so nobody has one. */
static bool kind_is_of_ip(void)
{
	switch (kind->family) {
	case AF_INET:
	case AF_INET6:
	case AF_PACKET:
	case AF_NETLINK:
	case AF_ALG:
	case AF_KEY:
		return true;
	default:
		return false;
	}
}

static bool kind_exists(void)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, do_listen);

	deed.before = make_in_own_network;
	if (kind->module)
		driver_load(kind->module);
	if (!baseline() && !kind_is_of_ip())
		return true;
	return deed_do(&deed).error == 0;
}

static void kind_is_for_nobody(struct __test_metadata *_metadata)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, socket_make);

	deed.before = own_network;
	for (int taint = 0; taint < 2; taint++) {
		struct outcome outcome;
		const char *words;

		deed.taint = taint;
		outcome = deed_do(&deed);
		words = why_not_denied(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_OUTSIDE, NULL);
		EXPECT_EQ(NULL, words)
			TH_LOG("%s: %s", kind->name, words);
	}
}

static void kind_try(struct __test_metadata *_metadata)
{
	if (!baseline() && !kind_is_of_ip()) {
		kind_is_for_nobody(_metadata);
		return;
	}
	for (size_t i = 0; i < USES; i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, uses[i].act);
		struct outcome outcome;
		const char *words;

		deed.before = uses[i].late ? own_network : make_in_own_network;
		outcome = deed_do(&deed);
		words = why_not_denied(&outcome, EACCES, uses[i].operation, MIFENG_REASON_NETWORK,
				       NULL);
		EXPECT_EQ(NULL, words)
			TH_LOG("%s by %s: %s", uses[i].name, kind->name, words);
	}
}

static size_t kinds_try(struct __test_metadata *_metadata, size_t from, size_t to)
{
	size_t tried = 0;

	for (kind = kinds + from; kind < kinds + to; kind++) {
		if (!kind_exists()) {
			TH_LOG("this kernel has no sockets of the kind %s", kind->name);
			continue;
		}
		kind_try(_metadata);
		tried++;
	}
	return tried;
}

/* In three parts, because a test has a deadline. Some are not in every kernel, so they are counted. */
static size_t all_tried(struct __test_metadata *_metadata, int part)
{
	return kinds_try(_metadata, KINDS * part / 3, KINDS * (part + 1) / 3);
}

TEST_F_TIMEOUT(family, of_the_internet, 120)
{
	EXPECT_LE(10, all_tried(_metadata, 0));
}

TEST_F_TIMEOUT(family, inside_the_machine, 120)
{
	EXPECT_LE(7, all_tried(_metadata, 1));
}

TEST_F_TIMEOUT(family, of_other_networks, 120)
{
	EXPECT_LE(5, all_tried(_metadata, 2));
}

/* Without an address a message goes where the socket was connected to before the raise. */
static int connected_netlink(void)
{
	struct sockaddr_nl peer = { .nl_family = AF_NETLINK, .nl_pid = getppid() };

	if (own_network())
		return TROUBLE;
	made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return result(made < 0 ? -1 : connect(made, (struct sockaddr *)&peer, sizeof(peer)));
}

TEST_F(family, netlink_connected_to_a_program)
{
	int (*const acts[])(void) = { do_sendmsg, do_write, do_writev };

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		struct deed deed = DEED(true, PLACE_UNMARKED, acts[i]);
		struct outcome outcome;

		deed.before = connected_netlink;
		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_NETWORK, NULL);
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
	}
}

/* A socket that somebody else has connected, given by him. */
static int pair[2];

static int given_before(void)
{
	made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return result(made < 0 ? -1 : socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair));
}

static int send_by_passed(void)
{
	if (descriptor_send(pair[0], made) < 0)
		return TROUBLE;
	made = descriptor_receive(pair[1]);
	kind = &kinds[1];
	return made < 0 ? TROUBLE : do_sendto();
}

TEST_F(family, socket_passed_by_a_descriptor)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, send_by_passed);
	struct outcome outcome;

	deed.before = given_before;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_NETWORK, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* A network device that a program is: frames are written to a file. */
static int tun_before(void)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int control;

	if (own_network())
		return TROUBLE;
	made = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (made < 0 || ioctl(made, TUNSETIFF, &request) < 0)
		return errno;
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	request.ifr_flags = IFF_UP;
	return result(control < 0 ? -1 : ioctl(control, SIOCSIFFLAGS, &request));
}

static int tun_write(void)
{
	static const char packet[20] = { 0x45 };

	return result(write(made, packet, sizeof(packet)));
}

static int tun_open(void)
{
	return result_close(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
}

static int tun_queue(void)
{
	struct ifreq request = { .ifr_flags = IFF_DETACH_QUEUE };

	return kept_out(ioctl(made, TUNSETQUEUE, &request));
}

TEST_F(family, tun)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, tun_write);
	struct outcome outcome;

	driver_load("tun");
	ASSERT_EQ(0, chmod("/dev/net/tun", 0666));
	deed.before = tun_before;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_WRITE, MIFENG_REASON_DEVICE, NULL);
	deed.act = tun_queue;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_IOCTL, MIFENG_REASON_FACILITY, NULL);
	deed.before = NULL;
	deed.act = tun_open;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_DEVICE, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	deed.before = tun_before;
	deed.act = tun_write;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

/* Requests to the kernel. */
struct request {
	struct nlmsghdr header;
	union {
		struct ifinfomsg link;
		struct genlmsghdr generic;
		struct inet_diag_req_v2 diag;
		char room[256];
	};
};

static int ask(int protocol, const void *request, size_t size)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[8192];
	} answer;
	ssize_t length;

	if (made < 0)
		made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (made < 0)
		return TROUBLE;
	if (send(made, request, size, 0) < 0)
		return errno;
	length = recv(made, &answer, sizeof(answer), 0);
	if (length < (ssize_t)sizeof(struct nlmsghdr))
		return TROUBLE;
	return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : 0;
}

/* "ip link set lo alias …": 255 bytes for everybody in the namespace. */
static size_t alias_make(struct request *request)
{
	static const char words[] = "classified words";
	struct nlattr attribute = { .nla_len = NLA_HDRLEN + sizeof(words), .nla_type = IFLA_IFALIAS };

	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = RTM_SETLINK;
	request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request->link.ifi_index = 1;
	memcpy(request->room + sizeof(request->link), &attribute, sizeof(attribute));
	memcpy(request->room + sizeof(request->link) + NLA_HDRLEN, words, sizeof(words));
	request->header.nlmsg_len = NLMSG_LENGTH(sizeof(request->link) + NLA_ALIGN(attribute.nla_len));
	return request->header.nlmsg_len;
}

static int set_alias(void)
{
	struct request request;

	return ask(NETLINK_ROUTE, &request, alias_make(&request));
}

static int netlink_before(void)
{
	if (own_network())
		return TROUBLE;
	made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return result(made);
}

/* A harmless one first. */
static int set_alias_second(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct request second;
	} both = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.link = { .ifi_index = 1 },
	};
	size_t size = alias_make(&both.second);

	return ask(NETLINK_ROUTE, &both, offsetof(typeof(both), second) + size);
}

static int make_link(void)
{
	struct request request = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_DELLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
	};
	int error = ask(NETLINK_ROUTE, &request, request.header.nlmsg_len);

	return error == EINVAL ? 0 : error; /* which link? */
}

static int destroy_socket(void)
{
	struct request request = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct inet_diag_req_v2)),
			.nlmsg_type = SOCK_DESTROY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.diag = { .sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP },
	};
	int error = ask(NETLINK_SOCK_DIAG, &request, request.header.nlmsg_len);

	return error == ENOENT || error == EOPNOTSUPP || error == EPERM ? 0 : error;
}

static int ask_for_sockets(void)
{
	struct request request = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct inet_diag_req_v2)),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.diag = { .sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP },
	};

	return ask(NETLINK_SOCK_DIAG, &request, request.header.nlmsg_len);
}

static int ask_for_links(void)
{
	struct request request = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};

	return ask(NETLINK_ROUTE, &request, request.header.nlmsg_len);
}

static int generic(uint16_t type, uint8_t command, uint16_t flags)
{
	struct request request = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | flags,
		},
		.generic = { .cmd = command, .version = 1 },
	};

	return ask(NETLINK_GENERIC, &request, request.header.nlmsg_len);
}

static int ask_for_families(void)
{
	return generic(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_DUMP);
}

/* A family nobody has: only whether it would have been asked counts. */
static int command_a_family(void)
{
	return generic(0x7ff0, 1, NLM_F_ACK) == EACCES ? EACCES : 0;
}

#define EXPECT_REFUSED(before, act, operation)						\
	EXPECT_DENIED_WHEN_TAINTED(before, act, operation, MIFENG_REASON_FACILITY)

TEST_F(family, requests_that_set)
{
	EXPECT_REFUSED(own_network, set_alias, MIFENG_OP_SEND);
	EXPECT_REFUSED(netlink_before, set_alias, MIFENG_OP_SEND);
	EXPECT_REFUSED(netlink_before, set_alias_second, MIFENG_OP_SEND);
	EXPECT_REFUSED(own_network, make_link, MIFENG_OP_SEND);
	EXPECT_REFUSED(own_network, destroy_socket, MIFENG_OP_SEND);
	EXPECT_REFUSED(NULL, command_a_family, MIFENG_OP_SEND);
}

TEST_F(family, requests_that_ask)
{
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, ask_for_links);
	EXPECT_ALLOWED_WHEN_TAINTED(own_network, ask_for_links);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, ask_for_sockets);
	EXPECT_ALLOWED_WHEN_TAINTED(NULL, ask_for_families);
}

/* Ioctls of sockets. */
static int control_before(void)
{
	if (own_network())
		return TROUBLE;
	made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return result(made);
}

static int ioctl_set_address(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_addr.sa_family = AF_INET };

	return result(ioctl(made, SIOCSIFADDR, &request));
}

static int ioctl_set_mtu(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_mtu = 4242 };

	return result(ioctl(made, SIOCSIFMTU, &request));
}

static int ioctl_set_owner(void)
{
	pid_t pid = getpid();

	return result(ioctl(made, FIOSETOWN, &pid));
}

static int ioctl_ask(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int number;

	return result(ioctl(made, SIOCGIFMTU, &request)) ?: result(ioctl(made, SIOCGIFFLAGS, &request)) ?:
	       result(ioctl(made, FIONREAD, &number)) ?: result(ioctl(made, SIOCOUTQ, &number)) ?:
	       result(ioctl(made, FIONBIO, &number));
}

TEST_F(family, ioctls)
{
	EXPECT_REFUSED(control_before, ioctl_set_address, MIFENG_OP_IOCTL);
	EXPECT_REFUSED(control_before, ioctl_set_mtu, MIFENG_OP_IOCTL);
	EXPECT_REFUSED(control_before, ioctl_set_owner, MIFENG_OP_IOCTL);
	EXPECT_ALLOWED_WHEN_TAINTED(control_before, ioctl_ask);
}

/* How much lies in a channel is 16 bits of the sender's choice. */
static int take_count(void)
{
	int count = 0;

	close(channel.in);
	if (ioctl(channel.out, FIONREAD, &count) < 0)
		return errno;
	return count == MESSAGE_SIZE ? probe() : GOT_NOTHING;
}

static void expect_count(struct __test_metadata *_metadata, bool taint, uid_t taker)
{
	struct talk talk_ = {
		.putter = PUTTER(taint), .taker = TAKER(taker, taker), .blocked_in = AFTERWARDS,
	};

	talk_.taker.act = take_count;
	EXPECT_RIGHT(talk(&talk_));
	EXPECT_ALLOWED(&talk_.put);
	if (!taint)
		EXPECT_ORDINARY(&talk_.taken);
	else if (taker == CLEARED)
		EXPECT_RAISED(&talk_.taken);
	else
		EXPECT_KEPT_OUT(&talk_.taken, 0);
}

static ssize_t put_by_write(const char *bytes, size_t size)
{
	return write(channel.in, bytes, size);
}

static int pipe_made(void)
{
	int both[2];

	if (pipe2(both, O_CLOEXEC) < 0)
		return -1;
	channel = (struct channel){ .in = both[1], .out = both[0], .put = put_by_write };
	return 0;
}

static int sockets_made(void)
{
	int both[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) < 0)
		return -1;
	channel = (struct channel){ .in = both[1], .out = both[0], .put = put_by_write };
	return 0;
}

TEST_F(family, how_much_there_is_to_read)
{
	int (*const make[])(void) = { pipe_made, sockets_made };

	ASSERT_RIGHT(peer_open());
	for (size_t i = 0; i < 2; i++) {
		ASSERT_EQ(0, make[i]());
		expect_count(_metadata, true, CLEARED);
		ASSERT_EQ(0, make[i]());
		expect_count(_metadata, true, UNCLEARED);
		ASSERT_EQ(0, make[i]());
		expect_count(_metadata, false, CLEARED);
	}
}

TEST_HARNESS_MAIN
