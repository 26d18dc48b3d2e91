// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

int policy_check_path(struct policy_word *path, const char *what, struct policy_errors *errors)
{
	size_t length = strlen(path->text);

	if (path->text[0] != '/')
		return policy_error_add(errors, path->mark,
					"%s '%s' is not absolute; expected it to start with '/'",
					what, path->text);
	if (strstr(path->text, "//") || strstr(path->text, "/./") || strstr(path->text, "/../") ||
	    (length >= 2 && !strcmp(path->text + length - 2, "/.")) ||
	    (length >= 3 && !strcmp(path->text + length - 3, "/..")))
		return policy_error_add(errors, path->mark,
					"%s '%s' has an empty, '.' or '..' part; expected the plain "
					"path", what, path->text);
	while (length > 1 && path->text[length - 1] == '/')
		path->text[--length] = '\0';
	return 0;
}

/* The bracket that ends a class; one right at its beginning is a member of it. */
static const char *class_end(const char *bracket)
{
	const char *text = bracket + 1;

	if (*text == '!')
		text++;
	return *text ? strchr(text + 1, ']') : NULL;
}

/* The kernel would take each of these for something, but for nothing anybody means. */
static int check_signs(const struct policy_word *pattern, struct policy_errors *errors)
{
	for (const char *text = pattern->text; *text; text++) {
		bool escaped = *text == '\\';

		if (escaped && !*++text)
			return policy_error_add(errors, pattern->mark,
						"'%s' ends in a backslash; expected a character "
						"after it", pattern->text);
		if (*text == '[' && !escaped) {
			if (text[1] == '^')
				return policy_error_add(errors, pattern->mark,
							"'%s' has a '[^', which excludes nothing "
							"here; expected '[!'", pattern->text);
			text = class_end(text);
			if (!text)
				return policy_error_add(errors, pattern->mark,
							"'%s' has a '[' that no ']' ends; write "
							"\\[ for the character itself",
							pattern->text);
		}
	}
	return 0;
}

/* A file of that name anywhere: the kernel's patterns cover whole paths. */
static int anchor(struct policy_word *pattern)
{
	char *whole;

	if (pattern->text[0] == '/' || !strncmp(pattern->text, "*/", 2) ||
	    !strncmp(pattern->text, "**/", 3))
		return 0;
	if (asprintf(&whole, "*/%s", pattern->text) < 0)
		return -ENOMEM;
	free(pattern->text);
	pattern->text = whole;
	return 0;
}

static int check_pattern(struct policy_word *pattern, bool program, struct policy_errors *errors)
{
	int r;

	if (check_signs(pattern, errors) < 0)
		return -EINVAL;
	if (strspn(pattern->text, "*?/") == strlen(pattern->text))
		return policy_error_add(errors, pattern->mark,
					"'%s' stands for everything; expected a part of a name",
					pattern->text);
	if (program) {
		if (policy_check_path(pattern, "the executable", errors) < 0)
			return -EINVAL;
	} else {
		r = anchor(pattern);
		if (r < 0)
			return r;
	}
	if (strlen(pattern->text) > MIFENG_PATTERN_MAX)
		return policy_error_add(errors, pattern->mark,
					"the pattern has %zu bytes; expected at most %d",
					strlen(pattern->text), MIFENG_PATTERN_MAX);
	return 0;
}

/* Files may repeat what the package's own has listed since. */
static bool stands_before(const struct policy_patterns *patterns, const char *text)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (!strcmp(patterns->pattern[i].text, text))
			return true;
	return false;
}

int policy_check_patterns(struct policy_patterns *patterns, bool programs,
			  struct policy_errors *errors)
{
	size_t all = patterns->count;
	int result = 0;

	patterns->count = 0;
	for (size_t i = 0; i < all; i++) {
		struct policy_word pattern = patterns->pattern[i];
		int r = check_pattern(&pattern, programs, errors);

		if (r < 0 && result != -ENOMEM)
			result = r;
		if (r >= 0 && stands_before(patterns, pattern.text)) {
			free(pattern.text);
			continue;
		}
		patterns->pattern[patterns->count++] = pattern;
		if (patterns->count == MIFENG_PATTERNS_MAX + 1)
			result = policy_error_add(errors, pattern.mark,
						  "'%s' is one too many; expected at most %d in all "
						  "files together", pattern.text,
						  MIFENG_PATTERNS_MAX);
	}
	return result;
}
