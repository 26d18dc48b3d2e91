/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small ext4 filesystem on a RAM disk, whose bytes can be changed behind the back of
 * the system while it is not mounted. There is one such disk, so one at a time.
 */
#ifndef MIFENG_TEST_DISK_H
#define MIFENG_TEST_DISK_H

#include <stdbool.h>
#include <stddef.h>

#define DISK_STAND_IN	"security.mifen_"	/* as long as the name of the label */

/**
 * struct disk - one filesystem
 * @mount_point: where it is mounted
 * @mounted: it is, now
 */
struct disk {
	char mount_point[128];
	bool mounted;
};

/* Each returns NULL, or in words what is wrong. */

/** disk_make - make it and mount it; needs stage_open() before */
const char *disk_make(struct disk *disk);

/** disk_zone - its root becomes a zone for top secret; does nothing in a baseline */
const char *disk_zone(struct disk *disk);

/** disk_mount - mount it again */
const char *disk_mount(struct disk *disk);

/** disk_unmount - unmount it */
const char *disk_unmount(struct disk *disk);

/** disk_name_label - give the xattr DISK_STAND_IN the name of the label */
const char *disk_name_label(void);

/** disk_flip_label - flip a bit of byte @offset of the one label of the documents' level in xattrs @suffix */
const char *disk_flip_label(const char *suffix, size_t offset);

/** disk_free - unmount and remove; works on one half made */
void disk_free(struct disk *disk);

#endif /* MIFENG_TEST_DISK_H */
