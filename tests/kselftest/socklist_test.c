// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What everybody may list: /proc/net/unix, /proc/net/netlink and sock_diag tell what sockets are called,
 * which there are and in which state. Those of a program that holds something classified are
 * not in the list; root and services see them.
 */
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "support/suite.h"

#define WORD		"a-classified-word"
#define PORT		0x5ec7e7	/* of a netlink socket */

/* What a program does with a socket, and stops: then it is looked at. */
static int early = -1;

static int show_itself(void)
{
	return result(raise(SIGSTOP));
}

static int stream(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int name_it(int fd, struct sockaddr_un *address)
{
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, WORD);
	unlink(WORD);
	return fd < 0 ? TROUBLE : result(bind(fd, (struct sockaddr *)address, sizeof(*address)));
}

static int made_and_named(void)
{
	struct sockaddr_un address;

	return name_it(stream(), &address) ?: show_itself();
}

static int named_only(void)
{
	struct sockaddr_un address;

	return name_it(early, &address) ?: show_itself();
}

/* Somebody connects, and waits or is accepted: his peer has the name, and the list shows it. */
static int connected(bool accepted)
{
	struct sockaddr_un address;
	int listening = stream(), connecting = stream(), error = name_it(listening, &address);

	if (error || listen(listening, 1) || connecting < 0 ||
	    connect(connecting, (struct sockaddr *)&address, sizeof(address)) ||
	    (accepted && accept(listening, NULL, NULL) < 0))
		return error ?: errno;
	if (accepted)
		close(listening);
	return show_itself();
}

static int accepted(void)
{
	return connected(true);
}

static int waiting(void)
{
	return connected(false);
}

static int early_stream(void)
{
	early = stream();
	return early < 0 ? errno : 0;
}

static int port(int fd)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_pid = PORT };

	return fd < 0 ? TROUBLE :
			result(bind(fd, (struct sockaddr *)&address, sizeof(address))) ?: show_itself();
}

static int netlink_made(void)
{
	return port(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
}

static int early_netlink(void)
{
	early = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return early < 0 ? errno : 0;
}

static int netlink_bound(void)
{
	return port(early);
}

/* 1 if a line of the file has the words, 0 if not; there have to be others. */
static int lists(const char *path, const char *words)
{
	char line[512];
	int lines = 0, found = 0;
	FILE *list = fopen(path, "re");

	while (list && fgets(line, sizeof(line), list)) {
		lines++;
		found |= !!strstr(line, words);
	}
	if (list)
		fclose(list);
	return lines < 2 ? TROUBLE : found;
}

static int unix_list(void)
{
	return lists("/proc/net/unix", WORD);
}

static int netlink_list(void)
{
	char words[16];

	snprintf(words, sizeof(words), " %u ", PORT);
	return lists("/proc/net/netlink", words);
}

/* As ss asks: 1 if an answer has the word, 0 if none has, or if it cannot be asked. */
static int unix_diag(void)
{
	struct {
		struct nlmsghdr header;
		struct unix_diag_req request;
	} ask = {
		{ sizeof(ask), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0 },
		{ .sdiag_family = AF_UNIX, .udiag_states = ~0U, .udiag_show = UDIAG_SHOW_NAME },
	};
	static char answer[32768];
	int found = 0, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	ssize_t size;

	if (fd < 0 || send(fd, &ask, sizeof(ask), 0) != sizeof(ask))
		return TROUBLE;
	while ((size = recv(fd, answer, sizeof(answer), 0)) >= NLMSG_HDRLEN) {
		const struct nlmsghdr *header = (const struct nlmsghdr *)answer;

		found |= !!memmem(answer, (size_t)size, WORD, strlen(WORD));
		for (; NLMSG_OK(header, (size_t)size); header = NLMSG_NEXT(header, size)) {
			if (header->nlmsg_type == NLMSG_DONE)
				size = 0;
			if (header->nlmsg_type == NLMSG_ERROR)
				return ((const struct nlmsgerr *)NLMSG_DATA(header))->error == -ENOENT ?
					       0 : TROUBLE;
		}
		if (!size)
			break;
	}
	close(fd);
	return found;
}

FIXTURE(list) {};

FIXTURE_VARIANT(list)
{
	int (*before)(void);
	int (*act)(void);
	int (*look)(void);
	bool asked; /* nobody but root and services is answered at all */
};

FIXTURE_VARIANT_ADD(list, made_and_named) { .act = made_and_named, .look = unix_list };
FIXTURE_VARIANT_ADD(list, named_only) {
	.before = early_stream, .act = named_only, .look = unix_list
};
FIXTURE_VARIANT_ADD(list, accepted) { .act = accepted, .look = unix_list };
FIXTURE_VARIANT_ADD(list, waiting) { .act = waiting, .look = unix_list };
FIXTURE_VARIANT_ADD(list, by_netlink) {
	.act = made_and_named, .look = unix_diag, .asked = true
};
FIXTURE_VARIANT_ADD(list, port_made) { .act = netlink_made, .look = netlink_list };
FIXTURE_VARIANT_ADD(list, port_bound) {
	.before = early_netlink, .act = netlink_bound, .look = netlink_list
};

FIXTURE_SETUP(list)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(list)
{
	stage_close();
}

static void show_and_look(struct __test_metadata *_metadata, const struct deed *showing,
			  int (*look)(void), int to_users)
{
	struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .act = look };
	struct outcome shown = deed_start(showing);

	ASSERT_RIGHT(deed_ready(&shown));
	EXPECT_SEEN(&deed, to_users);
	deed.uid = UNCLEARED;
	deed.login = UNCLEARED;
	EXPECT_SEEN(&deed, to_users);
	/* services and root have to know whom they deal with */
	deed.login = SERVICE;
	EXPECT_SEEN(&deed, 1);
	deed.login = CLEARED;
	deed.uid = 0;
	EXPECT_SEEN(&deed, 1);
	deed_go(&shown);
	deed_end(&shown);
	EXPECT_ALLOWED(&shown);
}

TEST_F(list, of_a_tainted_program)
{
	struct deed deed = DEED(true, PLACE_ZONE, variant->act);

	deed.before = variant->before;
	show_and_look(_metadata, &deed, variant->look, 0);
}

TEST_F(list, of_an_ordinary_program)
{
	struct deed deed = DEED(false, PLACE_ZONE, variant->act);

	deed.before = variant->before;
	show_and_look(_metadata, &deed, variant->look, variant->asked ? 0 : 1);
}

TEST_HARNESS_MAIN
