// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every file of policy/invalid has one fault, and is refused with exactly the line that
 * policy/invalid/expected has for it. Run from the top of the tree.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_tap.h"
#include "policy.h"

#define DIRECTORY "policy/invalid"

static char *expected_of(const char *path)
{
	FILE *file = fopen(DIRECTORY "/expected", "re");
	size_t size = 0, length = strlen(path);
	char *line = NULL;

	if (!file)
		err(1, DIRECTORY "/expected");
	while (getline(&line, &size, file) > 0) {
		if (strncmp(line, path, length) || line[length] != ':')
			continue;
		fclose(file);
		line[strcspn(line, "\n")] = '\0';
		return line;
	}
	fclose(file);
	free(line);
	return NULL;
}

static void try(const char *name)
{
	struct policy_errors errors = { 0 };
	struct policy *policy = NULL;
	char *expected;
	char path[512];
	bool good;
	int r;

	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	expected = expected_of(path);
	r = policy_load(path, 0, &policy, &errors);
	good = r == -EINVAL && !policy && errors.errors == 1 && errors.kept == 1 && expected &&
	       !strcmp(errors.text[0], expected);
	check(good, "%s", name);
	if (!good) {
		printf("# expected: %s\n", expected ? expected : "(no line in expected)");
		for (size_t i = 0; i < errors.kept; i++)
			printf("# got:      %s\n", errors.text[i]);
		printf("# policy_load() returned %d\n", r);
	}
	policy_free(policy);
	policy_errors_clear(&errors);
	free(expected);
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".yaml");
}

int main(void)
{
	struct dirent **entries;
	int count;

	count = scandir(DIRECTORY, &entries, is_yaml, alphasort);
	if (count <= 0)
		err(1, DIRECTORY);
	for (int i = 0; i < count; i++) {
		try(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return tap_finish();
}
