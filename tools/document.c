// SPDX-License-Identifier: GPL-2.0-or-later
/* Document numbers, as written on paper, in the fixed field of a label. */
#include "document.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "utf8.h"

/**
 * document_encode() - put a document number into a label
 * @text: the number, UTF-8.
 * @document: filled with the text and padded with zero bytes; untouched on failure.
 *
 * Return: 0, -EINVAL if it is empty, not UTF-8 or has characters
 * that cannot be printed in a line, -E2BIG if it
 * is longer than MIFENG_DOCUMENT_SIZE bytes.
 */
int document_encode(const char *text, unsigned char document[MIFENG_DOCUMENT_SIZE])
{
	size_t length = 0, step;

	if (!text[0])
		return -EINVAL;
	while (text[length]) {
		step = utf8_printable_length(text + length);
		if (!step)
			return -EINVAL;
		length += step;
	}
	if (length > MIFENG_DOCUMENT_SIZE)
		return -E2BIG;
	memset(document, 0, MIFENG_DOCUMENT_SIZE);
	memcpy(document, text, length);
	return 0;
}

/**
 * document_text() - a document number as text
 * @document: the field of a label.
 * @text: filled with the number; empty if the field holds zeroes.
 *
 * The field may have been written by somebody else's program: print it with
 * print_safely().
 */
void document_text(const unsigned char document[MIFENG_DOCUMENT_SIZE],
		   char text[MIFENG_DOCUMENT_SIZE + 1])
{
	memcpy(text, document, MIFENG_DOCUMENT_SIZE);
	text[MIFENG_DOCUMENT_SIZE] = '\0';
}
