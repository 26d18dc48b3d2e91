/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's role: no order of events lets a program hold classified content while the
 * network is free. `make check-model` has Spin try every order; tests/model/run says in which
 * sizes, and which steps are taken out to show that the check can fail.
 *
 * Who acts, and what it stands for in kmod:
 *
 *   thread		A thread of a program: opens labelled files (the raise), queues packets,
 *			forks, exits. Programs 0 and 1; program 0 may have two threads.
 *   setter		ROLE_SET, with the user space that keeps the record on the disk. Also gives
 *			the record to the kernel after the start.
 *   softirq		A processor that moves packets: from sockets to the queue of the device,
 *			and from there through xmit, where the guard is asked. Both under RCU.
 *   memory		Stores that become visible late.
 *   world		The link goes up and down. The power fails, and the machine starts again.
 *
 * Memory. Spin sees stores at once, processors do not. What a setter stores to role and guard
 * waits in a place each, and so does the count of a raise: they become visible in any order, or
 * at a barrier. Releasing a lock does not make them visible: that is less than any machine
 * gives.
 *
 * Packets. All go outside; what goes inside is let pass anyway. A packet may refer to pages of
 * the program, so it is taken for classified as soon as a program reads while it waits. The
 * socket layer's own refusals are left out: any program may queue anything at any time. Sockets
 * may keep what they send, to send it again, also when the program is gone. What the driver
 * has been given is sent.
 *
 * The power may fail between any two steps. What stays is the record, the labels of files, and
 * what the properties remember.
 *
 * What an open means: it is let in if the role was CLASSIFIED when it was asked for, and may
 * end when the machine is CLOSED already. Then the program is counted, and the machine stays
 * CLOSED.
 */

/*
 * Sizes, with -D:
 *
 *   THREADS	1: program 0 has one. 2: and program 1 has one. 3: and program 0 has another.
 *   SETTERS	1 or 2.
 *   CPUS	1 or 2 move packets; 0: there are none.
 *   CUTS	How often the power may fail.
 */
#ifndef SETTERS
#define SETTERS	1
#endif
#ifndef THREADS
#define THREADS	1
#endif
#ifndef CPUS
#define CPUS	1
#endif
#ifndef CUTS
#define CUTS	0
#endif

/*
 * Another rule for the end of CLASSIFIED, which holds as well:
 *
 *   KEEP		The guard of a machine that was CLASSIFIED since its start stays up until its
 *			next start. Nothing is flushed then.
 *
 * Steps taken out or done otherwise. A property must break with each of them:
 *
 *   NO_ROLE_LOCK	ROLE_SET takes no lock.
 *   NO_RAISE_BARRIER	Between the count of a raise and its look at the role.
 *   NO_RETIRE_BARRIER	Between the store of CLOSED and the look at the count.
 *   NO_RAISING_LOCK	Two threads of a program are in a raise at once.
 *   CHECK_FIRST	A raise looks at the role, then tells its taint.
 *   SCAN		Programs are looked through one by one, instead of one count of them all.
 *   COUNT_LATE		A child counts itself when it runs, not its parent before.
 *   TAINT_FIRST	A fork copies the taint, then the memory.
 *   NO_WAIT		The guard goes up without waiting for packets that are in xmit.
 *   DISARM_FIRST	The guard goes down, then the programs are counted.
 *   NO_FLUSH		The guard goes down while packets wait.
 *   ONE_FLUSH_WAIT	Sockets and queues are flushed without a wait between the two.
 *   NO_FLUSH_WAIT	And without a wait after.
 *   RECORD_LATE	That the machine has been CLASSIFIED is written when it is so already.
 *   START_UNARMED	The record gives the role after a start, and no guard goes up.
 *   EARLY		ROLE_SET is obeyed before the kernel has been given the record.
 */
#ifdef NO_RAISING_LOCK
#define MAY_RAISE	true
#else
#define MAY_RAISE	!raising[p]
#endif
#ifdef EARLY
#define MAY_ASK		true
#else
#define MAY_ASK		known
#endif

#define UNASSIGNED	0
#define CLOSED		1
#define CLASSIFIED	2
#define ONLINE		3
#define NOTHING		4	/* no store waits */

/* What waits in a queue: packets, and whether one is classified. */
#define EMPTY		0
#define PLAIN		1
#define SECRET		2

/* The kernel's. */
byte role = UNASSIGNED;
byte role_stored = NOTHING;
byte guard = 0;
byte guard_stored = NOTHING;
bit once;			/* CLASSIFIED_ONCE */
bit known;			/* the record has been given */
bit this_boot;			/* CLASSIFIED since the start */
bit role_lock;

