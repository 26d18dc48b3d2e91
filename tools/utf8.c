// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text of unknown origin on its way to a terminal: names of files and programs are chosen
 * by the people whose acts are shown, and may hold escape sequences, line breaks, or
 * marks that reverse the direction of writing to make a line say something else.
 */
#include "utf8.h"

#include <stdbool.h>

static bool changes_direction(unsigned int code)
{
	return code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/**
 * utf8_printable_length() - the character at the beginning of a text
 * @text: the text, not at its end.
 *
 * Return: its length in bytes; 0 if it is not UTF-8, a control character, or one that
 * changes lines or the direction of writing.
 */
size_t utf8_printable_length(const char *text)
{
	static const unsigned int smallest[] = { 0, 0, 0xa0, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)text;
	unsigned int code;
	size_t length, i;

	if (byte[0] < 0x80)
		return byte[0] >= 0x20 && byte[0] != 0x7f ? 1 : 0;
	if ((byte[0] & 0xe0) == 0xc0)
		length = 2;
	else if ((byte[0] & 0xf0) == 0xe0)
		length = 3;
	else if ((byte[0] & 0xf8) == 0xf0)
		length = 4;
	else
		return 0;

	code = byte[0] & (0x7f >> length);
	for (i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3f);
	}
	/* Overlong forms and surrogates give one text two spellings; 80 to 9f are controls. */
	if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ||
	    changes_direction(code))
		return 0;
	return length;
}

/**
 * print_safely() - print text that somebody else has chosen
 * @out: where to.
 * @text: the text; bytes that are no printable character are printed as \xNN, and a
 *	backslash as \\, so that nothing can pass for one.
 */
void print_safely(FILE *out, const char *text)
{
	while (*text) {
		size_t length = utf8_printable_length(text);

		if (*text == '\\') {
			fputs("\\\\", out);
			text++;
		} else if (length) {
			fwrite(text, 1, length, out);
			text += length;
		} else {
			fprintf(out, "\\x%02x", (unsigned char)*text++);
		}
	}
}
