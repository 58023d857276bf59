/* A graph drawn with cairo: frame, grid, ticks, curves, legend. */
#include "plot/axis.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>

enum {
    MARGIN_LEFT = 86,
    MARGIN_RIGHT = 24,
    MARGIN_TOP = 44,
    MARGIN_BOTTOM = 62
};
enum { FONT = 13, TITLE_FONT = 16, SMALL_FONT = 12 };
enum { ROW = 20 }; /* of the legend */

/* Okabe and Ito's palette: told apart by colour-blind readers too. */
static const double palette[][3] = {
    {0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45},
    {0.80, 0.47, 0.65}, {0.90, 0.62, 0.00}, {0.34, 0.71, 0.91},
    {0.20, 0.20, 0.20},
};

typedef struct sheet {
    cairo_t        *c;
    const tp_graph *g;
    tp_axis         x, y;
    double          left, top, width, height; /* of the frame */
    tp_arena       *mem;
} sheet;

static void ink(cairo_t *c, double grey)
{
    cairo_set_source_rgb(c, grey, grey, grey);
}

/* The curve's colour; what is to be compared with is dashed and grey. */
static void pen(const sheet *s, int curve)
{
    static const double dash[] = {7, 4};
    const tp_curve     *c = &s->g->curve[curve];
    bool                dashed = c->mark == TP_MARK_DASHED;
    int                 k = c->colour >= 0 ? c->colour : curve;
    const double       *rgb = palette[k % TP_COUNT(palette)];
    cairo_set_dash(s->c, dash, dashed ? TP_COUNT(dash) : 0, 0);
    cairo_set_source_rgb(s->c, rgb[0], rgb[1], rgb[2]);
    if (dashed) ink(s->c, 0.4);
}

/* For cairo, which draws nothing more after a text that is no UTF-8. */
static char *drawable(const sheet *s, tp_str t)
{
    char *z = tp_str_z(s->mem, t);
    for (ptrdiff_t i = 0; i < t.len;) {
        int n = tp_utf8_length(tp_str_from(t, i));
        if (n == 0) z[i] = '?';
        i += n ? n : 1;
    }
    return z;
}

/* Writes with its anchor at (x, y); ax, ay: 0 left/top, 0.5 middle, 1. */
static void text(const sheet *s, double x, double y, double ax, double ay,
                 tp_str t)
{
    cairo_text_extents_t e;
    char                *z = drawable(s, t);
    cairo_text_extents(s->c, z, &e);
    cairo_move_to(s->c, x - ax * e.x_advance,
                  y + (1 - ay) * -e.y_bearing - ay * (e.height + e.y_bearing));
    cairo_show_text(s->c, z);
}

static void line(cairo_t *c, double x0, double y0, double x1, double y1)
{
    cairo_move_to(c, x0, y0);
    cairo_line_to(c, x1, y1);
    cairo_stroke(c);
}

static double px(const sheet *s, double v)
{
    return s->left + s->width * tp_axis_at(&s->x, v);
}

static double py(const sheet *s, double v)
{
    return s->top + s->height * (1 - tp_axis_at(&s->y, v));
}

static void draw_x_ticks(const sheet *s)
{
    double bottom = s->top + s->height;
    for (int i = 0; i < s->x.n; i++) {
        const tp_tick *t = &s->x.tick[i];
        double         x = floor(px(s, t->value)) + 0.5;
        ink(s->c, t->major ? 0.85 : 0.94);
        line(s->c, x, s->top, x, bottom);
        if (!t->major) continue;
        ink(s->c, 0.2);
        line(s->c, x, bottom, x, bottom + 5);
        text(s, x, bottom + 9, 0.5, 0, tp_axis_label(&s->x, t->value, s->mem));
    }
}

static void draw_y_ticks(const sheet *s)
{
    double right = s->left + s->width;
    for (int i = 0; i < s->y.n; i++) {
        const tp_tick *t = &s->y.tick[i];
        double         y = floor(py(s, t->value)) + 0.5;
        ink(s->c, t->major ? 0.85 : 0.94);
        line(s->c, s->left, y, right, y);
        if (!t->major) continue;
        ink(s->c, 0.2);
        line(s->c, s->left - 5, y, s->left, y);
        text(s, s->left - 9, y, 1, 0.5, tp_axis_label(&s->y, t->value, s->mem));
    }
}

