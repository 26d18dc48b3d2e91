// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "policy_check.h"
#include "policy_tree.h"
#include "policy_yaml.h"

/* Opens a file and makes sure that it is one whose word counts. */
static int open_file(const char *file, unsigned int flags, size_t *ret_size,
		     struct policy_errors *errors)
{
	struct policy_mark mark = { .file = file };
	struct stat st;
	int fd;

	/* A FIFO would block, and is refused below. */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		int r = -errno;

		policy_error_add(errors, mark, "cannot be opened: %s", strerror(-r));
		return r == -ENOENT || r == -ENOMEM ? r : -EINVAL;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		policy_error_add(errors, mark, "is no regular file");
	else if ((flags & POLICY_LOAD_TRUSTED) && st.st_uid && st.st_uid != geteuid())
		policy_error_add(errors, mark, "belongs to user %u; expected root: "
				 "chown root it if its content is right", st.st_uid);
	else if ((flags & POLICY_LOAD_TRUSTED) && st.st_mode & (S_IWGRP | S_IWOTH))
		policy_error_add(errors, mark, "can be written by others than its owner; "
				 "expected mode 0644 or stricter: chmod go-w it");
	else if (st.st_size > POLICY_FILE_MAX)
		policy_error_add(errors, mark, "has %lld bytes; expected at most %u",
				 (long long)st.st_size, POLICY_FILE_MAX);
	else {
		*ret_size = (size_t)st.st_size;
		return fd;
	}
	close(fd);
	return -EINVAL;
}

static int read_file(const char *file, unsigned int flags, char **ret, size_t *ret_size,
		     struct policy_errors *errors)
{
	struct policy_mark mark = { .file = file };
	size_t size, done = 0;
	char *data;
	int fd;

