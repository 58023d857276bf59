/* Problem files: what the example becomes, JSON and YAML alike, and what wrong
   ones are told: path, place, what is there, what was expected. */
#include "check.h"
#include "front/front.h"

#define EXAMPLE "examples/sizing/miller.json"

/* The example's files with the first `was` of the main one replaced. */
static bool changed(tp_files *out, const char *was, const char *is)
{
    static tp_problem p; /* read once */
    static tp_arena   once;
    tp_err            err = {0};
    tp_arena         *mem = check_mem();
    if (!once.beg) once = tp_arena_open((ptrdiff_t)1 << 30);
    if (!p.n_bench &&
        !CHECK_OK(tp_front_read(&p, EXAMPLE, NULL, &once, &err), &err))
        return false;
    tp_source *file = TP_NEW(mem, tp_source, p.files.n);
    for (int i = 0; i < p.files.n; i++) file[i] = p.files.file[i];
    *out = (tp_files){.n = p.files.n, .file = file};
    const char *text = tp_str_z(mem, file[0].text), *at = strstr(text, was);
    if (!at) printf("not in the example: %s\n", was);
    if (!CHECK(at != NULL)) return false;
    tp_str head = {text, at - text};
    file[0].text =
        tp_str_fmt(mem, "%.*s%s%s", TP_F(head), is, at + strlen(was));
    return true;
}

static int line_of(tp_str text, const char *part)
{
    const char *z = tp_str_z(check_mem(), text), *at = strstr(z, part);
    int         line = 1;
    for (const char *c = z; at && c < at; c++) line += *c == '\n';
    return at ? line : -1;
}

typedef struct row {
    const char *was, *is; /* in the example */
    const char *says;
    const char *on; /* stands in the line that is blamed; NULL: `is` */
} row;

#define GAIN "{\"min\": 70, \"target\": 80, \"weight\": 1.0}"
#define M1                                                \
    "\"polarity\": \"nmos\", \"instance\": \"/Xol/M1\", " \
    "\"gm\": \"2*pi*12meg*Cc\""
