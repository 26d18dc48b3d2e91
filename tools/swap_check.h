/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_SWAP_CHECK_H
#define TOOLS_SWAP_CHECK_H

struct obstacles;

void swap_check(struct obstacles *obstacles);

#endif /* TOOLS_SWAP_CHECK_H */
