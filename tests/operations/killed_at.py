"""Runs a Python program until one function has returned, and kills the process there, as if the machine stopped.

    python tests/operations/killed_at.py MODULE:FUNCTION TIMES PROGRAM [ARGUMENTS]

It dies as soon as the function was called that many times. The module is imported when the program does so itself.
"""

import os
import runpy
import signal
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class AtImport(MetaPathFinder):
    def __init__(self, module: str, prepare: Callable[[ModuleType], None]) -> None:
        self.module, self.prepare = module, prepare

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.module:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        execute = spec.loader.exec_module

        def execute_and_prepare(module: ModuleType) -> None:
            execute(module)
            self.prepare(module)

        spec.loader.exec_module = execute_and_prepare
        return spec


def die_after(owner: Any, function: str, times: int) -> None:
    *path, name = function.split(".")
    for part in path:
        owner = getattr(owner, part)
    original, left = getattr(owner, name), times

    def until_here(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        result = original(*args, **kwargs)
        left -= 1
        if not left:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, until_here)


def main() -> None:
    step, times, program, *arguments = sys.argv[1:]
    module, _, function = step.partition(":")

    def prepare(owner: ModuleType) -> None:
        die_after(owner, function, int(times))

    sys.argv = [program, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(program))  # noqa: PTH100, PTH120 (as Python does it)
    if module in sys.modules:
        prepare(sys.modules[module])
    else:
        sys.meta_path.insert(0, AtImport(module, prepare))
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
