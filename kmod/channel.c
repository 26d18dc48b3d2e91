// SPDX-License-Identifier: GPL-2.0
/* What channel a descriptor leads to, in which direction. */
#include "channel.h"

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/pipe_fs_i.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <net/af_unix.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "label_cache.h"
#include "medium.h"

static bool is_terminal(const struct inode *inode)
{
	if (!S_ISCHR(inode->i_mode))
		return false;
	switch (imajor(inode)) {
	case TTY_MAJOR:
		return true;
	case TTYAUX_MAJOR: /* tty, console, ptmx */
		return iminor(inode) <= 2;
	default:
		return imajor(inode) >= UNIX98_PTY_MASTER_MAJOR &&
		       imajor(inode) < UNIX98_PTY_SLAVE_MAJOR + UNIX98_PTY_MAJOR_COUNT;
	}
}

/* NULL also while it is being opened. */
static struct tty_struct *terminal_of(const struct file *file)
{
	const struct tty_file_private *private = file->private_data;

	return is_terminal(file_inode(file)) && private ? private->tty : NULL;
}

static bool is_anonymous(const struct inode *inode)
{
	return inode->i_sb->s_magic == ANON_INODE_FS_MAGIC;
}

static bool found(struct mf_channel *channel, enum mf_channel_kind kind, const void *key)
{
	channel->kind = key ? kind : MF_CHANNEL_NONE;
	channel->key = (void *)key;
	channel->inode = NULL;
	return key;
}

static bool found_at(struct mf_channel *channel, enum mf_channel_kind kind, const void *key,
		     struct inode *inode)
{
	found(channel, kind, key);
	channel->inode = inode;
	return key;
}

/**
 * mf_channel_possible() - may what is behind an inode be a channel, whose label it does not show
 * @inode: the inode
 *
 * Context: any.
 *
 * Return: true if so.
 */
bool mf_channel_possible(const struct inode *inode)
{
	switch (inode->i_mode & S_IFMT) {
	case S_IFIFO:
	case 0:
		return true;
	case S_IFCHR:
		return is_terminal(inode);
	case S_IFREG:
		return mf_sb_is_memory(inode->i_sb);
	default:
		return false;
	}
}

/**
 * mf_channel_of_sock() - the channel that a unix socket receives from
 * @sk: the receiving sock
 * @channel: set
 */
void mf_channel_of_sock(struct sock *sk, struct mf_channel *channel)
{
	found(channel, MF_CHANNEL_SOCKET, sk);
}

/**
 * mf_channel_read() - the channel that somebody who reads from a descriptor receives from
 * @file: the descriptor, open
 * @channel: set
 *
 * Context: any.
 *
 * Return: false if it is none: a file or device, a socket of another family.
 */
bool mf_channel_read(const struct file *file, struct mf_channel *channel)
{
	struct inode *inode = file_inode(file);
	struct sock *sk;

	switch (inode->i_mode & S_IFMT) {
	case S_IFIFO:
		/* none while a FIFO is being opened by the first */
		return found_at(channel, MF_CHANNEL_PIPE, READ_ONCE(inode->i_pipe), inode);
	case S_IFSOCK:
		/* the node of a bound socket in a directory is no socket */
		sk = inode->i_sb->s_magic == SOCKFS_MAGIC ? SOCKET_I(inode)->sk : NULL;
		return found(channel, MF_CHANNEL_SOCKET,
			     sk && sk->sk_family == AF_UNIX ? sk : NULL);
	case S_IFCHR:
		return found(channel, MF_CHANNEL_TERMINAL, terminal_of(file));
	case S_IFREG:
		return found_at(channel, MF_CHANNEL_INODE,
				mf_sb_is_memory(inode->i_sb) && !is_anonymous(inode) ? inode : NULL,
				inode);
	case 0:
		return found_at(channel, MF_CHANNEL_FILE, is_anonymous(inode) ? file : NULL, inode);
	default:
		return found(channel, MF_CHANNEL_NONE, NULL);
	}
}

/**
 * mf_channel_written() - the channel that somebody who writes to a descriptor puts data into
 * @file: the descriptor, open; not a socket's, whose peer depends on the call
 * @channel: set
 *
 * Context: any.
 *
 * Return: false if it is none: also a terminal that is no pty, which shows on a screen.
 */
bool mf_channel_written(const struct file *file, struct mf_channel *channel)
{
	struct tty_struct *tty;

	if (S_ISSOCK(file_inode(file)->i_mode))
		return found(channel, MF_CHANNEL_NONE, NULL);
	if (!S_ISCHR(file_inode(file)->i_mode))
		return mf_channel_read(file, channel);
	tty = terminal_of(file);
	return found(channel, MF_CHANNEL_TERMINAL,
		     tty && tty->driver->type == TTY_DRIVER_TYPE_PTY ? tty->link : NULL);
}

/**
 * mf_channel_echoed() - the channel that what is written comes back by
 * @file: the descriptor, open
 * @channel: set
 *
 * Return: false if it does not: only input typed into the master of a pty is echoed.
 */
bool mf_channel_echoed(const struct file *file, struct mf_channel *channel)
{
	struct tty_struct *tty = terminal_of(file);

	return found(channel, MF_CHANNEL_TERMINAL,
		     tty && tty->driver->type == TTY_DRIVER_TYPE_PTY &&
				     tty->driver->subtype == PTY_TYPE_MASTER ?
			     tty :
			     NULL);
}

