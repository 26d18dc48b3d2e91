/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the kernel into the log: fetch the records, resolve, write, sync, then acknowledge.
 */
#ifndef MIFENGD_KERNEL_H
#define MIFENGD_KERNEL_H

#include <stdint.h>

struct client;
struct devices;
struct eventlog;
struct resolver;

/**
 * kernel_drain - take over every record the kernel holds
 * @client: to speak through; not the subscribed one
 * @log: where they go
 * @resolver: names accounts
 * @devices: knows the sticks; may be NULL
 *
 * A record is acknowledged only when it is on the disk, and one that is there already is
 * acknowledged and not written again: so a crash anywhere in here loses nothing and
 * doubles nothing.
 *
 * Returns how many were written, -ENOENT when the module is gone, or the errno of the log
 * or of the socket; what was not acknowledged comes again.
 */
int64_t kernel_drain(struct client *client, struct eventlog *log, struct resolver *resolver,
		     struct devices *devices);

#endif /* MIFENGD_KERNEL_H */
