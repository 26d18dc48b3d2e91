// SPDX-License-Identifier: GPL-2.0-or-later
/* mifengctl status: what the module and the daemon are doing. */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include <mifeng.h>

#include "client.h"
#include "daemon.h"
#include "exit_code.h"
#include "json_text.h"
#include "label_line.h"
#include "label_text.h"
#include "message.h"
#include "module.h"
#include "options.h"
#include "role_text.h"
#include "text.h"
#include "text_buffer.h"

static const struct option_entry status_options[] = {
	{ "json", 'j', NULL, N_("print one JSON object") },
	{ NULL, 0, NULL, NULL },
};

static const struct command_help status_help = {
	.usage = N_("status [--json]"),
	.text = N_("Show what the module and the daemon are doing."),
	.options = status_options,
};

/**
 * struct machine_status - what could be found out
 * @module: the module's answer to being asked
 * @status: what it said, if that is EXIT_CODE_OK
 * @daemon: 0, or why its process was not found, negative
 * @pid: of the daemon
 */
struct machine_status {
	enum exit_code module;
	struct client_status status;
	int daemon;
	pid_t pid;
};

static enum exit_code ask_module(struct client_status *status)
{
	enum exit_code result;
	struct client *client;
	int error;

	result = module_open(&client);
	if (result != EXIT_CODE_OK)
		return result;
	error = client_status_get(client, status);
	if (error)
		result = module_failure(client, error);
	client_free(client);
	return result;
}

static const char *state_sentence(const struct client_status *status)
{
	switch (status->state) {
	case MIFENG_STATE_NO_POLICY:
		return _("no policy yet: classified files are unreadable, all else is untouched");
	case MIFENG_STATE_DEGRADED:
		return _("DEGRADED: a self-test was not refused; classified files are unreadable; "
			 "restart the machine, and see 'mifengctl log --reason hook-dead'");
	default:
		break;
	}
	if (status->mode == MIFENG_MODE_PERMISSIVE)
		return _("permissive: records what it would deny, and denies nothing");
	return _("enforcing");
}

static const char *removable_sentence(unsigned int removable)
{
	switch (removable) {
	case MIFENG_REMOVABLE_DENY:
		return _("deny: nobody reads or writes them");
	case MIFENG_REMOVABLE_READ_ONLY:
		return _("read-only");
	case MIFENG_REMOVABLE_ORDINARY:
		return _("ordinary: for programs that hold nothing classified");
	default:
		return removable_name(removable);
	}
}

static void print_module(const struct client_status *status)
{
	const char *form = "%-18s %s\n";
	char text[96];

	printf(form, _("module:"), state_sentence(status));
	if (status->has_role)
		printf(form, _("role:"), role_sentence(status->role));
	if (status->locked)
		printf(form, _("locked:"), _("yes, until the machine starts again"));
	if (!status->key_loaded)
		printf(form, _("label key:"), _("not there yet; mifengd brings it"));
	snprintf(text, sizeof(text), _("generation %llu, %u clearances"),
		 (unsigned long long)status->generation, status->clearances);
	printf(form, _("policy:"), status->generation ? text : _("none"));
	/* Before the first policy the rule is nobody's, and not followed. */
	if (status->generation)
		printf(form, _("removable media:"), removable_sentence(status->removable));
	snprintf(text, sizeof(text), _("%u (%u direct, %u redirected), %llu self-tests passed"),
		 status->sites_pre + status->sites_wrap, status->sites_pre, status->sites_wrap,
		 (unsigned long long)status->selftests);
	printf(form, _("hooks:"), text);
	if (status->sites_waiting) {
		snprintf(text, sizeof(text), _("%u more when the first program reads something classified"),
			 status->sites_waiting);
		printf(form, "", text);
	}
	snprintf(text, sizeof(text), _("%u hold something classified"), status->subjects);
	printf(form, _("programs:"), text);
	snprintf(text, sizeof(text), _("%u carry something classified"), status->channels);
	printf(form, _("channels:"), text);
	snprintf(text, sizeof(text), _("%u in the cache"), status->labels);
	printf(form, _("labels:"), text);
	if (status->has_role) {
		snprintf(text, sizeof(text), _("%u internal, %llu packets to the outside dropped"), status->networks,
			 (unsigned long long)status->packets_dropped);
		printf(form, _("networks:"), text);
	}
	snprintf(text, sizeof(text), _("%llu so far, %u not fetched yet, %llu lost"),
		 (unsigned long long)status->event_seq, status->events_held,
		 (unsigned long long)status->events_lost);
	printf(form, _("records:"), text);
	if (status->events_quiet) {
		snprintf(text, sizeof(text), _("%llu refusals that the policy wants no record of"),
			 (unsigned long long)status->events_quiet);
		printf(form, _("quiet:"), text);
	}
}

