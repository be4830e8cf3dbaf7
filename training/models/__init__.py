"""What members are trained in. The team plane: fully recorded."""

from .subjects import Record, Requirement, Subject, ValidityRule

__all__ = ["Record", "Requirement", "Subject", "ValidityRule"]
