/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_CHANNEL_H
#define _MF_CHANNEL_H

#include <linux/types.h>

struct file;
struct inode;
struct sock;

/* What really is one channel: whatever is put in comes out there and nowhere else. */
enum mf_channel_kind {
	MF_CHANNEL_NONE,
	MF_CHANNEL_PIPE,	/* pipe or FIFO: a FIFO that all have closed begins anew */
	MF_CHANNEL_INODE,	/* file in memory; a file of a zone while its label rises */
	MF_CHANNEL_SOCKET,	/* the unix sock that receives */
	MF_CHANNEL_TERMINAL,	/* the tty_struct that is read */
	MF_CHANNEL_FILE,	/* the open file: eventfd and its like share one inode */
};

/**
 * struct mf_channel - one channel
 * @kind: enum mf_channel_kind
 * @key: struct pipe_inode_info, inode, sock, tty_struct or file; a reference only between get and
 *	 put, and of a pipe not even then: a descriptor keeps it
 * @inode: of what is read, which may be known to be unlabelled
 */
struct mf_channel {
	enum mf_channel_kind kind;
	void *key;
	struct inode *inode;
};

bool mf_channel_possible(const struct inode *inode);
bool mf_channel_read(const struct file *file, struct mf_channel *channel);
bool mf_channel_written(const struct file *file, struct mf_channel *channel);
bool mf_channel_echoed(const struct file *file, struct mf_channel *channel);
void mf_channel_of_sock(struct sock *sk, struct mf_channel *channel);
void mf_channel_get(const struct mf_channel *channel);
void mf_channel_put(const struct mf_channel *channel);
bool mf_channel_is_read_by(const struct mf_channel *channel, const struct file *file);
bool mf_channel_over(const struct mf_channel *channel);
bool mf_channel_hidden(const struct mf_channel *channel, unsigned int files, unsigned long slots,
		       unsigned long references);

#endif /* _MF_CHANNEL_H */
