/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a policy, told to people: `file:line:column: text`.
 */
#ifndef MIFENG_POLICY_ERROR_H
#define MIFENG_POLICY_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define POLICY_ERRORS_MAX 20

/**
 * struct policy_mark - a place in a file
 * @file: name as opened; not owned
 * @line: from 1; 0 if the whole file is meant
 * @column: from 1, in characters
 */
struct policy_mark {
	const char *file;
	unsigned int line;
	unsigned int column;
};

/**
 * struct policy_errors - lines collected while reading; zero it before use
 * @text: the first POLICY_ERRORS_MAX lines, each without a newline
 * @warning: the line of the same index is a warning
 * @kept: lines in @text
 * @errors: errors found, kept or not
 * @warnings: warnings found, kept or not
 */
struct policy_errors {
	char *text[POLICY_ERRORS_MAX];
	bool warning[POLICY_ERRORS_MAX];
	size_t kept;
	size_t errors;
	size_t warnings;
};

/**
 * policy_error_add - note one error
 * @errors: where; may be NULL
 * @mark: the place; its file may be NULL
 * @format: printf format of what is wrong and what was expected
 *
 * Returns -EINVAL always, for the caller to pass on. When memory runs out the line is
 * counted and not kept.
 */
int policy_error_add(struct policy_errors *errors, struct policy_mark mark,
		     const char *format, ...) __attribute__((format(printf, 3, 4)));

/**
 * policy_warning_add - note something that is probably a mistake but does no harm
 * @errors: where; may be NULL
 * @mark: the place
 * @format: printf format
 */
void policy_warning_add(struct policy_errors *errors, struct policy_mark mark,
			const char *format, ...) __attribute__((format(printf, 3, 4)));

/**
 * policy_errors_clear - free the lines and zero the struct
 * @errors: may be NULL
 */
void policy_errors_clear(struct policy_errors *errors);

#endif /* MIFENG_POLICY_ERROR_H */
