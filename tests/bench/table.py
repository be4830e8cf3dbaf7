"""What was measured, as tables for docs/benchmarks.md."""

from typing import Any

from tests.bench import submissions


def of(measured: dict[str, Any]) -> str:
    names = list(measured["builds"])
    heads = [f"{name} ({commit})" for name, commit in measured["builds"].items()]
    rows = [row for part, rows in ROWS.items() if part in measured for row in rows(measured[part], names)]
    blocks = [", ".join(f"{name} {value}" for name, value in measured["machine"].items())]
    if rows:
        blocks.append(_table(["", *heads], rows))
    blocks += [_flat(database, cells, names) for database, cells in measured.get("flat", {}).items()]
    if "staff" in measured:
        blocks.append("Pages of the staff in a large agency:\n\n" + measured["staff"])
    return "\n\n".join(blocks)


def errors_in(measured: dict[str, Any]) -> list[str]:
    """Each load in which something went wrong, or in which nothing went right."""
    loads = dict(measured.get("submissions", {}))
    for name, clients in measured.get("returns", {}).items():
        loads |= {f"{name}, {client} client": load for client, load in clients.items()}
    return [f"{name}: {load['errors'] or 'nothing came back'}" for name, load in loads.items() if _is_broken(load)]


def _is_broken(load: dict[str, Any]) -> bool:
    return bool(load["errors"]) or not load["count"]


def _start(part: dict[str, Any], names: list[str]) -> list[list[str]]:
    return [
        [f"`demo` to its ready line, {start} time", *(f"{part[name][start]:.1f} s" for name in names)]
        for start in ("first", "later")
    ]


def _submissions(part: dict[str, Any], names: list[str]) -> list[list[str]]:
    bare, rows = part["bare"], []
    for how, named in (("`demo`", list(names)), ("`serve`", [submissions.served(name) for name in names])):
        if set(named) <= part.keys():
            rows += [
                [f"submissions, 8 at once, {how}", *(_rate(part[name]) for name in named)],
                [
                    f"… as a share of a bare Django view ({_rate(bare)})",
                    *(_share(part[name], bare) for name in named),
                ],
            ]
    return rows


def _returns(part: dict[str, Any], names: list[str]) -> list[list[str]]:
    return [
        [f"return by receipt and thread, 8 at once, {client} client", *(_rate(part[name][client]) for name in names)]
        for client in part[names[0]]
    ]


def _memory(part: dict[str, Any], names: list[str]) -> list[list[str]]:
    return [
        [f"memory of one web process, {when.replace('_', ' ')}", *(_largest(part[name], when) for name in names)]
        for when in part[names[0]][0]
    ]


ROWS = {"start": _start, "submissions": _submissions, "returns": _returns, "memory": _memory}


def _rate(load: dict[str, Any]) -> str:
    rate = f"{load['per_second']:.1f}/s, p50 {load['p50_ms']:.0f} ms, p95 {load['p95_ms']:.0f} ms"
    errors = sum(load["errors"].values())
    return f"{rate}, {errors} errors" if errors else rate


def _share(load: dict[str, Any], bare: dict[str, Any]) -> str:
    return f"{load['per_second'] / bare['per_second']:.3f}" if bare["count"] else "unknown"


def _largest(processes: list[dict[str, float]], when: str) -> str:
    return f"{max(process[when] for process in processes):.0f} MB of {len(processes)}"


def _flat(database: str, cells: list[dict[str, Any]], names: list[str]) -> str:
    """A column for each number of open requests and members, a row for each page and build."""
    sizes = list(dict.fromkeys((cell["open"], cell["members"]) for cell in cells))
    found = {(cell["build"], cell["open"], cell["members"]): cell["medians"] for cell in cells}
    rows = [
        [f"{what}, {name}", *(_cost(*found[name, *size][what]) for size in sizes)]
        for what in cells[0]["medians"]
        for name in names
    ]
    heads = [f"{number} open, {members} members" for number, members in sizes]
    return f"{database}:\n\n{_table(['median, one process (of it on the processor)', *heads], rows)}"


def _cost(milliseconds: float, of_processor: float) -> str:
    return f"{milliseconds:.0f} ms ({of_processor:.0f})"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
