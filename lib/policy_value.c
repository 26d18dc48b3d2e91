// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "label_text.h"
#include "nearest_word.h"
#include "policy.h"
#include "policy_tree.h"
#include "text_buffer.h"

#define FIELDS_MAX 16
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *kind_name(const struct policy_node *node)
{
	switch (node->kind) {
	case POLICY_SEQUENCE:
		return "a list";
	case POLICY_MAPPING:
		return "a mapping";
	case POLICY_SCALAR:
		break;
	}
	return node->text[0] ? "a single value" : "nothing";
}

/* "path, ceiling or scopes" */
static void add_choices(struct text_buffer *text, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			text_buffer_add_text(text, i + 1 == count ? " or " : ", ");
		text_buffer_add_text(text, names[i]);
	}
}

/* "unknown @what 'x'; did you mean 'y'?", or what else could stand there. */
static int complain_unknown(const struct policy_node *node, const char *what, const char *where,
			    const char *const *names, size_t count,
			    struct policy_errors *errors)
{
	const char *near = nearest_word(node->text, names, count);
	struct text_buffer choices = { 0 };
	int r;

	if (near)
		return policy_error_add(errors, node->mark,
					"unknown %s '%s'%s; did you mean '%s'?", what, node->text,
					where, near);
	add_choices(&choices, names, count);
	r = policy_error_add(errors, node->mark, "unknown %s '%s'%s; expected %s", what,
			     node->text, where, choices.failed ? "another" : choices.data);
	text_buffer_clear(&choices);
	return r;
}

static const struct policy_field *field_find(const struct policy_field *field, size_t count,
					     const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(field[i].name, name))
			return &field[i];
	return NULL;
}

static int complain_key(const struct policy_node *key, const char *what,
			const char *const *names, size_t count, struct policy_errors *errors)
{
	struct text_buffer where = { 0 };
	int r;

	text_buffer_format(&where, " in %s", what);
	r = complain_unknown(key, "key", where.failed ? "" : where.data, names, count, errors);
	text_buffer_clear(&where);
	return r;
}

/* A misspelt key is there: only its name is wrong, and that was said already. */
static bool is_there(const struct policy_node *node, const char *name,
		     const struct policy_field *field, const char *const *names, size_t count)
{
	for (size_t i = 0; i + 1 < node->count; i += 2) {
		const char *key = node->child[i]->text;

		if (!field_find(field, count, key))
			key = nearest_word(key, names, count);
		if (key && !strcmp(key, name))
			return true;
	}
	return false;
}

int policy_read_mapping(const struct policy_node *node, const char *what,
			const struct policy_field *field, size_t count, void *target,
			struct policy_errors *errors)
{
	const char *names[FIELDS_MAX];
	int result = 0;

	if (node->kind != POLICY_MAPPING)
		return policy_error_add(errors, node->mark,
					"%s is expected to be a mapping like '%s: ...', not %s",
					what, field[0].name, kind_name(node));
	for (size_t i = 0; i < count; i++)
		names[i] = field[i].name;
	for (size_t i = 0; i + 1 < node->count; i += 2) {
		const struct policy_node *key = node->child[i];
		const struct policy_field *known = field_find(field, count, key->text);
		int r;

		if (known)
			r = known->read(node->child[i + 1], target, errors);
		else
			r = complain_key(key, what, names, count, errors);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			result = r;
	}
	for (size_t i = 0; i < count; i++)
		if (field[i].required && !is_there(node, names[i], field, names, count))
			result = policy_error_add(errors, node->mark,
						  "key '%s' is missing in %s", names[i], what);
	return result;
}

int policy_read_text(const struct policy_node *node, const char *what, char **ret,
		     struct policy_errors *errors)
{
	char *copy;

	if (node->kind != POLICY_SCALAR || !node->text[0])
		return policy_error_add(errors, node->mark, "%s is expected here, not %s", what,
					kind_name(node));
	copy = strdup(node->text);
	if (!copy)
		return -ENOMEM;
	free(*ret);
	*ret = copy;
	return 0;
}

int policy_read_word(const struct policy_node *node, const char *what,
		     struct policy_word *ret, struct policy_errors *errors)
{
	int r = policy_read_text(node, what, &ret->text, errors);

	if (r >= 0)
		ret->mark = node->mark;
	return r;
}

