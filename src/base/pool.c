/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_WORKED };

struct slot {
    enum slot_state state;
    enum vl_err err;
    struct vl_why why;
    void *memory;
};

/* Slots are a ring.  Every slot goes: filled by the owner (below `submitted`), claimed by a worker
 * (below `claimed`), given to done() in order (below `left`).  left <= claimed <= submitted. */
struct vl_pool {
    const struct vl_pool_ops *ops;
    void *self;
    struct slot *slots;
    size_t slot_size;
    size_t slot_count;
    uint64_t submitted;
    uint64_t claimed;
    uint64_t left;
    bool leaving; /* a thread is calling done() */
    bool closing;
    enum vl_err err;
    struct vl_why why;
    pthread_mutex_t lock;
    pthread_cond_t work_came;
    pthread_cond_t something_left;
    unsigned wanted_workers;
    unsigned workers;
    pthread_t threads[VL_POOL_MAX_WORKERS];
};

static struct slot *slot_of(struct vl_pool *pool, uint64_t number)
{
    return &pool->slots[number % pool->slot_count];
}

/* Give to done() what is ready, in order.  Called and left with the lock held; one thread at a time
 * does it, and takes along what others finish meanwhile. */
static void let_leave(struct vl_pool *pool)
{
    if (pool->leaving)
        return;
    pool->leaving = true;
    while (pool->left < pool->claimed && slot_of(pool, pool->left)->state == SLOT_WORKED) {
        struct slot *slot = slot_of(pool, pool->left);

        if (!pool->err && !slot->err) {
            pthread_mutex_unlock(&pool->lock);
            slot->err = pool->ops->done(pool->self, slot->memory, &slot->why);
            pthread_mutex_lock(&pool->lock);
        }
        if (!pool->err && slot->err) {
            pool->err = slot->err;
            pool->why = slot->why;
        }
        slot->state = SLOT_FREE;
        pool->left++;
        pthread_cond_broadcast(&pool->something_left);
    }
    pool->leaving = false;
}

/* Do one waiting slot.  Called and left with the lock held. */
static void do_one(struct vl_pool *pool)
{
    struct slot *slot = slot_of(pool, pool->claimed++);
    bool still_good = !pool->err;

    slot->err = VL_OK;
    slot->why.text[0] = '\0';
    if (still_good) {
        pthread_mutex_unlock(&pool->lock);
        slot->err = pool->ops->work(pool->self, slot->memory, &slot->why);
        pthread_mutex_lock(&pool->lock);
    }
    slot->state = SLOT_WORKED;
    let_leave(pool);
}

static void *worker(void *argument)
{
    struct vl_pool *pool = argument;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->claimed == pool->submitted && !pool->closing)
            pthread_cond_wait(&pool->work_came, &pool->lock);
        if (pool->claimed == pool->submitted)
            break;
        do_one(pool);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Signals stay with the thread that called us: workers are started with all of them blocked but the
 * one that belongs to a write of their own. */
static void start_workers(struct vl_pool *pool)
{
    sigset_t all, before;

    sigfillset(&all);
    sigdelset(&all, SIGPIPE);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return;
    while (pool->workers < pool->wanted_workers &&
           pthread_create(&pool->threads[pool->workers], NULL, worker, pool) == 0)
        pool->workers++;
    pool->wanted_workers = pool->workers;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct vl_pool *vl_pool_new(const struct vl_pool_ops *ops, void *self, unsigned workers,
                            size_t slot_size, size_t slot_count)
{
    struct vl_pool *pool = vl_new(sizeof *pool);

    if (!pool)
        return NULL;
    pool->ops = ops;
    pool->self = self;
    pool->slot_size = slot_size;
    pool->slot_count = slot_count ? slot_count : 1;
    pool->wanted_workers = workers < VL_POOL_MAX_WORKERS ? workers : VL_POOL_MAX_WORKERS;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work_came, NULL);
    pthread_cond_init(&pool->something_left, NULL);
    pool->slots = vl_new(pool->slot_count * sizeof *pool->slots);
    if (!pool->slots) {
        vl_pool_free(pool);
        return NULL;
    }
    return pool;
}

void vl_pool_free(struct vl_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->work_came);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->workers; i++)
        pthread_join(pool->threads[i], NULL);
    for (size_t i = 0; pool->slots && i < pool->slot_count; i++) {
        if (pool->slots[i].memory && pool->ops->drop)
            pool->ops->drop(pool->self, pool->slots[i].memory);
        vl_free(pool->slots[i].memory);
    }
    vl_free(pool->slots);
    pthread_cond_destroy(&pool->something_left);
    pthread_cond_destroy(&pool->work_came);
    pthread_mutex_destroy(&pool->lock);
    vl_free(pool);
}

/* Wait until everything handed over has left.  Called and left with the lock held. */
static void finish(struct vl_pool *pool)
{
    while (pool->claimed < pool->submitted)
        do_one(pool); /* better than waiting for it */
    while (pool->left < pool->submitted)
        pthread_cond_wait(&pool->something_left, &pool->lock);
}

/* Memory is made when a slot is first needed: a small job never pays for the whole ring. */
static bool has_memory(struct vl_pool *pool, struct slot *slot)
{
    if (!slot->memory)
        slot->memory = vl_new(pool->slot_size);
    if (slot->memory)
        return true;
    finish(pool); /* what was handed over before may still be done, or fail first */
    if (!pool->err)
        pool->err = vl_fail(&pool->why, VL_ERR_NO_MEMORY, "no memory for %zu bytes of work",
                            pool->slot_size);
    return false;
}

void *vl_pool_slot(struct vl_pool *pool)
{
    struct slot *slot;
    void *memory = NULL;

    pthread_mutex_lock(&pool->lock);
    slot = slot_of(pool, pool->submitted);
    while (slot->state != SLOT_FREE && !pool->err) {
        if (pool->claimed < pool->submitted)
            do_one(pool); /* the ring is full: help, which costs no waking up */
        else
            pthread_cond_wait(&pool->something_left, &pool->lock);
    }
    if (!pool->err && has_memory(pool, slot))
        memory = slot->memory;
    pthread_mutex_unlock(&pool->lock);
    return memory;
}

void vl_pool_submit(struct vl_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    slot_of(pool, pool->submitted)->state = SLOT_WAITING;
    pool->submitted++;
    if (pool->wanted_workers > 0 && pool->workers == 0 && pool->submitted > 1)
        start_workers(pool);
    /* With workers to come, the first slot waits for them or for vl_pool_drain. */
    if (pool->wanted_workers == 0 || (pool->slot_count == 1 && pool->workers == 0))
        while (pool->claimed < pool->submitted)
            do_one(pool);
    else
        pthread_cond_signal(&pool->work_came);
    pthread_mutex_unlock(&pool->lock);
}

enum vl_err vl_pool_drain(struct vl_pool *pool, struct vl_why *why)
{
    enum vl_err err;

    pthread_mutex_lock(&pool->lock);
    finish(pool);
    err = pool->err;
    if (err && why)
        *why = pool->why;
    pthread_mutex_unlock(&pool->lock);
    return err;
}

static pthread_mutex_t once_lock = PTHREAD_MUTEX_INITIALIZER;

void vl_once_run(struct vl_once *once, void (*first)(void))
{
    if (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE))
        return;
    pthread_mutex_lock(&once_lock);
    if (!__atomic_load_n(&once->state, __ATOMIC_RELAXED)) {
        first();
        __atomic_store_n(&once->state, 1, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&once_lock);
}
