/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing the machine's role in steps, each of which leaves a machine that comes up in the safer of the
 * two roles when the power is cut:
 *
 *	closed, in the kernel		comes up as what it was
 *	closed, on the disk		comes up closed from here on
 *	that it has been classified, on the disk, if that is the new role
 *	the new role, in the kernel
 *	the new role, on the disk	comes up as that
 */
#ifndef TOOLS_ROLE_CHANGE_H
#define TOOLS_ROLE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "exit_code.h"
#include "role_file.h"

/**
 * struct role_change - how it stands
 * @client: the connection
 * @state: descriptor of the state directory
 * @status: of the module when it was asked
 * @kept: the role on the disk, if @kept_error is 0
 * @kept_error: 0, -ENOENT if none is kept, or what is wrong with the file, negative
 */
struct role_change {
	struct client *client;
	int state;
	struct client_status status;
	struct role_record kept;
	int kept_error;
};

enum exit_code role_change_open(struct role_change *change);
void role_change_close(struct role_change *change);
bool role_change_is_done(const struct role_change *change, uint8_t role);
enum exit_code role_change_to(struct role_change *change, uint8_t role);
void role_change_stopped(const struct role_change *change);

#endif /* TOOLS_ROLE_CHANGE_H */
