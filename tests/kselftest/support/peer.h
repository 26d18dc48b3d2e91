/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two programs and a channel between them: one puts a message in, the other takes it out
 * and then tries whether it may still write to an unmarked path.
 *
 * Both tell what became of it by their exit status alone, and wait for each other by
 * stopping themselves: whatever else they had between them would be a channel, too.
 */
#ifndef MIFENG_TEST_PEER_H
#define MIFENG_TEST_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "deed.h"

#define MESSAGE		"sixteen bytes..."
#define MESSAGE_SIZE	16

/* How a deed that takes ends, when not by an errno. */
enum {
	GOT_NOTHING = 150,	/* the end of the file */
	GOT_ORDINARY,		/* the message; it may write to unmarked paths */
	GOT_RAISED,		/* the message; it may not any more */
	GOT_STRAY,		/* something else, or something beside an error */
};

/**
 * struct channel - the one that the next deeds have between them
 * @in: descriptor that is written to
 * @out: descriptor that is read from; may be the same
 * @put: puts bytes in; returns as write() does
 * @take: takes bytes out; returns as read() does
 */
struct channel {
	int in;
	int out;
	ssize_t (*put)(const char *bytes, size_t size);
	ssize_t (*take)(char *bytes, size_t size);
};

extern struct channel channel;

/** peer_open - to be called once in a test, after stage_open(); as ASSERT_RIGHT() wants it */
const char *peer_open(void);

/** channel_close - close the ends that the test itself still has */
void channel_close(void);

/** put_message - an act: closes the other end and puts the message in; 0 or errno */
int put_message(void);

/** take_message - an act: closes the other end, takes the message, see above; or errno */
int take_message(void);

/** probe - GOT_RAISED or GOT_ORDINARY: may the calling program write to an unmarked path */
int probe(void);

/* The deed of one who puts or takes; all of them stop at their gates. */
#define PUTTER(taint_)								\
	{ .uid = CLEARED, .login = CLEARED, .directory = "/", .taint = taint_,	\
	  .gate = true, .act = put_message }
#define TAKER(uid_, login_)							\
	{ .uid = uid_, .login = login_, .directory = "/", .gate = true, .act = take_message }

#define AFTERWARDS (-1L)	/* see struct talk */

/**
 * struct talk - a putter and a taker
 * @putter: who puts
 * @taker: who takes
 * @blocked_in: the system call the taker sleeps in when the putter begins; AFTERWARDS
 *		if it begins when the putter has ended
 * @put: what became of the one
 * @taken: and of the other
 */
struct talk {
	struct deed putter;
	struct deed taker;
	long blocked_in;
	struct outcome put;
	struct outcome taken;
};

/**
 * talk - let the two do it; the test's own ends of the channel are closed afterwards
 *
 * Returns NULL, or in words what is wrong.
 */
const char *talk(struct talk *talk);

/*
 * Each checks what became of one who took, in a baseline that he got the message, and
 * returns NULL, or in words what is wrong.
 */

/** why_not_raised - got the message, was raised to @level, and nothing else was recorded */
const char *why_not_raised(const struct outcome *taken, int level);

/** why_not_ordinary - got the message and was not raised; no record */
const char *why_not_ordinary(const struct outcome *taken);

/** why_not_kept_out - got EACCES and no byte; the record says @operation and @reason */
const char *why_not_kept_out(const struct outcome *taken, int operation, int reason);

/** why_not_turned_down - @error and no record; in a baseline success */
const char *why_not_turned_down(const struct outcome *outcome, int error);

#define EXPECT_RAISED(taken) EXPECT_RIGHT(why_not_raised(taken, DOCUMENT_LEVEL))
#define EXPECT_ORDINARY(taken) EXPECT_RIGHT(why_not_ordinary(taken))
#define EXPECT_KEPT_OUT(taken, operation) \
	EXPECT_RIGHT(why_not_kept_out(taken, operation, MIFENG_REASON_NOT_CLEARED))
#define EXPECT_TURNED_DOWN(outcome, error) EXPECT_RIGHT(why_not_turned_down(outcome, error))

#endif /* MIFENG_TEST_PEER_H */
