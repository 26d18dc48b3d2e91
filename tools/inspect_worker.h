/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a walk, for inspect_walk.c and inspect_open.c alone. */
#ifndef TOOLS_INSPECT_WORKER_H
#define TOOLS_INSPECT_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect_seen.h"
#include "inspect_walk.h"
#include "text_buffer.h"

#define DIRENTS_SIZE	(128U << 10)

struct tree;

/**
 * struct walk - one walk
 * @options: how
 * @mounts: what is mounted
 * @calls: who is told
 * @userdata: for @calls
 * @lock: over what follows, and over nodes
 * @changed: something has been pushed, or the walk has ended
 * @stack: @depth directories that are waiting
 * @depth: see @stack
 * @capacity: of @stack
 * @busy: threads that look at a directory
 * @idle: threads that wait for one
 * @running: threads that have not ended
 * @kept: directories that are open
 * @kept_max: how many may be
 * @error: the walk could not go on, negative errno
 * @stopping: it is to end
 * @commit_lock: one commit after the other; taken before @lock
 * @number: of the newest node; under @commit_lock
 * @seen: what has been told of
 * @progress: files and directories so far
 * @event: readable when all threads have ended
 * @thread: @threads of them
 * @threads: see @thread
 */
struct walk {
	struct walk_options options;
	struct mount_table *mounts;
	const struct walk_calls *calls;
	void *userdata;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct node **stack;
	size_t depth, capacity;
	unsigned int busy, idle, running;
	unsigned int kept, kept_max;
	int error;
	atomic_bool stopping;
	pthread_mutex_t commit_lock;
	uint32_t number;
	struct seen seen;
	atomic_uint_fast64_t progress;
	int event;
	pthread_t *thread;
	unsigned int threads;
};

/**
 * struct worker - one thread
 * @dirents: what the kernel says
 * @walk: the walk
 * @node: the directory it looks at
 * @tree: that is in
 * @batch: what it has brought so far
 * @findings: room in the batch
 * @children: room in the batch
 * @refused: something in it could not be looked at, which is told once
 * @path: for patterns
 */
struct worker {
	_Alignas(8) char dirents[DIRENTS_SIZE];
	struct walk *walk;
	struct node *node;
	struct tree *tree;
	struct walk_batch batch;
	size_t findings, children;
	bool refused;
	struct text_buffer path;
};

int worker_open(struct worker *worker, struct node *node);

#endif /* TOOLS_INSPECT_WORKER_H */