static void print_status(const struct machine_status *found)
{
	const char *form = "%-18s %s\n";
	char text[96];

	if (found->module == EXIT_CODE_OK)
		print_module(&found->status);
	else if (found->module == EXIT_CODE_NO_MODULE)
		printf(form, _("module:"), _("not loaded"));
	else
		printf(form, _("module:"), _("loaded"));

	if (!found->daemon) {
		snprintf(text, sizeof(text), _("running, pid %d"), (int)found->pid);
		printf(form, _("mifengd:"), text);
	} else if (found->daemon == -ESRCH) {
		printf(form, _("mifengd:"),
		       _("not running; start it with: systemctl start mifengd"));
	} else {
		printf(form, _("mifengd:"), _("cannot be told without more rights"));
	}
}

static void module_json(const struct machine_status *found, struct text_buffer *out)
{
	const struct client_status *status = &found->status;

	json_begin(out, "module", '{');
	json_bool(out, "loaded", found->module != EXIT_CODE_NO_MODULE);
	if (found->module == EXIT_CODE_OK) {
		json_unsigned(out, "abi", status->abi);
		json_string(out, "state", state_name(status->state));
		json_string(out, "mode", mode_name(status->mode));
		json_bool(out, "key_loaded", status->key_loaded);
		json_bool(out, "locked", status->locked);
		if (status->has_role) {
			json_string(out, "role", role_name(status->role));
			json_bool(out, "classified_once", status->role_flags & MIFENG_ROLE_CLASSIFIED_ONCE);
			json_unsigned(out, "networks", status->networks);
			json_unsigned(out, "packets_dropped", status->packets_dropped);
		}
		json_unsigned(out, "generation", status->generation);
		json_unsigned(out, "clearances", status->clearances);
		json_string(out, "removable", removable_name(status->removable));
		json_unsigned(out, "sites_pre", status->sites_pre);
		json_unsigned(out, "sites_wrap", status->sites_wrap);
		json_unsigned(out, "sites_waiting", status->sites_waiting);
		json_unsigned(out, "selftests", status->selftests);
		json_unsigned(out, "subjects", status->subjects);
		json_unsigned(out, "channels", status->channels);
		json_unsigned(out, "labels", status->labels);
		json_unsigned(out, "event_seq", status->event_seq);
		json_unsigned(out, "events_held", status->events_held);
		json_unsigned(out, "events_lost", status->events_lost);
		json_unsigned(out, "events_quiet", status->events_quiet);
	}
	json_end(out, '}');
}

static void print_status_json(const struct machine_status *found)
{
	struct text_buffer line = { 0 };

	json_begin(&line, NULL, '{');
	module_json(found, &line);
	json_begin(&line, "daemon", '{');
	if (found->daemon && found->daemon != -ESRCH)
		json_null(&line, "running");
	else
		json_bool(&line, "running", !found->daemon);
	if (!found->daemon)
		json_unsigned(&line, "pid", (uint64_t)found->pid);
	json_end(&line, '}');
	json_end(&line, '}');
	json_line_print(&line);
}

/**
 * cmd_status() - the command
 * @argc: length of @argv.
 * @argv: its arguments.
 *
 * Return: an exit_code; failed as well if the module is degraded.
 */
int cmd_status(int argc, char **argv)
{
	struct machine_status found = { 0 };
	bool json = false;
	int key;

	options_begin();
	while ((key = options_next(argc, argv, status_options)) != OPTIONS_END) {
		switch (key) {
		case 'j':
			json = true;
			break;
		case OPTIONS_HELP:
			command_help_print(stdout, &status_help);
			return EXIT_CODE_OK;
		default:
			return command_usage_error(&status_help);
		}
	}
	if (optind != argc) {
		complain(_("unexpected argument '%s'"), argv[optind]);
		return command_usage_error(&status_help);
	}

	found.module = ask_module(&found.status);
	found.daemon = daemon_pid(&found.pid);
	if (json)
		print_status_json(&found);
	else
		print_status(&found);
	if (found.module == EXIT_CODE_OK && found.status.state == MIFENG_STATE_DEGRADED)
		return EXIT_CODE_FAILED;
	return found.module;
}
