// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mifengd: loads the policy into the mifeng module and keeps the log of what was denied.
 * Here is only the way up and the way down; the work is in loop.c.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "client.h"
#include "eventlog.h"
#include "exit_status.h"
#include "journal.h"
#include "loop.h"
#include "options.h"
#include "pid_file.h"
#include "policy.h"
#include "policy_load.h"
#include "role_restore.h"
#include "state_file.h"
#include "stick_log.h"

/* So that none of them is missed, nor kills, before the loop takes them. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Whoever reads our messages may go away; the log must go on. */
	signal(SIGPIPE, SIG_IGN);
}

static int check_policy(const struct options *options)
{
	struct policy_errors errors = { 0 };
	struct policy *policy = NULL;
	int r;

	r = policy_load(options->policy_directory, POLICY_LOAD_TRUSTED, &policy, &errors);
	for (size_t i = 0; i < errors.kept; i++)
		fprintf(stderr, "%s\n", errors.text[i]);
	if (r >= 0)
		printf("%s: the policy is valid: %zu clearances, %zu zones, %zu internal networks\n",
		       options->policy_directory, policy->clearance_count, policy->zone_count,
		       policy->network_count);
	policy_free(policy);
	policy_errors_clear(&errors);
	return r < 0 ? EXIT_STATUS_FAILED : EXIT_STATUS_OK;
}

static int open_state(const struct options *options, int *ret_state, int *ret_lock)
{
	int state, lock;

	state = state_open(options->state_directory);
	if (state < 0) {
		say(LOG_ERR, "the state directory %s cannot be opened: %s",
		    options->state_directory, strerror(-state));
		return state == -EACCES ? EXIT_STATUS_NOT_PERMITTED : EXIT_STATUS_FAILED;
	}
	lock = state_lock(state);
	if (lock < 0) {
		if (lock == -EBUSY)
			say(LOG_ERR, "another mifengd works on %s; stop that one first",
			    options->state_directory);
		else
			say(LOG_ERR, "%s/lock cannot be locked: %s", options->state_directory,
			    strerror(-lock));
		close(state);
		return EXIT_STATUS_FAILED;
	}
	*ret_state = state;
	*ret_lock = lock;
	return EXIT_STATUS_OK;
}

static int connect_kernel(struct client **ret)
{
	struct client_status status;
	struct client *client;
	int r;

	r = client_new(&client);
	if (r == -ENOENT) {
		say(LOG_ERR, "the mifeng module is not loaded: modprobe mifeng");
		return EXIT_STATUS_NO_MODULE;
	}
	if (r < 0) {
		say(LOG_ERR, "the kernel cannot be reached by netlink: %s", strerror(-r));
		return EXIT_STATUS_FAILED;
	}
	r = client_status_get(client, &status);
	if (r >= 0) {
		*ret = client;
		return EXIT_STATUS_OK;
	}
	if (r == -EPERM)
		say(LOG_ERR, "not permitted to administer the module: mifengd needs "
		    "CAP_MAC_ADMIN, as root has it outside containers");
	else
		say(LOG_ERR, "the module does not answer as expected: %s",
		    client_error_text(client)[0] ? client_error_text(client) : strerror(-r));
	client_free(client);
	return r == -EPERM ? EXIT_STATUS_NOT_PERMITTED : EXIT_STATUS_FAILED;
}

static int subscribe(struct client **ret)
{
	struct client *client;
	int r;

	r = client_new(&client);
	if (r < 0) {
		say(LOG_ERR, "the kernel cannot be reached by netlink: %s", strerror(-r));
		return EXIT_STATUS_FAILED;
	}
	r = client_event_subscribe(client);
	if (r < 0) {
		say(LOG_ERR, r == -EBUSY ? "another program takes the module's records; stop it first" :
		    "the module's records cannot be subscribed to: %s", strerror(-r));
		client_free(client);
		return EXIT_STATUS_FAILED;
	}
	*ret = client;
	return EXIT_STATUS_OK;
}

