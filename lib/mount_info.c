// SPDX-License-Identifier: GPL-2.0-or-later
#include "mount_info.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blanks and backslashes are written as three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' &&
		    text[2] <= '7' && text[3] >= '0' && text[3] <= '7') {
			*to++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
				       (text[3] - '0'));
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* The word up to the next blank, which may be empty; NULL without memory. */
static char *next_word(const char **at)
{
	size_t length = strcspn(*at, "\n ");
	char *word = strndup(*at, length);

	*at += length + ((*at)[length] == ' ');
	if (word)
		unescape(word);
	return word;
}

int mount_info_parse(const char *line, struct mount_info *ret)
{
	struct mount_info info = { 0 };
	unsigned long long id;
	const char *rest;
	int length = 0;

	/* Between the mount's options and the dash is any number of tags. */
	rest = strstr(line, " - ");
	if (!rest || sscanf(line, "%llu %*d %u:%u %n", &id, &info.major, &info.minor, &length) != 3 ||
	    !length)
		return -EBADMSG;
	info.id = id;
	line += length;
	info.root = next_word(&line);
	info.point = next_word(&line);
	rest += strlen(" - ");
	info.type = next_word(&rest);
	info.source = next_word(&rest);
	info.options = next_word(&rest);
	if (!info.root || !info.point || !info.type || !info.source || !info.options) {
		mount_info_clear(&info);
		return -ENOMEM;
	}
	*ret = info;
	return 0;
}

void mount_info_clear(struct mount_info *info)
{
	free(info->root);
	free(info->point);
	free(info->type);
	free(info->source);
	free(info->options);
	memset(info, 0, sizeof(*info));
}
