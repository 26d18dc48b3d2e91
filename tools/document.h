/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_DOCUMENT_H
#define TOOLS_DOCUMENT_H

#include <mifeng.h>

int document_encode(const char *text, unsigned char document[MIFENG_DOCUMENT_SIZE]);
void document_text(const unsigned char document[MIFENG_DOCUMENT_SIZE],
		   char text[MIFENG_DOCUMENT_SIZE + 1]);

#endif /* TOOLS_DOCUMENT_H */
