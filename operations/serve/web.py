"""The web server of `serve`: loads the program once and forks its processes from that. Arguments: granian's."""

import gc

from granian.cli import entrypoint

import peersupport.wsgi  # noqa: F401

if __name__ == "__main__":
    gc.freeze()  # or their collectors would copy every page that they share
    entrypoint()