static const row wrong[] = {
    /* the file itself */
    {"\"specs\": {", "\"specs\": [", "no JSON: ", "\"gain_db\": {\"min\""},
    {"\"optimization\"", "\"optimisation\"",
     "optimisation: unknown name (did you mean optimization?)", NULL},
    {"\"specs\"", "\"spec\"",
     "optimization.spec: unknown name (did you mean specs", NULL},
    {"\"name\": \"miller\",", "\"name\": \"a\", \"name\": \"b\",",
     "'name' stands twice in this map", NULL},
    {"\"Cc\", \"type\": \"comp\"", "\"L_M1\", \"type\": \"comp\"",
     "optimization.parameters[4].name: 'L_M1' stands twice", NULL},
    /* parameters */
    {"\"range\": [8, 22]", "\"range\": [8]",
     "optimization.parameters[0].range: a list of 1, where [least, most] is "
     "expected",
     NULL},
    {"\"range\": [8, 22]", "\"range\": [22, 8]",
     "optimization.parameters[0].range: 22 is above 8", NULL},
    {"\"range\": [8, 22]", "\"range\": [8, \"many\"]",
     "optimization.parameters[0].range[1]: the text 'many', where a number is "
     "expected",
     NULL},
    {"\"range\": [0.5e-12, 5e-12]", "\"range\": [\"0.5M\", 5]",
     "'0.5M': M is milli in a deck and mega elsewhere; write m or meg", NULL},
    {"\"type\": \"comp\"", "\"type\": \"component\"",
     "optimization.parameters[4].type: the text 'component', where one of "
     "gmid, L, comp, W, M, value is expected",
     NULL},
    {"\"init\": 14", "\"int\": 14",
     "optimization.parameters[0].int: unknown name (did you mean init", NULL},
    {"\"name\": \"gmid_M1\"", "\"name\": \"gmid\"",
     "'gmid' names no device: gmid_M1 is that of M1", NULL},
    {"\"name\": \"Cc\"", "\"name\": \"Cm\"",
     "optimization.devices.M1.gm: unknown name 'cc'", M1},
    {"{\"CL\": \"2p\"", "{\"CM\": 1, \"CL\": \"2pp2\"",
     "optimization.fixed.CL: the text '2pp2', where a number is expected",
     NULL},
    {"\"init\": 2.2e-12", "\"init\": 2.2e-12, \"step\": 0",
     "optimization.parameters[4].step: 0, where a step above 0 is expected",
     NULL},
    {"\"init\": 2.2e-12", "\"series\": \"E12\", \"step\": 1e-13",
     "optimization.parameters[4].step: a list of values has its own steps",
     NULL},
    {"\"fixed\": 10}", "\"fixed\": 26}",
     "optimization.parameters[5].fixed: 26 is outside 5 to 25 (gm/Id)", NULL},
    {"\"init\": 2.2e-12", "\"fixed\": 6e-12",
     "optimization.parameters[4].fixed: 6e-12 is outside 5e-13 to 5e-12", NULL},
    /* corners */
    {"\"model\": \"ss\", \"temp\": 125",
     "\"model\": \"ss\", \"parameters\": {\"vdx\": 1}",
     "optimization.corners.phase3[2].parameters.vdx: a corner sets 'vdx'",
     NULL},
    {"\"pdk\": \"freepdk45\"", "\"pdk\": \"../freepdk45\"",
     "optimization.pdk: '../freepdk45', where the name of a folder", NULL},
    /* devices */
    {M1, M1 ", \"branches\": 2",
     "optimization.devices.M1.branches: branches share a 'budget'", NULL},
    {M1, M1 ", \"temp\": 85",
     "optimization.devices.M1: temperature = 85 C is outside 27 to 27", M1},
    {M1, M1 ", \"corner\": \"ff\"", "has no corner 'ff'", M1},
    {M1, M1 ", \"table\": \"none.json\"",
     "optimization.devices.M1.table: ", NULL},
    {M1, "\"gm\": 1e-4",
     "optimization.devices.M1: devices.M1.polarity is missing: nmos or pmos",
     NULL},
    {M1, "\"polarity\": \"n\"",
     "devices.M1.polarity: the text 'n', where one of nmos, pmos is expected",
     NULL},
    {M1, M1 ", \"id\": 1e-6",
     "optimization.devices.M1: gm, id and budget exclude each other", NULL},
    {M1, "\"polarity\": \"nmos\", \"gm\": \"2*pi*(12meg\"",
     "optimization.devices.M1.gm: column ", NULL},
    {"/Xol/M1", "/Xol/M99", "optimization.devices.M1.instance: column ", NULL},
    {"\"M5\": {\"polarity\"", "\"M9\": {\"polarity\"",
     "optimization.devices.M9: no parameter gmid_M9 makes it a device", NULL},
    {"\"id\": \"Id_M1\"", "\"id\": \"Id_M3\"",
     "optimization.devices.M3.id: unknown name 'id_m3'", NULL},
    {"\"pdk\": \"freepdk45\"",
     "\"pdk\": \"freepdk46\", \"model_file\": \"process_data/freepdk45/"
     "../../../../data/pdk/freepdk45/select/freepdk45.lib\"",
     "freepdk46 has no nmos_lookup.json", NULL},
    {"\"expr\": \"1/(k*gm_M3)\"", "\"expr\": \"1/(k*gm_M4)\"",
     "optimization.derived.Rz: unknown name 'gm_m4' (did you mean gm_M1, gm_M3",
     NULL},
    /* specs and measurements */
    {GAIN, "{\"min\": \"high\"}",
     "optimization.specs.gain_db.min: the text 'high', where a number is "
     "expected",
     NULL},
    {GAIN, "{\"min\": 70, \"max\": 60}",
     "optimization.specs.gain_db.min: 70 is above max, 60", NULL},
    {GAIN, "{\"weight\": 1}",
     "optimization.specs.gain_db: one of min, max and target is expected",
     NULL},
    {GAIN, "{\"min\": 70, \"sense\": \"up\"}",
     "the text 'up', where one of both, higher, lower is expected", NULL},
    {"\"gain_db\": {\"min\"", "\"gian_db\": {\"min\"",
     "there is no measurement 'gian_db' (did you mean gain_db?)", NULL},
    {"value(dB20(VF(\\\"/OUT\\\")) 1)\"", "value(dB20(VF(\\\"/OUT\\\") 1)\"",
     "optimization.measurements.gain_db.expr: column ", NULL},
    {"VF(\\\"/OUT\\\")) 1)", "VF(\\\"/OUTT\\\")) 1)",
     "no node or device 'outt' (did you mean out", NULL},
    {"slewRate(VT", "slewrate(VT",
     "optimization.measurements.sr_Vus.expr: column ", NULL},
    {"{\"analysis\": \"tran\", \"expr\": \"slew", "{\"expr\": 1, \"x\": \"slew",
     "optimization.measurements.sr_Vus.x: unknown name", NULL},
    /* corners, simulator, budget */
    {"{\"model\": \"ss\", \"temp\": 125}", "{\"model\": \"sx\", \"temp\": 125}",
     "has no library section 'sx'", ".lib"},
    {"{\"model\": \"ss\", \"temp\": 125}",
     "{\"model\": \"ss\", \"temp\": \"hot\"}",
     "optimization.corners.phase3[2].temp: the text 'hot', where a number is "
     "expected",
     NULL},
    {"{\"model\": \"ss\", \"temp\": 125}",
     "{\"model\": \"ss\", \"temp\": 27, \"supplies\": {\"vdd\": 1}}",
     "another corner is called 'ss_27'", NULL},
    {"{\"model\": \"ss\", \"temp\": 125}",
     "{\"model\": \"ss\", \"temp\": 125, \"supplies\": {\"vcc\": 1}}",
     "a corner sets 'vcc', which is no parameter of a deck", NULL},
    {"{\"model\": \"ss\", \"temp\": 125}",
     "{\"model\": \"ss\", \"temp\": 125, \"model_file\": \"no.lib\"}",
     "corner ss_125: examples/sizing/no.lib is not among the files", ".lib"},
    {"\"phase2\"", "\"phase4\"",
     "optimization.corners.phase4: phases stand in order: 'phase2' is expected",
     NULL},
    {"\"deck\": \"miller.cir\"", "\"deck\": \"mill.cir\"",
     "optimization.simulator.deck: ", NULL},
    {"\"name\": \"ngspice\"", "\"name\": \"hspice\"",
     "optimization.simulator.name: the text 'hspice', where one of ngspice",
     NULL},
    {"\"max_iterations\": 50", "\"max_iterations\": 1.5",
     "optimization.budget.max_iterations: 1.5, where a whole number >= 0 is "
     "expected",
     NULL},
};

