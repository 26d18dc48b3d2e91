/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_OBJECT_H
#define _MF_OBJECT_H

#include <linux/atomic.h>

#include "channel.h"
#include "subject.h"

#define MF_SOURCE_SIZE 256

/**
 * struct mf_obstacle - why a channel cannot take a label on
 * @reason: enum mifeng_reason
 * @culprit: who or what is in the way
 */
struct mf_obstacle {
	enum mifeng_reason reason;
	char culprit[MF_CULPRIT_SIZE];
};

extern atomic_t mf_objects_labelled;

void mf_objects_init(void);
void mf_objects_exit(void);
u32 mf_objects_count(void);
bool mf_objects_any_file(void);

const struct mf_label *mf_object_peek(const struct mf_channel *channel, bool settled);
bool mf_object_label(const struct mf_channel *channel, struct mf_label *label);
bool mf_object_source(const struct mf_channel *channel, char source[MF_SOURCE_SIZE], bool *by_name);
bool mf_object_settled(const struct mf_channel *channel, const struct mf_label *taint);
int mf_object_settle(const struct mf_channel *channel, const struct mf_label *taint,
		     struct mf_obstacle *why);
void mf_object_drop(const void *key);

#endif /* _MF_OBJECT_H */
