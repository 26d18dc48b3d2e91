// SPDX-License-Identifier: GPL-2.0-or-later
/* Unix sockets: of every type, named or not, and the descriptors that travel in them. */
#include <linux/capability.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "support/suite.h"

static struct sockaddr_un address;
static socklen_t address_size;

static ssize_t put_write(const char *bytes, size_t size)
{
	return write(channel.in, bytes, size);
}

static ssize_t put_writev(const char *bytes, size_t size)
{
	struct iovec pieces[] = { { (char *)bytes, 1 }, { (char *)bytes + 1, size - 1 } };

	return writev(channel.in, pieces, 2);
}

static ssize_t put_send(const char *bytes, size_t size)
{
	return send(channel.in, bytes, size, MSG_NOSIGNAL);
}

static ssize_t put_sendto(const char *bytes, size_t size)
{
	return sendto(channel.in, bytes, size, MSG_NOSIGNAL, (struct sockaddr *)&address,
		      address_size);
}

static ssize_t put_sendmsg(const char *bytes, size_t size)
{
	struct iovec pieces[] = { { (char *)bytes, 1 }, { (char *)bytes + 1, size - 1 } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };

	return sendmsg(channel.in, &message, MSG_NOSIGNAL);
}

static ssize_t put_sendmmsg(const char *bytes, size_t size)
{
	struct iovec piece = { (char *)bytes, size };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &piece, .msg_iovlen = 1 } };

	if (sendmmsg(channel.in, &message, 1, MSG_NOSIGNAL) != 1)
		return -1;
	return message.msg_len;
}

static ssize_t take_read(char *bytes, size_t size)
{
	return read(channel.out, bytes, size);
}

static ssize_t take_readv(char *bytes, size_t size)
{
	struct iovec pieces[] = { { bytes, 1 }, { bytes + 1, size - 1 } };

	return readv(channel.out, pieces, 2);
}

static ssize_t take_recv(char *bytes, size_t size)
{
	return recv(channel.out, bytes, size, 0);
}

static ssize_t take_recvmsg(char *bytes, size_t size)
{
	struct iovec pieces[] = { { bytes, 1 }, { bytes + 1, size - 1 } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };

	return recvmsg(channel.out, &message, 0);
}

static ssize_t take_recvmmsg(char *bytes, size_t size)
{
	struct iovec pieces[] = { { bytes, size }, { bytes, size } };
	struct mmsghdr messages[] = {
		{ .msg_hdr = { .msg_iov = &pieces[0], .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = &pieces[1], .msg_iovlen = 1 } },
	};

	if (recvmmsg(channel.out, messages, 2, MSG_WAITFORONE, NULL) < 1)
		return -1;
	return messages[0].msg_len;
}

/* What only looks gets to see it, too. */
static ssize_t take_peek(char *bytes, size_t size)
{
	return recv(channel.out, bytes, size, MSG_PEEK);
}

static ssize_t take_poll_and_recv(char *bytes, size_t size)
{
	struct pollfd polled = { .fd = channel.out, .events = POLLIN };

	if (poll(&polled, 1, -1) < 0)
		return -1;
	return recv(channel.out, bytes, size, MSG_DONTWAIT);
}

/* What read and write are called in a record, whatever they are done to, is not asked for here. */
struct way {
	ssize_t (*call)(char *bytes, size_t size);
	long number;
	int operation;
};

/* The first of each is for all kinds of sockets, the others for those with code of their own. */
static const struct way takes[] = {
	{ take_recvmsg, SYS_recvmsg, MIFENG_OP_RECEIVE },
	{ take_recv, SYS_recvfrom, MIFENG_OP_RECEIVE },
	{ take_read, SYS_read, 0 },
	{ take_readv, SYS_readv, 0 },
	{ take_recvmmsg, SYS_recvmmsg, MIFENG_OP_RECEIVE },
	{ take_peek, SYS_recvfrom, MIFENG_OP_RECEIVE },
	{ take_poll_and_recv, SYS_poll, MIFENG_OP_RECEIVE },
};