int policy_read_number(const struct policy_node *node, const char *what, unsigned int max,
		       unsigned int *ret, struct policy_errors *errors)
{
	size_t length;

	if (node->kind != POLICY_SCALAR || !node->text[0])
		return policy_error_add(errors, node->mark, "%s is expected here, not %s", what,
					kind_name(node));
	length = strlen(node->text);
	if (node->quoted)
		return policy_error_add(errors, node->mark,
					"'%s' stands in quotes and is no number; %s from 0 to %u is "
					"expected here", node->text, what, max);
	if (strspn(node->text, "0123456789") != length ||
	    (length > 1 && node->text[0] == '0'))
		return policy_error_add(errors, node->mark,
					"'%s' is no number; %s from 0 to %u is expected here",
					node->text, what, max);
	if (length > 9 || (unsigned int)atoi(node->text) > max)
		return policy_error_add(errors, node->mark,
					"%s is too large; %s from 0 to %u is expected here",
					node->text, what, max);
	*ret = (unsigned int)atoi(node->text);
	return 0;
}

int policy_read_bool(const struct policy_node *node, const char *what, bool *ret,
		     struct policy_errors *errors)
{
	if (node->kind == POLICY_SCALAR && !node->quoted) {
		if (!strcmp(node->text, "true")) {
			*ret = true;
			return 0;
		}
		if (!strcmp(node->text, "false")) {
			*ret = false;
			return 0;
		}
	}
	return policy_error_add(errors, node->mark, "%s is expected to be true or false, not %s%s%s",
				what, node->kind == POLICY_SCALAR && node->text[0] ? "'" : "",
				node->kind == POLICY_SCALAR && node->text[0] ? node->text :
									       kind_name(node),
				node->kind == POLICY_SCALAR && node->text[0] ? "'" : "");
}

int policy_read_choice(const struct policy_node *node, const char *what,
		       const char *const *names, size_t count,
		       int (*from_name)(const char *name, uint8_t *ret), uint8_t *ret,
		       struct policy_errors *errors)
{
	struct text_buffer choices = { 0 };
	int r;

	if (node->kind == POLICY_SCALAR && node->text[0]) {
		if (!from_name(node->text, ret))
			return 0;
		return complain_unknown(node, what, "", names, count, errors);
	}
	add_choices(&choices, names, count);
	r = policy_error_add(errors, node->mark, "the %s is expected to be %s, not %s", what,
			     choices.failed ? "a word" : choices.data, kind_name(node));
	text_buffer_clear(&choices);
	return r;
}

int policy_read_level(const struct policy_node *node, const char *what, uint8_t *ret,
		      struct policy_errors *errors)
{
	static const char *const names[] = { "confidential", "secret", "top-secret" };
	uint8_t level;
	int r;

	r = policy_read_choice(node, "level", names, COUNT(names), level_from_name, &level,
			       errors);
	if (r < 0)
		return r;
	if (level == MIFENG_LEVEL_NONE)
		return policy_error_add(errors, node->mark,
					"%s of none says nothing; expected confidential, secret or "
					"top-secret, or leave the entry out", what);
	*ret = level;
	return 0;
}

int policy_read_scopes(const struct policy_node *node, struct policy_scope_set *ret,
		       struct policy_errors *errors)
{
	struct policy_scope_set set = { 0 };
	int result = 0;

	if (node->kind == POLICY_SCALAR && !strcmp(node->text, "all")) {
		ret->all = true;
		return 0;
	}
	if (node->kind != POLICY_SEQUENCE)
		return policy_error_add(errors, node->mark,
					"scopes is expected to be all or a list like [finance], "
					"not %s%s%s",
					node->kind == POLICY_SCALAR && node->text[0] ? "'" : "",
					node->kind == POLICY_SCALAR && node->text[0] ?
						node->text : kind_name(node),
					node->kind == POLICY_SCALAR && node->text[0] ? "'" : "");
	set.name = calloc(node->count ? node->count : 1, sizeof(*set.name));
	if (!set.name)
		return -ENOMEM;
	for (size_t i = 0; i < node->count; i++) {
		int r = policy_read_word(node->child[i], "the name of a scope",
					 &set.name[set.count], errors);

		if (r >= 0)
			set.count++;
		else if (result != -ENOMEM)
			result = r;
	}
	if (result < 0) {
		while (set.count)
			free(set.name[--set.count].text);
		free(set.name);
		return result;
	}
	*ret = set;
	return 0;
}

void *policy_array_add(void *array_pointer, size_t *count, size_t size)
{
	void **array = array_pointer;
	char *more = reallocarray(*array, *count + 1, size);

	if (!more)
		return NULL;
	*array = more;
	memset(more + *count * size, 0, size);
	return more + (*count)++ * size;
}
