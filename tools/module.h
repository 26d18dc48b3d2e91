/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_MODULE_H
#define TOOLS_MODULE_H

#include <stdbool.h>

#include "exit_code.h"

struct client;

bool caller_is_administrator(void);
enum exit_code module_open(struct client **client);
enum exit_code module_failure(const struct client *client, int error);

#endif /* TOOLS_MODULE_H */
