"""What training says no with: the word that the whole house uses."""

from peersupport.refusals import Refused

__all__ = ["Refused"]
