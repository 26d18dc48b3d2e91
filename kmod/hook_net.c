// SPDX-License-Identifier: GPL-2.0
/* Sockets: what a tainted program sends, and where it connects. */
#include "hook_net.h"

#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/socket.h>
#include <linux/tcp.h>
#include <linux/un.h>
#include <net/af_unix.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "attach.h"
#include "channel.h"
#include "description.h"
#include "guard.h"
#include "hook_guard.h"
#include "hooks.h"
#include "judge.h"
#include "standing.h"
#include "subject.h"

/**
 * mf_sink_of_socket() - what a socket is to somebody who writes to it
 * @sk: the socket, or NULL
 *
 * Unix sockets stay on the machine. Of netlink, the requests that every program makes
 * to look at routes, addresses and sockets, audit, and this module's own family are harmless.
 *
 * Return: MF_SINK_MEMORY for those, otherwise MF_SINK_NETWORK.
 */
enum mf_sink mf_sink_of_socket(const struct sock *sk)
{
	if (!sk)
		return MF_SINK_NETWORK;
	if (sk->sk_family == AF_UNIX)
		return MF_SINK_MEMORY;
	if (sk->sk_family != AF_NETLINK)
		return MF_SINK_NETWORK;
	switch (sk->sk_protocol) {
	case NETLINK_ROUTE:
	case NETLINK_SOCK_DIAG:
	case NETLINK_AUDIT:
	case NETLINK_GENERIC:
		return MF_SINK_MEMORY;
	default:
		return MF_SINK_NETWORK;
	}
}

/*
 * Netlink also connects programs: only what goes to the kernel is harmless. Without an address
 * in the message it goes where the socket was connected to.
 */
static bool goes_to_a_program(struct socket *sock, const struct msghdr *msg)
{
	const struct sockaddr_nl *address = msg->msg_name;
	struct sockaddr_storage peer;

	if (sock->sk->sk_family != AF_NETLINK)
		return false;
	if (!address || msg->msg_namelen < (int)sizeof(*address)) {
		if (sock->ops->getname(sock, (struct sockaddr *)&peer, 1) < (int)sizeof(*address))
			return true;
		address = (const struct sockaddr_nl *)&peer;
	}
	return address->nl_pid || address->nl_groups;
}

static bool speaks_ip(const struct sock *sk)
{
	return sk->sk_family == AF_INET || sk->sk_family == AF_INET6;
}

static bool is_of_transport(const struct sock *sk)
{
	return speaks_ip(sk) &&
	       (sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_UDP);
}

/* Of what goes to internal networks only TCP and UDP is judged by the network's ceiling. */
static int judge_send(struct socket *sock, const struct sockaddr *address, int size,
		      enum mifeng_operation operation)
{
	const u32 bytes = address && size > 0 ? size : 0;

	return is_of_transport(sock->sk) ? mf_judge_send_packet(address, bytes, operation) :
					   mf_judge_send(MF_SINK_NETWORK, address, bytes, operation);
}

static int send_to_peer(struct socket *sock)
{
	struct sockaddr_storage peer;
	int size = sock->ops->getname(sock, (struct sockaddr *)&peer, 1);

	return judge_send(sock, size > 0 ? (struct sockaddr *)&peer : NULL, size, MIFENG_OP_SEND);
}

/*
 * A connection between programs of this machine: what is sent comes out at the peer. A datagram's
 * receiver is known only when it has been looked up (hook_unix_may_send).
 */
static int give_to_peer(struct socket *sock)
{
	struct sock *sk = sock->sk, *peer;
	struct mf_channel channel;
	struct pid *listener;
	int err;

	if (sk->sk_family != AF_UNIX || sock->type == SOCK_DGRAM)
		return 0;
	peer = unix_peer_get(sk);
	if (!peer)
		return 0;
	if (mf_stands(peer, MAY_WRITE)) {
		sock_put(peer);
		return 0;
	}
	spin_lock(&sk->sk_peer_lock);
	listener = get_pid(sk->sk_peer_pid);
	spin_unlock(&sk->sk_peer_lock);
	mf_channel_of_sock(peer, &channel);
	err = mf_judge_give(&channel, sock->file, listener, MIFENG_OP_SEND);
	put_pid(listener);
	sock_put(peer);
	return err;
}

