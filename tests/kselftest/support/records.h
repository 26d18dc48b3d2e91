/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the log says happened. The daemon of the guest is the one subscriber, so the
 * records are read where it puts them: in the chained log on disk.
 */
#ifndef MIFENG_TEST_RECORDS_H
#define MIFENG_TEST_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct wanted - what a record is compared with
 * @since: only records numbered above this
 * @until: only records numbered below this; 0 for no bound
 * @pid: of the program; 0 for any
 * @operation: enum mifeng_operation; 0 for any
 * @reason: enum mifeng_reason; 0 for any
 */
struct wanted {
	uint64_t since;
	uint64_t until;
	pid_t pid;
	int operation;
	int reason;
};

/**
 * struct found - the members of a record that tests look at
 * @total: acts that all matching records stand for together, folds counted
 */
struct found {
	uint64_t sequence;
	uint64_t total;
	int verdict;
	int operation;
	int reason;
	pid_t pid;
	uid_t uid;
	uid_t login;
	uint8_t taint;
	char path[512];
	char medium[64];
	char culprit[256];
	char source[512];
};

/**
 * records_find - look through the log once
 * @wanted: what is looked for
 * @found: the first match and the total of all of them; untouched without one
 *
 * Returns how many records match, or a negative errno.
 */
int records_find(const struct wanted *wanted, struct found *found);

/**
 * records_wait - look until at least @total acts are recorded, for ten seconds at most
 * @wanted: what is looked for
 * @total: how many acts, at least 1
 * @found: as in records_find()
 *
 * Returns how many records match; 0 or fewer acts than @total after the time; or a
 * negative errno.
 */
int records_wait(const struct wanted *wanted, uint64_t total, struct found *found);

#endif /* MIFENG_TEST_RECORDS_H */
