// SPDX-License-Identifier: GPL-2.0-or-later
#include "resolve.h"

#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "event.h"
#include "mount_info.h"
#include "record.h"

#define ACCOUNTS	64
#define ACCOUNT_BUFFER	(16U << 10)

/**
 * struct account - one remembered lookup
 * @known: the entry is in use
 * @uid: whose
 * @name: NULL if there is no such account
 */
struct account {
	bool known;
	uint32_t uid;
	char *name;
};

/**
 * struct resolver - account names by uid; a lookup may ask a server far away
 * @account: a uid has one place, the last one there wins
 */
struct resolver {
	struct account account[ACCOUNTS];
};

struct resolver *resolver_new(void)
{
	return calloc(1, sizeof(struct resolver));
}

void resolver_forget(struct resolver *resolver)
{
	for (size_t i = 0; i < ACCOUNTS; i++)
		free(resolver->account[i].name);
	memset(resolver->account, 0, sizeof(resolver->account));
}

struct resolver *resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return NULL;
	resolver_forget(resolver);
	free(resolver);
	return NULL;
}

static char *account_name(struct resolver *resolver, uint32_t uid)
{
	struct account *account = &resolver->account[uid % ACCOUNTS];
	struct passwd user, *found = NULL;
	char buffer[ACCOUNT_BUFFER];

	if (uid == EVENT_NO_ID)
		return NULL;
	if (!account->known || account->uid != uid) {
		free(account->name);
		getpwuid_r(uid, &user, buffer, sizeof(buffer), &found);
		account->name = found ? strdup(found->pw_name) : NULL;
		account->uid = uid;
		account->known = true;
	}
	return account->name ? strdup(account->name) : NULL;
}

/* Puts @mount_point in the place of @root at the start of @path, if it starts so. */
static char *rebase(const char *path, const char *root, const char *mount_point)
{
	size_t length = strcmp(root, "/") ? strlen(root) : 0;
	const char *base = strcmp(mount_point, "/") ? mount_point : "";
	const char *rest = path + length;
	char *whole;

	if (strncmp(path, root, length) || (*rest && *rest != '/'))
		return NULL;
	if (asprintf(&whole, "%s%s", base, *rest || *base ? rest : "/") < 0)
		return NULL;
	return whole;
}

static char *whole_path(uint64_t dev, const char *path)
{
	char *line = NULL, *whole = NULL;
	struct mount_info info;
	size_t size = 0;
	FILE *mounts;

	mounts = fopen(MOUNT_INFO_FILE, "re");
	if (!mounts)
		return NULL;
	while (!whole && getline(&line, &size, mounts) > 0) {
		if (mount_info_parse(line, &info) < 0)
			continue;
		if (((uint64_t)info.major << 32 | info.minor) == dev)
			whole = rebase(path, info.root, info.point);
		mount_info_clear(&info);
	}
	free(line);
	fclose(mounts);
	return whole;
}

static void resolve_path(struct event *event)
{
	char *whole;

	if (!event->path_partial || !event->path || !event->dev)
		return;
	whole = whole_path(event->dev, event->path);
	if (!whole)
		return;
	free(event->path);
	event->path = whole;
	event->path_partial = false;
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void resolve_medium(struct devices *devices, struct event *event)
{
	const struct stick *stick;

	if (!event->medium || !devices)
		return;
	stick = devices_find(devices, event->medium);
	if (!stick)
		return;
	event->medium_vendor = copy(stick->vendor);
	event->medium_product = copy(stick->product);
	event->medium_serial = copy(stick->serial);
	event->medium_usb = stick->usb;
}

void resolve_event(struct resolver *resolver, struct devices *devices, struct event *event)
{
	event->user = account_name(resolver, event->uid);
	event->login_user = account_name(resolver, event->loginuid);
	resolve_path(event);
	resolve_medium(devices, event);
}
