/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sticks the log says are plugged in, so that each coming and going is in it once,
 * also when it happened while no daemon ran.
 */
#ifndef MIFENGD_STICK_LOG_H
#define MIFENGD_STICK_LOG_H

#include <stdbool.h>

struct eventlog;
struct record;
struct stick;
struct stick_log;

/** stick_log_new - start with nothing plugged in; NULL without memory */
struct stick_log *stick_log_new(void);

/** stick_log_free - may be NULL. Returns NULL. */
struct stick_log *stick_log_free(struct stick_log *sticks);

/**
 * stick_log_learn - take in a record of this boot that is in the log
 * @record: of any type
 * @userdata: the struct stick_log
 */
void stick_log_learn(const struct record *record, void *userdata);

/**
 * stick_log_note - a stick is there, or went
 * @sticks: what the log says
 * @log: gets a record if it does not say so yet
 * @stick: which
 * @added: it is there
 *
 * Returns 0 or the errno of the log.
 */
int stick_log_note(struct stick_log *sticks, struct eventlog *log, const struct stick *stick,
		   bool added);

/**
 * stick_log_started - all that is plugged in was noted: what else the log names has gone
 * @sticks: what the log says
 * @log: gets the records
 *
 * Returns 0 or the errno of the log.
 */
int stick_log_started(struct stick_log *sticks, struct eventlog *log);

#endif /* MIFENGD_STICK_LOG_H */
