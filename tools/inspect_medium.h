/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_MEDIUM_H
#define TOOLS_INSPECT_MEDIUM_H

#include <sys/types.h>

struct stick;

int medium_find(dev_t device, const char *source, struct stick **medium);

#endif /* TOOLS_INSPECT_MEDIUM_H */
