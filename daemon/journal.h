/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon says to people: its own messages, and a copy of each record in the
 * journal. The log is the truth; a journal that is absent changes nothing.
 */
#ifndef MIFENGD_JOURNAL_H
#define MIFENGD_JOURNAL_H

struct record;

/** say - one line at a syslog priority, to stderr, where systemd picks it up */
void say(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * journal_record - send a record to the journal with structured fields
 * @record: one that is safe in the log
 *
 * MESSAGE_ID is the same for every record of one kind, the fields are MIFENG_*.
 */
void journal_record(const struct record *record);

#endif /* MIFENGD_JOURNAL_H */
