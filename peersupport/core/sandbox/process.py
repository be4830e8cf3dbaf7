"""The process in which one file is read: from standard input, with limits on time, memory and everything else.

A file of a few kilobytes can be crafted so that reading it takes hours, or all memory; nothing about the file shows it.
And who finds a flaw in the code that reads it gets a process without secrets, files, network or further processes.
"""

import contextlib
import encodings
import importlib
import json
import pkgutil
import resource
import sys

from ..errors import Refused

TAKEN_AWAY = (
    resource.RLIMIT_NOFILE,  # opens no file and no connection; what is open stays open
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NPROC,  # root isn't held to this one
    resource.RLIMIT_CORE,  # or a crash leaves the file on the disk
)
OUT_OF_MEMORY = 3  # the exit status that says so


def main() -> None:
    """Arguments: the reader's module, seconds of CPU time, bytes of memory, then the reader's own.

    Prints one line of JSON, {"facts": ...} or {"refused": sentence, "values": {...}}, and then the reader's bytes.
    """
    module, cpu_seconds, memory_bytes, *arguments = sys.argv[1:]
    _limit(resource.RLIMIT_CPU, int(cpu_seconds))
    _limit(resource.RLIMIT_AS, int(memory_bytes))
    reader = importlib.import_module(module)
    for codec in pkgutil.iter_modules(encodings.__path__):  # later none can be loaded
        with contextlib.suppress(ImportError):  # those of another system
            importlib.import_module(f"encodings.{codec.name}")
    for kind in TAKEN_AWAY:
        _limit(kind, 0)
    try:
        facts, content = reader.read(sys.stdin.buffer.read(), arguments)
    except Refused as refused:
        _answer({"refused": refused.sentence, "values": refused.values})
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    else:
        _answer({"facts": facts}, content)


def _limit(kind: int, limit: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # already limited to less, or the system has no such limit
        resource.setrlimit(kind, (limit, limit))


def _answer(head: dict[str, object], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
