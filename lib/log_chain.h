/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The format of the log, shared by its writer, reader and verifier: names of segments,
 * the hash of a line, the header.
 */
#ifndef MIFENG_LOG_CHAIN_H
#define MIFENG_LOG_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "log_segment.h"

#define LOG_HASH_TEXT	(2 * LOG_HASH_SIZE)	/* digits, without a NUL */
#define LOG_JSON_AT	(LOG_HASH_TEXT + 1)	/* offset of the JSON in a line */
#define LOG_NAME_SIZE	32			/* "00000001.log" and the NUL */

struct evp_md_st;
struct evp_md_ctx_st;

/**
 * struct log_chain - hashes lines
 * @context: of libcrypto
 * @algorithm: SHA-256, fetched once: a fetch per line costs more than the hash
 * @head: hash of the last line
 */
struct log_chain {
	struct evp_md_ctx_st *context;
	struct evp_md_st *algorithm;
	unsigned char head[LOG_HASH_SIZE];
};

/** log_chain_init - start with 32 zero bytes as head; -ENOMEM */
int log_chain_init(struct log_chain *chain);

/** log_chain_exit - free; a zeroed one will do */
void log_chain_exit(struct log_chain *chain);

/**
 * log_chain_add - take one more line into the chain
 * @chain: its @head becomes the hash of the line
 * @json: of the line
 * @length: of @json
 *
 * Returns 0, or -ENOMEM if libcrypto fails; @head is as before then.
 */
int log_chain_add(struct log_chain *chain, const char *json, size_t length);

/** log_hash_format - write LOG_HASH_TEXT digits and a NUL */
void log_hash_format(const unsigned char hash[LOG_HASH_SIZE], char ret[LOG_HASH_TEXT + 1]);

/** log_hash_parse - read LOG_HASH_TEXT digits; -EBADMSG */
int log_hash_parse(const char *text, unsigned char ret[LOG_HASH_SIZE]);

/** log_segment_name - name of the file of a segment */
void log_segment_name(uint64_t number, char ret[LOG_NAME_SIZE]);

/**
 * log_segment_list - the numbers of all segments of a log, ascending
 * @directory_fd: the log
 * @ret: to be freed
 * @ret_count: how many
 *
 * Returns 0, -ENOMEM or the errno of the directory.
 */
int log_segment_list(int directory_fd, uint64_t **ret, size_t *ret_count);

/**
 * struct log_check - the lines of one segment, checked one by one
 * @chain: its head is what the first line must be chained to
 * @lines: good ones so far
 * @good: byte offset behind the last good line
 * @torn: bytes of an incomplete last line
 * @why: the first fault, static; NULL if there is none
 * @bad_line: its line, from 1
 */
struct log_check {
	struct log_chain *chain;
	uint64_t lines;
	uint64_t good;
	uint64_t torn;
	const char *why;
	uint64_t bad_line;
};

/**
 * log_check_segment - check a segment from its first line to its last
 * @check: @chain is given; the rest is filled in
 * @fd: the segment, open for reading, read from offset 0
 * @number: the header must name it
 *
 * Returns 0 (look at @why), -ENOMEM or the errno of the file.
 */
int log_check_segment(struct log_check *check, int fd, uint64_t number);

#endif /* MIFENG_LOG_CHAIN_H */
