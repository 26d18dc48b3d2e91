// SPDX-License-Identifier: GPL-2.0-or-later
/* Reaching the kernel module, and what to tell people when that does not work. */
#include "module.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "message.h"
#include "text.h"

/**
 * caller_is_administrator() - whether this process has CAP_MAC_ADMIN
 *
 * Only to choose words: the kernel is who decides.
 */
bool caller_is_administrator(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return geteuid() == 0;
	return data[CAP_TO_INDEX(CAP_MAC_ADMIN)].effective & CAP_TO_MASK(CAP_MAC_ADMIN);
}

/**
 * module_open() - connect to the module
 * @client: set to the connection on success; client_free() it.
 *
 * Return: EXIT_CODE_OK, or what to exit with; the reason has been told.
 */
enum exit_code module_open(struct client **client)
{
	int error = client_new(client);

	return error ? module_failure(NULL, error) : EXIT_CODE_OK;
}

/**
 * module_failure() - tell why the module could not be asked
 * @client: the connection, for the kernel's own words; may be NULL.
 * @error: the negative errno of a call in client.h.
 *
 * Return: what to exit with.
 */
enum exit_code module_failure(const struct client *client, int error)
{
	const char *words = client ? client_error_text(client) : "";

	switch (error) {
	case -ENOENT:
		complain(_("the mifeng module is not loaded; load it with: modprobe mifeng"));
		return EXIT_CODE_NO_MODULE;
	case -EPERM:
		if (caller_is_administrator())
			break;
		complain(_("this needs an administrator (CAP_MAC_ADMIN): try sudo mifengctl"));
		return EXIT_CODE_NOT_PERMITTED;
	case -EPROTONOSUPPORT:
		complain(_("the loaded module and this mifengctl are of different versions; "
			   "install both from the same release and restart the machine"));
		return EXIT_CODE_FAILED;
	default:
		break;
	}
	if (*words)
		complain(_("the module refused: %s (%s)"), words, strerror(-error));
	else
		complain(_("the module could not be asked: %s"), strerror(-error));
	return EXIT_CODE_FAILED;
}
