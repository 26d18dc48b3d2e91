/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

/* Returned by options_next() besides the keys of the table. */
#define OPTIONS_END   (-1)
#define OPTIONS_HELP  (-2)
#define OPTIONS_WRONG (-3) /* the reason has been printed */

/**
 * struct option_entry - one option of a command
 * @name: long name without the dashes; NULL ends a table.
 * @key: what options_next() returns for it; a letter is its short name as well.
 * @argument: what to call its argument in the help; NULL if it takes none.
 * @help: one line, marked for translation with N_().
 */
struct option_entry {
	const char *name;
	int key;
	const char *argument;
	const char *help;
};

/**
 * struct command_help - all that the help of a command says
 * @usage: arguments after "mifengctl", one form a line, marked with N_().
 * @text: what it does, marked with N_().
 * @options: its options; --help is understood by every command and not in the table.
 */
struct command_help {
	const char *usage;
	const char *text;
	const struct option_entry *options;
};

void options_begin(void);
int options_next(int argc, char **argv, const struct option_entry *table);
void command_help_print(FILE *out, const struct command_help *help);
int command_usage_error(const struct command_help *help);

#endif /* TOOLS_OPTIONS_H */
