/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOOLS_VERSION_H
#define TOOLS_VERSION_H

#define MIFENGCTL_VERSION "0.1"

#endif /* TOOLS_VERSION_H */
