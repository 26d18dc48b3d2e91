// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuse.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "uapi/mifeng.h"

#define FUSE_SECONDS	15
#define FUSE_BUFFER	(FUSE_MIN_READ_BUFFER + 131072)
#define STALLED_MAX	16
#define FUSE_MARK	"mark\n"

enum node {
	NODE_ROOT = FUSE_ROOT_ID,
	NODE_FILE,
	NODE_STALL,
	NODE_DIRECTORY,
	NODE_LINK,
	NODE_INNER,
	NODE_ONCE,
};

/**
 * struct thing - what is on the filesystem
 * @parent: the directory it is in
 * @name: its name there
 * @mode: type and permissions
 */
static const struct thing {
	enum node parent;
	const char *name;
	mode_t mode;
} things[] = {
	[NODE_ROOT] = { 0, "/", S_IFDIR | 0777 },
	[NODE_FILE] = { NODE_ROOT, "file", S_IFREG | 0777 },
	[NODE_STALL] = { NODE_ROOT, "stall", S_IFREG | 0777 },
	[NODE_DIRECTORY] = { NODE_ROOT, "directory", S_IFDIR | 0777 },
	[NODE_LINK] = { NODE_ROOT, "link", S_IFLNK | 0777 },
	[NODE_INNER] = { NODE_DIRECTORY, "file", S_IFREG | 0777 },
	[NODE_ONCE] = { NODE_ROOT, "once", S_IFREG | 0777 },
};

#define THINGS (sizeof(things) / sizeof(things[0]))

/**
 * struct server - the server's own state
 * @device: its connection
 * @uid: who it serves, as it is told
 * @gid: likewise
 * @released: nothing stalls any more
 * @gone: "once" has been looked up
 * @stalled: reads that wait
 * @stalled_count: how many
 */
struct server {
	int device;
	uid_t uid;
	gid_t gid;
	bool released;
	bool gone;
	struct {
		uint64_t unique;
		uint32_t size;
	} stalled[STALLED_MAX];
	size_t stalled_count;
};

static int fuse_list_fd = -1;
static pid_t fuse_server_pid;

const char *fuse_list_open(void)
{
	const char *path = path_join(stage.directory[PLACE_UNMARKED], "requests");

	fuse_list_fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	return fuse_list_fd < 0 ? "the list of requests cannot be made" : NULL;
}

void fuse_list_close(void)
{
	close(fuse_list_fd);
	fuse_list_fd = -1;
}

static const char *word_of(uint32_t opcode)
{
	static const char *const words[] = {
		[FUSE_LOOKUP] = "LOOKUP",	[FUSE_FORGET] = "FORGET",
		[FUSE_GETATTR] = "GETATTR",	[FUSE_SETATTR] = "SETATTR",
		[FUSE_READLINK] = "READLINK",	[FUSE_OPEN] = "OPEN",
		[FUSE_READ] = "READ",		[FUSE_WRITE] = "WRITE",
		[FUSE_STATFS] = "STATFS",	[FUSE_RELEASE] = "RELEASE",
		[FUSE_FSYNC] = "FSYNC",		[FUSE_SETXATTR] = "SETXATTR",
		[FUSE_GETXATTR] = "GETXATTR",	[FUSE_LISTXATTR] = "LISTXATTR",
		[FUSE_FLUSH] = "FLUSH",		[FUSE_INIT] = "INIT",
		[FUSE_OPENDIR] = "OPENDIR",	[FUSE_READDIR] = "READDIR",
		[FUSE_RELEASEDIR] = "RELEASEDIR", [FUSE_FSYNCDIR] = "FSYNCDIR",
		[FUSE_ACCESS] = "ACCESS",	[FUSE_CREATE] = "CREATE",
		[FUSE_INTERRUPT] = "INTERRUPT",	[FUSE_DESTROY] = "DESTROY",
		[FUSE_IOCTL] = "IOCTL",		[FUSE_POLL] = "POLL",
		[FUSE_BATCH_FORGET] = "BATCH_FORGET", [FUSE_LSEEK] = "LSEEK",
		[FUSE_SETLK] = "SETLK",		[FUSE_GETLK] = "GETLK",
	};

	if (opcode < sizeof(words) / sizeof(words[0]) && words[opcode])
		return words[opcode];
	return "OTHER";
}

static const char *name_of(uint64_t node)
{
	return node && node < THINGS ? things[node].name : "-";
}

/* One line: who, what, about what, and a name that is looked for. */
static void note(const struct fuse_in_header *head, const char *detail)
{
	char line[512];
	int length = snprintf(line, sizeof(line), "%u %s %s %.255s\n", head->pid,
			      word_of(head->opcode), name_of(head->nodeid), detail);

	if (fuse_list_fd >= 0 && write(fuse_list_fd, line, length) != length)
		_exit(1);
}

