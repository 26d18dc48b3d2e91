/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_HOLDERS_H
#define _MF_HOLDERS_H

#include "channel.h"
#include "subject.h"

int mf_holders_pass(const struct mf_channel *channel, const struct mf_label *label,
		    enum mifeng_reason *reason, char culprit[MF_CULPRIT_SIZE]);

#endif /* _MF_HOLDERS_H */
