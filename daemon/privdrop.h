/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENGD_PRIVDROP_H
#define MIFENGD_PRIVDROP_H

/**
 * privileges_drop - give up, for ever, every privilege the running daemon does not need
 *
 * What stays: CAP_MAC_ADMIN to speak to the module, CAP_DAC_READ_SEARCH to open zone
 * directories and policy that belong to others. Neither exec nor anything else brings the
 * rest back.
 *
 * Returns 0 or the errno of the kernel.
 */
int privileges_drop(void);

#endif /* MIFENGD_PRIVDROP_H */
