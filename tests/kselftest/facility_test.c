// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facilities of the kernel that act for a program unseen, or keep a few words for everybody who
 * asks: whoever holds something classified does not get them.
 */
#include <linux/aio_abi.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>

#include "support/suite.h"

#ifndef IORING_SETUP_NO_MMAP
#define IORING_SETUP_NO_MMAP		(1U << 14)
#define IORING_SETUP_REGISTERED_FD_ONLY (1U << 15)
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)
#endif

/* What Debian keeps from unprivileged programs by a setting is given to them here. */
static const struct {
	const char *path, *value;
} settings[] = {
	{ "/proc/sys/kernel/unprivileged_bpf_disabled", "0" },
	{ "/proc/sys/kernel/perf_event_paranoid", "1" },
	{ "/proc/sys/kernel/io_uring_disabled", "0" },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static char settings_before[SETTINGS][16];

static void setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, value, strlen(value)) < 0)
			fprintf(stderr, "# %s: %s\n", path, strerror(errno));
		close(fd);
	}
}

static void settings_open(void)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		int fd = open(settings[i].path, O_RDONLY | O_CLOEXEC);
		ssize_t length;

		settings_before[i][0] = '\0';
		if (fd < 0)
			continue; /* 6.1 cannot switch io_uring off */
		length = read(fd, settings_before[i], sizeof(settings_before[i]) - 1);
		settings_before[i][length < 0 ? 0 : length] = '\0';
		close(fd);
		setting_write(settings[i].path, settings[i].value);
	}
}

static void settings_close(void)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (settings_before[i][0])
			setting_write(settings[i].path, settings_before[i]);
}

/* Memory that 32-bit pointers reach. */
static void *low(const void *bytes, size_t size)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (memory == MAP_FAILED)
		_exit(TROUBLE);
	memcpy(memory, bytes, size);
	return memory;
}

#define LOW(text) ((long)low(text, sizeof(text)))

/* Rings, contexts, events. */
static int ring(unsigned int flags)
{
	struct io_uring_params parameters = { .flags = flags };

	return (int)syscall(SYS_io_uring_setup, 4, &parameters);
}

static int by_ring(void)
{
	return result(ring(0));
}

static int by_aio(void)
{
	aio_context_t context = 0;

	return result(syscall(SYS_io_setup, 4, &context));
}

static int by_aio32(void)
{
	return result(call32(245, 4, LOW("\0\0\0\0"), 0, 0, 0));
}

static int by_userfaultfd(void)
{
	return result(syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
}

static int by_bpf(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
	};

	return result(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

static int perf_open(pid_t pid)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attributes),
		.config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attributes, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int by_perf(void)
{
	return result(perf_open(0));
}

static int listen_to_me(unsigned int flags)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program);
}

static int by_listener(void)
{
	return result(listen_to_me(0));
}

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
static void ids_remove(void)
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

static int by_waiting_for_zero(void)
{
	struct sembuf wait = { .sem_num = 0, .sem_op = 0, .sem_flg = IPC_NOWAIT };

	return result(semop(id, &wait, 1)) ?: result(semctl(id, 0, GETVAL));
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

/* Names and mounts, as root of a user namespace. */
static int own_namespaces(void)
{
	int error = namespace_enter(CLONE_NEWNS | CLONE_NEWUTS, 0);

	return error ? error : result(mount("before", "directory", "tmpfs", 0, NULL));
}

static int by_hostname(void)
{
	return result(sethostname("classified", 10));
}

static int by_hostname32(void)
{
	return result(call32(74, LOW("classified"), 10, 0, 0, 0));
}

static int by_domainname(void)
{
	return result(setdomainname("classified", 10));
}

static int by_mount(void)
{
	return result(mount("classified words", "directory", "tmpfs", 0, NULL));
}

static int by_umount(void)
{
	return result(umount("directory"));
}

static int by_fsconfig(void)
{
	int fd = (int)syscall(SYS_fsopen, "tmpfs", 0);

	if (fd < 0)
		return TROUBLE;
	return result(syscall(SYS_fsconfig, fd, FSCONFIG_SET_STRING, "source", "classified", 0));
}

static int by_move_mount(void)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, "directory", OPEN_TREE_CLONE);

	if (fd < 0)
		return TROUBLE;
	return result(syscall(SYS_move_mount, fd, "", AT_FDCWD, "directory",
			      MOVE_MOUNT_F_EMPTY_PATH));
}

