// SPDX-License-Identifier: GPL-2.0
/*
 * Path walks: what everybody pays for is attached late, see hooks.h. A walk under RCU does not
 * sleep: where more has to be known the answer is -ECHILD, and the walk begins again with references.
 */
#include <linux/fs.h>

#include "hooks.h"

/* Asked for each directory that a path leads through, and for what it leads to. */
int hook_inode_permission(struct inode *inode, int mask)
{
	return 0;
}
