// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote.h"

#include <endian.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#define REMOTE_SIZE	4096	/* of a file */
#define REMOTE_MESSAGE	8192
#define FIDS		256
#define NONE_THERE	0xff
#define REMOTE_MARK	"mark" /* to look for that makes the mark: a deed shares no memory */

/* The messages of 9P2000.L that are answered; an answer's number is one more. */
enum {
	R_ERROR = 7,
	T_STATFS = 8,
	T_OPEN = 12,
	T_GETATTR = 24,
	T_XATTRWALK = 30,
	T_READDIR = 40,
	T_VERSION = 100,
	T_ATTACH = 104,
	T_FLUSH = 108,
	T_WALK = 110,
	T_READ = 116,
	T_CLUNK = 120,
};

static const struct {
	uint8_t parent;
	const char *name;
	uint32_t mode;
} remote_things[] = {
	{ NONE_THERE, "/", S_IFDIR | 0777 },
	{ 0, "file", S_IFREG | 0666 },
	{ 0, "directory", S_IFDIR | 0777 },
	{ 2, "file", S_IFREG | 0666 },
};

#define REMOTE_THINGS (sizeof(remote_things) / sizeof(remote_things[0]))

/* What the server has been asked, and how much of that was before the mark. */
static struct {
	atomic_uint asked;
	atomic_uint before;
} *remote_counts;

static pid_t remote_server;

struct reply {
	uint8_t bytes[REMOTE_MESSAGE];
	size_t size;
};

static void put(struct reply *reply, uint64_t number, size_t size)
{
	number = htole64(number);
	memcpy(reply->bytes + reply->size, &number, size);
	reply->size += size;
}

static uint64_t get(const uint8_t **at, size_t size)
{
	uint64_t number = 0;

	memcpy(&number, *at, size);
	*at += size;
	return le64toh(number);
}

static void put_qid(struct reply *reply, uint8_t thing)
{
	put(reply, S_ISDIR(remote_things[thing].mode) ? 0x80 : 0, 1);
	put(reply, 1, 4);
	put(reply, thing + 1, 8);
}

static void put_attributes(struct reply *reply, uint8_t thing)
{
	const bool directory = S_ISDIR(remote_things[thing].mode);

	put(reply, 0x7ff, 8);
	put_qid(reply, thing);
	put(reply, remote_things[thing].mode, 4);
	put(reply, 0, 8); /* uid, gid */
	put(reply, 1, 8);
	put(reply, 0, 8);
	put(reply, directory ? 0 : REMOTE_SIZE, 8);
	put(reply, 4096, 8);
	for (int i = 0; i < 11; i++) /* blocks, times, generation, version */
		put(reply, 0, 8);
}

static uint8_t child_of(uint8_t parent, const uint8_t *name, size_t length)
{
	for (uint8_t i = 0; i < REMOTE_THINGS; i++)
		if (remote_things[i].parent == parent &&
		    strlen(remote_things[i].name) == length &&
		    !memcmp(remote_things[i].name, name, length))
			return i;
	return NONE_THERE;
}

/* Answers an errno. */
static int walk(struct reply *reply, uint8_t *fids, uint32_t fid, const uint8_t *at)
{
	uint32_t new_fid = get(&at, 4) % FIDS;
	uint16_t count = get(&at, 2), i;
	size_t counted = reply->size;
	uint8_t here = fids[fid];

	put(reply, 0, 2);
	for (i = 0; i < count; i++) {
		size_t length = get(&at, 2);
		uint8_t next = child_of(here, at, length);

		if (length == strlen(REMOTE_MARK) && !memcmp(at, REMOTE_MARK, length))
			atomic_store(&remote_counts->before, atomic_load(&remote_counts->asked));
		at += length;
		if (next == NONE_THERE)
			break;
		here = next;
		put_qid(reply, here);
	}
	if (count && !i)
		return ENOENT;
	reply->bytes[counted] = i;
	if (i == count)
		fids[new_fid] = here;
	return 0;
}

static void list(struct reply *reply, uint8_t thing, uint64_t from)
{
	size_t counted = reply->size;

	put(reply, 0, 4);
	for (uint64_t i = from; i < REMOTE_THINGS; i++) {
		size_t length = strlen(remote_things[i].name);

		if (remote_things[i].parent != thing)
			continue;
		put_qid(reply, i);
		put(reply, i + 1, 8);
		put(reply, remote_things[i].mode >> 12, 1);
		put(reply, length, 2);
		memcpy(reply->bytes + reply->size, remote_things[i].name, length);
		reply->size += length;
	}
	reply->bytes[counted] = reply->size - counted - 4;
}

