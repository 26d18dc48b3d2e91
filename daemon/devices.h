/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The removable disks on USB, as udev shows them, or as the kernel does where there is no
 * udev. Only block devices are looked at: keyboards and mice are nobody's business here.
 */
#ifndef MIFENGD_DEVICES_H
#define MIFENGD_DEVICES_H

#include <stdbool.h>

struct devices;
struct stick;

/**
 * devices_fn - a stick came or went
 * @stick: not the caller's
 * @added: it came
 * @userdata: as given
 */
typedef void (*devices_fn)(const struct stick *stick, bool added, void *userdata);

/**
 * devices_new - start listening, then look at what is there already
 * @fn: called for those that are there, now, and for all that come and go, later
 * @userdata: for @fn
 * @ret: the picture
 *
 * Returns 0, -ENOMEM or the errno of udev.
 */
int devices_new(devices_fn fn, void *userdata, struct devices **ret);

/** devices_free - may be NULL. Returns NULL. */
struct devices *devices_free(struct devices *devices);

/** devices_fd - becomes readable when devices_read() has work */
int devices_fd(const struct devices *devices);

/** devices_read - take in what udev has to say */
void devices_read(struct devices *devices);

/**
 * devices_find - the stick behind a block device
 * @devices: the picture
 * @node: "/dev/sdb1" or "sdb1"
 *
 * Returns NULL if it is none. Valid until the next devices_read().
 */
const struct stick *devices_find(struct devices *devices, const char *node);

#endif /* MIFENGD_DEVICES_H */
