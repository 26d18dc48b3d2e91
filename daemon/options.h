/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_OPTIONS_H
#define MIFENGD_OPTIONS_H

#include <stdbool.h>

#define MIFENGD_VERSION		"0.1"

/**
 * struct options - what the command line says
 * @policy_directory: *.yaml in here are the policy
 * @state_directory: key, role, log, list of zones, lock
 * @check: look at the policy only
 */
struct options {
	const char *policy_directory;
	const char *state_directory;
	bool check;
};

/**
 * options_parse - read the command line
 * @argc: as main() got it
 * @argv: as main() got it
 * @ret: filled in
 *
 * Speaks to the user itself: --help and --version on stdout, mistakes on stderr.
 *
 * Returns -1 to go on, or the exit status to leave with.
 */
int options_parse(int argc, char **argv, struct options *ret);

#endif /* MIFENGD_OPTIONS_H */
