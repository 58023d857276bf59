/* The start of a batch simulator: its program, arguments and files. */
#include "sim/ng.h"
#include "sim/spawn.h"

#include <unistd.h>

/* One more batch simulator is one more row: its program, its arguments ({deck}
   and {raw} are the names of the files in the run's folder, {behaviour} is
   ngspice's own), where its raw file appears, whether a run of it makes one
   analysis only, and whether it works confined to its folder (other arguments
   make it another program, which may need more). */
static const struct batch {
    const char *binary, *arguments, *raw;
    bool        apart, confined;
} batches[] = {
    {"ngspice", "-n -b -D ng_nomodcheck=1 -r {raw} {behaviour} {deck}",
     "out.raw", false, true},
    {"Xyce", "-r {raw} {deck}", "out.raw", true, false},
};
const char *const tp_batch_names[] = {"ngspice", "xyce", NULL};

static const struct batch *batch_of(const tp_spawn_job *j)
{
    return &batches[j->set->program];
}

static tp_str or_default(tp_str set, const char *def)
{
    return set.len > 0 ? set : tp_str_of(def);
}

const char *tp_spawn_raw(const tp_spawn_job *j, tp_arena *mem)
{
    return tp_str_z(mem, or_default(j->set->raw, batch_of(j)->raw));
}

bool tp_spawn_apart(const tp_spawn_job *j)
{
    return j->set->apart || batch_of(j)->apart;
}

/* What a word of the arguments stands for; itself, mostly. */
static void add_argument(tp_argv *l, const tp_spawn_job *j, tp_str word)
{
    tp_str behaviour = j->s->c->behaviour;
    if (tp_str_eq(word, TP_S("{behaviour}"))) {
        if (behaviour.len == 0) return;
        tp_argv_add(l, TP_S("-D"));
        word = tp_str_fmt(l->mem, "ngbehavior=%.*s", TP_F(behaviour));
    } else if (tp_str_eq(word, TP_S("{deck}"))) {
        word = TP_S("deck.cir");
    } else if (tp_str_eq(word, TP_S("{raw}"))) {
        word = tp_str_of(tp_spawn_raw(j, l->mem));
    }
    tp_argv_add(l, word);
}

static tp_status arguments(tp_argv *l, const tp_spawn_job *j, tp_err *err)
{
    char **word = NULL;
    int    n = 0;
    tp_str text = or_default(j->set->arguments, batch_of(j)->arguments);
    if (tp_argument_words(&word, &n, text, l->mem, err))
        return tp_while(err, "arguments");
    tp_argv_add(l, or_default(j->set->binary, batch_of(j)->binary));
    for (int i = 0; i < n; i++) add_argument(l, j, tp_str_of(word[i]));
    tp_argv_end(l);
    return TP_OK;
}

tp_str tp_spawn_version(const tp_spawn_job *j, tp_arena *mem)
{
    tp_arena       scratch = *mem;
    tp_argv        l = {.mem = &scratch};
    tp_sandbox     sandbox;
    tp_process_end end;
    tp_str         said = {"", 0};
    if (!batch_of(j)->confined || j->set->arguments.len > 0) return said;
    tp_process p = {.name = or_default(j->set->binary, batch_of(j)->binary),
                    .folder = j->s->folder,
                    .out = "version.txt",
                    .seconds = j->set->seconds,
                    .sandbox = &sandbox};
    tp_argv_add(&l, p.name);
    tp_argv_add(&l, TP_S("-v"));
    tp_argv_end(&l);
    p.argv = l.word;
    tp_sandbox_program(&sandbox, p.name, j->s->folder, &scratch);
    tp_process_run(&end, &p, scratch);
    if (tp_file_read(&said, tp_spawn_path(j, p.out, &scratch), 1 << 16,
                     &scratch, NULL))
        return TP_S("");
    return tp_ng_version_words(said, mem);
}

tp_status tp_spawn_run(tp_process_end *end, tp_process *p,
                       const tp_spawn_job *j, tp_arena mem, tp_err *err)
{
    tp_argv    l = {.mem = &mem};
    tp_sandbox sandbox;
    unlink(tp_spawn_path(j, tp_spawn_raw(j, &mem), &mem));
    unlink(tp_spawn_path(j, "log.txt", &mem));
    TP_TRY(arguments(&l, j, err));
    tp_sandbox_program(&sandbox, tp_str_of(l.word[0]), j->s->folder, &mem);
    *p = (tp_process){.name = j->set->binary.len > 0
                                  ? j->set->binary
                                  : tp_str_of(batch_of(j)->binary),
                      .argv = l.word,
                      .folder = j->s->folder,
                      .log = "log.txt",
                      .seconds = j->set->seconds};
    if (batch_of(j)->confined && j->set->arguments.len == 0)
        p->sandbox = &sandbox;
    tp_process_run(end, p, mem);
    p->argv = NULL;
    p->sandbox = NULL;
    return TP_OK;
}
