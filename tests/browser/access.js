// SPDX-License-Identifier: Apache-2.0
// What a page must be for everybody: its structure, and its contrasts as they were computed.  Gives the
// faults of the page as it stands, each "RULE: where".
(() => {
    const faults = [];
    const all = (which) => [...document.querySelectorAll(which)];
    const where = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 90);
    const fault = (rule, words) => faults.push(`${rule}: ${words}`);

    // --- structure

    const root = document.documentElement;
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(root.lang)) fault("lang", `"${root.lang}"`);
    if (!document.title.trim()) fault("title", "there is none");
    if (all("h1").length !== 1) fault("h1", `${all("h1").length} of them`);
    if (all("main, [role=main]").length !== 1) fault("main", `${all("main, [role=main]").length} of them`);
    let level = 0;
    for (const heading of all("h1, h2, h3, h4, h5, h6")) {
        const next = Number(heading.tagName[1]);
        if (next > level + 1) fault("heading", `${where(heading)} comes behind a level ${level}`);
        if (!heading.textContent.trim()) fault("heading", `${where(heading)} is empty`);
        level = next;
    }
    const ids = new Set();
    for (const element of all("[id]")) {
        if (ids.has(element.id)) fault("id", `${element.id} is there twice`);
        ids.add(element.id);
    }
    for (const table of all("table")) {
        const heads = [...table.querySelectorAll("th")];
        if (heads.length === 0) fault("table", `${where(table)} has no header`);
        for (const head of heads)
            if (!["col", "row", "colgroup", "rowgroup"].includes(head.scope) || !head.textContent.trim())
                fault("table", `${where(head)} does not say what it heads`);
    }
    // What disappears when somebody types is no label.
    for (const field of all("input:not([type=hidden]), select, textarea"))
        if (field.labels.length === 0 && !field.ariaLabel && !field.hasAttribute("aria-labelledby"))
            fault("label", where(field));
    for (const link of all('a[href^="#"]'))
        if (!document.getElementById(link.hash.slice(1))) fault("target", `${where(link)} leads nowhere`);
    if (all("script").length > 0) fault("script", where(all("script")[0]));

    // --- contrast (WCAG 2.2, 1.4.3 and 1.4.11)

    const colour = (text) => {
        const parts = /^rgba?\(([^)]*)\)$/.exec(text);
        if (!parts) {
            fault("contrast", `a colour that cannot be measured: ${text}`);
            return [0, 0, 0, 0];
        }
        const numbers = parts[1].split(/[\s,/]+/).map(Number);
        return numbers.length === 3 ? [...numbers, 1] : numbers;
    };
    const over = (front, back) => front.slice(0, 3).map((v, i) => v * front[3] + back[i] * (1 - front[3])).concat(1);
    const behind = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (style.backgroundImage !== "none" || Number(style.opacity) !== 1)
                fault("contrast", `${where(at)}: a picture or half-seen things cannot be measured`);
            layers.push(colour(style.backgroundColor));
            if (layers.at(-1)[3] === 1) break;
        }
        // The canvas, where nothing is opaque.
        const canvas = matchMedia("print").matches || getComputedStyle(root).colorScheme === "normal" ||
            !matchMedia("(prefers-color-scheme: dark)").matches ? [255, 255, 255, 1] : [18, 18, 18, 1];
        return layers.reduceRight((back, front) => over(front, back), canvas);
    };
    const light = (rgb) => {
        const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (front, back) => {
        const [a, b] = [light(over(front, back)), light(back)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    };
    const seen = new Set();
    const measure = (element, style, words) => {
        const size = parseFloat(style.fontSize);
        const is_large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const back = behind(element);
        const found = ratio(colour(style.color), back);
        const told = `${style.color} on ${back.map(Math.round).slice(0, 3)}: ${found.toFixed(2)} to 1`;
        if (found < (is_large ? 3 : 4.5) && !seen.has(told)) fault("contrast", `${told}: ${words.trim().slice(0, 40)}`);
        seen.add(told);
    };
    let texts = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const element = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || element.closest("option") || !element.checkVisibility()) continue;
        measure(element, getComputedStyle(element), walk.currentNode.data);
        texts++;
    }
    if (texts === 0) fault("contrast", "there is no text");
    for (const field of all("input:not([type=hidden]), select, textarea, button")) {
        if (!field.checkVisibility()) continue;
        measure(field, getComputedStyle(field), field.value || "what is typed");
        if (field.placeholder) measure(field, getComputedStyle(field, "::placeholder"), field.placeholder);
        if (field.type === "file") continue; // Chromium's own, but for its frame
        const style = getComputedStyle(field);
        const edge = parseFloat(style.borderTopWidth) > 0 ? ratio(colour(style.borderTopColor), behind(field.parentElement)) : 1;
        const face = ratio(colour(style.backgroundColor), behind(field.parentElement));
        if (Math.max(edge, face) < 3) fault("edge", `${where(field)}: ${Math.max(edge, face).toFixed(2)} to 1`);
    }

    // --- what focus looks like, asked again at each stop of it

    const stops = all('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')
        .filter((element) => element.checkVisibility({contentVisibilityAuto: true}));
    window.valiseStops = {
        count: stops.length,
        missed: () => stops.filter((element) => !element.valiseReached).map(where),
        look() {
            const at = document.activeElement;
            if (!at || at === document.body || at === root) return "none";
            if (at.valiseReached) return "again";
            at.valiseReached = true;
            const style = getComputedStyle(at);
            const box = at.getBoundingClientRect();
            if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
                return `${where(at)}: an outline of ${style.outlineStyle} ${style.outlineWidth}`;
            if (ratio(colour(style.outlineColor), behind(at.parentElement)) < 3)
                return `${where(at)}: an outline of ${style.outlineColor}`;
            if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight)
                return `${where(at)}: outside of the window`;
            return "";
        },
    };
    return faults;
})()
