/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/concepts.h"

#include <stdio.h>

/* At most 80 columns and 24 lines. */
static const char text[] =
    "office       whoever has keys and writes letters: a court, a newsroom, a person\n"
    "address      office1...: the office itself, as long as it exists\n"
    "check words  its address as twelve words, to be read out and compared\n"
    "card         what an office gives to everybody: name, keys, how to reach it\n"
    "checked      somebody here compared words or address\n"
    "petname      what you call an office here; nobody else decides that\n"
    "letter       what one office writes to others: a text and other parts, signed\n"
    "open letter  a letter that is signed and not sealed: anybody may read it\n"
    "envelope     the sealed letter, which is an ordinary age file\n"
    "number       letter1..., the SHA-256 of the envelope; you type its first eight\n"
    "             symbols, K7QF-2M4D, in any case, with or without the dash\n"
    "waybill      what stands outside: number, size, from, to, dates\n"
    "act          what an office signs about letters: `sealed`, `receipted`, `opened`\n"
    "hand-over    signed by who gives letters; they are with whoever signs for them\n"
    "receipted    the addressee, or whom it lets receive, signed that a letter came\n"
    "mandate      lets another office carry, receive, speak, explain or seal for it\n"
    "evidence     acts, waybills and cards in a file, for whoever checks them\n"
    "statement    signed words in public; they prove that they were said, and no more\n"
    "disclosure   some of a letter, with the proof that it was in there\n"
    "proven       the party itself signed it; `claimed` is what anybody else says\n"
    "home         the folder with an office's keys, cards and letters: -C DIR\n"
    "\n"
    "Two offices give each other cards once. Then:  write, hand, take, open.\n";

void vl_help_concepts(void)
{
    (void)fputs(text, stdout);
}
