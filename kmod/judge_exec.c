// SPDX-License-Identifier: GPL-2.0
/* Programs are executed: the new image is raised, not who executes it. */
#include "judge.h"

#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/sched.h>

#include "attach.h"
#include "clean.h"
#include "exec.h"
#include "judgement.h"
#include "label_cache.h"
#include "shared.h"
#include "subject.h"

/*
 * A tracer stays attached to the new image; all else of it is new. The hooks are completed at once,
 * because nobody who attaches them waits for an exec.
 */
static bool image_unclean(const struct mf_label *label, char culprit[MF_CULPRIT_SIZE])
{
	const char *held;

	if (mf_hooks_complete(&held)) {
		snprintf(culprit, MF_CULPRIT_SIZE, MF_HELD_BY_OTHERS, held);
		return true;
	}
	return mf_clean_tracers(current, label, culprit) || mf_shared_directories(label, culprit);
}

/**
 * mf_judge_exec_read() - the kernel reads a program, a script or a loader for an exec
 * @file: the file; whoever executes was asked for his clearance when it was opened
 */
int mf_judge_exec_read(struct file *file)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	char culprit[MF_CULPRIT_SIZE];

	if (mf_inode_plain(file_inode(file)) || !mf_judgement_reading(&judgement, file, MIFENG_OP_EXEC))
		return 0;
	if (facts->label_state != MIFENG_LABEL_VALID)
		return mf_judgement_answer(&judgement, mf_decide_read(facts), -EACCES);
	if (image_unclean(&facts->label, culprit)) {
		facts->clean = false;
		judgement.report.culprit = culprit;
		return mf_judgement_answer(&judgement, mf_decide_read(facts), -EACCES);
	}
	return mf_exec_note(&facts->label, file) ? mf_judgement_deny(&judgement, MIFENG_REASON_NO_MEMORY) : 0;
}

/**
 * mf_judge_exec() - a program is executed
 * @bprm: the exec; called for a script and again for its interpreter
 *
 * Only the new image is raised, so a vfork parent stays as it was.
 */
int mf_judge_exec(struct linux_binprm *bprm)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict = { .action = MF_ALLOW };
	const struct mf_label *label = NULL;
	char culprit[MF_CULPRIT_SIZE];
	int err;

	if (mf_judgement_reading(&judgement, bprm->file, MIFENG_OP_EXEC)) {
		if (judgement.facts.label_state == MIFENG_LABEL_VALID)
			label = &judgement.facts.label;
		if (label && image_unclean(label, culprit)) {
			judgement.facts.clean = false;
			judgement.report.culprit = culprit;
		}
		verdict = mf_decide_read(&judgement.facts);
		err = mf_judgement_answer(&judgement, verdict, -EACCES);
		if (err)
			return err;
	} else {
		mf_judgement_begin(&judgement, MIFENG_OP_EXEC);
		mf_judgement_path(&judgement, &bprm->file->f_path, file_inode(bprm->file));
	}
	err = mf_subject_prepare(bprm->mm, label, bprm->file);
	if (err)
		return mf_judgement_deny(&judgement, err == -EPERM ? MIFENG_REASON_ROLE :
								      MIFENG_REASON_NO_MEMORY);
	return 0;
}

/**
 * mf_judge_unaccounted() - a new program could not be given its taint and will be killed
 * @operation: FORK or EXEC
 */
void mf_judge_unaccounted(enum mifeng_operation operation)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	mf_judgement_deny(&judgement, MIFENG_REASON_NO_MEMORY);
}
