// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of globs over whole paths, as policy names programs and files by them. A list is
 * filled before anybody else can see it and never changes afterwards; its owner is the policy.
 */
#include "patterns.h"

#include <linux/errno.h>
#include <linux/glob.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * mf_patterns_add() - add a pattern to a list that nobody uses yet
 * @patterns: the list
 * @text: the pattern, copied; it need not end in NUL
 * @size: bytes of @text; from the first NUL on they are left out
 *
 * Context: process, may sleep.
 *
 * Return: 0, -EINVAL for one that starts with neither '/' nor '*' and so matches no path,
 * -ERANGE for one longer than MIFENG_PATTERN_MAX, -E2BIG beyond MIFENG_PATTERNS_MAX, -ENOMEM.
 */
int mf_patterns_add(struct mf_patterns *patterns, const char *text, size_t size)
{
	char *copy;

	size = strnlen(text, size);
	if (!size || (text[0] != '/' && text[0] != '*'))
		return -EINVAL;
	if (size > MIFENG_PATTERN_MAX)
		return -ERANGE;
	if (patterns->count == MIFENG_PATTERNS_MAX)
		return -E2BIG;
	copy = kmemdup_nul(text, size, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	patterns->pattern[patterns->count++] = copy;
	return 0;
}

/**
 * mf_patterns_match() - does a pattern cover a path
 * @patterns: the list
 * @path: from its first character to its last
 *
 * Context: any.
 *
 * Return: true if one does.
 */
bool mf_patterns_match(const struct mf_patterns *patterns, const char *path)
{
	u32 i;

	for (i = 0; i < patterns->count; i++)
		if (glob_match(patterns->pattern[i], path))
			return true;
	return false;
}

/**
 * mf_patterns_free() - free what a list holds, but not the list
 * @patterns: nobody uses it any more
 */
void mf_patterns_free(struct mf_patterns *patterns)
{
	while (patterns->count)
		kfree(patterns->pattern[--patterns->count]);
}
