// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loading and unloading. With a policy in force the module stays; before the first one it
 * may go, and on a system where it could not see everything it does not come at all.
 */
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "support/suite.h"

#define MODULE_FILE	"/usr/lib/modules-mifeng/mifeng.ko"
#define HOLDER_FILE	"/usr/lib/modules-mifeng/mifeng_holder.ko"
/* Some ninety functions are hooked one by one; an emulated machine takes its time. */
#define LOADING_SECONDS	180

#define FTRACE_SWITCH	"/proc/sys/kernel/ftrace_enabled"

/* 0, or the errno it was refused with. */
static int load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = result(syscall(SYS_finit_module, fd, parameters, 0));
	close(fd);
	return error;
}

static int module_load(const char *parameters)
{
	return load(MODULE_FILE, parameters);
}

static int module_unload(int flags)
{
	return result(syscall(SYS_delete_module, "mifeng", O_NONBLOCK | flags));
}

static bool module_is_there(void)
{
	return !access("/sys/module/mifeng", F_OK);
}

static int ftrace_switch(const char *value)
{
	int fd = open(FTRACE_SWITCH, O_WRONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = result(write(fd, value, 1));
	close(fd);
	return error;
}

/* The kernel's messages that name the module, counted; the last one is kept. */
static int module_lines(char *last, size_t size)
{
	static char log[1 << 20];
	int length = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof(log) - 1);
	int count = 0;

	log[length < 0 ? 0 : length] = '\0';
	for (char *line = strtok(log, "\n"); line; line = strtok(NULL, "\n")) {
		if (!strstr(line, "mifeng:"))
			continue;
		snprintf(last, size, "%s", line);
		count++;
	}
	return count;
}

/* Where the guest runs with the module: it guards the machine. */
FIXTURE(guarding) {};

FIXTURE_SETUP(guarding)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(guarding)
{
	stage_close();
}

static int unload(void)
{
	return module_unload(0);
}

static int unload_by_force(void)
{
	return module_unload(O_TRUNC);
}

/* As a 32-bit program does: by another entry of the kernel, with other registers. */
static int unload_by_force_32(void)
{
	char *name = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long returned;

	if (name == MAP_FAILED)
		return TROUBLE;
	strcpy(name, "mifeng");
	asm volatile("int $0x80"
		     : "=a"(returned)
		     : "a"(129), "b"(name), "c"(O_NONBLOCK | O_TRUNC)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)returned < 0 ? -(int)returned : 0;
}

static int nothing(void)
{
	return 0;
}

TEST_F(guarding, is_not_unloaded)
{
	static int (*const ways[])(void) = { unload, unload_by_force, unload_by_force_32 };

	if (baseline())
		return;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct deed deed = { .uid = 0, .login = 0, .directory = "/", .act = ways[i] };
		struct outcome outcome = deed_do(&deed);

		EXPECT_DENIED(&outcome, outcome.error == EBUSY ? EBUSY : EPERM, MIFENG_OP_UNLOAD,
			      MIFENG_REASON_IN_USE, NULL);
		EXPECT_TRUE(module_is_there());
	}
}

TEST_F(guarding, is_not_loaded_twice)
{
	struct wire_status status;

	if (baseline())
		return;
	EXPECT_EQ(EEXIST, module_load(""));
	ASSERT_EQ(0, wire_status_get(&stage.wire, &status));
	EXPECT_EQ(MIFENG_STATE_ACTIVE, status.state);
}

/* Its hooks would fall silent with the tracer. */
TEST_F(guarding, ftrace_is_not_switched_off)
{
	if (baseline())
		return;
	EXPECT_EQ(EBUSY, ftrace_switch("0"));
}

/* What every path walk would pay for is there once something classified was touched. */
TEST_F(guarding, late_hooks_are_attached_by_a_raise)
{
	struct deed deed = DEED(true, PLACE_ZONE, nothing);
	struct wire_status before, after;
	struct outcome outcome;

	if (baseline())
		return;
	ASSERT_EQ(0, wire_status_get(&stage.wire, &before));
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
	ASSERT_EQ(0, wire_status_get(&stage.wire, &after));
	EXPECT_EQ(0, after.sites_waiting);
	EXPECT_EQ(before.sites_pre + before.sites_wrap + before.sites_waiting,
		  after.sites_pre + after.sites_wrap);
}

/* Where the guest runs without it: it comes and goes. */
FIXTURE(loading) {};

FIXTURE_SETUP(loading)
{
}

FIXTURE_TEARDOWN(loading)
{
	ftrace_switch("1");
	if (baseline() && module_is_there())
		module_unload(0);
}

TEST_F_TIMEOUT(loading, and_unloading, LOADING_SECONDS)
{
	if (!baseline())
		return;
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, module_load(""));
		EXPECT_TRUE(module_is_there());
		EXPECT_EQ(EEXIST, module_load(""));
		ASSERT_EQ(0, module_unload(0));
		EXPECT_FALSE(module_is_there());
	}
}

