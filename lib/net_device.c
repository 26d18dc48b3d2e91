// SPDX-License-Identifier: GPL-2.0-or-later
#include "net_device.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net_picture.h"

#define SYS "/sys/class/net/"

/* As much of it as there is room for. */
static void copy(char *ret, size_t size, const char *text)
{
	snprintf(ret, size, "%.*s", (int)(size - 1), text);
}

/* The last part of what a symbolic link names; empty if there is none. */
static void link_name(const char *interface, const char *entry, char *ret, size_t size)
{
	char path[256], target[PATH_MAX];
	const char *slash;
	ssize_t length;

	ret[0] = '\0';
	snprintf(path, sizeof(path), SYS "%s/%s", interface, entry);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return;
	target[length] = '\0';
	slash = strrchr(target, '/');
	copy(ret, size, slash ? slash + 1 : target);
}

static bool has(const char *interface, const char *entry)
{
	char path[256];

	snprintf(path, sizeof(path), SYS "%s/%s", interface, entry);
	return access(path, F_OK) == 0;
}

/* DEVTYPE of the interface's uevent: wlan, wwan, bluetooth, ... */
static void device_type(const char *interface, char *ret, size_t size)
{
	static const char key[] = "DEVTYPE=";
	char path[256], line[128];
	FILE *file;

	ret[0] = '\0';
	snprintf(path, sizeof(path), SYS "%s/uevent", interface);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, key, sizeof(key) - 1) == 0) {
			line[strcspn(line, "\n")] = '\0';
			copy(ret, size, line + sizeof(key) - 1);
		}
	fclose(file);
}

/* Whether one of the device's parents hangs on USB, whatever the device says of itself. */
static bool hangs_on_usb(const char *interface)
{
	char path[256], real[PATH_MAX];

	snprintf(path, sizeof(path), SYS "%s/device", interface);
	return realpath(path, real) && strstr(real, "/usb");
}

static const char *kind_of_device(const char *interface)
{
	char type[32];

	device_type(interface, type, sizeof(type));
	if (strcmp(type, "wlan") == 0 || has(interface, "wireless") || has(interface, "phy80211"))
		return "wifi";
	if (strcmp(type, "wwan") == 0)
		return "modem";
	if (strcmp(type, "bluetooth") == 0)
		return "bluetooth";
	if (hangs_on_usb(interface))
		return "usb";
	return "ethernet";
}

void net_device_describe(struct net_link *link)
{
	char type[32];

	link_name(link->name, "device/driver", link->driver, sizeof(link->driver));
	if (link->loopback)
		copy(link->kind, sizeof(link->kind), "loopback");
	else if (has(link->name, "device"))
		copy(link->kind, sizeof(link->kind), kind_of_device(link->name));
	else if (strncmp(link->name, "bnep", 4) == 0)
		copy(link->kind, sizeof(link->kind), "bluetooth");
	else if (strncmp(link->name, "ppp", 3) == 0)
		copy(link->kind, sizeof(link->kind), "modem");
	if (link->kind[0])
		return;
	device_type(link->name, type, sizeof(type));
	copy(link->kind, sizeof(link->kind), type[0] ? type : "other");
}
