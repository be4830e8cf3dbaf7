"""Uploaded files: accepted only on pages that have a file field, kept in memory, and never larger than the page allows.

Django's own handlers would write whatever anybody sends to any page to the disk first.
"""

import io

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

MEGABYTE = 1024 * 1024

# The pages with a file field, and the largest upload that each accepts, in bytes. Any other page refuses files.
UPLOAD_LIMITS = {
    "apply:form": 5 * MEGABYTE,
    "apply:draft": 5 * MEGABYTE,
    "apply:correct": 5 * MEGABYTE,
    "team:import_roster": 10 * MEGABYTE,
    "training:imports": 10 * MEGABYTE,
    "training:report_external_training": 10 * MEGABYTE,
}


class InMemoryUploadHandler(FileUploadHandler):
    """Cuts a file one byte over the limit, so that the form sees it is too large and says so beside what was typed."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.max_bytes = UPLOAD_LIMITS.get(getattr(request, "view_name", None) or "", 0)
        self.bytes_left = self.max_bytes + 1  # for all files of this request together

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        if not self.max_bytes:
            raise MultiPartParserError("no field for a file")
        self.buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.bytes_left -= self.buffer.write(raw_data[: self.bytes_left])

    def file_complete(self, file_size: int) -> UploadedFile:
        size = self.buffer.tell()
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer, self.field_name, self.file_name or "", self.content_type, size, self.charset
        )
