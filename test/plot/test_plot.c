/* Axes by their numbers, pictures by what a reader of the file finds. */
#include "check.h"

#include "plot/axis.h"

#include <stdlib.h>
#include <unistd.h>

static int majors(const tp_axis *a)
{
    int n = 0;
    for (int i = 0; i < a->n; i++) n += a->tick[i].major;
    return n;
}

static void test_axis__linear_ticks_are_round(void)
{
    tp_axis a;
    tp_axis_make(&a, 0.13, 9.7, false, 5);
    CHECK_NEAR(a.lo, 0, 0);
    CHECK_NEAR(a.hi, 10, 0);
    CHECK_INT(a.n, 6);
    CHECK_NEAR(a.tick[1].value, 2, 1e-12);
    CHECK_NEAR(tp_axis_at(&a, 5), 0.5, 1e-12);
}

static void test_axis__a_single_value_gets_room(void)
{
    tp_axis a;
    tp_axis_make(&a, 3, 3, false, 5);
    CHECK(a.lo < 3 && a.hi > 3);
    tp_axis_make(&a, 0, 0, false, 5);
    CHECK(a.lo < 0 && a.hi > 0);
    tp_axis_make(&a, 3, 3, true, 5);
    CHECK(a.lo < a.hi && a.lo <= 3 && a.hi >= 3);
}

static void test_axis__rounding_is_no_range(void)
{
    static const double step = 0x1p-52;
    tp_axis             a;
    for (int i = -6; i <= 6; i++) {
        double v = 0.5 * i;
        tp_axis_make(&a, v, v + step * fabs(v), false, 7);
        CHECK(a.n >= 3);
        CHECK(a.lo < v && a.hi > v && a.hi - a.lo > 0.1 * fabs(v));
    }
    tp_axis_make(&a, 0, 5e-324, false, 7);
    CHECK(a.lo < 0 && a.hi > 0 && a.n >= 3);
    tp_axis_make(&a, 1, 1 + 1e-10, true, 8);
    CHECK(a.lo < a.hi && a.hi > 1.5);
    CHECK(isfinite(tp_axis_at(&a, 1)));
}

static void test_axis__the_largest_and_the_smallest_fit(void)
{
    tp_axis a;
    tp_axis_make(&a, -1e300, 1e300, false, 7);
    CHECK(isfinite(a.hi - a.lo) && a.n >= 3);
    CHECK_NEAR(tp_axis_at(&a, 0), 0.5, 1e-12);
    tp_axis_make(&a, 1e-300, 1e300, true, 7);
    CHECK(a.lo > 0 && a.n >= 3 && a.n <= MAX_TICKS);
    CHECK_NEAR(tp_axis_at(&a, 1), 0.5, 1e-12);
    CHECK(!tp_axis_shows(&a, 1e308) && !tp_axis_shows(&a, 5e-324));
}

static void test_axis__log_ends_on_one_two_or_five(void)
{
    tp_axis a;
    tp_axis_make(&a, 0.41, 1.58, true, 8);
    CHECK_NEAR(a.lo, 0.2, 1e-12);
    CHECK_NEAR(a.hi, 2, 1e-12);
    CHECK_NEAR(tp_axis_at(&a, sqrt(0.4)), 0.5, 1e-12);
    CHECK_INT(majors(&a), 4); /* 0.2 0.5 1 2 */
}

static void test_axis__many_decades_skip_labels(void)
{
    tp_axis a;
    tp_axis_make(&a, 1e-12, 1e12, true, 8);
    CHECK(majors(&a) <= 8);
    CHECK(majors(&a) >= 4);
    CHECK(a.n <= MAX_TICKS);
}

static void test_axis__labels_tell_ticks_apart(void)
{
    tp_axis a;
    tp_axis_make(&a, 1.00001e6, 1.00002e6, false, 5);
    for (int i = 1; i < a.n; i++) {
        tp_str x = tp_axis_label(&a, a.tick[i - 1].value, check_mem());
        tp_str y = tp_axis_label(&a, a.tick[i].value, check_mem());
        CHECK(!tp_str_eq(x, y));
    }
}

static void test_axis__shows_only_what_fits_its_scale(void)
{
    tp_axis a;
    tp_axis_make(&a, 1, 10, true, 5);
    CHECK(tp_axis_shows(&a, 2));
    CHECK(!tp_axis_shows(&a, 0));
    CHECK(!tp_axis_shows(&a, -1));
    CHECK(!tp_axis_shows(&a, NAN));
    CHECK(!tp_axis_shows(&a, INFINITY));
}