static int by_mount_setattr(void)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_NOEXEC };

	return result(syscall(SYS_mount_setattr, AT_FDCWD, "directory", 0, &attributes,
			      sizeof(attributes)));
}

/* What only root may do, by a program that was given just that right. */
static int by_settime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return result(clock_settime(CLOCK_REALTIME, &now));
}

static int by_adjtime(void)
{
	struct timex adjustment = { .modes = ADJ_MAXERROR, .maxerror = 12345 };

	return adjtimex(&adjustment) < 0 ? errno : 0;
}

static int by_reading_the_clock(void)
{
	struct timex adjustment = { .modes = 0 };

	return adjtimex(&adjustment) < 0 ? errno : 0;
}

static int by_acct(void)
{
	return result(acct(NULL));
}

static int by_kexec(void)
{
	return result(syscall(SYS_kexec_load, 0, 0, NULL, 0));
}

/* These come as far as to look at what they were given, which is no good. */
static int by_module(void)
{
	int fd = open(stage.directory[PLACE_UNMARKED], O_RDONLY | O_DIRECTORY);
	int file = openat(fd, "ordinary/file", O_RDONLY);
	int error = result(syscall(SYS_finit_module, file, "", 0));

	return error == ENOEXEC ? 0 : error;
}

static int by_swapon(void)
{
	int error = result(syscall(SYS_swapon, "file", 0));

	return error == EINVAL ? 0 : error;
}

static int by_quota(void)
{
	char block[512] = "";
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	int error = result(syscall(SYS_quotactl_fd, fd, 0x80000800U /* Q_SETQUOTA, users */, CLEARED,
				   block));

	return error == ESRCH ? 0 : error;
}

FIXTURE(facility) {};

FIXTURE_VARIANT(facility)
{
	int (*before)(void);
	int (*act)(void);
	int capability;
};

#define FACILITY(name, before_, act_)						\
	FIXTURE_VARIANT_ADD(facility, name) { .before = before_, .act = act_ }
#define FACILITY_OF_ROOT(name, act_, capability_)				\
	FIXTURE_VARIANT_ADD(facility, name) { .act = act_, .capability = capability_ }

FACILITY(io_uring, NULL, by_ring);
FACILITY(aio, NULL, by_aio);
FACILITY(aio_32, NULL, by_aio32);
FACILITY(userfaultfd, NULL, by_userfaultfd);
FACILITY(bpf, NULL, by_bpf);
FACILITY(perf, NULL, by_perf);
FACILITY(seccomp_listener, NULL, by_listener);
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
FACILITY(session_to_parent, key_add, by_session_to_parent);
FACILITY(mq_send, queue_make, by_mq_send);
FACILITY(mq_send_32, queue_make, by_mq_send32);
FACILITY(mq_notify, queue_make, by_mq_notify);
FACILITY(msgsnd, msg_make, by_msgsnd);
FACILITY(msgget, NULL, by_msgget);
FACILITY(msgctl, msg_make, by_msgctl);
FACILITY(msg_remove, msg_make, by_msg_remove);
FACILITY(semget, NULL, by_semget);
FACILITY(setval, sem_make, by_setval);
FACILITY(setall, sem_make, by_setall);
FACILITY(semctl, sem_make, by_semctl);
FACILITY(semop, sem_make, by_semop);
FACILITY(shmget, NULL, by_shmget);
FACILITY(shmctl, shm_make, by_shmctl);
FACILITY(hostname, own_namespaces, by_hostname);
FACILITY(hostname_32, own_namespaces, by_hostname32);
FACILITY(domainname, own_namespaces, by_domainname);
FACILITY(mount, own_namespaces, by_mount);
FACILITY(umount, own_namespaces, by_umount);
FACILITY(fsconfig, own_namespaces, by_fsconfig);
FACILITY(move_mount, own_namespaces, by_move_mount);
FACILITY(mount_setattr, own_namespaces, by_mount_setattr);
FACILITY_OF_ROOT(settime, by_settime, CAP_SYS_TIME);
FACILITY_OF_ROOT(adjtime, by_adjtime, CAP_SYS_TIME);
FACILITY_OF_ROOT(acct, by_acct, CAP_SYS_PACCT);
FACILITY_OF_ROOT(kexec, by_kexec, CAP_SYS_BOOT);
FACILITY_OF_ROOT(module, by_module, CAP_SYS_MODULE);
FACILITY_OF_ROOT(swapon, by_swapon, CAP_SYS_ADMIN);
FACILITY_OF_ROOT(quota, by_quota, CAP_SYS_ADMIN);

