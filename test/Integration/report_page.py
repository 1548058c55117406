"""Renders a report in headless Chromium as people would see it, and demands that they can read it:
at 1280 and 360 px, light and dark, no request, no complaint in the console, no page wider than its window, text of
enough contrast and size, every picture and table with its name.
"""
import argparse
import os
import sys

from browser import Browser

# Runs in the page; returns a list of what is wrong with it.
CHECK = r"""
(() => {
  const wrong = [], width = document.documentElement.clientWidth;
  const demand = (holds, text) => { if (!holds) wrong.push(text); };
  const all = selector => [...document.querySelectorAll(selector)];
  const name = node => (node.tagName + ' ' + node.textContent.trim().slice(0, 40)).trim();
  demand(document.documentElement.scrollWidth <= width, `the page is ${document.documentElement.scrollWidth} px wide`);
  demand(document.documentElement.lang === 'en', 'no language');
  demand(document.querySelectorAll('script').length === 0, 'a script');
  demand(document.querySelectorAll('h1').length === 1, 'not one h1');
  let level = 0;
  for (const heading of all('h1, h2, h3, h4')) {
    const here = Number(heading.tagName[1]);
    demand(here <= level + 1, `${name(heading)} stands below h${level}`);
    level = here;
  }
  const ids = all('[id]').map(node => node.id);
  demand(new Set(ids).size === ids.length, 'an id is there twice');
  for (const link of all('a[href^="#"]'))
    demand(document.getElementById(link.hash.slice(1)), `${link.hash} leads nowhere`);
  for (const svg of all('svg')) {
    const labels = (svg.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    demand(svg.getAttribute('role') === 'img' && labels.length === 2 && labels.every(node => node && node.textContent),
           'a picture without title and description');
  }
  for (const table of all('table')) {
    demand(table.caption && table.caption.textContent, 'a table without caption');
    demand([...table.querySelectorAll('th')].every(cell => cell.scope), `${name(table)}: a heading without scope`);
  }
  for (const text of all('svg.chart text')) {
    const box = text.getBoundingClientRect();
    demand(box.width === 0 || (box.left >= -1 && (box.right <= width + 1 || text.closest('[clip-path]'))),
           `${name(text)} leaves the page`);
  }

  // Contrast as WCAG 2 defines it, of a colour over the colours behind it.
  const channels = text => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = colour => {
    const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const behind = node => {
    const layers = [];
    for (let at = node; at; at = at.parentElement)
      layers.push(channels(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  let texts = 0;
  for (const node of all('body *')) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
      continue;
    if (!node.checkVisibility() || ['title', 'desc', 'style'].includes(node.tagName.toLowerCase()))
      continue;
    const style = getComputedStyle(node), inSvg = node instanceof SVGElement;
    if (inSvg && node.classList.contains('steps'))
      continue; // over an image: it has a rim of the page's colour
    let ground = behind(node);
    const cell = node.previousElementSibling;
    if (inSvg && cell && cell.classList.contains('cell') && node.classList.contains('number')) {
      const fill = channels(getComputedStyle(cell).fill === 'none' ? 'rgba(0,0,0,0)' : getComputedStyle(cell).fill);
      fill[3] *= Number(getComputedStyle(cell).fillOpacity);
      ground = over(fill, ground);
    }
    const ink = over(channels(inSvg ? style.fill : style.color), ground);
    demand(contrast(ink, ground) >= 4.5, `${name(node)}: contrast ${contrast(ink, ground).toFixed(2)}`);
    demand(parseFloat(style.fontSize) >= 10.5, `${name(node)}: ${style.fontSize} high`);
    ++texts;
  }
  demand(texts > 20, `only ${texts} texts`);
  return wrong;
})()
"""

BACKGROUND = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)"
OPEN = "document.querySelectorAll('details').forEach(node => node.open = true)"


def problems(page, dark):
    found = [f"asks for {address}" for address in page.requests()] + [f"console: {text}" for text in page.complaints()]
    if (page.evaluate(BACKGROUND) < 3 * 128) != dark:
        found.append("does not follow the colour scheme")
    found += page.evaluate(CHECK)
    page.evaluate(OPEN)
    return found + [f"unfolded: {text}" for text in page.evaluate(CHECK)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page")
    parser.add_argument("--screenshot", metavar="PREFIX", help="write PREFIX-WIDTH-SCHEME.png as well")
    parser.add_argument("--top", type=int, metavar="PX", help="of the page, no more than so many pixels")
    arguments = parser.parse_args()
    if not os.path.isfile(arguments.page):
        parser.error(f"{arguments.page}: required a page, found no file of that name")
    failed = False
    with Browser() as browser:
        for width in (1280, 360):
            for scheme in ("light", "dark"):
                page = browser.open(arguments.page, width, dark=scheme == "dark")
                if arguments.screenshot:
                    page.screenshot(f"{arguments.screenshot}-{width}-{scheme}.png", arguments.top)
                found = list(dict.fromkeys(problems(page, scheme == "dark")))
                height = page.evaluate("document.documentElement.scrollHeight")
                print(f"{width} px, {scheme}: {height} px high unfolded, {len(found)} problems")
                for problem in found[:40]:
                    print("  " + problem)
                failed |= bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