static tp_graph two_curves(tp_curve c[2], double x[3], double y[3])
{
    c[0] = (tp_curve){TP_S("Target"), 3, x, y, TP_MARK_LINE, -1};
    c[1] = (tp_curve){TP_S("Best"), 3, x, y, TP_MARK_POINTS, -1};
    return (tp_graph){.title = TP_S("T"), .n = 2, .curve = c};
}

static bool holds(tp_str s, const char *part)
{
    return memmem(s.at, (size_t)s.len, part, strlen(part)) != NULL;
}

static void test_graph__svg_is_whole(void)
{
    tp_curve c[2];
    double   x[] = {1, 2, 3}, y[] = {1, NAN, 3};
    tp_graph g = two_curves(c, x, y);
    tp_str   svg;
    tp_err   err = {0};
    CHECK_INT(tp_graph_svg(&svg, &g, check_mem(), &err), TP_OK);
    CHECK(holds(svg, "<svg"));
    CHECK(holds(svg, "</svg>"));
    CHECK(!holds(svg, "nan"));
}

/* The path of a curve begins at each part of it; a part may be one sample. */
static void test_graph__a_sample_between_gaps_is_a_dot(void)
{
    double   x[] = {1, 2, 3, 4, 5}, y[] = {NAN, 5, NAN, 7, NAN};
    tp_curve c = {TP_S(""), 5, x, y, TP_MARK_LINE, 0};
    tp_graph g = {.n = 1, .curve = &c};
    tp_str   dots, none;
    CHECK_INT(tp_graph_svg(&dots, &g, check_mem(), NULL), TP_OK);
    CHECK(holds(dots, "stroke-linecap:round") ||
          holds(dots, "stroke-linecap=\"round\""));
    c.mark = TP_MARK_BAND; /* without an area */
    CHECK_INT(tp_graph_svg(&none, &g, check_mem(), NULL), TP_OK);
    CHECK(!holds(none, "stroke-linecap:round") &&
          !holds(none, "stroke-linecap=\"round\""));
}

/* What a column of pixels hides is not drawn, what stands out of it is. */
static void test_graph__draws_no_more_than_is_seen(void)
{
    enum { N = 200000 };
    double  *x = TP_NEW(check_mem(), double, N);
    double  *y = TP_NEW(check_mem(), double, N);
    tp_curve c = {TP_S(""), N, x, y, TP_MARK_LINE, 0};
    tp_graph g = {.n = 1, .curve = &c};
    tp_str   with, without;
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = i % 2;
    }
    y[N - 1] = 10; /* holds the axis */
    CHECK_INT(tp_graph_svg(&without, &g, check_mem(), NULL), TP_OK);
    y[77777] = 9;
    CHECK_INT(tp_graph_svg(&with, &g, check_mem(), NULL), TP_OK);
    CHECK(with.len < 200000);
    CHECK(!tp_str_eq(with, without));
}

static tp_str written(const tp_graph *g, const char *path)
{
    tp_str bytes = {"", 0};
    CHECK_INT(tp_graph_write(g, path, NULL), TP_OK);
    CHECK_INT(tp_file_read(&bytes, path, 1 << 24, check_mem(), NULL), TP_OK);
    unlink(path);
    return bytes;
}

static void test_graph__same_input_same_pixels(void)
{
    tp_curve c[2];
    double   x[] = {1, 2, 3}, y[] = {1, 2, 3};
    tp_graph g = two_curves(c, x, y);
    char     dir[] = "/tmp/trimpot-plot-XXXXXX";
    if (!CHECK(mkdtemp(dir) != NULL)) return;
    char  *p = tp_str_z(check_mem(), tp_str_fmt(check_mem(), "%s/a.png", dir));
    tp_str first = written(&g, p), second = written(&g, p);
    CHECK(first.len > 1000);
    CHECK(tp_str_eq(first, second));
    rmdir(dir);
}

static void test_graph__nothing_to_show_is_a_picture_too(void)
{
    tp_curve c[2];
    double   x[] = {1, 2, 3}, y[] = {-1, 0, NAN};
    tp_graph g = two_curves(c, x, y);
    tp_str   svg;
    g.y_log = true;
    CHECK_INT(tp_graph_svg(&svg, &g, check_mem(), NULL), TP_OK);
    CHECK(holds(svg, "</svg>"));
}

