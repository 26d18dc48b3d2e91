// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walking trees with several threads, to find the few files that have a label among the many that
 * have none. Those cost a share of getdents and one getxattr each, and no more: nothing is
 * opened, because opening a classified file may be refused, would be recorded, and to open
 * what is no file may have effects.
 *
 * Each thread has a working directory of its own (CLONE_FS is unshared), the directory it reads,
 * so that names need no path. What is in a directory is pushed on one stack, which keeps what is
 * waiting as deep and not as wide as the tree is. A directory with others in it stays open until
 * they are, as long as there are descriptors to spare (inspect_open.c).
 *
 * What one directory has brought is committed at once, when it is done: that is what makes an
 * inspection resumable.
 */
#include "inspect_worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <mifeng.h>

#include "inspect_node.h"
#include "inspect_seen.h"
#include "text_buffer.h"

#define STACK_SIZE	(512U << 10)
#define FINDINGS_MAX	4096 /* of one directory before they are told */
#define KEPT_MAX	8192 /* directories that are open for those below them */

static void fail(struct walk *walk, int error)
{
	pthread_mutex_lock(&walk->lock);
	if (!walk->error)
		walk->error = error;
	walk->stopping = true;
	pthread_cond_broadcast(&walk->changed);
	pthread_mutex_unlock(&walk->lock);
}

/* Room for one more in an array of @capacity; NULL without memory. */
static void *room(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t more = *capacity ? 2 * *capacity : 16;

	if (count < *capacity)
		return array;
	array = reallocarray(array, more, size);
	if (array)
		*capacity = more;
	return array;
}

static void forget_findings(struct walk_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		free(batch->finding[i].name);
	batch->count = 0;
}

/* What there is goes to the user of the walk; the directory goes on. */
static void flush(struct worker *worker)
{
	struct walk *walk = worker->walk;
	struct walk_batch part = { .finding = worker->batch.finding, .count = worker->batch.count };

	pthread_mutex_lock(&walk->commit_lock);
	walk->calls->commit(worker->node, &part, walk->userdata);
	pthread_mutex_unlock(&walk->commit_lock);
	forget_findings(&worker->batch);
}

static void add_finding(struct worker *worker, const struct finding *finding, const char *name)
{
	struct walk_batch *batch = &worker->batch;
	struct finding *more, *added;

	if (batch->count >= FINDINGS_MAX)
		flush(worker);
	more = room(batch->finding, batch->count, &worker->findings, sizeof(*more));
	if (!more) {
		fail(worker->walk, -ENOMEM);
		return;
	}
	batch->finding = more;
	added = &more[batch->count];
	*added = *finding;
	added->name = name ? strdup(name) : NULL;
	if (name && !added->name) {
		fail(worker->walk, -ENOMEM);
		return;
	}
	batch->count++;
}

static void add_child(struct worker *worker, const char *name)
{
	struct walk_batch *batch = &worker->batch;
	struct node **more;

	more = room(batch->child, batch->children, &worker->children, sizeof(*more));
	if (more) {
		batch->child = more;
		more[batch->children] = node_new(worker->node, name);
	}
	if (!more || !more[batch->children]) {
		fail(worker->walk, -ENOMEM);
		return;
	}
	batch->children++;
}

/* One line a directory, however many of its files cannot be looked at for the same reason. */
static void not_seen(struct worker *worker, const char *name, int error)
{
	const struct finding finding = { .kind = FINDING_UNSEEN, .error = error };

	if (error == ENOENT || error == ESTALE) {
		worker->batch.counts.vanished++;
		return;
	}
	if (error == EACCES || error == EPERM) {
		if (worker->refused)
			return;
		worker->refused = true;
		name = NULL;
	}
	add_finding(worker, &finding, name);
}

/* True if the object has not been told of by another name. */
static bool is_new(struct worker *worker, const struct finding *finding)
{
	const bool once = worker->tree->whole || worker->walk->options.single_filesystem;
	int added;

	if (once && !finding->linked)
		return true;
	added = seen_add(&worker->walk->seen, finding->device << 1 | finding->names,
			 finding->inode);
	if (added < 0)
		fail(worker->walk, added);
	return added > 0;
}

