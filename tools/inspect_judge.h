/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_JUDGE_H
#define TOOLS_INSPECT_JUDGE_H

#include <stdbool.h>

#include "inspect_finding.h"

struct judge;
struct stick;

int judge_new(struct judge **ret);
struct judge *judge_free(struct judge *judge);
bool judge_finding(struct judge *judge, int fd, bool on_medium, struct finding *finding);
int judge_error(const struct judge *judge);

#endif /* TOOLS_INSPECT_JUDGE_H */
