"""Convergence graphs as SVG: of each method the median over the seeds as a step
line and the quartiles as a band, over a logarithmic axis."""
import html
import math

COLOURS = ["#1f5fbf", "#c2410c", "#15803d", "#7e22ce", "#b91c1c", "#0f766e",
           "#6b7280", "#a16207"]
WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 760, 440, 70, 40, 170, 50


def quantile(values, q):
    """No interpolation: some may be infinite."""
    order = sorted(values)
    return order[int(math.floor(q * (len(order) - 1) + 0.5))]


def bands(runs):
    """Lower quartile, median, upper quartile after each trial."""
    longest = max(len(r) for r in runs)
    full = [r + [r[-1]] * (longest - len(r)) for r in runs]
    return [[quantile([r[k] for r in full], q) for k in range(longest)]
            for q in (0.25, 0.5, 0.75)]


class Axes:
    def __init__(self, trials, lo, hi):
        self.trials = max(trials, 2)
        self.lo = math.floor(math.log10(lo))
        self.hi = max(math.ceil(math.log10(hi)), self.lo + 1)

    def x(self, trial):
        return LEFT + (WIDE - LEFT - RIGHT) * trial / self.trials

    def y(self, value):
        part = (math.log10(value) - self.lo) / (self.hi - self.lo)
        return HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * min(max(part, 0), 1)

    def steps(self, values):
        """Corners of the line that holds each value until the next trial."""
        points = []
        for k, v in enumerate(values):
            points += [(self.x(k), self.y(v)), (self.x(k + 1), self.y(v))]
        return points


def text(x, y, words, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" {more}>'
            f'{html.escape(words)}</text>')


def grid(axes):
    out = []
    for power in range(axes.lo, axes.hi + 1):
        y = axes.y(10.0 ** power)
        out += [f'<path d="M{LEFT} {y:.1f}H{WIDE - RIGHT}" stroke="#ddd"/>',
                text(LEFT - 8, y + 4, f"1e{power}", 'text-anchor="end"')]
    step = max(1, axes.trials // 5)
    for trial in range(0, axes.trials + 1, step):
        out.append(text(axes.x(trial), HIGH - BOTTOM + 18, str(trial),
                        'text-anchor="middle"'))
    return out


def path(points):
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def curve(axes, k, name, three):
    low, middle, high = (axes.steps(v) for v in three)
    colour, y = COLOURS[k % len(COLOURS)], TOP + 18 * k
    return [f'<path d="{path(low + high[::-1])}Z" fill="{colour}" '
            'opacity="0.15"/>',
            f'<path d="{path(middle)}" fill="none" stroke="{colour}" '
            'stroke-width="2"/>',
            f'<path d="M{WIDE - RIGHT + 15} {y}h20" stroke="{colour}" '
            'stroke-width="3"/>', text(WIDE - RIGHT + 42, y + 4, name)]


def draw(file, title, label, runs, least):
    """runs: of each method the best value so far after each trial, one list a
    seed; values below `least`, which is positive, are shown there."""
    three = {m: [[max(v, least) for v in line] for line in bands(r)]
             for m, r in runs.items()}
    values = [v for lines in three.values() for line in lines for v in line
              if math.isfinite(v)]
    axes = Axes(max(len(t[1]) for t in three.values()), least,
                max(values, default=1))
    middle = (TOP + HIGH - BOTTOM) / 2
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" '
           f'height="{HIGH}" font-family="sans-serif">',
           f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>',
           text(LEFT, 22, title, 'font-weight="bold"'), *grid(axes),
           text(axes.x(axes.trials / 2), HIGH - 12, "trials",
                'text-anchor="middle"'),
           text(18, middle, label, f'transform="rotate(-90 18 {middle})" '
                'text-anchor="middle"')]
    for k, (name, lines) in enumerate(three.items()):
        lines = [[v if math.isfinite(v) else 10.0 ** axes.hi for v in line]
                 for line in lines]
        out += curve(axes, k, name, lines)
    file.write_text("\n".join(out + ["</svg>"]) + "\n", encoding="utf-8")
