// SPDX-License-Identifier: GPL-2.0-or-later
#include "privdrop.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const unsigned int kept[] = { CAP_MAC_ADMIN, CAP_DAC_READ_SEARCH };

/* For links that lead outside, where the policy wants them down. No program that is started gets it. */
#define OWN_ONLY CAP_NET_ADMIN

static bool is_kept(unsigned int capability)
{
	for (unsigned int i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (kept[i] == capability)
			return true;
	return false;
}

static int drop_bounding_set(void)
{
	for (unsigned int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++) {
		if (is_kept(i) || prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 0)
			continue;
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			return -errno;
	}
	return 0;
}

static int drop_own(bool network)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	for (unsigned int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t mask = 0;

		for (unsigned int j = 0; j < sizeof(kept) / sizeof(kept[0]); j++)
			if (kept[j] / 32 == i)
				mask |= 1U << (kept[j] % 32);
		if (network && OWN_ONLY / 32 == i)
			mask |= 1U << (OWN_ONLY % 32);
		data[i].permitted &= mask;
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return -errno;
	return 0;
}

int privileges_drop(bool network)
{
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	r = drop_bounding_set();
	if (r < 0)
		return r;
	return drop_own(network);
}

int privileges_drop_network(void)
{
	return drop_own(false);
}
