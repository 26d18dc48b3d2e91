/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every test of this directory includes, once: the kernel's test harness, the
 * helpers, and the words to expect something with.
 *
 * One .c file makes one program here, so the helpers come in as source.
 */
#ifndef MIFENG_TEST_SUITE_H
#define MIFENG_TEST_SUITE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uapi/mifeng.h"

#include "patience.h"
#include "stage.h"

/* The harness, too, ends what takes too long by alarm(): on a slow kernel that is later. */
#define alarm(seconds) alarm(patience(seconds))

#include <kselftest_harness.h>

#include "call32.h"
#include "deed.h"
#include "driver.h"
#include "fuse.h"
#include "namespace.h"
#include "passing.h"
#include "peer.h"
#include "records.h"
#include "stall.h"
#include "wire.h"

#include "call32.c"
#include "deed.c"
#include "driver.c"
#include "fuse.c"
#include "namespace.c"
#include "passing.c"
#include "peer.c"
#include "records.c"
#include "stage.c"
#include "stall.c"
#include "wire.c"

/* A step of the test that must not fail; NULL or words come from @call. */
#define ASSERT_RIGHT(call)						\
	do {								\
		const char *wrong_ = (call);				\
		ASSERT_EQ(NULL, wrong_) TH_LOG("%s", wrong_);		\
	} while (0)

#define EXPECT_RIGHT(call)						\
	do {								\
		const char *wrong_ = (call);				\
		EXPECT_EQ(NULL, wrong_) TH_LOG("%s", wrong_);		\
	} while (0)

/* Denied by the module, with its record; in a baseline it must have worked. */
#define EXPECT_DENIED(outcome, error, operation, reason, name)		\
	EXPECT_RIGHT(why_not_denied(outcome, error, operation, reason, name))

/* It could not be raised by the document because of what the culprit's words say. */
#define EXPECT_UNCLEAN(outcome, culprit) EXPECT_RIGHT(why_not_unclean(outcome, culprit))

/* It worked, and no record tells of it. */
#define EXPECT_ALLOWED(outcome) EXPECT_RIGHT(why_not_allowed(outcome))

/* In a baseline nothing is labelled, so there is nothing to compare. */
#define EXPECT_LEVEL(level, directory, name)				\
	do {								\
		if (!baseline())					\
			EXPECT_EQ(level, stage_level(directory, name));	\
	} while (0)

/* A deed of the cleared user, with the document read first or not. */
#define DEED(taint_, place_, act_)					\
	{ .uid = CLEARED, .login = CLEARED, .taint = taint_, .place = place_, .act = act_ }

/*
 * The deed by the program that holds something classified, refused if the variant says
 * denied, and by the one that does not, which is allowed everywhere.
 */
#define EXPECT_BY_PLACE(act, operation, name)						\
	do {										\
		struct deed deed_ = DEED(true, variant->place, act);			\
		struct outcome outcome_ = deed_do(&deed_);				\
											\
		if (variant->denied)							\
			EXPECT_DENIED(&outcome_, EACCES, operation,			\
				      MIFENG_REASON_UNMARKED_PATH, name);		\
		else									\
			EXPECT_ALLOWED(&outcome_);					\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

/*
 * The deed by the program that holds something classified, refused with EACCES; and by the one that
 * does not, which is allowed. What is done before comes before the document is read, or is NULL.
 */
#define EXPECT_DENIED_WHEN_TAINTED(before_, act_, operation, reason_)			\
	do {										\
		struct deed deed_ = DEED(true, PLACE_UNMARKED, act_);			\
		struct outcome outcome_;						\
											\
		deed_.before = before_;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_DENIED(&outcome_, EACCES, operation, reason_, NULL);		\
		deed_.taint = false;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

/* What the program that holds something classified goes on doing. */
#define EXPECT_ALLOWED_WHEN_TAINTED(before_, act_)					\
	do {										\
		struct deed deed_ = DEED(true, PLACE_UNMARKED, act_);			\
		struct outcome outcome_;						\
											\
		deed_.before = before_;							\
		outcome_ = deed_do(&deed_);						\
		EXPECT_ALLOWED(&outcome_);						\
	} while (0)

/*
 * What a deed sees is its "errno": 1 in a baseline, @seen with the module. Nobody is refused
 * anything, and there is no record.
 */
#define EXPECT_SEEN(deed, seen)								\
	do {										\
		struct outcome outcome_ = deed_do(deed);				\
											\
		EXPECT_EQ(baseline() ? 1 : (seen), outcome_.error);			\
		EXPECT_RIGHT(why_not_silent(&outcome_));				\
	} while (0)

#endif /* MIFENG_TEST_SUITE_H */
