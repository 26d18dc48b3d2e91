/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_MARK_H
#define _MF_MARK_H

#include "decide.h"

struct mf_obstacle;
struct path;

int mf_mark(const struct path *path, const struct mf_label *label, const char **text);
int mf_relabel(const struct path *path, const struct mf_label *taint, struct mf_obstacle *why);

#endif /* _MF_MARK_H */
