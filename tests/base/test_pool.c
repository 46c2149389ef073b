/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define NEVER       UINT64_MAX

struct job {
    uint64_t number;
    uint64_t answer;
    bool in_use, dropped;
};

/* What is to happen, and what was seen.  Threads of the pool write here and never assert: a test
 * may only fail on its own thread. */
struct script {
    uint64_t work_fails, work_fails_too, done_fails;
    bool dawdles; /* work and done take times that nobody foresees */
    pthread_t caller;
    atomic_ulong working, worked, left, dropped;
    atomic_bool leaving, overlapped, reordered, wrong, elsewhere, wrong_signals, gate;
};

static void nap(long us)
{
    const struct timespec time = {0, us * 1000};

    (void)nanosleep(&time, NULL);
}

static void dawdle(const struct script *script, uint64_t number)
{
    uint64_t z = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);

    if (script->dawdles && (z >> 60) < 6)
        nap((long)(z >> 32 & 127));
    else if (script->dawdles)
        sched_yield();
}

static void note_thread(struct script *script)
{
    sigset_t blocked;

    if (pthread_equal(pthread_self(), script->caller))
        return;
    script->elsewhere = true;
    if (pthread_sigmask(SIG_BLOCK, NULL, &blocked) != 0 || !sigismember(&blocked, SIGINT) ||
        !sigismember(&blocked, SIGTERM) || !sigismember(&blocked, SIGALRM) ||
        sigismember(&blocked, SIGPIPE)) /* its own writes may raise this one */
        script->wrong_signals = true;
}

static enum vl_err work(void *self, void *slot, struct vl_why *why)
{
    struct script *script = self;
    struct job *job = slot;

    script->working++;
    note_thread(script);
    dawdle(script, job->number);
    script->worked++;
    job->answer = job->number * 3 + 1;
    if (job->number == script->work_fails)
        nap(1000); /* the one that fails later gets ahead */
    script->working--;
    if (job->number == script->work_fails || job->number == script->work_fails_too)
        return vl_fail(why, VL_ERR_UNVERIFIED, "work %u", (unsigned)job->number);
    return VL_OK;
}

static enum vl_err done(void *self, void *slot, struct vl_why *why)
{
    struct script *script = self;
    struct job *job = slot;

    if (atomic_exchange(&script->leaving, true))
        script->overlapped = true;
    note_thread(script);
    dawdle(script, job->number + 12345);
    if (job->number != script->left)
        script->reordered = true;
    if (job->answer != job->number * 3 + 1)
        script->wrong = true;
    script->left++;
    job->in_use = false;
    script->leaving = false;
    if (job->number == script->done_fails)
        return vl_fail(why, VL_ERR_NO_SPACE, "done %u", (unsigned)job->number);
    return VL_OK;
}

static void drop(void *self, void *slot)
{
    struct script *script = self;
    struct job *job = slot;

    if (job->dropped || script->working > 0)
        script->wrong = true;
    job->dropped = true;
    script->dropped++;
}

static const struct vl_pool_ops ops = {work, done, drop};

static void begin(struct script *script)
{
    memset(script, 0, sizeof *script);
    script->work_fails = script->work_fails_too = script->done_fails = NEVER;
    script->caller = pthread_self();
}

/* Hands jobs over until there are `count` or the pool takes no more. */
static void hand_over(struct vl_pool *pool, uint64_t from, uint64_t count)
{
    for (uint64_t number = from; number < from + count; number++) {
        struct job *job = vl_pool_slot(pool);

        if (!job)
            return;
        assert_false(job->in_use);
        job->number = number;
        job->in_use = true;
        vl_pool_submit(pool);
    }
}

static void assert_well_behaved(const struct script *script)
{
    assert_false(script->overlapped);
    assert_false(script->reordered);
    assert_false(script->wrong);
    assert_false(script->wrong_signals);
    assert_int_equal(script->working, 0);
}

static const struct {
    unsigned workers;
    size_t slots;
} shapes[] = {{0, 1}, {0, 3}, {1, 1}, {1, 2}, {2, 1},  {2, 2},    {2, 3},
              {2, 5}, {4, 4}, {3, 0}, {4, 7}, {7, 64}, {64, 100}, {1000, 80}};

