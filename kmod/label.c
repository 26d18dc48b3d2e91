// SPDX-License-Identifier: GPL-2.0
/*
 * The label on disk: 64 bytes, so that it stays inside the inode, with a MAC
 * under the machine's key that binds it to the file it was written for.
 *
 * The key is set once, before the first label can be written or believed, and
 * never changes while the module is loaded: key_state is published with release
 * order after the key's bytes.
 */
#include "label.h"

#include <crypto/algapi.h>
#include <crypto/blake2s.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "role.h"

static_assert(sizeof(struct mf_disk_label) == MF_LABEL_DISK_SIZE);
static_assert(offsetof(struct mf_disk_label, document) == 32);
static_assert(offsetof(struct mf_disk_label, mac) == 48);
static_assert(MIFENG_KEY_SIZE == BLAKE2S_KEY_SIZE);

static u8 machine_key[MIFENG_KEY_SIZE];
static bool key_loaded;
static DEFINE_MUTEX(key_lock);

/**
 * mf_key_set() - take the key that labels are sealed with
 * @key: its bytes
 *
 * Return: 0, also when it is the key already held; -EEXIST for a different one.
 */
int mf_key_set(const u8 key[MIFENG_KEY_SIZE])
{
	int err = 0;

	mutex_lock(&key_lock);
	if (!key_loaded) {
		memcpy(machine_key, key, sizeof(machine_key));
		/* pairs with mf_key_loaded(): the key is there when the flag is */
		smp_store_release(&key_loaded, true);
	} else if (crypto_memneq(machine_key, key, sizeof(machine_key))) {
		err = -EEXIST;
	}
	mutex_unlock(&key_lock);
	return err;
}

/**
 * mf_key_loaded() - can labels be sealed and verified
 *
 * Return: true once mf_key_set() has succeeded.
 */
bool mf_key_loaded(void)
{
	/* pairs with mf_key_set() */
	return smp_load_acquire(&key_loaded);
}

/**
 * mf_key_forget() - wipe the key, at unload
 */
void mf_key_forget(void)
{
	memzero_explicit(machine_key, sizeof(machine_key));
}

static void seal_role(const struct mf_role *role, u8 mac[MIFENG_ROLE_SEAL_SIZE])
{
	static const u8 what[] = "role of the machine";
	const __le32 flags = cpu_to_le32(role->flags);
	const __le64 serial = cpu_to_le64(role->serial);
	struct blake2s_state state;

	blake2s_init_key(&state, MIFENG_ROLE_SEAL_SIZE, machine_key, sizeof(machine_key));
	blake2s_update(&state, what, sizeof(what));
	blake2s_update(&state, &role->role, sizeof(role->role));
	blake2s_update(&state, (const u8 *)&flags, sizeof(flags));
	blake2s_update(&state, (const u8 *)&serial, sizeof(serial));
	blake2s_final(&state, mac);
}

/**
 * mf_key_seal_role() - make the machine's role what user space can keep and not change
 * @role: its seal is filled
 *
 * Context: after mf_key_loaded() has answered true.
 */
void mf_key_seal_role(struct mf_role *role)
{
	seal_role(role, role->seal);
}

/**
 * mf_key_verifies_role() - was a role sealed by this machine
 * @role: the role with its seal
 *
 * Context: after mf_key_loaded() has answered true.
 *
 * Return: true if so.
 */
bool mf_key_verifies_role(const struct mf_role *role)
{
	u8 mac[MIFENG_ROLE_SEAL_SIZE];

	seal_role(role, mac);
	return !crypto_memneq(mac, role->seal, sizeof(mac));
}

/* One is not to be taken for the other: what it is for is sealed with it. */
static void seal(const struct mf_disk_label *disk, const struct inode *inode,
		 enum mf_label_kind kind, u8 mac[16])
{
	static const u8 names[] = "names";
	struct blake2s_state state;
	__le64 number = cpu_to_le64(inode->i_ino);
	__le32 generation = cpu_to_le32(inode->i_generation);

	blake2s_init_key(&state, sizeof(disk->mac), machine_key, sizeof(machine_key));
	blake2s_update(&state, inode->i_sb->s_uuid.b, sizeof(inode->i_sb->s_uuid.b));
	blake2s_update(&state, (const u8 *)&number, sizeof(number));
	blake2s_update(&state, (const u8 *)&generation, sizeof(generation));
	blake2s_update(&state, (const u8 *)disk, offsetof(struct mf_disk_label, mac));
	if (kind == MF_LABEL_OF_NAMES)
		blake2s_update(&state, names, sizeof(names));
	blake2s_final(&state, mac);
}

/**
 * mf_label_encode() - a label as it is to be written on an inode
 * @label: the label
 * @inode: the inode it will stand on; its number and generation are set already
 * @kind: which of its labels
 * @disk: filled
 *
 * Return: 0 or -ENOKEY before mf_key_set().
 */
int mf_label_encode(const struct mf_label *label, const struct inode *inode,
		    enum mf_label_kind kind, struct mf_disk_label *disk)
{
	if (!mf_key_loaded())
		return -ENOKEY;
	disk->version = MF_LABEL_VERSION;
	disk->level = label->level;
	disk->flags = cpu_to_le16(label->flags);
	disk->authority = cpu_to_le32(label->authority);
	disk->scopes = cpu_to_le64(label->scopes);
	disk->classified_at = cpu_to_le64(label->classified_at);
	disk->expires = cpu_to_le64(label->expires);
	memcpy(disk->document, label->document, sizeof(disk->document));
	seal(disk, inode, kind, disk->mac);
	return 0;
}

/**
 * mf_label_decode() - read a label as found on an inode
 * @bytes: the xattr's value
 * @size: its length in bytes
 * @inode: where it was found
 * @kind: as which of its labels
 * @label: set only when the answer is MIFENG_LABEL_VALID
 *
 * Return: MIFENG_LABEL_VALID, NEWER, MALFORMED, FORGED, or UNREADABLE before mf_key_set().
 */
enum mifeng_label_state mf_label_decode(const void *bytes, size_t size, const struct inode *inode,
					enum mf_label_kind kind, struct mf_label *label)
{
	const struct mf_disk_label *disk = bytes;
	u8 mac[sizeof(disk->mac)];

	if (size >= 1 && disk->version > MF_LABEL_VERSION)
		return MIFENG_LABEL_NEWER;
	if (size != sizeof(*disk) || disk->version != MF_LABEL_VERSION)
		return MIFENG_LABEL_MALFORMED;
	if (!mf_key_loaded())
		return MIFENG_LABEL_UNREADABLE;
	seal(disk, inode, kind, mac);
	if (crypto_memneq(mac, disk->mac, sizeof(mac)))
		return MIFENG_LABEL_FORGED;
	if (disk->level == MIFENG_LEVEL_NONE || disk->level > MIFENG_LEVEL_MAX)
		return MIFENG_LABEL_MALFORMED;
	label->level = disk->level;
	label->flags = le16_to_cpu(disk->flags);
	label->authority = le32_to_cpu(disk->authority);
	label->scopes = le64_to_cpu(disk->scopes);
	label->classified_at = le64_to_cpu(disk->classified_at);
	label->expires = le64_to_cpu(disk->expires);
	memcpy(label->document, disk->document, sizeof(label->document));
	return MIFENG_LABEL_VALID;
}
