// SPDX-License-Identifier: GPL-2.0
/* Data into and out of programs: files and channels are opened, read, written. */
#include "judge.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "attach.h"
#include "clean.h"
#include "description.h"
#include "errand.h"
#include "judgement.h"
#include "label_cache.h"
#include "mark.h"
#include "object.h"
#include "ongoing.h"
#include "subject.h"

/* What a tainted program opens, reads or maps tells a server where it looks. */
static int ask_for_file(struct file *file, enum mifeng_operation operation)
{
	struct dentry *dentry = file->f_path.dentry;

	if (likely(!mf_subject_tainted()))
		return 0;
	return mf_judge_asking(dentry, mf_real_inode(dentry), operation);
}

/* The kernel clears a stack frame with a judgement on it: those who go on reading get none. */
static noinline int judge_opening_to_read(struct file *file)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;
	char culprit[MF_CULPRIT_SIZE];

	if (!mf_judgement_reading(&judgement, file, MIFENG_OP_OPEN))
		return 0;
	verdict = mf_decide_read(&judgement.facts);
	/* an exec raises the new image only, which is clean */
	if (verdict.action == MF_RAISE && current->mm && !(file->f_flags & __FMODE_EXEC) &&
	    mf_clean_check(current->mm, &judgement.facts.label, culprit)) {
		judgement.facts.clean = false;
		judgement.report.culprit = culprit;
		verdict = mf_decide_read(&judgement.facts);
	}
	if (verdict.action == MF_ALLOW && judgement.facts.tainted &&
	    judgement.facts.label_state == MIFENG_LABEL_VALID)
		mf_subject_cite(file);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

static noinline int judge_opening_to_write(struct file *file)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, MIFENG_OP_OPEN);
	mf_judgement_path(&judgement, &file->f_path, inode);
	mf_judgement_writing(&judgement, file->f_path.dentry, inode);
	verdict = mf_decide_write(&judgement.facts);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_open() - a file is opened
 * @file: not yet visible to the program
 *
 * Whoever opens a labelled file must be cleared for it, however he opens it, and must be able
 * to take the label on. A tainted program is told at once where it may not write.
 */
int mf_judge_open(struct file *file)
{
	int err;

	if (mf_label_is_probe(file_inode(file)))
		return -EACCES;
	err = ask_for_file(file, MIFENG_OP_OPEN);
	if (!err && !S_ISDIR(file_inode(file)->i_mode)) {
		if (!mf_goes_on_reading(file, true))
			err = judge_opening_to_read(file);
		else
			mf_subject_cite(file);
	}
	if (err || !mf_subject_tainted() || !(file->f_mode & FMODE_WRITE))
		return err;
	if (mf_goes_on_writing(file, mf_real_inode(file->f_path.dentry)))
		return 0;
	return judge_opening_to_write(file);
}

/*
 * Where others have to come out of the kernel first, the program is raised on its way to user
 * space, where it holds no lock they wait for, and the call starts again.
 */
static int raise(struct mf_judgement *judgement, struct file *file, char culprit[MF_CULPRIT_SIZE])
{
	const bool insist = judgement->facts.mode == MIFENG_MODE_PERMISSIVE;
	char source[MF_SOURCE_SIZE];
	struct mf_obstacle why;
	struct mf_channel channel;
	const char *name = NULL;
	bool by_name = false;

	if (mf_errand_failed(current->mm, &why)) {
		strscpy(culprit, why.culprit, MF_CULPRIT_SIZE);
		return mf_errand_error(&why);
	}
	if (unlikely(!mf_hooks_are_complete()))
		return mf_errand_attach(&judgement->facts.label);
	if (mf_channel_read(file, &channel) && mf_object_source(&channel, source, &by_name))
		name = source;
	if (by_name)
		file = NULL;
	if (atomic_read(&current->mm->mm_users) > 1 && !insist)
		return mf_errand_raise(&judgement->facts.label, file, name);
	return mf_subject_raise(&judgement->facts.label, file, name, insist, culprit);
}

