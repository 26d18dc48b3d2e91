// SPDX-License-Identifier: GPL-2.0
/* Ways off the machine, by the network: for every program, and for those that hold something classified. */
#include "judge.h"

#include <linux/socket.h>

#include "guard.h"
#include "judgement.h"
#include "network.h"
#include "policy.h"

static int refuse(enum mifeng_operation operation, const void *address, u32 address_size,
		  const char *door)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.report.address = address;
	judgement.report.address_size = address_size;
	judgement.report.culprit = door;
	return mf_judgement_answer(&judgement, mf_decide_departure(mf_guard_armed(), false), -EACCES);
}

/**
 * mf_judge_departure() - a program, tainted or not, sends to an address or connects to it
 * @address: destination
 * @address_size: bytes
 * @operation: SEND or CONNECT
 *
 * It is told at once, and the record names it; the frames are judged again when they leave. Context:
 * process, may sleep.
 */
int mf_judge_departure(const struct sockaddr *address, u32 address_size,
		       enum mifeng_operation operation)
{
	if (mf_guard_address(address, address_size))
		return 0;
	return refuse(operation, address, address_size, NULL);
}

/**
 * mf_judge_passing_by() - something is set up that would send past the guard
 * @door: what, for the record
 *
 * Context: process, may not sleep where the hook may not.
 */
int mf_judge_passing_by(const char *door)
{
	return refuse(MIFENG_OP_SETUP, NULL, 0, door);
}

static int send(struct mf_judgement *judgement, const void *address, u32 address_size)
{
	judgement->report.address = address;
	judgement->report.address_size = address_size;
	return mf_judgement_answer(judgement, mf_decide_write(&judgement->facts), -EACCES);
}

/**
 * mf_judge_send() - a tainted program uses a socket
 * @sink: what the socket is
 * @address: destination, or NULL
 * @address_size: bytes
 * @operation: SEND or CONNECT
 */
int mf_judge_send(enum mf_sink sink, const void *address, u32 address_size,
		  enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.facts.sink = sink;
	return send(&judgement, address, address_size);
}

/**
 * mf_judge_send_packet() - a tainted program uses a socket of TCP or UDP
 * @address: destination, or NULL
 * @address_size: bytes
 * @operation: SEND or CONNECT
 *
 * What it carries may go to an internal network whose ceiling dominates that.
 */
int mf_judge_send_packet(const struct sockaddr *address, u32 address_size,
			 enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	u8 bytes[MF_ADDRESS_SIZE];

	mf_judgement_begin(&judgement, operation);
	judgement.facts.sink = MF_SINK_NETWORK;
	if (mf_address_of(address, address_size, bytes))
		judgement.facts.in_zone = mf_policy_internal(bytes, &judgement.facts.ceiling);
	return send(&judgement, address, address_size);
}

/**
 * mf_judge_socket() - a tainted program sets something on a socket that sends packets
 * @operation: CONNECT
 *
 * Where the packets go is judged when they are sent: it may where they may go anywhere at all.
 */
int mf_judge_socket(enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.facts.sink = MF_SINK_NETWORK;
	if (judgement.facts.tainted)
		judgement.facts.in_zone =
			mf_policy_network_for(&judgement.facts.taint, &judgement.facts.ceiling);
	return mf_judgement_answer(&judgement, mf_decide_write(&judgement.facts), -EACCES);
}
