/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of mifengctl inspect share. */
#ifndef TOOLS_INSPECTION_H
#define TOOLS_INSPECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit_code.h"
#include "inspect_finding.h"
#include "inspect_progress.h"
#include "inspect_trees.h"
#include "inspect_walk.h"
#include "text_buffer.h"

struct checkpoint;
struct judge;
struct mount_table;
struct policy;

/**
 * struct request - what was asked for
 * @walk: how to walk
 * @exclude: its patterns
 * @nice: as nice(1) has it
 * @resume: the file to keep what has been done in, or NULL
 * @progress: show it, if there is a terminal
 * @json: for programs
 * @hear: told of what is found and, with @why in words, of what could not be looked at, instead of
 *	whoever reads the output; by one thread at a time; false if it need not be told of more. May be NULL
 * @userdata: for @hear
 * @path: @paths of them, none for the whole machine
 * @paths: see @path
 */
struct request {
	struct walk_options walk;
	const char **exclude;
	int nice;
	const char *resume;
	bool progress;
	bool json;
	bool (*hear)(enum finding_kind kind, const char *path, const char *why, void *userdata);
	void *userdata;
	char *const *path;
	size_t paths;
};

/**
 * struct inspection - what is going on
 * @request: what was asked for
 * @mounts: what is mounted
 * @trees: what is looked at
 * @judge: says what labels mean
 * @state: what has been done, or NULL
 * @walk: the walk
 * @policy: for names of scopes; may be NULL
 * @lock: over what follows; findings come from other threads
 * @progress: on the terminal
 * @line: of JSON
 * @file: a path
 * @counts: of what has been looked at
 * @resumed: of that, what an earlier inspection has
 * @found: by kind
 * @unverified: labels that nobody has verified
 * @colour: for findings
 * @enough: nobody wants to be told of more
 */
struct inspection {
	const struct request *request;
	struct mount_table *mounts;
	struct trees trees;
	struct judge *judge;
	struct checkpoint *state;
	struct walk *walk;
	struct policy *policy;
	pthread_mutex_t lock;
	struct progress progress;
	struct text_buffer line, file;
	struct walk_counts counts;
	uint64_t resumed;
	uint64_t found[FINDING_KINDS];
	uint64_t unverified;
	bool colour;
	bool enough;
};

enum exit_code inspect(const struct request *request);
unsigned int inspection_jobs(void);
uint64_t inspection_findings(const struct inspection *inspection);
void inspection_summarise(struct inspection *inspection, double seconds, int end);

#endif /* TOOLS_INSPECTION_H */
