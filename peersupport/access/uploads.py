"""Files that come with a form: on the pages that have a field for one, in memory, and never more than the page takes.

Django's own would write whatever anybody sends to any page to the disk first.
"""

import io

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from .public_routes import TAKES_A_FILE


class InMemory(FileUploadHandler):
    """Cuts off what is too long one byte later, so that the form sees that it is, and says so beside what was typed."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.takes = TAKES_A_FILE.get(getattr(request, "view_name", None) or "", 0)
        self.left = self.takes + 1  # for all files of this request

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        if not self.takes:
            raise MultiPartParserError("no field for a file")
        self.buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.left -= self.buffer.write(raw_data[: self.left])

    def file_complete(self, file_size: int) -> UploadedFile:
        size = self.buffer.tell()
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer, self.field_name, self.file_name or "", self.content_type, size, self.charset
        )
