/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_NEAREST_WORD_H
#define MIFENG_NEAREST_WORD_H

#include <stddef.h>

/**
 * nearest_word - the word somebody probably meant
 * @word: what was written
 * @words: what is known
 * @count: of @words
 *
 * Counts changed, missing, added and swapped letters, without regard to case, '-' and '_'.
 *
 * Returns one of @words, or NULL if none is near.
 */
const char *nearest_word(const char *word, const char *const *words, size_t count);

#endif /* MIFENG_NEAREST_WORD_H */
