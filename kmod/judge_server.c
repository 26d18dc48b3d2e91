// SPDX-License-Identifier: GPL-2.0
/* Servers of filesystems, which learn what they are asked for. */
#include "judge.h"

#include <linux/dcache.h>
#include <linux/fs.h>

#include "judgement.h"
#include "medium.h"

/**
 * mf_judge_asking() - a filesystem whose server is asked for what is on it is used
 * @dentry: the object
 * @inode: its inode; on an overlay that of the layer; may be NULL, then nothing is there to ask for
 * @operation: OPEN for names and attributes, READ, MAP
 *
 * Context: process, may hold inode locks.
 */
int mf_judge_asking(struct dentry *dentry, struct inode *inode, enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	if (!inode || mf_sb_server(inode->i_sb) == MF_SERVER_NONE)
		return 0;
	mf_judgement_begin(&judgement, operation);
	judgement.report.dentry = dentry;
	judgement.report.inode = inode;
	if (mf_inode_far(inode))
		judgement.facts.sink = MF_SINK_NETWORK;
	return mf_judgement_answer(&judgement, mf_decide_asking(&judgement.facts), -EACCES);
}

/**
 * mf_judge_network() - a tainted program looks for a name, or asks for attributes, that another machine
 * may be asked for
 * @dentry: the object or the directory, or NULL if it has no name
 * @inode: its inode
 *
 * Context: process, may sleep.
 */
int mf_judge_network(struct dentry *dentry, struct inode *inode)
{
	return mf_inode_far(inode) ? mf_judge_asking(dentry, inode, MIFENG_OP_OPEN) : 0;
}

/**
 * mf_judge_request() - a request to a program that serves a filesystem, for a tainted program or for
 * one that has just lost its memory and ends
 * @sb: the filesystem, or NULL
 * @operation: what comes nearest to the request
 * @quiet: no record
 *
 * Context: process, may hold locks of inodes and pages.
 */
int mf_judge_request(struct super_block *sb, enum mifeng_operation operation, bool quiet)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, operation);
	judgement.facts.tainted = true;
	if (sb && sb->s_root) {
		judgement.report.dentry = sb->s_root;
		judgement.report.inode = d_inode(sb->s_root);
	}
	verdict = mf_decide_asking(&judgement.facts);
	if (quiet)
		return verdict.action == MF_DENY ? -EACCES : 0;
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_automount() - the automounter is asked for what a tainted program looks for
 * @dentry: the name
 *
 * Context: process, may sleep.
 */
int mf_judge_automount(struct dentry *dentry)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_OPEN);
	judgement.report.dentry = dentry;
	judgement.report.inode = d_inode(dentry);
	return mf_judgement_answer(&judgement, mf_decide_facility(&judgement.facts), -EACCES);
}
