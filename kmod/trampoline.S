/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code that ftrace enters for each site of hooks.h, and the way back into
 * the hooked function.
 *
 * mf_trampoline_<name>: reached by "call" from the fentry site of the hooked
 * function. On entry 0(%rsp) is the body of that function and 8(%rsp) its
 * caller. Every argument register is kept; %rax, %r10 and %r11 are free there.
 * A refusal (negative errno) makes the call return to a bare return instead of
 * the body, so that the caller gets the errno and the body never runs. MF_INSTEAD(result), which
 * is positive, does the same, and the caller gets the result; MF_ANSWER what the hook has put into
 * the registers of a system call.
 *
 * mf_call_<name>: calls the function past its fentry site, or a function of
 * imports.h. It goes by a return,
 * not by an indirect jump, because what stands there is no endbr64 and a kernel
 * with indirect branch tracking would take that for an attack.
 */
#include <linux/linkage.h>
#include <linux/version.h>

#include <asm/asm.h>
#include <asm/nospec-branch.h>
#include <asm/percpu.h>
#include <asm/unwind_hints.h>

#include "hooks.h"
#include "imports.h"
#include "offsets.h"

#ifndef ANNOTATE_NOENDBR
#define ANNOTATE_NOENDBR
#endif

#ifdef MF_HAS_PCPU_HOT
#define CURRENT_TASK PER_CPU_VAR(pcpu_hot + MF_PCPU_CURRENT)
#else
#define CURRENT_TASK PER_CPU_VAR(current_task)
#endif

	.text

.macro arguments op, count, reverse
	.if \reverse == 0
		\op	%rdi
		.if \count > 1
			\op	%rsi
		.endif
		.if \count > 2
			\op	%rdx
		.endif
		.if \count > 3
			\op	%rcx
		.endif
		.if \count > 4
			\op	%r8
		.endif
		.if \count > 5
			\op	%r9
		.endif
	.else
		.if \count > 5
			\op	%r9
		.endif
		.if \count > 4
			\op	%r8
		.endif
		.if \count > 3
			\op	%rcx
		.endif
		.if \count > 2
			\op	%rdx
		.endif
		.if \count > 1
			\op	%rsi
		.endif
		\op	%rdi
	.endif
.endm

SYM_FUNC_START_LOCAL(refused)
	ANNOTATE_NOENDBR
	RET
SYM_FUNC_END(refused)

/*
 * Guards: what nearly every call is, decided in a few instructions without a
 * frame. They return to the hooked function, or jump to where the hook is called.
 * A kernel thread has no address space and so no taint.
 */
.macro guard_none hook
.endm

.macro guard_answers hook
.endm

.macro guard_subject hook
	movq	CURRENT_TASK, %rax
	movq	MF_TASK_MM(%rax), %rax
	testq	%rax, %rax
	jz	.Lpass\@
	testl	$MF_TAINTED_MASK, MF_MM_FLAGS(%rax)
	jnz	\hook
.Lpass\@:
	RET
.endm

.macro guard_guarded hook
	cmpb	$0, mf_guard_is_armed(%rip)
	jne	\hook
	guard_subject \hook
.endm

.macro guard_skip hook
	movq	CURRENT_TASK, %rax
	movq	MF_TASK_MM(%rax), %rax
	testq	%rax, %rax
	jz	.Lpass\@
	testl	$MF_TAINTED_MASK, MF_MM_FLAGS(%rax)
	jz	.Lpass\@
	leaq	refused(%rip), %rax
	movq	%rax, (%rsp)
	xorl	%eax, %eax
.Lpass\@:
	RET
.endm

.macro guard_channels hook
	cmpl	$0, mf_objects_labelled(%rip)
	jne	\hook
	RET
.endm

.macro guard_receives hook
	cmpl	$0, mf_objects_labelled(%rip)
	jne	\hook
	guard_subject \hook
.endm

.macro guard_file hook
	movq	MF_FILE_INODE(%rdi), %rax
	testl	$MF_PLAIN_MASK, MF_INODE_FLAGS(%rax)
	jz	\hook
	guard_subject \hook
.endm

.macro guard_mapping hook
	testq	%rdi, %rdi
	jnz	.Lfile\@
	RET
.Lfile\@:
	guard_file \hook
.endm

.macro guard_inode hook
	testl	$MF_PLAIN_MASK, MF_INODE_FLAGS(%rdi)
	jz	\hook
	RET
.endm

.macro guard_inode2 hook
	testl	$MF_PLAIN_MASK, MF_INODE_FLAGS(%rsi)
	jz	\hook
	RET
.endm

.macro guard_inode_of dentry, hook
	movq	MF_DENTRY_INODE(\dentry), %rax
	testl	$MF_PLAIN_MASK, MF_INODE_FLAGS(%rax)
	jz	\hook
	RET
.endm

.macro guard_dentry hook
	guard_inode_of %rdi, \hook
.endm

.macro guard_path hook
	movq	MF_PATH_DENTRY(%rdi), %rax
	guard_inode_of %rax, \hook
.endm

.macro trampoline name, count, guard
SYM_FUNC_START(mf_trampoline_\name)
	ANNOTATE_NOENDBR
	guard_\guard .Lhook\@
	.ifnc \guard, skip
.Lhook\@:
	push	%rbp
	mov	%rsp, %rbp
	arguments push, \count, 0
	call	hook_\name
	arguments pop, \count, 1
	test	%eax, %eax
	jz	1f
	cltq
	lea	refused(%rip), %rdx
	mov	%rdx, 8(%rbp)
	js	1f
	.ifc \guard, answers
	mov	MF_REGS_AX(%rdi), %rax
	.else
	dec	%eax
	.endif
1:	pop	%rbp
	RET
	.endif
SYM_FUNC_END(mf_trampoline_\name)
.endm

.macro past_fentry name
SYM_CODE_START(mf_call_\name)
	UNWIND_HINT_FUNC
	ANNOTATE_NOENDBR
	pushq	mf_original_\name(%rip)
	UNWIND_HINT sp_reg=ORC_REG_SP sp_offset=16 type=UNWIND_HINT_TYPE_CALL
	RET
SYM_CODE_END(mf_call_\name)
.endm


#define MF_PRE(name, symbol, nargs, guard, type, params, args, lost)                               \
	trampoline name, nargs, guard;                                                                  \
	past_fentry name;
#define MF_WRAP(name, symbol, nargs, type, params, args, lost) past_fentry name;

MF_SITES(MF_PRE, MF_WRAP, MF_PRE)
MF_GUARD_SITES(MF_WRAP)
MF_FUSE_SITES(MF_PRE)
MF_AUTOFS_SITES(MF_PRE)

#define MF_IMPORT(name, type, params) past_fentry name;

MF_IMPORTS(MF_IMPORT)
