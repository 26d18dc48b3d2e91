/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A deed is one operation done by one person in a process of its own, and what became
 * of it: the errno, and the record of the module or its absence.
 *
 * The operation tells its errno by its exit status alone, because a program that holds
 * something classified is not to be given another way out for it.
 */
#ifndef MIFENG_TEST_DEED_H
#define MIFENG_TEST_DEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "stage.h"

#define SERVICE		((uid_t)-1)	/* login uid of a process nobody logged in for */
#define TROUBLE		200		/* exit status: the test could not be set up */

/**
 * struct deed - what is to be done
 * @uid: who does it
 * @login: his login uid, or SERVICE
 * @capability: one to keep although @uid is not root, or 0
 * @taint: he reads the document first
 * @directory: where; NULL for "tainted" or "ordinary" in the place below
 * @place: see @directory
 * @before: done before the document is read, or NULL
 * @gate: before @act it stops itself and waits for deed_go()
 * @act: the operation that is judged
 *
 * @before and @act return 0 or an errno, positive.
 */
struct deed {
	uid_t uid;
	uid_t login;
	int capability;
	bool taint;
	const char *directory;
	enum place place;
	int (*before)(void);
	bool gate;
	int (*act)(void);
};

/**
 * struct outcome - what became of it
 * @who: as in the deed
 * @pid: of the process that did it; set it to 0 if the record is another one's
 * @error: errno of the operation, 0 for success, -1 if it could not be tried
 * @since: number of the last record before
 */
struct outcome {
	const struct deed *who;
	pid_t pid;
	int error;
	uint64_t since;
};

/** deed_do - do it and wait for its end, for 25 seconds at most */
struct outcome deed_do(const struct deed *deed);

/** deed_start - do it, do not wait; @since of the outcome is set */
struct outcome deed_start(const struct deed *deed);

/** deed_end - wait for what deed_start() began; sets @error */
void deed_end(struct outcome *outcome);

/**
 * deed_ready - wait until a deed with a gate stands at it
 * @outcome: of deed_start()
 *
 * Returns NULL, or in words what is wrong.
 */
const char *deed_ready(const struct outcome *outcome);

/** deed_go - let it through its gate */
void deed_go(const struct outcome *outcome);

/**
 * deed_blocked - wait until a deed sleeps inside a system call; not for a tainted one
 * @outcome: of deed_start(), past its gate
 * @call: number of the system call
 *
 * Returns NULL, or in words what is wrong.
 */
const char *deed_blocked(const struct outcome *outcome, long call);

/** result - turns what a system call returned into 0 or its errno */
int result(long returned);

/** result_close - the same for a call that returned a descriptor */
int result_close(int fd);

/** document_read - read the document, as a deed with @taint does; 0 or errno */
int document_read(void);

/**
 * become - change the calling process into another person's
 * @uid: who
 * @login: login uid, or SERVICE
 * @capability: one to keep, or 0
 *
 * Returns 0 or a negative errno.
 */
int become(uid_t uid, uid_t login, int capability);

/**
 * why_not_denied - check that the module refused, and said so
 * @outcome: of the deed
 * @error: the errno it must have had
 * @operation: enum mifeng_operation of the record, 0 for any
 * @reason: enum mifeng_reason of the record
 * @name: last part of the record's path, or NULL
 *
 * In a baseline the deed must have succeeded.
 *
 * Returns NULL, or in words what is wrong.
 */
const char *why_not_denied(const struct outcome *outcome, int error, int operation, int reason,
			   const char *name);

/**
 * why_not_unclean - check that a raise by the document was refused, and what for
 * @outcome: of the deed
 * @culprit: words in the record's culprit
 *
 * In a baseline the deed must have succeeded. Returns NULL, or in words what is wrong.
 */
const char *why_not_unclean(const struct outcome *outcome, const char *culprit);

/**
 * why_not_allowed - check that it succeeded and that no record tells of it
 * @outcome: of the deed
 *
 * Records come in order: a denial is provoked, and once its record is there, one of the
 * deed would be too.
 *
 * Returns NULL, or in words what is wrong.
 */
const char *why_not_allowed(const struct outcome *outcome);

/**
 * silence_end - provoke a denial, whose record comes after all that the deed may have left
 * @outcome: of the deed
 * @until: set to the number of that record
 *
 * Not for baselines. Returns NULL, or in words what is wrong.
 */
const char *silence_end(const struct outcome *outcome, uint64_t *until);

/** why_not_silent - as why_not_allowed(), whatever the outcome of the deed itself was */
const char *why_not_silent(const struct outcome *outcome);

#endif /* MIFENG_TEST_DEED_H */
