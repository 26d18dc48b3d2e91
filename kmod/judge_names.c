// SPDX-License-Identifier: GPL-2.0
/* Names and attributes as data: who makes them, and who sees them. */
#include "judge.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/sched.h>

#include "attach.h"
#include "channel.h"
#include "errand.h"
#include "judgement.h"
#include "medium.h"
#include "names.h"
#include "object.h"
#include "policy.h"
#include "subject.h"
#include "zone.h"

/*
 * System services go through all directories, and root has to be able to administer: they see
 * names and attributes without being raised, and no record is made. Whose credentials are
 * borrowed for a layer of an overlay does not count.
 */
static bool sees_all_names(void)
{
	const struct cred *cred = current_real_cred();

	return !uid_valid(audit_get_loginuid(current)) ||
	       (cred->user_ns == &init_user_ns &&
		cap_raised(cred->cap_effective, CAP_DAC_READ_SEARCH));
}

/* The program carries it already: the same answer without all the facts. */
static bool holds(const struct mf_label *label)
{
	bool held;

	if (!mf_subject_tainted() || !mf_policy_decides())
		return false;
	rcu_read_lock();
	held = mf_read_goes_on(MIFENG_STATE_ACTIVE, MIFENG_LABEL_VALID, label, mf_subject_holds());
	rcu_read_unlock();
	return held;
}

/*
 * A raise by a name is an errand, whoever does it: path walks hold locks of all kinds. In
 * permissive mode there is nothing to wait for.
 */
static int raise(struct mf_judgement *judgement, struct dentry *dentry,
		 char culprit[MF_CULPRIT_SIZE])
{
	char buffer[MF_SOURCE_SIZE];
	struct mf_obstacle why;
	const char *name;

	if (mf_errand_failed(current->mm, &why)) {
		strscpy(culprit, why.culprit, MF_CULPRIT_SIZE);
		return why.reason == MIFENG_REASON_NO_MEMORY ? -ENOMEM : -EBUSY;
	}
	if (unlikely(!mf_hooks_are_complete()))
		return mf_errand_attach(&judgement->facts.label);
	name = dentry_path_raw(dentry, buffer, sizeof(buffer));
	if (IS_ERR(name))
		name = "?";
	if (judgement->facts.mode == MIFENG_MODE_PERMISSIVE)
		return mf_subject_raise(&judgement->facts.label, NULL, name, true, culprit);
	return mf_errand_raise(&judgement->facts.label, NULL, name);
}

/* Somebody is about to see what @object covers. */
static noinline int judge_seeing(struct dentry *dentry, const struct mf_object *object,
				 enum mifeng_operation operation)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;
	char culprit[MF_CULPRIT_SIZE] = "";

	mf_judgement_begin(&judgement, operation);
	facts->tainted = mf_subject_settled(current->mm, &facts->taint);
	judgement.report.dentry = dentry;
	judgement.report.inode = d_inode(dentry);
	mf_judgement_object(&judgement, object);
	mf_judgement_person(&judgement);
	verdict = mf_decide_read(facts);
	if (verdict.action == MF_RAISE && current->mm && facts->label_state == MIFENG_LABEL_VALID)
		return mf_judgement_raised(&judgement, raise(&judgement, dentry, culprit), culprit);
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/* What a zone's policy says of the names in a directory, where there is one. */
static u16 rules_of(struct dentry *dir)
{
	struct mf_label ceiling;

	return mf_zone_of_entries(dir, &ceiling) ? ceiling.flags : 0;
}

static int look_up(struct inode *dir)
{
	struct dentry *dentry = d_find_any_alias(dir);
	struct mf_object names;
	int err = 0;

	if (!dentry)
		return -EACCES;
	mf_names_get(dentry, dir, &names);
	if (names.state != MIFENG_LABEL_NONE &&
	    !(rules_of(dentry) & (MIFENG_LABEL_SCRATCH | MIFENG_LABEL_NAMES_OPEN)))
		err = judge_seeing(dentry, &names, MIFENG_OP_LOOKUP);
	dput(dentry);
	return err;
}

