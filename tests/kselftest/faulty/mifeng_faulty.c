// SPDX-License-Identifier: GPL-2.0
/*
 * A module with one fault of each kind that the debug kernel is there to find. It shows that
 * a report ends a run: insmod mifeng_faulty.ko fault=kasan
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *fault = "none";
module_param(fault, charp, 0);
MODULE_PARM_DESC(fault, "none, kasan, recursive, circular, rcu, sleep or leak");

static void fault_none(void)
{
}

/* A byte behind what was taken. */
static void fault_kasan(void)
{
	char *bytes = kmalloc(8, GFP_KERNEL);
	size_t end = 8;

	if (!bytes)
		return;
	OPTIMIZER_HIDE_VAR(end);
	WRITE_ONCE(bytes[end], 1);
	kfree(bytes);
}

/* Two locks of one class, one inside the other. */
static void fault_recursive(void)
{
	static struct mutex locks[2];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(locks); i++)
		mutex_init(&locks[i]);
	mutex_lock(&locks[0]);
	mutex_lock(&locks[1]);
	mutex_unlock(&locks[1]);
	mutex_unlock(&locks[0]);
}

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static void fault_circular(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static int number;
static int __rcu *pointer = (int __rcu *)&number;

static void fault_rcu(void)
{
	WRITE_ONCE(number, *rcu_dereference(pointer));
}

static void fault_sleep(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static void fault_leak(void)
{
	void *bytes = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(bytes);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "none", fault_none },		{ "kasan", fault_kasan },
	{ "recursive", fault_recursive }, { "circular", fault_circular },
	{ "rcu", fault_rcu },		{ "sleep", fault_sleep },
	{ "leak", fault_leak },
};

static int __init faulty_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (strcmp(faults[i].name, fault) == 0) {
			faults[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}

static void __exit faulty_exit(void)
{
}

module_init(faulty_init);
module_exit(faulty_exit);

MODULE_DESCRIPTION("Faults for the debug kernel to find");
MODULE_AUTHOR("The Mifeng developers");
MODULE_LICENSE("GPL");
