/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of the netlink client: building a request and taking in its answers. Only the
 * client_*.c files use this.
 */
#ifndef MIFENG_CLIENT_EXCHANGE_H
#define MIFENG_CLIENT_EXCHANGE_H

#include <stdint.h>

#define CLIENT_ERROR_TEXT 256

struct nl_msg;
struct nl_sock;
struct nlattr;

/**
 * struct client - one generic netlink socket
 * @socket: libnl's
 * @family: number of the family "mifeng"
 * @text: the kernel's words about the last failure
 */
struct client {
	struct nl_sock *socket;
	int family;
	char text[CLIENT_ERROR_TEXT];
};

/**
 * client_parse_fn - looks at one answer
 * @attributes: top level, indexed by enum mifeng_attribute
 * @userdata: as given
 *
 * Returns 0 or a negative errno, which becomes the result of the exchange.
 */
typedef int (*client_parse_fn)(struct nlattr **attributes, void *userdata);

/**
 * client_request_new - start a message
 * @client: the client
 * @command: enum mifeng_command
 * @flags: NLM_F_*; 0 stands for NLM_F_ACK
 * @ret: the message
 *
 * Returns 0 or -ENOMEM.
 */
int client_request_new(struct client *client, uint8_t command, int flags, struct nl_msg **ret);

/**
 * client_exchange - send a message and take in the answers until the last one
 * @client: the client
 * @message: freed in any case
 * @parse: called for each answer; may be NULL
 * @userdata: for @parse
 *
 * Returns 0 or the errno the kernel or @parse gave.
 */
int client_exchange(struct client *client, struct nl_msg *message, client_parse_fn parse,
		    void *userdata);

/**
 * client_send_nest - end the nest and exchange
 * @client: the client
 * @message: freed in any case
 * @nest: as nla_nest_start() returned it
 * @failed: not 0 if some attribute did not fit
 * @parse: as above
 * @userdata: for @parse
 *
 * Returns 0, -EMSGSIZE or the errno of the exchange.
 */
int client_send_nest(struct client *client, struct nl_msg *message, struct nlattr *nest,
		     int failed, client_parse_fn parse, void *userdata);

/**
 * client_simple_command - a command without attributes and without an answer of its own
 * @client: the client
 * @command: enum mifeng_command
 */
int client_simple_command(struct client *client, uint8_t command);

#endif /* MIFENG_CLIENT_EXCHANGE_H */