static void fuse_reply(const struct server *server, uint64_t unique, int error, const void *body,
		       size_t size)
{
	struct fuse_out_header head = {
		.len = sizeof(head) + (error ? 0 : size), .error = -error, .unique = unique,
	};
	struct iovec pieces[] = { { &head, sizeof(head) }, { (void *)body, error ? 0 : size } };

	/* the one who asked may have gone meanwhile */
	(void)!writev(server->device, pieces, 2);
}

static struct fuse_attr attributes_of(const struct server *server, uint64_t node)
{
	const struct thing *thing = &things[node < THINGS && node ? node : NODE_FILE];
	struct fuse_attr attributes = {
		.ino = node, .mode = thing->mode, .nlink = 1, .blksize = 4096,
		.uid = server->uid, .gid = server->gid,
	};

	if (S_ISREG(thing->mode))
		attributes.size = FUSE_FILE_SIZE;
	return attributes;
}

static void look_up(struct server *server, const struct fuse_in_header *head,
		    const char *name)
{
	for (uint64_t node = 1; node < THINGS; node++) {
		struct fuse_entry_out entry = {
			.nodeid = node, .generation = 1, .attr = attributes_of(server, node),
		};

		if (things[node].parent != head->nodeid || strcmp(things[node].name, name))
			continue;
		if (node == NODE_ONCE && server->gone)
			break;
		server->gone |= node == NODE_ONCE;
		fuse_reply(server, head->unique, 0, &entry, sizeof(entry));
		return;
	}
	fuse_reply(server, head->unique, ENOENT, NULL, 0);
}

static void give_content(const struct server *server, uint64_t unique, uint32_t size)
{
	static char content[FUSE_FILE_SIZE];

	memset(content, 'f', sizeof(content));
	fuse_reply(server, unique, 0, content, size < sizeof(content) ? size : sizeof(content));
}

static void read_content(struct server *server, const struct fuse_in_header *head,
			 const struct fuse_read_in *in)
{
	uint32_t size = in->offset >= FUSE_FILE_SIZE ? 0 : FUSE_FILE_SIZE - in->offset;

	if (size > in->size)
		size = in->size;
	if (head->nodeid != NODE_STALL || server->released ||
	    server->stalled_count == STALLED_MAX) {
		give_content(server, head->unique, size);
		return;
	}
	server->stalled[server->stalled_count].unique = head->unique;
	server->stalled[server->stalled_count++].size = size;
}

static void release(struct server *server)
{
	server->released = true;
	while (server->stalled_count) {
		server->stalled_count--;
		give_content(server, server->stalled[server->stalled_count].unique,
			     server->stalled[server->stalled_count].size);
	}
}

static void answer_listing(const struct server *server, const struct fuse_in_header *head,
			   const struct fuse_read_in *in)
{
	char bytes[512] = { 0 };
	size_t size = 0;

	for (uint64_t node = in->offset + 1; node < THINGS; node++) {
		struct fuse_dirent *entry = (struct fuse_dirent *)(bytes + size);

		if (things[node].parent != head->nodeid)
			continue;
		entry->ino = node;
		entry->off = node;
		entry->namelen = strlen(things[node].name);
		entry->type = things[node].mode >> 12;
		memcpy(entry->name, things[node].name, entry->namelen);
		size += FUSE_DIRENT_SIZE(entry);
	}
	fuse_reply(server, head->unique, 0, bytes, size);
}