/**
 * mf_socket_write() - a tainted program writes to a socket as to a file: write, splice, sendfile
 * @sock: the socket
 *
 * Return: 0 or -EACCES.
 */
int mf_socket_write(struct socket *sock)
{
	const struct msghdr without_address = {};

	if (goes_to_a_program(sock, &without_address))
		return send_to_peer(sock);
	return mf_sink_of_socket(sock->sk) == MF_SINK_NETWORK ?
		       send_to_peer(sock) :
		       give_to_peer(sock);
}

/**
 * mf_socket_read() - a tainted program takes what has come over the network
 * @sock: the socket
 *
 * How much it takes is told to the other end of a connection by the size of the window.
 *
 * Return: 0 or -EACCES.
 */
int mf_socket_read(struct socket *sock)
{
	if (mf_sink_of_socket(sock->sk) == MF_SINK_MEMORY || sock->type == SOCK_DGRAM ||
	    sock->type == SOCK_RAW)
		return 0;
	return send_to_peer(sock);
}

static int sendmsg_slow(struct socket *sock, struct msghdr *msg)
{
	enum mf_sink sink = mf_sink_of_socket(sock->sk);
	int err;

	if (!test_bit(MF_SOCKET_TAINTED, &sock->flags)) /* it may get a name by that */
		set_bit(MF_SOCKET_TAINTED, &sock->flags);
	mf_hook_enter();
	if (sink == MF_SINK_MEMORY && !goes_to_a_program(sock, msg))
		err = give_to_peer(sock);
	else if (msg->msg_name && msg->msg_namelen > 0)
		err = judge_send(sock, msg->msg_name, msg->msg_namelen, MIFENG_OP_SEND);
	else
		err = send_to_peer(sock);
	mf_hook_exit();
	return err;
}

static int judge_family(int family)
{
	return likely(mf_guard_family(family)) ?
		       0 : mf_refuse_passing_by("a socket of a family that is not IP");
}

static int judge_departure(const struct sockaddr *address, int size, enum mifeng_operation operation)
{
	int err;

	mf_hook_enter();
	err = mf_judge_departure(address, size, operation);
	mf_hook_exit();
	return err;
}

/* A socket that has a peer without having asked it: nothing was sent when it was connected. */
static int send_to_known(const struct sock *sk)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = sk->sk_v6_daddr };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = sk->sk_daddr };

	if (sk->sk_family == AF_INET6 && !ipv6_addr_any(&sk->sk_v6_daddr))
		return judge_departure((const struct sockaddr *)&in6, sizeof(in6), MIFENG_OP_SEND);
	if (sk->sk_family == AF_INET && sk->sk_daddr)
		return judge_departure((const struct sockaddr *)&in, sizeof(in), MIFENG_OP_SEND);
	return 0;
}

/* While the guard is armed, for everybody: who sends to the outside is told at once. */
static int departs(const struct socket *sock, const struct msghdr *msg)
{
	const struct sock *sk = sock->sk;

	if (!speaks_ip(sk))
		return judge_family(sk->sk_family);
	if (msg->msg_name && msg->msg_namelen > 0)
		return judge_departure(msg->msg_name, msg->msg_namelen, MIFENG_OP_SEND);
	/* of a connection that was judged when it was made the frames alone are judged */
	return sock->type == SOCK_STREAM ? 0 : send_to_known(sk);
}

int hook_socket_sendmsg(struct socket *sock, struct msghdr *msg, int size)
{
	int err = mf_guard_armed() ? departs(sock, msg) : 0;

	if (err)
		return err;
	if (likely(!mf_subject_tainted()))
		return 0;
	return sendmsg_slow(sock, msg);
}

/*
 * What is set on a socket goes out in packets that the kernel makes by itself, or is told to whoever
 * has the same socket.
 */
