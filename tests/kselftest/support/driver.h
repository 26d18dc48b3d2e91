/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MIFENG_TEST_DRIVER_H
#define MIFENG_TEST_DRIVER_H

/** driver_load - have a module of the kernel loaded, if there is one of that name */
void driver_load(const char *name);

#endif /* MIFENG_TEST_DRIVER_H */