static void test_job__wrong_files_are_told_where_and_what(void)
{
    tp_arena free = *check_mem();
    CHECK(TP_COUNT(wrong) >= 30);
    for (int i = 0; i < TP_COUNT(wrong); i++) {
        const row *w = &wrong[i];
        tp_files   files;
        tp_problem p;
        tp_err     err = {0};
        *check_mem() = free;
        if (!changed(&files, w->was, w->is)) continue;
        tp_status st = tp_front_read(&p, EXAMPLE, &files, check_mem(), &err);
        bool      ok = CHECK_INT(st, TP_BAD_INPUT) &&
                  CHECK_HAS(tp_str_of(err.msg), w->says);
        if (tp_str_eq(tp_path_name(tp_str_of(err.file)), TP_S("miller.json")))
            ok = CHECK_INT(err.line, line_of(files.file[0].text,
                                             w->on ? w->on : w->is)) &&
                 ok;
        else
            ok = CHECK(w->on && tp_str_starts(tp_str_trim(tp_str_of(err.text)),
                                              tp_str_of(w->on))) &&
                 ok;
        if (!ok) printf("row %d: %s\n", i, w->is);
    }
}

static void test_job__says_line_and_column(void)
{
    tp_files   files;
    tp_problem p;
    tp_err     err = {0};
    if (!changed(&files, GAIN, "{\"min\": \"high\"}")) return;
    tp_front_read(&p, EXAMPLE, &files, check_mem(), &err);
    CHECK_HAS(tp_str_of(err.text), "\"high\"");
    CHECK_STR(
        tp_str_part(tp_str_from(tp_str_of(err.text), err.caret - 1), 0, 4),
        "high");
}

