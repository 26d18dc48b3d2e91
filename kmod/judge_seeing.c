// SPDX-License-Identifier: GPL-2.0
/*
 * Names and attributes as data: who sees them. To look a name up, to list a directory, to be told
 * what an object is or where it stands are all judged by the labels of names.c.
 */
#include "judge.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/sched.h>

#include "attach.h"
#include "channel.h"
#include "errand.h"
#include "judgement.h"
#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "policy.h"
#include "role.h"
#include "standing.h"
#include "subject.h"
#include "zone.h"

#define LOOKS 16

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
	held = mf_read_goes_on(MIFENG_STATE_ACTIVE, mf_role(), MIFENG_LABEL_VALID, label,
			       mf_subject_holds());
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
		return mf_errand_error(&why);
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

/* May the current program, which is nobody who sees all names, see what a label covers. */
static bool may_see_names(const struct mf_object *names)
{
	if (names->state != MIFENG_LABEL_VALID)
		return names->state == MIFENG_LABEL_NONE;
	/* as it was when the label was written; moved out, it is no secret that it was there */
	return (names->label.flags & MIFENG_LABEL_SCRATCH) || holds(&names->label);
}

/* Do the names in a directory tell it what it does not hold. */
static bool tells_names(struct dentry *dir, struct mf_object *names)
{
	struct inode *inode = d_inode(dir);

	if (mf_inode_plain(inode))
		return false;
	mf_names_get(dir, inode, names);
	return !may_see_names(names) &&
	       !(rules_of(dir) & (MIFENG_LABEL_SCRATCH | MIFENG_LABEL_NAMES_OPEN));
}

static int look_up(struct inode *dir)
{
	struct dentry *dentry = d_find_any_alias(dir);
	struct mf_object names;
	int err = 0;

	if (!dentry)
		return -EACCES;
	if (tells_names(dentry, &names))
		err = judge_seeing(dentry, &names, MIFENG_OP_LOOKUP);
	dput(dentry);
	return err;
}

/*
 * By what is known of its names already; false says nothing. What holds as long as label, taint and
 * policy are what they are is remembered for who walks here often; who sees all names may
 * change his credentials.
 */
static bool may_look_up(struct inode *dir)
{
	const s64 since = mf_standing_since();
	const struct mf_object *names;
	bool known, may;

	rcu_read_lock();
	names = mf_label_peek(dir, MF_LABEL_OF_NAMES);
	known = names;
	may = known && may_see_names(names);
	rcu_read_unlock();
	if (may && mf_subject_tainted())
		mf_standing_note(dir, MAY_EXEC, NULL, since);
	return may || (known && sees_all_names());
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

	if (may_look_up(dir))
		return 0;
	if (!mf_labels_believed(dir->i_sb)) {
		mf_names_get(NULL, dir, &names); /* plain from now on, but of another machine */
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

	if (!inode || mf_inode_plain(inode) || mf_inode_far(inode))
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

/* One directory up, also from the root of a mount; false at the top. */
static bool step_up(struct path *at)
{
	struct dentry *parent;

	if (at->mnt && at->dentry == at->mnt->mnt_root)
		return follow_up(at);
	if (IS_ROOT(at->dentry))
		return false;
	parent = dget_parent(at->dentry);
	dput(at->dentry);
	at->dentry = parent;
	return true;
}

/*
 * Everybody may look names up in a scratch zone; what a tainted program renames there is labelled
 * (judge_names.c), and is no directory.
 */
static bool tells_of_itself(struct dentry *dentry, struct mf_object *object)
{
	struct inode *inode = mf_real_inode(dentry);
	struct dentry *dir;
	u16 rules;

	if (!inode || mf_inode_plain(inode) || S_ISDIR(inode->i_mode) || IS_ROOT(dentry) ||
	    mf_channel_possible(inode))
		return false;
	mf_label_get(dentry, inode, object);
	if (object->state == MIFENG_LABEL_NONE ||
	    (object->state == MIFENG_LABEL_VALID && holds(&object->label)))
		return false;
	dir = dget_parent(dentry);
	rules = rules_of(dir);
	dput(dir);
	return (rules & MIFENG_LABEL_SCRATCH) && !(rules & MIFENG_LABEL_NAMES_OPEN);
}

/*
 * What on the way up from an object tells by its name what the current program does not hold:
 * the first such directory, referenced, or the object, or NULL.
 */
static struct dentry *first_telling(const struct path *path, struct mf_object *label)
{
	struct path at = *path;
	struct dentry *found = NULL;

	if (tells_of_itself(path->dentry, label))
		return dget(path->dentry);
	path_get(&at);
	while (!found) {
		const bool mounted = at.mnt && at.dentry == at.mnt->mnt_root;

		if (!step_up(&at))
			break;
		if (!mounted && tells_names(at.dentry, label))
			found = dget(at.dentry);
	}
	path_put(&at);
	return found;
}

/**
 * mf_path_hidden() - must the current program not be told where an object stands
 * @path: the object; without a mount, as seen from the root of its filesystem
 *
 * No record is made, and nobody is raised. Asked after the path has been read, it says no only if
 * no program has put more into it than the current one may know: a label rises before the name changes.
 *
 * Context: process, may sleep.
 *
 * Return: true if a directory it leads through has names that are more than the program holds.
 */
bool mf_path_hidden(const struct path *path)
{
	struct dentry *telling;
	struct mf_object names;

	if (sees_all_names() || mf_policy_permissive())
		return false;
	telling = first_telling(path, &names);
	dput(telling);
	return telling;
}

/**
 * mf_judge_path() - a program asks where an object stands: getcwd, readlink of what proc shows
 * @path: the object
 *
 * As looking each of its names up. Whoever sleeps on the way up is not waited for when a label of names
 * rises (walkers.c), so only a look without sleep is good, and the path has to be read without
 * sleep after it.
 *
 * Context: process, may sleep.
 */
int mf_judge_path(const struct path *path)
{
	struct dentry *telling;
	struct mf_object names;
	unsigned long slept;
	int looks = 0, err;

	if (sees_all_names())
		return 0;
	do {
		slept = current->nvcsw;
		telling = first_telling(path, &names);
		if (telling) {
			err = judge_seeing(telling, &names, MIFENG_OP_LOOKUP);
			dput(telling);
			return err;
		}
	} while (slept != current->nvcsw && ++looks < LOOKS);
	return looks < LOOKS ? 0 : -EACCES;
}