/* Programs: the count of tainted ones, and each one's taint, as in kmod/subject.c. */
byte count;
bit count_stored[4];
bit tainted[2];			/* published */
bit settled[2];			/* and found clean */
bit raising[2];			/* mutex */
byte inside[2];			/* threads in a call: it cannot exit */
bit born[2];			/* being forked: does not run yet */
bit uncounted[2];		/* COUNT_LATE: will count itself */

/* Packets. */
byte sockets = EMPTY;
byte queue = EMPTY;
byte carried[2];
bit rcu[2];
bit link;

/* The disk. */
byte disk_role = UNASSIGNED;
bit disk_once;

/* What the properties remember. */
bit holds[2];			/* has classified content in memory */
bit ever;			/* a program had */
bit leaked;			/* a packet with classified content was sent */
bit misread;			/* an open succeeded when the role was neither CLASSIFIED nor CLOSED */
byte boots;
bit off;
byte waiting;

/* What must be possible is remembered in a build of its own. */
#ifdef REACH
bit did_refuse, did_busy, did_retire, did_flush, did_drop, did_send, did_send_online;
bit did_open_late, did_open_again, did_open_restored, did_outlive;
#define DID(what, condition)	what = what || (condition)
#else
#define DID(what, condition)	skip
#endif

#define holders		(holds[0] || holds[1])
#define role_seen	(role_stored == NOTHING -> role : role_stored)

#define both		(guard == 0 && holders)
#define readable	(guard == 0 && role == CLASSIFIED)
#define reused		(role == ONLINE && ever)

ltl never_both		{ [] !both }
ltl never_readable	{ [] !readable }
ltl never_out		{ [] !leaked }
ltl never_misread	{ [] !misread }
ltl never_online	{ [] !reused }
ltl never_any		{ [] !(both || readable || leaked || misread || reused) }

#ifdef REACH
ltl can_open		{ [] !holders }
ltl can_open_late	{ [] !did_open_late }
ltl can_open_again	{ [] !did_open_again }
ltl can_open_restored	{ [] !did_open_restored }
ltl can_refuse		{ [] !did_refuse }
ltl can_be_busy		{ [] !did_busy }
ltl can_retire		{ [] !did_retire }
ltl can_flush		{ [] !did_flush }
ltl can_drop		{ [] !did_drop }
ltl can_send		{ [] !did_send }
ltl can_send_online	{ [] !did_send_online }
ltl can_outlive		{ [] !did_outlive }
#endif

/* When the power fails each process forgets where it was, and starts anew. */
#if CUTS
#define BEGIN		again: {
#define END(forget)	} unless { atomic { off -> forget; waiting++; !off; waiting--; goto again } }
#define ACTORS		(SETTERS + CPUS + THREADS)
#else
#define BEGIN		{
#define END(forget)	}
#endif

inline store_barrier()
{
	d_step {
		if
		:: guard_stored != NOTHING -> guard = guard_stored; guard_stored = NOTHING
		:: else
		fi;
		if
		:: role_stored != NOTHING -> role = role_stored; role_stored = NOTHING
		:: else
		fi
	}
}

/* synchronize_net(): a full barrier, then each processor is seen outside once. */
inline wait_for_xmits()
{
	store_barrier();
	(!rcu[0]);
#if CPUS > 1
	(!rcu[1]);
#endif
}

inline count_barrier(t)
{
	d_step {
		if
		:: count_stored[t] -> count++; count_stored[t] = 0
		:: else
		fi
	}
}

inline classify(place)
{
	if
	:: place != EMPTY -> place = SECRET
	:: else
	fi
}

inline add(place, what)
{
	if
	:: what > place -> place = what
	:: else
	fi
}

/* A program's own count, before it does anything more with it: one place in memory has one order. */
inline uncount(p)
{
	count_barrier(p);
	count_barrier(p + 2);
	if
	:: uncounted[p] -> uncounted[p] = 0
	:: else -> count--
	fi
}