/**
 * mf_channel_get() - keep what a channel is known by
 * @channel: reachable by the caller
 *
 * Context: any.
 */
void mf_channel_get(const struct mf_channel *channel)
{
	switch (channel->kind) {
	case MF_CHANNEL_INODE:
		ihold(channel->key);
		break;
	case MF_CHANNEL_SOCKET:
		sock_hold(channel->key);
		break;
	case MF_CHANNEL_TERMINAL:
		tty_kref_get(channel->key);
		break;
	case MF_CHANNEL_FILE:
		get_file(channel->key);
		break;
	case MF_CHANNEL_PIPE:
	case MF_CHANNEL_NONE:
		break;
	}
}

/**
 * mf_channel_put() - give back what mf_channel_get() took
 * @channel: as there
 *
 * Context: process, may sleep.
 */
void mf_channel_put(const struct mf_channel *channel)
{
	switch (channel->kind) {
	case MF_CHANNEL_INODE:
		iput(channel->key);
		break;
	case MF_CHANNEL_SOCKET:
		sock_put(channel->key);
		break;
	case MF_CHANNEL_TERMINAL:
		tty_kref_put(channel->key);
		break;
	case MF_CHANNEL_FILE:
		fput(channel->key);
		break;
	case MF_CHANNEL_PIPE:
	case MF_CHANNEL_NONE:
		break;
	}
}

/*
 * What is sent into a connection that nobody has accepted yet is for whoever holds the socket that
 * listens; the two share one address.
 */
static bool receives(const struct sock *sk, const struct sock *channel)
{
	if (sk == channel)
		return true;
	if (!sk || sk->sk_family != AF_UNIX || READ_ONCE(sk->sk_state) != TCP_LISTEN ||
	    READ_ONCE(channel->sk_socket))
		return false;
	/* Pairs with the release in unix_bind_*() and unix_stream_connect(). */
	return smp_load_acquire(&unix_sk(sk)->addr) == smp_load_acquire(&unix_sk(channel)->addr);
}

/**
 * mf_channel_is_read_by() - does a descriptor lead to a channel's receiving end
 * @channel: the channel
 * @file: an open descriptor, which may be anybody's
 *
 * Context: any.
 *
 * Return: true if who holds it can receive.
 */
bool mf_channel_is_read_by(const struct mf_channel *channel, const struct file *file)
{
	struct inode *inode;

	switch (channel->kind) {
	case MF_CHANNEL_PIPE:
		inode = file_inode(file);
		return S_ISFIFO(inode->i_mode) && READ_ONCE(inode->i_pipe) == channel->key;
	case MF_CHANNEL_INODE:
		/* an overlay's file stands for that of its layer */
		inode = mf_real_inode(file->f_path.dentry);
		return inode == channel->key;
	case MF_CHANNEL_SOCKET:
		inode = file_inode(file);
		return inode->i_sb->s_magic == SOCKFS_MAGIC && S_ISSOCK(inode->i_mode) &&
		       receives(SOCKET_I(inode)->sk, channel->key);
	case MF_CHANNEL_TERMINAL:
		return terminal_of(file) == channel->key;
	case MF_CHANNEL_FILE:
		return file == channel->key;
	default:
		return false;
	}
}

/**
 * mf_channel_over() - can nobody receive from a channel any more
 * @channel: with a reference of the caller
 *
 * Return: true if so; always false for pipes and inodes, whose end the kernel tells.
 */
bool mf_channel_over(const struct mf_channel *channel)
{
	const struct tty_struct *tty = channel->key;

	switch (channel->kind) {
	case MF_CHANNEL_SOCKET:
		return sock_flag(channel->key, SOCK_DEAD);
	case MF_CHANNEL_TERMINAL:
		return READ_ONCE(tty->count) <= 0;
	case MF_CHANNEL_FILE:
		return file_count((struct file *)channel->key) == 1;
	default:
		return false;
	}
}

static unsigned int files_of_inode(const struct inode *inode)
{
	int writers = atomic_read(&inode->i_writecount);

	return atomic_read(&inode->i_readcount) + max(writers, 0);
}

/**
 * mf_channel_hidden() - is there a receiving end that no table of descriptors shows
 * @channel: the channel
 * @files: different open files found in the tables
 * @slots: descriptors found for them
 * @references: sum of the references to those files
 *
 * Return: true if a call may be under way on a descriptor that was closed meanwhile, or the
 * kernel holds one, such as a ring's registered file or one that is being passed.
 */
bool mf_channel_hidden(const struct mf_channel *channel, unsigned int files, unsigned long slots,
		       unsigned long references)
{
	const struct tty_struct *tty = channel->key;
	const struct pipe_inode_info *pipe = channel->key;
	const struct sock *sk = channel->key;
	unsigned int expected = 1;

	switch (channel->kind) {
	case MF_CHANNEL_PIPE:
		expected = READ_ONCE(pipe->files);
		slots++; /* the caller keeps a descriptor of it */
		break;
	case MF_CHANNEL_INODE:
		expected = files_of_inode(channel->key);
		break;
	case MF_CHANNEL_SOCKET: /* not accepted yet, it has no file */
		expected = READ_ONCE(sk->sk_socket) ? 1 : 0;
		break;
	case MF_CHANNEL_TERMINAL:
		expected = max(READ_ONCE(tty->count), 0);
		break;
	default:
		break;
	}
	/* the caller keeps the file, and so does the table of labelled channels */
	if (channel->kind == MF_CHANNEL_FILE)
		slots += 2;
	return files < expected || references > slots;
}