static ssize_t (*const puts_connected[])(const char *, size_t) = {
	put_sendmsg, put_write, put_writev, put_send, put_sendmmsg,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How two sockets are brought together. */
static const char *pair_open(int type)
{
	int ends[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
		return "no pair of sockets";
	channel = (struct channel){ ends[0], ends[1], put_send, take_recv };
	return NULL;
}

static void named(bool abstract)
{
	static int number;

	memset(&address, 0, sizeof(address));
	address.sun_family = AF_UNIX;
	if (abstract) {
		address_size = offsetof(struct sockaddr_un, sun_path) +
			       sprintf(address.sun_path + 1, "mifeng-%d-%d", getpid(), number++) + 1;
	} else {
		snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/ordinary/%d",
			 stage.directory[PLACE_SCRATCH], number++);
		address_size = sizeof(address);
	}
}

/* A socket with a name, which everybody may talk to. */
static int bound(int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, address_size) < 0)
		return -1;
	if (address.sun_path[0])
		chmod(address.sun_path, 0666);
	return fd;
}

/* A connection that has been accepted. */
static const char *connection_open(int type, bool abstract)
{
	int listening;

	named(abstract);
	listening = bound(type);
	channel = (struct channel){ .put = put_send, .take = take_recv };
	channel.in = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (listening < 0 || listen(listening, 1) < 0 ||
	    connect(channel.in, (struct sockaddr *)&address, address_size) < 0)
		return "no connection";
	channel.out = accept(listening, NULL, NULL);
	close(listening);
	return channel.out < 0 ? "the connection is not accepted" : NULL;
}

/* Datagrams to a name, connected or each with its address. */
static const char *datagrams_open(bool abstract, bool connected)
{
	named(abstract);
	channel = (struct channel){ .put = put_sendto, .take = take_recv };
	channel.out = bound(SOCK_DGRAM);
	channel.in = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (channel.in < 0 || channel.out < 0)
		return "no sockets for datagrams";
	if (!connected)
		return NULL;
	channel.put = put_send;
	return connect(channel.in, (struct sockaddr *)&address, address_size) < 0 ?
		       "not connected" : NULL;
}

static const char *stream_pair(void)
{
	return pair_open(SOCK_STREAM);
}

static const char *packet_pair(void)
{
	return pair_open(SOCK_SEQPACKET);
}

static const char *datagram_pair(void)
{
	return pair_open(SOCK_DGRAM);
}

static const char *stream_path(void)
{
	return connection_open(SOCK_STREAM, false);
}

static const char *packet_abstract(void)
{
	return connection_open(SOCK_SEQPACKET, true);
}

static const char *datagram_path(void)
{
	return datagrams_open(false, false);
}

static const char *datagram_abstract_connected(void)
{
	return datagrams_open(true, true);
}

FIXTURE(sockets) {};

FIXTURE_VARIANT(sockets)
{
	const char *(*make)(void);
	bool connected;
	size_t puts;
	size_t takes;
};

#define KIND(name, connected_, puts_, takes_)						\
	FIXTURE_VARIANT_ADD(sockets, name) {						\
		.make = name, .connected = connected_, .puts = puts_, .takes = takes_,	\
	}
/* clang-format off */
KIND(stream_pair, true, COUNT(puts_connected), COUNT(takes));
KIND(packet_pair, true, 1, 1);
KIND(datagram_pair, true, COUNT(puts_connected), COUNT(takes));
KIND(stream_path, true, 1, 1);
KIND(packet_abstract, true, 1, 1);
KIND(datagram_path, false, 1, 1);
KIND(datagram_abstract_connected, true, 1, 1);
/* clang-format on */

FIXTURE_SETUP(sockets)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(sockets)
{
	stage_close();
}

TEST_F_TIMEOUT(sockets, raises_who_receives, 90)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};

	for (size_t i = 0; i < variant->puts; i++) {
		ASSERT_RIGHT(variant->make());
		if (variant->connected)
			channel.put = puts_connected[i];
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
	}
	for (size_t i = 0; i < variant->takes; i++) {
		ASSERT_RIGHT(variant->make());
		channel.take = takes[i].call;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
	}
	said.putter.taint = false;
	for (size_t i = 0; i < variant->takes; i++) {
		ASSERT_RIGHT(variant->make());
		channel.take = takes[i].call;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_ORDINARY(&said.taken);
	}
}

