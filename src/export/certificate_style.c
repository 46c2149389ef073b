/* SPDX-License-Identifier: Apache-2.0 */
/* Paper first: A4 and Letter alike, black on white, in whatever the printer has.  The head of the
 * page is the head of a table, since that is what browsers repeat on each sheet. */
#include "export/certificate.h"

/* clang-format off */
static const char *const style[] = {
    "@page{margin:14mm 15mm 16mm;"
    "@bottom-right{content:\"page \" counter(page) \" of \" counter(pages);"
    "font:9pt \"DejaVu Sans\",\"Noto Sans\",sans-serif;color:#333}}\n"
    ":root{color-scheme:light dark;--paper:#fff;--ink:#111;--soft:#444;--line:#777;--hair:#bbb;--tint:#f3f3f0}\n"
    "@media screen and (prefers-color-scheme:dark){:root{"
    "--paper:#15171b;--ink:#e9e7e2;--soft:#b2b6bf;--line:#7b818c;--hair:#3a3f48;--tint:#1e2127}}\n"
    "@media print{:root{color-scheme:light}}\n",
    "*{box-sizing:border-box}"
    "html{-webkit-text-size-adjust:100%;background:var(--paper)}"
    "body{margin:0;color:var(--ink);background:var(--paper);overflow-wrap:anywhere;"
    "font:11pt/1.45 system-ui,\"Segoe UI\",\"Noto Sans\",\"DejaVu Sans\",sans-serif}"
    ".sheet{display:table;table-layout:fixed;width:100%;max-width:46rem;margin:0 auto}"
    ".head{display:table-header-group;break-inside:avoid}.rest{display:table-row-group}main{padding:0 1px}"
    ".running{display:flex;flex-wrap:wrap;gap:0 1.5em;justify-content:space-between;"
    "border-bottom:1px solid var(--line);padding:.2em 0 .3em;margin-bottom:.8em;"
    "font-size:9pt;color:var(--soft)}\n",
    "h1{font-size:16pt;line-height:1.2;margin:0 0 .4em;font-weight:650}"
    "h2{font-size:12pt;margin:1.2em 0 .3em;font-weight:650;break-after:avoid}"
    "p{margin:.4em 0;orphans:3;widows:3}"
    "ul,ol{margin:.2em 0 .4em;padding-inline-start:1.4em}"
    "li{margin:.15em 0;break-inside:avoid}"
    "code{font-family:ui-monospace,\"DejaVu Sans Mono\",\"Liberation Mono\",monospace;font-size:.88em}"
    "pre{margin:.3em 0;padding:.4em .6em;border:1px solid var(--hair);background:var(--tint);"
    "white-space:pre-wrap;font-family:ui-monospace,\"DejaVu Sans Mono\",\"Liberation Mono\",monospace;"
    "font-size:.82em;break-inside:avoid}\n",
    ".top{display:flex;gap:1.2em;align-items:flex-start}"
    ".top>div{flex:1 1 0;min-width:0}"
    ".top>.qr{flex:none;width:38mm;background:#fff;padding:1mm}"
    ".qr svg{display:block;width:100%;height:auto}"
    ".qr p{margin:.2em 0 0;text-align:center;font-size:8pt;color:#111}"
    "@media(max-width:30rem){.top{display:block}.top>.qr{margin:.6em 0}}"
    "dl{margin:.3em 0;display:grid;grid-template-columns:7.5em minmax(0,1fr);gap:.15em .8em}"
    "dt{color:var(--soft)}dd{margin:0;min-width:0}"
    ".lead{font-size:12.5pt;margin:.5em 0;list-style:none;padding:0}"
    "ul.plain{list-style:none;padding:0}"
    "ul.plain>li{padding-inline-start:1.1em;text-indent:-1.1em}"
    ".lead li{margin:.2em 0}"
    ".cannot{border:1px solid var(--line);background:var(--tint);padding:.5em .7em;margin:.8em 0;"
    "break-inside:avoid}\n",
    "ol.offices>li{margin:.6em 0}"
    ".name{font-weight:650}"
    ".words{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:0 .6em;list-style:none;"
    "padding:0;margin:.2em 0;font-size:.92em;max-width:34rem}"
    ".words li{margin:0;overflow-wrap:normal}"
    "ol.ids{font-size:.82em;padding-inline-start:2.4em}"
    ".soft{color:var(--soft)}"
    "footer{margin-top:1.4em;border-top:1px solid var(--line);padding-top:.5em;font-size:9pt;color:var(--soft)}"
    "@media screen{body{padding:1rem}}\n"
    "@media print{body{font-size:10pt}h1{font-size:15pt}.lead{font-size:11pt}"
    ".sheet{max-width:none}.cannot,pre{background:none}}\n",
};
/* clang-format on */

void vl_certificate_style(struct vl_html *html)
{
    for (size_t i = 0; i < sizeof style / sizeof *style; i++)
        vl_html_put(html, vl_bytes_str(style[i]));
}