proctype thread(byte p; byte t)
{
	byte seen;
	bit fresh;

	BEGIN
	do
	/* Opens a labelled file, having read one before. */
	:: atomic { settled[p] && !born[p] -> inside[p]++ };
	   seen = role;
	   goto decided
	/* Opens its first: the raise. */
	:: atomic {
		!settled[p] && !born[p] && MAY_RAISE -> raising[p] = 1; inside[p]++;
#ifdef CHECK_FIRST
	   };
	   seen = role;
	   atomic {
#endif
		if
		:: tainted[p]
		:: else -> tainted[p] = 1; count_stored[t] = 1; fresh = 1
		fi
	   };
#ifndef NO_RAISE_BARRIER
	   count_barrier(t);
#endif
#ifndef CHECK_FIRST
	   seen = role;
#endif
	   d_step {
		if
		:: seen == CLASSIFIED -> settled[p] = 1
		:: else ->
			if
			:: fresh -> uncount(p); tainted[p] = 0
			:: else
			fi
		fi;
		fresh = 0;
		raising[p] = 0
	   };
decided:   atomic {
		if
		:: seen == CLASSIFIED ->
			misread = misread || (role != CLASSIFIED && role != CLOSED);
			DID(did_open_late, role == CLOSED);
			DID(did_open_again, did_retire);
			DID(did_open_restored, boots && ever);
			holds[p] = 1;
			ever = 1;
			classify(sockets);
			classify(queue);
			classify(carried[0]);
			classify(carried[1])
		:: else -> DID(did_refuse, 1)
		fi;
		seen = 0;
		inside[p]--
	   }
#if CPUS
	/* Sends something. */
	:: d_step { !born[p] && !holds[p] && sockets < PLAIN -> sockets = PLAIN }
	:: d_step { !born[p] && holds[p] && sockets < SECRET -> sockets = SECRET }
#endif
#if THREADS > 1
	/* Forks: memory is copied, then the child is tainted and counted, then it runs. */
	:: atomic {
		(tainted[p] || raising[p] || THREADS > 2) && !born[p] && !born[1 - p] &&
		!tainted[1 - p] && !raising[1 - p] && inside[1 - p] == 0 ->
			inside[p]++; born[1 - p] = 1;
#ifdef TAINT_FIRST
			fresh = tainted[p]
	   };
	   atomic {
			holds[1 - p] = holds[p];
#else
			holds[1 - p] = holds[p]
	   };
	   atomic {
			fresh = tainted[p];
#endif
			if
			:: fresh ->
				tainted[1 - p] = 1; settled[1 - p] = settled[p];
#ifdef COUNT_LATE
				uncounted[1 - p] = 1
#else
				count_barrier(t);
				count++
#endif
			:: else
			fi;
			fresh = 0;
			born[1 - p] = 0; inside[p]--
	   }
	:: d_step { uncounted[p] -> uncounted[p] = 0; count++ }
#endif
	/* Exits, and another program takes its place. */
	:: d_step {
		tainted[p] && inside[p] == 0 && !born[p] ->
			DID(did_outlive, holds[p] && holds[1 - p]);
			holds[p] = 0;
			settled[p] = 0;
			tainted[p] = 0;
			uncount(p)
	   }
	od
	END(seen = 0; fresh = 0)
}

/* The guard goes up: whoever has seen it down is gone when this ends. */
inline arm()
{
	guard_stored = 1;
#ifdef NO_WAIT
	store_barrier();
#else
	wait_for_xmits();
#endif
}

inline lock()
{
#ifndef NO_ROLE_LOCK
	atomic { !role_lock -> role_lock = 1 };
#endif
	skip
}

inline unlock()
{
	role_lock = 0
}

