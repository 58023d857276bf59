/* Mutated decks through real workers, as they are: nothing is taken out of
   them first. Each deck is loaded and its operating point computed twice by one
   worker and, every fourth, once more by another; a healthy deck is asked
   between them. It fails when a job is lost, when two answers differ by a bit,
   when the healthy deck's answer changes, when a command of a deck was run, or
   when a process, a descriptor or a file is left.

       storm FOLDER DECKS [SEED [PROGRAM]]

   FOLDER: decks to start from; PROGRAM: started as `PROGRAM worker` (this one
   when not given). */
#include "eval/eval.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DECKS_MAX = 64, HEALTHY = 1, TEXT_MAX = 1 << 16 };

static struct {
    tp_str   deck[DECKS_MAX]; /* to start from */
    int      n;
    char     canary[64]; /* a file that decks try to make */
    tp_exec  x;
    int      ends[TP_END_REFUSED + 1], ran, wrong;
    uint64_t id;
} storm;
static const tp_exec_ops *ops;

static void fault(const char *what, uint64_t key)
{
    printf("deck %d: %s\n", (int)key, what);
    storm.wrong++;
}

/* ---- mutations ----------------------------------------------------------- */

static const char *const nasty[] = {
    ".control\nshell touch %s\n.endc\n",
    "*# shell touch %s\n",
    ".include |touch %s\n",
    ".control\nop\nwrite %s\nquit\n.endc\n",
    ".csparam a={b}\n",
    ".param a={a+1}\n",
    ".param b={1/0}\n",
    ".subckt s 1 2\n",
    ".ends\n",
    ".if (1)\n",
    ".endif\n",
    ".model q npn(is=\n",
    ".model\n",
    ".dc v1 0 1 0\n",
    ".tran 1n 1\n",
    ".options itl1=0 reltol=-1\n",
    ".options method=gear maxord=9\n",
    ".temp -300\n",
    ".ic v(1)=1e400\n",
    "x9 1 2 x9\n",
    "r99 1 0 0\n",
    "r98 1 0 {nosuch}\n",
    "l99 1 0 0\n",
    "v99 1 0 1e300\n",
    "b99 1 0 v=v(1)/0\n",
    "b98 1 0 i=exp(exp(v(1)))\n",
    "m99 1 2 3 4 nosuch w=-1 l=0\n",
    "k99 l1 nosuch 2\n",
    "a99 [ 1 2 ] [3 nosuch\n",
    "+ + + =\n",
    "\n\n.end\n.end\n",
};
static const char *const numbers[] = {"0",    "-1", "1e400", "nan", "1e-300",
                                      "1meg", "{",  "'",     "0x1", "1..2"};

static void put(tp_buf *b, const char *text)
{
    char line[256];
    snprintf(line, sizeof line, text, storm.canary);
    tp_buf_add(b, tp_str_of(line));
}

static tp_str line_of(tp_str *rest)
{
    ptrdiff_t end = tp_str_find(*rest, '\n', 0);
    tp_str    line = tp_str_part(*rest, 0, end < 0 ? rest->len : end + 1);
    *rest = tp_str_from(*rest, line.len);
    return line;
}

/* The line with one of its words cut, doubled or made something else. */
static void bad_line(tp_buf *b, tp_str line, tp_rng *rng)
{
    ptrdiff_t at = tp_rng_below(rng, (int)line.len + 1);
    tp_str    head = tp_str_part(line, 0, at), tail = tp_str_from(line, at);
    tp_str    word = tp_str_word(&tail, " \t\n");
    tp_buf_add(b, head);
    switch (tp_rng_below(rng, 5)) {
    case 0: break; /* truncated */
    case 1: tp_buf_add(b, tail); break;
    case 2:
        tp_buf_fmt(b, "%.*s %.*s%.*s", TP_F(word), TP_F(word), TP_F(tail));
        break;
    case 3:
        tp_buf_fmt(b, " %s%.*s", numbers[tp_rng_below(rng, TP_COUNT(numbers))],
                   TP_F(tail));
        break;
    default: tp_buf_char(b, (char)tp_rng_below(rng, 256)); tp_buf_add(b, tail);
    }
    if (b->len == 0 || b->at[b->len - 1] != '\n') tp_buf_char(b, '\n');
}

