/* SPDX-License-Identifier: Apache-2.0 */
#include "disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support.h"

#define HANDLES      64
#define CLUSTER      4096
#define NAME_MAX_LEN 255

struct disk_node;
struct entry {
    char *name;
    struct disk_node *node;
};
struct entries {
    struct entry *at;
    size_t count, cap;
};
enum change_kind { ADDED, REMOVED, RENAMED };
struct change {
    enum change_kind kind;
    char *name, *to;
    struct disk_node *node;
};

/* Not a vl_buf: its memory must not fail when that of the tested does. */
struct content {
    uint8_t *data;
    size_t len, cap;
};

struct disk_node {
    enum vl_stick_kind kind;
    struct content data, kept; /* in memory, and on the stick */
    bool dirty;
    bool has_size; /* says this size whatever there is */
    uint64_t size;
    struct entries now, then; /* of a folder: as it is, and as it was when it was made durable */
    struct change *changes;   /* since then */
    size_t change_count, change_cap;
};

static void *must(void *block)
{
    if (!block)
        abort();
    return block;
}

static void append(struct content *to, vl_bytes bytes)
{
    if (bytes.len > to->cap - to->len) {
        to->cap = 2 * (to->len + bytes.len);
        to->data = must(realloc(to->data, to->cap));
    }
    if (bytes.len)
        memcpy(to->data + to->len, bytes.ptr, bytes.len);
    to->len += bytes.len;
}

static void copy_bytes(struct content *to, const struct content *from)
{
    to->len = 0;
    append(to, vl_bytes_of(from->data, from->len));
}

/* --- folders ---------------------------------------------------------------------------------- */

static struct disk_node *node_new(struct disk *disk, enum vl_stick_kind kind)
{
    struct disk_node *node = must(calloc(1, sizeof *node));

    if (disk->node_count == sizeof disk->nodes / sizeof *disk->nodes)
        abort();
    node->kind = kind;
    disk->nodes[disk->node_count++] = node;
    return node;
}

static bool same(const struct disk *disk, const char *a, const char *b)
{
    return disk->rules == DISK_POSIX && !disk->shouts ? strcmp(a, b) == 0 : strcasecmp(a, b) == 0;
}

static struct entry *find(const struct disk *disk, struct entries *entries, const char *name)
{
    for (size_t i = 0; i < entries->count; i++)
        if (same(disk, entries->at[i].name, name))
            return &entries->at[i];
    return NULL;
}

static void add_entry(const struct disk *disk, struct entries *entries, const char *name,
                      struct disk_node *node)
{
    struct entry *old = find(disk, entries, name);

    if (old) {
        old->node = node;
        return;
    }
    if (entries->count == entries->cap) {
        entries->cap = entries->cap ? 2 * entries->cap : 8;
        entries->at = must(realloc(entries->at, entries->cap * sizeof *entries->at));
    }
    entries->at[entries->count++] = (struct entry){must(strdup(name)), node};
}

static void remove_entry(const struct disk *disk, struct entries *entries, const char *name)
{
    struct entry *old = find(disk, entries, name);

    if (!old)
        return;
    free(old->name);
    *old = entries->at[--entries->count];
}

static void clear(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        free(entries->at[i].name);
    free(entries->at);
    *entries = (struct entries){0};
}

static void copy_entries(const struct disk *disk, struct entries *to, const struct entries *from)
{
    clear(to);
    for (size_t i = 0; i < from->count; i++) {
        if (to->count == to->cap) {
            to->cap = to->cap ? 2 * to->cap : 8;
            to->at = must(realloc(to->at, to->cap * sizeof *to->at));
        }
        to->at[to->count++] = (struct entry){must(strdup(from->at[i].name)), from->at[i].node};
    }
    (void)disk;
}

static void forget_changes(struct disk_node *node)
{
    for (size_t i = 0; i < node->change_count; i++) {
        free(node->changes[i].name);
        free(node->changes[i].to);
    }
    node->change_count = 0;
}

