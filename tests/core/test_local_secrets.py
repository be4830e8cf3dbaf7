"""Secrets that a first start makes in its folder."""

import threading
from pathlib import Path

from peersupport.settings import local


def test_two_first_starts_at_once_have_one_secret(tmp_path: Path) -> None:
    line, found = threading.Barrier(2), list[str]()

    class BothLookFirst(type(tmp_path)):  # type: ignore[misc]
        def exists(self, **options: bool) -> bool:
            is_there = super().exists(**options)
            line.wait(5)
            return bool(is_there)

    def start() -> None:
        found.append(local.secret_in(BothLookFirst(tmp_path), "host-secret"))

    starts = [threading.Thread(target=start) for _ in range(2)]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert found == [(tmp_path / "host-secret").read_text()] * 2
    assert [file.name for file in tmp_path.iterdir()] == ["host-secret"]
    assert (tmp_path / "host-secret").stat().st_mode & 0o777 == 0o600
