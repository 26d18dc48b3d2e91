/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_PID_FILE_H
#define MIFENGD_PID_FILE_H

#define PID_FILE "/run/mifeng/mifengd.pid"

/**
 * pid_file_write - let others find this process; the lock is what keeps it alone
 *
 * Returns 0 or the errno of the file. The file may be left over by a daemon that was
 * killed: it is replaced.
 */
int pid_file_write(void);

/** pid_file_remove - at a clean stop */
void pid_file_remove(void);

#endif /* MIFENGD_PID_FILE_H */
