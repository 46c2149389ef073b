/* SPDX-License-Identifier: Apache-2.0 */
/* The one style sheet.  Contrasts are measured in a browser by tests/browser/access.js: 4.5 to 1
 * for text, 3 to 1 for what can be used, in the light and in the dark. */
#include "view/page.h"

/* clang-format off */
/* A string has 4,095 bytes at most (C17, 5.2.4.1). */
static const char *const style[] = {
    ":root{color-scheme:light dark;"
    "--paper:#fbfaf7;--card:#ffffff;--ink:#1b1d22;--soft:#565b66;--line:#8a8f99;--hair:#d9d7d0;"
    "--link:#0b4f8a;--good:#1d6534;--warn:#8a4b00;--bad:#a11c1c;--mark:#fff3d6}"
    "@media(prefers-color-scheme:dark){:root{"
    "--paper:#14161a;--card:#1c1f25;--ink:#e8e6e1;--soft:#a9aeb8;--line:#757b87;--hair:#33373f;"
    "--link:#8fc1ef;--good:#7ccf93;--warn:#f0b45c;--bad:#f19a9a;--mark:#3a2f17}}\n",
    "*{box-sizing:border-box}"
    "html{-webkit-text-size-adjust:100%}"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:1rem/1.55 system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",sans-serif;"
    "overflow-wrap:anywhere}\n",
    "a{color:var(--link);text-underline-offset:.15em}"
    "a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,"
    "textarea:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--link);"
    "outline-offset:2px;border-radius:3px}\n",
    ".skip{position:absolute;left:-999rem;top:0;background:var(--card);padding:.6rem 1rem;z-index:2}"
    ".skip:focus{left:.5rem}\n",
    "header,main,footer{max-width:48rem;margin:0 auto;padding:0 1rem}"
    "header{padding-top:1rem;padding-bottom:.75rem;border-bottom:1px solid var(--hair);"
    "display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline}"
    "header .home{font-weight:650;color:var(--ink);text-decoration:none;padding:.2rem 0}"
    "header .home small{display:block;font-weight:400;color:var(--soft);font-size:.85rem}"
    "nav{margin-left:auto}"
    "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:0}"
    "nav a{display:inline-block;padding:.25rem 0;min-height:24px;min-width:24px}"
    "nav a[aria-current]{color:var(--ink);font-weight:650}\n",
    "main{padding-top:1rem;padding-bottom:2rem}"
    "h1{font-size:1.45rem;line-height:1.25;margin:.5rem 0 .25rem;font-weight:650}"
    "h2{font-size:1.1rem;margin:1.75rem 0 .5rem;font-weight:650}"
    "h3{font-size:1rem;margin:1rem 0 .25rem}"
    "p{margin:.5rem 0}"
    ".lead{font-size:1.1rem}"
    ".soft,.soft a{color:var(--soft)}"
    "footer{border-top:1px solid var(--hair);padding-top:1rem;padding-bottom:2rem;"
    "color:var(--soft);font-size:.9rem}"
    "code,pre,.hex{font-family:ui-monospace,\"SFMono-Regular\",Menlo,\"DejaVu Sans Mono\","
    "monospace;font-size:.9em}"
    "pre{background:var(--card);border:1px solid var(--hair);border-radius:6px;padding:.75rem;"
    "white-space:pre-wrap;user-select:all}\n",
    ".card{background:var(--card);border:1px solid var(--hair);border-radius:8px;"
    "padding:.9rem 1rem;margin:1rem 0}"
    ".card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}"
    ".state{border-left:6px solid var(--line)}"
    ".good{border-left-color:var(--good)}.good>.sign{color:var(--good)}"
    ".warn{border-left-color:var(--warn);background:var(--mark)}.warn>.sign{color:var(--warn)}"
    ".bad{border-left-color:var(--bad)}.bad>.sign{color:var(--bad)}"
    ".sign{font-weight:700;margin:0 0 .25rem}\n",
    "ol.list{list-style:none;margin:.5rem 0;padding:0}"
    "ol.list>li{border-top:1px solid var(--hair);padding:.6rem 0;position:relative}"
    "ol.list>li:last-child{border-bottom:1px solid var(--hair)}"
    ".what{font-weight:600}"
    "q{display:block;margin:.15rem 0}"
    ".when{display:block;color:var(--soft);font-size:.9rem}"
    "ol.time{list-style:none;margin:.5rem 0;padding:0 0 0 1.25rem;"
    "border-left:2px solid var(--line)}"
    "ol.time>li{padding:.35rem 0 .6rem;position:relative}"
    "ol.time>li::before{content:\"\";position:absolute;left:-1.65rem;top:.85rem;width:.7rem;"
    "height:.7rem;border-radius:50%;background:var(--paper);border:2px solid var(--line)}"
    "ol.time>li:first-child::before{background:var(--link);border-color:var(--link)}\n",
    "dl{margin:.5rem 0;display:grid;grid-template-columns:minmax(6rem,9rem) 1fr;gap:.3rem 1rem}"
    "dt{color:var(--soft)}dd{margin:0;min-width:0;white-space:pre-line}"
    "@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}"
    "ul.plain{margin:.25rem 0;padding-left:1.2rem}"
    "del{color:var(--soft)}ins{text-decoration:none;font-weight:600}\n",
    "form.filter{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));"
    "gap:.6rem 1rem;align-items:end}"
    "label{display:block;font-size:.9rem;color:var(--soft)}"
    "input,select,textarea,button{font:inherit;color:inherit;background:var(--card);"
    "border:1px solid var(--line);border-radius:5px;padding:.45rem .6rem;width:100%;"
    "min-height:2.5rem;max-width:100%}"
    "::placeholder{color:var(--soft);opacity:1}"
    "textarea{min-height:7rem;font-family:ui-monospace,monospace;font-size:.85rem}"
    "button{width:auto;background:var(--link);border-color:var(--link);color:var(--card);"
    "font-weight:650;cursor:pointer;padding:.45rem 1.2rem}"
    "input[aria-invalid]{border:2px solid var(--bad)}"
    ".error{color:var(--bad);font-weight:600}\n",
    "details{margin:.75rem 0}summary{cursor:pointer;min-height:24px;color:var(--link)}"
    ".files{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1rem}"
    ".files a{display:inline-block;min-height:24px}\n",
    "@page{size:auto;margin:18mm}"
    "@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#666;--hair:#999;"
    "--link:#000;--good:#000;--warn:#000;--bad:#000;--mark:#fff}"
    "nav,form,.skip,.noprint{display:none}"
    "header,main,footer{max-width:none;padding-left:0;padding-right:0}"
    "ol.time{display:flex;flex-direction:column-reverse}"
    ".card,li,dl>*{break-inside:avoid}"
    "main a[href^=\"/\"]{text-decoration:none}}\n",
};
/* clang-format on */

enum vl_err vl_page_style(struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < sizeof style / sizeof *style && !err; i++)
        err = vl_buf_put(out, vl_bytes_str(style[i]));
    return err;
}