TEST_F_TIMEOUT(sockets, raises_who_waits, 90)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED) };

	for (size_t i = 0; i < 2 * variant->takes; i++) {
		const struct way *way = &takes[i / 2];

		ASSERT_RIGHT(variant->make());
		channel.take = way->call;
		said.blocked_in = way->number;
		said.putter.taint = i % 2;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		if (said.putter.taint)
			EXPECT_RAISED(&said.taken);
		else
			EXPECT_ORDINARY(&said.taken);
	}
}

TEST_F_TIMEOUT(sockets, keeps_the_uncleared_out, 90)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(UNCLEARED, UNCLEARED) };

	for (size_t i = 0; i < 2 * variant->takes; i++) {
		const struct way *way = &takes[i / 2];

		ASSERT_RIGHT(variant->make());
		channel.take = way->call;
		said.blocked_in = i % 2 ? way->number : AFTERWARDS;
		said.putter.taint = true;
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_KEPT_OUT(&said.taken, way->operation);
	}
	ASSERT_RIGHT(variant->make());
	said.putter.taint = false;
	said.blocked_in = AFTERWARDS;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_ORDINARY(&said.taken);
}

/* The service never sees the tainted program's message and works on with the next one. */
TEST_F_TIMEOUT(sockets, does_not_reach_services, 90)
{
	static const long calls[] = { AFTERWARDS, SYS_recvfrom, SYS_poll };
	struct deed service = TAKER(0, SERVICE), writer = PUTTER(true);
	struct outcome served, tainted, ordinary;

	for (size_t i = 0; i < COUNT(calls); i++) {
		ASSERT_RIGHT(variant->make());
		if (calls[i] == SYS_poll)
			channel.take = take_poll_and_recv;
		if (variant->connected)
			channel.put = i % 2 ? put_write : put_sendmsg;
		served = deed_start(&service);
		writer.taint = true;
		tainted = deed_start(&writer);
		writer.taint = false;
		ordinary = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&served));
		ASSERT_RIGHT(deed_ready(&tainted));
		ASSERT_RIGHT(deed_ready(&ordinary));
		if (calls[i] != AFTERWARDS) {
			deed_go(&served);
			ASSERT_RIGHT(deed_blocked(&served, calls[i]));
		}
		if (!baseline()) {
			deed_go(&tainted);
			deed_end(&tainted);
			EXPECT_DENIED(&tainted, EACCES,
				      channel.put == put_write ? 0 : MIFENG_OP_SEND,
				      MIFENG_REASON_PINNED_PEER, NULL);
		}
		deed_go(&ordinary);
		deed_end(&ordinary);
		EXPECT_ALLOWED(&ordinary);
		deed_go(&served);
		deed_end(&served);
		EXPECT_ORDINARY(&served);
		if (baseline()) {
			kill(tainted.pid, SIGKILL);
			deed_end(&tainted);
		}
	}
}

/*
 * Stuck while it copies the first message, the reader of a stream would go on to the
 * next one that has come meanwhile, in the same call.
 */
static char *stall_page;

static int stall_before(void)
{
	stall_page = stall_make();
	return stall_page ? 0 : ENOMEM;
}

static ssize_t take_stalled(char *bytes, size_t size)
{
	ssize_t taken = recv(channel.out, stall_page, 4096, 0);

	if (taken > 0)
		memcpy(bytes, stall_page, (size_t)taken < size ? (size_t)taken : size);
	return taken;
}

TEST_F(sockets, stalled_receiver)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	ASSERT_RIGHT(variant->make());
	ASSERT_EQ(MESSAGE_SIZE, channel.put(MESSAGE, MESSAGE_SIZE));
	channel.take = take_stalled;
	reader.before = stall_before;
	taken = deed_start(&reader);
	put = deed_start(&writer);
	ASSERT_RIGHT(deed_ready(&taken));
	ASSERT_RIGHT(deed_ready(&put));
	deed_go(&taken);
	ASSERT_RIGHT(deed_blocked(&taken, SYS_recvfrom));
	deed_go(&put);
	deed_end(&put);
	EXPECT_DENIED(&put, EACCES, MIFENG_OP_SEND, MIFENG_REASON_READERS_BUSY, NULL);
	stall_end(&taken);
	deed_end(&taken);
	/* Without the module the second message came in the same call, or is left behind. */
	if (!baseline() || taken.error != GOT_STRAY)
		EXPECT_ORDINARY(&taken);
	channel_close();
}

