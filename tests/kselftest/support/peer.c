// SPDX-License-Identifier: GPL-2.0-or-later
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct channel channel = { .in = -1, .out = -1 };

/* Opened by the test, because not everybody who takes may enter that directory. */
static int probe_fd = -1;

const char *peer_open(void)
{
	const char *path = path_join(stage.directory[PLACE_UNMARKED], "ordinary/file");

	/* The test holds receiving ends, too; a service would keep everything out of them. */
	if (login_set(0))
		return "the test cannot log in";
	probe_fd = open(path, O_WRONLY | O_CLOEXEC);
	return probe_fd < 0 ? "the file on the unmarked path cannot be opened" : NULL;
}

/* Where both ends are one descriptor, it stays. */
static void in_close(void)
{
	if (channel.in >= 0 && channel.in != channel.out)
		close(channel.in);
	channel.in = -1;
}

void channel_close(void)
{
	in_close();
	if (channel.out >= 0)
		close(channel.out);
	channel.out = -1;
}

int put_message(void)
{
	ssize_t put;

	if (channel.in != channel.out)
		close(channel.out);
	put = channel.put(MESSAGE, MESSAGE_SIZE);
	if (put < 0)
		return errno;
	return put == MESSAGE_SIZE ? 0 : TROUBLE;
}

int probe(void)
{
	if (pwrite(probe_fd, "y", 1, 0) == 1)
		return GOT_ORDINARY;
	return errno == EACCES ? GOT_RAISED : TROUBLE;
}

int take_message(void)
{
	char bytes[4 * MESSAGE_SIZE] = { 0 };
	static const char nothing[sizeof(bytes)];
	ssize_t taken;
	int error;

	if (channel.in != channel.out)
		in_close();
	taken = channel.take(bytes, sizeof(bytes));
	error = errno;
	/* terminals hand it out in pieces when they are slow */
	while (taken > 0 && taken < MESSAGE_SIZE && !memcmp(bytes, MESSAGE, taken)) {
		ssize_t more = channel.take(bytes + taken, sizeof(bytes) - taken);

		if (more <= 0)
			break;
		taken += more;
	}
	if (taken < 0)
		return memcmp(bytes, nothing, sizeof(bytes)) ? GOT_STRAY : error;
	if (!taken)
		return GOT_NOTHING;
	if (taken != MESSAGE_SIZE || memcmp(bytes, MESSAGE, MESSAGE_SIZE))
		return GOT_STRAY;
	return probe();
}

const char *talk(struct talk *talk)
{
	const char *words;

	talk->taken = deed_start(&talk->taker);
	talk->put = deed_start(&talk->putter);
	words = deed_ready(&talk->taken);
	if (!words)
		words = deed_ready(&talk->put);
	if (!words && talk->blocked_in != AFTERWARDS) {
		deed_go(&talk->taken);
		words = deed_blocked(&talk->taken, talk->blocked_in);
	}
	if (words) {
		kill(talk->taken.pid, SIGKILL);
		kill(talk->put.pid, SIGKILL);
	}
	deed_go(&talk->put);
	deed_end(&talk->put);
	/* A taker who was refused must not be the last one: the putter would be told so. */
	in_close();
	deed_go(&talk->taken);
	deed_end(&talk->taken);
	channel_close();
	return words;
}

static const char *ended_in(const struct outcome *outcome, int wanted)
{
	if (outcome->error == wanted)
		return NULL;
	snprintf(wrong, sizeof(wrong), "it ended in %d (%s), not in %d", outcome->error,
		 outcome->error == GOT_NOTHING	? "nothing came" :
		 outcome->error == GOT_ORDINARY ? "the message, not raised" :
		 outcome->error == GOT_RAISED	? "the message, raised" :
		 outcome->error == GOT_STRAY	? "bytes that were not for it" :
		 outcome->error < 0		? "no exit status" :
						  strerror(outcome->error),
		 wanted);
	if (!baseline())
		seen_append(outcome);
	return wrong;
}

const char *why_not_raised(const struct outcome *taken, int level)
{
	struct wanted wanted = { .since = taken->since, .pid = taken->pid };
	struct found found;
	const char *words;

	words = ended_in(taken, baseline() ? GOT_ORDINARY : GOT_RAISED);
	if (words || baseline())
		return words;
	words = silence_end(taken, &wanted.until);
	if (words)
		return words;
	/* The one record is that of the probe. */
	if (records_find(&wanted, &found) != 1 || found.total != 1 ||
	    found.reason != MIFENG_REASON_UNMARKED_PATH) {
		strcpy(wrong, "there is more, or less, than the record of the probe");
		seen_append(taken);
		return wrong;
	}
	if (found.taint != level) {
		snprintf(wrong, sizeof(wrong), "it was raised to %d, not to %d", found.taint,
			 level);
		return wrong;
	}
	return NULL;
}

const char *why_not_ordinary(const struct outcome *taken)
{
	const char *words = ended_in(taken, GOT_ORDINARY);

	return words ? words : why_not_silent(taken);
}

const char *why_not_kept_out(const struct outcome *taken, int operation, int reason)
{
	if (baseline())
		return ended_in(taken, GOT_ORDINARY);
	return why_not_denied(taken, EACCES, operation, reason, NULL);
}

const char *why_not_turned_down(const struct outcome *outcome, int error)
{
	const char *words = ended_in(outcome, baseline() ? 0 : error);

	return words ? words : why_not_silent(outcome);
}
