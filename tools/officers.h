/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_OFFICERS_H
#define TOOLS_OFFICERS_H

#include <sys/types.h>

#define OFFICER_NAME_SIZE 64

/**
 * struct officers - two people who take part in an act
 * @name: of their accounts
 * @uid: the same in numbers
 */
struct officers {
	char name[2][OFFICER_NAME_SIZE];
	uid_t uid[2];
};

int officers_parse(const char *text, struct officers *officers);

#endif /* TOOLS_OFFICERS_H */
