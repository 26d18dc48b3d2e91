/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_MARK_REQUEST_H
#define TOOLS_MARK_REQUEST_H

#include <stdbool.h>

#include "label.h"
#include "options.h"

struct policy;

/**
 * struct mark_request - what the command line of `mark` asks for
 * @label: the label to give
 * @json: print JSON
 * @help: print the help and nothing else
 */
struct mark_request {
	struct label label;
	bool json;
	bool help;
};

extern const struct option_entry mark_options[];

int mark_request_parse(int argc, char **argv, const struct policy *policy,
		       struct mark_request *request);

#endif /* TOOLS_MARK_REQUEST_H */
