# SPDX-License-Identifier: Apache-2.0
"""Figures as a table, and docs/performance.md."""

import datetime
import os
import pathlib
import platform

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN = "<!-- written by ./dev bench --write: begin -->\n"
END = "<!-- written by ./dev bench: end -->\n"


def figure(what, value, unit="", target=None, at_most=True):
    """One row. target: what the value should be at most (or at least), where we promise one."""
    row = {"what": what, "value": round(value, 4), "unit": unit}
    if target is not None:
        row["target"] = f"{'at most' if at_most else 'at least'} {target:g}"
        row["met"] = value <= target if at_most else value >= target
    return row


def _number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures):
    lines = ["| what | measured | target |", "|---|---|---|"]
    for row in figures:
        target = row.get("target", "")
        if target:
            target += " (met)" if row["met"] else " (**missed**)"
        lines.append(f"| {row['what']} | {_number(row['value'])} {row['unit']} | {target} |")
    return "\n".join(line.replace("  ", " ") for line in lines)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.split(":", 1)[1].strip() for line in lines
                      if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "date": datetime.date.today().isoformat(), "load": round(os.getloadavg()[1], 1)}


def rewrite(figures):
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    facts = machine()
    said = (f"\nMeasured on {facts['date']}: {facts['cores']} cores of {facts['cpu']}, Linux "
            f"{facts['kernel']}; emulator, etcd, API server and daemon share them with whatever "
            f"else runs (load average of five minutes at the end: {facts['load']}).\n\n")
    PAGE.write_text(before + BEGIN + said + table(figures) + "\n\n" + END + after)
