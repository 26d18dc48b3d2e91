/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_LABEL_CACHE_H
#define _MF_LABEL_CACHE_H

#include <linux/fs.h>

#include "decide.h"
#include "label.h"

struct dentry;
struct mf_channel;

/*
 * "This inode is known to carry no label": a bit of i_flags that the kernel does
 * not use. Losing it costs one look at the xattr; it is set and cleared only as
 * described at the head of label_cache.c.
 */
#define MF_INODE_PLAIN (1U << 30)

static inline bool mf_inode_plain(const struct inode *inode)
{
	return READ_ONCE(inode->i_flags) & MF_INODE_PLAIN;
}

/* The inode of the self-test: refused without a record (selftest.c). */
extern const struct inode *mf_probe_inode;

static inline bool mf_label_is_probe(const struct inode *inode)
{
	return inode == mf_probe_inode;
}

/**
 * struct mf_object - what is known about an inode's label
 * @state: enum mifeng_label_state
 * @pending: readers go by @label already, writers not yet
 * @label: where @state is MIFENG_LABEL_VALID
 */
struct mf_object {
	enum mifeng_label_state state;
	bool pending;
	struct mf_label label;
};

int mf_labels_init(void);
void mf_labels_exit(void);
u32 mf_labels_count(void);

struct inode *mf_real_inode(const struct dentry *dentry);
bool mf_labels_believed(const struct super_block *sb);
void mf_label_get(struct dentry *dentry, struct inode *inode, struct mf_object *object);
void mf_label_of_channel(struct file *file, const struct mf_channel *channel,
			 struct mf_object *object);
const struct mf_object *mf_label_peek(struct inode *inode, enum mf_label_kind kind);
bool mf_label_cached(struct inode *inode, enum mf_label_kind kind, struct mf_object *object);
int mf_label_write(struct dentry *dentry, struct inode *inode, const struct mf_label *label);
int mf_label_publish(struct inode *inode, const struct mf_label *label);
int mf_label_settle(struct dentry *dentry, struct inode *inode, const struct mf_label *label);
void mf_label_changing(struct inode *inode);
int mf_label_remove(struct dentry *dentry, struct inode *inode);
void mf_label_learn(struct inode *inode, enum mf_label_kind kind, const struct mf_label *label);
void mf_names_get(struct dentry *dentry, struct inode *inode, struct mf_object *object);
int mf_names_publish(struct inode *inode, const struct mf_label *label);
int mf_names_settle(struct dentry *dentry, struct inode *inode, const struct mf_label *label);
void mf_names_changing(struct inode *inode);
int mf_names_remove(struct dentry *dentry, struct inode *inode);
void mf_label_none(struct inode *inode);
void mf_label_drop(struct inode *inode);

#endif /* _MF_LABEL_CACHE_H */
