// SPDX-License-Identifier: GPL-2.0
/*
 * What is kept with the pages of a file, for whoever has it mapped, also only for reading. Futexes: he waits
 * there and is woken, one of 32 at a time, or counts who waits. And where the pages are to be, which he
 * may ask. Memory of a program's own, and memory that carries what it carries, goes on.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "attach.h"
#include "channel.h"
#include "description.h"
#include "hooks.h"
#include "judge.h"
#include "label_cache.h"
#include "medium.h"
#include "object.h"
#include "subject.h"

/*
 * Memory that no name leads to, and that the program may write: it was labelled when the program was
 * raised, or was made after that and is its own.
 */
static bool is_own_memory(const struct vm_area_struct *vma)
{
	const vm_flags_t writable = VM_SHARED | VM_MAYWRITE;

	return (vma->vm_flags & writable) == writable && S_ISREG(file_inode(vma->vm_file)->i_mode) &&
	       mf_sb_is_memory(file_inode(vma->vm_file)->i_sb);
}

/* The file mapped where a word is, referenced, if it is the one that the key tells of. */
static struct file *file_of(unsigned long address, const union futex_key *key, bool *own)
{
	struct vm_area_struct *vma;
	struct file *file = NULL;

	if (mmap_read_lock_killable(current->mm))
		return NULL;
	vma = find_vma(current->mm, address);
	if (vma && vma->vm_start <= address && vma->vm_file &&
	    atomic64_read(&file_inode(vma->vm_file)->i_sequence) == (s64)key->shared.i_seq) {
		file = get_file(vma->vm_file);
		*own = is_own_memory(vma);
	}
	mmap_read_unlock(current->mm);
	return file;
}

static bool carries_as_much(struct file *file)
{
	struct mf_channel channel;
	struct mf_label taint;

	if (!mf_channel_read(file, &channel))
		return mf_file_covers(file);
	return mf_subject_taint(current->mm, &taint) && mf_object_settled(&channel, &taint);
}

/*
 * Asked for after the key has been made, which is of the file that was mapped there at that moment. No
 * record: a library's words are nobody's act.
 */
int hook_get_futex_key(u32 __user *address, unsigned int flags, union futex_key *key, int access)
{
	struct file *file;
	bool own = false;
	int err;

	if (likely(!mf_judge_unseen()))
		return 0;
	mf_hook_enter();
	err = mf_call_get_futex_key(address, flags, key, access);
	if (!err && key->both.offset & FUT_OFF_INODE) {
		file = file_of(untagged_addr((unsigned long)address), key, &own);
		if (!file || (!own && !carries_as_much(file)))
			err = -EACCES;
		if (file)
			fput(file);
	}
	mf_hook_exit();
	return err ? err : MF_SKIP;
}

/* The same where no disk can be asked. */
static bool is_known_to_carry_as_much(const struct file *file)
{
	struct mf_channel channel;
	struct mf_object object;
	struct mf_label taint;

	if (!mf_subject_taint(current->mm, &taint))
		return false;
	if (mf_channel_read(file, &channel))
		return mf_object_settled(&channel, &taint);
	return mf_label_cached(file_inode(file), MF_LABEL_OF_OBJECT, &object) &&
	       object.state == MIFENG_LABEL_VALID && !object.pending &&
	       mf_label_dominates(&object.label, &taint);
}

/*
 * Called under the lock of an address space; without a file for what a mount says of one that is being made
 * (6.1).
 */
int hook_mpol_set_shared_policy(struct shared_policy *shared, struct vm_area_struct *vma,
				struct mempolicy *policy)
{
	if (likely(!mf_judge_unseen()) || !vma->vm_file || is_own_memory(vma) ||
	    is_known_to_carry_as_much(vma->vm_file))
		return 0;
	return -EACCES;
}