/**
 * mf_judge_lookup() - a name is looked up in a directory
 * @dir: the directory, not known to be plain
 * @may_sleep: not a walk under RCU
 *
 * Return: also -ECHILD, where the walk has to come again with references.
 */
int mf_judge_lookup(struct inode *dir, bool may_sleep)
{
	struct mf_object names;

	if (!mf_labels_believed(dir->i_sb)) {
		mf_names_get(NULL, dir, &names); /* plain from now on */
		return 0;
	}
	if (mf_label_cached(dir, MF_LABEL_OF_NAMES, &names)) {
		if (names.state == MIFENG_LABEL_NONE || sees_all_names())
			return 0;
		/* as it was when the label was written; moved out, it is no secret that it was there */
		if (names.state == MIFENG_LABEL_VALID &&
		    ((names.label.flags & MIFENG_LABEL_SCRATCH) || holds(&names.label)))
			return 0;
	}
	return may_sleep ? look_up(dir) : -ECHILD;
}

/**
 * mf_judge_listing() - a directory is listed
 * @file: the open directory
 * @operation: READ or MAP, which is refused later for what it is
 *
 * To open one tells nothing: sudo, find and rm open the one they stand in to come back to it.
 */
int mf_judge_listing(struct file *file, enum mifeng_operation operation)
{
	struct dentry *dentry = file->f_path.dentry;
	struct inode *inode = mf_real_inode(dentry);
	struct mf_object names;

	if (mf_inode_plain(inode))
		return 0;
	mf_names_get(dentry, inode, &names);
	if (names.state == MIFENG_LABEL_NONE || sees_all_names() ||
	    (names.state == MIFENG_LABEL_VALID && holds(&names.label)))
		return 0;
	if (rules_of(dentry) & MIFENG_LABEL_NAMES_OPEN)
		return 0;
	return judge_seeing(dentry, &names, operation);
}

/* How large it is. */
static int judge_telling_memory(struct dentry *dentry, struct inode *inode, bool may_sleep)
{
	const struct mf_channel memory = { MF_CHANNEL_INODE, inode, inode };
	struct mf_object object = { .state = MIFENG_LABEL_VALID };

	if (!mf_object_label(&memory, &object.label) || sees_all_names() || holds(&object.label))
		return 0;
	return may_sleep ? judge_seeing(dentry, &object, MIFENG_OP_GETATTR) : -ECHILD;
}

/**
 * mf_judge_telling() - attributes of an object are asked for: stat, readlink, getxattr
 * @dentry: the object
 * @may_sleep: as in mf_judge_lookup()
 *
 * Judged is what a tainted program has set, which the label says; a file that an officer has
 * marked shows its size and times as any other.
 *
 * Return: also -ECHILD, as in mf_judge_lookup().
 */
int mf_judge_telling(struct dentry *dentry, bool may_sleep)
{
	struct inode *inode = mf_real_inode(dentry);
	enum mf_label_kind kind;
	struct mf_object object;

	if (!inode || mf_inode_plain(inode))
		return 0;
	if (mf_channel_possible(inode))
		return S_ISREG(inode->i_mode) ? judge_telling_memory(dentry, inode, may_sleep) : 0;
	kind = S_ISDIR(inode->i_mode) ? MF_LABEL_OF_NAMES : MF_LABEL_OF_OBJECT;
	if (!may_sleep && !mf_label_cached(inode, kind, &object))
		return -ECHILD;
	if (may_sleep && kind == MF_LABEL_OF_NAMES)
		mf_names_get(dentry, inode, &object);
	else if (may_sleep)
		mf_label_get(dentry, inode, &object);
	if (object.state == MIFENG_LABEL_NONE ||
	    (object.state == MIFENG_LABEL_VALID && !(object.label.flags & MIFENG_LABEL_ATTRIBUTES)))
		return 0;
	if (sees_all_names() || (object.state == MIFENG_LABEL_VALID && holds(&object.label)))
		return 0;
	if (!may_sleep)
		return -ECHILD;
	if (rules_of(dentry) & MIFENG_LABEL_NAMES_OPEN)
		return 0;
	return judge_seeing(dentry, &object, MIFENG_OP_GETATTR);
}

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
