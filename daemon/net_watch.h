/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watches for ways to the outside on a machine that must have none. The kernel drops what would go
 * there in any case; this is how people hear that somebody has put a cable in.
 */
#ifndef MIFENGD_NET_WATCH_H
#define MIFENGD_NET_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct net_prefix;
struct net_watch;

/**
 * net_watch_new - start listening
 * @ret: the watch
 *
 * Returns 0, -ENOMEM, or -EIO if the kernel's notices cannot be subscribed to.
 */
int net_watch_new(struct net_watch **ret);

/** net_watch_free - may be NULL. Returns NULL. */
struct net_watch *net_watch_free(struct net_watch *watch);

/** net_watch_fd - becomes readable when net_watch_read() has work */
int net_watch_fd(const struct net_watch *watch);

/** net_watch_read - take in the notices that are waiting; look again then */
void net_watch_read(struct net_watch *watch);

/**
 * net_watch_look - tell what has come and gone since the last look
 * @watch: the watch
 * @role: enum mifeng_role: unassigned and online machines are left alone
 * @internal: @count networks of the policy in force
 * @count: of them
 * @down: set links down that lead outside; takes CAP_NET_ADMIN
 *
 * Said with LOG_ALERT, once for each way, and with LOG_NOTICE when it is gone.
 */
void net_watch_look(struct net_watch *watch, uint8_t role, const struct net_prefix *internal,
		    size_t count, bool down);

#endif /* MIFENGD_NET_WATCH_H */
