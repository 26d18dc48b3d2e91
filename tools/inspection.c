// SPDX-License-Identifier: GPL-2.0-or-later
/* An inspection, from what is mounted to its end. */
#include "inspection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "inspect_checkpoint.h"
#include "inspect_judge.h"
#include "inspect_mounts.h"
#include "inspect_node.h"
#include "message.h"
#include "policy.h"
#include "site_policy.h"
#include "system_identity.h"
#include "text.h"

#define SHOW_MS		200 /* between two looks at the progress */
#define SYNC_TICKS	25 /* of those, until what was done is on the disk */
#define NS_PER_SECOND	1000000000LL

/* From linux/ioprio.h, which has no names for the system call's arguments. */
#define IO_WHO_PROCESS	1
#define IO_IDLE		(3 << 13)

static void unseen(const char *path, const char *why, void *userdata)
{
	struct inspection *inspection = userdata;

	inspection->found[FINDING_UNSEEN]++;
	if (inspection->request->hear)
		inspection->request->hear(FINDING_UNSEEN, path, why, inspection->request->userdata);
	else
		unseen_print(path, why, inspection->request->json ? &inspection->line : NULL);
}

/* Under the lock, or before there are threads. */
static void tell(struct inspection *inspection, const struct finding *finding,
		 const struct node *directory, const struct stick *medium)
{
	const struct request *request = inspection->request;

	inspection->found[finding->kind]++;
	node_path(directory, finding->name, &inspection->file);
	if (inspection->file.failed) {
		complain(_("out of memory"));
		inspection->found[FINDING_UNSEEN]++;
		return;
	}
	if (finding->kind != FINDING_UNSEEN && finding->label.state == MIFENG_LABEL_VALID &&
	    !finding->verified)
		inspection->unverified++;
	if (finding->kind != FINDING_ON_MEDIUM)
		medium = NULL;
	if (request->hear)
		inspection->enough |= !request->hear(finding->kind, inspection->file.data,
						     finding->kind == FINDING_UNSEEN ?
						     strerror(finding->error) : NULL,
						     request->userdata);
	else if (request->json)
		finding_print_json(finding, inspection->file.data, medium, &inspection->line);
	else
		finding_print(finding, inspection->file.data, medium, inspection->policy,
			      inspection->colour);
}

static void add_counts(const struct walk_counts *counts, void *userdata)
{
	struct walk_counts *sum = &((struct inspection *)userdata)->counts;

	sum->files += counts->files;
	sum->directories += counts->directories;
	sum->excluded += counts->excluded;
	sum->vanished += counts->vanished;
	sum->names += counts->names;
}

static const struct stick *medium_of(struct inspection *inspection, const struct node *directory)
{
	struct mount *mount = node_mount(directory);

	return mount ? mounts_medium(inspection->mounts, mount) : NULL;
}

static bool judge(int fd, struct finding *finding, const struct node *directory, void *userdata)
{
	struct inspection *inspection = userdata;

	return judge_finding(inspection->judge, fd, medium_of(inspection, directory), finding);
}

static void commit(const struct node *directory, const struct walk_batch *batch, void *userdata)
{
	struct inspection *inspection = userdata;
	const struct stick *medium = NULL;

	pthread_mutex_lock(&inspection->lock);
	if (batch->count) {
		medium = medium_of(inspection, directory);
		progress_hide(&inspection->progress);
	}
	for (size_t i = 0; i < batch->count; i++)
		tell(inspection, &batch->finding[i], directory, medium);
	if (batch->count && !inspection->request->json)
		fflush(stdout);
	add_counts(&batch->counts, inspection);
	if (inspection->state)
		checkpoint_commit(inspection->state, directory, batch, medium);
	if (inspection->enough)
		walk_stop(inspection->walk);
	pthread_mutex_unlock(&inspection->lock);
}

static const struct walk_calls walk_calls = { .judge = judge, .commit = commit };

static struct tree *same_tree(const char *path, const char *identity, void *userdata)
{
	struct trees *trees = &((struct inspection *)userdata)->trees;

	for (size_t i = 0; i < trees->count; i++) {
		struct tree *tree = &trees->tree[i];

		if (!tree->resumed && !strcmp(tree->path, path) &&
		    !strcmp(tree->identity, identity)) {
			tree->resumed = true;
			return tree;
		}
	}
	return NULL;
}

static void found_before(const struct finding *finding, const struct node *directory,
			 const struct stick *medium, void *userdata)
{
	struct inspection *inspection = userdata;

	tell(inspection, finding, directory, medium);
	if (!walk_remember(inspection->walk, finding))
		complain(_("out of memory"));
}

static int waits(struct node *node, void *userdata)
{
	return walk_add(((struct inspection *)userdata)->walk, node);
}

