// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What keeps a few words for everybody who asks: keys, message queues, semaphores, shared memory by its
 * key. Whoever holds something classified does not write there.
 */
#include <linux/keyctl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "support/facility.h"

/* Keys. */
static int key;

static int key_add(void)
{
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	key = (int)syscall(SYS_add_key, "user", "before", "x", 1, KEY_SPEC_SESSION_KEYRING);
	return result(key);
}

static int by_add_key(void)
{
	return result(syscall(SYS_add_key, "user", "classified", "words", 5,
			      KEY_SPEC_SESSION_KEYRING));
}

static int by_add_key32(void)
{
	return result(call32(286, LOW("user"), LOW("classified"), LOW("words"), 5,
			     KEY_SPEC_SESSION_KEYRING));
}

static int by_request_key(void)
{
	return result(syscall(SYS_request_key, "user", "before", "classified words", 0));
}

static int by_request_key32(void)
{
	return result(call32(287, LOW("user"), LOW("before"), LOW("classified words"), 0, 0));
}

static int by_key_update(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_UPDATE, key, "words", 5));
}

static int by_key_update32(void)
{
	return result(call32(288, KEYCTL_UPDATE, key, LOW("words"), 5, 0));
}

static int by_key_timeout(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, 12345));
}

static int by_key_permissions(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_SETPERM, key, 0x3f3f0000));
}

static int by_key_group(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_CHOWN, key, -1, CLEARED));
}

static int by_key_revoke(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_REVOKE, key));
}

static int by_key_link(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_LINK, key, KEY_SPEC_USER_KEYRING));
}

static int by_key_search_and_link(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
			      "before", KEY_SPEC_USER_KEYRING));
}

static int by_keyring_clear(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_CLEAR, KEY_SPEC_SESSION_KEYRING));
}

static int by_keyring_name(void)
{
	return result(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "classified words"));
}

/* The parent of the child is this very program, which has its credentials. */
static int by_session_to_parent(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
		_exit(result(syscall(SYS_keyctl, KEYCTL_SESSION_TO_PARENT)));
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

/* Queues and semaphores. */
static mqd_t queue;
static int id;

static int queue_make(void)
{
	struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 8 };
	char name[32];

	snprintf(name, sizeof(name), "/mifeng-%d", getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attributes);
	if (queue < 0)
		return errno;
	mq_unlink(name);
	return result(mq_send(queue, "y", 1, 0));
}

static int by_mq_send(void)
{
	return result(mq_send(queue, "y", 1, 0));
}

static int by_mq_send32(void)
{
	return result(call32(279, queue, LOW("y"), 1, 7, 0));
}

static int by_mq_notify(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };

	return result(mq_notify(queue, &event));
}

static int by_mq_setattr(void)
{
	struct mq_attr attributes = { .mq_flags = O_NONBLOCK };

	return result(mq_setattr(queue, &attributes, NULL));
}

static int by_mq_setattr32(void)
{
	const long attributes[8] = { 0 };

	return result(call32(282, queue, (long)low(attributes, sizeof(attributes)), 0, 0, 0));
}

static int by_mq_getattr(void)
{
	struct mq_attr attributes;

	return result(mq_getattr(queue, &attributes));
}

static int by_mq_receive(void)
{
	char bytes[8];

	return result(mq_receive(queue, bytes, sizeof(bytes), NULL));
}

static struct {
	long type;
	char text[8];
} letter = { .type = 1, .text = "y" };

static int msg_make(void)
{
	id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	return id < 0 ? errno : result(msgsnd(id, &letter, 1, IPC_NOWAIT));
}

/* Nobody else removes what a tainted program may not remove. */
static void facility_open(void)
{
}

static void facility_close(void)
{
	struct msqid_ds queue_status;
	struct shmid_ds shm_status;
	struct seminfo limits;
	union {
		struct semid_ds *buffer;
		struct seminfo *limits;
	} argument = { .limits = &limits };
	struct semid_ds sem_status;
	int last, one;

	last = msgctl(0, MSG_INFO, &queue_status);
	for (int i = 0; i <= last; i++) {
		one = msgctl(i, MSG_STAT, &queue_status);
		if (one >= 0)
			msgctl(one, IPC_RMID, NULL);
	}
	last = semctl(0, 0, SEM_INFO, argument);
	argument.buffer = &sem_status;
	for (int i = 0; i <= last; i++) {
		one = semctl(i, 0, SEM_STAT, argument);
		if (one >= 0)
			semctl(one, 0, IPC_RMID);
	}
	last = shmctl(0, SHM_INFO, &shm_status);
	for (int i = 0; i <= last; i++) {
		one = shmctl(i, SHM_STAT, &shm_status);
		if (one >= 0)
			shmctl(one, IPC_RMID, NULL);
	}
}

static int by_msgsnd(void)
{
	return result(msgsnd(id, &letter, 1, IPC_NOWAIT));
}

static int by_msgrcv(void)
{
	return result(msgrcv(id, &letter, sizeof(letter.text), 0, IPC_NOWAIT));
}

static int by_msgrcv_of_a_type(void)
{
	return result(msgrcv(id, &letter, sizeof(letter.text), 1, IPC_NOWAIT));
}

static int by_msgrcv32(void)
{
	return result(call32(401, id, LOW("a long and the text"), sizeof(letter.text), 1, IPC_NOWAIT));
}

static int by_msgget(void)
{
	return result(msgget(0x5ec0000 + getpid(), IPC_CREAT | IPC_EXCL | 0600));
}