static struct vl_pool *pool_of(size_t shape, struct script *script)
{
    struct vl_pool *pool =
        vl_pool_new(&ops, script, shapes[shape].workers, sizeof(struct job), shapes[shape].slots);

    assert_non_null(pool);
    return pool;
}

static void order_is_kept_whatever_the_work_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        struct script script;
        struct vl_pool *pool;

        begin(&script);
        script.dawdles = true;
        pool = pool_of(i, &script);
        hand_over(pool, 0, 300);
        assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
        assert_int_equal(script.left, 300);
        vl_pool_free(pool);
        assert_well_behaved(&script);
        assert_int_equal(script.worked, 300);
    }
}

static void thousands_of_tiny_slots_all_leave(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        uint64_t count = shapes[i].workers > 8 ? 2000 : 5000;
        struct script script;
        struct vl_pool *pool;

        begin(&script);
        pool = pool_of(i, &script);
        hand_over(pool, 0, count);
        assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
        assert_int_equal(script.left, count);
        vl_pool_free(pool);
        assert_well_behaved(&script);
    }
}

static void a_drained_pool_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        struct script script;
        struct vl_pool *pool;

        begin(&script);
        pool = pool_of(i, &script);
        assert_int_equal(vl_pool_drain(pool, NULL), VL_OK); /* of nothing */
        for (uint64_t from = 0; from < 60; from += 3) {
            hand_over(pool, from, 3);
            assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
            assert_int_equal(script.left, from + 3);
        }
        vl_pool_free(pool);
        assert_well_behaved(&script);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    uint64_t work_fails, work_fails_too, done_fails;
    enum vl_err err;
    const char *why;
    unsigned long left;
} failures[] = {
    { "the first work",               0, NEVER, NEVER, VL_ERR_UNVERIFIED, "work 0",   0 },
    { "work in the middle",          10, NEVER, NEVER, VL_ERR_UNVERIFIED, "work 10", 10 },
    { "the last work",               29, NEVER, NEVER, VL_ERR_UNVERIFIED, "work 29", 29 },
    { "two works, the later sooner", 10,    11, NEVER, VL_ERR_UNVERIFIED, "work 10", 10 },
    { "done",                     NEVER, NEVER,    10, VL_ERR_NO_SPACE,   "done 10", 11 },
    { "the last done",            NEVER, NEVER,    29, VL_ERR_NO_SPACE,   "done 29", 30 },
    { "done before work",         NEVER,    12,    10, VL_ERR_NO_SPACE,   "done 10", 11 },
    { "work before done",            10, NEVER,    12, VL_ERR_UNVERIFIED, "work 10", 10 },
    { "work and done of one slot",   10, NEVER,    10, VL_ERR_UNVERIFIED, "work 10", 10 },
};
/* clang-format on */

static void the_first_failure_in_order_wins_and_nothing_later_is_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(failures) * COUNT(shapes); i++) {
        size_t row = i / COUNT(shapes);
        struct vl_why why = {""}, again = {""};
        struct script script;
        struct vl_pool *pool;

        begin(&script);
        script.work_fails = failures[row].work_fails;
        script.work_fails_too = failures[row].work_fails_too;
        script.done_fails = failures[row].done_fails;
        pool = pool_of(i % COUNT(shapes), &script);
        hand_over(pool, 0, 30);
        if (vl_pool_drain(pool, &why) != failures[row].err ||
            strcmp(why.text, failures[row].why) != 0 || script.left != failures[row].left)
            fail_msg("%s: %s after %lu", failures[row].name, why.text, (unsigned long)script.left);
        assert_null(vl_pool_slot(pool));
        assert_int_equal(vl_pool_drain(pool, &again), failures[row].err);
        assert_string_equal(again.text, why.text);
        assert_int_equal(vl_pool_drain(pool, NULL), failures[row].err);
        assert_int_equal(script.left, failures[row].left);
        vl_pool_free(pool);
        assert_well_behaved(&script);
    }
}

static void success_says_nothing_about_why(void **state)
{
    struct vl_why why = {"as it was"};
    struct script script;
    struct vl_pool *pool;

    (void)state;
    begin(&script);
    pool = pool_of(0, &script);
    hand_over(pool, 0, 3);
    assert_int_equal(vl_pool_drain(pool, &why), VL_OK);
    assert_string_equal(why.text, "as it was");
    vl_pool_free(pool);
}

