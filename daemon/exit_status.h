/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_EXIT_STATUS_H
#define MIFENGD_EXIT_STATUS_H

/* What the daemon exits with; the numbers above 2 are those of sysexits(3). */
enum exit_status {
	EXIT_STATUS_OK = 0,
	EXIT_STATUS_FAILED = 1,
	EXIT_STATUS_USAGE = 2,
	EXIT_STATUS_NO_MODULE = 69,
	EXIT_STATUS_NOT_PERMITTED = 77,
	EXIT_STATUS_CONFIGURATION = 78,
};

#endif /* MIFENGD_EXIT_STATUS_H */
