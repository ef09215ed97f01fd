#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""toml_manual.py PAGE MANUAL: makes kms-secretd.toml(5) of docs/configuration.md.

That page is itself generated from the declarations in the code, so the manual is in step with them.
Only what occurs there is understood: headings, paragraphs, lists, tables and literal text;
anything else ends the run.
"""

import re
import sys

HEAD = """\
.\\" SPDX-License-Identifier: Apache-2.0
.\\" Generated from docs/configuration.md by toml_manual.py.
.Dd November 27, 2026
.Dt KMS-SECRETD.TOML 5
.Os
.Sh NAME
.Nm kms-secretd.toml
.Nd configuration of kms-secretd
.Sh DESCRIPTION
"""

TAIL = """\
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/kms-secretd/kms-secretd.toml
The main file.
.It Pa /etc/kms-secretd/conf.d/*.toml
Read after it, in the order of their names.
.El
.Sh EXAMPLES
.Bd -literal
{example}
.Ed
.Sh SEE ALSO
.Xr systemd.exec 5 ,
.Xr kms-secretd-plugin 7 ,
.Xr kms-secretd 8
"""


def plain(text):
    """Without Markdown's marks."""
    text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r"\1 (\2)", text)
    text = text.replace("&lt;", "<").replace("\\|", "|").replace("**", "")
    return text.replace("`", "").strip()


def escaped(text):
    """A line that mdoc takes for text."""
    text = plain(text).replace("\\", "\\e")
    return "\\&" + text if text[:1] in (".", "'") else text


def argument(text):
    """One argument of a macro."""
    return '"' + escaped(text).replace('"', "\\(dq") + '"'


def sentences(text):
    """mdoc wants each sentence on a line of its own."""
    return "\n".join(escaped(part) for part in re.split(r"(?<=[a-z)`\"][.:]) (?=[A-Z`])", text))


def cells(row):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def table(rows):
    """The first column is the tag; an option's kind and default stand in its first line."""
    head, body = cells(rows[0]), [cells(row) for row in rows[2:]]
    out = [".Bl -tag -width Ds"]
    for row in body:
        out.append(".It Cm " + argument(row[0]))
        if head[1:] == ["kind", "default", "meaning"]:
            kind, default, meaning = row[1:]
            if default == "**required**":
                kind += ", required"
            elif default:
                kind += f", default {default}"
            out += [escaped(kind[0].upper() + kind[1:]) + ".", ".br", sentences(meaning)]
        else:
            out.append(sentences(" ".join(row[1:])))
    return out + [".El"]


def bullets(lines):
    items, out = [], [".Bl -bullet"]
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += " " + line.strip()
    for item in items:
        out += [".It", sentences(item)]
    return out + [".El"]


def literal(lines):
    shown = ["\\&" + line.replace("\\", "\\e") for line in lines]
    return [".Bd -literal -offset indent", *shown, ".Ed"]


def block(lines):
    if lines[0].startswith("# "):
        return []
    if lines[0].startswith("### "):
        return [".Ss " + argument(lines[0][4:])]
    if lines[0].startswith("## "):
        return [".Sh " + argument(lines[0][3:].upper() if "`" not in lines[0] else lines[0][3:])]
    if lines[0].startswith("|"):
        return table(lines)
    if lines[0].startswith("- "):
        return bullets(lines)
    if lines[0].startswith("    "):
        return literal([line[4:] for line in lines])
    if lines[0].startswith("```"):
        return literal(lines[1:-1])
    if lines[0].startswith(("1. ", "> ")):
        raise ValueError(f"toml_manual.py does not know how to show: {lines[0]}")
    return [".Pp", sentences(" ".join(lines))]


def manual(page, example):
    page = re.sub(r"<!--.*?-->", "", page, flags=re.S)
    blocks = [text.splitlines() for text in re.split(r"\n\s*\n", page.strip())]
    body = [line for lines in blocks for line in block(lines)]
    # No paragraph macro right behind a heading.
    text = re.sub(r"(?m)^(\.S[hs] .*)\n\.Pp$", r"\1", "\n".join(body))
    text = text.removeprefix(".Pp\n")
    shown = "\n".join(literal(example.strip().splitlines())[1:-1])
    return HEAD + text + "\n" + TAIL.replace("{example}", shown)


def main():
    page, example, target = sys.argv[1:]
    with open(page, encoding="utf-8") as source, open(example, encoding="utf-8") as sample:
        text = manual(source.read(), sample.read())
    with open(target, "w", encoding="utf-8") as out:
        out.write(text)


if __name__ == "__main__":
    main()