	fd = open_file(file, flags, &size, errors);
	if (fd < 0)
		return fd;
	data = malloc(size + 1);
	if (!data) {
		close(fd);
		return -ENOMEM;
	}
	while (done < size) {
		ssize_t got = read(fd, data + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	close(fd);
	if (done < size) {
		free(data);
		return policy_error_add(errors, mark, "cannot be read to its end");
	}
	*ret = data;
	*ret_size = size;
	return 0;
}

static int merge_file(struct policy *policy, const char *file, unsigned int flags,
		      EVP_MD_CTX *digest, struct policy_errors *errors)
{
	struct policy_node *root = NULL;
	char length[32];
	size_t size = 0;
	char *data = NULL;
	int r;

	r = read_file(file, flags, &data, &size, errors);
	if (r < 0)
		return r;
	/* Names and lengths are in the digest, so that moving a line between files shows. */
	snprintf(length, sizeof(length), "%zu", size);
	EVP_DigestUpdate(digest, file, strlen(file) + 1);
	EVP_DigestUpdate(digest, length, strlen(length) + 1);
	EVP_DigestUpdate(digest, data, size);
	r = policy_tree_read(file, data, size, &root, errors);
	free(data);
	if (r >= 0)
		r = policy_yaml_merge(policy, root, errors);
	policy_tree_free(root);
	return r;
}

static int is_policy_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".yaml");
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static int list_files(struct policy *policy, const char *path, struct policy_errors *errors)
{
	struct policy_mark mark = { .file = path };
	struct dirent **entries;
	struct stat st;
	int count, r = 0;

	if (stat(path, &st) < 0) {
		r = -errno;
		policy_error_add(errors, mark, "cannot be found: %s", strerror(-r));
		return r == -ENOENT ? r : -EINVAL;
	}
	if (!S_ISDIR(st.st_mode)) {
		policy->files = calloc(1, sizeof(*policy->files));
		if (!policy->files)
			return -ENOMEM;
		policy->files[0] = strdup(path);
		policy->file_count = policy->files[0] ? 1 : 0;
		return policy->files[0] ? 0 : -ENOMEM;
	}
	count = scandir(path, &entries, is_policy_file, by_name);
	if (count < 0) {
		r = -errno;
		policy_error_add(errors, mark, "cannot be listed: %s", strerror(-r));
		return r == -ENOMEM ? r : -EINVAL;
	}
	if (!count) {
		free(entries);
		policy_error_add(errors, mark, "holds no policy; expected files named *.yaml");
		return -ENOENT;
	}
	policy->files = calloc((size_t)count, sizeof(*policy->files));
	for (int i = 0; i < count; i++) {
		char *file;

		if (!policy->files || asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
			r = -ENOMEM;
		else
			policy->files[policy->file_count++] = file;
		free(entries[i]);
	}
	free(entries);
	return r;
}

static void digest_text(EVP_MD_CTX *digest, char ret[POLICY_DIGEST_TEXT])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	EVP_DigestFinal_ex(digest, hash, &size);
	ret[0] = '\0';
	for (unsigned int i = 0; i < size && 2 * i + 2 < POLICY_DIGEST_TEXT; i++)
		snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

static int load_files(struct policy *policy, unsigned int flags, struct policy_errors *errors)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	int result = 0;

	if (!digest || !EVP_DigestInit_ex(digest, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(digest);
		return -ENOMEM;
	}
	for (size_t i = 0; i < policy->file_count; i++) {
		int r = merge_file(policy, policy->files[i], flags, digest, errors);

		if (r < 0)
			result = r;
		if (r == -ENOMEM)
			break;
	}
	digest_text(digest, policy->digest);
	EVP_MD_CTX_free(digest);
	return result;
}

int policy_load(const char *path, unsigned int flags, struct policy **ret,
		struct policy_errors *errors)
{
	struct policy *policy;
	int r;

	policy = calloc(1, sizeof(*policy));
	if (!policy)
		return -ENOMEM;
	policy->mode = MIFENG_MODE_ENFORCE;
	policy->removable = MIFENG_REMOVABLE_DENY;
	r = list_files(policy, path, errors);
	if (r >= 0)
		r = load_files(policy, flags, errors);
	/* With faults of form the meaning is not looked into: it would blame the innocent. */
	if (r >= 0)
		r = policy_check(policy, flags, errors);
	if (r < 0) {
		policy_free(policy);
		return r;
	}
	*ret = policy;
	return 0;
}

static void scope_set_clear(struct policy_scope_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free(set->name[i].text);
	free(set->name);
}

struct policy *policy_free(struct policy *policy)
{
	if (!policy)
		return NULL;
	for (size_t i = 0; i <= MIFENG_LEVEL_MAX; i++) {
		free(policy->level_zh[i]);
		free(policy->level_en[i]);
	}
	for (size_t i = 0; i < policy->scope_count; i++)
		free(policy->scopes[i].name.text);
	free(policy->scopes);
	for (size_t i = 0; i < policy->clearance_count; i++) {
		free(policy->clearances[i].subject.text);
		free(policy->clearances[i].not_before.text);
		free(policy->clearances[i].not_after.text);
		scope_set_clear(&policy->clearances[i].scopes);
	}
	free(policy->clearances);
	for (size_t i = 0; i < policy->zone_count; i++) {
		free(policy->zones[i].path.text);
		scope_set_clear(&policy->zones[i].scopes);
	}
	free(policy->zones);
	for (size_t kind = 0; kind <= MIFENG_SUBJECT_MAX; kind++) {
		struct policy_patterns *patterns = &policy->subjects[kind];

		for (size_t i = 0; i < patterns->count; i++)
			free(patterns->pattern[i].text);
		free(patterns->pattern);
	}
	for (size_t i = 0; i < policy->network_count; i++) {
		free(policy->networks[i].net.text);
		scope_set_clear(&policy->networks[i].scopes);
	}
	free(policy->networks);
	free(policy->log_directory.text);
	for (size_t i = 0; i < policy->file_count; i++)
		free(policy->files[i]);
	free(policy->files);
	free(policy);
	return NULL;
}

int policy_scope_number(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->scope_count; i++)
		if (!strcmp(policy->scopes[i].name.text, name))
			return (int)policy->scopes[i].number;
	return -ENOENT;
}

const char *policy_scope_name(const struct policy *policy, unsigned int number)
{
	for (size_t i = 0; policy && i < policy->scope_count; i++)
		if (policy->scopes[i].number == number)
			return policy->scopes[i].name.text;
	return NULL;
}
