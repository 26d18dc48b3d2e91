/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions of the kernel that are not exported to modules and that Mifeng calls.
 *
 *   IMPORT(name, return type, parameters)
 *	called as mf_call_<name>(), which goes to it by a return: on a kernel with
 *	indirect branch tracking nothing but exported functions may be reached by
 *	an indirect call.
 */
#ifndef _MF_IMPORTS_H
#define _MF_IMPORTS_H

/* clang-format off */
#define MF_IMPORTS(IMPORT)                                                                         \
IMPORT(__d_path, char *,                                                                            \
       (const struct path *path, const struct path *root, char *buffer, int size))                  \
IMPORT(d_absolute_path, char *, (const struct path *path, char *buffer, int size))                 \
IMPORT(ftrace_location, unsigned long, (unsigned long address))                                     \
IMPORT(get_mm_exe_file, struct file *, (struct mm_struct *mm))                                     \
IMPORT(iterate_supers, void, (void (*visit)(struct super_block *sb, void *arg), void *arg))         \
IMPORT(kallsyms_lookup_name, unsigned long, (const char *name))                                      \
IMPORT(lru_add_drain_all, void, (void))                                                             \
IMPORT(put_task_stack, void, (struct task_struct *task))
/* clang-format on */

#ifndef __ASSEMBLY__

struct file;
struct mm_struct;
struct path;
struct super_block;
struct task_struct;

#define MF_DECLARE_IMPORT(name, type, params) type mf_call_##name params;
MF_IMPORTS(MF_DECLARE_IMPORT)
#undef MF_DECLARE_IMPORT

#endif /* !__ASSEMBLY__ */
#endif /* _MF_IMPORTS_H */
