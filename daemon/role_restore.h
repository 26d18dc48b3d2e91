/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_ROLE_RESTORE_H
#define MIFENGD_ROLE_RESTORE_H

struct client;

/**
 * role_restore - give the kernel back the role that is kept on the disk
 * @client: the key has been set
 * @state: descriptor of the state directory
 * @directory: its name, for people
 *
 * Nothing is done where no role is kept. One that is damaged, or that the kernel does not take, closes
 * the machine: neither labelled files nor the network. The file is left as it was, because it is
 * what somebody will want to look at. All of this is said here; the start goes on in any case.
 */
void role_restore(struct client *client, int state, const char *directory);

#endif /* MIFENGD_ROLE_RESTORE_H */
