// SPDX-License-Identifier: GPL-2.0-or-later
/* The words for the numbers of the contract: there, different, and read back. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mifeng.h>

#include "ctl_tap.h"
#include "label_text.h"
#include "nearest_word.h"
#include "policy.h"

/* Every word of a table is a machine word, no two are the same, and each reads back. */
static void try_table(const char *what, const char *(*name)(unsigned int), unsigned int last,
		      int (*from_name)(const char *, uint8_t *))
{
	uint8_t untouched = 77;
	bool good = true;

	for (unsigned int i = 0; i <= last; i++) {
		const char *word = name(i);
		uint8_t number = 77;

		for (const char *c = word; *c; c++)
			good = good && (islower((unsigned char)*c) || *c == '-');
		for (unsigned int j = 0; j < i; j++)
			good = good && strcmp(word, name(j));
		good = good && strcmp(word, "unknown");
		if (from_name)
			good = good && !from_name(word, &number) && number == i;
	}
	check(good, "the words of %s", what);
	check(!strcmp(name(last + 1), "unknown") && !strcmp(name(-1U), "unknown"),
	      "%s beyond the last is unknown", what);
	if (from_name)
		check(from_name("nonsense", &untouched) == -EINVAL && untouched == 77 &&
		      from_name("", &untouched) == -EINVAL, "no %s of that name", what);
}

static void test_sentences(void)
{
	bool good = true;

	for (unsigned int i = 1; i <= MIFENG_REASON_MAX; i++) {
		const char *sentence = reason_sentence(i);

		good = good && strlen(sentence) > 40 && sentence[strlen(sentence) - 1] == '.';
		for (unsigned int j = 0; j < i; j++)
			good = good && strcmp(sentence, reason_sentence(j));
	}
	check(good, "each reason has a sentence of its own");
	check(!strcmp(reason_sentence(200), reason_sentence(0)), "a reason of the future has none");
}

static struct policy_scope named[] = {
	{ .name.text = (char *)"finance", .number = 0 },
	{ .name.text = (char *)"personnel", .number = 63 },
};
static const struct policy policy = { .scopes = named, .scope_count = 2 };

static void test_scopes(void)
{
	static const struct {
		const char *text;
		int result;
		uint64_t scopes;
	} table[] = {
		{ "all", 0, MIFENG_SCOPES_ALL },
		{ "none", 0, 0 },
		{ "finance", 0, 1 },
		{ "personnel,finance", 0, 1ULL << 63 | 1 },
		{ "finance,5", 0, 1 | 1ULL << 5 },
		{ "63", 0, 1ULL << 63 },
		{ "64", -ERANGE, 0 },
		{ "100", -ERANGE, 0 },
		{ "99999999999999999999", -ERANGE, 0 },
		{ "finanze", -ENOENT, 0 },
		{ "5x", -ENOENT, 0 },
		{ "", -EINVAL, 0 },
		{ "finance,", -EINVAL, 0 },
		{ ",finance", -EINVAL, 0 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint64_t scopes = 12345;
		char *bad = NULL;
		int r = scopes_from_text(table[i].text, &policy, &scopes, &bad);

		check(r == table[i].result && scopes == (r ? 12345 : table[i].scopes) &&
		      !bad == (r != -ENOENT), "scopes from '%s'", table[i].text);
		free(bad);
	}
}

static void test_scopes_text(void)
{
	static const struct {
		uint64_t scopes;
		const char *text;
	} table[] = {
		{ MIFENG_SCOPES_ALL, "all" },
		{ 0, "none" },
		{ 1ULL << 63 | 1 << 7 | 1, "finance,7,personnel" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *text = NULL;

		check(!scopes_to_text(table[i].scopes, &policy, &text) &&
		      !strcmp(text, table[i].text), "scopes as '%s'", table[i].text);
		free(text);
	}
}

static void test_nearest(void)
{
	static const char *const words[] = { "path", "ceiling", "scopes", "scratch" };
	static const struct {
		const char *word;
		const char *near;
	} table[] = {
		{ "ceilling", "ceiling" },
		{ "celing", "ceiling" },
		{ "cieling", "ceiling" },
		{ "Scope", "scopes" },
		{ "SCRATCH", "scratch" },
		{ "pth", "path" },
		{ "pathes", "path" },
		{ "x", NULL },
		{ "", NULL },
		{ "firewall", NULL },
		{ "a-word-that-is-much-too-long-to-be-any-of-them", NULL },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *near = nearest_word(table[i].word, words, 4);

		check(near == table[i].near || (near && table[i].near && !strcmp(near, table[i].near)),
		      "near '%s' is %s", table[i].word, table[i].near ? table[i].near : "nothing");
	}
}

int main(void)
{
	uint8_t level = 0;

	try_table("levels", level_name, MIFENG_LEVEL_MAX, level_from_name);
	try_table("states", state_name, MIFENG_STATE_DEGRADED, NULL);
	try_table("modes", mode_name, MIFENG_MODE_MAX, mode_from_name);
	try_table("media", removable_name, MIFENG_REMOVABLE_MAX, removable_from_name);
	try_table("roles", role_name, MIFENG_ROLE_MAX, role_from_name);
	try_table("label states", label_state_name, MIFENG_LABEL_UNTRUSTED, label_state_from_name);
	try_table("verdicts", verdict_name, MIFENG_VERDICT_NOTED, verdict_from_name);
	try_table("operations", operation_name, MIFENG_OP_MAX, operation_from_name);
	try_table("reasons", reason_name, MIFENG_REASON_MAX, reason_from_name);
	check(!level_from_name("绝密", &level) && level == MIFENG_LEVEL_TOP_SECRET &&
	      !strcmp(level_name_zh(MIFENG_LEVEL_SECRET), "机密"), "levels in Chinese");
	test_sentences();
	test_scopes();
	test_scopes_text();
	test_nearest();
	return tap_finish();
}