static noinline int judge_reading(struct file *file, enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;
	char culprit[MF_CULPRIT_SIZE] = "";

	if (!mf_judgement_reading(&judgement, file, operation))
		return 0;
	verdict = mf_decide_read(facts);
	if (verdict.action == MF_RAISE && current->mm && facts->label_state == MIFENG_LABEL_VALID)
		return mf_judgement_raised(&judgement, raise(&judgement, file, culprit), culprit);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/* Terminals and what shares its inode are never known to be unlabelled by their inode. */
static bool no_channel_is_labelled(const struct file *file)
{
	struct mf_channel channel;

	return !atomic_read(&mf_objects_labelled) && mf_channel_read(file, &channel) &&
	       channel.kind == MF_CHANNEL_TERMINAL;
}

/**
 * mf_judge_read() - a file is read or mapped: here programs are raised
 * @file: the file
 * @operation: READ or MAP
 */
int mf_judge_read(struct file *file, enum mifeng_operation operation)
{
	struct inode *inode = file_inode(file);
	int err;

	if (mf_label_is_probe(inode))
		return -EACCES;
	if (unlikely(!mf_inode_plain(inode)) && mf_description_is_told(file->f_path.dentry))
		return mf_judge_telling_description(file);
	/* what is labelled is on a filesystem of this machine */
	if (!mf_inode_plain(inode) && !S_ISDIR(inode->i_mode) && mf_goes_on_reading(file, false))
		return 0;
	err = ask_for_file(file, operation);
	if (err)
		return err;
	if (S_ISDIR(inode->i_mode))
		return mf_judge_listing(file, operation);
	if (mf_inode_plain(inode) || no_channel_is_labelled(file))
		return 0;
	return judge_reading(file, operation);
}

/**
 * mf_judge_receive() - something is taken out of a channel
 * @file: a descriptor of its receiving end, or of any file
 * @operation: READ or RECEIVE
 *
 * As mf_judge_read() for those whose inode does not tell whether they are labelled: unix sockets.
 */
int mf_judge_receive(struct file *file, enum mifeng_operation operation)
{
	struct mf_channel channel;

	if (!mf_channel_read(file, &channel))
		return mf_judge_read(file, operation);
	if (!atomic_read(&mf_objects_labelled) || mf_goes_on_reading(file, false))
		return 0;
	return judge_reading(file, operation);
}

static noinline int judge_giving(const struct mf_channel *channel, struct file *file,
				 struct pid *peer, enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;
	struct mf_obstacle why;

	mf_judgement_begin(&judgement, operation);
	if (file)
		mf_judgement_path(&judgement, &file->f_path, file_inode(file));
	if (channel->kind == MF_CHANNEL_SOCKET)
		judgement.report.peer = channel->key;
	judgement.facts.settled = mf_object_settled(channel, &judgement.facts.taint);
	verdict = mf_decide_channel(&judgement.facts);
	if (verdict.action != MF_RELABEL)
		return mf_judgement_answer(&judgement, verdict, -EACCES);
	if (mf_errand_failed(channel->key, &why))
		return mf_judgement_refuse(&judgement, &why, mf_decide_channel);
	return mf_judgement_sent(&judgement, mf_errand_settle(channel, &judgement.facts.taint, file,
						   peer));
}

/**
 * mf_judge_give() - a tainted program puts something into a channel
 * @channel: the channel, reachable by the caller
 * @file: the descriptor, or NULL
 * @peer: who listens at a socket nobody has accepted yet, or NULL
 * @operation: WRITE, MAP or SEND
 *
 * Context: any, of a task.
 */
int mf_judge_give(const struct mf_channel *channel, struct file *file, struct pid *peer,
		  enum mifeng_operation operation)
{
	if (mf_goes_on_giving(channel))
		return 0;
	return judge_giving(channel, file, peer, operation);
}

/* A file of a zone takes the writer's taint on before the data come. */
static int relabel(struct mf_judgement *judgement, const struct path *path, const struct inode *inode)
{
	struct mf_obstacle why;

	if (mf_errand_failed(inode, &why))
		return mf_judgement_refuse(judgement, &why, mf_decide_write);
	return mf_judgement_sent(judgement, mf_errand_relabel(path, &judgement->facts.taint));
}

static noinline int judge_writing(struct file *file, enum mifeng_operation operation)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, operation);
	if (!judgement.facts.tainted)
		return 0;
	mf_judgement_path(&judgement, &file->f_path, inode);
	mf_judgement_writing(&judgement, file->f_path.dentry, inode);
	verdict = mf_decide_write(&judgement.facts);
	if (verdict.action == MF_RELABEL)
		return relabel(&judgement, &file->f_path, inode);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_write() - a tainted program writes to a file or maps it to write
 * @file: the file
 * @operation: WRITE or MAP
 */
int mf_judge_write(struct file *file, enum mifeng_operation operation)
{
	struct mf_channel channel;
	int err;

	if (!mf_channel_written(file, &channel)) {
		if (mf_goes_on_writing(file, mf_real_inode(file->f_path.dentry)))
			return 0;
		return judge_writing(file, operation);
	}
	err = mf_judge_give(&channel, file, NULL, operation);
	if (!err && mf_channel_echoed(file, &channel))
		err = mf_judge_give(&channel, file, NULL, operation);
	return err;
}
