// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the machine is for: from one role to another by closed, and never while a program holds something
 * classified. The guest is a classified one before each test and after it.
 */
#include <sys/wait.h>

#include "support/outside.h"
#include "support/suite.h"

#include "support/outside.c"

static int before = -1; /* the document, opened before the role changes */

FIXTURE(role) { struct wire_role kept; };

FIXTURE_SETUP(role)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(role)
{
	if (!baseline()) {
		EXPECT_EQ(0, wire_role_set(&stage.wire, MIFENG_ROLE_CLOSED, NULL));
		EXPECT_EQ(0, wire_role_set(&stage.wire, MIFENG_ROLE_CLASSIFIED, NULL));
	}
	stage_close();
}

static int role(uint8_t role)
{
	return baseline() ? 0 : wire_role_set(&stage.wire, role, NULL);
}

static uint8_t role_now(void)
{
	struct wire_status status = { .role = 255 };

	if (baseline())
		return MIFENG_ROLE_CLASSIFIED;
	wire_status_get(&stage.wire, &status);
	return status.role;
}

static int open_before(void)
{
	before = open(stage.document, O_RDONLY | O_CLOEXEC);
	return result(before);
}

static int read_it(void)
{
	char byte;

	return result(read(before, &byte, 1));
}

static int open_it(void)
{
	return result_close(open(stage.document, O_RDONLY | O_CLOEXEC));
}

static int write_to_the_zone(void)
{
	return result(write(open(path_join(stage.directory[PLACE_ZONE], "ordinary/file"),
				 O_WRONLY | O_CLOEXEC), "y", 1));
}

static const struct deed opening = {
	.uid = CLEARED, .login = CLEARED, .directory = "/", .act = open_it,
};

TEST_F(role, classified_goes_by_closed)
{
	if (baseline())
		return;
	EXPECT_EQ(MIFENG_ROLE_CLASSIFIED, role_now());
	EXPECT_EQ(-EINVAL, role(MIFENG_ROLE_ONLINE));
	EXPECT_EQ(-EINVAL, role(MIFENG_ROLE_UNASSIGNED));
	EXPECT_EQ(MIFENG_ROLE_CLASSIFIED, role_now());
	EXPECT_EQ(-ERANGE, role(MIFENG_ROLE_MAX + 1));
	EXPECT_EQ(-EINVAL, wire_role_set_flags(&stage.wire, MIFENG_ROLE_CLASSIFIED,
						MIFENG_ROLE_CLASSIFIED_ONCE, NULL));
	EXPECT_EQ(-EINVAL, wire_role_set_flags(&stage.wire, MIFENG_ROLE_CLOSED, 1U << 31, NULL));
}

TEST_F(role, closed_reads_nothing)
{
	struct deed deed = opening;
	struct outcome outcome;

	deed.before = open_before;
	deed.act = read_it;
	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	ASSERT_EQ(0, role(MIFENG_ROLE_CLOSED));
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_READ, MIFENG_REASON_ROLE, "document");
	outcome = deed_do(&opening);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_ROLE, "document");
	EXPECT_EQ(baseline() ? 0 : -EPERM, stage_mark(path_join(stage.directory[PLACE_ZONE],
								  "ordinary/file")));
	/* what is not classified is as it was */
	deed.before = NULL;
	deed.gate = false;
	deed.act = write_to_the_zone;
	outcome = deed_do(&deed);
	ASSERT_EQ(0, role(MIFENG_ROLE_CLASSIFIED));
	EXPECT_ALLOWED(&outcome);
	outcome = deed_do(&opening);
	EXPECT_ALLOWED(&outcome);
}

TEST_F(role, holders_keep_it_classified)
{
	struct deed deed = DEED(true, PLACE_ZONE, open_it);
	struct outcome outcome;

	deed.gate = true;
	outcome = deed_start(&deed);
	ASSERT_RIGHT(deed_ready(&outcome));
	EXPECT_EQ(baseline() ? 0 : -EBUSY, role(MIFENG_ROLE_CLOSED));
	EXPECT_EQ(MIFENG_ROLE_CLASSIFIED, role_now());
	deed_go(&outcome);
	deed_end(&outcome);
	EXPECT_ALLOWED(&outcome);
	EXPECT_EQ(0, role(MIFENG_ROLE_CLOSED));
}

TEST_F(role, once_classified_never_online)
{
	struct wire_status status;

	if (baseline())
		return;
	ASSERT_EQ(0, role(MIFENG_ROLE_CLOSED));
	EXPECT_EQ(-EPERM, role(MIFENG_ROLE_ONLINE));
	EXPECT_EQ(MIFENG_ROLE_CLOSED, role_now());
	ASSERT_EQ(0, wire_status_get(&stage.wire, &status));
	EXPECT_EQ(MIFENG_ROLE_CLASSIFIED_ONCE, status.role_flags);
}

/* With zones it is no machine for everything; without, it is one from the next start on. */
TEST_F(role, retires_at_the_next_start)
{
	struct wire_role kept;
	int zone;

	if (baseline())
		return;
	zone = open("/srv/classified", O_PATH | O_CLOEXEC);
	ASSERT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, MIFENG_REMOVABLE_ORDINARY, CLEARED,
				      zone));
	ASSERT_EQ(0, role(MIFENG_ROLE_CLOSED));
	EXPECT_EQ(-EBUSY, role(MIFENG_ROLE_UNASSIGNED));
	ASSERT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE, MIFENG_REMOVABLE_ORDINARY, CLEARED,
				      -1));
	ASSERT_EQ(0, wire_role_set(&stage.wire, MIFENG_ROLE_UNASSIGNED, &kept));
	EXPECT_EQ(MIFENG_ROLE_UNASSIGNED, kept.role);
	EXPECT_EQ(MIFENG_ROLE_CLASSIFIED_ONCE, kept.flags);
	EXPECT_EQ(MIFENG_ROLE_CLOSED, role_now());
	close(zone);
}

