#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at pages in headless Chromium: browser.py URL OUTPUT-FOLDER PATH...

Each page is opened at the width of a phone (360 px) and of a desk (1280 px), in the light and in the
dark, and as it is printed.  Nothing may be wider than the window, nothing may be loaded from anywhere
else, no error may be told, everything has a name, a contrast and a place in the order of keys
(access.py), and the page says and does the same without JavaScript.  Where $VALISE_AXE names
axe.min.js, axe-core must find nothing against WCAG 2.2 AA either.  Screenshots go to the folder, if
there is one.  TAP.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import access  # noqa: E402

WIDTHS = (360, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Chromium:
    """The DevTools protocol over two pipes: no port, no driver."""

    def __init__(self, folder):
        to_read, self.write = os.pipe()
        self.read, to_write = os.pipe()
        os.set_inheritable(to_read, True)
        os.set_inheritable(to_write, True)
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                   "--remote-debugging-pipe", "--hide-scrollbars", "--disable-dev-shm-usage",
                   "--no-first-run", "--disable-background-networking",
                   f"--user-data-dir={folder}/profile", "about:blank"]
        # Chromium wants 3 and 4.
        shell = f"exec 3<&{to_read} 4>&{to_write}; exec \"$@\""
        self.process = subprocess.Popen(["bash", "-c", shell, "-"] + command, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.left, self.number, self.events, self.session = b"", 0, [], None

    def message(self):
        while b"\0" not in self.left:
            more = os.read(self.read, 1 << 20)
            if not more:
                raise RuntimeError("Chromium is gone")
            self.left += more
        one, _, self.left = self.left.partition(b"\0")
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session and not method.startswith("Target."):
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def evaluate(self, script, promise=False):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=promise,
                           returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def begin(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.call(f"{domain}.enable")

    def open(self, url, width, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="screen",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.go(lambda: self.call("Page.navigate", url=url))

    def go(self, do):
        """Do what leads to another page, and be there."""
        self.events.clear()
        do()
        self.wait("Page.loadEventFired")

    def show(self, html):
        page = base64.b64encode(html.encode()).decode()
        self.open(f"data:text/html;charset=utf-8;base64,{page}", 800, False)

    def end(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        self.process.wait(20)


def check(good, words, why=""):
    check.count += 1
    check.failed += not good
    print(f"{'ok' if good else 'not ok'} {check.count} - {words}")
    for line in str(why).splitlines()[:12] if not good else []:
        print(f"#   {line}")


check.count = check.failed = 0


def picture(browser, path):
    size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
    shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": size["width"],
                              "height": min(size["height"], 2400), "scale": 1})
    path.write_bytes(base64.b64decode(shot["data"]))


def look_at(browser, base, path, width, dark, folder, axe):
    name = f"{path} at {width} px, {'dark' if dark else 'light'}"
    browser.open(base + path, width, dark)
    widest = browser.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    check(widest <= width, f"{name}: nothing is wider than the window", f"{widest} px")
    asked = [e["params"]["request"]["url"] for e in browser.events
             if e.get("method") == "Network.requestWillBeSent"]
    foreign = [url for url in asked if not url.startswith(base)]
    check(not foreign, f"{name}: all of it comes from here", foreign)
    told = [e["params"]["entry"]["text"] for e in browser.events
            if e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] == "error"
            and "favicon" not in e["params"]["entry"].get("url", "")
            and "server responded with a status of 40" not in e["params"]["entry"]["text"]]
    check(not told, f"{name}: no error is told", told)
    faults = access.looks(browser)
    check(not faults, f"{name}: structure and contrasts are right", "\n".join(faults))
    if axe:
        browser.evaluate(axe)
        found = browser.evaluate(
            f"axe.run(document, {{runOnly: {json.dumps(RULES)}}}).then(r => r.violations.map(v => "
            "v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + "
            "(n.any[0] ? n.any[0].message : '')).join(' | ')))", promise=True)
        check(not found, f"{name}: axe-core finds nothing", "\n".join(found))
    if folder:
        plain = "".join(c if c.isalnum() else "-" for c in path.strip("/"))[:40] or "front"
        picture(browser, folder / f"{plain}-{width}-{'dark' if dark else 'light'}.png")


def use(browser, base, path):
    """What does not depend on colours and width is asked once."""
    browser.open(base + path, 360, False)
    for what, faults in (("everything that can be used has a name", access.names(browser)),
                         ("keys reach everything, and it is seen where", access.focus(browser)),
                         ("paper has what proves, and nothing to press", access.printed(browser))):
        check(not faults, f"{path}: {what}", "\n".join(faults))
    browser.open(base + path, 1280, True)
    faults = access.focus(browser)
    check(not faults, f"{path}: so it is in the dark", "\n".join(faults))
    # A finding is of the second in which it is asked for.
    text = "document.body.innerText.replace(/as of [-0-9T: ]+/g, 'as of now ')"
    said = browser.evaluate(text)
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(base + path, 1280, True)
    without = browser.evaluate(text)
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    check(said == without and len(said) > 100, f"{path}: it says the same without JavaScript",
          f"{len(said)} letters, and {len(without)}")


def without_scripts(browser, base):
    """What can be filled in is answered, with JavaScript off, by keys alone."""
    browser.call("Emulation.setFocusEmulationEnabled", enabled=True)
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.show("<title>off</title><script>document.title = 'on'</script>")
    check(browser.evaluate("document.title") == "off", "JavaScript is off")
    browser.open(base + "/", 360, False)
    browser.evaluate("document.querySelector('summary').focus()")
    access.key(browser, "Enter", 13, "\r")
    browser.evaluate("document.querySelector('[name=until]').focus()")
    browser.call("Input.insertText", text="2001-01-01")
    browser.go(lambda: access.key(browser, "Enter", 13, "\r"))
    where, told = browser.evaluate("[location.search, document.querySelector('.lead').innerText]")
    check("until=2001-01-01" in where and "Nothing here fits" in told, "a list is looked for without it",
          f"{where} {told}")
    browser.open(base + "/check", 360, False)
    browser.evaluate("document.querySelector('textarea').focus()")
    browser.call("Input.insertText", text="no file of ours")
    access.key(browser, "Tab", 9)
    browser.go(lambda: access.key(browser, "Enter", 13, "\r"))
    told = browser.evaluate("document.querySelector('main').innerText")
    check("x Not so" in told and "(null)" not in told, "a file is looked at without it", told)
    faults = access.looks(browser) + access.names(browser)
    check(not faults, "...and what is said of it is a page like the others", "\n".join(faults))
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def main(base, folder, paths):
    axe = os.environ.get("VALISE_AXE")
    axe = pathlib.Path(axe).read_text(encoding="utf-8") if axe else None
    folder = pathlib.Path(folder) if folder else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        browser = Chromium(scratch)
        try:
            browser.begin()
            access.test_of_the_test(browser, check)
            without_scripts(browser, base)
            for path in paths:
                for width in WIDTHS:
                    for dark in (False, True):
                        look_at(browser, base, path, width, dark, folder, axe)
                use(browser, base, path)
        finally:
            browser.end()
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
