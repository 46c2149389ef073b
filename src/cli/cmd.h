/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd.h: the commands, one function each, listed once in cli/main.c. */
#ifndef VL_CLI_CMD_H
#define VL_CLI_CMD_H

#include "card/office_id.h"
#include "cli/ask.h"
#include "cli/opt.h"
#include "view/doc.h"

int vl_cmd_seal(const struct vl_command *command, int argc, char **argv);
int vl_cmd_unseal(const struct vl_command *command, int argc, char **argv);
int vl_cmd_keygen(const struct vl_command *command, int argc, char **argv);
int vl_cmd_init(const struct vl_command *command, int argc, char **argv);
int vl_cmd_passphrase(const struct vl_command *command, int argc, char **argv);
int vl_cmd_card(const struct vl_command *command, int argc, char **argv);
int vl_cmd_write(const struct vl_command *command, int argc, char **argv);
/* list, inbox and outbox: the command's own name tells. */
int vl_cmd_list(const struct vl_command *command, int argc, char **argv);
int vl_cmd_take(const struct vl_command *command, int argc, char **argv);
int vl_cmd_open(const struct vl_command *command, int argc, char **argv);
int vl_cmd_forget(const struct vl_command *command, int argc, char **argv);
int vl_cmd_disclose(const struct vl_command *command, int argc, char **argv);
int vl_cmd_verify(const struct vl_command *command, int argc, char **argv);
int vl_cmd_doctor(const struct vl_command *command, int argc, char **argv);
int vl_cmd_backup(const struct vl_command *command, int argc, char **argv);
int vl_cmd_restore(const struct vl_command *command, int argc, char **argv);
int vl_cmd_status(const struct vl_command *command, int argc, char **argv);
int vl_cmd_due(const struct vl_command *command, int argc, char **argv);
int vl_cmd_evidence(const struct vl_command *command, int argc, char **argv);
int vl_cmd_export(const struct vl_command *command, int argc, char **argv);
int vl_cmd_hand(const struct vl_command *command, int argc, char **argv);
/* Hand over what is for that office, as `valise hand OFFICE STICK` does, and say it unless there is
 * a document on stdout already. */
int vl_hand_to(const struct vl_common *common, const struct vl_ask *ask, const char *office,
               const char *stick);
int vl_cmd_mandate(const struct vl_command *command, int argc, char **argv);
/* event, refuse, return, recall, lost, seized, inspected, attempted, claim: by the command's name.
 */
int vl_cmd_event(const struct vl_command *command, int argc, char **argv);
/* For completion: every kind that `event` takes. */
void vl_each_event_kind(void (*visit)(void *self, const char *word), void *self);
int vl_cmd_say(const struct vl_command *command, int argc, char **argv);
/* For completion: every kind that `say` takes. */
void vl_each_statement_kind(void (*visit)(void *self, const char *word), void *self);
int vl_cmd_invite(const struct vl_command *command, int argc, char **argv);
/* For completion: every word that `invite` takes first. */
void vl_each_invitation_verb(void (*visit)(void *self, const char *word), void *self);
int vl_cmd_translate(const struct vl_command *command, int argc, char **argv);
int vl_cmd_witness(const struct vl_command *command, int argc, char **argv);
int vl_cmd_ratify(const struct vl_command *command, int argc, char **argv);
int vl_cmd_correct(const struct vl_command *command, int argc, char **argv);
int vl_cmd_seen(const struct vl_command *command, int argc, char **argv);
int vl_cmd_stick(const struct vl_command *command, int argc, char **argv);
int vl_cmd_slip(const struct vl_command *command, int argc, char **argv);
int vl_cmd_record(const struct vl_command *command, int argc, char **argv);
int vl_cmd_schema(const struct vl_command *command, int argc, char **argv);
int vl_cmd_completion(const struct vl_command *command, int argc, char **argv);
int vl_cmd_bundle(const struct vl_command *command, int argc, char **argv);
int vl_cmd_cbor(const struct vl_command *command, int argc, char **argv);
/* What of record is done by valise-net. */
int vl_cmd_record_serve(const struct vl_command *command, int argc, char **argv);
int vl_cmd_help(const struct vl_command *command, int argc, char **argv);

/* Address and check words, for people and as members of a document. */
void vl_print_identity(const struct vl_office_id *office);
void vl_doc_identity(struct vl_doc *doc, const struct vl_office_id *office);

#endif
