// SPDX-License-Identifier: GPL-2.0-or-later
#include "nearest_word.h"

#include <ctype.h>
#include <string.h>

#define LONGEST 32

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static char fold(char c)
{
	return c == '_' || c == ' ' ? '-' : (char)tolower((unsigned char)c);
}

/* Optimal string alignment: three rows of the table are enough to see a swap. */
static unsigned int distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned int row[3][LONGEST + 1];

	for (size_t j = 0; j <= b_length; j++)
		row[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned int *now = row[i % 3], *last = row[(i + 2) % 3], *older = row[(i + 1) % 3];

		now[0] = (unsigned int)i;
		for (size_t j = 1; j <= b_length; j++) {
			char x = fold(a[i - 1]), y = fold(b[j - 1]);

			now[j] = min(last[j] + 1, now[j - 1] + 1);
			now[j] = min(now[j], last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == fold(b[j - 2]) && y == fold(a[i - 2]))
				now[j] = min(now[j], older[j - 2] + 1);
		}
	}
	return row[a_length % 3][b_length];
}

const char *nearest_word(const char *word, const char *const *words, size_t count)
{
	size_t length = strlen(word);
	unsigned int best = (unsigned int)(length < 4 ? 1 : length / 3 + 1);
	const char *found = NULL;

	if (length > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(words[i]);
		unsigned int steps;

		if (other > LONGEST)
			continue;
		steps = distance(word, length, words[i], other);
		if (steps < best || (steps == best && !found)) {
			best = steps;
			found = words[i];
		}
	}
	return found;
}
