/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MF_ATTACH_H
#define _MF_ATTACH_H

#include <linux/percpu.h>
#include <linux/types.h>

struct super_block;

/* Why nothing can be tainted, for a record: with the function that could not be hooked. */
#define MF_HELD_BY_OTHERS "%s, which another tracer, live patch or BPF program holds"

int mf_attach_init(void);
void mf_attach_exit(void);
int mf_hooks_attach(void);
void mf_hooks_detach(void);
bool mf_hooks_are_complete(void);
int mf_hooks_complete(const char **held);
int mf_hooks_attach_guard(void);
int mf_hooks_attach_mounted(const struct super_block *sb);
void mf_hooks_count(u32 *pre, u32 *wrap, u32 *waiting);

DECLARE_PER_CPU(long, mf_inside);

/*
 * Brackets the parts of hooks that may sleep, so that mf_hooks_detach() can wait
 * for them. A task may leave on another CPU than it came in on: only the sum counts.
 */
static inline void mf_hook_enter(void)
{
	this_cpu_inc(mf_inside);
}

static inline void mf_hook_exit(void)
{
	this_cpu_dec(mf_inside);
}

#endif /* _MF_ATTACH_H */
