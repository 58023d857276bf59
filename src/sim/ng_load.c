/* The circuit as ngspice reads it, at its parameters, and what has to be said
   to it each time. */
#include "sim/ng.h"

#include <ngspice/sharedspice.h>

#include <string.h>

/* The lines of a text, zero-terminated, NULL at the end. */
static char **lines_of(tp_str text, tp_arena *mem)
{
    int n = 2;
    for (ptrdiff_t i = 0; i < text.len; i++) n += text.at[i] == '\n';
    char **line = TP_NEW(mem, char *, n);
    for (int k = 0; text.len > 0; k++) {
        ptrdiff_t end = tp_str_find(text, '\n', 0);
        if (end < 0) end = text.len;
        line[k] = tp_str_z(mem, tp_str_part(text, 0, end));
        text = tp_str_from(text, end + 1);
    }
    return line;
}

/* What `reset` forgets. */
bool tp_ng_wishes(tp_ng *s)
{
    bool keep_op = false;
    for (int i = 0; i < s->c->n_analysis; i++) keep_op |= s->c->analysis[i].op;
    if (keep_op && !tp_ng_send(s, "option keepopinfo")) return false;
    if (s->c->n_save > 0 && !tp_ng_send(s, "save all")) return false;
    for (int i = 0; i < s->c->n_save; i++)
        if (!tp_ng_send(s, "save %.*s", TP_F(s->c->save[i]))) return false;
    const char *tight = tp_ng_start_options(s);
    if (tight && !tp_ng_send(s, "option %s", tight)) return false;
    return !s->options || tp_ng_send(s, "option %s", s->options);
}

bool tp_ng_has_events(tp_str text)
{
    bool first = false; /* the title is no device */
    for (ptrdiff_t i = 0; i < text.len; i++) {
        if (first && tp_lower(text.at[i]) == 'a') return true;
        first = text.at[i] == '\n';
    }
    return false;
}

bool tp_ng_read_circuit(tp_ng *s, tp_str text, tp_arena mem)
{
    if (ngSpice_Circ(lines_of(text, &mem)) != 0) s->lost = true;
    return !s->lost && !s->words.error && tp_ng_wishes(s) && !s->words.error;
}

/* Newton iterations since the circuit was read. */
int tp_ng_iterations(tp_ng *s)
{
    s->last[0] = '\0';
    if (!tp_ng_send(s, "rusage totiter")) return 0;
    tp_str text = tp_str_of(s->last);
    double n = 0;
    tp_number(tp_str_trim(tp_str_from(text, tp_str_find(text, '=', 0) + 1)),
              &n);
    return n > 0 && n < 2e9 ? (int)n : 0;
}

void tp_ng_count(tp_ng *s)
{
    int n = tp_ng_iterations(s);
    if (s->counted >= 0 && n > s->counted) s->iterations += n - s->counted;
    s->counted = n;
}

bool tp_ng_reset(tp_ng *s)
{
    if (s->counted >= 0) tp_ng_count(s);
    s->counted = -1;
    s->dirty = s->saves = s->warm = false;
    return tp_ng_send(s, "reset") && !s->words.error && tp_ng_wishes(s);
}

bool tp_ng_saves_back(tp_ng *s)
{
    if (!s->saves) return true;
    s->saves = false;
    return tp_ng_send(s, "delete all") && tp_ng_wishes(s);
}

bool tp_ng_say_params(tp_ng *s, const double *value)
{
    s->unsaid = false;
    for (int i = 0; i < s->c->n_param; i++) {
        if (memcmp(&s->current[i], &value[i], sizeof *value) == 0) continue;
        if (!tp_ng_param_to(s, s->c->param[i], value[i])) return false;
        s->current[i] = value[i];
        s->dirty = true;
    }
    return !s->words.error;
}

bool tp_ng_set_params(tp_ng *s, const double *value)
{
    return tp_ng_say_params(s, value) && (!s->dirty || tp_ng_reset(s));
}