/* There is a label on @fd. */
static void found(struct worker *worker, int fd, const char *name, struct finding *finding)
{
	struct stat info;

	if (fstat(fd, &info)) {
		not_seen(worker, name, errno);
		return;
	}
	finding->uid = info.st_uid;
	finding->mode = info.st_mode;
	finding->device = info.st_dev;
	finding->inode = info.st_ino;
	finding->linked = !S_ISDIR(info.st_mode) && info.st_nlink > 1;
	if (!is_new(worker, finding))
		return;
	label_from_bytes(finding->bytes, finding->size, &finding->label);
	if (worker->walk->calls->judge(fd, finding, worker->node, worker->walk->userdata))
		add_finding(worker, finding, name);
	else if (finding->names)
		worker->batch.counts.names++;
}

/* Sets the size of a label; false if there is none, or it cannot be read. */
static bool has_label(struct worker *worker, const char *name, ssize_t size,
		      struct finding *finding)
{
	if (size >= 0) {
		finding->size = (size_t)size;
		return true;
	}
	switch (errno) {
	case ENODATA:
	case EOPNOTSUPP:
		return false;
	case ERANGE:
		finding->size = LABEL_BYTES + 1;
		return true;
	default:
		not_seen(worker, name, errno);
		return false;
	}
}

/*
 * The name may be another object's by now: what the descriptor has is what is told. Where /proc
 * is not mounted, it is what the name had.
 */
static void look_at_labelled(struct worker *worker, const char *name, struct finding *finding)
{
	char link[40];
	ssize_t size;
	int fd;

	fd = open(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		not_seen(worker, name, errno);
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = getxattr(link, MIFENG_XATTR_NAME, finding->bytes, sizeof(finding->bytes));
	if (size >= 0 || errno != ENOENT) {
		if (has_label(worker, name, size, finding))
			found(worker, fd, name, finding);
	} else {
		found(worker, fd, name, finding);
	}
	close(fd);
}

static void look_at(struct worker *worker, const char *name)
{
	struct finding finding;
	uint8_t bytes[LABEL_BYTES];
	ssize_t size;

	worker->batch.counts.files++;
	size = lgetxattr(name, MIFENG_XATTR_NAME, bytes, sizeof(bytes));
	if (size < 0 && errno == ENODATA)
		return;
	finding = (struct finding){ .size = 0 };
	memcpy(finding.bytes, bytes, size > 0 ? (size_t)size : 0);
	if (has_label(worker, name, size, &finding))
		look_at_labelled(worker, name, &finding);
}

static void look_at_directory(struct worker *worker, int fd)
{
	struct finding finding = { 0 };
	ssize_t size;

	size = fgetxattr(fd, MIFENG_XATTR_NAME, finding.bytes, sizeof(finding.bytes));
	if (has_label(worker, NULL, size, &finding))
		found(worker, fd, NULL, &finding);
	finding = (struct finding){ .names = true };
	size = fgetxattr(fd, MIFENG_XATTR_NAMES, finding.bytes, sizeof(finding.bytes));
	if (has_label(worker, NULL, size, &finding))
		found(worker, fd, NULL, &finding);
}

static bool is_excluded(struct worker *worker, const char *name)
{
	const struct walk_options *options = &worker->walk->options;
	bool known = false;

	for (size_t i = 0; i < options->excludes; i++) {
		const char *pattern = options->exclude[i];

		if (!strchr(pattern, '/')) {
			if (!fnmatch(pattern, name, 0))
				return true;
			continue;
		}
		if (!known)
			node_path(worker->node, name, &worker->path);
		known = true;
		if (worker->path.failed) {
			fail(worker->walk, -ENOMEM);
			return false;
		}
		if (!fnmatch(pattern, worker->path.data, 0))
			return true;
	}
	return false;
}

static bool is_directory(struct worker *worker, const struct dirent64 *entry)
{
	struct stat info;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	if (fstatat(AT_FDCWD, entry->d_name, &info, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)) {
		not_seen(worker, entry->d_name, errno);
		return false;
	}
	return S_ISDIR(info.st_mode);
}

static void look_at_entry(struct worker *worker, const struct dirent64 *entry)
{
	const char *name = entry->d_name;

	if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])))
		return;
	if (worker->walk->options.excludes && is_excluded(worker, name))
		worker->batch.counts.excluded++;
	else if (is_directory(worker, entry))
		add_child(worker, name);
	else
		look_at(worker, name);
}

