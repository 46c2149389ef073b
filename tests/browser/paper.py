#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints a page in headless Chromium: paper.py FILE.html OUTPUT-FOLDER

On A4 and on Letter nothing may be wider than the sheet, on a telephone nothing wider than the window;
nothing is loaded, no error is told, what is printed is black on white even for those who read in the
dark, and structure and contrasts are right.  The PDFs (a4.pdf, letter.pdf) and pictures go to the
folder.  TAP.
"""
import base64
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import access  # noqa: E402
from browser import Chromium, check, picture  # noqa: E402

# In inches; the margins are those of the page itself.
PAPERS = {"a4": (8.27, 11.69), "letter": (8.5, 11.0)}
MARGINS = 30 / 25.4
WIDEST = ("[...document.querySelectorAll('body *')].map(e => [Math.ceil(e.getBoundingClientRect().right),"
          " e.tagName + '.' + e.className]).sort((a, b) => b[0] - a[0])[0]")


def width_of(browser):
    return browser.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")


def on_paper(browser, url, folder):
    for name, (width, height) in PAPERS.items():
        pixels = int((width - MARGINS) * 96)
        browser.call("Emulation.setDeviceMetricsOverride", width=pixels, height=900,
                     deviceScaleFactor=1, mobile=False)
        browser.call("Emulation.setEmulatedMedia", media="print",
                     features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.go(lambda: browser.call("Page.navigate", url=url))
        check(width_of(browser) <= pixels, f"{name}: nothing is wider than the sheet",
              browser.evaluate(WIDEST))
        ink = browser.evaluate("[getComputedStyle(document.body).backgroundColor,"
                               " getComputedStyle(document.body).color]")
        check(ink == ["rgb(255, 255, 255)", "rgb(17, 17, 17)"],
              f"{name}: black on white for those in the dark, too", ink)
        picture(browser, folder / f"{name}.png")
        printed = browser.call("Page.printToPDF", paperWidth=width, paperHeight=height,
                               preferCSSPageSize=True, printBackground=False)
        (folder / f"{name}.pdf").write_bytes(base64.b64decode(printed["data"]))


def on_a_screen(browser, url, folder):
    for width in (360, 1280):
        for dark in (False, True):
            name = f"{width} px, {'dark' if dark else 'light'}"
            browser.open(url, width, dark)
            check(width_of(browser) <= width, f"{name}: nothing is wider than the window",
                  browser.evaluate(WIDEST))
            asked = [e["params"]["request"]["url"] for e in browser.events
                     if e.get("method") == "Network.requestWillBeSent"]
            check(all(one == url for one in asked), f"{name}: nothing is loaded", asked)
            told = [e["params"]["entry"]["text"] for e in browser.events
                    if e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] == "error"]
            check(not told, f"{name}: no error is told", told)
            faults = [fault for fault in access.looks(browser) if "main" not in fault or "skip" not in fault]
            check(not faults, f"{name}: structure and contrasts are right", "\n".join(faults))
            picture(browser, folder / f"screen-{width}-{'dark' if dark else 'light'}.png")


def main(page, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    url = pathlib.Path(page).resolve().as_uri()
    with tempfile.TemporaryDirectory() as scratch:
        browser = Chromium(scratch)
        try:
            browser.begin()
            on_paper(browser, url, folder)
            on_a_screen(browser, url, folder)
        finally:
            browser.end()
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
