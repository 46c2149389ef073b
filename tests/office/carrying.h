/* SPDX-License-Identifier: Apache-2.0 */
/* tests/office/carrying.h: offices that hand letters over, on sticks that are folders. */
#ifndef VL_TESTS_OFFICE_CARRYING_H
#define VL_TESTS_OFFICE_CARRYING_H

#include "homes.h"

#include "office/events.h"
#include "office/hand.h"
#include "office/take_stick.h"

static inline void make_stick(const struct place *place, const char *name)
{
    assert_int_equal(mkdir(in(place, name).text, 0755), 0);
}

static inline enum vl_err try_hand(const struct place *place, struct vl_home *home, const char *to,
                                   const char *letter, const char *stick, struct vl_handed *handed,
                                   struct vl_why *why)
{
    const struct path path = in(place, stick);
    const struct vl_hand_request request = {.office = to,
                                            .stick = path.text,
                                            .letters = &letter,
                                            .letter_count = letter ? 1 : 0,
                                            .again = true,
                                            .now_s = NOW,
                                            .asker = nobody,
                                            .rng = vl_rng_system()};

    return vl_hand(home, &request, handed, why);
}

/* How many letters went; letter may be NULL. */
static inline size_t hand(const struct place *place, const char *from, const char *to,
                          const char *letter, const char *stick)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, from);
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    struct vl_why why = {""};

    assert_err(try_hand(place, &home, to, letter, stick, &handed, &why), VL_OK, &why);
    return handed.letter_count;
}

static inline enum vl_err try_take_stick(const struct place *place, struct vl_home *home,
                                         const char *stick, int64_t now_s,
                                         struct vl_taken_stick *taken, struct vl_why *why)
{
    const struct path path = in(place, stick);
    const struct vl_take_stick_request request = {.stick = path.text,
                                                  .now_s = now_s,
                                                  .asker = nobody,
                                                  .rng = vl_rng_system()};

    return vl_take_stick(home, &request, taken, why);
}

/* *taken is the caller's to release. */
static inline void take_stick(const struct place *place, const char *name, const char *stick,
                              enum vl_err wanted, struct vl_taken_stick *taken)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    struct vl_why why = {""};

    assert_err(try_take_stick(place, &home, stick, NOW, taken, &why), wanted, &why);
}

/* The letters of a stick that the office takes, and nothing else about it. */
static inline size_t takes(const struct place *place, const char *name, const char *stick)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    size_t count = 0;

    take_stick(place, name, stick, VL_OK, &taken);
    for (size_t i = 0; i < taken.bag_count; i++)
        for (size_t k = 0; k < taken.bags[i].letter_count; k++)
            count += taken.bags[i].letters[k].taken;
    return count;
}

static inline enum vl_letter_way way_of(const struct place *place, const char *name,
                                        const struct number *letter)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, letter);

    return (enum vl_letter_way)row.way;
}

/* By a flood, as this office has it. */
static inline void says_lost(const struct place *place, const char *name,
                             const struct number *letter)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    VL_AUTO(vl_event_said_release) struct vl_event_said said = {0};
    const char *letters[] = {letter->text};
    const struct vl_event_request request = {.kind = VL_KIND_LOST,
                                             .letters = letters,
                                             .letter_count = 1,
                                             .reason = "flood",
                                             .now_s = NOW,
                                             .asker = nobody};
    struct vl_why why = {""};

    assert_err(vl_event_say(&home, &request, &said, &why), VL_OK, &why);
}

/* Files of this name in the bags of a stick, the first of them in *found. */
static inline size_t files_in_bags(const struct place *place, const char *stick, const char *name,
                                   struct path *found)
{
    char bags[330];
    struct dirent *entry;
    size_t count = 0;
    DIR *list;

    (void)snprintf(bags, sizeof bags, "%s/VALISE/bags", in(place, stick).text);
    list = opendir(bags);
    while (list && (entry = readdir(list)) != NULL) {
        struct path path;

        if (snprintf(path.text, sizeof path.text, "%s/%s/%s", bags, entry->d_name, name) <
                (int)sizeof path.text &&
            access(path.text, F_OK) == 0 && count++ == 0 && found)
            *found = path;
    }
    if (list)
        (void)closedir(list);
    return count;
}

#endif