/* Urgent bytes of a stream have a way of their own. */
static int put_urgent(void)
{
	close(channel.out);
	return result(send(channel.in, "!", 1, MSG_OOB | MSG_NOSIGNAL));
}

static int take_urgent(void)
{
	char byte = 0;

	close(channel.in);
	if (recv(channel.out, &byte, 1, MSG_OOB) < 0)
		return byte ? GOT_STRAY : errno;
	return byte == '!' ? probe() : GOT_STRAY;
}

FIXTURE(stream) {};

FIXTURE_SETUP(stream)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
}

FIXTURE_TEARDOWN(stream)
{
	stage_close();
}

TEST_F(stream, urgent)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};

	said.putter.act = put_urgent;
	said.taker.act = take_urgent;
	ASSERT_RIGHT(stream_pair());
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
	said.taker.uid = said.taker.login = UNCLEARED;
	ASSERT_RIGHT(stream_pair());
	ASSERT_RIGHT(talk(&said));
	EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_RECEIVE);
}

/* By reference: the pages of a file go into the socket; refused, or whoever gets them is raised. */
static int put_sendfile(void)
{
	int fd = open(path_join(stage.directory[PLACE_UNMARKED], "ordinary/other"),
		      O_RDONLY | O_CLOEXEC);

	close(channel.out);
	return fd < 0 ? TROUBLE : result(sendfile(channel.in, fd, NULL, 64));
}

static int take_any(void)
{
	char bytes[64];
	ssize_t taken;

	close(channel.in);
	taken = recv(channel.out, bytes, sizeof(bytes), 0);
	return taken > 0 ? probe() : taken ? errno : GOT_NOTHING;
}

TEST_F(stream, sendfile)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED), .blocked_in = AFTERWARDS,
	};

	said.putter.act = put_sendfile;
	said.taker.act = take_any;
	ASSERT_RIGHT(stream_pair());
	ASSERT_RIGHT(talk(&said));
	if (said.taken.error == GOT_NOTHING)
		EXPECT_TURNED_DOWN(&said.put, EINVAL);
	else
		EXPECT_RAISED(&said.taken);
	EXPECT_RIGHT(why_not_silent(&said.put));
	said.putter.taint = false;
	ASSERT_RIGHT(stream_pair());
	ASSERT_RIGHT(talk(&said));
	EXPECT_ORDINARY(&said.taken);
}

/* From the socket into a pipe: whoever does it is raised, and then may not any more. */
static int take_splice(void)
{
	int on[2];
	char byte;
	ssize_t spliced;
	int error;

	close(channel.in);
	if (pipe2(on, O_CLOEXEC) < 0 || fcntl(on[0], F_SETFL, O_NONBLOCK) < 0)
		return TROUBLE;
	spliced = splice(channel.out, NULL, on[1], NULL, 64, 0);
	error = errno;
	if (read(on[0], &byte, 1) > 0)
		return probe() == GOT_ORDINARY ? 0 : GOT_STRAY;
	if (spliced >= 0)
		return GOT_NOTHING;
	return error == EINVAL && probe() == GOT_ORDINARY ? GOT_ORDINARY : error;
}

TEST_F(stream, splice_from)
{
	static const long calls[] = { AFTERWARDS, SYS_splice };
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED) };

	said.taker.act = take_splice;
	for (size_t i = 0; i < COUNT(calls); i++) {
		said.blocked_in = calls[i];
		said.putter.taint = true;
		ASSERT_RIGHT(stream_pair());
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_EQ(baseline() ? 0 : EINVAL, said.taken.error);
		said.putter.taint = false;
		ASSERT_RIGHT(stream_pair());
		ASSERT_RIGHT(talk(&said));
		EXPECT_ALLOWED(&said.put);
		EXPECT_EQ(0, said.taken.error);
	}
}

