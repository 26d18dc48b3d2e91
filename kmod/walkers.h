/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_WALKERS_H
#define _MF_WALKERS_H

#include "object.h"

struct inode;

int mf_walkers_pass(struct inode *dir, const struct mf_label *label, struct mf_obstacle *why);

#endif /* _MF_WALKERS_H */
