/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people, in their language: _() translates now, N_() marks for later. */
#ifndef TOOLS_TEXT_H
#define TOOLS_TEXT_H

#include <libintl.h>

#define _(text)	 gettext(text)
#define N_(text) (text)

#endif /* TOOLS_TEXT_H */
