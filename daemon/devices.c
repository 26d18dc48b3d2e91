// SPDX-License-Identifier: GPL-2.0-or-later
#include "devices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libudev.h>

#include "record.h"
#include "stick_device.h"

#define UDEV_CONTROL	"/run/udev/control"
#define RECEIVE_BYTES	(1 << 20)

/**
 * struct devices - the picture
 * @udev: the library's handle
 * @monitor: tells what comes and goes
 * @fn: is told
 * @userdata: for @fn
 * @stick: what is plugged in, @count of them; a stick that went can be asked no more
 * @count: see @stick
 */
struct devices {
	struct udev *udev;
	struct udev_monitor *monitor;
	devices_fn fn;
	void *userdata;
	struct stick *stick;
	size_t count;
};

static const char *base_name(const char *node)
{
	const char *slash = strrchr(node, '/');

	return slash ? slash + 1 : node;
}

static struct stick *find(struct devices *devices, const char *node)
{
	for (size_t i = 0; i < devices->count; i++)
		if (!strcmp(base_name(devices->stick[i].node), base_name(node)))
			return &devices->stick[i];
	return NULL;
}

static bool is_disk(struct udev_device *device)
{
	const char *type = udev_device_get_devtype(device);

	return type && (!strcmp(type, "disk") || !strcmp(type, "partition"));
}

/*
 * A disk hangs on USB if one of its parents does. udev's ID_BUS is not asked: for a disk
 * behind a SATA bridge it says "ata".
 */
static void add_device(struct devices *devices, struct udev_device *device)
{
	const char *node = udev_device_get_devnode(device);
	struct udev_device *usb;
	struct stick *more;
	struct stick stick;

	if (!node || !is_disk(device) || find(devices, node))
		return;
	usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
	if (!usb)
		return;
	more = reallocarray(devices->stick, devices->count + 1, sizeof(*more));
	if (!more)
		return;
	devices->stick = more;
	if (stick_from_device(device, usb, &stick) < 0)
		return;
	devices->stick[devices->count++] = stick;
	devices->fn(&stick, true, devices->userdata);
}

static void remove_device(struct devices *devices, struct udev_device *device)
{
	const char *node = udev_device_get_devnode(device);
	struct stick *stick;
	struct stick gone;
	size_t behind;

	stick = node ? find(devices, node) : NULL;
	if (!stick)
		return;
	gone = *stick;
	behind = (size_t)(devices->stick + devices->count - (stick + 1));
	memmove(stick, stick + 1, behind * sizeof(*stick));
	devices->count--;
	devices->fn(&gone, false, devices->userdata);
	stick_clear(&gone);
}

static void look_around(struct devices *devices)
{
	struct udev_enumerate *enumerate = udev_enumerate_new(devices->udev);
	struct udev_list_entry *entry;

	if (!enumerate)
		return;
	udev_enumerate_add_match_subsystem(enumerate, "block");
	udev_enumerate_scan_devices(enumerate);
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate)) {
		struct udev_device *device = udev_device_new_from_syspath(devices->udev,
						udev_list_entry_get_name(entry));

		if (device)
			add_device(devices, device);
		udev_device_unref(device);
	}
	udev_enumerate_unref(enumerate);
}

static int start_monitor(struct devices *devices)
{
	const char *source = access(UDEV_CONTROL, F_OK) ? "kernel" : "udev";
	int r;

	devices->udev = udev_new();
	if (!devices->udev)
		return -ENOMEM;
	devices->monitor = udev_monitor_new_from_netlink(devices->udev, source);
	if (!devices->monitor)
		return -errno;
	r = udev_monitor_filter_add_match_subsystem_devtype(devices->monitor, "block", NULL);
	if (r < 0)
		return r;
	/* Only a larger buffer, so that a hub full of sticks fits; the default will do. */
	udev_monitor_set_receive_buffer_size(devices->monitor, RECEIVE_BYTES);
	return udev_monitor_enable_receiving(devices->monitor);
}

int devices_new(devices_fn fn, void *userdata, struct devices **ret)
{
	struct devices *devices;
	int r;

	devices = calloc(1, sizeof(*devices));
	if (!devices)
		return -ENOMEM;
	devices->fn = fn;
	devices->userdata = userdata;
	r = start_monitor(devices);
	if (r < 0) {
		devices_free(devices);
		return r;
	}
	look_around(devices);
	*ret = devices;
	return 0;
}

struct devices *devices_free(struct devices *devices)
{
	if (!devices)
		return NULL;
	for (size_t i = 0; i < devices->count; i++)
		stick_clear(&devices->stick[i]);
	free(devices->stick);
	udev_monitor_unref(devices->monitor);
	udev_unref(devices->udev);
	free(devices);
	return NULL;
}

int devices_fd(const struct devices *devices)
{
	return udev_monitor_get_fd(devices->monitor);
}

void devices_read(struct devices *devices)
{
	struct udev_device *device;

	while ((device = udev_monitor_receive_device(devices->monitor))) {
		const char *action = udev_device_get_action(device);

		if (action && !strcmp(action, "remove"))
			remove_device(devices, device);
		else
			add_device(devices, device);
		udev_device_unref(device);
	}
}

const struct stick *devices_find(struct devices *devices, const char *node)
{
	const struct stick *stick = find(devices, node);
	struct udev_device *device;

	if (stick)
		return stick;
	/* A record may overtake udev's notice: ask the kernel's own picture. */
	device = udev_device_new_from_subsystem_sysname(devices->udev, "block", base_name(node));
	if (device)
		add_device(devices, device);
	udev_device_unref(device);
	return find(devices, node);
}
