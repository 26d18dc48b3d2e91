/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What udev, or the kernel where there is no udev, says of a disk that is plugged in.
 */
#ifndef MIFENG_STICK_DEVICE_H
#define MIFENG_STICK_DEVICE_H

struct stick;
struct udev_device;

/**
 * stick_from_device - describe a disk or a partition of one
 * @device: the block device
 * @usb: the USB device it hangs on, or NULL
 * @ret: filled in on success; stick_clear() it
 *
 * Returns 0, or -ENODEV if it has no node (or there is no memory for its name).
 */
int stick_from_device(struct udev_device *device, struct udev_device *usb, struct stick *ret);

#endif /* MIFENG_STICK_DEVICE_H */
