/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/concepts.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "sys/process.h"

#define EXITS                                                                                      \
    "Exit status: 0 done, 1 failed, 2 used wrongly, 4 not found, 6 malformed or altered,\n"        \
    "7 refused, 8 not supported, 12 no key or another passphrase, 130 interrupted,\n"              \
    "143 terminated."

#define OFFICE_EXITS                                                                               \
    "Exit status: 0 done, 1 failed, 2 used wrongly, 3 done in part, 4 not found, 5 try again,\n"   \
    "6 does not verify, 7 refused, 8 not supported, 10 no office here, 11 locked by another\n"     \
    "valise, 12 no key or another passphrase, 130 interrupted, 143 terminated."

#define READ_EXITS                                                                                 \
    "Exit status: 0 done, 1 failed, 2 used wrongly, 4 not found, 6 malformed or altered,\n"        \
    "130 interrupted, 143 terminated."

#define ANSWER_EXITS "Exit status: 0 done, 1 failed, 2 used wrongly, 4 not found."

const struct vl_command vl_commands[] = {
    {"init", "Make an office: its keys, its card, its folder", "[-o FILE] [--lang TAG]... NAME",
     "valise init -o ministry.card \"Ministry of Bridges\"\n"
     "valise -C /srv/court init \"City Court\" --lang en --reach \"desk 4, ground floor\"\n",
     "The folder is -C DIR, else $VALISE_HOME, else valise in the XDG data "
     "folder.\n\n" OFFICE_EXITS,
     vl_cmd_init, VL_DAILY},
    {"card", "Give your card, add and check those of others",
     "[-o FILE|--qr|--png FILE] | add FILE | list | show OFFICE | rotate | export --all",
     "valise card -o me.card\n"
     "valise card add court.card --as court\n",
     "Adding a card asks for three words that somebody of that office reads out to you.\n"
     "When a key is stolen: give recovery/revocation.card, which init made, to everybody who has\n"
     "your card; they add it like a card. Then rotate --compromised, and give the new one.\n"
     "\n" OFFICE_EXITS,
     vl_cmd_card, VL_DAILY},
    {"write", "Write a letter: seal it to offices and sign it",
     "[OPTION]... OFFICE... [FILE] | [OPTION]... [OFFICE]... --each DIR|--list FILE",
     "valise write court -s \"Case 12\" -a photos/ -o case-12.age statement.txt\n"
     "valise write court --each notices/ -o out/\n",
     "The text is FILE, or stdin, or what you write in $EDITOR, or that of a "
     "mail.\n\n" OFFICE_EXITS,
     vl_cmd_write, VL_DAILY | VL_OF_OFFICES},
    {"hand", "Hand letters over: onto a stick, signed over to whoever takes it",
     "[OPTION]... OFFICE STICK | --carrier NAME (--letter N... | --all) STICK",
     "valise hand court /media/stick\n"
     "valise hand courier /media/stick --all\n",
     "STICK is a folder. What should go that way is for OFFICE, or for anybody where\n"
     "OFFICE has your mandate to carry.\n\n" OFFICE_EXITS,
     vl_cmd_hand, VL_DAILY | VL_OF_FIRST_OFFICE},
    {"status", "Say where letters are, and what is proven about one", "[--as-of WHEN] [N|ACT]",
     "valise status\n"
     "valise status K7QF-2M4D\n",
     "N is a letter or an invitation. Of an act, or of office:NAME, it says what was said about "
     "it.\n"
     "Everything said rests on the evidence that is here; what is not here is not "
     "known.\n\n" OFFICE_EXITS,
     vl_cmd_status, VL_DAILY | VL_OF_LETTERS},
    {"due", "List letters and invitations whose answer should have come", "[--exit-code] [--hook]",
     "valise due\n"
     "valise due --quiet --exit-code || mail -s overdue clerk\n",
     OFFICE_EXITS, vl_cmd_due, 0},
    {"evidence", "Write everything that proves one letter, or invitation, into a file", "-o FILE N",
     "valise evidence K7QF-2M4D -o case-12.evidence\n"
     "valise evidence -o - K7QF-2M4D | valise seal -R press.txt -o case-12.evidence.age\n",
     OFFICE_EXITS, vl_cmd_evidence, VL_OF_LETTERS},
    {"export", "Say what is known about a letter in the words of others, or on paper",
     "--format etsi|upu|cameo|certificate|pdf|ics [OPTION]... N",
     "valise export K7QF-2M4D --format pdf -o case-12.pdf\n"
     "valise export K7QF-2M4D --format upu -o case-12.csv\n",
     "Every row says what an act maps to; a claim maps to nothing. Not a qualified service.\n"
     "\n" OFFICE_EXITS,
     vl_cmd_export, VL_OF_LETTERS},
    {"mandate", "Let others act for you: carry, receive, speak, explain, seal",
     "OFFICE --may POWERS [OPTION]... | OFFICE --succeeds me | list | end MANDATE",
     "valise mandate courier --may carry --until +30d\n"
     "valise mandate clerk --may receive\n",
     OFFICE_EXITS, vl_cmd_mandate, VL_OF_FIRST_OFFICE},
    {"take", "Take letters: from a stick, signed for; or from files",
     "[OPTION]... STICK | [-n] FILE...",
     "valise take /media/stick\n"
     "valise take case-12.age case-12.evidence\n",
     OFFICE_EXITS, vl_cmd_take, VL_DAILY},
    {"list", "List the letters that are here", "[--office OFFICE] [-n N]",
     "valise list\n"
     "valise list --office court -n 10\n",
     OFFICE_EXITS, vl_cmd_list, VL_DAILY},
    {"open", "Open a letter: all of it verified, or nothing", "[-o DIR | -p P [-o FILE]] N|FILE",
     "valise open K7QF-2M4D\n"
     "valise open K7QF-2M4D -o case-12/\n",
     "Texts go to stdout once everything was verified; -o unpacks all parts.\n\n" OFFICE_EXITS,
     vl_cmd_open, VL_DAILY | VL_OF_LETTERS},
    {"inbox", "List the letters that came", "[--office OFFICE] [-n N]",
     "valise inbox\n"
     "valise inbox --exit-code --quiet\n",
     OFFICE_EXITS, vl_cmd_list, 0},
    {"outbox", "List the letters that were written here", "[--office OFFICE] [-n N]",
     "valise outbox\n"
     "valise outbox --json\n",
     OFFICE_EXITS, vl_cmd_list, 0},
    {"refuse", "Say that this office does not take letters",
     "--reason WORD [OPTION]... STICK | N...",
     "valise refuse --reason unknown-sender /media/stick\n"
     "valise refuse --reason not-for-me K7QF-2M4D\n",
     "What lies on STICK and is not answered is verified and refused, and only the hand-over\n"
     "is kept of it; N is a letter that came as a file. What was taken from a stick is signed\n"
     "for, and can be sent back: return.\n\n" OFFICE_EXITS,
     vl_cmd_event, VL_OF_LETTERS},
    {"return", "Say that letters go back to their senders", "--reason WORD [OPTION]... N...",
     "valise return --reason moved K7QF-2M4D\n"
     "valise return --reason refused --person \"the porter\" K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_event, VL_OF_LETTERS},
    {"recall", "Ask for letters to be sent back", "--reason WORD [OPTION]... N...",
     "valise recall --reason mistake K7QF-2M4D\n"
     "valise recall --reason replaced --text \"see the second letter\" K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_event, VL_OF_LETTERS},
    {"lost", "Say that letters are lost", "--reason WORD [OPTION]... N...",
     "valise lost --reason stick-lost --at 2026-11-24 K7QF-2M4D\n"
     "valise lost --reason flood --place \"the river road\" K7QF-2M4D\n",
     "Of what was handed over on a stick the copy that is here waits again.\n\n" OFFICE_EXITS,
     vl_cmd_event, VL_OF_LETTERS},
    {"seized", "Say that letters were taken away by an authority", "--reason WORD [OPTION]... N...",
     "valise seized --reason customs --person \"the officer on duty\" K7QF-2M4D\n"
     "valise seized --reason search --seal-before 0042 K7QF-2M4D\n",
     "It is your account; the authority's act is one only if it signs itself.\n\n" OFFICE_EXITS,
     vl_cmd_event, VL_OF_LETTERS},
    {"inspected", "Say that letters were looked at on their way", "[OPTION]... N...",
     "valise inspected --seal-before 0042 --seal-after 0043 K7QF-2M4D\n"
     "valise inspected --place \"the border\" --at 2026-11-24 K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_event, VL_OF_LETTERS},
    {"attempted", "Say that a hand-over was tried in vain", "--reason WORD [OPTION]... N...",
     "valise attempted --reason absent --party court K7QF-2M4D\n"
     "valise attempted --reason refused --person \"the doorkeeper\" K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_event, VL_OF_LETTERS},
    {"claim", "Say that you handed letters over, where nobody signs for it", "[OPTION]... N...",
     "valise claim --person \"the doorkeeper\" --method \"by hand\" K7QF-2M4D\n"
     "valise claim --party court --at 2026-11-24 K7QF-2M4D\n",
     "Until somebody receipts them that is your word, and no more.\n\n" OFFICE_EXITS, vl_cmd_event,
     VL_OF_LETTERS},
    {"event", "Say what else happens to letters on their way", "KIND [OPTION]... N...",
     "valise event departed --person \"the courier\" --method \"paper slip\" K7QF-2M4D\n"
     "valise event held --reason customs --at 2026-11-24 K7QF-2M4D\n",
     "KIND: departed, arrived, presented, held, released, inspected, seal-checked,\n"
     "seal-replaced, seized, lost, destroyed, notified, attempted, delivered-claim, expired,\n"
     "reached, returned, recalled, advice-returned, left-system, entered-system.\n\n" OFFICE_EXITS,
     vl_cmd_event, VL_OF_LETTERS},
    {"say", "Say in public what is so, or is not: signed, and correctable for ever",
     "KIND [OPTION]... [ABOUT]... [TEXT]",
     "valise say assert K7QF-2M4D --fact delivered \"It is with the court.\"\n"
     "valise say correct K7QF-2M4D --span \"would\" \"would not\"\n",
     "KIND: assert, relay, deny, decline, commit, correct, withdraw.\n"
     "ABOUT: letters, acts and offices; letter:N, act:N, office:NAME, sha256:HEX say which.\n"
     "TEXT is a last word with a space in it; a single word goes with --text.\n\n" OFFICE_EXITS,
     vl_cmd_say, VL_OF_LETTERS},
    {"invite", "Invite an office, with a date or without, and do what follows from that",
     "[OPTION]... OFFICE [TEXT] | ACT [OPTION]... N [TEXT] | list | ics N [-o FILE]",
     "valise invite castle --expires +90d \"A visit to our capital, when it suits you.\"\n"
     "valise invite accept K7QF-2M4D \"With pleasure.\"\n",
     "ACT: acknowledge, accept, tentative, decline; propose, appoint; postpone, attest; withdraw;\n"
     "held, not-held; announce N, or INVITER INVITEE: for what one has only heard of.\n"
     "OFFICE may be name:NAME, who signs nothing. No date is set until both sides appoint it.\n"
     "\n" OFFICE_EXITS,
     vl_cmd_invite, VL_OF_FIRST_OFFICE},
    {"translate", "Stand by a translation, bound to its original",
     "--from TAG --into TAG [OPTION]... (N|ACT | --document FILE) FILE",
     "valise translate K7QF-2M4D letter-de.txt --from en --into de --vouches \"A. Clerk\"\n"
     "valise translate --document note.txt note-fr.txt --from en --into fr --engine \"MT 3\"\n",
     OFFICE_EXITS, vl_cmd_translate, VL_OF_LETTERS},
    {"witness", "Say that you saw what another office has signed", "--text WORDS [OPTION]... ACT",
     "valise witness --text \"the bag changed hands before me\" K7QF-2M4D\n"
     "valise witness --text \"seal 0042 was whole\" --place \"the gate\" K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_witness, 0},
    {"ratify", "Make an act of another your own, from now on", "[--manual] ACT",
     "valise ratify K7QF-2M4D\n"
     "valise ratify --manual K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_ratify, 0},
    {"correct", "Correct what you have signed about a letter",
     "--field WORD [--old TEXT] [--new TEXT] [OPTION]... ACT",
     "valise correct --field place --old \"desk 4\" --new \"desk 5\" K7QF-2M4D\n"
     "valise correct --field person --new \"the porter\" --text \"a slip\" K7QF-2M4D\n",
     "Both stay; what the first one proves against you does not change.\n\n" OFFICE_EXITS,
     vl_cmd_correct, 0},
    {"seen", "Sign that all that is known of a letter was here by now", "[--manual] N",
     "valise seen K7QF-2M4D\n"
     "valise seen --manual K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_seen, VL_OF_LETTERS},
    {"stick", "Look at a stick, or take away what is done",
     "show STICK | clean [--dry-run] [--older SPAN] STICK",
     "valise stick show /media/stick\n"
     "valise stick clean --dry-run /media/stick\n",
     "show works without an office; clean removes own bags alone.\n\n" OFFICE_EXITS, vl_cmd_stick,
     0},
    {"slip", "Print a paper slip for a courier to sign", "[-o FILE] HANDOVER|N",
     "valise slip K7QF-2M4D\n"
     "valise slip -o slip.txt K7QF-2M4D\n",
     "For one who carries a bag and has no valise: what was handed over, and a line to sign.\n"
     "That it was signed is kept with: event departed --method \"paper slip\".\n\n" OFFICE_EXITS,
     vl_cmd_slip, VL_OF_LETTERS},
    {"record", "Keep, check and watch a public record, from which nothing is erased",
     "init|serve|add|ask|prove|check|list|watch|witness|resume WHERE [WORD]...",
     "valise record add https://records.example/2026 statement.evidence -o statement.tlog-proof\n"
     "valise record check --record court.record statement.tlog-proof statement.evidence\n",
     "init DIR NAME; serve DIR; add DIR OBJECT...; prove DIR OBJECT -o FILE; check DIR, or PROOF "
     "OBJECT;\n"
     "list DIR; watch DIR FILE [OTHER]...; ask RECORD OBJECT...; resume DIR --newest FILE;\n"
     "witness new NAME WITNESS, witness sign WITNESS DIR, witness add DIR FILE...\n"
     "WHERE is the record's folder, DIR, or for add, prove, check, list, watch and witness sign "
     "its\n"
     "address, https://... Checking and watching want no office, and a copy of its public/\n"
     "alone will do.\n\n" OFFICE_EXITS,
     vl_cmd_record, 0},
    {"verify", "Say what any file is, who signed it, and what that proves",
     "[--card FILE]... [--no-home] FILE...",
     "valise verify statement.disclosure\n"
     "valise verify --no-home --card court.card letter.tar\n",
     "Works offline, and without an office.\n\n" OFFICE_EXITS, vl_cmd_verify, 0},
    {"disclose", "Show one field, one part or all of a letter, so that anyone can check it",
     "(--field F | -p P)... | --whole  -o FILE  N",
     "valise disclose K7QF-2M4D -p statement.txt -o statement.disclosure\n"
     "valise disclose K7QF-2M4D --whole -o case-12.disclosure\n",
     OFFICE_EXITS, vl_cmd_disclose, VL_OF_LETTERS},
    {"forget", "Remove a letter's envelope, and keep what was signed about it",
     "[--force] N | --done",
     "valise forget K7QF-2M4D\n"
     "valise forget --yes K7QF-2M4D\n",
     OFFICE_EXITS, vl_cmd_forget, VL_OF_LETTERS},
    {"passphrase", "Put the keys under another passphrase, or none", "",
     "valise passphrase\n"
     "valise passphrase --passphrase-fd 3 --new-passphrase-fd 4 3<old 4<new\n",
     OFFICE_EXITS, vl_cmd_passphrase, 0},
    {"doctor", "Look whether everything is in order", "[--verify] [--signed-by-me]",
     "valise doctor\n"
     "valise doctor --verify\n",
     OFFICE_EXITS, vl_cmd_doctor, 0},
    {"backup", "Seal everything of this office into one file", "[-r AGE1...]... FILE",
     "valise backup /media/safe/office.age\n"
     "valise backup -r age1... office.age\n",
     OFFICE_EXITS, vl_cmd_backup, 0},
    {"restore", "Bring an office back from its backup", "[-i KEYFILE]... FILE",
     "valise -C /srv/court restore office.age\n"
     "valise -C /srv/court restore -i key.txt office.age\n",
     OFFICE_EXITS, vl_cmd_restore, 0},
    {"seal", "Seal a file to recipients or with a passphrase, as an age file",
     "(-r RECIPIENT | -R FILE | -i KEYFILE)... | -p  [-a] [-o FILE] [FILE]",
     "valise seal -r age1... -o letter.age letter.txt\n"
     "tar c evidence | valise seal -R court.txt -o evidence.tar.age\n",
     EXITS, vl_cmd_seal, 0},
    {"unseal", "Open an age file: all of it, verified, or nothing",
     "[-i KEYFILE]... [-o FILE] [FILE]",
     "valise unseal -i key.txt -o letter.txt letter.age\n"
     "valise unseal -i key.txt evidence.tar.age | tar x\n",
     "Without -o every piece goes to stdout once it is verified; a status other than 0\n"
     "means that it was not all: throw away what came.\n\n" EXITS,
     vl_cmd_unseal, 0},
    {"keygen", "Make a private key, or show whom to seal to for one",
     "[-p] [--office] [-o FILE] | -y [FILE]",
     "valise keygen -o key.txt\n"
     "valise keygen -y key.txt\n",
     "Keep the file; give away what is printed: it begins with age1.\n\n" OFFICE_EXITS,
     vl_cmd_keygen, 0},
    {"bundle", "Check bundles of BPv7 by the rules of RFC 9171, or show them",
     "check|show [--allow-no-crc] [--allow-no-age] FILE",
     "valise bundle check 000001.bundles\n"
     "valise bundle show 000001.bundles\n",
     "FILE holds one bundle or a sequence of them; - is stdin.\n\n" READ_EXITS, vl_cmd_bundle, 0},
    {"cbor", "Show any CBOR in diagnostic notation", "show FILE",
     "valise cbor show case-12.evidence\n"
     "valise cbor show - <item.cbor\n",
     "FILE holds one item or a sequence of them; - is stdin.\n\n" READ_EXITS, vl_cmd_cbor, 0},
    {"schema", "Show what the documents of --json look like", "[NAME]",
     "valise schema\n"
     "valise schema letters\n",
     ANSWER_EXITS, vl_cmd_schema, 0},
    {"completion", "Write a shell's script for the tab key", "bash|zsh|fish",
     ". <(valise completion bash)\n"
     "valise completion fish | source\n",
     ANSWER_EXITS, vl_cmd_completion, 0},
    {"help", "Show how a command is used, or what the words mean", "[COMMAND|concepts]",
     "valise help write\n"
     "valise help concepts\n",
     ANSWER_EXITS, vl_cmd_help, 0},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0},
};

static int unknown_command(const char *name, const struct vl_command *nearest)
{
    struct vl_why why = {""};
    char mend[64] = "valise help";

    (void)vl_fail(&why, VL_ERR_USAGE, "there is no command \"%s\"%s%s%s", name,
                  nearest ? "; did you mean " : "", nearest ? nearest->name : "",
                  nearest ? "?" : "");
    if (nearest)
        (void)snprintf(mend, sizeof mend, "valise help %s", nearest->name);
    return vl_say_failure("nothing was done.", VL_ERR_USAGE, &why, mend);
}

int vl_cmd_help(const struct vl_command *command, int argc, char **argv)
{
    char help[] = "--help";
    char *words[] = {NULL, help, NULL};
    const struct vl_command *nearest;
    const struct vl_command *about;

    (void)command;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        vl_help_all();
        return 0;
    }
    if (strcmp(argv[1], "concepts") == 0) {
        vl_help_concepts();
        return 0;
    }
    about = vl_command_find(argv[1], &nearest);
    if (!about)
        return unknown_command(argv[1], nearest);
    words[0] = argv[1];
    return about->run(about, 2, words);
}

static int run(int argc, char **argv)
{
    const struct vl_command *nearest;
    const struct vl_command *command;

    while (argc > 1 && strncmp(argv[1], "-C", 2) == 0) {
        const bool joined = argv[1][2] != '\0';

        if (!joined && argc < 3)
            return vl_say_usage("init", "-C wants a folder");
        vl_home_choose(joined ? argv[1] + 2 : argv[2]);
        argc -= joined ? 1 : 2;
        argv += joined ? 1 : 2;
    }
    if (argc < 2) {
        vl_help_short();
        return 0;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        vl_help_all();
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("valise %s\n", VL_VERSION);
        return 0;
    }
    command = vl_command_find(argv[1], &nearest);
    return command ? command->run(command, argc - 1, argv + 1) : unknown_command(argv[1], nearest);
}

int main(int argc, char **argv)
{
    int status;

    vl_process_guard();
    status = run(argc, argv);
    /* An answer that did not get out was not given. */
    if (fflush(stdout) != 0 && status == 0) {
        const struct vl_why why = {"stdout does not take it"};

        status = vl_say_failure("the answer could not be printed.", VL_ERR_IO, &why,
                                "look at where stdout goes");
    }
    return status;
}
