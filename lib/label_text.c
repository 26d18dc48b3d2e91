// SPDX-License-Identifier: GPL-2.0-or-later
#include "label_text.h"

#include <errno.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

#include <mifeng.h>

#include "policy.h"
#include "text_buffer.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define COVERS(table, last) \
	_Static_assert(COUNT(table) == (last) + 1, #table " does not cover its enum")

static const char *const level_names[] = {
	[MIFENG_LEVEL_NONE] = "none",
	[MIFENG_LEVEL_CONFIDENTIAL] = "confidential",
	[MIFENG_LEVEL_SECRET] = "secret",
	[MIFENG_LEVEL_TOP_SECRET] = "top-secret",
};
COVERS(level_names, MIFENG_LEVEL_MAX);

static const char *const level_names_zh[] = {
	[MIFENG_LEVEL_NONE] = "非密",
	[MIFENG_LEVEL_CONFIDENTIAL] = "秘密",
	[MIFENG_LEVEL_SECRET] = "机密",
	[MIFENG_LEVEL_TOP_SECRET] = "绝密",
};
COVERS(level_names_zh, MIFENG_LEVEL_MAX);

static const char *const state_names[] = {
	[MIFENG_STATE_NO_POLICY] = "no-policy",
	[MIFENG_STATE_ACTIVE] = "active",
	[MIFENG_STATE_DEGRADED] = "degraded",
};
COVERS(state_names, MIFENG_STATE_DEGRADED);

static const char *const mode_names[] = {
	[MIFENG_MODE_ENFORCE] = "enforce",
	[MIFENG_MODE_PERMISSIVE] = "permissive",
};
COVERS(mode_names, MIFENG_MODE_MAX);

static const char *const removable_names[] = {
	[MIFENG_REMOVABLE_DENY] = "deny",
	[MIFENG_REMOVABLE_READ_ONLY] = "read-only",
	[MIFENG_REMOVABLE_ORDINARY] = "ordinary",
};
COVERS(removable_names, MIFENG_REMOVABLE_MAX);

static const char *const role_names[] = {
	[MIFENG_ROLE_UNASSIGNED] = "unassigned",
	[MIFENG_ROLE_CLOSED] = "closed",
	[MIFENG_ROLE_CLASSIFIED] = "classified",
	[MIFENG_ROLE_ONLINE] = "online",
};
COVERS(role_names, MIFENG_ROLE_MAX);

static const char *const label_state_names[] = {
	[MIFENG_LABEL_NONE] = "none",
	[MIFENG_LABEL_VALID] = "valid",
	[MIFENG_LABEL_MALFORMED] = "malformed",
	[MIFENG_LABEL_NEWER] = "newer",
	[MIFENG_LABEL_FORGED] = "forged",
	[MIFENG_LABEL_UNREADABLE] = "unreadable",
	[MIFENG_LABEL_UNTRUSTED] = "untrusted",
};
COVERS(label_state_names, MIFENG_LABEL_UNTRUSTED);

static const char *const verdict_names[] = {
	[MIFENG_VERDICT_DENIED] = "denied",
	[MIFENG_VERDICT_PERMITTED] = "permitted",
	[MIFENG_VERDICT_NOTED] = "noted",
};
COVERS(verdict_names, MIFENG_VERDICT_NOTED);

static const char *const operation_names[] = {
	[MIFENG_OP_NONE] = "none",
	[MIFENG_OP_OPEN] = "open",
	[MIFENG_OP_READ] = "read",
	[MIFENG_OP_MAP] = "map",
	[MIFENG_OP_EXEC] = "exec",
	[MIFENG_OP_WRITE] = "write",
	[MIFENG_OP_CREATE] = "create",
	[MIFENG_OP_LINK] = "link",
	[MIFENG_OP_SYMLINK] = "symlink",
	[MIFENG_OP_UNLINK] = "unlink",
	[MIFENG_OP_RENAME] = "rename",
	[MIFENG_OP_SETATTR] = "setattr",
	[MIFENG_OP_SETXATTR] = "setxattr",
	[MIFENG_OP_RELABEL] = "relabel",
	[MIFENG_OP_CONNECT] = "connect",
	[MIFENG_OP_SEND] = "send",
	[MIFENG_OP_PTRACE] = "ptrace",
	[MIFENG_OP_COREDUMP] = "coredump",
	[MIFENG_OP_MARK] = "mark",
	[MIFENG_OP_POLICY] = "policy",
	[MIFENG_OP_FORK] = "fork",
	[MIFENG_OP_UNLOAD] = "unload",
	[MIFENG_OP_SELFTEST] = "self-test",
	[MIFENG_OP_RECEIVE] = "receive",
	[MIFENG_OP_IOCTL] = "ioctl",
	[MIFENG_OP_SETUP] = "setup",
	[MIFENG_OP_LOOKUP] = "lookup",
	[MIFENG_OP_GETATTR] = "getattr",
	[MIFENG_OP_LOCK] = "lock",
	[MIFENG_OP_ROLE] = "role",
};
COVERS(operation_names, MIFENG_OP_MAX);

static const char *const reason_names[] = {
	[MIFENG_REASON_NONE] = "none",
	[MIFENG_REASON_NOT_CLEARED] = "not-cleared",
	[MIFENG_REASON_PINNED] = "pinned",
	[MIFENG_REASON_NO_POLICY] = "no-policy",
	[MIFENG_REASON_BAD_LABEL] = "bad-label",
	[MIFENG_REASON_NOT_CLEAN] = "not-clean",
	[MIFENG_REASON_UNMARKED_PATH] = "unmarked-path",
	[MIFENG_REASON_CEILING] = "ceiling",
	[MIFENG_REASON_REMOVABLE_MEDIUM] = "removable-medium",
	[MIFENG_REASON_NETWORK] = "network",
	[MIFENG_REASON_DEVICE] = "device",
	[MIFENG_REASON_LEAVES_ZONE] = "leaves-zone",
	[MIFENG_REASON_LABEL_PROTECTED] = "label-protected",
	[MIFENG_REASON_OTHER_PROGRAM] = "other-program",
	[MIFENG_REASON_NO_MEMORY] = "no-memory",
	[MIFENG_REASON_MAPPED] = "mapped",
	[MIFENG_REASON_IN_USE] = "in-use",
	[MIFENG_REASON_ADMINISTRATIVE] = "administrative",
	[MIFENG_REASON_LOSS] = "loss",
	[MIFENG_REASON_HOOK_DEAD] = "hook-dead",
	[MIFENG_REASON_PINNED_PEER] = "pinned-peer",
	[MIFENG_REASON_READERS_BUSY] = "readers-busy",
	[MIFENG_REASON_FACILITY] = "facility",
	[MIFENG_REASON_LOCKED] = "locked",
	[MIFENG_REASON_OUTSIDE] = "outside",
	[MIFENG_REASON_ROLE] = "role",
};
COVERS(reason_names, MIFENG_REASON_MAX);

/* Marks a sentence for the translators; it is translated when it is shown. */
#define N_(text) text

static const char *const reason_sentences[] = {
	[MIFENG_REASON_NONE] = N_("No reason was given."),
	[MIFENG_REASON_NOT_CLEARED] =
		N_("You are not cleared for this file's level or scope. "
		   "Ask the security officer for a clearance, or whoever gave you the file "
		   "whether it is meant for you."),
	[MIFENG_REASON_PINNED] =
		N_("A system service, or a program that a whole session shares, may not take in "
		   "classified material. Open the file from your own login session, with a "
		   "program that serves nothing else."),
	[MIFENG_REASON_NO_POLICY] =
		N_("No valid policy is in force, so labelled files stay closed. "
		   "Tell the administrator to look at mifengctl status."),
	[MIFENG_REASON_BAD_LABEL] =
		N_("The file's label is damaged, forged or from a newer version, "
		   "so the file stays closed. Tell the security officer; do not try to repair it."),
	[MIFENG_REASON_NOT_CLEAN] =
		N_("This program still has a way out that cannot be watched, so it may not read "
		   "classified material. Start it again and open the classified file first."),
	[MIFENG_REASON_UNMARKED_PATH] =
		N_("This program has read classified material, and the place is not one for "
		   "classified files. Save it inside a classified directory instead."),
	[MIFENG_REASON_CEILING] =
		N_("The material is classified higher than this directory may hold. "
		   "Save it in a directory with a higher ceiling, or ask the security officer "
		   "which one to use."),
	[MIFENG_REASON_REMOVABLE_MEDIUM] =
		N_("Classified material may not be written to removable media. "
		   "Ask the security officer for a registered medium."),
	[MIFENG_REASON_NETWORK] =
		N_("This program has read classified material, and classified material never goes "
		   "on the network. Use a program that has not read any."),
	[MIFENG_REASON_DEVICE] =
		N_("This program has read classified material and may not write to a device. "
		   "Ask the security officer for an approved way of output."),
	[MIFENG_REASON_LEAVES_ZONE] =
		N_("A classified file may not leave the directory tree it is kept in. "
		   "Move it only within a classified directory."),
	[MIFENG_REASON_LABEL_PROTECTED] =
		N_("Labels cannot be changed by hand, not even by the administrator. "
		   "Use mifengctl mark to raise one; only the authority that set it lowers it."),
	[MIFENG_REASON_OTHER_PROGRAM] =
		N_("The other program has read classified material, and its memory is as classified "
		   "as that. Look at it from a program that may read the same file."),
	[MIFENG_REASON_NO_MEMORY] =
		N_("The system ran out of memory and could not keep account of the material, "
		   "so the operation was refused. Close some programs and try again."),
	[MIFENG_REASON_MAPPED] =
		N_("Another program has the file mapped into its memory, so its label cannot be "
		   "raised now. Close that program and try again."),
	[MIFENG_REASON_IN_USE] =
		N_("The module guards this machine and cannot be unloaded while a policy is in "
		   "force. Restart the machine without it if you must."),
	[MIFENG_REASON_ADMINISTRATIVE] =
		N_("An administrative act was carried out and is noted here."),
	[MIFENG_REASON_LOSS] =
		N_("Records were lost here because too many came at once. "
		   "Tell the security officer; the count says how many."),
	[MIFENG_REASON_HOOK_DEAD] =
		N_("A self-test that had to be refused was not, so protection is incomplete and "
		   "labelled files stay closed. Tell the administrator at once."),
	[MIFENG_REASON_PINNED_PEER] =
		N_("This program has read classified material, and what it talks to serves "
		   "others as well and may not take any in. Write to a file in a classified directory instead."),
	[MIFENG_REASON_READERS_BUSY] =
		N_("Another program is reading there and could not be stopped in time, so nothing "
		   "classified was passed to it. Try again, or end that program first."),
	[MIFENG_REASON_FACILITY] =
		N_("This program has read classified material and may not use this facility of the "
		   "kernel, which would act for it unseen. Use a program that has not read any."),
	[MIFENG_REASON_LOCKED] =
		N_("This machine is locked, and this is closed to everybody, the administrator "
		   "included, until it starts again. Do it right after the next start, before "
		   "mifengctl lock, and tell the security officer."),
	[MIFENG_REASON_OUTSIDE] =
		N_("This is a classified machine, and the destination is in none of its internal "
		   "networks: classified machines never go online. Use an online machine, or ask the "
		   "administrator whether that network is one of this institution's own."),
	[MIFENG_REASON_ROLE] =
		N_("This machine has not been commissioned for classified material, so labelled files "
		   "stay closed on it. Use a classified machine, or tell the administrator to look at "
		   "mifengctl role."),
};
COVERS(reason_sentences, MIFENG_REASON_MAX);

static const char *name_of(const char *const *table, size_t count, unsigned int number)
{
	return number < count ? table[number] : "unknown";
}

static int number_of(const char *const *table, size_t count, const char *name, uint8_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(table[i], name)) {
			*ret = (uint8_t)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *level_name(unsigned int level)
{
	return name_of(level_names, COUNT(level_names), level);
}

const char *level_name_zh(unsigned int level)
{
	return name_of(level_names_zh, COUNT(level_names_zh), level);
}

int level_from_name(const char *name, uint8_t *ret)
{
	if (!number_of(level_names, COUNT(level_names), name, ret))
		return 0;
	return number_of(level_names_zh, COUNT(level_names_zh), name, ret);
}

const char *state_name(unsigned int state)
{
	return name_of(state_names, COUNT(state_names), state);
}

const char *mode_name(unsigned int mode)
{
	return name_of(mode_names, COUNT(mode_names), mode);
}

int mode_from_name(const char *name, uint8_t *ret)
{
	return number_of(mode_names, COUNT(mode_names), name, ret);
}

const char *removable_name(unsigned int removable)
{
	return name_of(removable_names, COUNT(removable_names), removable);
}

int removable_from_name(const char *name, uint8_t *ret)
{
	return number_of(removable_names, COUNT(removable_names), name, ret);
}

const char *role_name(unsigned int role)
{
	return name_of(role_names, COUNT(role_names), role);
}

int role_from_name(const char *name, uint8_t *ret)
{
	return number_of(role_names, COUNT(role_names), name, ret);
}

const char *label_state_name(unsigned int state)
{
	return name_of(label_state_names, COUNT(label_state_names), state);
}

int label_state_from_name(const char *name, uint8_t *ret)
{
	return number_of(label_state_names, COUNT(label_state_names), name, ret);
}

const char *verdict_name(unsigned int verdict)
{
	return name_of(verdict_names, COUNT(verdict_names), verdict);
}

int verdict_from_name(const char *name, uint8_t *ret)
{
	return number_of(verdict_names, COUNT(verdict_names), name, ret);
}

const char *operation_name(unsigned int operation)
{
	return name_of(operation_names, COUNT(operation_names), operation);
}

int operation_from_name(const char *name, uint8_t *ret)
{
	return number_of(operation_names, COUNT(operation_names), name, ret);
}

const char *reason_name(unsigned int reason)
{
	return name_of(reason_names, COUNT(reason_names), reason);
}

int reason_from_name(const char *name, uint8_t *ret)
{
	return number_of(reason_names, COUNT(reason_names), name, ret);
}

const char *reason_sentence(unsigned int reason)
{
	if (reason >= COUNT(reason_sentences))
		reason = MIFENG_REASON_NONE;
	return dgettext(MIFENG_TEXT_DOMAIN, reason_sentences[reason]);
}

int scopes_to_text(uint64_t scopes, const struct policy *policy, char **ret)
{
	struct text_buffer text = { 0 };

	if (scopes == MIFENG_SCOPES_ALL)
		text_buffer_add_text(&text, "all");
	else if (!scopes)
		text_buffer_add_text(&text, "none");
	else
		for (unsigned int i = 0; i < POLICY_SCOPES; i++) {
			const char *name;

			if (!(scopes >> i & 1))
				continue;
			name = policy_scope_name(policy, i);
			if (text.length)
				text_buffer_add(&text, ",", 1);
			if (name)
				text_buffer_add_text(&text, name);
			else
				text_buffer_format(&text, "%u", i);
		}
	if (text.failed) {
		text_buffer_clear(&text);
		return -ENOMEM;
	}
	*ret = text.data;
	return 0;
}

static int scope_from_word(const char *word, const struct policy *policy)
{
	size_t digits = strspn(word, "0123456789");
	int number;

	if (!*word)
		return -EINVAL;
	number = policy ? policy_scope_number(policy, word) : -ENOENT;
	if (number >= 0)
		return number;
	if (word[digits])
		return -ENOENT;
	if (digits > 2)
		return -ERANGE;
	number = atoi(word);
	return number < POLICY_SCOPES ? number : -ERANGE;
}

int scopes_from_text(const char *text, const struct policy *policy, uint64_t *ret,
		     char **ret_bad)
{
	uint64_t scopes = 0;

	if (!strcmp(text, "all")) {
		*ret = MIFENG_SCOPES_ALL;
		return 0;
	}
	if (!strcmp(text, "none")) {
		*ret = 0;
		return 0;
	}
	for (;;) {
		size_t length = strcspn(text, ",");
		char *word = strndup(text, length);
		int number;

		if (!word)
			return -ENOMEM;
		number = scope_from_word(word, policy);
		if (number == -ENOENT && ret_bad)
			*ret_bad = word;
		else
			free(word);
		if (number < 0)
			return number;
		scopes |= 1ULL << number;
		if (!text[length])
			break;
		text += length + 1;
	}
	*ret = scopes;
	return 0;
}
