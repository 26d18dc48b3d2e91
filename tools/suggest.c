// SPDX-License-Identifier: GPL-2.0-or-later
/* The word somebody most likely meant when he mistyped one. */
#include "suggest.h"

#include <stdint.h>
#include <string.h>

/* Longer words than this are not typing mistakes of ours; it bounds the tables. */
#define WORD_MAX_LENGTH 40

static size_t min2(size_t a, size_t b)
{
	return a < b ? a : b;
}

/**
 * word_distance() - how many typing mistakes lie between two words
 * @a: one word.
 * @b: the other word.
 *
 * A mistake is a letter left out, added, changed, or swapped with its neighbour
 * (optimal string alignment distance).
 *
 * Return: the number of mistakes, SIZE_MAX if a word is longer than any of ours.
 */
size_t word_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX_LENGTH + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2], *spare;
	size_t length_a = strlen(a), length_b = strlen(b);
	size_t i, j;

	if (length_a > WORD_MAX_LENGTH || length_b > WORD_MAX_LENGTH)
		return SIZE_MAX;

	memset(rows, 0, sizeof(rows));
	for (j = 0; j <= length_b; j++)
		above[j] = j;
	for (i = 1; i <= length_a; i++) {
		row[0] = i;
		for (j = 1; j <= length_b; j++) {
			size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = min2(change, min2(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min2(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[length_b];
}

/**
 * suggest_word() - the nearest word of a list
 * @word: what was typed.
 * @candidate: gives the words of @list by index, NULL after the last one.
 * @list: passed to @candidate.
 *
 * A word that begins with the whole of @word is always near enough; otherwise a third
 * of its letters may be wrong, and one at least.
 *
 * Return: the nearest word, or NULL if none is near enough to be worth a suggestion.
 */
const char *suggest_word(const char *word, const char *(*candidate)(const void *list, size_t index),
			 const void *list)
{
	size_t length = strlen(word);
	size_t allowed = length < 6 ? 1 + length / 4 : length / 3;
	size_t best_distance = SIZE_MAX;
	const char *best = NULL;
	const char *name;
	size_t i;

	for (i = 0; (name = candidate(list, i)); i++) {
		size_t distance = word_distance(word, name);

		if (length >= 2 && strncmp(word, name, length) == 0)
			distance = 0;
		if (distance <= allowed && distance < best_distance) {
			best_distance = distance;
			best = name;
		}
	}
	return best;
}
