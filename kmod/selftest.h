/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_SELFTEST_H
#define _MF_SELFTEST_H

#include <linux/types.h>

int mf_selftest_init(void);
int mf_selftest_start(void);
void mf_selftest_stop(void);
void mf_selftest_exit(void);
u64 mf_selftests_passed(void);

#endif /* _MF_SELFTEST_H */