static enum vl_err work_talkative_then_silent(void *self, void *slot, struct vl_why *why)
{
    const struct job *job = slot;

    (void)self;
    return job->number ? VL_ERR_FORMAT : vl_fail(why, VL_OK, "said for nothing");
}

static void no_reason_is_left_over_from_another_slot(void **state)
{
    static const struct vl_pool_ops talkative = {work_talkative_then_silent, done, NULL};
    struct vl_why why = {"?"};
    struct script script;
    struct vl_pool *pool;

    (void)state;
    begin(&script);
    pool = vl_pool_new(&talkative, &script, 0, sizeof(struct job), 1);
    assert_non_null(pool);
    hand_over(pool, 0, 2);
    assert_int_equal(vl_pool_drain(pool, &why), VL_ERR_FORMAT);
    assert_string_equal(why.text, "");
    vl_pool_free(pool);
}

static enum vl_err work_behind_gate(void *self, void *slot, struct vl_why *why)
{
    struct script *script = self;

    while (!script->gate)
        nap(50);
    return work(self, slot, why);
}

static void after_a_failure_nobody_works_in_vain(void **state)
{
    static const struct vl_pool_ops gated = {work_behind_gate, done, NULL};
    struct script script;
    struct vl_pool *pool;

    (void)state;
    begin(&script);
    script.work_fails = 0;
    pool = vl_pool_new(&gated, &script, 1, sizeof(struct job), 8);
    assert_non_null(pool);
    hand_over(pool, 0, 5);
    script.gate = true;
    while (vl_pool_slot(pool)) /* until the failure has been seen */
        nap(50);
    assert_int_equal(vl_pool_drain(pool, NULL), VL_ERR_UNVERIFIED);
    assert_int_equal(script.worked, 1);
    vl_pool_free(pool);
}

static void without_workers_all_happens_at_once_in_the_callers_thread(void **state)
{
    struct script script;
    struct vl_pool *pool;

    (void)state;
    begin(&script);
    pool = pool_of(1, &script);
    for (uint64_t number = 0; number < 20; number++) {
        hand_over(pool, number, 1);
        assert_int_equal(script.left, number + 1);
    }
    assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
    assert_false(script.elsewhere);
    vl_pool_free(pool);
}

static unsigned threads_of_this_process(void)
{
    DIR *folder = opendir("/proc/self/task");
    unsigned count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void one_slot_of_work_starts_no_thread(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        unsigned threads = threads_of_this_process();
        struct script script;
        struct vl_pool *pool;

        begin(&script);
        pool = pool_of(i, &script);
        hand_over(pool, 0, 1);
        assert_true(threads_of_this_process() <= threads); /* the last may be ending */
        assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
        assert_int_equal(script.left, 1);
        assert_false(script.elsewhere);
        vl_pool_free(pool);
    }
}

/* Two works that end only when both have begun. */
struct meeting {
    pthread_mutex_t lock;
    pthread_cond_t came;
    unsigned here;
    bool missed;
};

static enum vl_err meet(void *self, void *slot, struct vl_why *why)
{
    struct meeting *meeting = self;
    struct timespec until;

    (void)slot;
    (void)why;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    pthread_mutex_lock(&meeting->lock);
    meeting->here++;
    pthread_cond_broadcast(&meeting->came);
    while (meeting->here < 2 && !meeting->missed)
        if (pthread_cond_timedwait(&meeting->came, &meeting->lock, &until) != 0)
            meeting->missed = true;
    pthread_mutex_unlock(&meeting->lock);
    return VL_OK;
}

static enum vl_err leave(void *self, void *slot, struct vl_why *why)
{
    (void)self;
    (void)slot;
    (void)why;
    return VL_OK;
}

static void slots_are_worked_on_at_the_same_time(void **state)
{
    static const struct vl_pool_ops meeting_ops = {meet, leave, NULL};
    struct meeting meeting = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};
    struct vl_pool *pool = vl_pool_new(&meeting_ops, &meeting, 2, 1, 2);

    (void)state;
    assert_non_null(pool);
    for (int i = 0; i < 2; i++) {
        assert_non_null(vl_pool_slot(pool));
        vl_pool_submit(pool);
    }
    assert_non_null(vl_pool_slot(pool)); /* waits until one has left, and does no work itself */
    assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
    assert_false(meeting.missed);
    vl_pool_free(pool);
}

