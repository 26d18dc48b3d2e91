/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What mifengctl ends with. mifengctl(1) documents these numbers: never renumber. */
#ifndef TOOLS_EXIT_CODE_H
#define TOOLS_EXIT_CODE_H

enum exit_code {
	EXIT_CODE_OK,
	EXIT_CODE_FAILED, /* what was asked for failed, or a policy is invalid */
	EXIT_CODE_USAGE, /* the command line makes no sense */
	EXIT_CODE_NO_MODULE, /* the kernel module is not loaded */
	EXIT_CODE_NO_DAEMON, /* mifengd is needed and not running */
	EXIT_CODE_NOT_PERMITTED, /* needs an administrator */
	EXIT_CODE_INCOMPLETE, /* nothing was found, but not everything was looked at */
};

#endif /* TOOLS_EXIT_CODE_H */