/* The label stays on the socket when what came with it has been received. */
TEST_F(stream, keeps_its_label)
{
	struct deed writer = PUTTER(true), reader = TAKER(CLEARED, CLEARED);
	struct outcome first, raised, second, late;

	ASSERT_RIGHT(stream_pair());
	first = deed_start(&writer);
	raised = deed_start(&reader);
	writer.taint = false;
	second = deed_start(&writer);
	reader.uid = reader.login = UNCLEARED;
	late = deed_start(&reader);
	channel_close();
	ASSERT_RIGHT(deed_ready(&first));
	ASSERT_RIGHT(deed_ready(&raised));
	ASSERT_RIGHT(deed_ready(&second));
	ASSERT_RIGHT(deed_ready(&late));
	deed_go(&first);
	deed_end(&first);
	EXPECT_ALLOWED(&first);
	deed_go(&raised);
	deed_end(&raised);
	EXPECT_RAISED(&raised);
	deed_go(&second);
	deed_end(&second);
	EXPECT_ALLOWED(&second);
	deed_go(&late);
	deed_end(&late);
	EXPECT_KEPT_OUT(&late, MIFENG_OP_RECEIVE);
}

/* Stopped, also inside its call: it takes nothing now, so nobody has to wait for it. */
TEST_F(stream, stopped_holder)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	for (int inside = 0; inside < 2; inside++) {
		ASSERT_RIGHT(stream_pair());
		taken = deed_start(&reader);
		put = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&taken));
		ASSERT_RIGHT(deed_ready(&put));
		if (inside) {
			deed_go(&taken);
			ASSERT_RIGHT(deed_blocked(&taken, SYS_recvfrom));
			ASSERT_EQ(0, kill(taken.pid, SIGSTOP));
			ASSERT_RIGHT(deed_ready(&taken));
		}
		deed_go(&put);
		deed_end(&put);
		EXPECT_ALLOWED(&put);
		deed_go(&taken);
		deed_end(&taken);
		EXPECT_RAISED(&taken);
	}
}

TEST_F(stream, ends_meanwhile)
{
	struct deed reader = TAKER(CLEARED, CLEARED), writer = PUTTER(true);
	struct outcome taken, put;

	for (int round = 0; round < 10; round++) {
		ASSERT_RIGHT(stream_pair());
		taken = deed_start(&reader);
		put = deed_start(&writer);
		channel_close();
		ASSERT_RIGHT(deed_ready(&taken));
		ASSERT_RIGHT(deed_ready(&put));
		deed_go(&taken);
		ASSERT_RIGHT(deed_blocked(&taken, SYS_recvfrom));
		deed_go(&put);
		kill(taken.pid, SIGKILL);
		deed_end(&put);
		deed_end(&taken);
		/* Sent in time or not: no refusal in any case. */
		EXPECT_TRUE(!put.error || put.error == EPIPE || put.error == ECONNRESET);
		EXPECT_RIGHT(why_not_silent(&put));
	}
}

/* A connection that nobody has accepted yet has no socket at the other end but in a queue. */
FIXTURE(accept) {};

FIXTURE_VARIANT(accept)
{
	int type;
	bool abstract;
};

FIXTURE_VARIANT_ADD(accept, stream_path) { .type = SOCK_STREAM };
FIXTURE_VARIANT_ADD(accept, packet_abstract) { .type = SOCK_SEQPACKET, .abstract = true };

static int listening = -1, connecting_type;

FIXTURE_SETUP(accept)
{
	ASSERT_RIGHT(stage_open());
	ASSERT_RIGHT(peer_open());
	connecting_type = variant->type;
	named(variant->abstract);
	listening = bound(variant->type);
	ASSERT_LE(0, listening);
	ASSERT_EQ(0, listen(listening, 8));
	channel = (struct channel){ -1, -1, put_send, take_recv };
}

FIXTURE_TEARDOWN(accept)
{
	stage_close();
}

static int connect_now(void)
{
	close(listening);
	channel.in = socket(AF_UNIX, connecting_type | SOCK_CLOEXEC, 0);
	return result(connect(channel.in, (struct sockaddr *)&address, address_size));
}

static int connect_and_put(void)
{
	int error = connect_now();

	return error ? error : put_message();
}

static int accept_and_take(void)
{
	channel.out = accept(listening, NULL, NULL);
	return channel.out < 0 ? errno : take_message();
}

/* One who connects before he reads the document, or after it; then sends, then is accepted. */
static void accept_talk(struct __test_metadata *_metadata, bool early, struct talk *said)
{
	said->putter.before = early ? connect_now : NULL;
	said->putter.act = early ? put_message : connect_and_put;
	said->taker.act = accept_and_take;
	said->taken = deed_start(&said->taker);
	said->put = deed_start(&said->putter);
	ASSERT_RIGHT(deed_ready(&said->taken));
	ASSERT_RIGHT(deed_ready(&said->put));
	deed_go(&said->put);
	deed_end(&said->put);
	deed_go(&said->taken);
}

