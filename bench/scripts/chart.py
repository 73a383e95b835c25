"""Small SVG charts without any library: bars with spread, curves, and points under rooflines."""

import math
from html import escape

COLOURS = ["#3566b8", "#c8553d", "#4f9d69", "#8a5fb0", "#b58a2e", "#3a9aa8", "#9a9a9a", "#d46fa0", "#5b6b2f"]


def svg(width, height, parts):
    return (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' font-family='sans-serif' font-size='13'>\n"
            "<rect width='100%' height='100%' fill='white'/>\n" + "\n".join(parts) + "\n</svg>\n")


def text(x, y, what, anchor="start", more=""):
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {more}>{escape(str(what))}</text>"


def line(x1, y1, x2, y2, colour="#333", width=1, more=""):
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}' stroke-width='{width}' {more}/>"


def short(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def bars(title, rows, unit):
    """rows of (name, value, least, most, whether it is ours), drawn from the top."""
    if not rows:
        return None
    left, width, step = 190, 560, 26
    most = max(row[3] for row in rows)
    most = min(most, 1.6 * max(row[1] for row in rows))
    x = lambda value: left + width * min(value, most) / most
    parts = [text(12, 24, title, more="font-size='15'")]
    for i, (name, value, least, high, ours) in enumerate(rows):
        y = 44 + step * i
        parts += [text(left - 8, y + 14, name, "end"),
                  f"<rect x='{left}' y='{y}' width='{x(value) - left:.1f}' height='18' fill='{'#c8553d' if ours else '#8fa8cc'}'/>",
                  line(x(least), y + 9, x(high), y + 9), text(x(most) + 8, y + 14, f"{short(value)} {unit}")]
    return svg(left + width + 110, 60 + step * len(rows), parts)


class Axis:
    """From values to pixels; logarithmic if `log`."""

    def __init__(self, low, high, start, end, log):
        self.log, self.start, self.end = log, start, end
        self.low, self.high = (low, high) if low < high else (low * 0.9 or 0, high * 1.1 or 1)

    def __call__(self, value):
        f = math.log if self.log else float
        return self.start + (self.end - self.start) * (f(value) - f(self.low)) / (f(self.high) - f(self.low))

    def ticks(self):
        if self.log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            marks = [m * 10.0**e for e in range(first, last + 1) for m in (1, 2, 5)]
        else:
            step = 10 ** math.floor(math.log10(self.high - self.low))
            step = step / 2 if (self.high - self.low) / step < 3 else step
            marks = [step * k for k in range(math.floor(self.low / step), math.ceil(self.high / step) + 1)]
        return [m for m in marks if self.low <= m * 1.0000001 and m <= self.high * 1.0000001]


def frame(title, xaxis, yaxis, xlabel, ylabel, width, height, ticks=None):
    parts = [text(12, 24, title, more="font-size='15'")]
    for v in ticks or xaxis.ticks():
        parts += [line(xaxis(v), yaxis.end, xaxis(v), yaxis.start, "#e3e3e3"), text(xaxis(v), yaxis.start + 18, short(v), "middle")]
    for v in yaxis.ticks():
        parts += [line(xaxis.start, yaxis(v), xaxis.end, yaxis(v), "#e3e3e3"), text(xaxis.start - 6, yaxis(v) + 4, short(v), "end")]
    parts += [text((xaxis.start + xaxis.end) / 2, height - 10, xlabel, "middle"),
              text(16, (yaxis.start + yaxis.end) / 2, ylabel, "middle", f"transform='rotate(-90 16 {(yaxis.start + yaxis.end) / 2:.0f})'")]
    return parts


def curves(title, series, xlabel, ylabel, log=True):
    """series: {name: [(x, y), ...]}."""
    points = [p for line_ in series.values() for p in line_]
    if not points:
        return None
    width, height = 720, 420
    xs, ys = sorted({p[0] for p in points}), [p[1] for p in points]
    xaxis = Axis(xs[0], xs[-1], 80, 540, log)
    yaxis = Axis(min(ys) if log else 0, max(ys), height - 50, 44, log)
    parts = frame(title, xaxis, yaxis, xlabel, ylabel, width, height, xs)
    for i, (name, of) in enumerate(series.items()):
        colour, of = COLOURS[i % len(COLOURS)], sorted(of)
        where = " ".join(f"{xaxis(x):.1f},{yaxis(y):.1f}" for x, y in of)
        parts.append(f"<polyline points='{where}' fill='none' stroke='{colour}' stroke-width='2'/>")
        parts += [f"<circle cx='{xaxis(x):.1f}' cy='{yaxis(y):.1f}' r='3' fill='{colour}'/>" for x, y in of]
        parts += [line(556, 56 + 22 * i, 580, 56 + 22 * i, colour, 3), text(588, 60 + 22 * i, name)]
    return svg(width, height, parts)


def roofline(title, peak, roofs, points):
    """roofs: {name: GB/s}; points of (kind, operations a byte, GFLOP/s, share of the time, tooltip)."""
    width, height = 860, 540
    points = [p for p in points if p[1] > 0 and p[2] > 0]
    low = min([p[1] for p in points] + [peak / max(roofs.values())]) / 2
    high = max([p[1] for p in points] + [peak / min(roofs.values())]) * 2
    floor = max(min([p[2] for p in points] + [peak]) / 2, peak / 1e4)
    xaxis = Axis(low, high, 80, 660, True)
    yaxis = Axis(floor, max([p[2] for p in points] + [peak]) * 1.5, height - 50, 44, True)
    parts = frame(title, xaxis, yaxis, "operations a byte", "GFLOP/s", width, height)
    parts += [line(xaxis(max(low, peak / max(roofs.values()))), yaxis(peak), xaxis(high), yaxis(peak), "#222", 2),
              text(xaxis(high), yaxis(peak) - 6, f"multiply-add {peak:.0f} GFLOP/s", "end")]
    for name, rate in roofs.items():
        start = max(low, floor / rate)
        parts += [line(xaxis(start), yaxis(start * rate), xaxis(peak / rate), yaxis(peak), "#222", 1.5, "stroke-dasharray='6 3'"),
                  text(xaxis(start) + 26, yaxis(start * rate) + 6, f"{name} {rate:.0f} GB/s", more="fill='#555'")]
    kinds = sorted({p[0] for p in points}, key=lambda k: -sum(p[3] for p in points if p[0] == k))
    for kind, x, y, share, tip in points:
        colour = COLOURS[kinds.index(kind) % len(COLOURS)]
        parts.append(f"<circle cx='{xaxis(x):.1f}' cy='{yaxis(max(y, floor)):.1f}' r='{3 + 40 * math.sqrt(share / math.pi):.1f}' fill='{colour}' "
                     f"fill-opacity='0.5' stroke='{colour}'><title>{escape(tip)}</title></circle>")
    for i, kind in enumerate(kinds):
        share = sum(p[3] for p in points if p[0] == kind)
        parts += [f"<circle cx='684' cy='{56 + 22 * i}' r='6' fill='{COLOURS[i % len(COLOURS)]}'/>",
                  text(696, 60 + 22 * i, f"{kind}  {100 * share:.0f} %")]
    parts.append(text(672, 60 + 22 * len(kinds), "area: share of the time", more="fill='#555' font-size='11'"))
    return svg(width, height, parts)
