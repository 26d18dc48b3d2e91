// SPDX-License-Identifier: GPL-2.0-or-later
/* What valid policies mean, how files are merged, and which files are not believed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl_tap.h"
#include "log_temporary.h"
#include "policy.h"

static struct policy_errors errors;

static struct policy *load(const char *path, unsigned int flags, int *ret)
{
	struct policy *policy = NULL;

	policy_errors_clear(&errors);
	*ret = policy_load(path, flags, &policy, &errors);
	return policy;
}

static bool says(const char *text)
{
	return errors.kept && strstr(errors.text[0], text);
}

static void test_defaults(void)
{
	struct policy *policy;
	int r;

	write_text(in_temporary("p.yaml"), "version: 1\n");
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0 && policy, "a version alone is a policy");
	check(policy && policy->mode == MIFENG_MODE_ENFORCE, "the default mode enforces");
	check(policy && policy->removable == MIFENG_REMOVABLE_DENY, "sticks are denied by default");
	check(policy && !policy->zone_count && !policy->clearance_count, "nobody may do anything");
	policy_free(policy);
}

static void test_values(void)
{
	const struct policy_clearance *clearance;
	struct policy *policy;
	int r;

	write_text(in_temporary("p.yaml"),
		   "version: 1\n"
		   "mode: permissive\n"
		   "levels: {绝密: {zh: 绝密级, en: TS}}\n"
		   "scopes: {finance: 0, personnel: 63}\n"
		   "clearances:\n"
		   "  - user: root\n"
		   "    level: top-secret\n"
		   "    scopes: all\n"
		   "    not-before: 2026-01-01\n"
		   "    not-after: 2026-01-01\n"
		   "  - {group: root, level: 秘密, scopes: [personnel, finance]}\n"
		   "  - {user: \"12345\", level: secret}\n"
		   "zones:\n"
		   "  - {path: /srv/classified/, ceiling: 机密, names: open}\n"
		   "  - {path: '/home/*/sealed', ceiling: secret, scopes: [finance], scratch: true}\n"
		   "media: {usb: read-only}\n"
		   "log: {directory: /var/log/mifeng}\n");
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0, "a policy with everything in it is valid");
	if (r < 0) {
		printf("# %s\n", errors.kept ? errors.text[0] : "no error kept");
		return;
	}
	check(policy->mode == MIFENG_MODE_PERMISSIVE &&
	      policy->removable == MIFENG_REMOVABLE_READ_ONLY, "mode and media");
	check(!strcmp(policy->level_zh[MIFENG_LEVEL_TOP_SECRET], "绝密级") &&
	      !strcmp(policy->level_en[MIFENG_LEVEL_TOP_SECRET], "TS"), "display names");
	check(policy_scope_number(policy, "personnel") == 63 &&
	      policy_scope_number(policy, "nobody") == -ENOENT &&
	      !strcmp(policy_scope_name(policy, 0), "finance") &&
	      !policy_scope_name(policy, 1), "scopes by name and by number");
	clearance = policy->clearances;
	check(policy->clearance_count == 3 && clearance[0].id == 0 && !clearance[0].group &&
	      clearance[0].level == MIFENG_LEVEL_TOP_SECRET &&
	      clearance[0].scopes.bits == MIFENG_SCOPES_ALL, "a clearance for all scopes");
	check(clearance[0].first == 1767225600 && clearance[0].last == 1767225600 + 86399,
	      "a clearance for one day holds from its first second to its last");
	check(clearance[1].group && clearance[1].level == MIFENG_LEVEL_CONFIDENTIAL &&
	      clearance[1].scopes.bits == (1ULL << 63 | 1), "a clearance for a group");
	check(clearance[2].id == 12345 && !clearance[2].scopes.bits &&
	      clearance[2].first == INT64_MIN && clearance[2].last == INT64_MAX,
	      "a number is an account, no scopes are none, no dates are always");
	check(policy->zone_count == 2 && !strcmp(policy->zones[0].path.text, "/srv/classified") &&
	      !policy->zones[0].glob && policy->zones[0].ceiling == MIFENG_LEVEL_SECRET &&
	      policy->zones[0].scopes.bits == MIFENG_SCOPES_ALL && !policy->zones[0].scratch &&
	      policy->zones[0].names_open,
	      "a plain zone, its slash cut off, for all scopes, names open");
	check(policy->zones[1].glob && policy->zones[1].scopes.bits == 1 &&
	      policy->zones[1].scratch && !policy->zones[1].names_open, "a scratch zone by a glob for one scope");
	check(!strcmp(policy->log_directory.text, "/var/log/mifeng"), "the log's directory");
	policy_free(policy);
}