static tp_str with_unit(const sheet *s, tp_str label, tp_str unit)
{
    if (!unit.len) return label;
    if (!label.len) return unit;
    return tp_str_fmt(s->mem, "%.*s (%.*s)", TP_F(label), TP_F(unit));
}

static void draw_labels(const sheet *s)
{
    const tp_graph *g = s->g;
    ink(s->c, 0.1);
    text(s, s->left + s->width / 2, s->top + s->height + 32, 0.5, 0,
         with_unit(s, g->x_label, g->x_unit));
    cairo_save(s->c);
    cairo_translate(s->c, 18, s->top + s->height / 2);
    cairo_rotate(s->c, -acos(-1.0) / 2);
    text(s, 0, 0, 0.5, 0.5, with_unit(s, g->y_label, g->y_unit));
    cairo_restore(s->c);
    cairo_set_font_size(s->c, TITLE_FONT);
    text(s, s->left + s->width / 2, 14, 0.5, 0, g->title);
    cairo_set_font_size(s->c, FONT);
}

static bool shown(const sheet *s, const tp_curve *c, int i)
{
    return tp_axis_shows(&s->x, c->x[i]) && tp_axis_shows(&s->y, c->y[i]);
}

/* Of the samples from `from` on that follow each other in one column of pixels,
   what is seen: the first, the lowest, the highest and the last, in the order
   they have. Returns the sample after them. */
static int column_of(const sheet *s, const tp_curve *c, int from, int seen[4],
                     int *n)
{
    double column = floor(px(s, c->x[from]));
    int    lo = from, hi = from, end = from + 1;
    for (; end < c->n && shown(s, c, end); end++) {
        if (floor(px(s, c->x[end])) != column) break;
        if (c->y[end] < c->y[lo]) lo = end;
        if (c->y[end] > c->y[hi]) hi = end;
    }
    int at[] = {from, lo < hi ? lo : hi, lo < hi ? hi : lo, end - 1};
    *n = 0;
    for (int k = 0; k < TP_COUNT(at); k++)
        if (k == 0 || at[k] != at[k - 1]) seen[(*n)++] = at[k];
    return end;
}

/* A sample that stands alone between gaps is a dot. */
static void draw_line(const sheet *s, const tp_curve *c)
{
    bool   pen = false;
    double last = 0;
    for (int i = 0, n, seen[4]; i < c->n;) {
        if (!shown(s, c, i)) {
            pen = false;
            i++;
            continue;
        }
        i = column_of(s, c, i, seen, &n);
        for (int k = 0; k < n; k++) {
            double x = px(s, c->x[seen[k]]), y = py(s, c->y[seen[k]]);
            if (!pen) cairo_move_to(s->c, x, y);
            if (pen && c->mark == TP_MARK_STEP) cairo_line_to(s->c, x, last);
            cairo_line_to(s->c, x, y);
            last = y;
            pen = true;
        }
    }
    cairo_stroke(s->c);
}

static void draw_band(const sheet *s, int curve)
{
    const tp_curve *c = &s->g->curve[curve];
    int             k = c->colour >= 0 ? c->colour : curve;
    const double   *rgb = palette[k % TP_COUNT(palette)];
    cairo_new_path(s->c);
    for (int i = 0; i < c->n; i++)
        if (shown(s, c, i)) cairo_line_to(s->c, px(s, c->x[i]), py(s, c->y[i]));
    cairo_close_path(s->c);
    cairo_set_source_rgba(s->c, rgb[0], rgb[1], rgb[2], 0.18);
    cairo_fill(s->c);
}

static void draw_points(const sheet *s, const tp_curve *c)
{
    for (int i = 0; i < c->n; i++) {
        if (!shown(s, c, i)) continue;
        cairo_arc(s->c, px(s, c->x[i]), py(s, c->y[i]), 3, 0, 2 * acos(-1.0));
        cairo_fill(s->c);
    }
}

static void draw_curve(const sheet *s, int curve)
{
    const tp_curve *c = &s->g->curve[curve];
    pen(s, curve);
    if (c->mark == TP_MARK_POINTS || c->n == 1)
        draw_points(s, c);
    else
        draw_line(s, c);
}

