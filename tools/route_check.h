/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_ROUTE_CHECK_H
#define TOOLS_ROUTE_CHECK_H

struct obstacles;
struct policy;

void route_check(const struct policy *policy, struct obstacles *obstacles);

#endif /* TOOLS_ROUTE_CHECK_H */