static void print_moment(int64_t ns, char text[32])
{
	time_t seconds = (time_t)(ns / NS_PER_SECOND);
	struct tm local;

	if (!localtime_r(&seconds, &local) || !strftime(text, 32, "%Y-%m-%d %H:%M:%S", &local))
		snprintf(text, 32, "@%lld", (long long)seconds);
}

static int resume(struct inspection *inspection)
{
	static const struct checkpoint_calls calls = {
		.tree = same_tree, .finding = found_before, .counts = add_counts, .waiting = waits,
	};
	char moment[32];
	int error;

	error = checkpoint_replay(inspection->state, &calls, inspection);
	if (error)
		return error;
	walk_set_number(inspection->walk, checkpoint_number(inspection->state));
	inspection->resumed = inspection->counts.files + inspection->counts.directories;
	print_moment(checkpoint_started(inspection->state), moment);
	complain(_("goes on with what was begun on %s: %llu files and %llu directories are done"),
		 moment, (unsigned long long)inspection->counts.files,
		 (unsigned long long)inspection->counts.directories);
	return 0;
}

/* Trees that are not in the file are new, or not what they were. */
static int add_tops(struct inspection *inspection)
{
	int error = 0;

	for (size_t i = 0; !error && i < inspection->trees.count; i++) {
		struct tree *tree = &inspection->trees.tree[i];
		struct node *top;

		if (tree->resumed)
			continue;
		top = node_new_top(tree);
		if (!top)
			return -ENOMEM;
		top->id = walk_next_number(inspection->walk);
		if (inspection->state)
			checkpoint_tree(inspection->state, top);
		error = walk_add(inspection->walk, top);
	}
	return error;
}

static enum exit_code open_state(struct inspection *inspection)
{
	const struct request *request = inspection->request;
	size_t count = 1 + 2 * request->walk.excludes + request->paths, at = 0;
	const char **argument = calloc(count, sizeof(*argument));
	int error;

	if (!argument) {
		complain(_("out of memory"));
		return EXIT_CODE_INCOMPLETE;
	}
	argument[at++] = request->walk.single_filesystem ? "--one-file-system" : "--";
	for (size_t i = 0; i < request->walk.excludes; i++) {
		argument[at++] = "--exclude";
		argument[at++] = request->exclude[i];
	}
	for (size_t i = 0; i < request->paths; i++)
		argument[at++] = request->path[i];
	error = checkpoint_open(request->resume, argument, at, &inspection->state);
	free(argument);
	switch (error) {
	case 0:
		return EXIT_CODE_OK;
	case -EBUSY:
		complain(_("%s is in use by another inspection"), request->resume);
		break;
	case -EEXIST:
		complain(_("%s is something else than what an inspection has left; name another file"),
			 request->resume);
		break;
	case -EINVAL:
		complain(_("%s is of an inspection with other arguments; repeat those, or remove it"),
			 request->resume);
		break;
	case -EPERM:
		complain(_("%s may have been written by somebody else; name another file"),
			 request->resume);
		break;
	default:
		complain(_("%s: %s"), request->resume, strerror(-error));
		break;
	}
	return EXIT_CODE_USAGE;
}

static void work_when_idle(int nice)
{
	if (!nice)
		return;
	/* Neither can fail in a way that matters. */
	setpriority(PRIO_PROCESS, 0, nice);
	syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0, IO_IDLE);
}

static int block_signals(sigset_t *before)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	if (pthread_sigmask(SIG_BLOCK, &signals, before))
		return -1;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool has_signal(int fd)
{
	struct signalfd_siginfo info;

	return fd >= 0 && read(fd, &info, sizeof(info)) == sizeof(info);
}

/* Under the lock. */
static void save(struct inspection *inspection, bool *told)
{
	int error;

	error = inspection->state ? checkpoint_sync(inspection->state) : 0;
	if (error && !*told) {
		progress_hide(&inspection->progress);
		complain(_("%s: %s; what is done from now on cannot be gone on with"),
			 inspection->request->resume, strerror(-error));
		*told = true;
	}
}

/*
 * A thread that tells of a finding may wait for whoever reads that, with the lock held: signals must
 * not wait for it as well.
 */
static void look_after(struct inspection *inspection, bool *told, unsigned int *ticks)
{
	if (pthread_mutex_trylock(&inspection->lock))
		return;
	progress_show(&inspection->progress,
		      inspection->resumed + walk_progress(inspection->walk));
	if (*ticks >= SYNC_TICKS) {
		save(inspection, told);
		*ticks = 0;
	}
	pthread_mutex_unlock(&inspection->lock);
}