/* Returns false if the walk was stopped before the end. */
static bool read_entries(struct worker *worker, int fd)
{
	struct walk *walk = worker->walk;
	uint64_t told = 0;
	ssize_t size;

	while ((size = getdents64(fd, worker->dirents, sizeof(worker->dirents))) > 0) {
		for (ssize_t at = 0; at < size;) {
			const struct dirent64 *entry = (const void *)(worker->dirents + at);

			if (atomic_load_explicit(&walk->stopping, memory_order_relaxed))
				return false;
			look_at_entry(worker, entry);
			at += entry->d_reclen;
		}
		atomic_fetch_add_explicit(&walk->progress, worker->batch.counts.files - told,
					  memory_order_relaxed);
		told = worker->batch.counts.files;
	}
	if (size < 0)
		not_seen(worker, NULL, errno);
	return true;
}

/* What is done is told, and what is below it waits. */
static void commit(struct worker *worker, int fd)
{
	struct walk_batch *batch = &worker->batch;
	struct walk *walk = worker->walk;
	struct node *node = worker->node;

	pthread_mutex_lock(&walk->commit_lock);
	if (walk->number > UINT32_MAX - batch->children) {
		batch->done = false;
		fail(walk, -EOVERFLOW);
	}
	for (size_t i = 0; batch->done && i < batch->children; i++)
		batch->child[i]->id = ++walk->number;
	walk->calls->commit(node, batch, walk->userdata);
	pthread_mutex_unlock(&walk->commit_lock);

	pthread_mutex_lock(&walk->lock);
	for (size_t i = 0; i < batch->children; i++) {
		struct node **more = room(walk->stack, walk->depth, &walk->capacity,
					  sizeof(*more));

		if (more)
			walk->stack = more;
		if (!more || !batch->done) {
			node_put(batch->child[i]);
			if (!more && !walk->error)
				walk->error = -ENOMEM;
			walk->stopping |= !more;
			continue;
		}
		walk->stack[walk->depth++] = batch->child[i];
	}
	if (batch->children && batch->done && fd >= 0 && walk->kept < walk->kept_max) {
		node->fd = fd;
		node->waiting = (uint32_t)batch->children;
		walk->kept++;
		fd = -1;
	}
	node_put(node);
	if (walk->idle)
		pthread_cond_broadcast(&walk->changed);
	pthread_mutex_unlock(&walk->lock);
	if (fd >= 0)
		close(fd);
	forget_findings(batch);
}

/* A tree that is one file. */
static void look_at_single(struct worker *worker)
{
	struct finding finding = { 0 };
	char link[40];
	ssize_t size;

	worker->batch.counts.files++;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", worker->tree->fd);
	size = getxattr(link, MIFENG_XATTR_NAME, finding.bytes, sizeof(finding.bytes));
	if (size < 0 && errno == ENOENT)
		errno = EIO; /* that is the link: no /proc */
	if (has_label(worker, NULL, size, &finding))
		found(worker, worker->tree->fd, NULL, &finding);
	worker->batch.done = true;
}

/* Returns the directory, which may be kept open, or -1. */
static int look_into(struct worker *worker)
{
	struct walk_batch *batch = &worker->batch;
	int fd;

	fd = worker_open(worker, worker->node);
	if (fd == -EXDEV) {
		batch->done = true;
		return -1;
	}
	if (fd < 0) {
		/* Gone is done; what was refused is tried again by whoever resumes this. */
		batch->done = fd == -ENOENT;
		not_seen(worker, NULL, worker->node->parent || fd != -ENOENT ? -fd : EIO);
		return -1;
	}
	batch->counts.directories++;
	atomic_fetch_add_explicit(&worker->walk->progress, 1, memory_order_relaxed);
	look_at_directory(worker, fd);
	if (fchdir(fd)) {
		not_seen(worker, NULL, errno);
		batch->done = true;
		return fd;
	}
	batch->done = read_entries(worker, fd);
	return fd;
}

