/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_ERRAND_H
#define _MF_ERRAND_H

#include "object.h"

struct dentry;
struct file;
struct path;
struct pid;

void mf_errands_exit(void);

int mf_errand_error(const struct mf_obstacle *why);
bool mf_errand_failed(const void *about, struct mf_obstacle *why);
int mf_errand_attach(const struct mf_label *label);
int mf_errand_raise(const struct mf_label *label, struct file *source, const char *name);
int mf_errand_settle(const struct mf_channel *channel, const struct mf_label *taint,
		     struct file *file, struct pid *peer);
int mf_errand_relabel(const struct path *path, const struct mf_label *taint);
int mf_errand_attributes(struct dentry *dentry, const struct mf_label *taint);
int mf_errand_names(struct dentry *dir, const struct mf_label *taint, bool attributes);

#endif /* _MF_ERRAND_H */
