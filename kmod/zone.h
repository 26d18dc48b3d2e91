/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_ZONE_H
#define _MF_ZONE_H

#include "decide.h"

struct dentry;
struct path;

u16 mf_zone_label_flags(u32 flags);
u32 mf_zone_flags(const struct mf_label *ceiling);
bool mf_zone_of(struct dentry *dentry, struct mf_label *ceiling);
bool mf_zone_of_entries(struct dentry *dir, struct mf_label *ceiling);
int mf_zone_note_names(struct dentry *dir, struct mf_label *ceiling);
int mf_zone_possible(const struct path *dir);
int mf_zone_write(const struct path *dir, const struct mf_label *ceiling, struct mf_label *old);

#endif /* _MF_ZONE_H */