FIXTURE_SETUP(facility)
{
	ASSERT_RIGHT(stage_open());
	settings_open();
}

FIXTURE_TEARDOWN(facility)
{
	settings_close();
	ids_remove();
	stage_close();
}

TEST_F(facility, is_for_the_untainted)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = variant->before;
	deed.capability = variant->capability;
	outcome = deed_do(&deed);
	if (variant->act == by_session_to_parent)
		outcome.pid = 0; /* its child tries */
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_SETUP, MIFENG_REASON_FACILITY, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

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

static int by_plain_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

FIXTURE(asking) {};

FIXTURE_VARIANT(asking)
{
	int (*before)(void);
	int (*act)(void);
};

#define ASKING(name, before_, act_)						\
	FIXTURE_VARIANT_ADD(asking, name) { .before = before_, .act = act_ }

ASKING(keys, key_add, by_key_read);
ASKING(mq_receive, queue_make, by_mq_receive);
ASKING(msgrcv, msg_make, by_msgrcv);
ASKING(semaphores, sem_make, by_waiting_for_zero);
ASKING(clock, NULL, by_reading_the_clock);
ASKING(seccomp_filter, NULL, by_plain_filter);

FIXTURE_SETUP(asking)
{
	ASSERT_RIGHT(stage_open());
}

FIXTURE_TEARDOWN(asking)
{
	ids_remove();
	stage_close();
}

TEST_F(asking, is_for_all)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, variant->act);
	struct outcome outcome;

	deed.before = variant->before;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

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
	settings_open();
}

FIXTURE_TEARDOWN(single)
{
	settings_close();
	stage_close();
}

TEST_F(single, names_of_queues)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, by_mq_open);
	struct outcome outcome = deed_do(&deed);

	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_CREATE, MIFENG_REASON_UNMARKED_PATH, NULL);
}

/*
 * What was set up before: the document is not read then. Each leaves the program with something
 * somebody else may hold the other end of.
 */
static int with_ring(void)
{
	return ring(0) < 0 ? TROUBLE : document_read();
}

static int in_child(int (*leave)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(leave() ? TROUBLE : document_read());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

static int nothing(void)
{
	return 0;
}

static int ring_fd;

static int ring_close(void)
{
	return result(close(ring_fd));
}

static int with_ring_inherited(void)
{
	return ring(0) < 0 ? TROUBLE : in_child(nothing);
}

/* The descriptor is gone, the memory shared with the parent is there. */
static int with_ring_mapped_before_fork(void)
{
	ring_fd = ring(0);
	if (ring_fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd,
				IORING_OFF_SQ_RING) == MAP_FAILED)
		return TROUBLE;
	return in_child(ring_close);
}

static int with_ring_and_poller(void)
{
	ring_fd = ring(IORING_SETUP_SQPOLL);
	if (ring_fd < 0)
		return TROUBLE;
	close(ring_fd);
	return document_read();
}

/* No descriptor at all, where the kernel can do that. */
static int with_ring_registered(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct io_uring_params parameters = {
		.flags = IORING_SETUP_NO_MMAP | IORING_SETUP_REGISTERED_FD_ONLY,
	};

	/* the last member of each, which the headers of Debian 12 do not name yet */
	((uint64_t *)(&parameters.sq_off + 1))[-1] = (uintptr_t)memory + 4096;
	((uint64_t *)(&parameters.cq_off + 1))[-1] = (uintptr_t)memory;
	if (syscall(SYS_io_uring_setup, 4, &parameters) < 0)
		return errno == EINVAL ? with_ring() : TROUBLE;
	return document_read();
}

static int with_ring_after_exec(void)
{
	ring_fd = ring(0);
	if (ring_fd < 0 || fcntl(ring_fd, F_SETFD, 0) < 0)
		return TROUBLE;
	execlp("cat", "cat", stage.document, NULL);
	return TROUBLE;
}

static int with_aio(void)
{
	return by_aio() ? TROUBLE : document_read();
}

static int with_aio_ring_inherited(void)
{
	return by_aio() ? TROUBLE : in_child(nothing);
}

static int with_userfaultfd_handed_over(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0)
		return TROUBLE;
	close(fd);
	return document_read();
}

