// SPDX-License-Identifier: GPL-2.0-or-later
/* The word somebody meant: distances and suggestions. */
#include <stdint.h>
#include <string.h>

#include "ctl_tap.h"
#include "tools/suggest.h"

static const char *const words[] = { "mark", "label", "status", "policy", "log", "help", NULL };

static const char *word_at(const void *list, size_t index)
{
	return ((const char *const *)list)[index];
}

static const struct {
	const char *a, *b;
	size_t distance;
} distances[] = {
	{ "", "", 0 },
	{ "", "log", 3 },
	{ "log", "log", 0 },
	{ "lgo", "log", 1 },
	{ "satus", "status", 1 },
	{ "statuss", "status", 1 },
	{ "stetus", "status", 1 },
	{ "mark", "label", 4 },
	{ "a-word-that-is-longer-than-any-word-of-ours", "log", SIZE_MAX },
};

static const struct {
	const char *typed, *meant;
} suggestions[] = {
	{ "lgo", "log" },
	{ "lable", "label" },
	{ "stat", "status" },
	{ "polcy", "policy" },
	{ "makr", "mark" },
	{ "xyzzy", NULL },
	{ "destroy", NULL },
	{ "", NULL },
};

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		size_t there = word_distance(distances[i].a, distances[i].b);
		size_t back = word_distance(distances[i].b, distances[i].a);

		check(there == distances[i].distance && back == there,
		      "'%s' and '%s' are %zu mistakes apart", distances[i].a, distances[i].b,
		      distances[i].distance);
	}
	for (i = 0; i < sizeof(suggestions) / sizeof(suggestions[0]); i++) {
		const char *near = suggest_word(suggestions[i].typed, word_at, words);
		const char *meant = suggestions[i].meant;

		check(near == meant || (near && meant && strcmp(near, meant) == 0),
		      "'%s' suggests %s", suggestions[i].typed, meant ? meant : "nothing");
	}
	return tap_finish();
}