static void draw_curves(const sheet *s)
{
    cairo_save(s->c);
    cairo_rectangle(s->c, s->left, s->top, s->width, s->height);
    cairo_clip(s->c);
    cairo_set_line_width(s->c, 1.8);
    cairo_set_line_join(s->c, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(s->c, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i < s->g->n; i++)
        if (s->g->curve[i].mark == TP_MARK_BAND) draw_band(s, i);
    for (int i = 0; i < s->g->n; i++)
        if (s->g->curve[i].mark != TP_MARK_BAND) draw_curve(s, i);
    cairo_restore(s->c);
}

typedef struct box {
    double x, y, w, h;
} box;

static int points_in(const sheet *s, box b)
{
    int n = 0;
    for (int k = 0; k < s->g->n; k++)
        for (int i = 0; i < s->g->curve[k].n; i++) {
            const tp_curve *c = &s->g->curve[k];
            if (!shown(s, c, i)) continue;
            double x = px(s, c->x[i]) - b.x, y = py(s, c->y[i]) - b.y;
            n += x >= 0 && x <= b.w && y >= 0 && y <= b.h;
        }
    return n;
}

/* The corner of the frame where the box covers the fewest points. */
static box quietest(const sheet *s, double w, double h)
{
    double left = s->left + 10, right = s->left + s->width - w - 10;
    double top = s->top + 8, bottom = s->top + s->height - h - 8;
    box    corner[] = {{right, top, w, h},
                       {left, top, w, h},
                       {right, bottom, w, h},
                       {left, bottom, w, h}};
    int    best = 0, least = points_in(s, corner[0]);
    for (int i = 1; i < TP_COUNT(corner); i++) {
        int n = points_in(s, corner[i]);
        if (n < least) best = i;
        if (n < least) least = n;
    }
    return corner[best];
}

static void legend_row(const sheet *s, int curve, double x, double y)
{
    pen(s, curve);
    cairo_set_line_width(s->c, 2.5);
    if (s->g->curve[curve].mark == TP_MARK_POINTS) {
        cairo_arc(s->c, x + 12, y, 3, 0, 2 * acos(-1.0));
        cairo_fill(s->c);
    } else {
        line(s->c, x, y, x + 24, y);
    }
    ink(s->c, 0.1);
    text(s, x + 32, y, 0, 0.5, s->g->curve[curve].label);
}

/* How many labels have room in the frame. *rest: those that have none; one row
   says how many. */
static int labels_shown(const sheet *s, int *rest)
{
    int n = 0, room = (int)((s->height - 22) / ROW);
    for (int i = 0; i < s->g->n; i++) n += s->g->curve[i].label.len > 0;
    *rest = n > room ? n - room + 1 : 0;
    return n - *rest;
}

static tp_str rest_words(const sheet *s, int rest)
{
    return rest ? tp_str_fmt(s->mem, "and %d more", rest) : TP_S("");
}

static double label_width(const sheet *s, tp_str label)
{
    cairo_text_extents_t e;
    cairo_text_extents(s->c, drawable(s, label), &e);
    return e.x_advance + 48;
}

/* How large the legend is; h is 0 without any. */
static box legend_size(const sheet *s)
{
    int rest, rows = labels_shown(s, &rest);
    rows += rest > 0;
    box b = {0, 0, label_width(s, rest_words(s, rest)), 0};
    for (int i = 0; i < s->g->n; i++)
        b.w = fmax(b.w, label_width(s, s->g->curve[i].label));
    if (rows) b.h = ROW * rows + 6;
    return b;
}

static void draw_legend(const sheet *s)
{
    int rest, left = labels_shown(s, &rest);
    box b = legend_size(s);
    if (b.h == 0) return;
    if (s->g->beside)
        b = (box){s->left + s->width + 6, s->top, b.w, b.h};
    else
        b = quietest(s, b.w, b.h);
    cairo_set_source_rgba(s->c, 1, 1, 1, 0.85);
    cairo_rectangle(s->c, b.x, b.y, b.w, b.h);
    cairo_fill(s->c);
    double y = b.y + 13;
    for (int i = 0; i < s->g->n && left > 0; i++) {
        if (!s->g->curve[i].label.len) continue;
        legend_row(s, i, b.x + 8, y);
        y += ROW;
        left--;
    }
    ink(s->c, 0.1);
    text(s, b.x + 40, y, 0, 0.5, rest_words(s, rest));
}

/* Range of what can be shown; false when there is nothing. */
static bool range(const tp_graph *g, bool of_x, double *lo, double *hi)
{
    tp_axis ax = {.log = g->x_log}, ay = {.log = g->y_log};
    *lo = INFINITY;
    *hi = -INFINITY;
    for (int k = 0; k < g->n; k++)
        for (int i = 0; i < g->curve[k].n; i++) {
            double x = g->curve[k].x[i], y = g->curve[k].y[i];
            if (!tp_axis_shows(&ax, x) || !tp_axis_shows(&ay, y)) continue;
            *lo = fmin(*lo, of_x ? x : y);
            *hi = fmax(*hi, of_x ? x : y);
        }
    return *lo <= *hi;
}

static void draw(cairo_t *c, const tp_graph *g, double w, double h,
                 tp_arena *mem)
{
    double x0, x1, y0, y1;
    sheet  s = {.c = c,
                .g = g,
                .left = MARGIN_LEFT,
                .top = MARGIN_TOP,
                .width = w - MARGIN_LEFT - MARGIN_RIGHT,
                .height = h - MARGIN_TOP - MARGIN_BOTTOM,
                .mem = mem};
    cairo_set_source_rgb(c, 1, 1, 1);
    cairo_paint(c);
    cairo_select_font_face(c, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c, SMALL_FONT);
    double beside = legend_size(&s).w - MARGIN_RIGHT / 2.0;
    if (g->beside) s.width = fmax(s.width - beside, s.width / 2);
    cairo_set_font_size(c, FONT);
    cairo_set_line_width(c, 1);
    draw_labels(&s);
    if (!range(g, true, &x0, &x1) || !range(g, false, &y0, &y1)) {
        text(&s, w / 2, h / 2, 0.5, 0.5, TP_S("no point to show"));
        return;
    }
    tp_axis_make(&s.x, x0, x1, g->x_log, 8);
    tp_axis_make(&s.y, y0, y1, g->y_log, 7);
    cairo_set_font_size(c, SMALL_FONT);
    draw_x_ticks(&s);
    draw_y_ticks(&s);
    draw_curves(&s);
    ink(c, 0.2);
    cairo_set_line_width(c, 1);
    cairo_rectangle(c, s.left + 0.5, s.top + 0.5, s.width, s.height);
    cairo_stroke(c);
    draw_legend(&s);
}

static cairo_status_t collect(void *with, const unsigned char *data,
                              unsigned int n)
{
    tp_buf_add(with, (tp_str){(const char *)data, (ptrdiff_t)n});
    return CAIRO_STATUS_SUCCESS;
}

static tp_status render(tp_str *out, const tp_graph *g, bool svg, tp_arena *mem,
                        tp_err *err)
{
    double           w = g->width > 0 ? g->width : 800;
    double           h = g->height > 0 ? g->height : 500;
    tp_buf           b = {.mem = mem};
    tp_arena         scratch = tp_arena_open((ptrdiff_t)1 << 28);
    cairo_surface_t *surface =
        svg ? cairo_svg_surface_create_for_stream(collect, &b, w, h)
            : cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w, (int)h);
    cairo_t *c = cairo_create(surface);
    draw(c, g, w, h, &scratch);
    cairo_status_t st = cairo_status(c);
    cairo_destroy(c);
    if (svg)
        cairo_surface_finish(surface);
    else if (!st)
        st = cairo_surface_write_to_png_stream(surface, collect, &b);
    if (!st) st = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    tp_arena_close(&scratch);
    *out = tp_buf_str(&b);
    if (st == CAIRO_STATUS_SUCCESS ||
        (svg && st == CAIRO_STATUS_SURFACE_FINISHED))
        return TP_OK;
    return tp_fail(err, TP_IO, "drawing: %s", cairo_status_to_string(st));
}

tp_status tp_graph_svg(tp_str *out, const tp_graph *g, tp_arena *mem,
                       tp_err *err)
{
    return render(out, g, true, mem, err);
}

static bool ends_with(const char *path, const char *ending)
{
    tp_str p = tp_str_of(path), e = tp_str_of(ending);
    return p.len > e.len && tp_str_same(tp_str_from(p, p.len - e.len), e);
}

tp_status tp_graph_write(const tp_graph *g, const char *path, tp_err *err)
{
    bool svg = ends_with(path, ".svg");
    if (!svg && !ends_with(path, ".png"))
        return tp_fail(err, TP_BAD_INPUT, "%s: a picture is .svg or .png",
                       path);
    tp_arena  mem = tp_arena_open((ptrdiff_t)1 << 30);
    tp_str    bytes;
    tp_status st = render(&bytes, g, svg, &mem, err);
    if (!st) st = tp_file_write(path, bytes, err);
    tp_arena_close(&mem);
    return st;
}