static void change(const struct disk *disk, struct disk_node *folder, enum change_kind kind,
                   const char *name, const char *to, struct disk_node *node)
{
    if (folder->change_count == folder->change_cap) {
        folder->change_cap = folder->change_cap ? 2 * folder->change_cap : 8;
        folder->changes =
            must(realloc(folder->changes, folder->change_cap * sizeof(struct change)));
    }
    folder->changes[folder->change_count++] =
        (struct change){kind, must(strdup(name)), to ? must(strdup(to)) : NULL, node};
    if (kind != ADDED)
        remove_entry(disk, &folder->now, name);
    if (kind != REMOVED)
        add_entry(disk, &folder->now, to ? to : name, node);
}

static void sync_node(struct disk *disk, struct disk_node *node)
{
    if (node->kind == VL_STICK_FOLDER) {
        copy_entries(disk, &node->then, &node->now);
        forget_changes(node);
        return;
    }
    if (!node->dirty)
        return;
    disk->kept -= node->kept.len;
    copy_bytes(&node->kept, &node->data);
    for (size_t i = 0; i < node->kept.len; i++)
        if (disk->kept + i >= disk->fake_from)
            node->kept.data[i] = 0;
    disk->kept += node->kept.len;
    node->dirty = false;
}

/* --- the rules -------------------------------------------------------------------------------- */

static bool is_device(const char *name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul"};
    const size_t len = strcspn(name, ".");

    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (len == 3 && strncasecmp(name, devices[i], 3) == 0)
            return true;
    return len == 4 && (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0) &&
           name[3] >= '1' && name[3] <= '9';
}

/* Names that the rules would not let be made are a fault of who makes them. */
static int check_name(const struct disk *disk, const char *name)
{
    const size_t len = strlen(name);

    if (len == 0 || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return EINVAL;
    if (len > NAME_MAX_LEN)
        return ENAMETOOLONG;
    if (disk->rules == DISK_POSIX)
        return 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < ' ' || strchr("\"*:<>?\\|", name[i]))
            return EINVAL;
    return name[len - 1] == '.' || name[len - 1] == ' ' || is_device(name) ? EINVAL : 0;
}

static int count_call(struct disk *disk, bool changes)
{
    if (disk->fail_changes && !changes)
        return disk->fail_ever && disk->fail_at >= 0 && disk->ops > disk->fail_at ? disk->fail_code
                                                                                  : 0;
    if (disk->fail_at >= 0 &&
        (disk->ops == disk->fail_at || (disk->fail_ever && disk->ops > disk->fail_at))) {
        disk->ops++;
        return disk->fail_code;
    }
    disk->ops++;
    return 0;
}

static int may_change(struct disk *disk)
{
    const int code = count_call(disk, true);

    return code ? code : disk->read_only ? EROFS : disk->forbidden ? EACCES : 0;
}

static uint64_t rounded(uint64_t size)
{
    return (size + CLUSTER - 1) / CLUSTER * CLUSTER;
}

static uint64_t used_below(const struct disk_node *folder)
{
    uint64_t used = CLUSTER;

    for (size_t i = 0; i < folder->now.count; i++) {
        const struct disk_node *node = folder->now.at[i].node;

        used += node->kind == VL_STICK_FOLDER ? used_below(node) : rounded(node->data.len);
    }
    return used;
}

uint64_t disk_used(const struct disk *disk)
{
    return used_below(disk->nodes[0]);
}

static int handle_of(struct disk *disk, struct disk_node *node, bool writes, bool direct, int *out)
{
    for (int i = 0; i < HANDLES; i++)
        if (!disk->handles[i].node) {
            disk->handles[i].node = node;
            disk->handles[i].at = 0;
            disk->handles[i].writes = writes;
            disk->handles[i].direct = direct;
            *out = i;
            return 0;
        }
    return EMFILE;
}

