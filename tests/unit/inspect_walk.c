// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The walker of mifengctl inspect and its journal, on trees made here. Needs root: only root may
 * set the xattr and mount, and without these nothing would be tested.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "ctl_tap.h"
#include "text_buffer.h"
#include "tools/inspect_mounts.h"
#include "tools/inspect_node.h"
#include "tools/inspect_checkpoint.h"
#include "tools/inspect_trees.h"
#include "tools/inspect_walk.h"

#define LEVELS		2000
#define MANY		300
#define LIST_MAX	4096
#define PATH_SHOWN	300

static const uint8_t label[LABEL_BYTES] = { 1, 2 };
static char top[] = "/tmp/inspect-XXXXXX", tree[64], journal[64];

/* What was found, as sorted paths; those of the deep tree by their last bytes. */
struct list {
	char *path[LIST_MAX];
	size_t count;
};

/* One inspection: what it is of, what stops it, what it brings. */
struct run {
	struct walk_options options;
	const char *journal;
	unsigned int stop_after;
	unsigned int commits;
	struct mount_table *mounts;
	struct trees trees;
	struct walk *walk;
	struct checkpoint *state;
	struct list found;
	struct walk_counts counts;
	size_t unseen;
	size_t machine; /* filesystems of the machine to look at: with this word in their path */
	const char *only;
	int end;
};

static void list_clear(struct list *list)
{
	while (list->count)
		free(list->path[--list->count]);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool same(struct list *a, struct list *b)
{
	if (a->count != b->count)
		return false;
	qsort(a->path, a->count, sizeof(a->path[0]), compare);
	qsort(b->path, b->count, sizeof(b->path[0]), compare);
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->path[i], b->path[i]))
			return false;
	return true;
}

static bool has(const struct list *list, const char *end)
{
	size_t length = strlen(end);

	for (size_t i = 0; i < list->count; i++) {
		size_t whole = strlen(list->path[i]);

		if (whole >= length && !strcmp(list->path[i] + whole - length, end))
			return true;
	}
	return false;
}

static bool judge(int fd, struct finding *finding, const struct node *directory, void *userdata)
{
	(void)directory;
	(void)userdata;
	finding->kind = FINDING_LABELLED;
	return fd >= 0 && !finding->names;
}

static void note(struct run *run, const struct finding *finding, const struct node *directory)
{
	struct text_buffer path = { 0 };

	if (finding->kind == FINDING_UNSEEN) {
		run->unseen++;
		return;
	}
	node_path(directory, finding->name, &path);
	if (run->found.count < LIST_MAX && !path.failed)
		run->found.path[run->found.count++] = strdup(path.data);
	text_buffer_clear(&path);
}

static void add_counts(const struct walk_counts *counts, void *userdata)
{
	struct run *run = userdata;

	run->counts.files += counts->files;
	run->counts.directories += counts->directories;
	run->counts.excluded += counts->excluded;
	run->counts.names += counts->names;
}

static void commit(const struct node *directory, const struct walk_batch *batch, void *userdata)
{
	struct run *run = userdata;

	for (size_t i = 0; i < batch->count; i++)
		note(run, &batch->finding[i], directory);
	add_counts(&batch->counts, run);
	if (run->state)
		checkpoint_commit(run->state, directory, batch, NULL);
	if (++run->commits == run->stop_after)
		walk_stop(run->walk);
}

static const struct walk_calls calls = { .judge = judge, .commit = commit };

static struct tree *same_tree(const char *path, const char *identity, void *userdata)
{
	struct trees *trees = &((struct run *)userdata)->trees;

	for (size_t i = 0; i < trees->count; i++)
		if (!strcmp(trees->tree[i].path, path) &&
		    !strcmp(trees->tree[i].identity, identity)) {
			trees->tree[i].resumed = true;
			return &trees->tree[i];
		}
	return NULL;
}

static void found_before(const struct finding *finding, const struct node *directory,
			 const struct stick *medium, void *userdata)
{
	struct run *run = userdata;

	(void)medium;
	note(run, finding, directory);
	walk_remember(run->walk, finding);
}

static int waits(struct node *node, void *userdata)
{
	return walk_add(((struct run *)userdata)->walk, node);
}

static const struct checkpoint_calls replay = {
	.tree = same_tree, .finding = found_before, .counts = add_counts, .waiting = waits,
};

static void unseen(const char *path, const char *why, void *userdata)
{
	(void)path;
	(void)why;
	((struct run *)userdata)->unseen++;
}

