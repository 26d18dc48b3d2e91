// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The daemon's event loop.
 *
 * One process, one thread, no locks: everything happens in a callback of one sd-event
 * loop, one after another. Nobody else works on the state directory (main() holds its
 * lock) and nobody else is subscribed to the kernel's notices.
 *
 *	the kernel's notice ---+
 *	once a second ---------+--> drain: fetch, resolve, write, sync, acknowledge
 *	SIGHUP ------------------> read the policy; only a whole, valid one replaces the old
 *	udev --------------------> a stick came or went: a record
 *	rtnetlink ---------------> a way to the outside came or went: said at once
 *	SIGTERM, SIGINT ---------> drain once more, a record, out
 *	the watchdog ------------> sd-event answers while the loop turns
 *
 * The kernel holds a record until it is acknowledged, so it may be fetched twice but is
 * never lost; the log knows what it has. The timer makes up for a notice that was lost in
 * a full socket, and tries again after a full disk. Nothing here is needed for the kernel
 * to refuse what it must refuse.
 *
 * Writing the log blocks the loop for as long as the disk takes. That is wanted: nothing
 * of what comes after may be acknowledged before.
 */
#include "loop.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <syslog.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "client.h"
#include "devices.h"
#include "eventlog.h"
#include "exit_status.h"
#include "journal.h"
#include "kernel.h"
#include "net_watch.h"
#include "options.h"
#include "policy_load.h"
#include "privdrop.h"
#include "record.h"
#include "resolve.h"
#include "stick_log.h"

#define TICK_USEC	1000000ULL
#define ACCURACY_USEC	100000ULL

/**
 * struct loop - everything the callbacks need
 * @parts: what main() opened
 * @event: the loop
 * @tick: the timer
 * @devices: the sticks
 * @resolver: account names
 * @network: the watch for ways to the outside; NULL if there is none
 * @policy: what is in force
 * @role: the machine's, when it was last asked for
 * @may_set_down: CAP_NET_ADMIN is still there
 * @last_error: of the drain, so that a lasting fault is said once
 */
struct loop {
	const struct loop_parts *parts;
	sd_event *event;
	sd_event_source *tick;
	struct devices *devices;
	struct resolver *resolver;
	struct net_watch *network;
	struct policy_state policy;
	uint8_t role;
	bool may_set_down;
	int last_error;
};

static void tell_status(struct loop *loop)
{
	if (loop->last_error)
		sd_notifyf(0, "STATUS=Records cannot be logged: %s. They wait in the kernel.",
			   strerror(-loop->last_error));
	else if (!loop->policy.generation)
		sd_notify(0, "STATUS=No valid policy was applied since the start; see "
			  "mifengctl policy check.");
	else
		sd_notifyf(0, "STATUS=Policy generation %" PRIu64 ", %zu zones, %" PRIu64
			   " records logged.", loop->policy.generation, loop->policy.zones,
			   eventlog_count(loop->parts->log));
}

/* Decides what a failed drain means. Returns 0 to go on. */
static int judge_drain(struct loop *loop, int error)
{
	if (error == -ENOENT) {
		say(LOG_ERR, "the mifeng module is not loaded any more: modprobe mifeng");
		return sd_event_exit(loop->event, EXIT_STATUS_NO_MODULE);
	}
	if (error == -EIO) {
		say(LOG_CRIT, "the log could not be synced to the disk; stopping, so that it is "
		    "checked when it is opened anew");
		return sd_event_exit(loop->event, EXIT_STATUS_FAILED);
	}
	if (error != loop->last_error)
		say(LOG_ERR, "records cannot be taken over now, they wait in the kernel: %s",
		    strerror(-error));
	loop->last_error = error;
	tell_status(loop);
	return 0;
}

static int drain(struct loop *loop)
{
	int64_t r;

	/* The table changes while programs are being denied; the next round gets the rest. */
	r = kernel_drain(loop->parts->control, loop->parts->log, loop->resolver, loop->devices);
	if (r == -EAGAIN)
		return 0;
	if (r < 0)
		return judge_drain(loop, (int)r);
	if (loop->last_error)
		say(LOG_NOTICE, "records are taken over again");
	if (r || loop->last_error) {
		loop->last_error = 0;
		tell_status(loop);
	}
	return 0;
}

static int on_notice(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)fd;
	(void)events;
	client_event_pending(loop->parts->notices, NULL);
	return drain(loop);
}

static void look_at_network(struct loop *loop)
{
	if (loop->network)
		net_watch_look(loop->network, loop->role, loop->policy.networks, loop->policy.network_count,
			       loop->policy.outside_down);
}

/* A role that was changed by mifengctl shows here. */
static void look_at_role(struct loop *loop)
{
	struct client_status status;

	if (client_status_get(loop->parts->control, &status) < 0 || status.role == loop->role)
		return;
	loop->role = status.role;
	look_at_network(loop);
}

static int on_network(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)fd;
	(void)events;
	net_watch_read(loop->network);
	look_at_network(loop);
	return 0;
}

/* The privilege goes when the policy does not want it; it comes back with the next start only. */
static void settle_network(struct loop *loop)
{
	if (loop->policy.outside_down && !loop->may_set_down)
		say(LOG_WARNING, "the policy wants links that lead outside set down, for which mifengd has to be "
		    "started again: systemctl restart mifengd");
	if (!loop->policy.outside_down && loop->may_set_down && privileges_drop_network() >= 0)
		loop->may_set_down = false;
	look_at_network(loop);
}

