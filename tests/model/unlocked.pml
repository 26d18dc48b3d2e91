/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's role with one lock removed: two ROLE_SETs at a time. never_both must break. */
#define NO_ROLE_LOCK
#define SETTERS	2
#include "role.pml"
