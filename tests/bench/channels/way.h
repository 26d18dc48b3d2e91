/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the driver (channels.c) and the ways have in common. */
#ifndef BENCH_CHANNELS_WAY_H
#define BENCH_CHANNELS_WAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define DIRECTORY	"/home/cleared"
#define FILES		8
#define MANY		64

/**
 * struct way - how a number gets from one program to the other
 * @name: for the table; NULL ends a list
 * @bits: of a number
 * @once: the sender lives for one round only
 * @signals: a signal to the receiver is the number
 * @spent: how many rounds use up what a tainted program may do at once, and are not counted
 * @ends: that it has ended is what says that the number is set
 * @before: makes what both have; 0 or an errno
 * @part: closes what only the other one is to have, after the fork and before the sender reads anything; or NULL
 * @set: the sender; 0 or an errno
 * @get: the receiver, which knows nothing but what it sees
 * @after: removes what outlives both; or NULL
 */
struct way {
	const char *name;
	int bits;
	bool once;
	bool ends;
	bool signals;
	int spent;
	int (*before)(void);
	void (*part)(bool sends);
	int (*set)(uint64_t number);
	uint64_t (*get)(void);
	void (*after)(void);
};

extern const struct way file_ways[], memory_ways[], process_ways[], queue_ways[], signal_ways[],
	socket_ways[], terminal_ways[];

extern const char *document;
extern pid_t sender, receiver;
/* The signal that was the number, where one is. */
extern int signal_got;
/* Descriptors, by the way that is tried. */
extern int shared[MANY], own[MANY];

/* The errno of a call that returns -1; 0 if it did not. */
int done(long returned);
/* For ways that need nothing made before. */
int nothing(void);
/* Reads a file of proc or sys from its beginning, as a string; empty if it cannot be. */
const char *text_of(const char *path);
/* The number after a word of such a text, or -1. */
long number_after(const char *text, const char *word);
/*
 * For what others count as well: a number is by how much the count goes on, modulo what its bits hold, so that
 * what others do spoils one round only. What the sender's part of it is to be, and what the receiver was told.
 */
uint64_t count_next(uint64_t number, int bits);
uint64_t count_told(uint64_t count, int bits);

#endif