static int on_tick(sd_event_source *source, uint64_t now, void *userdata)
{
	struct loop *loop = userdata;
	int r;

	(void)now;
	look_at_role(loop);
	r = drain(loop);
	if (r < 0)
		return r;
	return sd_event_source_set_time_relative(source, TICK_USEC);
}

static int on_device(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)fd;
	(void)events;
	devices_read(loop->devices);
	return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info,
		     void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)info;
	sd_notify(0, "RELOADING=1");
	resolver_forget(loop->resolver);
	policy_reload(loop->parts->control, loop->parts->state,
		      loop->parts->options->policy_directory, loop->parts->log, &loop->policy);
	settle_network(loop);
	sd_notify(0, "READY=1");
	tell_status(loop);
	return drain(loop);
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	struct loop *loop = userdata;

	(void)source;
	(void)info;
	sd_notify(0, "STOPPING=1");
	return sd_event_exit(loop->event, EXIT_STATUS_OK);
}

/* Signals are blocked by main() before any of them could come. */
static int add_sources(struct loop *loop)
{
	int r;

	r = sd_event_add_signal(loop->event, NULL, SIGHUP, on_reload, loop);
	if (r >= 0)
		r = sd_event_add_signal(loop->event, NULL, SIGTERM, on_stop, loop);
	if (r >= 0)
		r = sd_event_add_signal(loop->event, NULL, SIGINT, on_stop, loop);
	if (r >= 0)
		r = sd_event_add_io(loop->event, NULL, client_fd(loop->parts->notices), EPOLLIN,
				    on_notice, loop);
	if (r >= 0 && loop->devices)
		r = sd_event_add_io(loop->event, NULL, devices_fd(loop->devices), EPOLLIN,
				    on_device, loop);
	if (r >= 0 && loop->network)
		r = sd_event_add_io(loop->event, NULL, net_watch_fd(loop->network), EPOLLIN, on_network, loop);
	if (r >= 0)
		r = sd_event_add_time_relative(loop->event, &loop->tick, CLOCK_MONOTONIC,
					       TICK_USEC, ACCURACY_USEC, on_tick, loop);
	if (r >= 0)
		r = sd_event_source_set_enabled(loop->tick, SD_EVENT_ON);
	if (r >= 0)
		r = sd_event_set_watchdog(loop->event, true);
	return r;
}

static void on_stick(const struct stick *stick, bool added, void *userdata)
{
	struct loop *loop = userdata;
	int r;

	r = stick_log_note(loop->parts->sticks, loop->parts->log, stick, added);
	if (r < 0)
		say(LOG_ERR, "that %s %s could not be logged: %s", stick->node,
		    added ? "came" : "went", strerror(-r));
}

static int start_devices(struct loop *loop)
{
	int r;

	r = devices_new(on_stick, loop, &loop->devices);
	if (r < 0) {
		say(LOG_ERR, "sticks cannot be watched: %s", strerror(-r));
		return r == -ENOMEM ? r : 0;
	}
	return stick_log_started(loop->parts->sticks, loop->parts->log);
}

/* Listening first, so that nothing comes between it and the first look. */
static int start_network(struct loop *loop)
{
	int r;

	r = net_watch_new(&loop->network);
	if (r < 0) {
		say(LOG_ERR, "links and routes cannot be watched: %s", strerror(-r));
		return r == -ENOMEM ? r : 0;
	}
	look_at_role(loop);
	return 0;
}

static int start(struct loop *loop)
{
	struct record started = { .type = RECORD_STARTED, .version = (char *)MIFENGD_VERSION };
	int r;

	r = sd_event_new(&loop->event);
	if (r < 0)
		return r;
	loop->resolver = resolver_new();
	if (!loop->resolver)
		return -ENOMEM;
	r = eventlog_record(loop->parts->log, &started);
	if (r < 0)
		return r;
	/* A policy that is rejected is said and recorded there; the daemon stays up. */
	policy_reload(loop->parts->control, loop->parts->state,
		      loop->parts->options->policy_directory, loop->parts->log, &loop->policy);
	r = start_devices(loop);
	if (r >= 0)
		r = start_network(loop);
	if (r >= 0)
		r = add_sources(loop);
	if (r < 0)
		return r;
	loop->may_set_down = loop->policy.outside_down;
	return privileges_drop(loop->may_set_down);
}

static void stop(struct loop *loop)
{
	struct record stopped = { .type = RECORD_STOPPED };

	kernel_drain(loop->parts->control, loop->parts->log, loop->resolver, loop->devices);
	eventlog_record(loop->parts->log, &stopped);
}

int loop_run(const struct loop_parts *parts)
{
	struct loop loop = { .parts = parts };
	int status = EXIT_STATUS_FAILED;
	int r;

	r = start(&loop);
	if (r < 0) {
		say(LOG_ERR, "cannot start: %s", strerror(-r));
		goto free_parts;
	}
	r = drain(&loop);
	if (r >= 0) {
		sd_notify(0, "READY=1");
		tell_status(&loop);
		r = sd_event_loop(loop.event);
	}
	if (r < 0)
		say(LOG_ERR, "the event loop failed: %s", strerror(-r));
	else
		status = r;
	if (status == EXIT_STATUS_OK)
		stop(&loop);
free_parts:
	policy_state_clear(&loop.policy);
	net_watch_free(loop.network);
	devices_free(loop.devices);
	resolver_free(loop.resolver);
	sd_event_source_unref(loop.tick);
	sd_event_unref(loop.event);
	return status;
}