static int load_key(struct client *client, int state, const char *directory)
{
	uint8_t key[MIFENG_KEY_SIZE];
	bool made = false;
	int r;

	r = state_key(state, key, &made);
	if (r < 0) {
		say(LOG_ERR, "%s/label.key cannot be used: %s", directory,
		    r == -EBADMSG ? "it is no key of 32 bytes; restore it from a backup, since "
				    "every label is sealed with it" :
		    r == -EACCES ? "others than root may read it; chmod 600 it" : strerror(-r));
		return EXIT_STATUS_CONFIGURATION;
	}
	if (made)
		say(LOG_NOTICE, "made the key that labels are sealed with; back up %s/label.key "
		    "where only the security officer has access", directory);
	r = client_key_set(client, key);
	explicit_bzero(key, sizeof(key));
	if (r == -EEXIST) {
		say(LOG_ERR, "the kernel was given another key since it was booted: restore "
		    "%s/label.key, or restart the machine", directory);
		return EXIT_STATUS_CONFIGURATION;
	}
	if (r < 0) {
		say(LOG_ERR, "the key was refused: %s", client_error_text(client)[0] ?
		    client_error_text(client) : strerror(-r));
		return EXIT_STATUS_FAILED;
	}
	return EXIT_STATUS_OK;
}

/* Where the log is: what the policy says, if it is valid, else beside the key. */
static int log_directory(const struct options *options, char *ret, size_t size)
{
	struct policy *policy = NULL;
	int length;

	if (policy_load(options->policy_directory, POLICY_LOAD_TRUSTED, &policy, NULL) < 0 ||
	    !policy->log_directory.text)
		length = snprintf(ret, size, "%s/log", options->state_directory);
	else
		length = snprintf(ret, size, "%s", policy->log_directory.text);
	policy_free(policy);
	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

static int open_log(const struct options *options, struct stick_log *sticks,
		    struct eventlog **ret)
{
	char directory[PATH_MAX];
	int r;

	r = log_directory(options, directory, sizeof(directory));
	if (r >= 0)
		r = eventlog_open(directory, stick_log_learn, sticks, ret);
	if (r < 0) {
		say(LOG_ERR, "the log in %s cannot be opened: %s", directory,
		    r == -EBUSY ? "another process writes it" : strerror(-r));
		return EXIT_STATUS_FAILED;
	}
	return EXIT_STATUS_OK;
}

static int run(const struct options *options)
{
	struct loop_parts parts = { .options = options, .state = -1 };
	int lock = -1;
	int status;

	status = open_state(options, &parts.state, &lock);
	if (status)
		return status;
	status = connect_kernel(&parts.control);
	if (status)
		goto close_state;
	parts.sticks = stick_log_new();
	status = parts.sticks ? open_log(options, parts.sticks, &parts.log) : EXIT_STATUS_FAILED;
	if (status)
		goto free_parts;
	status = load_key(parts.control, parts.state, options->state_directory);
	if (status)
		goto free_parts;
	/* Before the policy: its zones and networks mean different things to different roles. */
	role_restore(parts.control, parts.state, options->state_directory);
	status = subscribe(&parts.notices);
	if (status)
		goto free_parts;
	if (pid_file_write() < 0)
		say(LOG_WARNING, PID_FILE " cannot be written; mifengctl will not find this "
		    "daemon");
	status = loop_run(&parts);
	pid_file_remove();

free_parts:
	client_free(parts.notices);
	eventlog_free(parts.log);
	stick_log_free(parts.sticks);
	client_free(parts.control);
close_state:
	close(lock);
	close(parts.state);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	int status;

	status = options_parse(argc, argv, &options);
	if (status >= 0)
		return status;
	umask(077);
	if (options.check)
		return check_policy(&options);
	block_signals();
	return run(&options);
}
