/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_PAGES_H
#define _MF_PAGES_H

#include "subject.h"

struct address_space;

bool mf_pages_mapped_below(struct address_space *mapping, const struct mm_struct *mine,
			   const struct mf_label *label, char culprit[MF_CULPRIT_SIZE]);
bool mf_pages_elsewhere(struct address_space *mapping, char culprit[MF_CULPRIT_SIZE]);

#endif /* _MF_PAGES_H */