static void answer(struct server *server, const struct fuse_in_header *head, const void *body)
{
	const uint64_t unique = head->unique;

	switch (head->opcode) {
	case FUSE_INIT: {
		struct fuse_init_out out = {
			.major = FUSE_KERNEL_VERSION, .minor = 31, .max_readahead = 4096,
			.flags = FUSE_ASYNC_READ, .max_write = 4096,
			.max_background = STALLED_MAX,
		};
		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_LOOKUP:
		look_up(server, head, body);
		break;
	case FUSE_GETATTR:
	case FUSE_SETATTR: {
		struct fuse_attr_out out = { .attr = attributes_of(server, head->nodeid) };

		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_READLINK:
		fuse_reply(server, unique, 0, "file", 4);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR: {
		struct fuse_open_out out = { .fh = head->nodeid };

		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_READ:
		read_content(server, head, body);
		break;
	case FUSE_WRITE: {
		struct fuse_write_out out = { .size = ((const struct fuse_write_in *)body)->size };

		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_READDIR:
		answer_listing(server, head, body);
		break;
	case FUSE_STATFS: {
		struct fuse_statfs_out out = { .st = { .bsize = 4096, .namelen = 255 } };

		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_LSEEK: {
		struct fuse_lseek_out out = { .offset = 0 };

		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_POLL: {
		struct fuse_poll_out out = { .revents = POLLIN };

		fuse_reply(server, unique, 0, &out, sizeof(out));
		break;
	}
	case FUSE_GETXATTR: {
		/* to whoever asks, every file here is labelled */
		static const char label[64] = { 1, DOCUMENT_LEVEL };
		const struct fuse_getxattr_in *in = body;
		struct fuse_getxattr_out out = { .size = sizeof(label) };
		const char *name = (const char *)(in + 1);
		bool known = !strcmp(name, MIFENG_XATTR_NAME) || !strcmp(name, "user.x");

		fuse_reply(server, unique, known ? 0 : ENODATA,
			   in->size ? (const void *)label : &out,
			   in->size ? sizeof(label) : sizeof(out));
		break;
	}
	case FUSE_LISTXATTR: {
		struct fuse_getxattr_out out = { 0 };

		fuse_reply(server, unique, 0, &out,
			   ((const struct fuse_getxattr_in *)body)->size ? 0 : sizeof(out));
		break;
	}
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
	case FUSE_FSYNC:
	case FUSE_FSYNCDIR:
	case FUSE_ACCESS:
	case FUSE_DESTROY:
	case FUSE_SETXATTR:
		fuse_reply(server, unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		fuse_reply(server, unique, EPERM, NULL, 0);
	}
}

/* True until the filesystem has gone. */
static bool serve_one(struct server *server)
{
	static char bytes[FUSE_BUFFER];
	const struct fuse_in_header *head = (const void *)bytes;
	const char *body = bytes + sizeof(*head);
	char detail[32] = "";
	ssize_t size;

	size = read(server->device, bytes, sizeof(bytes) - 1);
	if (size < 0)
		return errno == EINTR || errno == EAGAIN || errno == ENOENT;
	bytes[size] = '\0';
	if (head->opcode == FUSE_READ)
		snprintf(detail, sizeof(detail), "%llu",
			 (unsigned long long)((const struct fuse_read_in *)body)->offset);
	note(head, head->opcode == FUSE_LOOKUP ? body : detail);
	answer(server, head, body);
	return true;
}

static _Noreturn void serve(int device, uid_t uid)
{
	struct server server = { .uid = uid, .gid = uid };
	struct pollfd wait[2] = { { .events = POLLIN }, { .events = POLLIN } };
	sigset_t signals;

	/* Of what the deed has open, nothing is the server's: it would be another end of it. */
	server.device = fcntl(device, F_DUPFD, 100);
	if (fuse_list_fd >= 0)
		fuse_list_fd = fcntl(fuse_list_fd, F_DUPFD, 101);
	if (server.device != 100 || (fuse_list_fd >= 0 && fuse_list_fd != 101))
		_exit(1);
	close_range(3, 99, 0);
	close_range(102, ~0U, 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	wait[0].fd = server.device;
	wait[1].fd = signalfd(-1, &signals, SFD_CLOEXEC);
	while (poll(wait, 2, -1) > 0 || errno == EINTR) {
		struct signalfd_siginfo told;

		if (wait[1].revents && read(wait[1].fd, &told, sizeof(told)) == sizeof(told))
			release(&server);
		if (wait[0].revents && !serve_one(&server))
			break;
	}
	_exit(0);
}

static int mount_served(const char *where, const char *more)
{
	char options[128];
	sigset_t signals, before;
	int device;

	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (device < 0)
		return errno;
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0%s", device,
		 more);
	if (mount("served", where, "fuse", MS_NOSUID | MS_NODEV, options) < 0)
		return errno;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, &before);
	fuse_server_pid = fork();
	if (!fuse_server_pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(device, 0);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(device);
	return fuse_server_pid < 0 ? errno : 0;
}

int fuse_mount(const char *where)
{
	int error = namespace_enter(CLONE_NEWNS, 0);

	return error ? error : mount_served(where, "");
}

int fuse_mount_as_root(const char *where)
{
	return mount_served(where, ",allow_other");
}

pid_t fuse_server(void)
{
	return fuse_server_pid;
}

void fuse_release(void)
{
	kill(fuse_server_pid, SIGUSR1);
}

int fuse_mark(void)
{
	return result(write(fuse_list_fd, FUSE_MARK, strlen(FUSE_MARK)));
}

const char *fuse_list(void)
{
	static char list[65536];
	ssize_t size = pread(fuse_list_fd, list, sizeof(list) - 1, 0);

	list[size < 0 ? 0 : size] = '\0';
	return list;
}

/* What the kernel says when it forgets, and when the namespace of a deed that has ended goes. */
static bool is_by_itself(const char *words)
{
	return !strncmp(words, "FORGET", 6) || !strncmp(words, "BATCH_FORGET", 12) ||
	       !strncmp(words, "DESTROY", 7);
}

int fuse_asked(pid_t pid, const char *request)
{
	const char *list = fuse_list(), *line, *mark;
	int asked = 0;

	for (line = list; (mark = strstr(line, FUSE_MARK)); line = mark + strlen(FUSE_MARK))
		;
	for (; *line; line = strchr(line, '\n') + 1) {
		const char *words = strchr(line, ' ') + 1;

		if ((!pid || atoi(line) == pid) &&
		    (request ? !strncmp(words, request, strlen(request)) : !is_by_itself(words)))
			asked++;
	}
	return asked;
}

int fuse_wait(const char *request)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	struct timespec now, end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += FUSE_SECONDS;
	do {
		if (strstr(fuse_list(), request))
			return 0;
		nanosleep(&moment, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec);
	return ETIME;
}
