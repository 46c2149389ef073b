# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a page for somebody who hears it, types it, or sees little: by Chromium's own means.

Each check gives faults, "RULE: where".  BROKEN has a page for each rule that breaks it and no other:
a check that cannot fail is none."""
import pathlib

LOOK = pathlib.Path(__file__).with_name("access.js").read_text(encoding="utf-8")
# Roles of what can be used, as the tree of accessibility calls them.
USED = {"link", "button", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio",
        "DisclosureTriangle"}
VISIBLE = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility({contentVisibilityAuto: true})).length"""


def looks(browser):
    """Structure and contrast, as the page is shown now."""
    return browser.evaluate(LOOK)


def names(browser):
    """Everything that can be used is in the tree of accessibility, and has a name there."""
    faults, used = [], 0
    for node in browser.call("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in USED:
            continue
        used += 1
        if not node.get("name", {}).get("value", "").strip():
            faults.append(f"name: a {role} has none")
    visible = browser.evaluate(VISIBLE)
    if used < visible:
        faults.append(f"name: {visible} can be used, and {used} are told of")
    return faults


def focus(browser):
    """Tab goes through everything, and it is seen where it is."""
    faults = []
    browser.call("Emulation.setFocusEmulationEnabled", enabled=True)
    count = browser.evaluate(LOOK + "; document.activeElement.blur(); window.valiseStops.count")
    for _ in range(count + 3):
        key(browser, "Tab", 9)
        told = browser.evaluate("window.valiseStops.look()")
        if told not in ("", "none", "again"):
            faults.append(f"focus: {told}")
    return faults + [f"focus: never at {one}" for one in browser.evaluate("window.valiseStops.missed()")]


def key(browser, name, code, text=None):
    more = {"text": text} if text else {}
    browser.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", key=name, code=name,
                 windowsVirtualKeyCode=code, **more)
    browser.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)


# What a page that is read for proof must have on paper too, and what is of no use there.
PRINTED = "h1, h2, h3, .state, .state *, dt, dd, ol.time > li, ul.plain > li, footer p:not(.noprint)"
UNPRINTED = "nav, form, button, input, .skip, .noprint"
PRINT = """(() => {
    const shown = e => e.checkVisibility({contentVisibilityAuto: true}) && e.getClientRects().length > 0;
    const all = which => [...document.querySelectorAll(which)];
    const where = e => e.outerHTML.replace(/\\s+/g, " ").slice(0, 90);
    return [...all(%r).filter(e => e.textContent.trim() && !e.closest(%r) && !shown(e)),
            ...all(%r).filter(shown)].map(e => "print: " + where(e))
        .concat(all("h1").some(shown) && all("footer").some(shown) ? [] : ["print: no head or no foot"]);
})()""" % (PRINTED, UNPRINTED, UNPRINTED)


def printed(browser):
    """On paper, also for who has a dark screen, is what proves something, and nothing to press."""
    browser.call("Emulation.setEmulatedMedia", media="print",
                 features=[{"name": "prefers-color-scheme", "value": "dark"}])
    return browser.evaluate(PRINT) + [f"print: {one}" for one in looks(browser) if one.startswith("contrast")]


GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page</title><style>
html{color-scheme:light}body{background:#fff;color:#000}:focus-visible{outline:3px solid #00f}
button{border:1px solid #000;background:#fff;color:#000}input{border:1px solid #000}
@media print{nav,form,.noprint{display:none}}</style></head><body><nav><a href="#m">Down</a></nav>
<main id="m"><h1>One</h1><h2>Two</h2><table><tr><th scope="col">Head</th></tr><tr><td>cell</td></tr></table>
<form><label for="f">Field</label><input id="f"><button>Go</button></form><dl><dt>a</dt><dd>b</dd></dl></main>
<footer><p>Foot</p></footer></body></html>"""
BROKEN = [  # what breaks, what is put in place of what
    ("lang", ' lang="en"', ""),
    ("lang", ' lang="en"', ' lang="?"'),
    ("title", "A page", " "),
    ("h1", "<h1>One</h1>", "<h1>One</h1><h1>More</h1>"),
    ("main", "<main", "<div"),
    ("heading", "<h2>Two</h2>", "<h3>Two</h3>"),
    ("heading", "<h2>Two</h2>", "<h2> </h2>"),
    ("id", "<dl>", '<dl id="f">'),
    ("table", '<th scope="col">Head</th>', "<td>Head</td>"),
    ("table", ' scope="col"', ""),
    ("label", '<label for="f">Field</label>', '<span>Field</span>'),
    ("target", 'href="#m"', 'href="#n"'),
    ("script", "<dl>", "<script>1</script><dl>"),
    ("contrast", "<dl>", '<dl style="color:#777">'),
    ("contrast", "<h1>", '<h1 style="color:#999">'),
    ("contrast", "<dl>", '<dl style="background:#000">'),
    ("contrast", "<dl>", '<dl style="color:rgba(0,0,0,.5)">'),
    ("contrast", '<input id="f">', '<input id="f" style="color:#888">'),
    ("edge", '<input id="f">', '<input id="f" style="border-color:#ccc;background:#fff">'),
    ("name", ">Go<", "><"),
    ("name", ">Down<", "><"),
    ("name", "<nav>", '<nav aria-hidden="true">'),
    ("name", '<label for="f">Field</label>', '<label for="f"> </label>'),
    ("focus", "3px solid #00f", "none"),
    ("focus", "3px solid #00f", "3px solid #eee"),
    ("focus", "<button>", '<button tabindex="-1">'),
    ("focus", "<nav>", '<nav style="position:absolute;left:-999rem">'),
    ("print", "nav,form,.noprint", "form"),
    ("print", "nav,form,.noprint", "dl,nav,form"),
    ("print", "nav,form,.noprint", "footer,nav,form"),
    ("print", "nav,form,.noprint{display:none}", "nav,form{display:none}dd{color:#bbb}"),
]


def rules(faults):
    return {one.partition(":")[0] for one in faults}


def all_of(browser):
    """Every check of this file on the page that is open."""
    browser.call("Emulation.setEmulatedMedia", media="screen",
                 features=[{"name": "prefers-color-scheme", "value": "light"}])
    return looks(browser) + names(browser) + focus(browser) + printed(browser)


def test_of_the_test(browser, check):
    """The good page is good, and each broken one is seen."""
    def faults(page):
        browser.show(page)
        return all_of(browser)

    good = faults(GOOD)
    check(not good, "a page that is fine has no fault", "\n".join(good))
    for rule, old, new in BROKEN:
        assert GOOD.count(old) == 1, old
        found = faults(GOOD.replace(old, new))
        check(rule in rules(found), f'"{new}" for "{old}" breaks {rule}'.replace("#", "number "),
              "\n".join(found) or "nothing was found")
    # Large letters need less: 3 to 1.
    found = faults(GOOD.replace("<h1>", '<h1 style="color:#888">'))
    check("contrast" not in rules(found), "large letters of 3.5 to 1 are fine", "\n".join(found))
