// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl policy: check policy files, or have the daemon apply them. */
#include "command.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "label_text.h"
#include "message.h"
#include "nearest_word.h"
#include "options.h"
#include "policy.h"
#include "policy_apply.h"
#include "text.h"
#include "text_buffer.h"
#include "utf8.h"

#define KEY_NO_ACCOUNTS 256

static const struct option_entry policy_options[] = {
	{ "no-accounts", KEY_NO_ACCOUNTS, NULL,
	  N_("check: do not look up users and groups on this machine") },
	{ "json", 'j', NULL, N_("print one JSON object per policy") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help policy_help = {
	.usage = N_("policy check [--no-accounts] [--json] FILE|DIRECTORY...\n"
		    "policy apply [--json]"),
	.text = N_(
		"check: read policies as the daemon would, without it and without rights; what is\n"
		"wrong is told as file:line:column: message.\n"
		"apply: check /etc/mifeng/policy.d, then have the daemon put it in force. When\n"
		"anything is wrong the old policy stays."),
	.options = policy_options,
};

static const char *const subcommands[] = { "check", "apply" };

static void print_errors(const struct policy_errors *errors)
{
	size_t i;

	fflush(stdout);
	for (i = 0; i < errors->kept; i++) {
		print_safely(stderr, errors->text[i]);
		fputc('\n', stderr);
	}
	if (errors->errors + errors->warnings > errors->kept)
		fprintf(stderr, _("and %zu more\n"),
			errors->errors + errors->warnings - errors->kept);
}

static void print_json(const char *path, const struct policy *policy,
		       const struct policy_errors *errors)
{
	struct text_buffer line = { 0 };
	size_t i;

	json_begin(&line, NULL, '{');
	json_string(&line, "path", path);
	json_bool(&line, "valid", policy);
	json_unsigned(&line, "errors", errors->errors);
	json_unsigned(&line, "warnings", errors->warnings);
	json_begin(&line, "messages", '[');
	for (i = 0; i < errors->kept; i++) {
		json_begin(&line, NULL, '{');
		json_string(&line, "severity", errors->warning[i] ? "warning" : "error");
		json_string(&line, "text", errors->text[i]);
		json_end(&line, '}');
	}
	json_end(&line, ']');
	if (policy) {
		json_string(&line, "mode", mode_name(policy->mode));
		json_unsigned(&line, "clearances", policy->clearance_count);
		json_unsigned(&line, "zones", policy->zone_count);
		json_unsigned(&line, "networks", policy->network_count);
		json_string(&line, "digest", policy->digest);
	}
	json_end(&line, '}');
	json_line_print(&line);
}

/* Prints what is wrong, and with @json or @verbose what is right as well. */
static bool check_path(const char *path, unsigned int flags, bool json, bool verbose)
{
	struct policy_errors errors = { 0 };
	struct policy *policy = NULL;
	bool valid;
	int error;

	error = policy_load(path, flags, &policy, &errors);
	if (error)
		policy = NULL;
	valid = policy;
	if (json && (verbose || !valid))
		print_json(path, policy, &errors);
	else if (!json)
		print_errors(&errors);
	if (!valid && !errors.errors)
		complain("%s: %s", path, strerror(-error));
	if (valid && verbose && !json)
		printf(_("%s: valid (%s, %zu clearances, %zu zones, %zu internal networks)\n"), path,
		       mode_name(policy->mode), policy->clearance_count, policy->zone_count,
		       policy->network_count);
	policy_errors_clear(&errors);
	policy_free(policy);
	return valid;
}

static int policy_check(char **paths, unsigned int flags, bool json)
{
	int result = EXIT_CODE_OK;

	for (; *paths; paths++) {
		if (!check_path(*paths, flags, json, true))
			result = EXIT_CODE_FAILED;
	}
	return result;
}

/**
 * cmd_policy() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code.
 */
int cmd_policy(int argc, char **argv)
{
	unsigned int flags = 0;
	bool json = false;
	const char *near, *subcommand;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, policy_options)) != OPTIONS_END) {
		switch (key) {
		case 'j':
			json = true;
			break;
		case KEY_NO_ACCOUNTS:
			flags |= POLICY_LOAD_NO_ACCOUNTS;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &policy_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&policy_help);
		}
	}
	if (optind == argc) {
		complain(_("what to do is missing: check or apply"));
		return command_usage_error(&policy_help);
	}
	subcommand = argv[optind++];
	if (strcmp(subcommand, "check") == 0) {
		if (optind < argc)
			return policy_check(argv + optind, flags, json);
		complain(_("no file was named; the policy of this machine is in %s"),
			 POLICY_DIRECTORY);
		return command_usage_error(&policy_help);
	}
	if (strcmp(subcommand, "apply") == 0) {
		if (optind < argc) {
			complain(_("the policy is applied from %s; '%s' makes no sense here"),
				 POLICY_DIRECTORY, argv[optind]);
			return command_usage_error(&policy_help);
		}
		if (!check_path(POLICY_DIRECTORY, POLICY_LOAD_TRUSTED, json, false)) {
			complain(_("the policy was not applied; the old one stays"));
			return EXIT_CODE_FAILED;
		}
		return policy_apply(json);
	}
	near = nearest_word(subcommand, subcommands, sizeof(subcommands) / sizeof(subcommands[0]));
	if (near)
		complain(_("unknown command 'policy %s'; did you mean '%s'?"), subcommand, near);
	else
		complain(_("unknown command 'policy %s'; there are check and apply"), subcommand);
	return command_usage_error(&policy_help);
}
