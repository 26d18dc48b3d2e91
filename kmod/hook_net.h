/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_NET_H
#define _MF_HOOK_NET_H

#include "decide.h"

struct sock;
struct socket;

/* What tainted programs have done to a socket, in the flags of struct socket. */
#define MF_SOCKET_ASKS	    60 /* for its peers' names, by which it gets one */
#define MF_SOCKET_TAINTED   61 /* made, named, connected or set it */
#define MF_SOCKET_NAMED	    62
#define MF_SOCKET_CONNECTED 63

enum mf_sink mf_sink_of_socket(const struct sock *sk);
int mf_socket_read(struct socket *sock);
int mf_socket_write(struct socket *sock);

#endif /* _MF_HOOK_NET_H */
