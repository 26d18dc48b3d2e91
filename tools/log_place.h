/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_LOG_PLACE_H
#define TOOLS_LOG_PLACE_H

#include "exit_code.h"

char *log_place(void);
enum exit_code log_place_failure(const char *directory, int error);

#endif /* TOOLS_LOG_PLACE_H */
