/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_LOOP_H
#define MIFENGD_LOOP_H

struct client;
struct eventlog;
struct options;
struct stick_log;

/**
 * struct loop_parts - what main() opened for the loop; the loop owns none of it
 * @options: the command line
 * @control: client for requests
 * @notices: client that will be subscribed
 * @log: the log
 * @sticks: which sticks are in it
 * @state: descriptor of the state directory
 */
struct loop_parts {
	const struct options *options;
	struct client *control;
	struct client *notices;
	struct eventlog *log;
	struct stick_log *sticks;
	int state;
};

/**
 * loop_run - apply the policy, take over what the kernel holds, and serve until told to stop
 * @parts: see above
 *
 * Says what goes wrong itself.
 *
 * Returns the exit status of the daemon.
 */
int loop_run(const struct loop_parts *parts);

#endif /* MIFENGD_LOOP_H */
