// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#define DEPTH_MAX 16

struct tree_reader {
	yaml_parser_t parser;
	const char *file;
	const char *data;
	size_t size;
	struct policy_errors *errors;
};

static struct policy_mark mark_of(const struct tree_reader *reader, const yaml_mark_t *mark)
{
	return (struct policy_mark){
		.file = reader->file,
		.line = (unsigned int)mark->line + 1,
		.column = (unsigned int)mark->column + 1,
	};
}

/* The place of a byte; libyaml names no line when the bytes themselves are wrong. */
static struct policy_mark mark_of_byte(const struct tree_reader *reader, size_t offset)
{
	struct policy_mark mark = { .file = reader->file, .line = 1, .column = 1 };

	for (size_t i = 0; i < offset && i < reader->size; i++) {
		/* The later bytes of a character do not count. */
		if (reader->data[i] == '\n') {
			mark.line++;
			mark.column = 1;
		} else if ((reader->data[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return mark;
}

/* What libyaml calls a character that cannot start any token. */
static bool is_tab(const struct tree_reader *reader, const yaml_mark_t *mark)
{
	const char *line = reader->data;
	const char *end = reader->data + reader->size;

	for (size_t i = 0; i < mark->line && line; i++) {
		line = memchr(line, '\n', (size_t)(end - line));
		line = line ? line + 1 : NULL;
	}
	if (!line || (size_t)(end - line) <= mark->column)
		return false;
	for (size_t i = 0; i < mark->column; i++)
		if (line[i] != ' ' && line[i] != '\t')
			return false;
	return line[mark->column] == '\t';
}

static int next_event(struct tree_reader *reader, yaml_event_t *ret)
{
	const yaml_parser_t *parser = &reader->parser;
	struct policy_mark mark;

	if (yaml_parser_parse(&reader->parser, ret))
		return 0;
	if (parser->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	if (parser->error == YAML_READER_ERROR) {
		mark = mark_of_byte(reader, parser->problem_offset);
		return policy_error_add(reader->errors, mark,
					"this is not UTF-8 (%s); save the file as UTF-8",
					parser->problem);
	}
	mark = mark_of(reader, &parser->problem_mark);
	if (is_tab(reader, &parser->problem_mark))
		return policy_error_add(reader->errors, mark,
					"a tab stands here; expected spaces before a key");
	if (parser->context && !strcmp(parser->context, "while scanning an alias"))
		return policy_error_add(reader->errors, mark_of(reader, &parser->context_mark),
					"a '*' stands here without quotes; expected quotes around "
					"a value that starts with it");
	return policy_error_add(reader->errors, mark, "this is not YAML: %s%s%s",
				parser->context ? parser->context : "",
				parser->context ? ", " : "", parser->problem);
}

static int refuse_extras(struct tree_reader *reader, struct policy_mark mark,
			 const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return policy_error_add(reader->errors, mark,
					"anchor '&%s': anchors and aliases are not allowed; "
					"write the value out", anchor);
	if (tag)
		return policy_error_add(reader->errors, mark,
					"tag '%s': tags are not allowed; write the plain value",
					tag);
	return 0;
}

static int node_new(enum policy_node_kind kind, struct policy_mark mark,
		    struct policy_node **ret)
{
	struct policy_node *node = calloc(1, sizeof(*node));

	if (!node)
		return -ENOMEM;
	node->kind = kind;
	node->mark = mark;
	*ret = node;
	return 0;
}

static int add_child(struct policy_node *node, struct policy_node *child)
{
	struct policy_node **more;

	if (node->count % 16 == 0) {
		more = reallocarray(node->child, node->count + 16, sizeof(*more));
		if (!more)
			return -ENOMEM;
		node->child = more;
	}
	node->child[node->count++] = child;
	return 0;
}

static int read_scalar(struct tree_reader *reader, const yaml_event_t *event,
		       struct policy_node **ret)
{
	struct policy_mark mark = mark_of(reader, &event->start_mark);
	const char *value = (const char *)event->data.scalar.value;
	struct policy_node *node;
	int r;

	r = refuse_extras(reader, mark, event->data.scalar.anchor, event->data.scalar.tag);
	if (r < 0)
		return r;
	if (strlen(value) != event->data.scalar.length)
		return policy_error_add(reader->errors, mark,
					"the value has a NUL character in it; expected text");
	r = node_new(POLICY_SCALAR, mark, &node);
	if (r < 0)
		return r;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node->text = strdup(value);
	if (!node->text) {
		policy_tree_free(node);
		return -ENOMEM;
	}
	*ret = node;
	return 0;
}

static int read_node(struct tree_reader *reader, const yaml_event_t *event, unsigned int depth,
		     struct policy_node **ret);

/* Keys are told apart here, where both are at hand. */
static int check_key(struct tree_reader *reader, const struct policy_node *mapping,
		     const struct policy_node *key)
{
	if (key->kind != POLICY_SCALAR)
		return policy_error_add(reader->errors, key->mark,
					"a list or mapping stands where a key was expected");
	for (size_t i = 0; i + 1 < mapping->count; i += 2)
		if (!strcmp(mapping->child[i]->text, key->text))
			return policy_error_add(reader->errors, key->mark,
						"key '%s' stands here twice, first in line %u; "
						"expected it once", key->text,
						mapping->child[i]->mark.line);
	return 0;
}

static int read_children(struct tree_reader *reader, struct policy_node *node,
			 yaml_event_type_t end, unsigned int depth)
{
	bool mapping = node->kind == POLICY_MAPPING;
	int result = 0;

	for (;;) {
		struct policy_node *child = NULL;
		yaml_event_t event;
		int r;

		r = next_event(reader, &event);
		if (r < 0)
			return r;
		if (event.type == end) {
			yaml_event_delete(&event);
			return result;
		}
		r = read_node(reader, &event, depth + 1, &child);
		yaml_event_delete(&event);
		if (r < 0)
			return r;
		/* A key that is wrong is reported and kept, so that the rest is read too. */
		if (mapping && node->count % 2 == 0 && check_key(reader, node, child) < 0) {
			result = -EINVAL;
			if (child->kind != POLICY_SCALAR) {
				policy_tree_free(child);
				return result;
			}
		}
		r = add_child(node, child);
		if (r < 0) {
			policy_tree_free(child);
			return r;
		}
	}
}

static int read_collection(struct tree_reader *reader, const yaml_event_t *event,
			   unsigned int depth, struct policy_node **ret)
{
	struct policy_mark mark = mark_of(reader, &event->start_mark);
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	struct policy_node *node;
	int r;

	if (mapping)
		r = refuse_extras(reader, mark, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag);
	else
		r = refuse_extras(reader, mark, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag);
	if (r < 0)
		return r;
	if (depth >= DEPTH_MAX)
		return policy_error_add(reader->errors, mark,
					"lists and mappings are nested more than %d deep",
					DEPTH_MAX);
	r = node_new(mapping ? POLICY_MAPPING : POLICY_SEQUENCE, mark, &node);
	if (r < 0)
		return r;
	r = read_children(reader, node,
			  mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth);
	if (r < 0) {
		policy_tree_free(node);
		return r;
	}
	*ret = node;
	return 0;
}

static int read_node(struct tree_reader *reader, const yaml_event_t *event, unsigned int depth,
		     struct policy_node **ret)
{
	struct policy_mark mark = mark_of(reader, &event->start_mark);

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(reader, event, ret);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return read_collection(reader, event, depth, ret);
	case YAML_ALIAS_EVENT:
		return policy_error_add(reader->errors, mark,
					"alias '*%s': anchors and aliases are not allowed; "
					"write the value out", event->data.alias.anchor);
	default:
		return policy_error_add(reader->errors, mark, "expected a value");
	}
}

/* Reads until the stream ends: nothing may follow the first document. */
static int read_stream(struct tree_reader *reader, struct policy_node **ret)
{
	struct policy_node *root = NULL;
	struct policy_mark mark;
	int r;

	for (;;) {
		yaml_event_type_t type;
		yaml_event_t event;

		r = next_event(reader, &event);
		if (r < 0)
			break;
		type = event.type;
		mark = mark_of(reader, &event.start_mark);
		if (type == YAML_DOCUMENT_START_EVENT && root)
			r = policy_error_add(reader->errors, mark,
					     "a second document starts here; expected one "
					     "document in a file");
		else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
			 type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT)
			r = read_node(reader, &event, 0, &root);
		yaml_event_delete(&event);
		if (r < 0 || type == YAML_STREAM_END_EVENT)
			break;
	}
	if (r < 0) {
		policy_tree_free(root);
		return r;
	}
	*ret = root;
	return 0;
}

int policy_tree_read(const char *file, const char *data, size_t size,
		     struct policy_node **ret, struct policy_errors *errors)
{
	struct tree_reader reader = {
		.file = file,
		.data = data,
		.size = size,
		.errors = errors,
	};
	struct policy_mark start = { .file = file, .line = 1, .column = 1 };
	struct policy_node *root = NULL;
	int r;

	if (!yaml_parser_initialize(&reader.parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)data, size);
	r = read_stream(&reader, &root);
	yaml_parser_delete(&reader.parser);
	if (r < 0)
		return r;
	if (!root || (root->kind == POLICY_SCALAR && !root->text[0] && !root->quoted)) {
		policy_tree_free(root);
		return policy_error_add(errors, start,
					"the file is empty; expected at least 'version: 1'");
	}
	*ret = root;
	return 0;
}

struct policy_node *policy_tree_free(struct policy_node *node)
{
	if (!node)
		return NULL;
	for (size_t i = 0; i < node->count; i++)
		policy_tree_free(node->child[i]);
	free(node->child);
	free(node->text);
	free(node);
	return NULL;
}
