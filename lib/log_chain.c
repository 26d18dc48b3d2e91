// SPDX-License-Identifier: GPL-2.0-or-later
#include "log_chain.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

int log_chain_init(struct log_chain *chain)
{
	struct log_chain made = { 0 };

	made.context = EVP_MD_CTX_new();
	made.algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!made.context || !made.algorithm) {
		log_chain_exit(&made);
		return -ENOMEM;
	}
	*chain = made;
	return 0;
}

void log_chain_exit(struct log_chain *chain)
{
	EVP_MD_CTX_free(chain->context);
	EVP_MD_free(chain->algorithm);
	*chain = (struct log_chain){ 0 };
}

int log_chain_add(struct log_chain *chain, const char *json, size_t length)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int size;

	if (!EVP_DigestInit_ex2(chain->context, chain->algorithm, NULL) ||
	    !EVP_DigestUpdate(chain->context, chain->head, LOG_HASH_SIZE) ||
	    !EVP_DigestUpdate(chain->context, json, length) ||
	    !EVP_DigestFinal_ex(chain->context, hash, &size) || size != LOG_HASH_SIZE)
		return -ENOMEM;
	memcpy(chain->head, hash, LOG_HASH_SIZE);
	return 0;
}

void log_hash_format(const unsigned char hash[LOG_HASH_SIZE], char ret[LOG_HASH_TEXT + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < LOG_HASH_SIZE; i++) {
		ret[2 * i] = digits[hash[i] >> 4];
		ret[2 * i + 1] = digits[hash[i] & 15];
	}
	ret[LOG_HASH_TEXT] = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int log_hash_parse(const char *text, unsigned char ret[LOG_HASH_SIZE])
{
	unsigned char hash[LOG_HASH_SIZE];

	for (size_t i = 0; i < LOG_HASH_SIZE; i++) {
		int high = digit(text[2 * i]);
		int low = high < 0 ? -1 : digit(text[2 * i + 1]);

		if (low < 0)
			return -EBADMSG;
		hash[i] = (unsigned char)(high << 4 | low);
	}
	memcpy(ret, hash, LOG_HASH_SIZE);
	return 0;
}

void log_segment_name(uint64_t number, char ret[LOG_NAME_SIZE])
{
	snprintf(ret, LOG_NAME_SIZE, "%08" PRIu64 ".log", number);
}

/* Returns 0 for a name that is none of a segment. */
static uint64_t segment_number(const char *name)
{
	char canonical[LOG_NAME_SIZE];
	uint64_t number;

	if (strspn(name, "0123456789") < 8 || strlen(name) > 20)
		return 0;
	number = strtoull(name, NULL, 10);
	log_segment_name(number, canonical);
	return strcmp(name, canonical) ? 0 : number;
}

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

int log_segment_list(int directory_fd, uint64_t **ret, size_t *ret_count)
{
	size_t count = 0, capacity = 0;
	uint64_t *numbers = NULL;
	struct dirent *entry;
	DIR *directory;
	int r = 0;
	int fd;

	fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	directory = fdopendir(fd);
	if (!directory) {
		r = -errno;
		close(fd);
		return r;
	}
	while (errno = 0, (entry = readdir(directory))) {
		uint64_t number = segment_number(entry->d_name);

		if (!number)
			continue;
		if (count == capacity) {
			uint64_t *more;

			capacity = capacity ? 2 * capacity : 16;
			more = reallocarray(numbers, capacity, sizeof(*numbers));
			if (!more) {
				r = -ENOMEM;
				break;
			}
			numbers = more;
		}
		numbers[count++] = number;
	}
	if (!r && errno)
		r = -errno;
	closedir(directory);
	if (r < 0) {
		free(numbers);
		return r;
	}
	if (count)
		qsort(numbers, count, sizeof(*numbers), by_number);
	*ret = numbers;
	*ret_count = count;
	return 0;
}
