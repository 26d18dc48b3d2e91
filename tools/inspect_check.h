/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_INSPECT_CHECK_H
#define TOOLS_INSPECT_CHECK_H

#include <stddef.h>

int inspect_clean(char *first, size_t size);

#endif /* TOOLS_INSPECT_CHECK_H */
