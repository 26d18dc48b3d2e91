// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that others look at without a call: mapped, or lent to a pipe, a socket or a
 * device by reference. Before what is written to a file may become more classified, there must be none.
 */
#include "pages.h"

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/xarray.h>

#include "imports.h"

#define SCANS 4

static bool knows(const struct mm_struct *mm, const struct mf_label *label)
{
	struct mf_label settled;

	return mf_subject_settled(mm, &settled) && mf_label_dominates(&settled, label);
}

/**
 * mf_pages_mapped_below() - has a program that carries less a mapping of a file
 * @mapping: of the file, which stays
 * @mine: an address space that does not count, or NULL
 * @label: what the file is about to carry
 * @culprit: set to who has one
 *
 * Context: process, may sleep; mmap lock not held.
 *
 * Return: true if so.
 */
bool mf_pages_mapped_below(struct address_space *mapping, const struct mm_struct *mine,
			   const struct mf_label *label, char culprit[MF_CULPRIT_SIZE])
{
	struct task_struct *owner;
	struct rb_node *node;
	bool found = false;

	i_mmap_lock_read(mapping);
	for (node = rb_first_cached(&mapping->i_mmap); node; node = rb_next(node)) {
		const struct vm_area_struct *vma =
			rb_entry(node, struct vm_area_struct, shared.rb);

		if (vma->vm_mm == mine || knows(vma->vm_mm, label))
			continue;
		rcu_read_lock();
		owner = rcu_dereference(vma->vm_mm->owner);
		snprintf(culprit, MF_CULPRIT_SIZE, "memory shared with process %d (%s)",
			 owner ? task_tgid_nr(owner) : 0, owner ? owner->comm : "?");
		rcu_read_unlock();
		found = true;
		break;
	}
	i_mmap_unlock_read(mapping);
	return found;
}

/* More references than the page cache, its private data and the mappings explain. */
static bool is_lent(struct folio *folio)
{
	long expected = folio_test_private(folio);

#ifdef MF_HAS_FOLIO_MAPCOUNT_INLINE
	expected += folio_mapcount(folio);
#else
	/* of a large one it cannot be told, so that one is not believed to be mapped */
	if (!folio_test_large(folio))
		expected += page_mapcount(&folio->page);
#endif
	expected += folio_test_hugetlb(folio) ? 1 : folio_nr_pages(folio);
	return folio_ref_count(folio) > expected;
}

static bool any_is_lent(struct address_space *mapping)
{
	XA_STATE(xas, &mapping->i_pages, 0);
	struct folio *folio;
	unsigned int looked = 0;
	bool lent = false;

	rcu_read_lock();
	xas_for_each(&xas, folio, ULONG_MAX) {
		if (xas_retry(&xas, folio) || xa_is_value(folio))
			continue;
		if (is_lent(folio)) {
			lent = true;
			break;
		}
		if (++looked % XA_CHECK_SCHED)
			continue;
		xas_pause(&xas);
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
	return lent;
}

/**
 * mf_pages_elsewhere() - are pages of a file lent to something, a pipe or a socket
 * @mapping: of the file, which stays
 * @culprit: set if so
 *
 * The kernel itself takes references for a moment; what stays after a few looks is somebody's.
 * Context: process, sleeps.
 *
 * Return: true if so.
 */
bool mf_pages_elsewhere(struct address_space *mapping, char culprit[MF_CULPRIT_SIZE])
{
	int scan;

	for (scan = 0; any_is_lent(mapping); scan++) {
		if (scan == SCANS) {
			strscpy(culprit, "shared pages that are still in a pipe or socket",
				MF_CULPRIT_SIZE);
			return true;
		}
		if (scan == 0)
			mf_call_lru_add_drain_all();
		else
			schedule_timeout_uninterruptible(1 + (HZ << scan) / 200);
	}
	return false;
}
