/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading single values of the schema: words, levels, numbers, lists of scopes. Each
 * function reports what is wrong with the value and returns 0, -EINVAL or -ENOMEM; the
 * result is untouched on failure.
 */
#ifndef MIFENG_POLICY_VALUE_H
#define MIFENG_POLICY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy_errors;
struct policy_node;
struct policy_scope_set;
struct policy_word;

/**
 * struct policy_field - one key of a mapping
 * @name: the key
 * @read: takes the value into the target
 * @required: the mapping must have it
 */
struct policy_field {
	const char *name;
	int (*read)(const struct policy_node *node, void *target, struct policy_errors *errors);
	bool required;
};

/**
 * policy_read_mapping - read a mapping by a table of its keys
 * @node: the value
 * @what: it, with an article, for people
 * @field: the table
 * @count: of @field, at most 16
 * @target: handed to the fields
 * @errors: gets every fault of the mapping, not only the first
 */
int policy_read_mapping(const struct policy_node *node, const char *what,
			const struct policy_field *field, size_t count, void *target,
			struct policy_errors *errors);

/** policy_read_text - a string that is not empty; @what names it with an article */
int policy_read_text(const struct policy_node *node, const char *what, char **ret,
		     struct policy_errors *errors);

/** policy_read_word - the same, with its mark */
int policy_read_word(const struct policy_node *node, const char *what,
		     struct policy_word *ret, struct policy_errors *errors);

/** policy_read_number - a whole number from 0 to @max */
int policy_read_number(const struct policy_node *node, const char *what, unsigned int max,
		       unsigned int *ret, struct policy_errors *errors);

/** policy_read_bool - true or false */
int policy_read_bool(const struct policy_node *node, const char *what, bool *ret,
		     struct policy_errors *errors);

/**
 * policy_read_choice - one of a few words
 * @node: the value
 * @what: it, for people
 * @names: the words, in the order they are offered
 * @count: of @names
 * @from_name: the number of a word
 * @ret: the number
 * @errors: what is wrong
 */
int policy_read_choice(const struct policy_node *node, const char *what,
		       const char *const *names, size_t count,
		       int (*from_name)(const char *name, uint8_t *ret), uint8_t *ret,
		       struct policy_errors *errors);

/** policy_read_level - a level that is not none, English or Chinese */
int policy_read_level(const struct policy_node *node, const char *what, uint8_t *ret,
		      struct policy_errors *errors);

/** policy_read_scopes - the word all, or a list of names */
int policy_read_scopes(const struct policy_node *node, struct policy_scope_set *ret,
		       struct policy_errors *errors);

/**
 * policy_array_add - make room for one more zeroed item at the end of an array
 * @array_pointer: where the pointer to the array is
 * @count: items in it; one more on success
 * @size: of an item
 *
 * Returns the item, or NULL without memory.
 */
void *policy_array_add(void *array_pointer, size_t *count, size_t size);

#endif /* MIFENG_POLICY_VALUE_H */