static int use(struct socket *sock, const struct sockaddr *address, int size, bool connects)
{
	int err = 0;

	if (likely(!mf_subject_tainted()))
		return 0;
	set_bit(MF_SOCKET_TAINTED, &sock->flags);
	mf_hook_enter();
	if (mf_sink_of_socket(sock->sk) != MF_SINK_MEMORY)
		err = connects ? judge_send(sock, address, size, MIFENG_OP_CONNECT) :
				 mf_judge_send(MF_SINK_NETWORK, address, size > 0 ? size : 0,
					       MIFENG_OP_CONNECT);
	else if (sock->file)
		err = mf_judge_description(sock->file, MIFENG_OP_CONNECT, false);
	mf_hook_exit();
	return err;
}

/* What no list shows, no packet carries to where nothing is sent, and most programs set. */
static bool is_plain_option(int level, int option)
{
	switch (level) {
	case SOL_SOCKET:
		return option == SO_KEEPALIVE || option == SO_LINGER || option == SO_REUSEADDR ||
		       option == SO_RCVTIMEO_OLD || option == SO_RCVTIMEO_NEW ||
		       option == SO_SNDTIMEO_OLD || option == SO_SNDTIMEO_NEW;
	case SOL_TCP:
		return option == TCP_NODELAY || option == TCP_CORK || option == TCP_QUICKACK;
	case SOL_IP:
		return option == IP_RECVERR;
	case SOL_IPV6:
		return option == IPV6_RECVERR || option == IPV6_V6ONLY;
	default:
		return false;
	}
}

/*
 * Where something classified may be sent to some networks, sockets are prepared for that: each packet is
 * judged by where it goes. Whoever has the same socket is told of it.
 */
static int prepare(struct socket *sock, int level, int option)
{
	int err = 0;

	if (likely(!mf_subject_tainted()))
		return 0;
	if (!is_of_transport(sock->sk) || !is_plain_option(level, option))
		return use(sock, NULL, 0, false);
	set_bit(MF_SOCKET_TAINTED, &sock->flags);
	mf_hook_enter();
	err = mf_judge_socket(MIFENG_OP_CONNECT);
	if (!err && sock->file)
		err = mf_judge_description(sock->file, MIFENG_OP_CONNECT, false);
	mf_hook_exit();
	return err;
}

/* A name in the abstract space is shown to everybody. */
static bool is_abstract(const struct sockaddr *address, int size)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)address;

	return size > (int)offsetof(struct sockaddr_un, sun_path) && !name->sun_path[0];
}

/*
 * The name of a socket is told to its peer, by accept() and getpeername(), before anything is received.
 * So a tainted program names a socket or connects it, and not both. Each is noted before the other
 * is looked for: of two threads one sees what the other does.
 */
static bool name_and_peer(struct socket *sock, unsigned int does, unsigned int other)
{
	if (sock->sk->sk_family != AF_UNIX)
		return false;
	set_bit(does, &sock->flags);
	smp_mb__after_atomic(); /* pairs with itself, in the other call */
	return test_bit(other, &sock->flags);
}

static int tell_a_name(void)
{
	int err;

	mf_hook_enter();
	err = mf_judge_facility(MIFENG_OP_CONNECT);
	mf_hook_exit();
	return err;
}

static bool has_a_peer(struct sock *sk)
{
	struct sock *peer = sk->sk_family == AF_UNIX ? unix_peer_get(sk) : NULL;

	if (peer)
		sock_put(peer);
	return peer;
}

/*
 * Of packet and raw sockets the lists in proc show the protocol, to which nothing has to be sent; and
 * nothing could be sent by any of these afterwards.
 */
int hook_socket_create(int family, int type, int protocol, int kern)
{
	int err = judge_family(family);

	if (err)
		return err;
	if (likely(!mf_subject_tainted()) || kern || family == AF_UNIX || family == AF_NETLINK ||
	    ((family == AF_INET || family == AF_INET6) &&
	     (type == SOCK_STREAM || type == SOCK_DGRAM)))
		return 0;
	mf_hook_enter();
	err = mf_judge_send(MF_SINK_NETWORK, NULL, 0, MIFENG_OP_CONNECT);
	mf_hook_exit();
	return err;
}

