/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_SITE_POLICY_H
#define TOOLS_SITE_POLICY_H

struct policy;

struct policy *site_policy_load(void);

#endif /* TOOLS_SITE_POLICY_H */
