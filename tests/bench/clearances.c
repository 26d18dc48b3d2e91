// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clearances N: put a policy in force that clears the cleared user of the guest for everything,
 * and N others, in one transaction. By hand, as the test suite speaks to the module: it is static.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kselftest/support/wire.c"

#define CLEARED		1000
#define FIRST_OTHER	100000
#define ONE_MESSAGE	150	/* clearances */

static void put_clearance(struct message *message, uint32_t uid, uint8_t level)
{
	size_t nest = message_nest(message, MIFENG_A_CLEARANCE);

	message_put_u32(message, MIFENG_CLEARANCE_A_UID, uid);
	message_put_u8(message, MIFENG_CLEARANCE_A_LEVEL, level);
	message_put_u64(message, MIFENG_CLEARANCE_A_SCOPES, MIFENG_SCOPES_ALL);
	message_nest_end(message, nest);
}

static void call(struct wire *wire, struct message *message)
{
	int error = wire_call(wire, message, NULL);

	if (error)
		errx(1, "%s: %s", strerror(-error), wire->words);
}

static void put_others(struct wire *wire, uint32_t count)
{
	for (uint32_t put = 0; put < count;) {
		struct message message;

		message_start(&message, wire, MIFENG_CMD_POLICY_PUT, 0);
		for (int i = 0; i < ONE_MESSAGE && put < count; i++, put++)
			put_clearance(&message, FIRST_OTHER + put, MIFENG_LEVEL_CONFIDENTIAL);
		call(wire, &message);
	}
}

int main(int argc, char **argv)
{
	struct message message;
	struct wire wire;
	size_t nest;
	int error;

	if (argc != 2)
		errx(1, "usage: clearances N");
	error = wire_open(&wire);
	if (error)
		errx(1, "the module: %s", strerror(-error));
	message_start(&message, &wire, MIFENG_CMD_POLICY_BEGIN, 0);
	call(&wire, &message);
	message_start(&message, &wire, MIFENG_CMD_POLICY_PUT, 0);
	put_clearance(&message, CLEARED, MIFENG_LEVEL_TOP_SECRET);
	call(&wire, &message);
	put_others(&wire, strtoul(argv[1], NULL, 10));
	message_start(&message, &wire, MIFENG_CMD_POLICY_COMMIT, 0);
	nest = message_nest(&message, MIFENG_A_POLICY);
	message_put_u8(&message, MIFENG_POLICY_A_MODE, MIFENG_MODE_ENFORCE);
	message_put_u8(&message, MIFENG_POLICY_A_REMOVABLE, MIFENG_REMOVABLE_ORDINARY);
	message_nest_end(&message, nest);
	call(&wire, &message);
	wire_close(&wire);
	return 0;
}