/* ---- what is read ------------------------------------------------------- */

static void test_job__the_example_is_what_it_says(void)
{
    tp_problem p;
    tp_err     err = {0};
    if (!CHECK_OK(tp_front_read(&p, EXAMPLE, NULL, check_mem(), &err), &err))
        return;
    CHECK_STR(p.name, "miller");
    CHECK_STR(p.cell, "MILLER_OTA_TB");
    CHECK_INT(p.space.n, 5);
    CHECK_INT(p.n_spec, 5);
    CHECK_INT(p.n_phase, 3);
    CHECK_INT(p.n_corner, 5);
    static const char *const corner[] = {"tt_27", "ff_27", "ss_27", "ff_m40",
                                         "ss_125"};
    for (int i = 0; i < 5; i++) CHECK_STR(p.corner[i].name, corner[i]);
    CHECK_INT(p.iterlim, 50);
    CHECK_NEAR(p.sim_seconds, 7200, 0);
    CHECK_NEAR(p.trial_seconds, 360, 0); /* three analyses, 120 s each */
    CHECK_INT(p.bench[0].circuit[0].n_analysis, 3);
    CHECK_STR(p.bench[0].circuit[0].analysis[2].command,
              "ac dec 20 1 10000000000");
    CHECK_STR(p.measure[3].unit, "W");
    CHECK(p.space.var[4].log && !p.space.var[0].log);
    CHECK_HAS(p.bench[0].circuit[3].text, ".temp -40");
}

/* gm = 2 pi 12 MHz 2.2 pF at gm/Id 14: the current, and the width from the
   table: as the formula has it. */
static void test_job__sizes_follow_from_the_search(void)
{
    tp_problem p;
    tp_err     err = {0};
    tp_str     why = {"", 0};
    double     value[40], start[5], gm = 2 * M_PI * 12e6 * 2.2e-12;
    if (!CHECK_OK(tp_front_read(&p, EXAMPLE, NULL, check_mem(), &err), &err))
        return;
    for (int i = 0; i < 5; i++) start[i] = p.space.var[i].start;
    if (!CHECK(p.space.n + p.n_derived < 40)) return;
    CHECK(tp_problem_derive(&p, start, value, &why, check_mem()));
    int found = 0;
    for (int i = 0; i < p.n_derived; i++) {
        double      v = value[5 + i];
        const char *name = tp_str_z(check_mem(), p.derived[i].name);
        if (!strcmp(name, "Id_M1")) found += CHECK_NEAR(v, gm / 14, 1e-12);
        if (!strcmp(name, "Id_M5")) found += CHECK_NEAR(v, gm / 7, 1e-12);
        if (!strcmp(name, "gm_M3")) found += CHECK_NEAR(v, gm / 2, 1e-12);
        if (!strcmp(name, "Rz")) found += CHECK_NEAR(v, 1 / (6 * gm / 2), 1e-6);
        if (!strcmp(name, "W_M1")) /* JD at gm/Id 14, 500 nm is 5.6 A/m */
            found += CHECK_NEAR(v / (gm / 14 / 5.6), 1, 0.1);
    }
    CHECK_INT(found, 5);
    start[0] = 4;
    CHECK(!tp_problem_derive(&p, start, value, &why, check_mem()));
    CHECK_STR(why, "gmid_M1 is 4, below 5 (gm/Id)");
    start[0] = 14;
    start[1] = 40e-9;
    CHECK(!tp_problem_derive(&p, start, value, &why, check_mem()));
    CHECK_STR(why, "L_M1 is 4e-08, below 5e-08 (the process's least length)");
}

/* ---- YAML --------------------------------------------------------------- */