static struct disk_node *node_of(struct disk *disk, int handle)
{
    if (handle < 0 || handle >= HANDLES || !disk->handles[handle].node)
        abort();
    return disk->handles[handle].node;
}

/* --- calls ------------------------------------------------------------------------------------ */

static int open_root(void *self, const char *path, int *folder)
{
    struct disk *disk = self;
    const int code = count_call(disk, false);

    if (code || strcmp(path, "/stick") != 0)
        return code ? code : ENOENT;
    return handle_of(disk, disk->nodes[0], false, false, folder);
}

static int lookup(struct disk *disk, int folder, const char *name, struct disk_node **out)
{
    struct disk_node *in = node_of(disk, folder);
    const struct entry *entry = find(disk, &in->now, name);
    const int code = count_call(disk, false);

    if (code || !entry)
        return code ? code : ENOENT;
    *out = entry->node;
    return 0;
}

static int open_folder(void *self, int folder, const char *name, int *out)
{
    struct disk_node *node = NULL;
    const int code = lookup(self, folder, name, &node);

    if (code || node->kind != VL_STICK_FOLDER)
        return code ? code : ENOTDIR;
    return handle_of(self, node, false, false, out);
}

static int make(struct disk *disk, int folder, const char *name, enum vl_stick_kind kind,
                struct disk_node **out)
{
    struct disk_node *in = node_of(disk, folder);
    int code = may_change(disk);

    if (!code)
        code = check_name(disk, name);
    if (!code && find(disk, &in->now, name))
        code = EEXIST;
    if (!code && disk_used(disk) + (kind == VL_STICK_FOLDER ? CLUSTER : 0) > disk->capacity)
        code = ENOSPC;
    if (code)
        return code;
    *out = node_new(disk, kind);
    change(disk, in, ADDED, name, NULL, *out);
    return 0;
}

static int make_folder(void *self, int folder, const char *name)
{
    struct disk_node *node;

    return make(self, folder, name, VL_STICK_FOLDER, &node);
}

static int make_file(void *self, int folder, const char *name, int *out)
{
    struct disk_node *node = NULL;
    const int code = make(self, folder, name, VL_STICK_FILE, &node);

    return code ? code : handle_of(self, node, true, false, out);
}

static int open_file(void *self, int folder, const char *name, bool direct, int *out)
{
    struct disk *disk = self;
    struct disk_node *node = NULL;
    int code = lookup(disk, folder, name, &node);

    if (code || (direct && !disk->can_direct))
        return code ? code : EINVAL;
    if (node->kind == VL_STICK_OTHER) /* whoever opens a pipe may wait for ever */
        abort();
    return handle_of(disk, node, false, direct, out);
}

static int look(void *self, int folder, const char *name, struct vl_stick_entry *entry)
{
    struct disk_node *node = NULL;
    const int code = lookup(self, folder, name, &node);

    if (!code) {
        entry->kind = node->kind;
        entry->size = node->has_size ? node->size : node->data.len;
    }
    return code;
}

static int look_file(void *self, int file, struct vl_stick_entry *entry)
{
    const struct disk_node *node = node_of(self, file);
    const int code = count_call(self, false);

    if (!code) {
        entry->kind = node->kind;
        entry->size = node->has_size ? node->size : node->data.len;
    }
    return code;
}

static int write_some(void *self, int file, vl_bytes bytes, size_t *count)
{
    struct disk *disk = self;
    struct disk_node *node = node_of(disk, file);
    const int code = may_change(disk);
    uint64_t free_bytes, room;

    if (code)
        return code;
    if (!disk->handles[file].writes)
        return EBADF;
    free_bytes = disk->capacity > disk_used(disk) ? disk->capacity - disk_used(disk) : 0;
    room = rounded(node->data.len) - node->data.len + free_bytes / CLUSTER * CLUSTER;
    if (node->data.len >= disk->file_max)
        return EFBIG;
    if (room > disk->file_max - node->data.len)
        room = disk->file_max - node->data.len;
    if (room == 0)
        return ENOSPC;
    if (bytes.len > room)
        bytes.len = (size_t)room;
    if (disk->most && bytes.len > disk->most)
        bytes.len = disk->most;
    append(&node->data, bytes);
    node->dirty = true;
    *count = bytes.len;
    return 0;
}

