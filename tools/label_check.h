/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_LABEL_CHECK_H
#define TOOLS_LABEL_CHECK_H

struct obstacles;

void label_check(struct obstacles *obstacles);

#endif /* TOOLS_LABEL_CHECK_H */