static const char rc_deck[] = "a filter\nV1 in 0 1 ac 1\n.param Ra=1k Ca=1n\n"
                              "R1 in out {Ra}\nC1 out 0 {Ca}\n.end\n";
static const char rc_yaml[] =
    "# the same as JSON would be\n"
    "optimization:\n"
    "  simulator: {deck: rc.cir}\n"
    "  dialect: simetrix\n"
    "  parameters:\n"
    "    - {name: Ra, range: [100, 10k], init: 500, series: E12}\n"
    "    - name: Ca\n"
    "      type: comp\n"
    "      range: [1e-12, 500n]\n"
    "      values: [1n, 2.2n, 4.7n]\n"
    "  analyses:\n"
    "    ac: {start: 10, stop: 10meg, dec: 10}\n"
    "  measurements:\n"
    "    low_v: {analysis: ac, expr: minimum(mag(out))}\n"
    "    tau_s: {derived: true, expr: Ra*Ca}\n"
    "  specs:\n"
    "    low_v: {max: 0, scale: 0.1}\n"
    "    tau_s: {min: -1, target: 2e-6, sense: lower}\n";

static bool read_rc(tp_problem *p, const char *yaml, tp_err *err)
{
    tp_source *file = TP_NEW(check_mem(), tp_source, 2);
    tp_files   files = {.n = 2, .file = file};
    file[0] = (tp_source){TP_S("rc.yaml"), tp_str_of(yaml)};
    file[1] = (tp_source){TP_S("rc.cir"), tp_str_of(rc_deck)};
    return tp_front_read(p, "rc.yaml", &files, check_mem(), err) == TP_OK;
}

static void test_job__reads_yaml(void)
{
    tp_problem p;
    tp_err     err = {0};
    if (!CHECK(read_rc(&p, rc_yaml, &err))) {
        printf("%.*s\n", TP_F(tp_err_text(&err, check_mem())));
        return;
    }
    CHECK_INT(p.n_corner, 0);
    CHECK_INT(p.space.var[0].n_list, 25); /* E12 from 100 to 10k */
    CHECK_NEAR(p.space.var[0].list[1], 120, 1e-9);
    CHECK_NEAR(p.space.var[0].start, 470, 1e-9); /* 500 is not in E12 */
    CHECK_INT(p.n_notice, 1);
    CHECK_HAS(p.notice[0], "rc.yaml:6: optimization.parameters[0].init: 500 is "
                           "outside the range or between its values");
    CHECK_NEAR(p.space.var[1].hi, 4.7e-9, 0);
    CHECK_STR(p.space.var[1].unit, "F");
    CHECK_INT(p.bench[0].circuit[0].n_analysis, 1); /* nobody reads the rest */
    CHECK_STR(p.bench[0].circuit[0].analysis[0].command,
              "ac dec 10 10 10000000");
    CHECK_INT(p.measure[1].bench, TP_BENCH_NONE);
    CHECK_NEAR(p.spec[0].max_scale, 0.1, 0);
    CHECK_NEAR(p.spec[1].min_scale, 1, 0);
    CHECK_INT(p.spec[1].sense, TP_LOWER);
}

/* `text` with the first `was` in it replaced. */
static const char *replaced(const char *text, const char *was, const char *is)
{
    const char *at = strstr(text, was);
    if (!CHECK(at != NULL)) return text;
    return tp_str_z(check_mem(),
                    tp_str_fmt(check_mem(), "%.*s%s%s", (int)(at - text), text,
                               is, at + strlen(was)));
}

