"""Convergence graphs as SVG: of each method the median over the seeds as a step
line and the quartiles as a band, over a logarithmic axis."""
import html
import math

# Okabe and Ito's palette, as src/plot has it.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
           "#333333"]
WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 800, 500, 86, 44, 168, 62


def quantile(values, q):
    """No interpolation: some may be infinite."""
    order = sorted(values)
    return order[int(math.floor(q * (len(order) - 1) + 0.5))]


def bands(runs, trials):
    """Lower quartile, median, upper quartile after each trial; a run that has
    ended keeps its last value."""
    full = [r + [r[-1]] * (trials - len(r)) for r in runs]
    return [[quantile([r[k] for r in full], q) for k in range(trials)]
            for q in (0.25, 0.5, 0.75)]


def round_values(lo, hi):
    """1, 2, 5, 10, 20 ... from below lo to above hi."""
    first, last = math.floor(math.log10(lo)), math.ceil(math.log10(hi))
    every = [k * 10.0 ** power for power in range(first, last + 1)
             for k in (1, 2, 5)]
    return [max(v for v in every if v <= lo * 1.000001)] + \
        [v for v in every if lo * 1.000001 < v < hi] + \
        [min(v for v in every if v >= hi and v > lo)]


class Axes:
    """Trials, and what is shown over a logarithmic axis; where the lowest is
    `floor`, that line stands for everything below it."""

    def __init__(self, trials, values, floor):
        self.trials, self.floor = max(trials, 2), floor
        self.ticks = round_values(min(values), max(values))
        self.lo, self.hi = self.ticks[0], self.ticks[-1]

    def x(self, trial):
        return LEFT + (WIDE - LEFT - RIGHT) * trial / self.trials

    def y(self, value):
        part = math.log(value / self.lo) / math.log(self.hi / self.lo)
        return HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * min(max(part, 0), 1)

    def steps(self, values):
        """Corners of the line that holds each value until the next trial."""
        points, last = [(self.x(1), self.y(values[0]))], values[0]
        for k, v in enumerate(values):
            if v != last:
                points += [(self.x(k + 1), self.y(last)),
                           (self.x(k + 1), self.y(v))]
            last = v
        return points + [(self.x(len(values)), self.y(last))]


def text(x, y, words, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(words)}'
            '</text>')


def level(axes, value, colour):
    return (f'<path d="M{LEFT} {axes.y(value):.1f}H{WIDE - RIGHT}" '
            f'stroke="{colour}"/>')


def grid(axes, met):
    out, narrow = [], axes.hi / axes.lo <= 100
    for value in axes.ticks:
        power = f"{value:e}".startswith("1.0")
        out.append(level(axes, value, "#d9d9d9" if power else "#ececec"))
        if power or narrow or value == axes.hi:
            label = met if value <= axes.floor else f"{value:g}"
            out.append(text(LEFT - 9, axes.y(value) + 4, label,
                            'text-anchor="end"'))
    step = max(1, axes.trials // 5)
    for trial in range(0, axes.trials + 1, step):
        out += [f'<path d="M{axes.x(trial):.1f} {TOP}V{HIGH - BOTTOM}" '
                'stroke="#d9d9d9"/>',
                text(axes.x(trial), HIGH - BOTTOM + 20, str(trial),
                     'text-anchor="middle"')]
    return out


def path(points):
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def colour_of(k):
    return COLOURS[k % len(COLOURS)]


def band(axes, k, three):
    low, _, high = (axes.steps(v) for v in three)
    return (f'<path d="{path(low + high[::-1])}Z" fill="{colour_of(k)}" '
            'opacity="0.18"/>')


def curve(axes, k, name, three):
    y = TOP + 14 + 20 * k
    return [f'<path d="{path(axes.steps(three[1]))}" fill="none" '
            f'stroke="{colour_of(k)}" stroke-width="1.8"/>',
            f'<path d="M{WIDE - RIGHT + 14} {y}h24" stroke="{colour_of(k)}" '
            'stroke-width="2.5"/>',
            text(WIDE - RIGHT + 46, y + 4, name)]


def head(axes, title, label):
    middle = (TOP + HIGH - BOTTOM) / 2
    centre = f'x="{axes.x(axes.trials / 2):.1f}" text-anchor="middle"'
    return [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" '
            f'height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" font-size="12" '
            'font-family="DejaVu Sans, sans-serif">',
            f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>',
            f'<text {centre} y="27" font-size="16">{html.escape(title)}</text>',
            f'<text {centre} y="{HIGH - 20}" font-size="13">trials</text>',
            text(22, middle, label, f'transform="rotate(-90 22 {middle})" '
                 'text-anchor="middle" font-size="13"')]


def draw(file, title, label, runs, trials, floor):
    """runs: of each method the best value so far after each trial, one list a
    seed; values below `floor`, which is positive, are shown there as met."""
    three = {m: [[max(v, floor) for v in line] for line in bands(r, trials)]
             for m, r in runs.items()}
    values = [v for lines in three.values() for line in lines for v in line
              if math.isfinite(v)]
    axes = Axes(trials, values or [floor], floor)
    three = {m: [[min(v, axes.hi) for v in line] for line in lines]
             for m, lines in three.items()}
    out = head(axes, title, label) + grid(axes, "all met")
    out += [band(axes, k, lines) for k, lines in enumerate(three.values())]
    for k, (name, lines) in enumerate(three.items()):
        out += curve(axes, k, name, lines)
    out.append(f'<rect x="{LEFT}" y="{TOP}" width="{WIDE - LEFT - RIGHT}" '
               f'height="{HIGH - TOP - BOTTOM}" fill="none" stroke="#333"/>')
    file.write_text("\n".join(out + ["</svg>"]) + "\n", encoding="utf-8")