static void visit(struct worker *worker, struct node *node)
{
	int fd = -1;

	worker->node = node;
	worker->tree = node_tree(node);
	worker->refused = false;
	worker->batch.children = 0;
	worker->batch.done = false;
	worker->batch.counts = (struct walk_counts){ 0 };
	if (worker->tree->single)
		look_at_single(worker);
	else
		fd = look_into(worker);
	/* After a failure something may be missing in what it has brought. */
	if (worker->walk->stopping)
		worker->batch.done = false;
	commit(worker, fd);
}

static void work(struct worker *worker)
{
	struct walk *walk = worker->walk;
	struct node *node;

	pthread_mutex_lock(&walk->lock);
	for (;;) {
		walk->idle++;
		while (!walk->stopping && !walk->depth && walk->busy)
			pthread_cond_wait(&walk->changed, &walk->lock);
		walk->idle--;
		if (walk->stopping || !walk->depth)
			break;
		node = walk->stack[--walk->depth];
		walk->busy++;
		pthread_mutex_unlock(&walk->lock);
		visit(worker, node);
		pthread_mutex_lock(&walk->lock);
		walk->busy--;
	}
	pthread_cond_broadcast(&walk->changed);
	pthread_mutex_unlock(&walk->lock);
}

/* Where that is not allowed the threads have one working directory, so the first one works. */
static bool may_work(struct walk *walk)
{
	bool first;

	if (!unshare(CLONE_FS))
		return true;
	pthread_mutex_lock(&walk->lock); /* until walk_start() has noted who is the first */
	first = pthread_equal(pthread_self(), walk->thread[0]);
	pthread_mutex_unlock(&walk->lock);
	return first;
}

static void *worker_main(void *data)
{
	const uint64_t one = 1;
	struct walk *walk = data;
	struct worker *worker;
	ssize_t told = 0;

	worker = calloc(1, sizeof(*worker));
	if (!worker) {
		fail(walk, -ENOMEM);
	} else if (may_work(walk)) {
		worker->walk = walk;
		work(worker);
		free(worker->batch.finding);
		free(worker->batch.child);
		text_buffer_clear(&worker->path);
	}
	free(worker);
	pthread_mutex_lock(&walk->lock);
	if (!--walk->running)
		told = write(walk->event, &one, sizeof(one));
	pthread_mutex_unlock(&walk->lock);
	return told < 0 ? data : NULL;
}

/* As many descriptors as the system gives; some are for others. */
static unsigned int descriptors_to_keep(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 0;
	if (limit.rlim_cur < limit.rlim_max && limit.rlim_cur < 4 * KEPT_MAX) {
		limit.rlim_cur = limit.rlim_max < 4 * KEPT_MAX ? limit.rlim_max : 4 * KEPT_MAX;
		if (setrlimit(RLIMIT_NOFILE, &limit))
			getrlimit(RLIMIT_NOFILE, &limit);
	}
	return limit.rlim_cur / 2 < KEPT_MAX ? (unsigned int)(limit.rlim_cur / 2) : KEPT_MAX;
}

/**
 * walk_new() - prepare a walk
 * @options: how; the patterns are kept by reference.
 * @mounts: what is mounted; has to stay.
 * @calls: who is told; has to stay.
 * @userdata: for @calls.
 * @ret: the walk; walk_free() it.
 *
 * Return: 0, -ENOMEM, or the errno of the kernel.
 */
int walk_new(const struct walk_options *options, struct mount_table *mounts,
	     const struct walk_calls *calls, void *userdata, struct walk **ret)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	int error;

	if (!walk)
		return -ENOMEM;
	walk->options = *options;
	walk->mounts = mounts;
	walk->calls = calls;
	walk->userdata = userdata;
	walk->kept_max = descriptors_to_keep();
	pthread_mutex_init(&walk->lock, NULL);
	pthread_mutex_init(&walk->commit_lock, NULL);
	pthread_mutex_init(&walk->seen.lock, NULL);
	pthread_cond_init(&walk->changed, NULL);
	walk->event = eventfd(0, EFD_CLOEXEC);
	walk->thread = calloc(options->jobs, sizeof(*walk->thread));
	if (walk->event < 0 || !walk->thread) {
		error = walk->thread ? -errno : -ENOMEM;
		walk_free(walk);
		return error;
	}
	*ret = walk;
	return 0;
}