static void start(struct run *run)
{
	const char *argument = tree;

	if (run->journal && checkpoint_open(run->journal, &argument, 1, &run->state))
		return;
	if (run->state && checkpoint_is_resumed(run->state)) {
		checkpoint_replay(run->state, &replay, run);
		walk_set_number(run->walk, checkpoint_number(run->state));
	}
	for (size_t i = 0; i < run->trees.count; i++) {
		struct tree *one = &run->trees.tree[i];
		struct node *node;

		if (one->resumed || (run->only && !strstr(one->path, run->only)))
			continue;
		node = node_new_top(one);
		node->id = walk_next_number(run->walk);
		if (run->state)
			checkpoint_tree(run->state, node);
		walk_add(run->walk, node);
	}
	run->end = walk_start(run->walk) ?: walk_end(run->walk);
	if (run->state)
		checkpoint_sync(run->state);
}

/* Looks at the tree, or the machine's filesystems that are called @only. */
static void inspect(struct run *run)
{
	char *const paths[] = { tree };

	run->end = -1;
	if (!run->options.jobs)
		run->options.jobs = 2;
	mounts_new(&run->mounts);
	if (run->only)
		trees_of_machine(&run->trees, run->mounts, unseen, run);
	else
		trees_of_paths(&run->trees, run->mounts, paths, 1, unseen, run);
	if (!walk_new(&run->options, run->mounts, &calls, run, &run->walk))
		start(run);
	run->state = checkpoint_close(run->state, false);
	walk_free(run->walk);
	trees_clear(&run->trees);
	mounts_free(run->mounts);
}

static bool set_label(const char *path)
{
	return !lsetxattr(path, MIFENG_XATTR_NAME, label, sizeof(label), 0);
}

static bool make_file(const char *path, bool labelled)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return false;
	close(fd);
	return !labelled || set_label(path);
}

/* Far longer than a path may be; the label is at the bottom. */
static bool make_deep(void)
{
	bool made = !mkdir("deep", 0755) && !chdir("deep");

	for (int i = 0; made && i < LEVELS; i++)
		made = !mkdir("level", 0755) && !mkdir("beside", 0755) && !chdir("level");
	return made && make_file("bottom", true) && !chdir(tree);
}

static bool make_many(void)
{
	char name[64];

	if (mkdir("many", 0755))
		return false;
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		if (mkdir(name, 0755))
			return false;
		snprintf(name, sizeof(name), "many/%d/labelled", i);
		if (i % 3 == 0 && !make_file(name, true))
			return false;
		snprintf(name, sizeof(name), "many/%d/plain", i);
		if (!make_file(name, false))
			return false;
	}
	return true;
}

/* Returns how many files have a label; 0 if it could not be made. */
static size_t make_tree(void)
{
	bool made = mkdtemp(top) && snprintf(tree, sizeof(tree), "%s/tree", top) > 0 &&
		    snprintf(journal, sizeof(journal), "%s/journal", top) > 0 &&
		    !mkdir(tree, 0755) && !chdir(tree);

	made = made && make_file("one", true) && make_file("line\nbreak\xff", true) &&
	       !mkdir("a", 0755) && !mkdir("b", 0755) && !link("one", "a/one") &&
	       !link("one", "b/one") && !symlink("/etc", "a/link") && set_label("a/link") &&
	       !symlink("deep", "b/link") && !mkfifo("a/fifo", 0644) && make_file("a/x.skip", true) &&
	       set_label("b") &&
	       !setxattr("b", MIFENG_XATTR_NAMES, label, sizeof(label), 0);
	/* one and its links, line, link, x.skip, b; bottom; a third of many */
	return made && make_deep() && make_many() ? 5 + 1 + MANY / 3 : 0;
}

static void check_all(size_t labelled, struct list *all)
{
	struct run run = { .options = { .jobs = 1 } };

	inspect(&run);
	check(!run.end && !run.unseen, "a tree is looked at to its end");
	check(run.found.count == labelled, "all %zu labels are found, each once: %zu", labelled,
	      run.found.count);
	check(has(&run.found, "/tree/line\nbreak\xff"), "also one with any bytes in its name");
	check(has(&run.found, "/tree/a/link"), "and that of a symbolic link, which is not followed");
	check(has(&run.found, "/tree/b"), "and that of a directory");
	check(has(&run.found, "/level/level/bottom"), "and one %d levels down", LEVELS);
	check(run.counts.names == 1, "a label of names is counted");
	check(run.counts.directories == 1 + 2 + 1 + 2 * LEVELS + 1 + MANY, "directories: %llu",
	      (unsigned long long)run.counts.directories);
	*all = run.found;
}

static void check_same(const char *how, struct run *run, struct list *all)
{
	inspect(run);
	check(!run->end && same(&run->found, all), "%s: the same %zu: %zu", how, all->count,
	      run->found.count);
	list_clear(&run->found);
}