proctype setter()
{
	byte ask, now;
	bit with_once;

	BEGIN
	do
	/* After the start: the record. */
	:: atomic { !known -> ask = disk_role; with_once = disk_once };
	   lock();
	   if
	   :: known
	   :: else ->
		if
		:: ask == ONLINE && with_once -> ask = CLOSED
		:: else
		fi;
		if
#ifndef START_UNARMED
		:: ask == CLOSED || ask == CLASSIFIED -> arm()
#endif
		:: else
		fi;
		d_step { once = with_once; this_boot = (ask == CLASSIFIED); known = 1; role_stored = ask }
	   fi;
	   atomic { unlock(); ask = 0; with_once = 0 }

	/* ROLE_SET. */
	:: atomic {
		MAY_ASK ->
		if
		:: ask = CLOSED
		:: ask = CLASSIFIED
		:: ask = UNASSIGNED
		:: ask = ONLINE
		fi
	   };
#ifndef RECORD_LATE
	   /* That the machine has been CLASSIFIED is on the disk before it is true. */
	   if
	   :: ask == CLASSIFIED -> disk_once = 1
	   :: else
	   fi;
#endif
	   lock();
	   now = role_seen;
	   if
	   :: ask == CLOSED && now != CLOSED ->
		arm();
		d_step { role_stored = CLOSED; once = once || now == CLASSIFIED }
	   :: ask == CLASSIFIED && now == CLOSED ->
		d_step { role_stored = CLASSIFIED; this_boot = 1 }
	   :: (ask == UNASSIGNED || (ask == ONLINE && !once)) && now == CLOSED ->
#ifdef DISARM_FIRST
		guard_stored = 0;
#endif
#ifndef NO_RETIRE_BARRIER
		store_barrier();
#endif
#ifdef SCAN
		now = tainted[0];
		if
		:: now || tainted[1] ->
#else
		if
		:: count != 0 ->
#endif
			DID(did_busy, 1);
#ifdef DISARM_FIRST
			guard_stored = 1;
#endif
			goto refused
		:: else
		fi;
		role_stored = ask;
		if
		:: !this_boot -> guard_stored = 0
		:: else ->
#ifdef KEEP
			/* The guard stays until the machine starts again. */
			skip
#else
#ifndef NO_FLUSH
			/* Sockets first: they fill the queues. Each time, who moves one is waited for. */
			DID(did_flush, sockets == SECRET);
			sockets = EMPTY;
#ifndef ONE_FLUSH_WAIT
			wait_for_xmits();
#endif
			queue = EMPTY;
#ifndef NO_FLUSH_WAIT
			wait_for_xmits();
#endif
#endif
			d_step { this_boot = 0; guard_stored = 0; DID(did_retire, 1) }
#endif
		fi
	   :: else -> goto refused
	   fi;
	   unlock();
	   /* The role is on the disk after it is true. */
	   d_step {
		disk_role = ask;
		disk_once = disk_once || ask == CLASSIFIED;
		ask = 0; now = 0
	   };
	   goto next;
refused:   atomic { unlock(); ask = 0; now = 0 };
next:	   skip
	od
	END(ask = 0; now = 0; with_once = 0)
}

proctype softirq(byte cpu)
{
	bit seen;

	BEGIN
	do
	/* From a socket to the queue. */
	:: atomic {
		sockets != EMPTY -> rcu[cpu] = 1; carried[cpu] = sockets;
		if
		:: sockets = EMPTY
		:: skip
		fi
	   };
	   d_step { add(queue, carried[cpu]); carried[cpu] = EMPTY; rcu[cpu] = 0 }
	/* From the queue through xmit. */
	:: atomic {
		queue != EMPTY && link -> rcu[cpu] = 1; carried[cpu] = queue;
		if
		:: queue = EMPTY
		:: skip
		fi
	   };
	   seen = guard;
	   d_step {
		leaked = leaked || (!seen && carried[cpu] == SECRET);
		DID(did_drop, seen && carried[cpu] == SECRET);
		DID(did_send, !seen && role == UNASSIGNED);
		DID(did_send_online, !seen && role == ONLINE);
		seen = 0; carried[cpu] = EMPTY; rcu[cpu] = 0
	   }
	od
	END(seen = 0)
}

proctype memory()
{
	do
	:: d_step { role_stored != NOTHING -> role = role_stored; role_stored = NOTHING }
	:: d_step { guard_stored != NOTHING -> guard = guard_stored; guard_stored = NOTHING }
	:: d_step { count_stored[0] -> count++; count_stored[0] = 0 }
	:: d_step { count_stored[1] -> count++; count_stored[1] = 0 }
	:: d_step { count_stored[2] -> count++; count_stored[2] = 0 }
	od
}

proctype world()
{
	do
	:: false
#if CPUS
	:: link = 1 - link
#endif
#if CUTS
	:: d_step {
		boots < CUTS && !off -> boots++;
		role = UNASSIGNED; role_stored = NOTHING; guard = 0; guard_stored = NOTHING;
		once = 0; known = 0; this_boot = 0; role_lock = 0;
		count = 0; count_stored[0] = 0; count_stored[1] = 0; count_stored[2] = 0;
		tainted[0] = 0; settled[0] = 0; raising[0] = 0; inside[0] = 0; born[0] = 0;
		tainted[1] = 0; settled[1] = 0; raising[1] = 0; inside[1] = 0; born[1] = 0;
		uncounted[0] = 0; uncounted[1] = 0; holds[0] = 0; holds[1] = 0;
		sockets = EMPTY; queue = EMPTY;
		carried[0] = EMPTY; carried[1] = EMPTY; rcu[0] = 0; rcu[1] = 0; off = 1
	   }
	:: d_step { off && waiting == ACTORS -> off = 0 }
#endif
	od
}

init {
	atomic {
		run world();
		run memory();
		run setter();
#if SETTERS > 1
		run setter();
#endif
#if CPUS
		run softirq(0);
#endif
#if CPUS > 1
		run softirq(1);
#endif
		run thread(0, 0);
#if THREADS > 1
		run thread(1, 1);
#endif
#if THREADS > 2
		run thread(0, 2)
#endif
	}
}
