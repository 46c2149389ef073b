# SPDX-License-Identifier: Apache-2.0
"""Make the schemas part of the program: embed.py OUT FILE...

Each file becomes a row of vl_schemas (cli/schema.h): its name without .json, and its bytes.  They are
written as numbers, because a C string may be too short for one.
"""
import pathlib
import sys


def main(out, *files):
    lines = ["/* Made by tools/embed.py from schema/: do not edit. */", '#include "cli/schema.h"', ""]
    rows = []
    for path in sorted(map(pathlib.Path, files), key=lambda p: p.stem):
        data = path.read_bytes()
        name = "text_" + path.stem.replace("-", "_")
        lines.append(f"static const char {name}[] = {{")
        for at in range(0, len(data), 20):
            lines.append("    " + "".join(f"{byte}, " for byte in data[at : at + 20]).rstrip())
        lines.append("};")
        rows.append(f'    {{"{path.stem}", {name}, sizeof {name}}},')
    lines += ["", "const struct vl_schema vl_schemas[] = {", *rows, "    {NULL, NULL, 0},", "};"]
    pathlib.Path(out).write_text("\n".join(lines) + "\n", encoding="ascii")


main(*sys.argv[1:])
