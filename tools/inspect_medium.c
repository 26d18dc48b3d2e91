// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a filesystem is on a medium that is carried: by the same rules as the module's own
 * (kmod/medium.c), from what the kernel shows in sysfs. An image on a loop device is where its
 * file is.
 */
#include "inspect_medium.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libudev.h>

#include "record.h"
#include "stick_device.h"

#define DEPTH_MAX 8 /* device mapper on md on a partition on a loop device ... */

static bool text_is(const char *text, const char *expected)
{
	return text && strcmp(text, expected) == 0;
}

static bool parent_is_carried(struct udev_device *parent)
{
	static const char *const buses[] = { "usb", "firewire", "thunderbolt", "pcmcia", "memstick" };
	const char *subsystem = udev_device_get_subsystem(parent);

	for (size_t i = 0; i < sizeof(buses) / sizeof(buses[0]); i++)
		if (text_is(subsystem, buses[i]))
			return true;
	/* Memory cards and soldered eMMC are on one bus. */
	return text_is(subsystem, "mmc") &&
	       text_is(udev_device_get_sysattr_value(parent, "type"), "SD");
}

static bool disk_is_carried(struct udev_device *disk)
{
	struct udev_device *parent;

	if (text_is(udev_device_get_sysattr_value(disk, "removable"), "1"))
		return true;
	for (parent = udev_device_get_parent(disk); parent; parent = udev_device_get_parent(parent))
		if (parent_is_carried(parent))
			return true;
	return false;
}

static int find(struct udev *udev, struct udev_device *device, int depth, struct stick *medium);

static int find_by_number(struct udev *udev, dev_t number, int depth, struct stick *medium)
{
	struct udev_device *device = udev_device_new_from_devnum(udev, 'b', number);
	int found;

	if (!device)
		return 0;
	found = find(udev, device, depth, medium);
	udev_device_unref(device);
	return found;
}

/* The disks below a stacked one: the first of them that is carried. */
static int find_below(struct udev *udev, struct udev_device *disk, int depth, struct stick *medium)
{
	struct udev_device *below;
	struct dirent *entry;
	int found = 0;
	char *path;
	DIR *slaves;

	if (asprintf(&path, "%s/slaves", udev_device_get_syspath(disk)) < 0)
		return -ENOMEM;
	slaves = opendir(path);
	free(path);
	if (!slaves)
		return 0;
	while (!found && (entry = readdir(slaves))) {
		if (entry->d_name[0] == '.')
			continue;
		below = udev_device_new_from_subsystem_sysname(udev, "block", entry->d_name);
		if (below)
			found = find(udev, below, depth, medium);
		udev_device_unref(below);
	}
	closedir(slaves);
	return found;
}

static int find(struct udev *udev, struct udev_device *device, int depth, struct stick *medium)
{
	struct udev_device *disk = device;
	const char *image;
	struct stat file;
	int found;

	if (depth > DEPTH_MAX)
		return 0;
	if (text_is(udev_device_get_devtype(device), "partition"))
		disk = udev_device_get_parent_with_subsystem_devtype(device, "block", "disk");
	if (!disk)
		return 0;
	image = udev_device_get_sysattr_value(disk, "loop/backing_file");
	if (image)
		return stat(image, &file) ? 0 : find_by_number(udev, file.st_dev, depth + 1, medium);
	found = find_below(udev, disk, depth + 1, medium);
	if (found || !disk_is_carried(disk))
		return found;
	found = stick_from_device(
		device, udev_device_get_parent_with_subsystem_devtype(disk, "usb", "usb_device"),
		medium);
	return found < 0 ? found : 1;
}

/**
 * medium_find() - the medium a filesystem is on, if that is carried about
 * @device: the device of the filesystem.
 * @source: what it was mounted from; asked if @device is no block device, as with btrfs.
 * @medium: set to the medium, stick_clear() and free() it; NULL if it is part of the machine,
 *	or cannot be told.
 *
 * Return: 0 or -ENOMEM.
 */
int medium_find(dev_t device, const char *source, struct stick **medium)
{
	struct stick *stick = calloc(1, sizeof(*stick));
	struct udev *udev = udev_new();
	struct stat node;
	int found;

	if (!stick || !udev) {
		free(stick);
		udev_unref(udev);
		return -ENOMEM;
	}
	found = find_by_number(udev, device, 0, stick);
	if (!found && source[0] == '/' && !stat(source, &node) && S_ISBLK(node.st_mode) &&
	    node.st_rdev != device)
		found = find_by_number(udev, node.st_rdev, 0, stick);
	udev_unref(udev);
	if (found <= 0) {
		free(stick);
		stick = NULL;
	}
	*medium = stick;
	return found == -ENOMEM ? found : 0;
}
