/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_NAMES_H
#define _MF_NAMES_H

#include "object.h"

struct dentry;

bool mf_names_cover(struct dentry *dir, const struct mf_label *ceiling,
		    const struct mf_label *taint, bool attributes);
int mf_names_raise(struct dentry *dir, const struct mf_label *taint, bool attributes,
		   struct mf_obstacle *why);

#endif /* _MF_NAMES_H */