static void test_graph__png_file_begins_as_a_png(void)
{
    tp_curve c[2];
    double   x[] = {1, 2, 3}, y[] = {1, 2, 3};
    tp_graph g = two_curves(c, x, y);
    tp_str   bytes;
    tp_err   err = {0};
    char     dir[] = "/tmp/trimpot-plot-XXXXXX";
    if (!CHECK(mkdtemp(dir) != NULL)) return;
    char *path =
        tp_str_z(check_mem(), tp_str_fmt(check_mem(), "%s/a.png", dir));
    CHECK_INT(tp_graph_write(&g, path, &err), TP_OK);
    CHECK_INT(tp_file_read(&bytes, path, 1 << 24, check_mem(), &err), TP_OK);
    CHECK(bytes.len > 1000);
    CHECK(!memcmp(bytes.at, "\x89PNG", 4));
    unlink(path);
    rmdir(dir);
}

/* A legend beside the frame makes it narrower: nothing ends any more where its
   right side was. */
static void test_graph__legend_stands_beside_and_dashes_are_dashed(void)
{
    tp_curve c[2];
    double   x[] = {1, 2, 3}, y[] = {1, 2, 3};
    tp_graph g = two_curves(c, x, y);
    tp_str   inside, beside;
    tp_err   err = {0};
    CHECK_INT(tp_graph_svg(&inside, &g, check_mem(), &err), TP_OK);
    CHECK(!holds(inside, "stroke-dasharray"));
    g.beside = true;
    c[1].mark = TP_MARK_DASHED;
    CHECK_INT(tp_graph_svg(&beside, &g, check_mem(), &err), TP_OK);
    CHECK(holds(beside, "stroke-dasharray"));
    CHECK(holds(inside, " 776 ") || holds(inside, " 776.5 "));
    CHECK(!holds(beside, " 776 ") && !holds(beside, " 776.5 "));
}

/* The white behind the legend ends where the frame does, at y = 438. */
static void test_graph__a_long_legend_stays_in_the_frame(void)
{
    enum { N = 60 };
    double      x[2] = {0, 1}, left, top, right, bottom;
    tp_curve    c[N];
    tp_graph    g = {.n = N, .curve = c};
    tp_str      svg;
    static char end[] = "fill-opacity:0.85;\" d=\"M ";
    for (int i = 0; i < N; i++)
        c[i] = (tp_curve){TP_S("a"), 2, x, x, TP_MARK_LINE, -1};
    CHECK_INT(tp_graph_svg(&svg, &g, check_mem(), NULL), TP_OK);
    const char *at = memmem(svg.at, (size_t)svg.len, end, strlen(end));
    if (!CHECK(at != NULL)) return;
    CHECK_INT(sscanf(at + strlen(end), "%lf %lf L %lf %*f L %*f %lf", &left,
                     &top, &right, &bottom),
              4);
    CHECK(top >= 44 && bottom <= 438 && bottom > top + 300);
    CHECK(left >= 86 && right <= 776 && right > left + 100);
}

static void test_graph__refuses_other_endings(void)
{
    tp_graph g = {0};
    tp_err   err = {0};
    CHECK_INT(tp_graph_write(&g, "a.gif", &err), TP_BAD_INPUT);
    CHECK_STR(tp_str_of(err.msg), "a.gif: a picture is .svg or .png");
    CHECK_INT(tp_graph_write(&g, "/nonexistent/a.svg", &err), TP_IO);
}

static const check_test tests[] = {
    CHECK_TEST(test_axis__linear_ticks_are_round),
    CHECK_TEST(test_axis__a_single_value_gets_room),
    CHECK_TEST(test_axis__rounding_is_no_range),
    CHECK_TEST(test_axis__the_largest_and_the_smallest_fit),
    CHECK_TEST(test_axis__log_ends_on_one_two_or_five),
    CHECK_TEST(test_axis__many_decades_skip_labels),
    CHECK_TEST(test_axis__labels_tell_ticks_apart),
    CHECK_TEST(test_axis__shows_only_what_fits_its_scale),
    CHECK_TEST(test_graph__svg_is_whole),
    CHECK_TEST(test_graph__a_sample_between_gaps_is_a_dot),
    CHECK_TEST(test_graph__draws_no_more_than_is_seen),
    CHECK_TEST(test_graph__same_input_same_pixels),
    CHECK_TEST(test_graph__nothing_to_show_is_a_picture_too),
    CHECK_TEST(test_graph__png_file_begins_as_a_png),
    CHECK_TEST(test_graph__legend_stands_beside_and_dashes_are_dashed),
    CHECK_TEST(test_graph__a_long_legend_stays_in_the_frame),
    CHECK_TEST(test_graph__refuses_other_endings),
    {0},
};

int main(void)
{
    return check_main(tests);
}
