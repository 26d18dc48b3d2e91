/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of a policy, and patterns that stand for whole paths. */
#ifndef MIFENG_POLICY_PATH_H
#define MIFENG_POLICY_PATH_H

#include <stdbool.h>

struct policy_errors;
struct policy_patterns;
struct policy_word;

/**
 * policy_check_path - an absolute path without detours
 * @path: a slash at its end is cut off
 * @what: it, for people
 * @errors: what is wrong
 *
 * Returns 0 or -EINVAL.
 */
int policy_check_path(struct policy_word *path, const char *what, struct policy_errors *errors);

/**
 * policy_check_patterns - make patterns what the kernel takes
 * @patterns: what stands twice is left out; for files, what starts with neither '/' nor
 *	a star and a slash means a file of that name in any directory
 * @programs: they stand for executables, and are absolute
 * @errors: gets every fault, not only the first
 *
 * Returns 0, -EINVAL or -ENOMEM.
 */
int policy_check_patterns(struct policy_patterns *patterns, bool programs,
			  struct policy_errors *errors);

#endif /* MIFENG_POLICY_PATH_H */