static void read_file(struct reply *reply, uint64_t from, uint32_t count)
{
	uint64_t left = from < REMOTE_SIZE ? REMOTE_SIZE - from : 0;

	if (count > left)
		count = left;
	put(reply, count, 4);
	memset(reply->bytes + reply->size, 'r', count);
	reply->size += count;
}

static int answer_one(struct reply *reply, uint8_t *fids, uint8_t type, const uint8_t *at)
{
	uint32_t fid;

	if (type == T_VERSION) {
		put(reply, get(&at, 4), 4);
		put(reply, 8, 2);
		memcpy(reply->bytes + reply->size, "9P2000.L", 8);
		reply->size += 8;
		return 0;
	}
	if (type == T_FLUSH)
		return 0;
	fid = get(&at, 4) % FIDS;
	switch (type) {
	case T_ATTACH:
		fids[fid] = 0;
		put_qid(reply, 0);
		return 0;
	case T_WALK:
		return walk(reply, fids, fid, at);
	case T_GETATTR:
		put_attributes(reply, fids[fid]);
		return 0;
	case T_OPEN:
		put_qid(reply, fids[fid]);
		put(reply, 0, 4);
		return 0;
	case T_READ: {
		uint64_t from = get(&at, 8);

		read_file(reply, from, get(&at, 4));
		return 0;
	}
	case T_READDIR:
		list(reply, fids[fid], get(&at, 8));
		return 0;
	case T_STATFS:
		put(reply, 0x01021997, 4);
		put(reply, 4096, 4);
		for (int i = 0; i < 6; i++)
			put(reply, 0, 8);
		put(reply, 255, 4);
		return 0;
	case T_CLUNK:
		return 0;
	case T_XATTRWALK:
		return ENODATA;
	default:
		return EPERM;
	}
}

static bool receive(int connection, uint8_t *bytes, size_t size)
{
	return recv(connection, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

static _Noreturn void remote_serve(int connection)
{
	static uint8_t request[REMOTE_MESSAGE], fids[FIDS];
	static struct reply reply;

	while (receive(connection, request, 7)) {
		const uint8_t *at = request;
		uint32_t size = get(&at, 4);
		uint8_t type = get(&at, 1);
		int error;

		if (size < 7 || size > sizeof(request) ||
		    (size > 7 && !receive(connection, request + 7, size - 7)))
			break;
		if (type != T_CLUNK && type != T_FLUSH)
			atomic_fetch_add(&remote_counts->asked, 1);
		memcpy(reply.bytes + 5, request + 5, 2);
		reply.size = 7;
		error = answer_one(&reply, fids, type, request + 7);
		reply.bytes[4] = error ? R_ERROR : type + 1;
		if (error) {
			reply.size = 7;
			put(&reply, error, 4);
		}
		size = reply.size;
		reply.size = 0;
		put(&reply, size, 4);
		if (send(connection, reply.bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
			break;
	}
	_exit(0);
}

const char *remote_mount(const char *where)
{
	char options[128];
	int ends[2], error;

	remote_counts = mmap(NULL, sizeof(*remote_counts), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (remote_counts == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return "there is nothing to speak to a server by";
	remote_server = fork();
	if (!remote_server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		remote_serve(ends[1]);
	}
	close(ends[1]);
	snprintf(options, sizeof(options),
		 "trans=fd,rfdno=%d,wfdno=%d,version=9p2000.L,access=any,msize=4096", ends[0],
		 ends[0]);
	error = remote_server < 0 || mount("remote", where, "9p", 0, options) ? errno : 0;
	close(ends[0]);
	return error ? strerror(error) : NULL;
}

void remote_unmount(const char *where)
{
	umount2(where, MNT_DETACH);
	if (remote_server > 0) {
		kill(remote_server, SIGKILL);
		waitpid(remote_server, NULL, 0);
	}
	munmap(remote_counts, sizeof(*remote_counts));
}

int remote_mark(const char *where)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/" REMOTE_MARK, where);
	return access(path, F_OK) < 0 && errno == ENOENT ? 0 : EEXIST;
}

unsigned int remote_asked(void)
{
	return atomic_load(&remote_counts->asked) - atomic_load(&remote_counts->before);
}
