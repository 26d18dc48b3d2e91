// SPDX-License-Identifier: GPL-2.0-or-later
/* Sentences for people, on standard error. */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "utf8.h"

static const char *current_command;

/**
 * message_set_command() - name the command that messages come from
 * @command: its name, kept by reference; NULL for mifengctl itself.
 */
void message_set_command(const char *command)
{
	current_command = command;
}

/**
 * complain() - tell the caller what is wrong and what to do about it
 * @format: printf format of one or more sentences, without a newline at the end.
 *
 * Names of files are printed safely, whatever is in them.
 */
void complain(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	/* What has been printed so far comes first when both go to one place. */
	fflush(stdout);
	if (current_command)
		fprintf(stderr, "mifengctl %s: ", current_command);
	else
		fputs("mifengctl: ", stderr);
	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	print_safely(stderr, length < 0 ? format : text);
	fputc('\n', stderr);
	if (length >= 0)
		free(text);
}

/** stdout_is_terminal() - whether colour may be used there */
bool stdout_is_terminal(void)
{
	return isatty(STDOUT_FILENO);
}

/** stderr_is_terminal() - whether progress may be shown there */
bool stderr_is_terminal(void)
{
	return isatty(STDERR_FILENO);
}
