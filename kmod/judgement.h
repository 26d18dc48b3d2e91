/* SPDX-License-Identifier: GPL-2.0 */
/* What the files judge*.c share: one case, from its facts to its record. */
#ifndef _MF_JUDGEMENT_H
#define _MF_JUDGEMENT_H

#include "decide.h"
#include "event.h"
#include "label_cache.h"
#include "object.h"

struct dentry;
struct file;
struct inode;
struct path;

/**
 * struct mf_judgement - one case
 * @facts: for decide.c
 * @report: what the record will say
 * @later: the caller's locks forbid to make the record at once
 */
struct mf_judgement {
	struct mf_facts facts;
	struct mf_report report;
	bool later;
};

void mf_judgement_begin(struct mf_judgement *judgement, enum mifeng_operation operation);
void mf_judgement_path(struct mf_judgement *judgement, const struct path *path,
		       const struct inode *inode);
void mf_judgement_object(struct mf_judgement *judgement, const struct mf_object *object);
bool mf_judgement_reading(struct mf_judgement *judgement, struct file *file,
			  enum mifeng_operation operation);
void mf_judgement_writing(struct mf_judgement *judgement, struct dentry *dentry, struct inode *inode);
void mf_judgement_person(struct mf_judgement *judgement);
int mf_judgement_answer(struct mf_judgement *judgement, struct mf_verdict verdict, int err);
int mf_judgement_deny(struct mf_judgement *judgement, enum mifeng_reason reason);
int mf_judgement_raised(struct mf_judgement *judgement, int err, const char *culprit);
int mf_judgement_refuse(struct mf_judgement *judgement, const struct mf_obstacle *why,
			struct mf_verdict (*decide)(const struct mf_facts *facts));
int mf_judgement_sent(struct mf_judgement *judgement, int err);

#endif /* _MF_JUDGEMENT_H */
