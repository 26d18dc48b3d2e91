// SPDX-License-Identifier: GPL-2.0-or-later
#include "stick_device.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <libudev.h>

#include "record.h"

static char *copy(const char *text)
{
	return text && *text ? strdup(text) : NULL;
}

/* The first of a property of udev's and an attribute of the USB device. */
static char *property(struct udev_device *device, const char *name, struct udev_device *usb,
		      const char *attribute)
{
	const char *text = udev_device_get_property_value(device, name);

	if ((!text || !*text) && usb)
		text = udev_device_get_sysattr_value(usb, attribute);
	return copy(text);
}

int stick_from_device(struct udev_device *device, struct udev_device *usb, struct stick *ret)
{
	const char *type = udev_device_get_devtype(device);
	struct stick stick = {
		.vendor = property(device, "ID_VENDOR", usb, "manufacturer"),
		.product = property(device, "ID_MODEL", usb, "product"),
		.serial = property(device, "ID_SERIAL_SHORT", usb, "serial"),
		.node = copy(udev_device_get_devnode(device)),
		.filesystem = copy(udev_device_get_property_value(device, "ID_FS_TYPE")),
		.uuid = copy(udev_device_get_property_value(device, "ID_FS_UUID")),
		.fs_label = copy(udev_device_get_property_value(device, "ID_FS_LABEL")),
		.usb = usb,
		.partition = type && !strcmp(type, "partition"),
	};

	if (!stick.node) {
		stick_clear(&stick);
		return -ENODEV;
	}
	*ret = stick;
	return 0;
}
