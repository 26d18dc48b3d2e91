/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_PRIVDROP_H
#define MIFENGD_PRIVDROP_H

#include <stdbool.h>

/**
 * privileges_drop - give up, for ever, every privilege the running daemon does not need
 * @network: keep CAP_NET_ADMIN, to set links down
 *
 * What stays: CAP_MAC_ADMIN to speak to the module, CAP_DAC_READ_SEARCH to open zone
 * directories and policy that belong to others. Neither exec nor anything else brings the
 * rest back.
 *
 * Returns 0 or the errno of the kernel.
 */
int privileges_drop(bool network);

/**
 * privileges_drop_network - give up CAP_NET_ADMIN as well
 *
 * Returns 0 or the errno of the kernel.
 */
int privileges_drop_network(void);

#endif /* MIFENGD_PRIVDROP_H */