static void where_no_thread_can_be_started_the_caller_works(void **state)
{
    struct script script;
    struct vl_pool *pool;
    pthread_attr_t before, too_much;

    (void)state;
    begin(&script);
    pool = pool_of(7, &script);
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_attr_init(&too_much), 0);
    /* A stack larger than the address space. */
    assert_int_equal(pthread_attr_setstacksize(&too_much, (size_t)1 << 60), 0);
    assert_int_equal(pthread_setattr_default_np(&too_much), 0);
    hand_over(pool, 0, 50);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    pthread_attr_destroy(&too_much);
    pthread_attr_destroy(&before);
    assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
    assert_int_equal(script.left, 50);
    assert_false(script.elsewhere);
    vl_pool_free(pool);
    assert_well_behaved(&script);
}

static void the_callers_signals_stay_as_they_were(void **state)
{
    struct script script;
    struct vl_pool *pool;
    sigset_t some, before, after;

    (void)state;
    sigemptyset(&some);
    sigaddset(&some, SIGUSR1);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &some, &before), 0);
    begin(&script);
    script.dawdles = true;
    pool = pool_of(8, &script);
    hand_over(pool, 0, 100);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, &after), 0);
    assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
    assert_true(script.elsewhere);
    vl_pool_free(pool);
    for (int number = 1; number < 32; number++)
        assert_int_equal(sigismember(&some, number), sigismember(&after, number));
    assert_well_behaved(&script);
}

static void a_slot_is_the_same_until_it_is_handed_over(void **state)
{
    struct script script;
    struct vl_pool *pool;
    void *first;

    (void)state;
    begin(&script);
    pool = vl_pool_new(&ops, &script, 2, sizeof(struct job), 2);
    assert_non_null(pool);
    first = vl_pool_slot(pool);
    assert_non_null(first);
    assert_ptr_equal(vl_pool_slot(pool), first);
    hand_over(pool, 0, 1);
    assert_ptr_not_equal(vl_pool_slot(pool), first);
    vl_pool_free(pool);
}

static void slots_are_zeroed_when_they_are_made(void **state)
{
    static const uint8_t zeroes[1000];
    struct script script;
    struct vl_pool *pool;

    (void)state;
    begin(&script);
    pool = vl_pool_new(&ops, &script, 2, sizeof zeroes, 5);
    assert_non_null(pool);
    for (size_t i = 0; i < 5; i++) {
        struct job *job = vl_pool_slot(pool);

        assert_non_null(job);
        assert_memory_equal(job, zeroes, sizeof zeroes);
        memset(job, 0x5e, sizeof zeroes);
        job->number = i;
        job->dropped = false;
        vl_pool_submit(pool);
    }
    assert_int_equal(vl_pool_drain(pool, NULL), VL_OK);
    vl_pool_free(pool);
    assert_well_behaved(&script);
}

static void each_slot_that_was_made_is_dropped_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(shapes); i++) {
        size_t slots = shapes[i].slots ? shapes[i].slots : 1;

        for (size_t count = 0; count < 12; count++) {
            struct script script;
            struct vl_pool *pool;

            begin(&script);
            script.work_fails = count % 3 == 2 ? count - 1 : NEVER;
            pool = pool_of(i, &script);
            hand_over(pool, 0, count);
            assert_int_equal(vl_pool_drain(pool, NULL),
                             script.work_fails == NEVER ? VL_OK : VL_ERR_UNVERIFIED);
            assert_int_equal(script.dropped, 0);
            vl_pool_free(pool);
            assert_int_equal(script.dropped, count < slots ? count : slots);
            assert_well_behaved(&script);
        }
    }
}

static void freeing_without_draining_waits_for_what_is_under_way(void **state)
{
    (void)state;
    vl_pool_free(NULL);
    for (size_t i = 0; i < COUNT(shapes); i++) {
        for (uint64_t count = 0; count < 20; count++) {
            struct script script;
            struct vl_pool *pool;

            begin(&script);
            script.dawdles = true;
            pool = pool_of(i, &script);
            hand_over(pool, 0, count);
            vl_pool_free(pool);
            assert_well_behaved(&script);
        }
    }
}