static bool pattern_is(const struct policy *policy, unsigned int kind, size_t index,
		       const char *text)
{
	const struct policy_patterns *patterns = &policy->subjects[kind];

	return index < patterns->count && !strcmp(patterns->pattern[index].text, text);
}

static void test_subjects(void)
{
	const unsigned int pinned = MIFENG_SUBJECT_PINNED, programs = MIFENG_SUBJECT_QUIET_PROGRAM;
	const unsigned int paths = MIFENG_SUBJECT_QUIET_PATH;
	char text[16384] = "version: 1\nsubjects:\n  pinned:\n";
	struct policy *policy;
	int r;

	mkdir(in_temporary("s"), 0700);
	write_text(in_temporary("s/10-a.yaml"),
		   "version: 1\nsubjects:\n"
		   "  pinned: [/usr/bin/kwin*, '/usr/bin/x[!]a]', '/usr/bin/y[[]', '/z\\[']\n"
		   "  quiet:\n"
		   "    programs: [/usr/libexec/tracker-*]\n"
		   "    paths: [.bash_history, /var/spool/x, '*/y', '**/z', .cache/**, '*.swp']\n");
	write_text(in_temporary("s/20-b.yaml"),
		   "version: 1\nsubjects: {pinned: [/usr/bin/sway, /usr/bin/kwin*],"
		   " quiet: {paths: ['*/.bash_history']}}\n");
	policy = load(in_temporary("s"), 0, &r);
	check(r == 0 && policy, "subjects in two files");
	if (r < 0) {
		printf("# %s\n", errors.kept ? errors.text[0] : "no error kept");
		return;
	}
	check(policy->subjects[pinned].count == 5 && pattern_is(policy, pinned, 0, "/usr/bin/kwin*") &&
	      pattern_is(policy, pinned, 1, "/usr/bin/x[!]a]") &&
	      pattern_is(policy, pinned, 2, "/usr/bin/y[[]") &&
	      pattern_is(policy, pinned, 3, "/z\\[") &&
	      pattern_is(policy, pinned, 4, "/usr/bin/sway"),
	      "pinned programs are joined, what stands twice once");
	check(policy->subjects[programs].count == 1 &&
	      pattern_is(policy, programs, 0, "/usr/libexec/tracker-*"), "quiet programs");
	check(policy->subjects[paths].count == 6 && pattern_is(policy, paths, 0, "*/.bash_history") &&
	      pattern_is(policy, paths, 1, "/var/spool/x") && pattern_is(policy, paths, 2, "*/y") &&
	      pattern_is(policy, paths, 3, "**/z") && pattern_is(policy, paths, 4, "*/.cache/**") &&
	      pattern_is(policy, paths, 5, "*/*.swp"),
	      "a quiet path that is not absolute is meant in any directory");
	policy_free(policy);
	for (int i = 0; i < MIFENG_PATTERNS_MAX; i++)
		sprintf(text + strlen(text), "    - /usr/bin/a-program-%d\n", i);
	write_text(in_temporary("p.yaml"), text);
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0 && policy->subjects[pinned].count == MIFENG_PATTERNS_MAX, "256 patterns");
	policy_free(policy);
	strcat(text, "    - /usr/bin/a-program-7\n");
	write_text(in_temporary("p.yaml"), text);
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0 && policy->subjects[pinned].count == MIFENG_PATTERNS_MAX,
	      "one of them again is none too many");
	policy_free(policy);
	memset(text, 0, sizeof(text));
	strcpy(text, "version: 1\nsubjects: {pinned: [/");
	memset(text + strlen(text), 'x', MIFENG_PATTERN_MAX - 1);
	strcat(text, "]}\n");
	write_text(in_temporary("p.yaml"), text);
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0 && policy && strlen(policy->subjects[pinned].pattern[0].text) == 255,
	      "a pattern of 255 bytes");
	policy_free(policy);
}

