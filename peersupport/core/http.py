"""Responses that more than one room gives."""

from django.http import HttpResponse

# What a page with a form on it answers; all else is 405.
FORM_METHODS = ["GET", "HEAD", "POST"]


def download(content: bytes | str, content_type: str, name: str) -> HttpResponse:
    """A file to be saved under this name; a browser never displays it as a page of this site."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)
