/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which machine this is, which boot of it, and what time it is there.
 */
#ifndef MIFENG_SYSTEM_IDENTITY_H
#define MIFENG_SYSTEM_IDENTITY_H

#include <stdint.h>

#define SYSTEM_ID_SIZE 33	/* 32 hex digits and the NUL */

/** system_boot_id - the id of this boot; all zeros where /proc does not tell */
void system_boot_id(char ret[SYSTEM_ID_SIZE]);

/** system_machine_id - /etc/machine-id; all zeros where there is none */
void system_machine_id(char ret[SYSTEM_ID_SIZE]);

/** system_time - ns since 1970 */
int64_t system_time(void);

#endif /* MIFENG_SYSTEM_IDENTITY_H */
