/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program that holds something classified does not get, and what it may still ask: the fixtures
 * of the tests whose variants are single system calls. FACILITY() and ASKING() add one.
 */
#ifndef MIFENG_TEST_FACILITY_H
#define MIFENG_TEST_FACILITY_H

#include "suite.h"

/* Memory that 32-bit pointers reach. */
static void *low(const void *bytes, size_t size)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (memory == MAP_FAILED)
		_exit(TROUBLE);
	memcpy(memory, bytes, size);
	return memory;
}

#define LOW(text) ((long)low(text, sizeof(text)))

FIXTURE(facility) {};

FIXTURE_VARIANT(facility)
{
	int (*before)(void);
	int (*act)(void);
	int capability;
	bool by_child; /* the record is of a child of the program */
};

#define FACILITY(name, before_, act_)						\
	FIXTURE_VARIANT_ADD(facility, name) { .before = before_, .act = act_ }
#define FACILITY_OF_ROOT(name, act_, capability_)				\
	FIXTURE_VARIANT_ADD(facility, name) { .act = act_, .capability = capability_ }

/* What the file that includes this one has to have besides. */
static void facility_open(void);
static void facility_close(void);

FIXTURE_SETUP(facility)
{
	ASSERT_RIGHT(stage_open());
	facility_open();
}

FIXTURE_TEARDOWN(facility)
{
	facility_close();
	stage_close();
}

TEST_F(facility, is_for_the_untainted)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = variant->before;
	deed.capability = variant->capability;
	outcome = deed_do(&deed);
	if (variant->by_child)
		outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_FACILITY, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

FIXTURE(asking) {};

FIXTURE_VARIANT(asking)
{
	int (*before)(void);
	int (*act)(void);
};

#define ASKING(name, before_, act_)						\
	FIXTURE_VARIANT_ADD(asking, name) { .before = before_, .act = act_ }

FIXTURE_SETUP(asking)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(asking)
{
	facility_close();
	stage_close();
}

TEST_F(asking, is_for_all)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = variant->before;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

#endif /* MIFENG_TEST_FACILITY_H */
