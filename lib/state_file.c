// SPDX-License-Identifier: GPL-2.0-or-later
#include "state_file.h"
#include "write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_NAME	"label.key"
#define LOCK_NAME	"lock"
#define NAME_SIZE	64

int state_open(const char *path)
{
	int fd;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int state_lock(int state)
{
	int fd, r;

	fd = openat(state, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
		close(fd);
		return r;
	}
	return fd;
}

/* Left over by a crash, NAME.new was never the file: it may go. */
static int write_new(int state, const char *name, const void *data, size_t size)
{
	int fd, r;

	unlinkat(state, name, 0);
	fd = openat(state, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, data, size);
	if (r >= 0 && fsync(fd) < 0)
		r = -errno;
	close(fd);
	return r;
}

int state_write(int state, const char *name, const void *data, size_t size, bool exclusive)
{
	char new_name[NAME_SIZE];
	int r;

	snprintf(new_name, sizeof(new_name), "%s.new", name);
	r = write_new(state, new_name, data, size);
	/* link() refuses to replace, rename() replaces. */
	if (r >= 0 && exclusive && linkat(state, new_name, state, name, 0) < 0)
		r = -errno;
	if (r >= 0 && !exclusive && renameat(state, new_name, state, name) < 0)
		r = -errno;
	if (r < 0 || exclusive)
		unlinkat(state, new_name, 0);
	if (r >= 0 && fsync(state) < 0)
		r = -errno;
	return r;
}

int state_read(int state, const char *name, size_t max, char **ret, size_t *ret_size)
{
	size_t size, done = 0;
	struct stat st;
	char *data;
	int fd, r = 0;

	fd = openat(state, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		r = -errno;
		goto close_fd;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > (off_t)max) {
		r = -EFBIG;
		goto close_fd;
	}
	size = (size_t)st.st_size;
	data = malloc(size + 1);
	if (!data) {
		r = -ENOMEM;
		goto close_fd;
	}
	while (done < size) {
		ssize_t got = read(fd, data + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			r = got < 0 ? -errno : -EBADMSG;
			free(data);
			goto close_fd;
		}
		done += (size_t)got;
	}
	data[size] = '\0';
	*ret = data;
	*ret_size = size;
close_fd:
	close(fd);
	return r;
}

static int read_key(int state, uint8_t ret[MIFENG_KEY_SIZE])
{
	char *data = NULL;
	struct stat st;
	size_t size;
	int r;

	r = state_read(state, KEY_NAME, 4096, &data, &size);
	if (r < 0)
		return r == -EFBIG ? -EBADMSG : r;
	if (size != MIFENG_KEY_SIZE)
		r = -EBADMSG;
	else if (fstatat(state, KEY_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	else if (st.st_mode & 077)
		r = -EACCES;
	else
		memcpy(ret, data, MIFENG_KEY_SIZE);
	explicit_bzero(data, size);
	free(data);
	return r;
}

int state_key(int state, uint8_t ret[MIFENG_KEY_SIZE], bool *ret_made)
{
	uint8_t key[MIFENG_KEY_SIZE];
	bool made = false;
	int r;

	r = read_key(state, key);
	if (r == -ENOENT) {
		if (getrandom(key, sizeof(key), 0) != sizeof(key))
			return -EIO;
		r = state_write(state, KEY_NAME, key, sizeof(key), true);
		made = r >= 0;
	}
	if (r >= 0) {
		memcpy(ret, key, sizeof(key));
		if (ret_made)
			*ret_made = made;
	}
	explicit_bzero(key, sizeof(key));
	return r;
}
