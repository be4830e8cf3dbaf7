"""Training on paper. Other rooms may use these too."""

from .transcript import transcript_pdf

__all__ = ["transcript_pdf"]
