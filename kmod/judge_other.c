// SPDX-License-Identifier: GPL-2.0
/* What programs do to each other, and ask of each other. */
#include "judge.h"

#include <linux/sched.h>

#include "judgement.h"
#include "policy.h"
#include "subject.h"

/**
 * mf_judge_memory() - a program looks into another one
 * @other: address space looked into, which stays meanwhile; not the current one's
 * @attach: it may write there, too
 * @quiet: the kernel only asks whether it would be allowed: no record
 *
 * Context: may be called under task_lock().
 */
int mf_judge_memory(const struct mm_struct *other, bool attach, bool quiet)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;
	struct mf_verdict verdict;

	mf_judgement_begin(&judgement, MIFENG_OP_PTRACE);
	judgement.report.label = &facts->other;
	facts->other_tainted = mf_subject_taint(other, &facts->other);
	facts->tainted = mf_subject_settled(current->mm, &facts->taint);
	verdict = mf_decide_memory(facts);
	if (verdict.reason == MIFENG_REASON_NONE && attach) {
		facts->other_tainted = mf_subject_settled(other, &facts->other);
		facts->tainted = mf_subject_taint(current->mm, &facts->taint);
		verdict = mf_decide_giving(facts);
		judgement.report.label = &facts->taint;
	}
	if (quiet)
		return verdict.action == MF_DENY ? -EACCES : 0;
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_taking() - the current program asks to be traced by one that carries more
 * @label: what that one carries
 *
 * Context: any, also with interrupts off.
 */
int mf_judge_taking(const struct mf_label *label)
{
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;

	mf_judgement_begin(&judgement, MIFENG_OP_PTRACE);
	judgement.later = true;
	facts->tainted = true;
	facts->taint = *label;
	facts->other_tainted = mf_subject_settled(current->mm, &facts->other);
	judgement.report.label = label;
	return mf_judgement_answer(&judgement, mf_decide_giving(facts), -EACCES);
}

/**
 * mf_judge_giving() - the current program's memory goes to somebody who carries less
 * @operation: PTRACE for a tracer it asks for, COREDUMP
 * @locked: locks are held, or interrupts off, that forbid to make the record at once
 */
int mf_judge_giving(enum mifeng_operation operation, bool locked)
{
	struct mf_judgement judgement;

	mf_judgement_begin(&judgement, operation);
	judgement.later = locked;
	judgement.report.label = &judgement.facts.taint;
	return mf_judgement_answer(&judgement, mf_decide_giving(&judgement.facts), -EACCES);
}

/**
 * mf_judge_other() - a tainted program does something to another one that can tell what it was
 * @task: the other one, which stays
 * @operation: SEND for a signal, SETUP for what is set
 * @quiet: whoever does it is not told, so no record
 *
 * Context: any, of a task.
 */
int mf_judge_other(const struct task_struct *task, enum mifeng_operation operation, bool quiet)
{
	struct mf_judgement judgement;
	struct mf_verdict verdict;

	if (READ_ONCE(task->mm) == current->mm)
		return 0;
	mf_judgement_begin(&judgement, operation);
	judgement.report.label = &judgement.facts.taint;
	judgement.facts.other_tainted = mf_subject_of_task(task, true, &judgement.facts.other);
	verdict = mf_decide_giving(&judgement.facts);
	if (quiet)
		return verdict.action == MF_DENY ? -EACCES : 0;
	return mf_judgement_answer(&judgement, verdict, -EACCES);
}

/**
 * mf_judge_look() - a program asks for something that another one has set for itself
 * @task: the other one, which stays
 *
 * No record: tools ask for that of all programs. Context: any, of a task.
 */
int mf_judge_look(const struct task_struct *task)
{
	const struct mm_struct *mm = READ_ONCE(task->mm);
	struct mf_judgement judgement;
	struct mf_facts *facts = &judgement.facts;

	if (task->signal == current->signal || (mm && mm == current->mm))
		return 0;
	if (mf_subjects_count()) {
		mf_judgement_begin(&judgement, MIFENG_OP_PTRACE);
		facts->other_tainted = mf_subject_of_program(task, false, &facts->other);
		facts->tainted = mf_subject_settled(current->mm, &facts->taint);
		if (facts->other_tainted)
			return mf_decide_memory(facts).action == MF_DENY ? -EACCES : 0;
	}
	/* asked for last: it is set before the address space is let go of */
	return mf_task_was_tainted(task) ? -EACCES : 0;
}

/**
 * mf_judge_unseen() - must nobody be told what the current program does to a file
 *
 * Also of a task that ends. No record. Context: any, of a task.
 *
 * Return: true if it is tainted.
 */
bool mf_judge_unseen(void)
{
	return unlikely(mf_subject_left_tainted()) && !mf_policy_permissive();
}
