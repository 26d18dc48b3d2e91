/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_EXEC_H
#define _MF_EXEC_H

#include "decide.h"

struct file;

int mf_exec_note(const struct mf_label *label, struct file *source);
int mf_exec_commit(void);
void mf_exec_exit(void);

#endif /* _MF_EXEC_H */
