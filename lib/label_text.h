/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for the numbers of the contract. The machine words (level_name() and its like)
 * are stable: they are in logs, JSON and policy files and are never translated. The
 * sentences are for people and go through gettext, domain "mifeng".
 *
 * Every *_name() returns "unknown" for a number it has no word for, every *_from_name()
 * returns 0 or -EINVAL and leaves its result alone on failure.
 */
#ifndef MIFENG_LABEL_TEXT_H
#define MIFENG_LABEL_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct policy;

#define MIFENG_TEXT_DOMAIN "mifeng"

/** level_name - none, confidential, secret or top-secret */
const char *level_name(unsigned int level);

/** level_name_zh - 秘密, 机密 or 绝密, as the regulations have it; 非密 for none */
const char *level_name_zh(unsigned int level);

/**
 * level_from_name - the level a person wrote
 * @name: the English word or the Chinese one
 * @ret: enum mifeng_level
 */
int level_from_name(const char *name, uint8_t *ret);

/** state_name - no-policy, active, degraded */
const char *state_name(unsigned int state);

/** mode_name - enforce, permissive */
const char *mode_name(unsigned int mode);
int mode_from_name(const char *name, uint8_t *ret);

/** removable_name - deny, read-only, ordinary */
const char *removable_name(unsigned int removable);
int removable_from_name(const char *name, uint8_t *ret);

/** role_name - unassigned, closed, classified, online */
const char *role_name(unsigned int role);
int role_from_name(const char *name, uint8_t *ret);

/** label_state_name - none, valid, malformed, newer, forged, unreadable, untrusted */
const char *label_state_name(unsigned int state);
int label_state_from_name(const char *name, uint8_t *ret);

/** verdict_name - denied, permitted, noted */
const char *verdict_name(unsigned int verdict);
int verdict_from_name(const char *name, uint8_t *ret);

/** operation_name - open, read, write, ... */
const char *operation_name(unsigned int operation);
int operation_from_name(const char *name, uint8_t *ret);

/** reason_name - not-cleared, unmarked-path, ... */
const char *reason_name(unsigned int reason);
int reason_from_name(const char *name, uint8_t *ret);

/**
 * reason_sentence - what happened and what to do about it, in the user's language
 * @reason: enum mifeng_reason
 *
 * Returns a static string; English unless the caller has set its locale.
 */
const char *reason_sentence(unsigned int reason);

/**
 * scopes_to_text - the compartments as people write them
 * @scopes: one bit each
 * @policy: gives the names; may be NULL: numbers then
 * @ret: "all", "none" or "finance,personnel"; a compartment without a name is its number;
 *	to be freed
 *
 * Returns 0 or -ENOMEM.
 */
int scopes_to_text(uint64_t scopes, const struct policy *policy, char **ret);

/**
 * scopes_from_text - the compartments a person wrote
 * @text: "all", "none", or names and numbers separated by commas
 * @policy: gives the names; may be NULL: numbers only
 * @ret: one bit each
 * @ret_bad: on -ENOENT the word that is not known, to be freed; may be NULL
 *
 * Returns 0, -ENOENT for an unknown name, -ERANGE for a number above 63, -EINVAL for an
 * empty word, or -ENOMEM.
 */
int scopes_from_text(const char *text, const struct policy *policy, uint64_t *ret,
		     char **ret_bad);

#endif /* MIFENG_LABEL_TEXT_H */