static void test_periods(void)
{
	struct policy *policy;
	int r;

	write_text(in_temporary("p.yaml"),
		   "version: 1\nclearances:\n"
		   "  - {user: root, level: secret, not-after: 2026-06-30}\n"
		   "  - {user: root, level: top-secret, not-before: 2026-07-01}\n");
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0 && policy->clearance_count == 2, "clearances that follow each other are fine");
	policy_free(policy);
	write_text(in_temporary("p.yaml"),
		   "version: 1\nclearances:\n"
		   "  - {user: root, level: secret, not-after: 2026-07-01}\n"
		   "  - {user: \"0\", level: top-secret, not-before: 2026-07-01}\n");
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == -EINVAL && says("4:12: user '0' has a clearance for the same time"),
	      "one day of overlap is a mistake, under whatever name");
	policy_free(policy);
	write_text(in_temporary("p.yaml"),
		   "version: 1\nclearances: [{user: nobody-here, level: secret}]\n");
	policy = load(in_temporary("p.yaml"), POLICY_LOAD_NO_ACCOUNTS, &r);
	check(r == 0 && policy, "accounts are not looked up when not wanted");
	policy_free(policy);
}

static void test_merge(void)
{
	char first[POLICY_DIGEST_TEXT] = "";
	struct policy *policy;
	int r;

	mkdir(in_temporary("d"), 0700);
	write_text(in_temporary("d/10-a.yaml"),
		   "version: 1\nmode: permissive\nscopes: {finance: 0}\n"
		   "zones: [{path: /srv/a, ceiling: secret, scopes: [personnel]}]\n");
	write_text(in_temporary("d/20-b.yaml"),
		   "version: 1\nmode: enforce\nscopes: {finance: 0, personnel: 1}\n"
		   "zones: [{path: /srv/b, ceiling: secret}]\nmedia: {usb: ordinary}\n");
	write_text(in_temporary("d/05-z.yaml"), "version: 1\nmedia: {usb: read-only}\n");
	write_text(in_temporary("d/.hidden.yaml"), "nonsense");
	write_text(in_temporary("d/30-c.yaml.orig"), "nonsense");
	policy = load(in_temporary("d"), 0, &r);
	check(r == 0 && policy->file_count == 3, "*.yaml are read, hidden and other files not");
	if (r < 0)
		return;
	check(policy->mode == MIFENG_MODE_ENFORCE && policy->removable == MIFENG_REMOVABLE_ORDINARY,
	      "of a setting the last file counts");
	check(policy->zone_count == 2 && !strcmp(policy->zones[0].path.text, "/srv/a") &&
	      !strcmp(policy->zones[1].path.text, "/srv/b"), "lists are joined in order of names");
	check(policy->scope_count == 2 && policy->zones[0].scopes.bits == 2,
	      "a scope may be told again, and be named before it is told");
	strcpy(first, policy->digest);
	policy_free(policy);
	policy = load(in_temporary("d"), 0, &r);
	check(policy && strlen(first) == 64 && !strcmp(first, policy->digest),
	      "the same files have the same digest");
	policy_free(policy);
	write_text(in_temporary("d/05-z.yaml"), "version: 1\nmedia: {usb: read-only}\n#\n");
	policy = load(in_temporary("d"), 0, &r);
	check(policy && strcmp(first, policy->digest), "one byte more is another digest");
	policy_free(policy);
	write_text(in_temporary("d/20-b.yaml"), "version: 1\nscopes: {finance: 5, personnel: 1}\n");
	policy = load(in_temporary("d"), 0, &r);
	check(r == -EINVAL && says("20-b.yaml:2:10: scope 'finance' is number 5 here and number 0 at"),
	      "a scope with another number in another file is a mistake");
	policy_free(policy);
	write_text(in_temporary("d/20-b.yaml"),
		   "version: 1\nscopes: {personnel: 1}\nzones: [{path: /srv/a, ceiling: secret}]\n");
	policy = load(in_temporary("d"), 0, &r);
	check(r == -EINVAL && says("20-b.yaml:3:16: zone '/srv/a' stands at") &&
	      says("10-a.yaml:4 as well"), "a zone twice in two files is a mistake");
	policy_free(policy);
}