static int by_msgctl(void)
{
	struct msqid_ds status;

	if (msgctl(id, IPC_STAT, &status) < 0)
		return TROUBLE;
	status.msg_qbytes = 1234;
	return result(msgctl(id, IPC_SET, &status));
}

static int by_msg_remove(void)
{
	return result(msgctl(id, IPC_RMID, NULL));
}

static int sem_make(void)
{
	id = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
	return result(id);
}

static int by_semget(void)
{
	return result(semget(0x5ec0000 + getpid(), 1, IPC_CREAT | IPC_EXCL | 0600));
}

static int by_setval(void)
{
	return result(semctl(id, 0, SETVAL, 77));
}

static int by_setall(void)
{
	unsigned short values[2] = { 77, 88 };

	return result(semctl(id, 0, SETALL, values));
}

static int by_semctl(void)
{
	struct semid_ds status;

	if (semctl(id, 0, IPC_STAT, &status) < 0)
		return TROUBLE;
	status.sem_perm.mode = 0644;
	return result(semctl(id, 0, IPC_SET, &status));
}

static int by_semop(void)
{
	struct sembuf add = { .sem_num = 0, .sem_op = 77 };

	return result(semop(id, &add, 1));
}

/* Who waited last is kept for each semaphore. */
static int by_waiting_for_zero(void)
{
	struct sembuf wait = { .sem_num = 0, .sem_op = 0, .sem_flg = IPC_NOWAIT };

	return result(semop(id, &wait, 1));
}

static int by_getval(void)
{
	return result(semctl(id, 0, GETVAL));
}

static int shm_make(void)
{
	id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	return result(id);
}

static int by_shmget(void)
{
	return result(shmget(0x5ec0000 + getpid(), 4096, IPC_CREAT | IPC_EXCL | 0600));
}

static int by_shmctl(void)
{
	struct shmid_ds status;

	if (shmctl(id, IPC_STAT, &status) < 0)
		return TROUBLE;
	status.shm_perm.mode = 0644;
	return result(shmctl(id, IPC_SET, &status));
}

FACILITY(add_key, key_add, by_add_key);
FACILITY(add_key_32, key_add, by_add_key32);
FACILITY(request_key, key_add, by_request_key);
FACILITY(request_key_32, key_add, by_request_key32);
FACILITY(key_update, key_add, by_key_update);
FACILITY(key_update_32, key_add, by_key_update32);
FACILITY(key_timeout, key_add, by_key_timeout);
FACILITY(key_permissions, key_add, by_key_permissions);
FACILITY(key_group, key_add, by_key_group);
FACILITY(key_revoke, key_add, by_key_revoke);
FACILITY(key_link, key_add, by_key_link);
FACILITY(key_search_and_link, key_add, by_key_search_and_link);
FACILITY(keyring_clear, key_add, by_keyring_clear);
FACILITY(keyring_name, NULL, by_keyring_name);
FIXTURE_VARIANT_ADD(facility, session_to_parent) {
	.before = key_add, .act = by_session_to_parent, .by_child = true
};
FACILITY(mq_send, queue_make, by_mq_send);
FACILITY(mq_send_32, queue_make, by_mq_send32);
FACILITY(mq_notify, queue_make, by_mq_notify);
FACILITY(mq_setattr, queue_make, by_mq_setattr);
FACILITY(mq_setattr_32, queue_make, by_mq_setattr32);
FACILITY(msgsnd, msg_make, by_msgsnd);
FACILITY(msgrcv, msg_make, by_msgrcv);
FACILITY(msgrcv_of_a_type, msg_make, by_msgrcv_of_a_type);
FACILITY(msgrcv_32, msg_make, by_msgrcv32);
FACILITY(msgget, NULL, by_msgget);
FACILITY(msgctl, msg_make, by_msgctl);
FACILITY(msg_remove, msg_make, by_msg_remove);
FACILITY(semget, NULL, by_semget);
FACILITY(setval, sem_make, by_setval);
FACILITY(setall, sem_make, by_setall);
FACILITY(semctl, sem_make, by_semctl);
FACILITY(semop, sem_make, by_semop);
FACILITY(semop_for_zero, sem_make, by_waiting_for_zero);
FACILITY(shmget, NULL, by_shmget);
FACILITY(shmctl, shm_make, by_shmctl);

/* What only asks goes on. */
static int by_key_read(void)
{
	char bytes[16];

	return result(syscall(SYS_keyctl, KEYCTL_READ, key, bytes, sizeof(bytes))) ?:
	       result(syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, bytes, sizeof(bytes))) ?:
	       result(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
			      "before", 0)) ?:
	       result(syscall(SYS_request_key, "user", "before", NULL, 0)) ?:
	       result(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0)) ?:
	       result(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL));
}

ASKING(keys, key_add, by_key_read);
ASKING(mq_receive, queue_make, by_mq_receive);
ASKING(mq_getattr, queue_make, by_mq_getattr);
ASKING(semaphores, sem_make, by_getval);

/* New names of queues are entries of a filesystem that is no zone. */
static int by_mq_open(void)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/mifeng-%d", getpid());
	fd = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
	if (fd < 0)
		return errno;
	mq_unlink(name);
	return 0;
}

FIXTURE(single) {};

FIXTURE_SETUP(single)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(single)
{
	stage_close();
}

TEST_F(single, names_of_queues)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, by_mq_open);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH, NULL);
}

TEST_HARNESS_MAIN