/**
 * walk_free() - end with a walk
 * @walk: not started, or after walk_end(); may be NULL.
 *
 * Return: NULL.
 */
struct walk *walk_free(struct walk *walk)
{
	if (!walk)
		return NULL;
	while (walk->depth)
		node_put(walk->stack[--walk->depth]);
	free(walk->stack);
	free(walk->thread);
	seen_clear(&walk->seen);
	if (walk->event >= 0)
		close(walk->event);
	pthread_cond_destroy(&walk->changed);
	pthread_mutex_destroy(&walk->seen.lock);
	pthread_mutex_destroy(&walk->commit_lock);
	pthread_mutex_destroy(&walk->lock);
	free(walk);
	return NULL;
}

/**
 * walk_set_number() - directories have been numbered by an earlier inspection
 * @walk: not started.
 * @number: the highest; later ones follow it.
 */
void walk_set_number(struct walk *walk, uint32_t number)
{
	walk->number = number;
}

/** walk_next_number() - the number of a node that is made before the walk has started */
uint32_t walk_next_number(struct walk *walk)
{
	return ++walk->number;
}

/**
 * walk_add() - have a directory looked at
 * @walk: not started.
 * @node: with a number; the walk takes the reference, also on failure.
 *
 * Return: 0 or -ENOMEM.
 */
int walk_add(struct walk *walk, struct node *node)
{
	struct node **more = room(walk->stack, walk->depth, &walk->capacity, sizeof(*more));

	if (!more) {
		node_put(node);
		return -ENOMEM;
	}
	walk->stack = more;
	walk->stack[walk->depth++] = node;
	return 0;
}

/**
 * walk_remember() - something has been told of by an earlier inspection
 * @walk: not started.
 * @finding: what.
 *
 * Return: false without memory.
 */
bool walk_remember(struct walk *walk, const struct finding *finding)
{
	return finding->kind == FINDING_UNSEEN ||
	       seen_add(&walk->seen, finding->device << 1 | finding->names, finding->inode) >= 0;
}

/**
 * walk_start() - begin
 * @walk: the walk.
 *
 * Signals are for the caller: what it has blocked is blocked in the walk's threads.
 *
 * Return: 0, or the errno of making threads; walk_end() it in any case.
 */
int walk_start(struct walk *walk)
{
	pthread_attr_t attributes;
	int error = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	pthread_mutex_lock(&walk->lock);
	while (!error && walk->threads < walk->options.jobs) {
		error = pthread_create(&walk->thread[walk->threads], &attributes, worker_main, walk);
		if (!error) {
			walk->threads++;
			walk->running++;
		}
	}
	/* Fewer will do. */
	if (walk->threads)
		error = 0;
	pthread_mutex_unlock(&walk->lock);
	pthread_attr_destroy(&attributes);
	return -error;
}

/** walk_fd() - becomes readable when all is done */
int walk_fd(const struct walk *walk)
{
	return walk->event;
}

/** walk_stop() - have it end early */
void walk_stop(struct walk *walk)
{
	fail(walk, 0);
}

/**
 * walk_end() - wait for its end
 * @walk: the walk.
 *
 * Return: 0 if everything was looked at; -EINTR if it was stopped; -ENOMEM, or -EOVERFLOW for more
 * directories than there are numbers.
 */
int walk_end(struct walk *walk)
{
	for (unsigned int i = 0; i < walk->threads; i++)
		pthread_join(walk->thread[i], NULL);
	walk->threads = 0;
	if (walk->error)
		return walk->error;
	return walk->stopping || walk->depth ? -EINTR : 0;
}

/** walk_progress() - files and directories that have been looked at; any time */
uint64_t walk_progress(const struct walk *walk)
{
	return walk->progress;
}
