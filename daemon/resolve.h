/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What user space knows about a kernel record: names of accounts, where a filesystem is
 * mounted, which stick a medium is.
 */
#ifndef MIFENGD_RESOLVE_H
#define MIFENGD_RESOLVE_H

struct devices;
struct event;
struct resolver;

/** resolver_new - start with an empty memory of account names; NULL without memory */
struct resolver *resolver_new(void);

/** resolver_free - may be NULL. Returns NULL. */
struct resolver *resolver_free(struct resolver *resolver);

/** resolver_forget - accounts may have changed: look them up again */
void resolver_forget(struct resolver *resolver);

/**
 * resolve_event - fill in the second part of an event, and make its path whole
 * @resolver: remembers accounts
 * @devices: knows the sticks; may be NULL
 * @event: what cannot be found out stays NULL, and a path partial
 */
void resolve_event(struct resolver *resolver, struct devices *devices, struct event *event);

#endif /* MIFENGD_RESOLVE_H */
