/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_PATTERNS_H
#define _MF_PATTERNS_H

#include <linux/types.h>

#include <uapi/mifeng.h>

/**
 * struct mf_patterns - globs over paths
 * @count: how many are used
 * @pattern: each owned
 */
struct mf_patterns {
	u32 count;
	char *pattern[MIFENG_PATTERNS_MAX];
};

int mf_patterns_add(struct mf_patterns *patterns, const char *text, size_t size);
bool mf_patterns_match(const struct mf_patterns *patterns, const char *path);
void mf_patterns_free(struct mf_patterns *patterns);

#endif /* _MF_PATTERNS_H */
