/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A label as it stands in the xattr, read without the kernel module. Only the module has the
 * key: what is read here may have been edited, or copied from another file.
 */
#ifndef MIFENG_LABEL_BYTES_H
#define MIFENG_LABEL_BYTES_H

#include <stddef.h>

#include "label.h"

#define LABEL_BYTES 64

/**
 * label_from_bytes - read a label that nobody has verified
 * @bytes: the value of the xattr
 * @size: of it
 * @ret: the label; its state is VALID if it can be a label, else MALFORMED or NEWER, and
 *	then nothing else is set
 */
void label_from_bytes(const void *bytes, size_t size, struct label *ret);

#endif /* MIFENG_LABEL_BYTES_H */
