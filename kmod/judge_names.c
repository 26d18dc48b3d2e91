// SPDX-License-Identifier: GPL-2.0
/* Names and attributes as data: who makes them. Who sees them is judged in judge_seeing.c. */
#include "judge.h"

#include <linux/capability.h>
#include <linux/dcache.h>
#include <linux/fs.h>

#include "channel.h"
#include "errand.h"
#include "judgement.h"
#include "medium.h"
#include "names.h"
#include "object.h"
#include "subject.h"
#include "zone.h"

/**
 * mf_judge_entry() - a tainted program changes a directory's entries
 * @dir: the directory, its inode locked
 * @name: the entry
 * @operation: CREATE, LINK, SYMLINK, UNLINK or RENAME
 */
int mf_judge_entry(struct dentry *dir, struct dentry *name, enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;
	struct mf_obstacle why;

	mf_judgement_begin(&judgement, operation);
	if (!facts->tainted)
		return 0;
	judgement.report.dentry = name;
	judgement.report.inode = d_inode(name);
	facts->sink = mf_sink_of(d_inode(dir));
	if (facts->sink == MF_SINK_FILE)
		facts->in_zone = mf_zone_of_entries(dir, &facts->ceiling);
	facts->settled = facts->in_zone &&
			 mf_names_cover(dir, &facts->ceiling, &facts->taint, false);
	verdict = mf_decide_name(facts);
	if (verdict.action != MF_RELABEL)
		return mf_judgement_answer(&judgement, verdict, -EACCES);
	if (mf_errand_failed(d_inode(dir), &why))
		return mf_judgement_refuse(&judgement, &why, mf_decide_name);
	return mf_judgement_sent(&judgement, mf_errand_names(dir, &facts->taint, false));
}

/* Is a name for everybody to look up, but not to list. */
static bool in_scratch(struct dentry *name)
{
	struct mf_label ceiling;

	return mf_zone_of(name, &ceiling) &&
	       (ceiling.flags & (MIFENG_LABEL_SCRATCH | MIFENG_LABEL_NAMES_OPEN)) ==
		       MIFENG_LABEL_SCRATCH;
}

/**
 * mf_judge_rename() - a tainted program gives an object another name
 * @object: the object
 * @name: its new name
 *
 * Beside what the directories have to say. In a scratch zone, where everybody may look names up, those
 * who stand in the object or have it open are told its name (judge_seeing.c): only what is labelled
 * itself gets another one, which directories are not.
 */
int mf_judge_rename(struct dentry *object, struct dentry *name)
{
	struct inode *inode = mf_real_inode(object);
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_object label;

	mf_judgement_begin(&judgement, MIFENG_OP_RENAME);
	if (!facts->tainted || (!in_scratch(object) && !in_scratch(name)))
		return 0;
	mf_label_get(object, inode, &label);
	if (!S_ISDIR(inode->i_mode) && label.state == MIFENG_LABEL_VALID && !label.pending &&
	    mf_label_dominates(&label.label, &facts->taint))
		return 0;
	judgement.report.dentry = object;
	judgement.report.inode = inode;
	return mf_judgement_answer(&judgement, mf_decide_facility(facts), -EACCES);
}

/**
 * mf_judge_move() - an object gets another name, by anybody
 * @object: what is linked or renamed
 * @to_dir: the directory of the new name
 * @name: the new name
 * @operation: LINK or RENAME
 */
int mf_judge_move(struct dentry *object, struct dentry *to_dir, struct dentry *name,
		  enum mifeng_operation operation)
{
	struct inode *inode = mf_real_inode(object);
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_object label;

	if (!S_ISDIR(inode->i_mode) && mf_inode_plain(inode))
		return 0;
	mf_judgement_begin(&judgement, operation);
	if (facts->state == MIFENG_STATE_NO_POLICY)
		return 0;
	mf_label_get(object, inode, &label);
	if (S_ISDIR(inode->i_mode)) {
		facts->in_zone = mf_zone_of_entries(object, &facts->ceiling);
		/* what stands below is not known; scratch zones are for moving things about */
		facts->holds_labels = facts->in_zone &&
				      !(facts->ceiling.flags & MIFENG_LABEL_SCRATCH);
		if (!facts->holds_labels)
			return 0;
	} else {
		if (label.state == MIFENG_LABEL_NONE)
			return 0;
		mf_judgement_object(&judgement, &label);
		/* one that was reached by a handle and has no parent yet is somewhere in one */
		facts->in_zone = mf_zone_of(object, &facts->ceiling) ||
				 (object->d_flags & DCACHE_DISCONNECTED);
	}
	facts->to_zone = mf_zone_of_entries(to_dir, &facts->to_ceiling);
	judgement.report.dentry = object;
	judgement.report.inode = inode;
	return mf_judgement_answer(&judgement, mf_decide_move(facts), -EACCES);
}

/**
 * mf_judge_new() - a file is being created: which label must it have from the first moment
 * @dir: a dentry of the directory
 * @label: set if it must have one; its flags tell also of the zone it is in
 * @labelled: set
 */
