// SPDX-License-Identifier: GPL-2.0-or-later
/* What an inspection reads without help: lines of mountinfo, and the bytes of labels. */
#include <errno.h>
#include <string.h>

#include "ctl_tap.h"
#include "label_bytes.h"
#include "mount_info.h"

static const struct {
	const char *line;
	int result;
	unsigned long long id;
	unsigned int major, minor;
	const char *root, *point, *type, *source, *options;
} lines[] = {
	{ "26 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n", 0, 26, 254, 0, "/", "/", "ext4",
	  "/dev/vda", "rw" },
	{ "36 35 98:0 /mnt1 /mnt2 rw master:1 propagate_from:2 - xfs /dev/sda1 rw,errors=continue", 0,
	  36, 98, 0, "/mnt1", "/mnt2", "xfs", "/dev/sda1", "rw,errors=continue" },
	{ "40 26 0:33 / /mnt/a\\040b\\134c\\012d rw - tmpfs a\\040source rw\n", 0, 40, 0, 33, "/",
	  "/mnt/a b\\c\nd", "tmpfs", "a source", "rw" },
	{ "41 26 0:34 / /x rw - tmpfs  rw,size=1k\n", 0, 41, 0, 34, "/", "/x", "tmpfs", "",
	  "rw,size=1k" },
	{ "42 26 0:35 / /y rw shared:7 - fuse.sshfs h: rw\n", 0, 42, 0, 35, "/", "/y", "fuse.sshfs",
	  "h:", "rw" },
	{ "26 1 254:0 / / rw,relatime ext4 /dev/vda rw\n", -EBADMSG, 0, 0, 0, 0, 0, 0, 0, 0 },
	{ "26 1 254 / / rw - ext4 /dev/vda rw\n", -EBADMSG, 0, 0, 0, 0, 0, 0, 0, 0 },
	{ "", -EBADMSG, 0, 0, 0, 0, 0, 0, 0, 0 },
};

static const struct {
	const char *what;
	size_t size;
	uint8_t version, level, state;
} labels[] = {
	{ "a label", 64, 1, 3, MIFENG_LABEL_VALID },
	{ "nothing", 0, 1, 3, MIFENG_LABEL_MALFORMED },
	{ "a short one", 63, 1, 3, MIFENG_LABEL_MALFORMED },
	{ "a long one", 65, 1, 3, MIFENG_LABEL_MALFORMED },
	{ "version 0", 64, 0, 3, MIFENG_LABEL_MALFORMED },
	{ "a newer version", 64, 2, 3, MIFENG_LABEL_NEWER },
	{ "a newer version of another size", 1, 2, 3, MIFENG_LABEL_NEWER },
	{ "level none", 64, 1, 0, MIFENG_LABEL_MALFORMED },
	{ "a level there is not", 64, 1, 4, MIFENG_LABEL_MALFORMED },
};

static void check_line(size_t i)
{
	struct mount_info info = { .id = 4711 };
	int result = mount_info_parse(lines[i].line, &info);
	bool right;

	if (lines[i].result)
		right = result == lines[i].result && info.id == 4711 && !info.root;
	else
		right = !result && info.id == lines[i].id && info.major == lines[i].major &&
			info.minor == lines[i].minor && !strcmp(info.root, lines[i].root) &&
			!strcmp(info.point, lines[i].point) && !strcmp(info.type, lines[i].type) &&
			!strcmp(info.source, lines[i].source) &&
			!strcmp(info.options, lines[i].options);
	check(right, "line %zu of mountinfo: %d", i, lines[i].result);
	mount_info_clear(&info);
}

static void check_label(size_t i)
{
	uint8_t bytes[LABEL_BYTES + 1] = { labels[i].version, labels[i].level };
	struct label label;

	label_from_bytes(bytes, labels[i].size, &label);
	check(label.state == labels[i].state, "%s: %u", labels[i].what, labels[i].state);
}

static void check_members(void)
{
	static const uint8_t bytes[LABEL_BYTES] = {
		1, 2, 0x02, 0x01, 7, 0, 0, 0x80, 1, 0, 0, 0, 0, 0, 0, 0x80,
		0, 0xf1, 0x53, 0x65, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
		'2', '0', '2', '6',
	};
	struct label label;

	label_from_bytes(bytes, sizeof(bytes), &label);
	check(label.level == MIFENG_LEVEL_SECRET && label.flags == 0x102 &&
		      label.authority == 0x80000007 && label.scopes == 0x8000000000000001ULL &&
		      label.classified_at == 1700000000 && label.expires == INT64_MAX &&
		      !memcmp(label.document, "2026\0\0\0", 8),
	      "every member of a label, little endian");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		check_line(i);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		check_label(i);
	check_members();
	return tap_finish();
}
