// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of a command: parsing and help come from the same table. */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "exit_code.h"
#include "message.h"
#include "nearest_word.h"
#include "text.h"

#define OPTIONS_MAX 24
#define HELP_COLUMN 26

/* Keys above all letters are long options only. */
static bool has_short_name(const struct option_entry *entry)
{
	return entry->key > ' ' && entry->key < 127;
}

static bool has_key(const struct option_entry *table, int key)
{
	for (; table->name; table++) {
		if (table->key == key)
			return true;
	}
	return false;
}

/**
 * options_begin() - start over with a new argument list
 *
 * To be called before the first options_next() on each argument list.
 */
void options_begin(void)
{
	/* glibc: zero, not one, forgets everything about the list before. */
	optind = 0;
	opterr = 0;
}

static void complain_unknown(const char *word, const struct option_entry *table)
{
	const char *names[OPTIONS_MAX + 1];
	const char *near;
	size_t count;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	for (count = 0; count < OPTIONS_MAX && table[count].name; count++)
		names[count] = table[count].name;
	names[count++] = "help";
	near = nearest_word(name, names, count);
	if (near)
		complain(_("unknown option '--%s'; did you mean '--%s'?"), name, near);
	else
		complain(_("unknown option '--%s'"), name);
}

/**
 * options_next() - the next option of an argument list
 * @argc: length of @argv.
 * @argv: the list; permuted so that operands come last, from optind on.
 * @table: the options there are, ended by an entry without a name.
 *
 * The argument of an option is in optarg, as with getopt_long(3). What is wrong with
 * an option is printed here.
 *
 * Return: the key of an option, OPTIONS_HELP for --help and -h, OPTIONS_END after the
 * last one, OPTIONS_WRONG for a mistake.
 */
int options_next(int argc, char **argv, const struct option_entry *table)
{
	struct option names[OPTIONS_MAX + 2] = { 0 };
	char letters[2 * OPTIONS_MAX + 4] = ":h";
	size_t count, length = strlen(letters);
	int key;

	for (count = 0; count < OPTIONS_MAX && table[count].name; count++) {
		names[count].name = table[count].name;
		names[count].has_arg = table[count].argument ? required_argument : no_argument;
		names[count].val = table[count].key;
		if (!has_short_name(&table[count]))
			continue;
		letters[length++] = (char)table[count].key;
		if (table[count].argument)
			letters[length++] = ':';
	}
	names[count].name = "help";
	names[count].val = 'h';

	key = getopt_long(argc, argv, letters, names, NULL);
	if (key == -1)
		return OPTIONS_END;
	if (key == 'h')
		return OPTIONS_HELP;
	if (key == ':') {
		complain(_("option '%s' needs an argument"), argv[optind - 1]);
		return OPTIONS_WRONG;
	}
	if (key != '?')
		return key;

	/* optopt is an unknown letter, or the key of a long option given a needless argument. */
	if (!optopt)
		complain_unknown(argv[optind - 1], table);
	else if (optopt == 'h' || has_key(table, optopt))
		complain(_("option '%s' takes no argument"), argv[optind - 1]);
	else
		complain(_("unknown option '-%c'"), optopt);
	return OPTIONS_WRONG;
}

static void print_usage(FILE *out, const struct command_help *help)
{
	const char *line = _(help->usage);
	const char *lead = _("Usage:");

	while (*line) {
		size_t length = strcspn(line, "\n");

		fprintf(out, "%s mifengctl %.*s\n", lead, (int)length, line);
		line += length + (line[length] == '\n');
	}
}

static void print_option(FILE *out, const struct option_entry *entry)
{
	int width;

	if (has_short_name(entry))
		width = fprintf(out, "  -%c, --%s", entry->key, entry->name);
	else
		width = fprintf(out, "      --%s", entry->name);
	if (entry->argument)
		width += fprintf(out, " %s", entry->argument);
	if (width >= HELP_COLUMN) {
		fputc('\n', out);
		width = 0;
	}
	fprintf(out, "%*s%s\n", HELP_COLUMN - width, "", _(entry->help));
}

/**
 * command_help_print() - print the help of a command
 * @out: where to.
 * @help: what to say.
 */
void command_help_print(FILE *out, const struct command_help *help)
{
	static const struct option_entry help_entry = {
		"help",
		'h',
		NULL,
		N_("print this help and end"),
	};
	const struct option_entry *entry;

	print_usage(out, help);
	fprintf(out, "\n%s\n\n%s\n", _(help->text), _("Options:"));
	for (entry = help->options; entry->name; entry++)
		print_option(out, entry);
	print_option(out, &help_entry);
}

/**
 * command_usage_error() - end a command whose arguments make no sense
 * @help: its help, of which the usage is printed to standard error.
 *
 * Return: EXIT_CODE_USAGE.
 */
int command_usage_error(const struct command_help *help)
{
	print_usage(stderr, help);
	return EXIT_CODE_USAGE;
}
