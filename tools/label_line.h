/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_LABEL_LINE_H
#define TOOLS_LABEL_LINE_H

struct label;
struct policy;
struct text_buffer;
struct zone;

void level_print(unsigned int level);
void label_print(const struct label *label, const struct policy *policy);
void label_line_print(const char *file, const struct label *label, const struct label *names,
		      const struct zone *zone, const struct policy *policy);
void label_line_json(const char *file, const struct label *label, const struct label *names,
		     const struct zone *zone, struct text_buffer *out);
void json_line_print(struct text_buffer *out);

#endif /* TOOLS_LABEL_LINE_H */
