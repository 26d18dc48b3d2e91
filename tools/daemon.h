/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_DAEMON_H
#define TOOLS_DAEMON_H

#include <sys/types.h>

#include "exit_code.h"

int daemon_pid(pid_t *pid);
enum exit_code daemon_missing(void);

#endif /* TOOLS_DAEMON_H */
