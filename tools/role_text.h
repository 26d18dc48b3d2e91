/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_ROLE_TEXT_H
#define TOOLS_ROLE_TEXT_H

#include <stdbool.h>

struct obstacles;
struct role_change;

const char *role_sentence(unsigned int role);
void role_report_json(const struct role_change *change, bool changed, const struct obstacles *obstacles,
		      const struct obstacles *notes);
bool role_confirmed(const char *question);

#endif /* TOOLS_ROLE_TEXT_H */
