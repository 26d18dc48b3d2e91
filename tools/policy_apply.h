/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_POLICY_APPLY_H
#define TOOLS_POLICY_APPLY_H

#include <stdbool.h>

#include "exit_code.h"

enum exit_code policy_apply(bool json);

#endif /* TOOLS_POLICY_APPLY_H */