static int read_some(void *self, int file, vl_room room, size_t *count)
{
    struct disk *disk = self;
    struct disk_node *node = node_of(disk, file);
    const bool direct = disk->handles[file].direct;
    const struct content *from = direct ? &node->kept : &node->data;
    uint64_t *at = &disk->handles[file].at;
    const int code = count_call(disk, false);

    if (code)
        return code;
    if (direct && (*at % VL_STICK_ALIGNED != 0 || (uintptr_t)room.ptr % VL_STICK_ALIGNED != 0 ||
                   room.len % VL_STICK_ALIGNED != 0))
        return EINVAL;
    if (disk->before_read)
        disk->before_read(disk);
    if (*at >= from->len)
        room.len = 0;
    else if (room.len > from->len - *at)
        room.len = (size_t)(from->len - *at);
    if (disk->most && !direct && room.len > disk->most)
        room.len = disk->most;
    if (room.len)
        memcpy(room.ptr, from->data + *at, room.len);
    *at += room.len;
    disk->read_bytes += room.len;
    *count = room.len;
    return 0;
}

static int sync_any(void *self, int handle)
{
    const int code = may_change(self);

    if (!code)
        sync_node(self, node_of(self, handle));
    return code;
}

static void forget(void *self, int file)
{
    const struct disk *disk = self;
    struct disk_node *node = node_of(self, file);

    if (!node->dirty && !disk->keeps_cache)
        copy_bytes(&node->data, &node->kept);
}

static int rename_file(void *self, int folder, const char *from, const char *to)
{
    struct disk *disk = self;
    struct disk_node *in = node_of(disk, folder);
    const struct entry *entry = find(disk, &in->now, from);
    int code = may_change(disk);

    if (!code)
        code = check_name(disk, to);
    if (!code && !entry)
        code = ENOENT;
    if (!code)
        change(disk, in, RENAMED, from, to, entry->node);
    return code;
}

static int remove_any(struct disk *disk, int folder, const char *name, bool is_folder)
{
    struct disk_node *in = node_of(disk, folder);
    const struct entry *entry = find(disk, &in->now, name);
    const int code = may_change(disk);

    if (code || !entry)
        return code ? code : ENOENT;
    if (is_folder != (entry->node->kind == VL_STICK_FOLDER))
        return is_folder ? ENOTDIR : EISDIR;
    if (is_folder && entry->node->now.count > 0)
        return ENOTEMPTY;
    change(disk, in, REMOVED, name, NULL, entry->node);
    return 0;
}

static int remove_file(void *self, int folder, const char *name)
{
    return remove_any(self, folder, name, false);
}

static int remove_folder(void *self, int folder, const char *name)
{
    return remove_any(self, folder, name, true);
}

static int list(void *self, int folder, bool (*visit)(void *visitor, const char *name),
                void *visitor)
{
    struct disk *disk = self;
    const struct disk_node *in = node_of(disk, folder);
    const int code = count_call(disk, false);
    struct entries names = {0};
    bool more = !code;

    if (code)
        return code;
    copy_entries(disk, &names, &in->now);
    for (size_t i = 0; more && i < names.count; i++) {
        const size_t at = disk->order % 2 ? names.count - 1 - i : i;
        char *name = names.at[(at + disk->order / 2) % names.count].name;

        for (char *c = name; disk->shouts && *c; c++)
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        more = visit(visitor, name);
    }
    clear(&names);
    return 0;
}

