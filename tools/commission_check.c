// SPDX-License-Identifier: GPL-2.0-or-later
#include "commission_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mifeng.h>

#include "client.h"
#include "first_line.h"
#include "label_check.h"
#include "obstacles.h"
#include "policy.h"
#include "role_file.h"
#include "route_check.h"
#include "site_policy.h"
#include "state_file.h"
#include "swap_check.h"
#include "text.h"
#include "zone_list.h"

/* An image of the memory on a disk, to be read by whoever has the disk. */
static void check_hibernation(struct obstacles *obstacles)
{
	char line[4096];

	if (access("/sys/power/disk", F_OK) ||
	    (first_line("/sys/power/disk", line, sizeof(line)) == 0 && strstr(line, "[disabled]")))
		return;
	if (first_line("/proc/cmdline", line, sizeof(line)) == 0 &&
	    (strncmp(line, "resume=", 7) == 0 || strstr(line, " resume="))) {
		obstacles_add(obstacles, "%s", _("the machine is set up to hibernate (resume= on the kernel's command "
						 "line), which writes all of its memory to a disk: take that out, or "
						 "add nohibernate, and start again"));
		return;
	}
	if (first_line("/sys/power/resume", line, sizeof(line)) == 0 && strcmp(line, "0:0"))
		obstacles_add(obstacles, _("the machine is set up to hibernate to the disk %s, which gets all of its "
					   "memory: RESUME=none in /etc/initramfs-tools/conf.d/resume and "
					   "'update-initramfs -u', or nohibernate on the kernel's command line, and "
					   "start again"), line);
}

/* The module looks for these as well, and for what only it sees. */
static void check_modules(struct obstacles *obstacles)
{
	static const char *const modules[] = { "pktgen", "rdma_ucm", "ib_uverbs" };
	char path[64];

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", modules[i]);
		if (access(path, F_OK) == 0)
			obstacles_add(obstacles, _("the kernel module %s sends by itself, past the guard: 'rmmod %s', and "
						   "keep it out by a line 'blacklist %s' in /etc/modprobe.d"),
				      modules[i], modules[i], modules[i]);
	}
}

/* What is checked against is on the disk; what counts is in the kernel. */
static void check_policy(const struct client_status *status, const struct policy *policy,
			 struct obstacles *obstacles, struct obstacles *notes)
{
	if (status->state == MIFENG_STATE_DEGRADED)
		obstacles_add(obstacles, "%s", _("the module is degraded: restart the machine, and see 'mifengctl "
						 "status'"));
	else if (!status->generation)
		obstacles_add(obstacles, "%s", _("no policy is in force: write one, then 'mifengctl policy apply'"));
	else if (!policy)
		obstacles_add(obstacles, _("the policy in %s is not valid any more: see 'mifengctl policy check %s'"),
			      POLICY_DIRECTORY, POLICY_DIRECTORY);
	else if (policy->network_count != status->networks)
		obstacles_add(obstacles, _("the policy in %s has %zu internal networks, the one in force %u: "
					   "'mifengctl policy apply' first"), POLICY_DIRECTORY,
			      policy->network_count, status->networks);
	else if (!status->networks)
		obstacles_add(notes, "%s", _("the policy has no internal networks: no packet will leave this "
					     "machine"));
	if (status->generation && status->mode == MIFENG_MODE_PERMISSIVE)
		obstacles_add(notes, "%s", _("the policy is permissive: what is read and written is recorded, not "
					     "refused, until it says enforce"));
}

/**
 * commission_check_classified() - what keeps a machine from being classified
 * @facts: how it stands.
 * @obstacles: what is in the way is added.
 * @notes: what is to be known is added.
 */
void commission_check_classified(const struct commission_facts *facts, struct obstacles *obstacles,
				 struct obstacles *notes)
{
	struct policy *policy = site_policy_load();

	check_policy(facts->status, policy, obstacles, notes);
	route_check(policy, obstacles);
	policy_free(policy);
	swap_check(obstacles);
	check_hibernation(obstacles);
	check_modules(obstacles);
	obstacles_add_kexec(obstacles);
}

/* What the daemon has applied, which may not be what stands in the policy now. */
static void check_zones_in_force(int state, struct obstacles *obstacles)
{
	struct zone_list applied = { 0 };

	if (zone_list_load(state, &applied) == 0 && applied.count)
		obstacles_add(obstacles, _("the policy in force has zones still, such as %s: 'mifengctl policy apply' "
					   "first"), applied.entry[0].path);
	zone_list_clear(&applied);
}

/**
 * commission_check_zones() - places for classified files are in the way of being anything else
 * @state: descriptor of the state directory.
 * @obstacles: what is found is added.
 */
void commission_check_zones(int state, struct obstacles *obstacles)
{
	struct policy *policy = site_policy_load();

	if (policy && policy->zone_count)
		obstacles_add(obstacles, _("the policy has %zu zones, the first at %s:%u: take all of them out "
					   "(policy/examples/online-machine.yaml is one without), then 'mifengctl "
					   "policy apply'"), policy->zone_count,
			      policy->zones[0].path.mark.file, policy->zones[0].path.mark.line);
	else
		check_zones_in_force(state, obstacles);
	policy_free(policy);
}

/* The kernel may not know: its flag is as good as the file that it was given. */
static void check_once(const struct commission_facts *facts, struct obstacles *obstacles)
{
	bool kernel = facts->status->role_flags & MIFENG_ROLE_CLASSIFIED_ONCE ||
		      facts->status->role == MIFENG_ROLE_CLASSIFIED;
	bool kept = !facts->kept_error && (facts->kept->flags & MIFENG_ROLE_CLASSIFIED_ONCE ||
					   facts->kept->role == MIFENG_ROLE_CLASSIFIED);

	if (kernel || kept)
		obstacles_add(obstacles, "%s", _("this machine has been classified, and never goes online after that: "
						 "take another machine, or this one with another disk and a new "
						 "system"));
	else if (facts->kept_error && facts->kept_error != -ENOENT)
		obstacles_add(obstacles, _("the role kept in %s/%s is damaged, so that nobody can tell whether this "
					   "machine has been classified: restore the file from a backup, or "
					   "install the system anew"), STATE_DIRECTORY, ROLE_FILE_NAME);
}

/**
 * commission_check_online() - what keeps a machine from going online
 * @facts: how it stands.
 * @obstacles: what is in the way is added.
 */
void commission_check_online(const struct commission_facts *facts, struct obstacles *obstacles)
{
	check_once(facts, obstacles);
	if (facts->status->subjects)
		obstacles_add(obstacles, _("%u programs hold something classified: end them"),
			      facts->status->subjects);
	commission_check_zones(facts->state, obstacles);
	label_check(obstacles);
}
