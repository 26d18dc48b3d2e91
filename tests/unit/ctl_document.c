// SPDX-License-Identifier: GPL-2.0-or-later
/* Document numbers in the fixed field of a label, and names on a terminal. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_tap.h"
#include "tools/document.h"
#include "tools/utf8.h"

static const struct {
	const char *text;
	int result;
} numbers[] = {
	{ "2026-017", 0 },
	{ "0123456789abcdef", 0 },
	{ "0123456789abcdefg", -E2BIG },
	{ "国发〔2026〕", 0 },
	{ "密字2026-17", 0 },
	{ "一二三四五6", 0 },
	{ "一二三四五六", -E2BIG },
	{ "", -EINVAL },
	{ "a\nb", -EINVAL },
	{ "a\033[2J", -EINVAL },
	{ "\xe4\xb8", -EINVAL },
	{ "\xff", -EINVAL },
	{ "\xc0\xaf", -EINVAL },
	{ "\xed\xa0\x80", -EINVAL },
	{ "\xc2\x9b", -EINVAL },
	{ "\xe2\x80\xae"
	  "abc",
	  -EINVAL },
};

static const struct {
	const char *name, *printed;
} names[] = {
	{ "plan.odt", "plan.odt" },
	{ "计划.odt", "计划.odt" },
	{ "a\nb", "a\\x0ab" },
	{ "\033[2J", "\\x1b[2J" },
	{ "a\\x0ab", "a\\\\x0ab" },
	{ "\xff\xfe", "\\xff\\xfe" },
	{ "\xe4\xb8", "\\xe4\\xb8" },
	{ "\xe2\x80\xae"
	  "txt",
	  "\\xe2\\x80\\xaetxt" },
	{ "", "" },
};

static void check_number(const char *text, int expected)
{
	unsigned char document[MIFENG_DOCUMENT_SIZE];
	char back[MIFENG_DOCUMENT_SIZE + 1];
	bool kept;
	int result;

	memset(document, 0x5a, sizeof(document));
	result = document_encode(text, document);
	if (!expected) {
		document_text(document, back);
		kept = strcmp(back, text) == 0;
	} else {
		size_t i;

		for (kept = true, i = 0; i < sizeof(document); i++)
			kept = kept && document[i] == 0x5a;
	}
	check(result == expected && kept, "a number of %zu bytes, beginning with 0x%02x: %d",
	      strlen(text), (unsigned char)text[0], expected);
}

static void check_name(const char *name, const char *expected)
{
	char *printed = NULL;
	size_t size;
	FILE *out = open_memstream(&printed, &size);

	if (out) {
		print_safely(out, name);
		fclose(out);
	}
	check(printed && strcmp(printed, expected) == 0, "a name is printed as '%s'", expected);
	free(printed);
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		check_number(numbers[i].text, numbers[i].result);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_name(names[i].name, names[i].printed);
	return tap_finish();
}
