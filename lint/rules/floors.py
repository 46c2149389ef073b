# SPDX-License-Identifier: Apache-2.0
"""A room includes itself and rooms on lower floors; so there is never a circle."""
import graphlib
import pathlib

from tree import room_of


def check(tree):
    return list_is_sound(tree) + folders_are_rooms(tree) + includes_go_down(tree) + no_circle(tree)


def list_is_sound(tree):
    found, seen, highest = [], set(), 0
    for line, words in tree.lines_of("floors.txt"):
        at = f"floors.txt:{line}:"
        if len(words) < 3 or not words[0].isdigit() or words[2] not in ("quiet", "street"):
            found.append(f"{at} wanted `floor room quiet|street words`")
            continue
        floor, room = int(words[0]), words[1]
        if room in seen:
            found.append(f"{at} room {room} is listed twice")
        if floor < highest:
            found.append(f"{at} floor {floor} below floor {highest}: lowest first")
        if not tree.files(".c", under=f"src/{room}"):
            found.append(f"{at} room {room} has no .c file")
        seen.add(room)
        highest = max(highest, floor)
    return found or ([] if seen else ["floors.txt:1: names no room"])


def folders_are_rooms(tree):
    found = []
    for folder in sorted(p for p in (tree.root / "src").rglob("*") if p.is_dir()):
        name = folder.relative_to(tree.root / "src").as_posix()
        if name not in tree.rooms:
            found.append(f"src/{name}:1: this folder is no room of floors.txt")
    for path in tree.sources():
        if path.count("/") == 1:
            found.append(f"{path}:1: lies in no room")
    return found


def includes_go_down(tree):
    found = []
    for path in tree.sources():
        for include in tree.includes(path):
            words = refusal(tree, room_of(path), include)
            if words:
                found.append(f"{path}:{include.line}: {words}")
    return found


def refusal(tree, room, include):
    if include.opener == "<":
        return None  # the rule of the doors
    if include.opener != '"':
        return "an include that is worked out cannot be checked"
    parts = include.name.split("/")
    if "tests" in parts:
        return f'"{include.name}": src/ does not know tests/'
    if len(parts) == 1:
        return f'"{include.name}" without its room'
    if parts[0] not in tree.rooms:
        return f'"{include.name}" is of no room'
    if parts[0] == room or room not in tree.rooms:
        return None
    mine, other = tree.rooms[room].floor, tree.rooms[parts[0]].floor
    if mine == other:
        return f"{room} and {parts[0]} share floor {mine} and do not know each other"
    if mine < other:
        return f"{room} (floor {mine}) does not know {parts[0]} (floor {other})"
    return None


def no_circle(tree):
    graph = {
        path: [f"src/{i.name}" for i in tree.includes(path) if i.opener == '"']
        for path in tree.sources()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = sorted(set(error.args[1]))
        return [f"{circle[0]}:1: a circle: {', '.join(pathlib.Path(c).name for c in circle)}"]
    return []
