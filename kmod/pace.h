/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_PACE_H
#define _MF_PACE_H

/* What tainted programs do often only to tell something by it. */
enum mf_pace {
	MF_PACE_TERMINALS,	/* modes and sizes are set */
	MF_PACE_GROUPS,		/* processes join a group, groups come to the foreground */
	MF_PACE_SIGNALS,	/* to who carries less */
	MF_PACE_LOCKS,		/* of files that carry less */
	MF_PACE_LEASES,		/* are broken */
	MF_PACES,
};

int mf_pace_wait(enum mf_pace pace);

#endif /* _MF_PACE_H */
