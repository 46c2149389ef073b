# SPDX-License-Identifier: Apache-2.0
"""Time commands in turn and compare them: compare.py [--rounds N] [--prepare CMD] NAME=CMD...

Rounds are interleaved (A B C, A B C, ...), so a drift of the machine's speed hits all alike.  A round
in which other programs used more than a quarter of a processor is run again, up to twice as many
rounds in all; what was thrown away is said.  Prints a row for each command: median seconds, least
and most, processor seconds, and the ratio to the first command, taken round by round.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import time


def busy_ticks():
    with open("/proc/stat", encoding="ascii") as stat:
        fields = [int(word) for word in stat.readline().split()[1:]]
    return fields[0] + fields[1] + fields[2] + fields[5] + fields[6]


def wait_for_quiet(seconds):
    """Until nothing else runs, at most so long.  0: not at all, for a virtual machine whose host takes
    free memory away while it rests, which the next run then pays for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = busy_ticks()
        time.sleep(0.3)
        if busy_ticks() - before <= 6:
            return


def run(command, wait):
    """Wall, processor and foreign processor seconds of one run."""
    wait_for_quiet(wait)
    ticks = os.sysconf("SC_CLK_TCK")
    before, stat_before, start = resource.getrusage(resource.RUSAGE_CHILDREN), busy_ticks(), time.monotonic()
    process = subprocess.Popen(["bash", "-c", "exec " + command if "|" not in command and ";" not in command
                                and "for " not in command else command])
    process.wait()
    wall = time.monotonic() - start
    foreign = (busy_ticks() - stat_before) / ticks
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if process.returncode != 0:
        sys.exit(f"exit status {process.returncode}: {command}")
    return wall, cpu, max(0.0, foreign - cpu)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--prepare", default=":")
    parser.add_argument("--wait", type=float, default=4, help="seconds to wait for quiet")
    parser.add_argument("--work", type=float, default=0, help="units of work in one run")
    parser.add_argument("--unit", default="")
    parser.add_argument("commands", nargs="+", metavar="NAME=CMD")
    args = parser.parse_args()
    names = [word.split("=", 1)[0] for word in args.commands]
    commands = [word.split("=", 1)[1] for word in args.commands]
    rows, thrown = {name: [] for name in names}, 0
    subprocess.run(["bash", "-c", args.prepare], check=True)
    for command in commands:  # once, not counted: caches and the first touch of memory
        run(command, args.wait)
        subprocess.run(["bash", "-c", args.prepare], check=True)
    while len(rows[names[0]]) < args.rounds and thrown <= args.rounds:
        results = []
        for command in commands:
            subprocess.run(["bash", "-c", args.prepare], check=True)
            results.append(run(command, args.wait))
        if any(foreign > 0.25 * wall + 0.05 for wall, _, foreign in results) and thrown < args.rounds:
            thrown += 1
            continue
        for name, result in zip(names, results):
            rows[name].append(result)
    subprocess.run(["bash", "-c", args.prepare], check=True)
    first = rows[names[0]]
    print(f"| {'':26} | median s | least | most  | cpu s | ratio (least-most) |"
          + (f" {args.unit}/s |" if args.unit else ""))
    for name in names:
        walls = [row[0] for row in rows[name]]
        ratios = [row[0] / base[0] for row, base in zip(rows[name], first)]
        median = statistics.median(walls)
        print(f"| {name:26} | {median:8.3f} | {min(walls):5.3f} | {max(walls):5.3f} |"
              f" {statistics.median(row[1] for row in rows[name]):5.2f} |"
              f" {statistics.median(ratios):5.2f} ({min(ratios):.2f}-{max(ratios):.2f}) |"
              + (f" {args.work / median:8.0f} |" if args.unit else ""))
    print(f"{len(first)} rounds, {thrown} thrown away because other programs ran")


main()
