/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the hooks and the verdict: facts are gathered, decide.c is asked, what it
 * says is done, and what is denied is reported. Each function answers 0 or the
 * errno the hook returns: -EACCES for data, -EPERM for labels and the module, -ERESTARTSYS
 * where the system call has to start again.
 */
#ifndef _MF_JUDGE_H
#define _MF_JUDGE_H

#include "decide.h"

struct dentry;
struct file;
struct inode;
struct linux_binprm;
struct mf_channel;
struct mm_struct;
struct path;
struct pid;
struct sockaddr;
struct super_block;
struct task_struct;

/* What of an object is set: the few bits of mode and owner; its size; times, xattrs, access lists. */
enum mf_attributes {
	MF_ATTRIBUTES_FEW,
	MF_ATTRIBUTES_SIZE,
	MF_ATTRIBUTES_CHOSEN,
};

int mf_judge_open(struct file *file);
int mf_judge_read(struct file *file, enum mifeng_operation operation);
int mf_judge_write(struct file *file, enum mifeng_operation operation);
int mf_judge_receive(struct file *file, enum mifeng_operation operation);
int mf_judge_give(const struct mf_channel *channel, struct file *file, struct pid *peer,
		  enum mifeng_operation operation);
int mf_judge_exec_read(struct file *file);
int mf_judge_exec(struct linux_binprm *bprm);
int mf_judge_entry(struct dentry *dir, struct dentry *name, enum mifeng_operation operation);
int mf_judge_rename(struct dentry *object, struct dentry *name);
int mf_judge_attributes(struct dentry *dentry, enum mifeng_operation operation,
			enum mf_attributes which);
int mf_judge_lookup(struct inode *dir, bool may_sleep);
int mf_judge_listing(struct file *file, enum mifeng_operation operation);
int mf_judge_telling(struct dentry *dentry, bool may_sleep);
int mf_judge_path(const struct path *path);
bool mf_path_hidden(const struct path *path);
int mf_judge_move(struct dentry *object, struct dentry *to_dir, struct dentry *name,
		  enum mifeng_operation operation);
int mf_judge_new(struct dentry *dir, struct mf_label *label, bool *labelled);
int mf_judge_send(enum mf_sink sink, const void *address, u32 address_size,
		  enum mifeng_operation operation);
int mf_judge_send_packet(const struct sockaddr *address, u32 address_size,
			 enum mifeng_operation operation);
int mf_judge_socket(enum mifeng_operation operation);
int mf_judge_departure(const struct sockaddr *address, u32 address_size,
		       enum mifeng_operation operation);
int mf_judge_passing_by(const char *door);
int mf_judge_memory(const struct mm_struct *other, bool attach, bool quiet);
int mf_judge_taking(const struct mf_label *label);
int mf_judge_giving(enum mifeng_operation operation, bool locked);
int mf_judge_other(const struct task_struct *task, enum mifeng_operation operation, bool quiet);
int mf_judge_look(const struct task_struct *task);
bool mf_judge_unseen(void);
int mf_judge_mount(const struct super_block *sb, bool writable);
int mf_judge_relabel(struct dentry *dentry);
int mf_judge_unload(void);
int mf_judge_locked(const struct file *file, enum mifeng_operation operation, const char *door);
int mf_judge_facility(enum mifeng_operation operation);
int mf_judge_passing(struct file *file);
int mf_judge_lock(struct file *file);
int mf_judge_ioctl(struct file *file, bool attribute);
int mf_judge_network(struct dentry *dentry, struct inode *inode);
int mf_judge_asking(struct dentry *dentry, struct inode *inode, enum mifeng_operation operation);
int mf_judge_request(struct super_block *sb, enum mifeng_operation operation, bool quiet);
int mf_judge_automount(struct dentry *dentry);
void mf_judge_unaccounted(enum mifeng_operation operation);

#endif /* _MF_JUDGE_H */