TEST_F(accept, raises_who_accepts)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED) };

	for (int early = 0; early < 2; early++) {
		said.putter.taint = true;
		accept_talk(_metadata, early, &said);
		deed_end(&said.taken);
		EXPECT_ALLOWED(&said.put);
		EXPECT_RAISED(&said.taken);
		said.putter.taint = false;
		accept_talk(_metadata, early, &said);
		deed_end(&said.taken);
		EXPECT_ALLOWED(&said.put);
		EXPECT_ORDINARY(&said.taken);
	}
}

TEST_F(accept, keeps_the_uncleared_out)
{
	struct talk said = { .putter = PUTTER(true), .taker = TAKER(UNCLEARED, UNCLEARED) };

	for (int early = 0; early < 2; early++) {
		accept_talk(_metadata, early, &said);
		deed_end(&said.taken);
		EXPECT_ALLOWED(&said.put);
		EXPECT_KEPT_OUT(&said.taken, MIFENG_OP_RECEIVE);
	}
}

/* The service holds the listening socket; the test lets go of it. */
static int accept_all(void)
{
	int status;

	for (;;) {
		channel.out = accept(listening, NULL, NULL);
		if (channel.out < 0)
			return errno;
		channel.in = -1;
		status = take_message();
		if (status != GOT_NOTHING)
			return status;
	}
}

TEST_F(accept, does_not_reach_services)
{
	struct deed service = TAKER(0, SERVICE), writer = PUTTER(true);
	struct outcome served, tainted, ordinary;

	service.act = accept_all;
	writer.act = connect_and_put;
	served = deed_start(&service);
	tainted = deed_start(&writer);
	writer.taint = false;
	ordinary = deed_start(&writer);
	close(listening);
	ASSERT_RIGHT(deed_ready(&served));
	ASSERT_RIGHT(deed_ready(&tainted));
	ASSERT_RIGHT(deed_ready(&ordinary));
	if (!baseline()) {
		deed_go(&tainted);
		deed_end(&tainted);
		/* Its connection or what it sends: either is early enough. */
		EXPECT_DENIED(&tainted, EACCES, 0, MIFENG_REASON_PINNED_PEER, NULL);
	}
	deed_go(&ordinary);
	deed_end(&ordinary);
	EXPECT_ALLOWED(&ordinary);
	deed_go(&served);
	deed_end(&served);
	EXPECT_ORDINARY(&served);
	if (baseline()) {
		kill(tainted.pid, SIGKILL);
		deed_end(&tainted);
	}
}

/* Names of sockets are seen by everybody who looks at /proc/net/unix. */
FIXTURE(name) {};

static struct sockaddr_un listener;

FIXTURE_SETUP(name)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(name)
{
	stage_close();
}

static int bind_abstract(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	named(true);
	return fd < 0 ? TROUBLE : result(bind(fd, (struct sockaddr *)&address, address_size));
}

static int bind_automatically(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	address.sun_family = AF_UNIX;
	return fd < 0 ? TROUBLE :
			result(bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)));
}

static int bind_path(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sun_family = AF_UNIX;
	strcpy(address.sun_path, "socket");
	unlink("socket");
	return fd < 0 ? TROUBLE : result(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

#define EXPECT_NAME(act_, place_, denied_)						\
	do {										\
		struct deed deed_ = DEED(true, place_, act_);				\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		if (denied_)								\
			EXPECT_DENIED(&outcome_, EACCES, 0, MIFENG_REASON_UNMARKED_PATH, NULL);	\
		else									\
			EXPECT_ALLOWED(&outcome_);					\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

TEST_F(name, abstract)
{
	EXPECT_NAME(bind_abstract, PLACE_UNMARKED, true);
}

TEST_F(name, automatic)
{
	EXPECT_NAME(bind_automatically, PLACE_UNMARKED, false);
}

TEST_F(name, path)
{
	EXPECT_NAME(bind_path, PLACE_UNMARKED, true);
	EXPECT_NAME(bind_path, PLACE_ZONE, false);
}

static int bind_then_connect(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	error = fd < 0 ? TROUBLE : result(bind(fd, (struct sockaddr *)&address, address_size));
	return error ? error : result(connect(fd, (struct sockaddr *)&listener, sizeof(listener)));
}

static int connect_then_bind(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

	error = fd < 0 ? TROUBLE :
			 result(connect(fd, (struct sockaddr *)&listener, sizeof(listener)));
	return error ? error : result(bind(fd, (struct sockaddr *)&address, address_size));
}

static int bind_one_of_a_pair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0)
		return TROUBLE;
	return result(bind(ends[0], (struct sockaddr *)&address, address_size));
}

/* Wants to know its peers, so that the kernel names it, even if nobody is there. */
static int try_names(void)
{
	const struct sockaddr_un nobody = { .sun_family = AF_UNIX, .sun_path = "/nobody" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) < 0)
		return TROUBLE;
	if (connect(fd, (const struct sockaddr *)&nobody, sizeof(nobody)) == 0)
		return TROUBLE;
	return result(connect(fd, (struct sockaddr *)&listener, sizeof(listener)));
}

