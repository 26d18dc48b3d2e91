// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `mifengctl mark`, turned into a label. */
#include "mark_request.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "document.h"
#include "label_text.h"
#include "message.h"
#include "nearest_word.h"
#include "options.h"
#include "policy.h"
#include "text.h"
#include "when.h"

const struct option_entry mark_options[] = {
	{ "level", 'l', "LEVEL", N_("confidential (秘密), secret (机密) or top-secret (绝密)") },
	{ "scope", 's', "SCOPE",
	  N_("who may know: a scope of the policy, or 0 to 63; repeatable") },
	{ "doc", 'd', "NUMBER", N_("document number, up to 16 bytes of UTF-8") },
	{ "authority", 'a', "N", N_("number of the authority that classified it") },
	{ "expires", 'e', "YYYY-MM-DD", N_("last day of the secrecy period") },
	{ "json", 'j', NULL, N_("print one JSON object per file") },
	{ NULL, 0, NULL, NULL },
};

static int parse_level(const char *text, uint8_t *level)
{
	uint8_t found;

	if (level_from_name(text, &found) || found == MIFENG_LEVEL_NONE) {
		complain(
			_("'%s' is no level; the levels are confidential (秘密), secret (机密) and "
			  "top-secret (绝密)"),
			text);
		return -EINVAL;
	}
	*level = found;
	return 0;
}

/* The scope of the policy that was probably meant; NULL if none is near. */
static const char *nearest_scope(const char *word, const struct policy *policy)
{
	const char *names[POLICY_SCOPES];
	size_t count;

	for (count = 0; policy && count < policy->scope_count && count < POLICY_SCOPES; count++)
		names[count] = policy->scopes[count].name.text;
	return nearest_word(word, names, count);
}

static int parse_scope(const char *text, const struct policy *policy, uint64_t *scopes)
{
	const char *near;
	uint64_t found;
	char *bad = NULL;
	int error;

	error = scopes_from_text(text, policy, &found, &bad);
	switch (error) {
	case 0:
		*scopes |= found;
		return 0;
	case -ENOENT:
		near = bad ? nearest_scope(bad, policy) : NULL;
		if (near)
			complain(_("the policy has no scope '%s'; did you mean '%s'?"), bad, near);
		else
			complain(_("the policy has no scope '%s'; its scopes are named in %s"),
				 bad ? bad : text, POLICY_DIRECTORY);
		free(bad);
		return error;
	case -ERANGE:
		complain(_("'%s': scopes are numbered from 0 to 63"), text);
		return error;
	case -EINVAL:
		complain(_("'%s' names no scope"), text);
		return error;
	default:
		complain("%s", strerror(-error));
		return error;
	}
}

static int parse_document(const char *text, uint8_t *document)
{
	int error = document_encode(text, document);

	if (error == -E2BIG)
		complain(_("the document number '%s' is longer than %d bytes (a Chinese character "
			   "takes 3)"),
			 text, MIFENG_DOCUMENT_SIZE);
	else if (error)
		complain(_("the document number must be text in UTF-8 that can be printed"));
	return error;
}

static int parse_authority(const char *text, uint32_t *authority)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || text[0] < '0' || text[0] > '9' || *end || number > UINT32_MAX) {
		complain(_("'%s' is no number of an authority; expected 0 to %u"), text,
			 UINT32_MAX);
		return -EINVAL;
	}
	*authority = (uint32_t)number;
	return 0;
}

static int parse_expires(const char *text, int64_t *expires)
{
	int64_t seconds;

	if (when_parse_last_day(text, &seconds)) {
		complain(_("'%s' is no day; expected YYYY-MM-DD"), text);
		return -EINVAL;
	}
	if (seconds < (int64_t)time(NULL)) {
		complain(_("the secrecy period would be over already: %s"), text);
		return -EINVAL;
	}
	*expires = seconds;
	return 0;
}

/**
 * mark_request_parse() - read the command line
 * @argc: length of @argv.
 * @argv: the arguments; the files are at optind afterwards.
 * @policy: for names of scopes; may be NULL.
 * @request: filled in on success.
 *
 * Return: 0, or a negative errno when something is wrong, which has been told.
 */
int mark_request_parse(int argc, char **argv, const struct policy *policy,
		       struct mark_request *request)
{
	struct mark_request parsed = { .label.state = MIFENG_LABEL_VALID };
	struct label *label = &parsed.label;
	int key, error = 0;

	options_begin();
	while (!error && (key = options_next(argc, argv, mark_options)) != OPTIONS_END) {
		switch (key) {
		case 'l':
			error = parse_level(optarg, &label->level);
			break;
		case 's':
			error = parse_scope(optarg, policy, &label->scopes);
			break;
		case 'd':
			error = parse_document(optarg, label->document);
			break;
		case 'a':
			error = parse_authority(optarg, &label->authority);
			break;
		case 'e':
			error = parse_expires(optarg, &label->expires);
			break;
		case 'j':
			parsed.json = true;
			break;
		case OPTIONS_HELP:
			parsed.help = true;
			*request = parsed;
			return 0;
		default:
			error = -EINVAL;
			break;
		}
	}
	if (error)
		return error;
	if (label->level == MIFENG_LEVEL_NONE) {
		complain(_("no level was given; add --level secret, or another one"));
		return -EINVAL;
	}
	if (optind == argc) {
		complain(_("no file was named"));
		return -EINVAL;
	}
	*request = parsed;
	return 0;
}