static tp_str mutated(tp_str deck, tp_rng *rng, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str rest = deck;
    int    often = 2 + tp_rng_below(rng, 30);
    for (int i = 0; rest.len > 0; i++) {
        tp_str line = line_of(&rest);
        int    what = i == 0 ? 9 : tp_rng_below(rng, 4 * often);
        if (what == 0) continue; /* gone */
        if (what == 1) tp_buf_add(&b, line);
        if (what == 2) put(&b, nasty[tp_rng_below(rng, TP_COUNT(nasty))]);
        if (what == 3)
            bad_line(&b, line, rng);
        else
            tp_buf_add(&b, line);
    }
    if (tp_rng_below(rng, 8) == 0) b.len = tp_rng_below(rng, (int)b.len + 1);
    for (ptrdiff_t i = 0; i < b.len; i++)
        if (b.at[i] == '\0') b.at[i] = ' ';
    return tp_buf_str(&b);
}

/* ---- jobs -------------------------------------------------------- */

static const char *const commands[] = {"op", "ac dec 2 1k 1meg", "tran 1n 20n",
                                       "dc v1 0 1 0", "dc temp 0 50 25"};

static tp_str load_of(tp_str text, const char *command, tp_arena *mem)
{
    tp_str      words = tp_str_of(command);
    tp_str      kind = tp_str_word(&words, " ");
    tp_analysis op = {.command = tp_str_of(command),
                      .kind = kind,
                      .id = TP_S("one"),
                      .ordinal = TP_S("one1")};
    tp_circuit  c = {.text = text, .n_analysis = 1, .analysis = &op};
    tp_bench    bench = {.circuit = &c};
    tp_problem  p = {.n_bench = 1, .bench = &bench};
    return tp_eval_load(&p, 0, &c, TP_S("ngspice"), mem);
}

static tp_done job(uint64_t key, tp_arena *mem)
{
    tp_err  err = {0};
    tp_done d = {0};
    tp_want want = {.all = true};
    tp_job  j = {.id = ++storm.id,
                 .key = key,
                 .ask = tp_eval_ask(NULL, 0, &want, mem),
                 .seconds = 0.5};
    if (ops->submit(&storm.x, &j, &err)) fault(err.msg, key);
    while (!err.code && d.id == 0)
        if (ops->wait(&storm.x, 30000, mem, &d, &err)) fault(err.msg, key);
    if (d.id != j.id) fault("a job was lost", key);
    return d;
}

/* What an answer holds but its times. */
static uint64_t sum_of(const tp_done *d, tp_arena *mem)
{
    tp_result r;
    tp_err    err = {0};
    if (d->how != TP_END_DONE) return 0;
    if (tp_eval_answer(&r, d->answer, mem, &err)) {
        fault(err.msg, 0);
        return 0;
    }
    uint64_t sum = tp_hash((uint64_t)r.how, TP_S(""));
    if (r.how != TP_RAN) return sum;
    storm.ran++;
    for (int i = 0; i < r.all.n; i++)
        for (int k = 0; k < r.all.plot[i].n_wave; k++) {
            const tp_wave *w = &r.all.plot[i].wave[k];
            ptrdiff_t      size = (ptrdiff_t)sizeof(double) * w->n;
            sum = tp_hash(sum, w->name);
            sum = tp_hash(sum, (tp_str){(const char *)w->re, size});
        }
    return sum;
}

static void open_workers(const char *program, tp_arena *mem)
{
    tp_err err = {0};
    ops = tp_exec_find(TP_S("local"));
    storm.x = (tp_exec){.settings = tp_exec_settings(ops, mem)};
    if (tp_params_set_list(ops->params, storm.x.settings,
                           TP_S("jobs=1,keep=2,load=3,grace=1,memory=600"), mem,
                           &err) ||
        tp_params_set(ops->params, storm.x.settings, TP_S("program"),
                      tp_str_of(program), mem, &err) ||
        ops->open(&storm.x, &err)) {
        printf("storm: %s\n0 passed, 1 failed\n", err.msg);
        exit(1);
    }
}

static bool canary_sings(void)
{
    return access(storm.canary, F_OK) == 0;
}

