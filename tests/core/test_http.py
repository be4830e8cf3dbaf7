import pytest

from peersupport.core.http import download


@pytest.mark.parametrize("content", [b"a,b\r\n", "a,b\r\n"])
def test_a_download_is_saved_under_its_name_and_never_displayed(content: bytes | str) -> None:
    response = download(content, "text/csv; charset=utf-8", "roster.csv")
    assert (response.status_code, response.content) == (200, b"a,b\r\n")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="roster.csv"'
