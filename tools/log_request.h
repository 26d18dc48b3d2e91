/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_LOG_REQUEST_H
#define TOOLS_LOG_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

struct record;

/**
 * struct log_request - what the command line of `log` asks for
 * @help: print the help and nothing else
 * @json: print the records as they are in the log
 * @follow: go on with what comes
 * @verify: check the chain instead of showing records
 * @limited: only the last @lines
 * @by_time: only from @since on
 * @by_reason: only events with @reason
 * @lines: how many
 * @since: ns since 1970
 * @reason: enum mifeng_reason
 * @user: only events of this account, by name or number; NULL for all
 * @directory: of the log; NULL for this machine's
 */
struct log_request {
	bool help;
	bool json;
	bool follow;
	bool verify;
	bool limited;
	bool by_time;
	bool by_reason;
	size_t lines;
	int64_t since;
	uint8_t reason;
	const char *user;
	const char *directory;
};

extern const struct option_entry log_options[];

int log_request_parse(int argc, char **argv, struct log_request *request);
bool log_request_matches(const struct log_request *request, const struct record *record);

#endif /* TOOLS_LOG_REQUEST_H */
