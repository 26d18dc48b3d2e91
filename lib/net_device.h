/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs tells of a network interface. */
#ifndef MIFENG_NET_DEVICE_H
#define MIFENG_NET_DEVICE_H

struct net_link;

/**
 * net_device_describe - fill in kind and driver
 * @link: its name is there; @kind is what the kernel calls it, or empty
 */
void net_device_describe(struct net_link *link);

#endif /* MIFENG_NET_DEVICE_H */