static enum vl_err use_pool(void *self, struct vl_why *why)
{
    struct script script;
    struct vl_pool *pool;
    enum vl_err err;

    begin(&script);
    pool = vl_pool_new(&ops, &script, *(unsigned *)self, sizeof(struct job), 4);
    if (!pool)
        return VL_ERR_NO_MEMORY;
    hand_over(pool, 0, 12);
    err = vl_pool_drain(pool, why);
    if (err) {
        assert_string_equal(why->text, "no memory for 24 bytes of work");
        assert_null(vl_pool_slot(pool));
    } else {
        assert_int_equal(script.left, 12);
    }
    vl_pool_free(pool);
    assert_well_behaved(&script);
    return err;
}

static void each_allocation_fails_cleanly(void **state)
{
    (void)state;
    for (unsigned workers = 0; workers < 4; workers++)
        /* The pool, its ring and four slots. */
        assert_int_equal(each_allocation_fails(use_pool, &workers), 7);
}

static void without_memory_for_a_slot_the_earlier_ones_are_still_done(void **state)
{
    (void)state;
    for (uint64_t fails = 0; fails < 3; fails++) { /* the third does not come to pass */
        for (unsigned workers = 0; workers < 3; workers++) {
            struct vl_why why = {""};
            struct script script;
            struct vl_pool *pool;
            enum vl_err err;

            begin(&script);
            script.work_fails = fails;
            script.dawdles = true;
            pool = vl_pool_new(&ops, &script, workers, sizeof(struct job), 4);
            assert_non_null(pool);
            vl_alloc_fail_after(2);
            hand_over(pool, 0, 4);
            vl_alloc_fail_after(-1);
            err = vl_pool_drain(pool, &why);
            assert_err(err, fails < 2 ? VL_ERR_UNVERIFIED : VL_ERR_NO_MEMORY, &why);
            assert_int_equal(script.left, fails);
            vl_pool_free(pool);
            assert_well_behaved(&script);
        }
    }
}

static struct vl_once once = VL_ONCE_INIT;
static atomic_uint once_count;
static unsigned once_result;

static void first(void)
{
    nap(3000);
    once_count++;
    once_result = 42;
}

static void *run_once(void *result)
{
    vl_once_run(&once, first);
    *(unsigned *)result = once_result;
    return NULL;
}

static void once_runs_once_and_the_others_wait_for_it(void **state)
{
    pthread_t threads[8];
    unsigned results[8] = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_once, &results[i]), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < COUNT(results); i++)
        assert_int_equal(results[i], 42);
    vl_once_run(&once, first);
    assert_int_equal(once_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_kept_whatever_the_work_takes),
        cmocka_unit_test(thousands_of_tiny_slots_all_leave),
        cmocka_unit_test(a_drained_pool_goes_on),
        cmocka_unit_test(the_first_failure_in_order_wins_and_nothing_later_is_done),
        cmocka_unit_test(success_says_nothing_about_why),
        cmocka_unit_test(no_reason_is_left_over_from_another_slot),
        cmocka_unit_test(after_a_failure_nobody_works_in_vain),
        cmocka_unit_test(without_workers_all_happens_at_once_in_the_callers_thread),
        cmocka_unit_test(one_slot_of_work_starts_no_thread),
        cmocka_unit_test(slots_are_worked_on_at_the_same_time),
        cmocka_unit_test(where_no_thread_can_be_started_the_caller_works),
        cmocka_unit_test(the_callers_signals_stay_as_they_were),
        cmocka_unit_test(a_slot_is_the_same_until_it_is_handed_over),
        cmocka_unit_test(slots_are_zeroed_when_they_are_made),
        cmocka_unit_test(each_slot_that_was_made_is_dropped_once),
        cmocka_unit_test(freeing_without_draining_waits_for_what_is_under_way),
        cmocka_unit_test(each_allocation_fails_cleanly),
        cmocka_unit_test(without_memory_for_a_slot_the_earlier_ones_are_still_done),
        cmocka_unit_test(once_runs_once_and_the_others_wait_for_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