/* Of a deck that has the net and the source that they name. */
static void test_job__names_of_analyses_are_those_of_the_deck(void)
{
    static const struct {
        const char *was, *is, *says; /* "": it is read */
    } try[] = {
        {"V1}", "V1}", ""},
        {"output: out", "output: /OUT", ""},
        {"output: out", "output: oot",
         "optimization.analyses.noise.output: no node 'oot' (did you mean "
         "out?)"},
        {"source: V1}", "source: V2}",
         "optimization.analyses.noise.source: no device 'V2' (did you mean "
         "v1"},
        {"source: R1", "source: R2",
         "optimization.analyses.dc.source: no device 'R2' (did you mean r1"},
        {"source: R1", "source: temp", ""},
    };
    static const char analyses[] =
        "  analyses:\n"
        "    noise: {output: out, source: V1}\n"
        "    dc: {source: R1, start: 1, stop: 2, step: 1}\n";
    for (int i = 0; i < TP_COUNT(try); i++) {
        tp_problem  p;
        tp_err      err = {0};
        const char *with = replaced(analyses, try[i].was, try[i].is);
        const char *yaml = replaced(rc_yaml, "  analyses:\n", with);
        bool        read = read_rc(&p, yaml, &err);
        CHECK(read == (try[i].says[0] == '\0'));
        if (!read) CHECK_HAS(tp_str_of(err.msg), try[i].says);
    }
}

static const tp_derived *derived_named(const tp_problem *p, const char *name)
{
    for (int i = 0; i < p->n_derived; i++)
        if (tp_str_eq(p->derived[i].name, tp_str_of(name)))
            return &p->derived[i];
    return NULL;
}

/* A fixed length is no inductor; a shared budget says among how many. */
static void test_job__derived_values_say_what_they_are(void)
{
    static const struct {
        const char *name, *unit, *text;
    } want[] = {
        {"W_M9", "m", "4e-06"},  {"L_M9", "m", "5e-07"},
        {"Id_M9", "A", "2e-05"}, {"L9", "H", "1e-09"},
        {"CL", "F", "2e-12"},    {"Id_M1", "A", "gm/Id of M1, Id 100u / 4"},
    };
    tp_problem p;
    tp_err     err = {0};
    tp_files   files;
    if (!changed(&files, "\"CL\": \"2p\"",
                 "\"CL\": \"2p\", \"W_M9\": \"4u\", \"L_M9\": \"500n\", "
                 "\"Id_M9\": \"20u\", \"L9\": \"1n\""))
        return;
    const char *text = tp_str_z(check_mem(), files.file[0].text);
    const char *gm = "\"gm\": \"2*pi*12meg*Cc\"", *at = strstr(text, gm);
    if (!CHECK(at != NULL)) return;
    ((tp_source *)(uintptr_t)files.file)[0].text =
        tp_str_fmt(check_mem(), "%.*s\"budget\": \"100u\", \"branches\": 4%s",
                   (int)(at - text), text, at + strlen(gm));
    CHECK_OK(tp_front_read(&p, EXAMPLE, &files, check_mem(), &err), &err);
    for (int i = 0; i < TP_COUNT(want); i++) {
        const tp_derived *d = derived_named(&p, want[i].name);
        if (!CHECK(d != NULL)) continue;
        CHECK_STR(d->unit, want[i].unit);
        CHECK_STR(d->text, want[i].text);
    }
}

/* With the place of the weight; a target makes it of use. */
static void test_job__a_weight_without_a_target_is_noticed(void)
{
    static const struct {
        const char *is;
        bool        noticed;
    } try[] = {
        {"{\"min\": 5}", false},
        {"{\"min\": 5, \"weight\": 0.3}", true},
        {"{\"min\": 5, \"target\": 7, \"weight\": 0.3}", false},
    };
    for (int i = 0; i < TP_COUNT(try); i++) {
        tp_problem p;
        tp_err     err = {0};
        tp_files   files;
        if (!changed(&files, "{\"min\": 5}", try[i].is) ||
            !CHECK_OK(tp_front_read(&p, EXAMPLE, &files, check_mem(), &err),
                      &err))
            return;
        tp_buf all = {.mem = check_mem()};
        for (int k = 0; k < p.n_notice; k++)
            tp_buf_fmt(&all, "%.*s\n", TP_F(p.notice[k]));
        tp_str says =
            tp_str_fmt(check_mem(),
                       "miller.json:%d: optimization.specs.sr_Vus.weight: "
                       "it has no effect: there is no target to weigh%c",
                       line_of(files.file[0].text, "sr_Vus\": {"), 0);
        bool found =
            strstr(tp_str_z(check_mem(), tp_buf_str(&all)), says.at) != NULL;
        CHECK_INT(found, try[i].noticed);
    }
}

