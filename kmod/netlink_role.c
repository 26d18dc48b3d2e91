// SPDX-License-Identifier: GPL-2.0
/* The command that gives the machine a role, or gives it back after a start. */
#include "netlink_role.h"

#include <linux/string.h>

#include "netlink.h"
#include "policy.h"
#include "role.h"

const struct nla_policy mf_role_policy[MIFENG_ROLE_A_MAX + 1] = {
	[MIFENG_ROLE_A_ROLE] = NLA_POLICY_MAX(NLA_U8, MIFENG_ROLE_MAX),
	[MIFENG_ROLE_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, MIFENG_ROLE_FLAGS),
	[MIFENG_ROLE_A_SERIAL] = { .type = NLA_U64 },
	[MIFENG_ROLE_A_SEAL] = NLA_POLICY_EXACT_LEN(MIFENG_ROLE_SEAL_SIZE),
};

static int reply_role(struct genl_info *info, const struct mf_role *role)
{
	struct sk_buff *reply;
	struct nlattr *nest;
	void *header;

	reply = mf_netlink_reply_new(info, MIFENG_CMD_ROLE_SET, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	nest = nla_nest_start(reply, MIFENG_A_ROLE);
	if (!nest || nla_put_u8(reply, MIFENG_ROLE_A_ROLE, role->role) ||
	    nla_put_u32(reply, MIFENG_ROLE_A_FLAGS, role->flags) ||
	    nla_put_u64_64bit(reply, MIFENG_ROLE_A_SERIAL, role->serial, MIFENG_ROLE_A_PAD) ||
	    nla_put(reply, MIFENG_ROLE_A_SEAL, sizeof(role->seal), role->seal)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	nla_nest_end(reply, nest);
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

/**
 * mf_do_role_set() - give the machine a role
 * @skb: the message
 * @info: its attributes
 *
 * Return: 0, -EINVAL, or what mf_role_set() and mf_role_restore() answered.
 */
int mf_do_role_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attrs[MIFENG_ROLE_A_MAX + 1];
	struct mf_role role = {};
	const char *text = "";
	int err;

	if (GENL_REQ_ATTR_CHECK(info, MIFENG_A_ROLE))
		return mf_netlink_refuse(info, -EINVAL, "ROLE_SET needs the role");
	err = nla_parse_nested(attrs, MIFENG_ROLE_A_MAX, info->attrs[MIFENG_A_ROLE], mf_role_policy,
			       info->extack);
	if (err)
		return err;
	if (!attrs[MIFENG_ROLE_A_ROLE])
		return mf_netlink_refuse(info, -EINVAL, "a role is needed");
	if (!attrs[MIFENG_ROLE_A_SEAL] != !attrs[MIFENG_ROLE_A_SERIAL] ||
	    (attrs[MIFENG_ROLE_A_SEAL] && !attrs[MIFENG_ROLE_A_FLAGS]))
		return mf_netlink_refuse(info, -EINVAL, "a seal is over flags and serial, too");
	role.role = nla_get_u8(attrs[MIFENG_ROLE_A_ROLE]);
	if (attrs[MIFENG_ROLE_A_FLAGS])
		role.flags = nla_get_u32(attrs[MIFENG_ROLE_A_FLAGS]);
	if (attrs[MIFENG_ROLE_A_SEAL]) {
		role.serial = nla_get_u64(attrs[MIFENG_ROLE_A_SERIAL]);
		memcpy(role.seal, nla_data(attrs[MIFENG_ROLE_A_SEAL]), sizeof(role.seal));
		err = mf_role_restore(&role, &text);
	} else {
		err = mf_role_set(role.role, role.flags, &role, &text);
	}
	if (err)
		return mf_netlink_refuse(info, err, text);
	mf_netlink_note_role(role.role);
	return reply_role(info, &role);
}
