// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void keep(struct policy_errors *errors, struct policy_mark mark, bool warning,
		 const char *format, va_list arguments)
{
	const char *file = mark.file ? mark.file : "policy";
	const char *kind = warning ? "warning: " : "";
	char *text, *line;
	int length;

	if (errors->kept == POLICY_ERRORS_MAX)
		return;
	if (vasprintf(&text, format, arguments) < 0)
		return;
	if (mark.line)
		length = asprintf(&line, "%s:%u:%u: %s%s", file, mark.line, mark.column, kind,
				  text);
	else
		length = asprintf(&line, "%s: %s%s", file, kind, text);
	free(text);
	if (length < 0)
		return;
	errors->text[errors->kept] = line;
	errors->warning[errors->kept++] = warning;
}

int policy_error_add(struct policy_errors *errors, struct policy_mark mark,
		     const char *format, ...)
{
	va_list arguments;

	if (!errors)
		return -EINVAL;
	errors->errors++;
	va_start(arguments, format);
	keep(errors, mark, false, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

void policy_warning_add(struct policy_errors *errors, struct policy_mark mark,
			const char *format, ...)
{
	va_list arguments;

	if (!errors)
		return;
	errors->warnings++;
	va_start(arguments, format);
	keep(errors, mark, true, format, arguments);
	va_end(arguments);
}

void policy_errors_clear(struct policy_errors *errors)
{
	if (!errors)
		return;
	for (size_t i = 0; i < errors->kept; i++)
		free(errors->text[i]);
	*errors = (struct policy_errors){ 0 };
}
