// SPDX-License-Identifier: GPL-2.0-or-later
#include "obstacles.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "first_line.h"
#include "json_text.h"
#include "message.h"
#include "text.h"

/**
 * obstacles_add() - one more thing is in the way
 * @obstacles: beyond OBSTACLES_MAX nothing is added: enough is in the way.
 * @format: printf format of a sentence that says what to do about it as well.
 */
void obstacles_add(struct obstacles *obstacles, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	if (obstacles->count == OBSTACLES_MAX)
		return;
	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		abort();
	obstacles->text[obstacles->count++] = text;
}

/** obstacles_tell() - all of them on standard error, one a line */
void obstacles_tell(const struct obstacles *obstacles)
{
	for (size_t i = 0; i < obstacles->count; i++)
		complain("%s", obstacles->text[i]);
}

/** obstacles_json() - all of them as an array */
void obstacles_json(const char *name, const struct obstacles *obstacles, struct text_buffer *out)
{
	json_begin(out, name, '[');
	for (size_t i = 0; i < obstacles->count; i++)
		json_string(out, NULL, obstacles->text[i]);
	json_end(out, ']');
}

/** obstacles_clear() - free and zero */
void obstacles_clear(struct obstacles *obstacles)
{
	for (size_t i = 0; i < obstacles->count; i++)
		free(obstacles->text[i]);
	obstacles->count = 0;
}

/** obstacles_add_kexec() - kernels that wait to be started in place of this one */
void obstacles_add_kexec(struct obstacles *obstacles)
{
	char line[16];

	if (first_line("/sys/kernel/kexec_loaded", line, sizeof(line)) == 0 && line[0] == '1')
		obstacles_add(obstacles, "%s", _("a kernel is loaded for kexec: unload it with 'kexec -u'"));
	if (first_line("/sys/kernel/kexec_crash_loaded", line, sizeof(line)) == 0 && line[0] == '1')
		obstacles_add(obstacles, "%s", _("a kernel is loaded to save memory after a crash (kdump): "
						 "unload it with 'kexec -p -u', and take kdump off this machine"));
}