static int connect_with_credentials(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) < 0)
		return TROUBLE;
	return result(connect(fd, (struct sockaddr *)&listener, sizeof(listener)));
}

/* A socket's name is told to who is at its other end, who has not received anything yet. */
TEST_F(name, told_to_the_peer)
{
	static int (*const acts[])(void) = {
		bind_then_connect, connect_then_bind, bind_one_of_a_pair, try_names,
	};
	struct deed once = DEED(true, PLACE_ZONE, connect_with_credentials);
	struct outcome connected;
	int accepting = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	listener.sun_family = AF_UNIX;
	strcpy(listener.sun_path, path_join(stage.directory[PLACE_UNMARKED], "listener"));
	ASSERT_EQ(0, bind(accepting, (struct sockaddr *)&listener, sizeof(listener)));
	ASSERT_EQ(0, chmod(listener.sun_path, 0777));
	ASSERT_EQ(0, listen(accepting, 16));
	for (size_t i = 0; i < COUNT(acts); i++) {
		struct deed deed = DEED(true, PLACE_ZONE, acts[i]);
		struct outcome outcome;

		address = (struct sockaddr_un){ .sun_family = AF_UNIX };
		strcpy(address.sun_path, path_join(stage.directory[PLACE_ZONE], "a-word"));
		address_size = sizeof(address);
		outcome = deed_do(&deed);
		EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CONNECT, MIFENG_REASON_FACILITY, NULL);
		unlink(address.sun_path);
		/* elsewhere: the names in the zone's directory are classified now */
		strcpy(address.sun_path, path_join(stage.directory[PLACE_UNMARKED], "a-word"));
		deed.directory = "/";
		deed.taint = false;
		outcome = deed_do(&deed);
		EXPECT_ALLOWED(&outcome);
		unlink(address.sun_path);
	}
	connected = deed_do(&once);
	EXPECT_ALLOWED(&connected);
	close(accepting);
}

/* Nothing of what programs may do wrong becomes a refusal, or a way round one. */
static int send_strangely(void)
{
	static char piece[4096];
	char *volatile nowhere = NULL;
	struct iovec pieces[1024];
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 1024 };

	close(channel.out);
	if (send(-1, "y", 1, 0) >= 0 || errno != EBADF)
		return EIO;
	if (send(channel.in, nowhere, 64, MSG_NOSIGNAL) >= 0 || errno != EFAULT)
		return EIO;
	for (size_t i = 0; i < 1024; i++)
		pieces[i] = (struct iovec){ piece, sizeof(piece) };
	return sendmsg(channel.in, &message, MSG_NOSIGNAL) == 1024 * (ssize_t)sizeof(piece) ?
		       0 : EIO;
}

static int receive_all(void)
{
	static char piece[65536];

	close(channel.in);
	while (recv(channel.out, piece, sizeof(piece), 0) > 0)
		;
	return probe();
}

TEST_F(stream, strange_calls)
{
	struct talk said = {
		.putter = PUTTER(true), .taker = TAKER(CLEARED, CLEARED),
		.blocked_in = SYS_recvfrom,
	};

	ASSERT_RIGHT(stream_pair());
	said.putter.act = send_strangely;
	said.taker.act = receive_all;
	ASSERT_RIGHT(talk(&said));
	EXPECT_ALLOWED(&said.put);
	EXPECT_RAISED(&said.taken);
}

TEST_HARNESS_MAIN
