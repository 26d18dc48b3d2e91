/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_MESSAGE_H
#define TOOLS_MESSAGE_H

#include <stdbool.h>

void message_set_command(const char *command);
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool stdout_is_terminal(void);
bool stderr_is_terminal(void);

#endif /* TOOLS_MESSAGE_H */
