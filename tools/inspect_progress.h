/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_PROGRESS_H
#define TOOLS_INSPECT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct progress - a line on the terminal that is written again and again; zero it before use
 * @wanted: there is a terminal, and somebody who looks
 * @total: how much there is to do, 0 if that is not known
 * @shown: the line is there
 * @rate: how much is done a second, lately
 * @last: when that was measured, ns
 * @last_done: how much was done then
 */
struct progress {
	bool wanted;
	uint64_t total;
	bool shown;
	double rate;
	int64_t last;
	uint64_t last_done;
};

void progress_show(struct progress *progress, uint64_t done);
void progress_hide(struct progress *progress);

#endif /* TOOLS_INSPECT_PROGRESS_H */
