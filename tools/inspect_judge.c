// SPDX-License-Identifier: GPL-2.0-or-later
/* What a label that was found means. Whether it is genuine only the module can say. */
#include "inspect_judge.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "client.h"

/**
 * struct judge - asks the module
 * @lock: over the rest
 * @client: NULL if it cannot be asked
 * @error: why it cannot, negative
 */
struct judge {
	pthread_mutex_t lock;
	struct client *client;
	int error;
};

/**
 * judge_new() - find the module
 * @ret: the judge; judge_free() it. Without the module it judges by the bytes of labels alone.
 *
 * Return: 0 or -ENOMEM.
 */
int judge_new(struct judge **ret)
{
	struct client_status status;
	struct judge *judge = calloc(1, sizeof(*judge));

	if (!judge)
		return -ENOMEM;
	pthread_mutex_init(&judge->lock, NULL);
	judge->error = client_new(&judge->client);
	if (!judge->error)
		judge->error = client_status_get(judge->client, &status);
	if (!judge->error && !status.key_loaded)
		judge->error = -ENOKEY;
	if (judge->error)
		judge->client = client_free(judge->client);
	*ret = judge;
	return 0;
}

/** judge_free() - let go of the module; may be NULL. Returns NULL. */
struct judge *judge_free(struct judge *judge)
{
	if (!judge)
		return NULL;
	client_free(judge->client);
	pthread_mutex_destroy(&judge->lock);
	free(judge);
	return NULL;
}

static void ask(struct judge *judge, int fd, struct finding *finding)
{
	struct label label, names;
	int error = -ENOENT;

	pthread_mutex_lock(&judge->lock);
	if (judge->client) {
		error = client_label_get(judge->client, fd, &label, &names, NULL);
		/* What is true of one file is not of all, but for these. */
		if (error == -EPERM || error == -ENOENT) {
			judge->error = error;
			judge->client = client_free(judge->client);
		}
	}
	pthread_mutex_unlock(&judge->lock);
	if (error)
		return;
	if (finding->names)
		label = names;
	switch (label.state) {
	case MIFENG_LABEL_VALID:
		finding->verified = true;
		finding->label = label;
		break;
	case MIFENG_LABEL_FORGED:
	case MIFENG_LABEL_MALFORMED:
	case MIFENG_LABEL_NEWER:
		finding->label = label;
		break;
	default: /* not one whose labels the module believes, or it cannot read it */
		break;
	}
}

/**
 * judge_finding() - say what a label means
 * @judge: the judge.
 * @fd: the object; O_PATH will do.
 * @on_medium: it is on a medium that is carried about.
 * @finding: its label as it was found; kind, label and verified are set.
 *
 * Any thread.
 *
 * Return: false if there is nothing to tell: names of a directory have labels in every zone.
 */
bool judge_finding(struct judge *judge, int fd, bool on_medium, struct finding *finding)
{
	if (finding->label.state == MIFENG_LABEL_VALID)
		ask(judge, fd, finding);
	if (on_medium)
		finding->kind = FINDING_ON_MEDIUM;
	else if (finding->label.state != MIFENG_LABEL_VALID)
		finding->kind = FINDING_BAD_LABEL;
	else if (S_ISDIR(finding->mode) && (finding->label.flags & MIFENG_LABEL_ZONE))
		finding->kind = FINDING_ZONE;
	else
		finding->kind = FINDING_LABELLED;
	return !finding->names || finding->kind == FINDING_ON_MEDIUM ||
	       finding->kind == FINDING_BAD_LABEL;
}

/**
 * judge_error() - why labels are not verified
 * @judge: the judge, when no thread uses it.
 *
 * Return: 0 if they are; -ENOENT without the module, -EPERM, -ENOKEY before the daemon has brought
 * the key, or another negative errno.
 */
int judge_error(const struct judge *judge)
{
	return judge->error;
}