/* One deck, by a worker and again, sometimes by a fresh process. */
static void try_deck(uint64_t key, tp_str load, bool again, tp_arena mem)
{
    tp_err err = {0};
    if (ops->put(&storm.x, key, load, &err)) fault(err.msg, key);
    tp_done first = job(key, &mem);
    storm.ends[first.how]++;
    uint64_t one = sum_of(&first, &mem);
    if (first.how == TP_END_DONE) {
        tp_done second = job(key, &mem);
        if (second.how == TP_END_DONE && sum_of(&second, &mem) != one)
            fault("its second answer is another one", key);
    }
    if (again && first.how == TP_END_DONE) {
        tp_done other;
        job(2, &mem); /* two others, so that its processes go */
        job(3, &mem);
        other = job(key, &mem);
        if (other.how == TP_END_DONE && sum_of(&other, &mem) != one)
            fault("a fresh process gives another answer", key);
    }
    if (canary_sings()) fault("a command was run", key);
    unlink(storm.canary);
}

static void run_storm(int decks, uint64_t seed, tp_arena *mem)
{
    tp_arena empty = tp_arena_open((ptrdiff_t)1 << 30);
    tp_err   err = {0};
    uint64_t healthy = 0;
    for (uint64_t k = HEALTHY; k <= 3; k++)
        ops->put(&storm.x, k,
                 load_of(storm.deck[k % (uint64_t)storm.n], "op", mem), &err);
    for (int i = 0; i < decks; i++) {
        tp_rng   rng = tp_rng_at(seed, (uint64_t)i);
        tp_arena job_mem = empty;
        tp_str   from = storm.deck[tp_rng_below(&rng, storm.n)];
        tp_str   text = mutated(from, &rng, &job_mem);
        int      at = tp_rng_below(&rng, 3 * TP_COUNT(commands));
        tp_str   load =
            load_of(text, commands[at < TP_COUNT(commands) ? at : 0], &job_mem);
        load = tp_str_copy(mem, load);
        tp_arena scratch = job_mem;
        try_deck((uint64_t)i + 10, load, i % 4 == 0, scratch);
        tp_done  d = job(HEALTHY, &scratch);
        uint64_t sum = sum_of(&d, &scratch);
        if (i == 0 && storm.ran == 0) fault("the healthy deck fails", 1);
        if (i == 0) healthy = sum;
        if (sum == 0 || sum != healthy) fault("the healthy deck suffers", 1);
    }
}

/* ---- before and after -------------------------------------------- */

static void read_decks(const char *folder, tp_arena *mem)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) && storm.n < DECKS_MAX;) {
        tp_err err = {0};
        tp_str path = tp_str_fmt(mem, "%s/%s", folder, e->d_name);
        if (e->d_name[0] == '.') continue;
        if (tp_file_read(&storm.deck[storm.n], path.at, TEXT_MAX, mem, &err))
            continue;
        storm.n++;
    }
    if (d) closedir(d);
}

static int by_text(const void *a, const void *b)
{
    return tp_str_cmp(*(const tp_str *)a, *(const tp_str *)b);
}

static int descriptors(void)
{
    int  n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d)) n++;
    if (d) closedir(d);
    return n;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, tp_eval_work_load, tp_eval_work);
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 34);
    int      decks = argc > 2 ? atoi(argv[2]) : 0;
    if (argc > 1) read_decks(argv[1], &mem);
    if (storm.n == 0 || decks < 1) {
        printf("usage: %s FOLDER DECKS [SEED [PROGRAM]]\n0 passed, 1 failed\n",
               argv[0]);
        return 1;
    }
    qsort(storm.deck, (size_t)storm.n, sizeof *storm.deck, by_text);
    snprintf(storm.canary, sizeof storm.canary, "/tmp/storm-%d", (int)getpid());
    int    fds = descriptors();
    double began = tp_now();
    open_workers(argc > 4 ? argv[4] : "", &mem);
    run_storm(decks, argc > 3 ? (uint64_t)atoi(argv[3]) : 1, &mem);
    ops->close(&storm.x);
    errno = 0;
    if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
        fault("a process is left", 0);
    if (descriptors() != fds) fault("a descriptor is left", 0);
    printf("%d decks in %.1f s: %d answered, %d refused, %d ended their "
           "process, %d overdue; %d answers with values\n",
           decks, tp_now() - began, storm.ends[TP_END_DONE],
           storm.ends[TP_END_REFUSED], storm.ends[TP_END_DIED],
           storm.ends[TP_END_OVERDUE], storm.ran);
    printf("%d passed, %d failed\n", decks - storm.wrong, storm.wrong);
    return storm.wrong ? 1 : 0;
}