TEST_F(role, what_is_kept_is_sealed)
{
	struct wire_role kept, other;

	if (baseline())
		return;
	ASSERT_EQ(0, wire_role_set(&stage.wire, MIFENG_ROLE_CLOSED, &self->kept));
	ASSERT_EQ(0, wire_role_set(&stage.wire, MIFENG_ROLE_CLASSIFIED, &kept));
	EXPECT_EQ(self->kept.serial + 1, kept.serial);
	EXPECT_EQ(0, wire_role_restore(&stage.wire, &kept));
	/* one of before is not in force any more */
	EXPECT_EQ(-EEXIST, wire_role_restore(&stage.wire, &self->kept));
	other = kept;
	other.role = MIFENG_ROLE_ONLINE;
	EXPECT_EQ(-EBADMSG, wire_role_restore(&stage.wire, &other));
	other = kept;
	other.flags = 0;
	EXPECT_EQ(-EBADMSG, wire_role_restore(&stage.wire, &other));
	other = kept;
	other.serial++;
	EXPECT_EQ(-EBADMSG, wire_role_restore(&stage.wire, &other));
	other = kept;
	other.seal[15] ^= 1;
	EXPECT_EQ(-EBADMSG, wire_role_restore(&stage.wire, &other));
	EXPECT_EQ(MIFENG_ROLE_CLASSIFIED, role_now());
}

/* How much earlier the reader begins than the machine is closed, in microseconds; later, if negative. */
static int lead;
static unsigned int round_now;

/*
 * Reads the document and stands still with it, at a moment that the round chooses. A program that holds
 * something tells of it by nothing but that.
 */
static int read_and_stand(void)
{
	if (lead < 0)
		usleep((useconds_t)-lead);
	for (volatile unsigned int i = 0; i < round_now * 7919 % 40000; i++)
		;
	if (document_read())
		return errno == EACCES ? 0 : TROUBLE;
	raise(SIGSTOP);
	return 1;
}

/* Whether it has read the document; -1 if neither is certain. */
static int reader_end(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WUNTRACED) != pid)
		return -1;
	if (!WIFSTOPPED(status))
		return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return 1;
}

/* A document is read, or the machine is closed: not both, however they meet. */
TEST_F_TIMEOUT(role, never_both, 300)
{
	const char *rounds = getenv("MIFENG_ROUNDS");
	unsigned int both = 0, read_ones = 0, closed_ones = 0, strange = 0;

	if (baseline())
		return;
	lead = 2000;
	for (unsigned int round = 0; round < (rounds ? (unsigned int)atoi(rounds) : 600); round++) {
		struct deed deed = { .uid = CLEARED, .login = CLEARED, .directory = "/", .gate = true,
				     .act = read_and_stand };
		struct outcome outcome;
		int closed, has_read;

		round_now = round;
		outcome = deed_start(&deed);
		ASSERT_RIGHT(deed_ready(&outcome));
		deed_go(&outcome);
		if (lead > 0)
			usleep((useconds_t)lead);
		closed = role(MIFENG_ROLE_CLOSED);
		has_read = reader_end(outcome.pid);
		both += closed == 0 && has_read == 1;
		/* of a raise that is being taken back each may have lost */
		strange += has_read < 0 || (closed && closed != -EBUSY);
		read_ones += has_read == 1;
		closed_ones += closed == 0;
		/* so that both are about as fast, on whatever machine */
		lead += has_read == 1 ? -40 : 40;
		if (closed == 0)
			ASSERT_EQ(0, role(MIFENG_ROLE_CLASSIFIED));
	}
	EXPECT_EQ(0, both);
	EXPECT_EQ(0, strange);
	/* or it has shown nothing */
	EXPECT_LE(20, read_ones);
	EXPECT_LE(20, closed_ones);
	TH_LOG("%u have read it, %u times it was closed", read_ones, closed_ones);
}

static int send_out(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, OUTSIDE_4, &to.sin_addr);
	return result(sendto(fd, "out of closed", 13, 0, (struct sockaddr *)&to, sizeof(to)));
}

/* Permissive as well: the role is no matter of policy. */
TEST_F(role, mode_opens_no_way_out)
{
	const struct deed deed = {
		.uid = CLEARED, .login = CLEARED, .directory = "/", .act = send_out,
	};
	struct outcome outcome;

	ASSERT_RIGHT(outside_open());
	if (!baseline())
		ASSERT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_PERMISSIVE,
					      MIFENG_REMOVABLE_ORDINARY, CLEARED, -1));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_OUTSIDE, NULL);
	ASSERT_EQ(0, role(MIFENG_ROLE_CLOSED));
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SEND, MIFENG_REASON_OUTSIDE, NULL);
	outcome = deed_do(&opening);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_OPEN, MIFENG_REASON_ROLE, "document");
	if (!baseline())
		ASSERT_EQ(0, wire_policy_push(&stage.wire, MIFENG_MODE_ENFORCE,
					      MIFENG_REMOVABLE_ORDINARY, CLEARED, -1));
	outside_close();
}

TEST_HARNESS_MAIN