static void test_files(void)
{
	struct policy *policy;
	char *large;
	int r;

	policy = load(in_temporary("nothing"), 0, &r);
	check(r == -ENOENT && !policy && says("nothing: cannot be found"), "no such file");
	mkdir(in_temporary("empty"), 0700);
	policy = load(in_temporary("empty"), 0, &r);
	check(r == -ENOENT && !policy && says("expected files named *.yaml"), "no file in it");
	mkfifo(in_temporary("fifo.yaml"), 0600);
	policy = load(in_temporary("fifo.yaml"), 0, &r);
	check(r == -EINVAL && !policy && says("is no regular file"), "a FIFO does not block");
	large = malloc(POLICY_FILE_MAX + 1);
	memset(large, '#', POLICY_FILE_MAX + 1);
	memcpy(large, "version: 1\n", 11);
	write_bytes(in_temporary("large.yaml"), large, POLICY_FILE_MAX);
	policy = load(in_temporary("large.yaml"), 0, &r);
	check(r == 0 && policy, "1 MiB is not too large");
	policy_free(policy);
	write_bytes(in_temporary("large.yaml"), large, POLICY_FILE_MAX + 1);
	policy = load(in_temporary("large.yaml"), 0, &r);
	check(r == -EINVAL && !policy && says("has 1048577 bytes; expected at most 1048576"),
	      "a byte more is");
	free(large);
	write_text(in_temporary("p.yaml"), "version: 1\n");
	chmod(in_temporary("p.yaml"), 0622);
	policy = load(in_temporary("p.yaml"), POLICY_LOAD_TRUSTED, &r);
	check(r == -EINVAL && !policy && says("can be written by others"),
	      "a file that others may write is not believed");
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == 0 && policy, "unless only its form is asked about");
	policy_free(policy);
	chmod(in_temporary("p.yaml"), 0644);
	policy = load(in_temporary("p.yaml"), POLICY_LOAD_TRUSTED, &r);
	check(r == 0 && policy, "one that only its owner may write is");
	policy_free(policy);
}

static void test_many_errors(void)
{
	char text[8192] = "version: 1\nzones:\n";
	struct policy *policy;
	int r;

	for (int i = 0; i < 30; i++)
		strcat(text, "  - {path: x, ceiling: none}\n");
	write_text(in_temporary("p.yaml"), text);
	policy = load(in_temporary("p.yaml"), 0, &r);
	check(r == -EINVAL && !policy && errors.errors == 30 && errors.kept == POLICY_ERRORS_MAX,
	      "all errors are counted, the first 20 kept");
	check(strstr(errors.text[19], "p.yaml:22:24: a ceiling of none"), "each with its own line");
}

