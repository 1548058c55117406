"""A small chart: axes, marks and a legend as SVG text, readable on light and dark pages.

The four colours are from Okabe and Ito's set for colour-blind readers, and every series has a marker of its own.
"""
import math
from xml.sax.saxutils import escape

LIGHT = ("#0072b2", "#d55e00", "#009e73", "#a8548a", "#5c6670")
DARK = ("#56b4e9", "#f0894a", "#2fc79a", "#e09bc4", "#aab4c0")
STYLE = """<style>
    .bg { fill: #ffffff; } .text { fill: #1c2430; } .small { fill: #4a5563; font-size: 12px; }
    .axis { stroke: #4a5563; } .grid { stroke: #dde2e8; } .edge { stroke: #ffffff; }
    %s
    @media (prefers-color-scheme: dark) {
      .bg { fill: #10151c; } .text { fill: #e8edf4; } .small { fill: #aab4c0; }
      .axis { stroke: #aab4c0; } .grid { stroke: #2a323d; } .edge { stroke: #10151c; }
      %s
    }
  </style>"""


def style():
    def series(colours):
        return " ".join(".f%d { fill: %s; } .s%d { stroke: %s; fill: none; }" % (i, c, i, c)
                        for i, c in enumerate(colours))
    return STYLE % (series(LIGHT), series(DARK))


def document(width, height, label, body):
    """A whole file. label: what a screen reader says."""
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" '
            'font-size="13" role="img" aria-label="%s">\n  %s\n  <rect class="bg" width="%d" height="%d"/>\n%s</svg>\n'
            % (width, height, escape(label, {'"': "&quot;"}), style(), width, height,
               "".join("  %s\n" % line for line in body)))


def text(x, y, content, css="small", anchor="middle", more=""):
    return '<text class="%s" x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>' % (css, x, y, anchor, more, escape(content))


def marker(series, x, y, size=5.0):
    """Circle, square, diamond, triangle or cross, by the number of the series."""
    css = 'class="f%d edge"' % series
    if series == 0:
        return '<circle %s cx="%.1f" cy="%.1f" r="%.1f"/>' % (css, x, y, size)
    if series == 1:
        return '<rect %s x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>' % (css, x - size, y - size, 2 * size, 2 * size)
    shapes = {2: ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)), 3: ((0, -1.3), (1.3, 1), (-1.3, 1)),
              4: ((0, 1.3), (1.3, -1), (-1.3, -1))}
    path = " ".join("%.1f,%.1f" % (x + size * a, y + size * b) for a, b in shapes[series])
    return '<polygon %s points="%s"/>' % (css, path)


class Axes:
    """A rectangle on the page with linear scales; `lines` collects its SVG elements."""

    def __init__(self, box, xlim, ylim):
        (self.x, self.y, self.width, self.height), self.xlim, self.ylim = box, xlim, ylim
        self.lines = []

    def at(self, x, y):
        (x0, x1), (y0, y1) = self.xlim, self.ylim
        return (self.x + self.width * (x - x0) / (x1 - x0), self.y + self.height * (y1 - y) / (y1 - y0))

    def frame(self, title, xlabel, ylabel, xticks, yticks):
        """ticks: (value, label) pairs."""
        bottom = self.y + self.height
        for value, label in yticks:
            y = self.at(self.xlim[0], value)[1]
            self.lines += ['<path class="grid" d="M%.1f %.1fh%.1f"/>' % (self.x, y, self.width),
                           text(self.x - 7, y + 4, label, anchor="end")]
        for value, label in xticks:
            x = self.at(value, self.ylim[0])[0]
            self.lines += ['<path class="axis" d="M%.1f %.1fv4"/>' % (x, bottom), text(x, bottom + 18, label)]
        middle = self.y + self.height / 2
        turn = ' transform="rotate(-90 %.1f %.1f)"' % (self.x - 46, middle)
        self.lines += ['<path class="axis" d="M%.1f %.1fh%.1f"/>' % (self.x, bottom, self.width),
                       text(self.x + self.width / 2, bottom + 38, xlabel),
                       text(self.x - 46, middle, ylabel, more=turn),
                       text(self.x + self.width / 2, self.y - 12, title, "text")]

    def mark(self, series, x, y, size=5.0, label=None):
        px, py = self.at(x, y)
        self.lines.append(marker(series, px, py, size))
        if label:
            self.lines.append(text(px, py - size - 6, label))

    def bar(self, series, x, low, high):
        """A vertical range: mean - std to mean + std."""
        (px, a), (_, b) = self.at(x, low), self.at(x, high)
        self.lines.append('<path class="s%d" stroke-width="2" d="M%.1f %.1fV%.1f"/>' % (series, px, a, b))

    def path(self, series, points):
        line = " ".join("%.1f,%.1f" % self.at(x, y) for x, y in points)
        self.lines.append('<polyline class="s%d" stroke-width="1.6" points="%s"/>' % (series, line))


def ticks(low, high, count, form="%g", scale=1.0):
    """Round numbers inside [low, high], as (value, label); labels show value * scale."""
    step = 10 ** math.floor(math.log10((high - low) / count))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= count:
            break
    step *= factor
    first = int(low / step + 0.999999)
    return [(i * step, form % (i * step * scale)) for i in range(first, int(high / step + 1e-9) + 1)]
