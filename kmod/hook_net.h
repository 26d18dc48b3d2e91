/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOOK_NET_H
#define _MF_HOOK_NET_H

#include "decide.h"

struct sock;
struct socket;

enum mf_sink mf_sink_of_socket(const struct sock *sk);
int mf_socket_write(struct socket *sock);

#endif /* _MF_HOOK_NET_H */