static void check_ways(struct list *all)
{
	const struct rlimit few = { .rlim_cur = 40, .rlim_max = 40 };
	const char *const patterns[] = { "*.skip", "/*/deep/level/level" };
	struct rlimit before;
	struct run run;

	run = (struct run){ .options = { .jobs = 2 } };
	check_same("two threads", &run, all);
	run = (struct run){ .options = { .jobs = 16 } };
	check_same("sixteen", &run, all);
	run = (struct run){ .options = { .jobs = 4, .single_filesystem = true } };
	check_same("one filesystem", &run, all);

	getrlimit(RLIMIT_NOFILE, &before);
	setrlimit(RLIMIT_NOFILE, &few);
	run = (struct run){ .options = { .jobs = 2 } };
	check_same("forty descriptors", &run, all);
	setrlimit(RLIMIT_NOFILE, &before);

	run = (struct run){ .options = { .jobs = 2, .excludes = 2, .exclude = patterns } };
	inspect(&run);
	check(!run.end && run.found.count == all->count - 2 && run.counts.excluded == 2 &&
		      !has(&run.found, "x.skip") && !has(&run.found, "bottom"),
	      "what patterns exclude is left out");
	list_clear(&run.found);
}

static void check_resumed(struct list *all)
{
	unsigned int tried = 0, whole = 0, twice = 0;
	struct run run;

	for (unsigned int stop = 1; stop < 4400; stop += stop < 8 ? 1 : 397) {
		unlink(journal);
		run = (struct run){ .options = { .jobs = 3 }, .journal = journal, .stop_after = stop };
		inspect(&run);
		tried += run.end == -EINTR;
		list_clear(&run.found);
		/* and once more, on the way */
		run = (struct run){ .options = { .jobs = 2 }, .journal = journal, .stop_after = 3 };
		inspect(&run);
		twice += run.end == -EINTR;
		list_clear(&run.found);
		run = (struct run){ .options = { .jobs = 2 }, .journal = journal };
		inspect(&run);
		whole += !run.end && same(&run.found, all) &&
			 run.counts.directories == 1 + 2 + 1 + 2 * LEVELS + 1 + MANY;
		list_clear(&run.found);
	}
	check(tried > 10 && twice > 10 && whole >= tried,
	      "stopped at %u places and again (%u), it brings the same each time: %u", tried, twice,
	      whole);
}

/* A power cut leaves any part of the file. */
static void check_cut(struct list *all)
{
	unsigned int tried = 0, whole = 0;
	struct stat info;
	struct run run;
	off_t size;

	for (unsigned int i = 0; i < 12; i++) {
		unlink(journal);
		run = (struct run){ .options = { .jobs = 2 }, .journal = journal,
				    .stop_after = 3000 };
		inspect(&run);
		list_clear(&run.found);
		if (stat(journal, &info))
			continue;
		size = i == 0 ? 0 : i == 1 ? 30 : info.st_size * i / 12 - i;
		if (truncate(journal, size))
			continue;
		tried++;
		run = (struct run){ .options = { .jobs = 2 }, .journal = journal };
		inspect(&run);
		whole += !run.end && same(&run.found, all);
		list_clear(&run.found);
	}
	check(tried == 12 && whole == tried, "cut short in %u ways, it brings the same: %u", tried,
	      whole);
}

static int open_error(const char *argument)
{
	struct checkpoint *state = NULL;
	int error = checkpoint_open(journal, &argument, 1, &state);

	checkpoint_close(state, false);
	return error;
}

