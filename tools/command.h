/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands: each takes its own argument list, name first, and returns an exit_code. */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

int cmd_commission(int argc, char **argv);
int cmd_inspect(int argc, char **argv);
int cmd_label(int argc, char **argv);
int cmd_lock(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_mark(int argc, char **argv);
int cmd_net(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_retire(int argc, char **argv);
int cmd_role(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_whoami(int argc, char **argv);

#endif /* TOOLS_COMMAND_H */
