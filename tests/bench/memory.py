"""How much memory each web process of the demo has taken under the loads, and what it keeps."""

from tests.bench.builds import Served, kernel_figure


def measure(demos: dict[str, Served]) -> dict[str, list[dict[str, float]]]:
    """Megabytes of each web process, by name of the build: call it after the loads."""
    return {name: [_megabytes_of(process) for process in demo.web_processes()] for name, demo in demos.items()}


def _megabytes_of(process: int) -> dict[str, float]:
    return {
        "peak": kernel_figure(process, "status", "VmHWM") / 1024,
        "after": kernel_figure(process, "status", "VmRSS") / 1024,
        "after_shared_counted_once": kernel_figure(process, "smaps_rollup", "Pss") / 1024,
    }
