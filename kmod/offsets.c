// SPDX-License-Identifier: GPL-2.0
/* Offsets of the kernel's structures for trampoline.S: compiled, never linked. */
#define COMPILE_OFFSETS

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kbuild.h>
#include <linux/mm_types.h>
#include <linux/path.h>
#include <linux/sched.h>
#include <asm/current.h>
#include <asm/ptrace.h>

#include "label_cache.h"
#include "subject.h"

int main(void);

int main(void)
{
	OFFSET(MF_FILE_INODE, file, f_inode);
	OFFSET(MF_PATH_DENTRY, path, dentry);
	OFFSET(MF_DENTRY_INODE, dentry, d_inode);
	OFFSET(MF_INODE_FLAGS, inode, i_flags);
	OFFSET(MF_TASK_MM, task_struct, mm);
	OFFSET(MF_REGS_AX, pt_regs, ax);
	OFFSET(MF_MM_FLAGS, mm_struct, flags);
#ifdef MF_HAS_PCPU_HOT
	OFFSET(MF_PCPU_CURRENT, pcpu_hot, current_task);
#endif
	DEFINE(MF_PLAIN_MASK, MF_INODE_PLAIN);
	DEFINE(MF_TAINTED_MASK, 1 << MF_MM_TAINTED);
	return 0;
}
