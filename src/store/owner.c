/* Which process works on a run. A process is known by its number, the time it
   was started (proc(5), stat, field 22) and the boot of the machine, so that
   one that died without a word owns nothing, even when its number is in use
   again. */
#include "store/db.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { STARTED_FIELD = 20, WORDS_MAX = 1024 }; /* of the fields after ")" */

typedef struct owner {
    int64_t pid;
    tp_str  started, boot;
} owner;

/* The beginning of a small file, in mem; empty when there is none. */
static tp_str words_of(const char *path, tp_arena *mem)
{
    char   *at = TP_NEW(mem, char, WORDS_MAX);
    int     fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, at, WORDS_MAX);
    if (fd >= 0) close(fd);
    return (tp_str){at, n > 0 ? n : 0};
}

/* Empty: there is no such process, or it is dead and only not waited for. */
static tp_str started(int64_t pid, tp_arena *mem)
{
    tp_str path = tp_str_fmt(mem, "/proc/%lld/stat", (long long)pid);
    tp_str all = words_of(tp_str_z(mem, path), mem), word = {"", 0};
    for (ptrdiff_t at; (at = tp_str_find(all, ')', 0)) >= 0;)
        all = tp_str_from(all, at + 1); /* a name may have them too */
    tp_str rest = all, state = tp_str_word(&rest, " \n");
    if (tp_str_eq(state, TP_S("Z")) || tp_str_eq(state, TP_S("X"))) return word;
    for (int i = 0; i < STARTED_FIELD; i++) word = tp_str_word(&all, " \n");
    return word;
}

static owner this_process(tp_arena *mem)
{
    tp_str boot = words_of("/proc/sys/kernel/random/boot_id", mem);
    return (owner){getpid(), started(getpid(), mem), tp_str_trim(boot)};
}

static bool is_alive(const owner *o, const owner *self, tp_arena *mem)
{
    return o->started.len && tp_str_eq(o->boot, self->boot) &&
           tp_str_eq(o->started, started(o->pid, mem));
}

/* Whose the run is; pid 0: nobody's. */
static tp_status read_owner(tp_store *s, tp_str run, owner *out, tp_arena *mem,
                            tp_err *err)
{
    sqlite3_stmt *q;
    bool          taken;
    *out = (owner){0};
    if (!s->has[TP_TABLE_OWNER]) return TP_OK;
    TP_TRY(tp_db_get(s, TP_SQL_OWNER, &q, err));
    tp_db_text(q, 1, run);
    TP_TRY(tp_db_next(s, q, mem, &taken, err));
    if (!taken) return TP_OK;
    *out = (owner){sqlite3_column_int64(q, 0), tp_db_str(q, 1, mem),
                   tp_db_str(q, 2, mem)};
    sqlite3_reset(q);
    return TP_OK;
}

tp_status tp_db_settle(tp_store *s, tp_run_row *row, bool more, tp_arena *mem,
                       tp_err *err)
{
    owner of;
    bool  alive = false, says = tp_str_eq(row->status, TP_S("running"));
    TP_TRY(read_owner(s, row->id, &of, mem, err));
    if (of.pid) {
        owner self = this_process(mem);
        alive = is_alive(&of, &self, mem);
        says |= alive ? of.pid != self.pid : more;
    }
    if (!says) return TP_OK;
    row->status = alive ? TP_S("running") : TP_S("interrupted");
    row->reason =
        alive ? TP_S("") : TP_S("the process that worked on it is gone");
    return TP_OK;
}

static tp_status take(tp_store *s, tp_str run, tp_arena *mem, tp_err *err)
{
    sqlite3_stmt *q;
    owner         self = this_process(mem), other;
    TP_TRY(read_owner(s, run, &other, mem, err));
    if (other.pid && other.pid != self.pid && is_alive(&other, &self, mem))
        return tp_fail(err, TP_BUSY,
                       "run %.*s is being worked on by process %lld", TP_F(run),
                       (long long)other.pid);
    TP_TRY(tp_db_get(s, TP_SQL_OWNER_SET, &q, err));
    tp_db_text(q, 1, run);
    sqlite3_bind_int64(q, 2, self.pid);
    tp_db_text(q, 3, self.started);
    tp_db_text(q, 4, self.boot);
    TP_TRY(tp_db_one(s, q, "no run", run, err));
    return tp_db_move_notes(s, run, err);
}

tp_status tp_store_take(tp_store *s, tp_str run, tp_err *err)
{
    tp_arena mem = s->mem;
    tp_err   second = {0};
    if (s->open) return take(s, run, &mem, err);
    TP_TRY(tp_store_begin(s, err));
    tp_status st = take(s, run, &mem, err);
    tp_status kept = tp_store_commit(s, st ? &second : err);
    return st ? st : kept;
}

void tp_store_leave(tp_store *s, tp_str run)
{
    sqlite3_stmt *q;
    if (tp_db_get(s, TP_SQL_OWNER_DROP, &q, NULL)) return;
    tp_db_text(q, 1, run);
    sqlite3_bind_int64(q, 2, getpid());
    tp_db_do(s, q, "leaving", NULL);
}