static int with_perf_event(void)
{
	return perf_open(0) < 0 ? TROUBLE : document_read();
}

static int with_map_of_bpf(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};
	int fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));

	if (fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED)
		return TROUBLE;
	return document_read();
}

static int with_listener(void)
{
	int fd = listen_to_me(0);

	if (fd < 0)
		return TROUBLE;
	close(fd);
	return document_read();
}

static int with_listener_of_parent(void)
{
	return listen_to_me(0) < 0 ? TROUBLE : in_child(nothing);
}

static int with_listener_after_exec(void)
{
	if (listen_to_me(0) < 0)
		return TROUBLE;
	execlp("cat", "cat", stage.document, NULL);
	return TROUBLE;
}

static volatile int told, answered = -1;

/* What the child reads is its own: nothing but its mark says that it has the filter. */
static int read_in_child_when_told(void *answer)
{
	int status = 0;
	long pid;

	while (!told)
		sched_yield();
	pid = syscall(SYS_fork);
	if (!pid)
		_exit(document_read());
	syscall(SYS_wait4, pid, &status, 0, NULL);
	*(volatile int *)answer = WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
	syscall(SYS_exit, 0);
	return 0;
}

/* One thread asks for the filter for all of them, the child of another one reads. */
static int with_listener_of_all_threads(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	if (clone(read_in_child_when_told, stack + sizeof(stack),
		  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM,
		  (void *)&answered) < 0 ||
	    listen_to_me(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH) < 0)
		return TROUBLE;
	told = 1;
	while (answered < 0)
		sched_yield();
	return answered;
}

FIXTURE(unclean) {};

FIXTURE_VARIANT(unclean)
{
	int (*act)(void);
	int error;
};

#define UNCLEAN(name, act_, error_)						\
	FIXTURE_VARIANT_ADD(unclean, name) { .act = act_, .error = error_ }

UNCLEAN(io_uring, with_ring, EACCES);
UNCLEAN(io_uring_inherited, with_ring_inherited, EACCES);
UNCLEAN(io_uring_mapped_before_fork, with_ring_mapped_before_fork, EACCES);
UNCLEAN(io_uring_with_poller, with_ring_and_poller, EACCES);
UNCLEAN(io_uring_registered, with_ring_registered, EACCES);
UNCLEAN(io_uring_after_exec, with_ring_after_exec, 1);
UNCLEAN(aio, with_aio, EACCES);
UNCLEAN(aio_ring_inherited, with_aio_ring_inherited, EACCES);
UNCLEAN(userfaultfd_handed_over, with_userfaultfd_handed_over, EACCES);
UNCLEAN(perf_event, with_perf_event, EACCES);
UNCLEAN(map_of_bpf, with_map_of_bpf, EACCES);
UNCLEAN(listener, with_listener, EACCES);
UNCLEAN(listener_of_parent, with_listener_of_parent, EACCES);
UNCLEAN(listener_after_exec, with_listener_after_exec, 1);
UNCLEAN(listener_of_all_threads, with_listener_of_all_threads, EACCES);

FIXTURE_SETUP(unclean)
{
	ASSERT_RIGHT(stage_open());
	settings_open();
}

FIXTURE_TEARDOWN(unclean)
{
	settings_close();
	stage_close();
}

TEST_F(unclean, is_not_raised)
{
	struct deed deed = DEED(false, PLACE_UNMARKED, variant->act);
	struct outcome outcome = deed_do(&deed);

	outcome.pid = 0; /* some read in a child */
	EXPECT_DENIED(&outcome, variant->error, 0, MIFENG_REASON_NOT_CLEAN, "document");
}

/* Memory of the kernel that was set up before, mapped afterwards. */
static int map_fd;

static int map_make(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
	};

	map_fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
	return result(map_fd);
}

static int map_map(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0) == MAP_FAILED ?
		       errno :
		       0;
}

TEST_F(single, maps_of_bpf_are_not_mapped_afterwards)
{
	struct deed deed = DEED(true, PLACE_UNMARKED, map_map);
	struct outcome outcome;

	deed.before = map_make;
	outcome = deed_do(&deed);
	EXPECT_DENIED(&outcome, EACCES, MIFENG_OP_MAP, MIFENG_REASON_FACILITY, NULL);
	deed.taint = false;
	outcome = deed_do(&deed);
	EXPECT_ALLOWED(&outcome);
}

TEST_HARNESS_MAIN
