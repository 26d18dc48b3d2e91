// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "log_chain.h"

static void fault(struct log_verdict *verdict, uint64_t segment, uint64_t line, const char *why)
{
	verdict->bad_segment = segment;
	verdict->bad_line = line;
	verdict->why = why;
}

static int verify_segment(int directory_fd, uint64_t number, bool last,
			  struct log_chain *chain, struct log_verdict *verdict)
{
	struct log_check check = { .chain = chain };
	char name[LOG_NAME_SIZE];
	int fd, r;

	log_segment_name(number, name);
	fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	r = log_check_segment(&check, fd, number);
	close(fd);
	if (r < 0)
		return r;
	verdict->segments++;
	verdict->lines += check.lines;
	verdict->bytes += check.good;
	if (check.why)
		fault(verdict, number, check.bad_line, check.why);
	else if (check.torn && !last)
		fault(verdict, number, check.lines + 1, "the segment ends within a line");
	else if (!check.lines && !last)
		fault(verdict, number, 1, "the segment is empty");
	else
		verdict->torn = check.torn > 0;
	return verdict->why ? -EBADMSG : 0;
}

int log_verify(const char *directory, struct log_verdict *ret)
{
	struct log_verdict verdict = { 0 };
	struct log_chain chain;
	uint64_t *numbers;
	size_t count;
	int fd, r;

	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = log_segment_list(fd, &numbers, &count);
	if (r < 0)
		goto close_fd;
	if (!count) {
		r = -ENOENT;
		goto free_numbers;
	}
	r = log_chain_init(&chain);
	if (r < 0)
		goto free_numbers;
	for (size_t i = 0; i < count && r >= 0; i++) {
		if (numbers[i] != i + 1) {
			fault(&verdict, i + 1, 1, "the segment is missing");
			r = -EBADMSG;
		} else {
			r = verify_segment(fd, numbers[i], i + 1 == count, &chain, &verdict);
		}
	}
	if (!r || r == -EBADMSG) {
		log_hash_format(chain.head, verdict.head);
		*ret = verdict;
	}
	log_chain_exit(&chain);
free_numbers:
	free(numbers);
close_fd:
	close(fd);
	return r;
}
