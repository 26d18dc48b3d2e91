/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's end of the log: every record goes through here, and what is known of the
 * kernel's records that are in it already.
 */
#ifndef MIFENGD_EVENTLOG_H
#define MIFENGD_EVENTLOG_H

#include <stdbool.h>
#include <stdint.h>

struct event;
struct eventlog;
struct record;

/** eventlog_fn - shown a record of this boot that is in the log already */
typedef void (*eventlog_fn)(const struct record *record, void *userdata);

/**
 * eventlog_open - open the log and learn from its tail what of this boot is in it
 * @directory: of the log
 * @fn: shown the records of this boot in the tail, oldest first
 * @userdata: for @fn
 * @ret: the log
 *
 * When a crash or damage was found a note is logged.
 *
 * Returns 0, -EBUSY if another daemon has it open, or the errno of log_writer_open().
 */
int eventlog_open(const char *directory, eventlog_fn fn, void *userdata,
		  struct eventlog **ret);

/** eventlog_free - close; may be NULL. Returns NULL. */
struct eventlog *eventlog_free(struct eventlog *log);

/**
 * eventlog_append - add a record to the batch, with the time and boot id filled in
 * @log: the log
 * @record: its @time, if zero, and @boot_id are set for the line
 *
 * Returns 0, -ENOMEM or the errno of log_writer_append().
 */
int eventlog_append(struct eventlog *log, struct record *record);

/**
 * eventlog_commit - wait until the batch is on the disk
 * @log: the log
 *
 * On failure the batch is forgotten: the kernel still holds its records, and the daemon
 * makes its own again. -EIO means that the log must be opened anew.
 */
int eventlog_commit(struct eventlog *log);

/** eventlog_discard - forget what was appended and not committed */
void eventlog_discard(struct eventlog *log);

/**
 * eventlog_record - append one record of the daemon's own, commit, and tell the journal
 * @log: the log
 * @record: the record
 */
int eventlog_record(struct eventlog *log, struct record *record);

/**
 * eventlog_has - a kernel record is in the log already
 * @log: the log
 * @event: the record
 *
 * Numbers start again when the module is loaded again, so the time since boot counts too.
 */
bool eventlog_has(const struct eventlog *log, const struct event *event);

/** eventlog_last_seq - number of the newest kernel record of this boot, 0 for none */
uint64_t eventlog_last_seq(const struct eventlog *log);

/** eventlog_logged - take note that a kernel record was committed */
void eventlog_logged(struct eventlog *log, const struct event *event);

/** eventlog_count - records written since the start */
uint64_t eventlog_count(const struct eventlog *log);

#endif /* MIFENGD_EVENTLOG_H */
