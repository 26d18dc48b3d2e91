// SPDX-License-Identifier: GPL-2.0
/*
 * Mifeng: keeps classified files on classified machines.
 *
 * The ladder: what the hooks use, then the hooks, then the proof that they work, then
 * the way to talk to the module.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>

#include "attach.h"
#include "errand.h"
#include "event.h"
#include "exec.h"
#include "guard.h"
#include "label.h"
#include "label_cache.h"
#include "locked.h"
#include "medium.h"
#include "netlink.h"
#include "object.h"
#include "policy.h"
#include "selftest.h"
#include "subject.h"

static int __init mifeng_init(void)
{
	int err;

	err = mf_attach_init();
	if (err)
		return err;
	mf_medium_init();
	mf_events_init(mf_netlink_notify);
	mf_objects_init();
	err = mf_labels_init();
	if (err)
		goto err_attach;
	err = mf_selftest_init();
	if (err)
		goto err_labels;
	err = mf_hooks_attach();
	if (err)
		goto err_selftest;
	err = mf_selftest_start();
	if (err)
		goto err_hooks;
	err = mf_locked_init();
	if (err)
		goto err_hooks;
	err = mf_guard_init();
	if (err)
		goto err_locked;
	err = mf_netlink_init();
	if (err)
		goto err_guard;
	pr_info("loaded; labelled files are unreadable until the first policy\n");
	return 0;

err_guard:
	mf_guard_exit();
err_locked:
	mf_locked_exit();
err_hooks:
	mf_selftest_stop();
	mf_hooks_detach();
	mf_guard_note_exit();
err_selftest:
	mf_selftest_exit();
	mf_exec_exit();
	mf_errands_exit();
	mf_objects_exit();
	mf_subjects_exit();
	mf_events_exit();
	mf_policy_exit();
err_labels:
	mf_labels_exit();
err_attach:
	mf_attach_exit();
	return err;
}

static void __exit mifeng_exit(void)
{
	mf_netlink_exit();
	mf_guard_exit();
	mf_locked_exit();
	mf_selftest_stop();
	mf_hooks_detach();
	mf_guard_note_exit();
	mf_selftest_exit();
	mf_exec_exit();
	mf_errands_exit();
	mf_objects_exit();
	mf_subjects_exit();
	mf_events_exit();
	mf_policy_exit();
	mf_labels_exit();
	mf_attach_exit();
	mf_key_forget();
	pr_info("unloaded\n");
}

module_init(mifeng_init);
module_exit(mifeng_exit);

MODULE_DESCRIPTION("Mifeng: keeps classified files on classified machines");
MODULE_AUTHOR("The Mifeng developers");
MODULE_LICENSE("GPL");
