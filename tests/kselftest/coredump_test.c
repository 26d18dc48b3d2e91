// SPDX-License-Identifier: GPL-2.0-or-later
/* A program that holds something classified leaves no core behind, not even in a zone. */
#include <elf.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/suite.h"

static char pattern[256];

FIXTURE(coredump) {};

static int pattern_set(const char *text)
{
	int fd = open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;

	close(fd);
	return error;
}

FIXTURE_SETUP(coredump)
{
	int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_LT(0, read(fd, pattern, sizeof(pattern) - 1));
	close(fd);
	ASSERT_EQ(0, pattern_set("core"));
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(coredump)
{
	stage_close();
	pattern_set(pattern);
}

/* A child that inherits what we hold crashes; 0 if it left a core, EACCES if not. */
static int child_crashes(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t child;
	int status;

	if (setrlimit(RLIMIT_CORE, &unlimited) < 0)
		return TROUBLE;
	child = fork();
	if (!child) {
		signal(SIGABRT, SIG_DFL);
		raise(SIGABRT);
		_exit(TROUBLE);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		return TROUBLE;
	return WCOREDUMP(status) ? 0 : EACCES;
}

TEST_F(coredump, of_a_tainted_program)
{
	struct deed deed = DEED(true, PLACE_ZONE, child_crashes);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_COREDUMP, MIFENG_REASON_OTHER_PROGRAM, NULL);
}

/*
 * A program that is ordinary, but names a classified loader. The loader maps nothing of its file,
 * so that only what the kernel read of it can have raised the new image; it then crashes.
 */
struct image {
	Elf64_Ehdr header;
	Elf64_Phdr segments[2];
	char loader[256];
};

static char program[256];

static int image_write(const char *path, const struct image *image)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	int error = fd < 0 || write(fd, image, sizeof(*image)) != sizeof(*image);

	close(fd);
	return error || chmod(path, 0755) < 0;
}

static void image_fill(struct image *image, uint64_t address, uint64_t file_size)
{
	memcpy(image->header.e_ident, ELFMAG, SELFMAG);
	image->header.e_ident[EI_CLASS] = ELFCLASS64;
	image->header.e_ident[EI_DATA] = ELFDATA2LSB;
	image->header.e_ident[EI_VERSION] = EV_CURRENT;
	image->header.e_type = ET_EXEC;
	image->header.e_machine = EM_X86_64;
	image->header.e_version = EV_CURRENT;
	image->header.e_entry = address;
	image->header.e_phoff = offsetof(struct image, segments);
	image->header.e_ehsize = sizeof(Elf64_Ehdr);
	image->header.e_phentsize = sizeof(Elf64_Phdr);
	image->header.e_phnum = 1;
	image->segments[0].p_type = PT_LOAD;
	image->segments[0].p_flags = PF_R | PF_X;
	image->segments[0].p_vaddr = address;
	image->segments[0].p_filesz = file_size;
	image->segments[0].p_memsz = 4096;
	image->segments[0].p_align = 4096;
}

static int run_with_classified_loader(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t child;
	int status;

	if (setrlimit(RLIMIT_CORE, &unlimited) < 0)
		return TROUBLE;
	child = fork();
	if (!child) {
		execl(program, program, NULL);
		_exit(TROUBLE);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		return TROUBLE;
	return WCOREDUMP(status) ? 0 : EACCES;
}

TEST_F(coredump, of_a_program_with_a_classified_loader)
{
	struct deed deed = DEED(false, PLACE_ZONE, run_with_classified_loader);
	struct image loader = {}, image = {};
	struct outcome outcome;

	image_fill(&loader, 0x10000000, 0);
	image_fill(&image, 0x20000000, sizeof(image));
	image.header.e_phnum = 2;
	image.segments[1].p_type = PT_INTERP;
	image.segments[1].p_offset = offsetof(struct image, loader);
	snprintf(image.loader, sizeof(image.loader), "%s/loader", stage.directory[PLACE_ZONE]);
	image.segments[1].p_filesz = strlen(image.loader) + 1;
	snprintf(program, sizeof(program), "%s/program", stage.directory[PLACE_ZONE]);
	ASSERT_EQ(0, image_write(image.loader, &loader));
	ASSERT_EQ(0, image_write(program, &image));
	ASSERT_EQ(0, stage_mark(image.loader));
	outcome = deed_do(&deed);
	outcome.pid = 0;
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_COREDUMP, MIFENG_REASON_OTHER_PROGRAM, NULL);
}

TEST_F(coredump, of_an_ordinary_program)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, child_crashes);
	struct outcome outcome = deed_do(&deed);

	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
