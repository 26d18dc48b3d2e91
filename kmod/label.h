/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_LABEL_H
#define _MF_LABEL_H

#include "decide.h"

struct inode;
struct mf_role;
struct super_block;

#define MF_LABEL_DISK_SIZE 64

/**
 * struct mf_disk_label - a label as it stands in the xattr, little endian
 * @version: MF_LABEL_VERSION
 * @level: enum mifeng_level
 * @flags: MIFENG_LABEL_*
 * @authority: who set it
 * @scopes: compartments
 * @classified_at: seconds since 1970
 * @expires: seconds since 1970; 0 never
 * @document: document number
 * @mac: keyed BLAKE2s-128 over filesystem UUID, inode, generation and all the above
 */
struct mf_disk_label {
	u8 version;
	u8 level;
	__le16 flags;
	__le32 authority;
	__le64 scopes;
	__le64 classified_at;
	__le64 expires;
	u8 document[MIFENG_DOCUMENT_SIZE];
	u8 mac[16];
};

#define MF_LABEL_VERSION 1

/* The labels an inode may carry, each in an xattr of its own. */
enum mf_label_kind {
	MF_LABEL_OF_OBJECT,	/* of what is in it; of a zone's directory the ceiling */
	MF_LABEL_OF_NAMES,	/* of a directory's entries */
};

int mf_key_set(const u8 key[MIFENG_KEY_SIZE]);
bool mf_key_loaded(void);
void mf_key_forget(void);
void mf_key_seal_role(struct mf_role *role);
bool mf_key_verifies_role(const struct mf_role *role);

int mf_label_encode(const struct mf_label *label, const struct inode *inode,
		    enum mf_label_kind kind, struct mf_disk_label *disk);
enum mifeng_label_state mf_label_decode(const void *bytes, size_t size, const struct inode *inode,
					enum mf_label_kind kind, struct mf_label *label);

#endif /* _MF_LABEL_H */