static void test_shipped(void)
{
	static const char *const shipped[] = {
		"policy/policy.d",
		"policy/examples/finance-bureau.yaml",
		"policy/examples/design-institute.yaml",
		"policy/examples/online-machine.yaml",
	};

	for (size_t i = 0; i < sizeof(shipped) / sizeof(shipped[0]); i++) {
		struct policy *policy;
		int r;

		policy = load(shipped[i], POLICY_LOAD_NO_ACCOUNTS, &r);
		check(r == 0 && policy && !errors.warnings &&
		      (policy->zone_count || strstr(shipped[i], "online")), "%s is valid", shipped[i]);
		policy_free(policy);
	}
}

/* The last of the list, which is one more than may be. */
static bool too_many_networks(void)
{
	char *text = malloc(128 << 10);
	size_t length = (size_t)sprintf(text, "version: 1\nnetworks:\n  internal:\n");
	struct policy *policy;
	bool good;
	int r;

	for (int i = 0; i <= MIFENG_NETWORKS_MAX; i++)
		length += (size_t)sprintf(text + length, "    - 10.%d.%d.0/24\n", i >> 8, i & 255);
	write_text(in_temporary("p.yaml"), text);
	policy = load(in_temporary("p.yaml"), 0, &r);
	good = r == -EINVAL && errors.errors == 1 &&
	       says(":4100:7: '10.16.0.0/24' is one too many; expected at most 4096 in all files together");
	policy_free(policy);
	text[length - strlen("    - 10.16.0.0/24\n")] = '\0';
	write_text(in_temporary("p.yaml"), text);
	policy = load(in_temporary("p.yaml"), 0, &r);
	good = good && !r && policy->network_count == MIFENG_NETWORKS_MAX;
	policy_free(policy);
	free(text);
	return good;
}

static void test_networks(void)
{
	const struct policy_network *network;
	struct policy *policy;
	int r;

	mkdir(in_temporary("n"), 0700);
	write_text(in_temporary("n/1.yaml"),
		   "version: 1\n"
		   "scopes: {finance: 3}\n"
		   "networks:\n"
		   "  internal: [10.20.0.0/16, \"fd00:12:34::/48\"]\n"
		   "  on_outside: report\n");
	write_text(in_temporary("n/2.yaml"),
		   "version: 1\n"
		   "networks:\n"
		   "  internal:\n"
		   "    - {net: 192.168.7.5/32, ceiling: 机密, scopes: [finance]}\n"
		   "    - {net: 192.168.8.0/24, ceiling: confidential}\n"
		   "  on_outside: down\n");
	policy = load(in_temporary("n"), 0, &r);
	check(r == 0 && policy->network_count == 4, "networks of two files are joined");
	if (r < 0)
		return;
	network = policy->networks;
	check(network[0].prefix.family == AF_INET && network[0].prefix.bits == 16 &&
	      !memcmp(network[0].prefix.address, "\12\24\0\0", 4) &&
	      network[0].ceiling == MIFENG_LEVEL_NONE && !network[0].scopes.bits,
	      "a plain network takes nothing classified");
	check(network[1].prefix.family == AF_INET6 && network[1].prefix.bits == 48 &&
	      network[1].prefix.address[0] == 0xfd, "of IPv6 as well");
	check(network[2].prefix.bits == 32 && network[2].ceiling == MIFENG_LEVEL_SECRET &&
	      network[2].scopes.bits == 1 << 3 && network[3].ceiling == MIFENG_LEVEL_CONFIDENTIAL &&
	      !network[3].scopes.bits, "ceiling and scopes; no scopes if none are said");
	check(policy->outside_down, "what becomes of a link that leads outside, as the last file says");
	policy_free(policy);
	check(too_many_networks(), "4096 networks are taken, one more is told");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	temporary_make();
	test_defaults();
	test_values();
	test_subjects();
	test_networks();
	test_periods();
	test_merge();
	test_files();
	test_many_errors();
	test_shipped();
	policy_errors_clear(&errors);
	return tap_finish();
}