int mf_judge_new(struct dentry *dir, struct mf_label *label, bool *labelled)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	int err;

	*labelled = false;
	mf_judgement_begin(&judgement, MIFENG_OP_CREATE);
	if (!facts->tainted)
		return 0;
	judgement.report.dentry = dir;
	judgement.report.inode = d_inode(dir);
	facts->sink = mf_sink_of(d_inode(dir));
	if (facts->sink == MF_SINK_MEMORY)
		return 0;
	if (facts->sink == MF_SINK_FILE)
		facts->in_zone = mf_zone_of_entries(dir, &facts->ceiling);
	facts->settled = true; /* mf_judge_entry() has seen to the name */
	err = mf_judgement_answer(&judgement, mf_decide_name(facts), -EACCES);
	if (err || !facts->in_zone || !mf_label_dominates(&facts->ceiling, &facts->taint))
		return err;
	*label = facts->taint;
	label->flags = MIFENG_LABEL_DERIVED |
		       (facts->ceiling.flags & (MIFENG_LABEL_SCRATCH | MIFENG_LABEL_NAMES_OPEN));
	*labelled = true;
	return 0;
}

/* Whoever sees an object's attributes is judged by a label that dominates the taint. */
static bool attributes_covered(struct dentry *dentry, const struct inode *inode,
			       const struct mf_facts *facts)
{
	if (S_ISDIR(inode->i_mode))
		return facts->in_zone &&
		       mf_names_cover(dentry, &facts->ceiling, &facts->taint, true);
	return facts->label_state == MIFENG_LABEL_VALID &&
	       mf_label_dominates(&facts->label, &facts->taint) &&
	       (facts->label.flags & MIFENG_LABEL_ATTRIBUTES);
}

/* Something of an object that cannot take a label on, or that everybody has to see. */
static bool never_covered(struct dentry *dentry, const struct inode *inode)
{
	struct mf_object object;

	if (inode != d_inode(dentry)) /* an overlay: its layer is asked for as well */
		return false;
	if (!S_ISDIR(inode->i_mode))
		return !S_ISREG(inode->i_mode);
	mf_label_get(dentry, d_inode(dentry), &object);
	return object.state != MIFENG_LABEL_NONE; /* the zone's own directory */
}

/*
 * Pipes, sockets, terminals, memory: fstat tells whoever has one, and no label follows. Memory is
 * labelled like its content for its size; and programs set the mode of a socket
 * that they have bound in a zone.
 */
static int judge_channel_attributes(struct mf_judgement *judgement, struct dentry *dentry,
				    struct inode *inode, enum mf_attributes which)
{
	const struct mf_channel memory = { MF_CHANNEL_INODE, inode, inode };
	struct mf_label ceiling;

	if (which == MF_ATTRIBUTES_SIZE && S_ISREG(inode->i_mode))
		return mf_judge_give(&memory, NULL, NULL, judgement->report.operation);
	/* sudo and login give their terminals to whom they work for */
	if (which == MF_ATTRIBUTES_FEW && S_ISCHR(inode->i_mode) &&
	    ns_capable_noaudit(&init_user_ns, CAP_CHOWN))
		return 0;
	if (which == MF_ATTRIBUTES_FEW && (S_ISFIFO(inode->i_mode) || S_ISSOCK(inode->i_mode)) &&
	    !mf_sb_is_memory(inode->i_sb) && mf_zone_of(dentry, &ceiling))
		return 0;
	return mf_judgement_answer(judgement, mf_decide_facility(&judgement->facts), -EACCES);
}

/**
 * mf_judge_attributes() - a tainted program changes size, times, mode, owner or xattrs
 * @dentry: the object, its inode locked but for IOCTL
 * @operation: SETATTR, SETXATTR or IOCTL
 * @which: of them
 */
int mf_judge_attributes(struct dentry *dentry, enum mifeng_operation operation,
			enum mf_attributes which)
{
	struct inode *inode = mf_real_inode(dentry);
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;
	struct mf_obstacle why = { .reason = MIFENG_REASON_UNMARKED_PATH };

	mf_judgement_begin(&judgement, operation);
	if (!facts->tainted || !inode)
		return 0;
	judgement.report.dentry = dentry;
	judgement.report.inode = inode;
	mf_judgement_writing(&judgement, dentry, inode);
	if (facts->sink == MF_SINK_MEMORY)
		return judge_channel_attributes(&judgement, dentry, inode, which);
	facts->settled = attributes_covered(dentry, inode, facts) || inode != d_inode(dentry);
	verdict = mf_decide_name(facts);
	if (verdict.action != MF_RELABEL)
		return mf_judgement_answer(&judgement, verdict, -EACCES);
	if (never_covered(dentry, inode) || mf_errand_failed(inode, &why))
		return mf_judgement_refuse(&judgement, &why, mf_decide_name);
	return mf_judgement_sent(&judgement, S_ISDIR(inode->i_mode) ?
				 mf_errand_names(dentry, &facts->taint, true) :
				 mf_errand_attributes(dentry, &facts->taint));
}

/**
 * mf_judge_lock() - a tainted program locks, or unlocks, a part of a file that it chose
 * @file: the file
 */
int mf_judge_lock(struct file *file)
{
	struct inode *inode = mf_real_inode(file->f_path.dentry);
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, MIFENG_OP_SETATTR);
	if (!inode)
		return 0;
	mf_judgement_path(&judgement, &file->f_path, inode);
	mf_judgement_writing(&judgement, file->f_path.dentry, inode);
	judgement.facts.settled = true; /* that it is locked is not kept with the file */
	return mf_judgement_answer(&judgement, mf_decide_name(&judgement.facts), -EACCES);
}