static int space(void *self, int folder, struct vl_stick_space *out)
{
    const struct disk *disk = self;
    const uint64_t used = disk_used(disk);

    (void)folder;
    out->free_bytes = disk->capacity > used ? disk->capacity - used : 0;
    out->cluster = CLUSTER;
    out->file_max = disk->file_max;
    out->read_only = disk->read_only;
    return 0;
}

static void close_handle(void *self, int handle)
{
    struct disk *disk = self;

    (void)node_of(disk, handle);
    disk->handles[handle].node = NULL;
}

/* --- the whole -------------------------------------------------------------------------------- */

struct disk *disk_new(enum disk_rules rules)
{
    struct disk *disk = must(calloc(1, sizeof *disk));

    disk->rules = rules;
    disk->capacity = (uint64_t)1 << 40;
    disk->file_max = rules == DISK_FAT32 ? ((uint64_t)4 << 30) - 1 : INT64_MAX;
    disk->fake_from = UINT64_MAX;
    disk->can_direct = true;
    disk->fail_at = -1;
    disk->fail_code = EIO;
    (void)node_new(disk, VL_STICK_FOLDER);
    return disk;
}

void disk_free(struct disk *disk)
{
    for (size_t i = 0; i < disk->node_count; i++) {
        struct disk_node *node = disk->nodes[i];

        free(node->data.data);
        free(node->kept.data);
        clear(&node->now);
        clear(&node->then);
        forget_changes(node);
        free(node->changes);
        free(node);
    }
    free(disk);
}

struct vl_stick_fs disk_fs(struct disk *disk)
{
    return (struct vl_stick_fs){
        .open_root = open_root,
        .open_folder = open_folder,
        .make_folder = make_folder,
        .make_file = make_file,
        .open_file = open_file,
        .look = look,
        .look_file = look_file,
        .write = write_some,
        .read = read_some,
        .sync_file = sync_any,
        .sync_folder = sync_any,
        .forget = forget,
        .rename = rename_file,
        .remove_file = remove_file,
        .remove_folder = remove_folder,
        .list = list,
        .space = space,
        .close = close_handle,
        .self = disk,
    };
}

size_t disk_open_handles(const struct disk *disk)
{
    size_t count = 0;

    for (size_t i = 0; i < HANDLES; i++)
        count += disk->handles[i].node ? 1 : 0;
    return count;
}

/* --- the power goes --------------------------------------------------------------------------- */

static unsigned throw(uint64_t * seed, unsigned sides)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % sides;
}

/* What became of bytes that nobody waited for: none, all, some, zeroes or anything. */
static void tear(struct disk_node *node, uint64_t *seed)
{
    const unsigned how = throw(seed, 5);
    size_t len = node->data.len;

    if (how == 0)
        return;
    if (how == 2)
        len = len ? throw(seed, (unsigned)len) : 0;
    copy_bytes(&node->kept, &node->data);
    node->kept.len = len;
    for (size_t i = 0; how >= 3 && i < len; i++)
        node->kept.data[i] = how == 3 ? 0 : (uint8_t) throw(seed, 256);
}

static void apply(struct disk *disk, struct disk_node *folder, const struct change *one,
                  uint64_t seed, uint64_t *dice)
{
    struct entries *then = &folder->then;
    bool removes = one->kind != ADDED, adds = one->kind != REMOVED;
    struct disk_node *node = one->node;

    if (one->kind == RENAMED && disk->rules != DISK_POSIX && seed > 1) {
        const unsigned how = throw(dice, 4);

        removes = how != 0; /* both stay */
        adds = how != 1;    /* neither does */
        if (how == 2)       /* the new one is empty */
            node = node_new(disk, VL_STICK_FILE);
    }
    if (removes)
        remove_entry(disk, then, one->name);
    if (adds)
        add_entry(disk, then, one->to ? one->to : one->name, node);
}