static void check_journal(void)
{
	const char *argument = tree;
	struct checkpoint *state = NULL;
	int error;

	unlink(journal);
	error = checkpoint_open(journal, &argument, 1, &state);
	check(!error && !checkpoint_is_resumed(state), "a new file is begun");
	check(open_error(tree) == -EBUSY, "while it is in use nobody else has it");
	checkpoint_sync(state);
	checkpoint_close(state, false);
	check(open_error("/elsewhere") == -EINVAL, "other arguments are refused");
	check(open_error(tree) == 0, "the same are not");
	chmod(journal, 0662);
	check(open_error(tree) == -EPERM, "what others may write is not believed");
	unlink(journal);
	error = open(journal, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (write(error, "a letter\n", 9) != 9)
		check(false, "a file is written");
	close(error);
	check(open_error(tree) == -EEXIST, "another file is not overwritten");
	unlink(journal);
	error = symlink("/dev/null", journal);
	check(!error && open_error(tree) == -ELOOP, "nor followed as a link");
	unlink(journal);
}

static bool overlay(const char *point, const char *layers)
{
	char options[512];

	snprintf(options, sizeof(options), "lowerdir=%s/%s/low,upperdir=%s/%s/up,workdir=%s/%s/work",
		 tree, layers, tree, layers, tree, layers);
	return !mount("inspect-over", point, "overlay", 0, options);
}

/* In a mount namespace of its own, nobody else sees what is mounted here. */
static void check_mounts(struct list *all)
{
	struct run run;
	bool made = !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
		    !mkdir("a/mount", 0755) && make_file("a/mount/under", true) &&
		    !mount("inspect-test", "a/mount", "tmpfs", 0, "size=1m") &&
		    make_file("a/mount/within", true) && !mkdir("bind", 0755) &&
		    !mount("b", "bind", NULL, MS_BIND, NULL) && !mkdir("proc", 0755) &&
		    !mount("proc", "proc", "proc", 0, NULL);

	check(made, "other filesystems are mounted in the tree (root is needed)");
	run = (struct run){ .options = { .jobs = 2 } };
	inspect(&run);
	check(!run.end && run.found.count == all->count + 1 && has(&run.found, "/mount/within"),
	      "what is mounted there is looked at, what is bound there once: %zu",
	      run.found.count - all->count);
	check(run.counts.files < 2 * (MANY + all->count), "and nothing of /proc: %llu files",
	      (unsigned long long)run.counts.files);
	list_clear(&run.found);
	run = (struct run){ .options = { .jobs = 2, .single_filesystem = true } };
	inspect(&run);
	check(!run.end && same(&run.found, all), "nor the mount, if it is not to be entered");
	list_clear(&run.found);

	made = !mkdir("a/mount/deeper", 0755) && make_file("a/mount/deeper/hidden", true) &&
	       !mount("inspect-test-2", "a/mount/deeper", "tmpfs", 0, "size=1m") &&
	       make_file("a/mount/deeper/open", true) && !mkdir("again", 0755) &&
	       !mount("a/mount", "again", NULL, MS_BIND, NULL);
	check(made, "another one is mounted in it, and it again elsewhere");
	run = (struct run){ .options = { .jobs = 2 }, .only = "/inspect-" };
	inspect(&run);
	check(!run.end && run.found.count == 3 && has(&run.found, "/mount/within") &&
		      has(&run.found, "/deeper/hidden") && has(&run.found, "/deeper/open"),
	      "of the whole machine each filesystem is looked at once, also where another hides it: %zu",
	      run.found.count);
	list_clear(&run.found);

	/* Over a layer that can be reached, and then over one that cannot be any more. */
	made = !umount2("a/mount/deeper", MNT_DETACH) && !umount2("again", MNT_DETACH) &&
	       !mkdir("a/mount/low", 0755) && make_file("a/mount/low/layer", true) &&
	       !mkdir("a/mount/up", 0755) && !mkdir("a/mount/work", 0755) &&
	       !mkdir("over", 0755) && overlay("over", "a/mount");
	check(made, "an overlay is mounted (root and overlayfs are needed)");
	run = (struct run){ .options = { .jobs = 2 }, .only = "/inspect-" };
	inspect(&run);
	check(!run.end && run.found.count == 3 && has(&run.found, "/low/layer"),
	      "what is looked at in its layers is not in the overlay: %zu", run.found.count);
	list_clear(&run.found);
	umount2("a/mount", MNT_DETACH);
	run = (struct run){ .options = { .jobs = 2 }, .only = "/inspect-" };
	inspect(&run);
	check(!run.end && run.found.count == 1 && has(&run.found, "/over/layer"),
	      "an overlay whose layers cannot be reached is looked at: %zu", run.found.count);
	list_clear(&run.found);
	umount2("over", MNT_DETACH);
	umount2("a/mount/deeper", MNT_DETACH);
	umount2("again", MNT_DETACH);
	umount2("a/mount", MNT_DETACH);
	umount2("bind", MNT_DETACH);
	umount2("proc", MNT_DETACH);
}

/* rm, too, would have to go down step by step. */
static void remove_tree(void)
{
	char command[96];

	if (chdir("/"))
		return;
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	if (system(command))
		printf("# %s is left\n", top);
}

int main(void)
{
	size_t labelled = make_tree();
	struct list all = { .count = 0 };

	check(labelled, "a tree with labels is made in /tmp: %s",
	      labelled ? "yes" : "NO: security.* takes root and a filesystem with xattrs");
	if (labelled) {
		check_all(labelled, &all);
		check_ways(&all);
		check_resumed(&all);
		check_cut(&all);
		check_journal();
		check_mounts(&all);
		list_clear(&all);
	}
	remove_tree();
	return tap_finish();
}