int hook_socket_bind(struct socket *sock, struct sockaddr *address, int addrlen)
{
	int err = judge_family(sock->sk->sk_family);

	if (err)
		return err;
	if (likely(!mf_subject_tainted()))
		return 0;
	set_bit(MF_SOCKET_TAINTED, &sock->flags);
	if (name_and_peer(sock, MF_SOCKET_NAMED, MF_SOCKET_CONNECTED) || has_a_peer(sock->sk))
		return tell_a_name();
	if (sock->sk->sk_family != AF_UNIX || !is_abstract(address, addrlen))
		return use(sock, address, addrlen, false);
	mf_hook_enter();
	err = mf_judge_send(MF_SINK_FILE, address, addrlen, MIFENG_OP_CONNECT);
	mf_hook_exit();
	return err;
}

/* Called under the receiver's state lock, for each datagram and when one is connected to. */
int hook_unix_may_send(struct socket *sock, struct socket *other)
{
	struct mf_channel channel;
	int err;

	if (likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	mf_channel_of_sock(other->sk, &channel);
	err = mf_judge_give(&channel, sock->file, NULL, MIFENG_OP_SEND);
	mf_hook_exit();
	return err;
}

int hook_socket_recvmsg(struct socket *sock, struct msghdr *msg, int size, int flags)
{
	const bool local = sock->sk->sk_family == AF_UNIX;
	int err;

	if (local ? !sock->file || mf_stands(sock->sk, MAY_READ) : likely(!mf_subject_tainted()))
		return 0;
	mf_hook_enter();
	err = local ? mf_judge_receive(sock->file, MIFENG_OP_RECEIVE) : mf_socket_read(sock);
	mf_hook_exit();
	return err;
}

int hook_socket_listen(struct socket *sock, int backlog)
{
	return use(sock, NULL, 0, false);
}

#ifdef SO_PASSPIDFD
#define PASSES_PIDFD BIT(SOCK_PASSPIDFD)

static bool asks_for_peers(int option)
{
	return option == SO_PASSCRED || option == SO_PASSPIDFD;
}
#else
#define PASSES_PIDFD 0

static bool asks_for_peers(int option)
{
	return option == SO_PASSCRED;
}
#endif

/* Whoever asks for the names of peers while it is connected is named by that, see below. */
int hook_socket_setsockopt(struct socket *sock, int level, int optname)
{
	if (unlikely(mf_subject_tainted()) && level == SOL_SOCKET && asks_for_peers(optname) &&
	    name_and_peer(sock, MF_SOCKET_ASKS, MF_SOCKET_CONNECTED))
		set_bit(MF_SOCKET_NAMED, &sock->flags);
	return prepare(sock, level, optname);
}

/*
 * The kernel names a socket that wants to know its peers before it looks for one, at random: who tries
 * often enough gets a name he likes.
 */
static bool is_named_by_connecting(const struct socket *sock)
{
	const unsigned long asks = BIT(SOCK_PASSCRED) | PASSES_PIDFD | BIT(MF_SOCKET_ASKS);

	return sock->sk->sk_family == AF_UNIX && (READ_ONCE(sock->flags) & asks) &&
	       !READ_ONCE(unix_sk(sock->sk)->addr);
}

/* AF_UNSPEC dissolves a connection and sends nothing; the function refuses what is too short. */
int hook_socket_connect(struct socket *sock, struct sockaddr *address, int addrlen)
{
	int err = 0;

	if (mf_guard_armed())
		err = !speaks_ip(sock->sk) ? judge_family(sock->sk->sk_family) :
		      /* datagrams are judged when they are sent; libraries connect to see a route */
		      sock->type == SOCK_STREAM ? judge_departure(address, addrlen, MIFENG_OP_CONNECT) :
						  0;
	if (err)
		return err;
	if (likely(!mf_subject_tainted()) || addrlen < (int)sizeof(sa_family_t) ||
	    address->sa_family == AF_UNSPEC)
		return 0;
	if (name_and_peer(sock, MF_SOCKET_CONNECTED, MF_SOCKET_NAMED))
		return tell_a_name();
	if (is_named_by_connecting(sock))
		set_bit(MF_SOCKET_NAMED, &sock->flags);
	return use(sock, address, addrlen, true);
}