static void test_job__a_fixed_value_of_no_use_is_noticed(void)
{
    static const struct {
        const char *fixed;
        bool        noticed;
    } try[] = {
        {"  fixed: {Rb: 1k}\n", true},
        {"  fixed: {Rb: 1k}\n  derived: {Rc: Rb*2}\n", false},
        {"  fixed: {Rb: 1k}\n  measurements:\n"
         "    t_s: {derived: true, expr: Rb*Ca}\n",
         false},
    };
    for (int i = 0; i < TP_COUNT(try); i++) {
        tp_problem  p;
        tp_err      err = {0};
        bool        own = strstr(try[i].fixed, "measurements") != NULL;
        const char *before = own ? "  measurements:\n" : "  analyses:\n";
        const char *yaml = replaced(
            rc_yaml, before,
            tp_str_z(check_mem(), tp_str_fmt(check_mem(), "%s%s", try[i].fixed,
                                             own ? "" : before)));
        if (!CHECK_OK(read_rc(&p, yaml, &err) ? TP_OK : TP_BAD_INPUT, &err))
            continue;
        CHECK_INT(p.n_notice, 1 + try[i].noticed); /* 1: start of Ra */
        if (p.n_notice > 1)
            CHECK_HAS(p.notice[1], "optimization.fixed.Rb: no deck");
    }
}

static void test_job__tells_yaml_where_it_is_wrong(void)
{
    static const struct {
        const char *text, *says;
        int         line;
    } bad[] = {
        {"optimization: [1, 2\n", "no YAML: ", 0},
        {"optimization: &a {x: *a}\n", "an alias", 1},
        {"a: 1\n", "a: unknown name", 1},
        {"optimization: 3\n", "optimization: 3, where a map is expected", 1},
        {"", "nothing is in it", 1},
        {"# only this\n", "nothing is in it", 1},
        {"optimization:\n  simulator: {deck: rc.cir}\n",
         "optimization: 'parameters' is missing", 1},
    };
    for (int i = 0; i < TP_COUNT(bad); i++) {
        tp_problem p;
        tp_err     err = {0};
        CHECK(!read_rc(&p, bad[i].text, &err));
        CHECK_HAS(tp_str_of(err.msg), bad[i].says);
        if (bad[i].line) CHECK_INT(err.line, bad[i].line);
        CHECK_Z(err.file, "rc.yaml");
    }
}

/* Deeper than anybody writes: a message, no fall. */
static void test_job__limits_nesting(void)
{
    tp_problem p;
    tp_err     err = {0};
    tp_buf     b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("optimization: "));
    for (int i = 0; i < 5000; i++) tp_buf_char(&b, '[');
    for (int i = 0; i < 5000; i++) tp_buf_char(&b, ']');
    CHECK(!read_rc(&p, tp_str_z(check_mem(), tp_buf_str(&b)), &err));
    CHECK(err.code == TP_BAD_INPUT || err.code == TP_LIMIT);
}

static const check_test tests[] = {
    CHECK_TEST(test_job__wrong_files_are_told_where_and_what),
    CHECK_TEST(test_job__says_line_and_column),
    CHECK_TEST(test_job__the_example_is_what_it_says),
    CHECK_TEST(test_job__sizes_follow_from_the_search),
    CHECK_TEST(test_job__reads_yaml),
    CHECK_TEST(test_job__names_of_analyses_are_those_of_the_deck),
    CHECK_TEST(test_job__derived_values_say_what_they_are),
    CHECK_TEST(test_job__a_weight_without_a_target_is_noticed),
    CHECK_TEST(test_job__a_fixed_value_of_no_use_is_noticed),
    CHECK_TEST(test_job__tells_yaml_where_it_is_wrong),
    CHECK_TEST(test_job__limits_nesting),
    {0},
};

int main(void)
{
    return check_main(tests);
}
