"""Training on paper. Other rooms may use these too."""

from .attendance import attendance_pdf
from .certificate import certificate_pdf
from .coverage import coverage_pdf
from .designation import designation_pdf
from .transcript import transcript_pdf

__all__ = ["attendance_pdf", "certificate_pdf", "coverage_pdf", "designation_pdf", "transcript_pdf"]