TEST_F_TIMEOUT(loading, works_on_after_unloading, LOADING_SECONDS)
{
	struct wire wire;

	if (!baseline())
		return;
	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, wire_open(&wire));
	wire_close(&wire);
	ASSERT_EQ(0, module_unload(0));
	EXPECT_EQ(-ENOENT, wire_open(&wire));
	ASSERT_RIGHT(stage_open());
	EXPECT_EQ(0, file_make(path_join(stage.directory[PLACE_UNMARKED], "ordinary/more")));
	stage_close();
}

TEST_F_TIMEOUT(loading, leaves_path_walks_alone, LOADING_SECONDS)
{
	struct wire_status status;
	struct wire wire;

	if (!baseline())
		return;
	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, wire_open(&wire));
	EXPECT_EQ(0, wire_status_get(&wire, &status));
	EXPECT_LT(0, status.sites_waiting);
	wire_close(&wire);
	EXPECT_EQ(0, module_unload(0));
}

TEST_F_TIMEOUT(loading, without_ftrace, LOADING_SECONDS)
{
	char line[512] = "";
	int before;

	if (!baseline())
		return;
	ASSERT_EQ(0, ftrace_switch("0"));
	before = module_lines(line, sizeof(line));
	EXPECT_NE(0, module_load(""));
	EXPECT_FALSE(module_is_there());
	/* One clear line, which names the cause. */
	EXPECT_EQ(before + 1, module_lines(line, sizeof(line)));
	EXPECT_NE(NULL, strstr(line, "ftrace")) TH_LOG("the line: %s", line);
	ASSERT_EQ(0, ftrace_switch("1"));
	EXPECT_EQ(0, module_load(""));
}

/* Refused with one line that names the cause; nothing is left hooked. */
static const char *why_not_refused(const char *parameters, int error, const char *cause)
{
	static char wrong[1024];
	char line[512] = "";
	int before = module_lines(line, sizeof(line)), got = module_load(parameters);

	if (got == error && !module_is_there() && module_lines(line, sizeof(line)) == before + 1 &&
	    strstr(line, "not loaded") && strstr(line, cause))
		return NULL;
	snprintf(wrong, sizeof(wrong), "errno %d, %d lines, the last: %s", got,
		 module_lines(line, sizeof(line)) - before, line);
	return wrong;
}

TEST_F_TIMEOUT(loading, without_a_function, LOADING_SECONDS)
{
	if (!baseline())
		return;
	EXPECT_RIGHT(why_not_refused("absent=security_file_open", ENOENT, "security_file_open"));
	EXPECT_RIGHT(why_not_refused("absent=vfs_listxattr", ENOENT, "vfs_listxattr"));
}

/* One that would be attached later. */
TEST_F_TIMEOUT(loading, without_a_late_function, LOADING_SECONDS)
{
	if (!baseline())
		return;
	EXPECT_RIGHT(why_not_refused("absent=touch_atime", ENOENT, "touch_atime"));
}

/* A live patch or a BPF program holds both places on a function: one of them suffices. */
TEST_F_TIMEOUT(loading, where_a_function_is_held, LOADING_SECONDS)
{
	if (!baseline())
		return;
	ASSERT_EQ(0, load(HOLDER_FILE, "symbol=security_file_open direct=1 ipmodify=1"));
	EXPECT_RIGHT(why_not_refused("", EBUSY, "security_file_open"));
	ASSERT_EQ(0, result(syscall(SYS_delete_module, "mifeng_holder", O_NONBLOCK)));
	ASSERT_EQ(0, load(HOLDER_FILE, "symbol=vfs_listxattr ipmodify=1"));
	EXPECT_RIGHT(why_not_refused("", EBUSY, "vfs_listxattr"));
	ASSERT_EQ(0, result(syscall(SYS_delete_module, "mifeng_holder", O_NONBLOCK)));
}

TEST_F_TIMEOUT(loading, where_a_late_function_is_held, LOADING_SECONDS)
{
	if (!baseline())
		return;
	ASSERT_EQ(0, load(HOLDER_FILE, "symbol=touch_atime direct=1 ipmodify=1"));
	EXPECT_RIGHT(why_not_refused("", EBUSY, "touch_atime"));
	ASSERT_EQ(0, result(syscall(SYS_delete_module, "mifeng_holder", O_NONBLOCK)));
}

/* How many sites are redirected, in a module that is loaded for this and goes again; 0 if it cannot be. */
static uint32_t redirected(void)
{
	struct wire_status status = {};
	struct wire wire;

	if (module_load(""))
		return 0;
	if (wire_open(&wire) == 0) {
		wire_status_get(&wire, &status);
		wire_close(&wire);
	}
	return module_unload(0) ? 0 : status.sites_wrap;
}

/* With the direct call taken, a hook goes by redirection, and works: the self-test passes. */
TEST_F_TIMEOUT(loading, where_a_direct_call_is_held, LOADING_SECONDS)
{
	uint32_t by_itself;

	if (!baseline())
		return;
	by_itself = redirected();
	ASSERT_LT(0, by_itself);
	ASSERT_EQ(0, load(HOLDER_FILE, "symbol=security_file_permission direct=1"));
	EXPECT_EQ(by_itself + 1, redirected());
	ASSERT_EQ(0, result(syscall(SYS_delete_module, "mifeng_holder", O_NONBLOCK)));
}

TEST_HARNESS_MAIN
