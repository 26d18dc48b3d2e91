// SPDX-License-Identifier: GPL-2.0-or-later
/* How far it is: a bar, the rate, and when it may be done. */
#include "inspect_progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text.h"

#define BAR_WIDTH	20
#define NS_PER_SECOND	1000000000LL
#define MEMORY_SECONDS	5.0 /* the rate is that of about so long */

static int64_t uptime(void)
{
	struct timespec moment;

	clock_gettime(CLOCK_MONOTONIC, &moment);
	return moment.tv_sec * NS_PER_SECOND + moment.tv_nsec;
}

/* Returns false the first time, when there is no rate yet. */
static bool measure(struct progress *progress, uint64_t done)
{
	const bool first = !progress->last;
	const int64_t now = uptime();
	const double seconds = (double)(now - progress->last) / NS_PER_SECOND;
	double rate, weight;

	if (!first && seconds > 0) {
		rate = (double)(done - progress->last_done) / seconds;
		weight = progress->rate > 0 ? seconds / (seconds + MEMORY_SECONDS) : 1;
		progress->rate += weight * (rate - progress->rate);
	}
	progress->last = now;
	progress->last_done = done;
	return !first;
}

static void print_bar(unsigned int percent)
{
	char bar[BAR_WIDTH + 1];
	size_t full = percent * BAR_WIDTH / 100;

	memset(bar, '#', full);
	memset(bar + full, ' ', BAR_WIDTH - full);
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "[%s] %3u%%  ", bar, percent);
}

/**
 * progress_show() - write the line
 * @progress: the line.
 * @done: how much is done.
 */
void progress_show(struct progress *progress, uint64_t done)
{
	uint64_t left;

	if (!progress->wanted || !measure(progress, done))
		return;
	fputs("\r\033[K", stderr);
	/* The filesystems' own number of files is an estimate, and files come. */
	if (progress->total && done <= progress->total)
		print_bar((unsigned int)(100.0 * (double)done / (double)progress->total));
	fprintf(stderr, _("%llu looked at, %.0f a second"), (unsigned long long)done,
		progress->rate);
	if (progress->total && done <= progress->total && progress->rate >= 1) {
		left = (uint64_t)((double)(progress->total - done) / progress->rate);
		fprintf(stderr, _(", about %llu:%02u:%02u to go"), (unsigned long long)(left / 3600),
			(unsigned int)(left / 60 % 60), (unsigned int)(left % 60));
	}
	fflush(stderr);
	progress->shown = true;
}

/** progress_hide() - take the line away, before something else is written */
void progress_hide(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->shown = false;
}