/* A second signal ends the program as it always does. */
static void stop(struct inspection *inspection, const sigset_t *before)
{
	walk_stop(inspection->walk);
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* Until the walk has ended; returns what walk_end() does. */
static int watch(struct inspection *inspection, int signals, const sigset_t *before)
{
	struct pollfd fds[] = {
		{ .fd = walk_fd(inspection->walk), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	unsigned int ticks = 0;
	bool told = false;
	int end;

	for (; poll(fds, 2, SHOW_MS) >= 0 || errno == EINTR; ticks++) {
		if (fds[0].revents)
			break;
		if (has_signal(signals)) {
			stop(inspection, before);
			fds[1].fd = -1;
		}
		look_after(inspection, &told, &ticks);
	}
	end = walk_end(inspection->walk);
	save(inspection, &told);
	progress_hide(&inspection->progress);
	return end;
}

static void tell_end(struct inspection *inspection, int end)
{
	const char *resume = inspection->request->resume;

	if (end && end != -EINTR)
		complain(_("the inspection could not go on: %s"), strerror(-end));
	if (inspection->request->hear)
		return;
	if (end && resume)
		complain(_("to go on where it was, repeat the same command with --resume %s"), resume);
	else if (end)
		complain(_("with --resume FILE an inspection can be gone on with"));
}

/* The threads' working directory may be that of this one, see inspect_walk.c. */
static void come_back(int directory)
{
	if (directory < 0)
		return;
	if (fchdir(directory))
		complain("%s", strerror(errno));
	close(directory);
}

static enum exit_code run(struct inspection *inspection)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const int64_t began = system_time();
	int signals, error, end;
	sigset_t before;
	double seconds;

	error = add_tops(inspection);
	if (error) {
		complain(_("the inspection could not go on: %s"), strerror(-error));
		return EXIT_CODE_INCOMPLETE;
	}
	signals = block_signals(&before);
	inspection->progress.total = inspection->trees.files;
	error = walk_start(inspection->walk);
	end = error ? error : watch(inspection, signals, &before);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (signals >= 0)
		close(signals);
	come_back(here);
	seconds = (double)(system_time() - began) / NS_PER_SECOND;
	if (seconds < 0) /* the clock was set */
		seconds = 0;
	inspection->state = checkpoint_close(inspection->state, !end);
	if (!inspection->request->hear)
		inspection_summarise(inspection, seconds, end);
	tell_end(inspection, end);
	if (inspection_findings(inspection))
		return EXIT_CODE_FAILED;
	return end || inspection->found[FINDING_UNSEEN] ? EXIT_CODE_INCOMPLETE : EXIT_CODE_OK;
}

/* All that has to be there before the first file is looked at. */
static enum exit_code prepare(struct inspection *inspection)
{
	const struct request *request = inspection->request;
	enum exit_code result;
	int error;

	error = mounts_new(&inspection->mounts);
	if (error) {
		complain(_("what is mounted cannot be told: %s"), strerror(-error));
		return EXIT_CODE_INCOMPLETE;
	}
	error = judge_new(&inspection->judge);
	if (!error && request->paths)
		error = trees_of_paths(&inspection->trees, inspection->mounts, request->path,
				       request->paths, unseen, inspection);
	else if (!error)
		error = trees_of_machine(&inspection->trees, inspection->mounts, unseen, inspection);
	if (!error)
		error = walk_new(&request->walk, inspection->mounts, &walk_calls, inspection,
				 &inspection->walk);
	if (!error && request->resume) {
		result = open_state(inspection);
		if (result != EXIT_CODE_OK)
			return result;
		if (checkpoint_is_resumed(inspection->state))
			error = resume(inspection);
	}
	if (!error)
		return EXIT_CODE_OK;
	complain(_("the inspection could not go on: %s"), strerror(-error));
	return EXIT_CODE_INCOMPLETE;
}

/**
 * inspect() - look for labels
 * @request: where, and how; what is found is printed, or heard by whoever asks.
 *
 * Return: an exit_code; failed if something was found, incomplete if not everything could be
 * looked at. What kept it from looking at all has been told.
 */
enum exit_code inspect(const struct request *request)
{
	struct inspection inspection = {
		.request = request,
		.progress.wanted = request->progress && stderr_is_terminal(),
		.colour = stdout_is_terminal() && !getenv("NO_COLOR"),
		.policy = request->json || request->hear ? NULL : site_policy_load(),
	};
	enum exit_code result;

	pthread_mutex_init(&inspection.lock, NULL);
	work_when_idle(request->nice);
	result = prepare(&inspection);
	if (result == EXIT_CODE_OK)
		result = run(&inspection);
	checkpoint_close(inspection.state, false);
	walk_free(inspection.walk);
	trees_clear(&inspection.trees);
	judge_free(inspection.judge);
	mounts_free(inspection.mounts);
	policy_free(inspection.policy);
	text_buffer_clear(&inspection.line);
	text_buffer_clear(&inspection.file);
	pthread_mutex_destroy(&inspection.lock);
	return result;
}

/** inspection_jobs() - how many threads use all processors that there are for this program */
unsigned int inspection_jobs(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned int)CPU_COUNT(&set);
}