void disk_cut(struct disk *disk, uint64_t seed)
{
    const size_t count = disk->node_count;
    uint64_t dice = seed * 0x9e3779b97f4a7c15u + 1;

    memset(disk->handles, 0, sizeof disk->handles);
    disk->fail_at = -1;
    for (size_t i = 0; i < count; i++) {
        struct disk_node *node = disk->nodes[i];
        /* A journal keeps the order; FAT keeps what it likes. */
        const size_t kept = seed == 1 ? node->change_count
                            : seed    ? throw(&dice, (unsigned)node->change_count + 1)
                                      : 0;

        for (size_t k = 0; k < node->change_count; k++)
            if (disk->rules == DISK_POSIX || seed < 2 ? k < kept : throw(&dice, 2) == 0)
                apply(disk, node, &node->changes[k], seed, &dice);
        forget_changes(node);
        copy_entries(disk, &node->now, &node->then);
        if (node->dirty && seed == 1)
            copy_bytes(&node->kept, &node->data);
        else if (node->dirty && seed)
            tear(node, &dice);
        copy_bytes(&node->data, &node->kept);
        node->dirty = false;
    }
}

/* --- around the rules ------------------------------------------------------------------------- */

/* The folder of a path, made if need be; *name is what stands behind its last slash. */
static struct disk_node *folder_of(struct disk *disk, const char *path, bool makes,
                                   const char **name)
{
    struct disk_node *folder = disk->nodes[0];
    const char *slash;

    while ((slash = strchr(path, '/')) != NULL) {
        char *part = must(strndup(path, (size_t)(slash - path)));
        struct entry *entry = find(disk, &folder->now, part);

        if (!entry && makes) {
            add_entry(disk, &folder->now, part, node_new(disk, VL_STICK_FOLDER));
            sync_node(disk, folder);
            entry = find(disk, &folder->now, part);
        }
        free(part);
        if (!entry)
            return NULL;
        folder = entry->node;
        path = slash + 1;
    }
    *name = path;
    return folder;
}

static struct disk_node *put_node(struct disk *disk, const char *path, enum vl_stick_kind kind)
{
    const char *name = NULL;
    struct disk_node *folder = must(folder_of(disk, path, true, &name));
    struct disk_node *node = node_new(disk, kind);

    add_entry(disk, &folder->now, name, node);
    sync_node(disk, folder);
    return node;
}

void disk_put(struct disk *disk, const char *path, vl_bytes bytes)
{
    struct disk_node *node = put_node(disk, path, VL_STICK_FILE);

    append(&node->data, bytes);
    copy_bytes(&node->kept, &node->data);
}

void disk_put_folder(struct disk *disk, const char *path)
{
    (void)put_node(disk, path, VL_STICK_FOLDER);
}

void disk_put_other(struct disk *disk, const char *path)
{
    (void)put_node(disk, path, VL_STICK_OTHER);
}

static struct disk_node *node_at(struct disk *disk, const char *path)
{
    const char *name = NULL;
    struct disk_node *folder = folder_of(disk, path, false, &name);
    struct entry *entry = folder ? find(disk, &folder->now, name) : NULL;

    return entry ? entry->node : NULL;
}

bool disk_has(struct disk *disk, const char *path)
{
    return node_at(disk, path) != NULL;
}

vl_bytes disk_get(struct disk *disk, const char *path)
{
    const struct disk_node *node = node_at(disk, path);

    if (!node) {
        fail_msg("%s is not there", path);
        abort();
    }
    return vl_bytes_of(node->data.data, node->data.len);
}

void disk_set_size(struct disk *disk, const char *path, uint64_t size)
{
    struct disk_node *node = must(node_at(disk, path));

    node->has_size = true;
    node->size = size;
}

void disk_change(struct disk *disk, const char *path, size_t len, bool flips)
{
    struct disk_node *node = must(node_at(disk, path));

    while (node->data.len < len)
        append(&node->data, VL_LITERAL("x"));
    node->data.len = len;
    if (flips && len)
        node->data.data[len - 1] ^= 1;
    copy_bytes(&node->kept, &node->data);
}
