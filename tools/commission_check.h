/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be so before a machine takes on a role. */
#ifndef TOOLS_COMMISSION_CHECK_H
#define TOOLS_COMMISSION_CHECK_H

#include <stdint.h>

struct client_status;
struct obstacles;
struct role_record;

/**
 * struct commission_facts - what the checks go by
 * @status: of the module
 * @kept: the role on the disk, if @kept_error is 0
 * @kept_error: 0, -ENOENT if none is kept, or what is wrong with the file, negative
 * @state: descriptor of the state directory
 */
struct commission_facts {
	const struct client_status *status;
	const struct role_record *kept;
	int kept_error;
	int state;
};

void commission_check_classified(const struct commission_facts *facts, struct obstacles *obstacles,
				 struct obstacles *notes);
void commission_check_online(const struct commission_facts *facts, struct obstacles *obstacles);
void commission_check_zones(int state, struct obstacles *obstacles);

#endif /* TOOLS_COMMISSION_CHECK_H */
