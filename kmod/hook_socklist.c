// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of sockets: /proc/net/unix, /proc/net/netlink and sock_diag show everybody what all sockets
 * are called, of which type and in which state they are. Those that a program has made, named,
 * connected or set since it read something classified are left out; root and services see them.
 *
 * The two functions that write a line are called under a spinlock, and under RCU.
 */
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/seq_file.h>
#include <linux/sock_diag.h>
#include <linux/socket.h>
#include <net/af_unix.h>
#include <net/sock.h>

#include "attach.h"
#include "hook_net.h"
#include "hook_proc.h"
#include "hooks.h"
#include "subject.h"

/* A unix socket that nobody has accepted yet has the name of the one that listens. */
static bool made_by_tainted(const struct sock *sk)
{
	const struct socket *sock = READ_ONCE(sk->sk_socket);

	return sock ? test_bit(MF_SOCKET_TAINTED, &sock->flags) : sk->sk_family == AF_UNIX;
}

static int line(const void *v)
{
	int err;

	if (v == SEQ_START_TOKEN || !made_by_tainted(v))
		return 0;
	mf_hook_enter();
	err = mf_sees_all_names() ? 0 : MF_SKIP;
	mf_hook_exit();
	return err;
}

int hook_unix_seq_show(struct seq_file *m, void *v)
{
	return line(v);
}

int hook_netlink_seq_show(struct seq_file *m, void *v)
{
	return line(v);
}

/*
 * What answers here is in modules that come when they are asked for: they do not come, and who asks
 * reads the lists instead, as ss does.
 */
int hook_sock_diag_rcv_msg(struct sk_buff *skb, struct nlmsghdr *header,
			   struct netlink_ext_ack *extack)
{
	const struct sock_diag_req *request = nlmsg_data(header);
	int err;

	if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    nlmsg_len(header) < (int)sizeof(*request) ||
	    (request->sdiag_family != AF_UNIX && request->sdiag_family != AF_NETLINK))
		return 0;
	mf_hook_enter();
	err = mf_sees_all_names() ? 0 : -ENOENT;
	mf_hook_exit();
	return err;
}

int hook_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern)
{
	if (unlikely(mf_subject_tainted()) && !kern)
		set_bit(MF_SOCKET_TAINTED, &sock->flags);
	return 0;
}

/* It has the name of the one that listens. */
int hook_socket_accept(struct socket *sock, struct socket *new_sock)
{
	if (test_bit(MF_SOCKET_TAINTED, &sock->flags) || unlikely(mf_subject_tainted()))
		set_bit(MF_SOCKET_TAINTED, &new_sock->flags);
	return 0;
}
