"""How long somebody waits who has typed wrong passwords or codes. Pure.

Nobody is refused: the first tries are free, then the waits grow up to a longest one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """free: so many wrong tries cost nothing. Then `first` seconds, doubled each `step` tries, up to `longest`."""

    free: int
    first: int
    step: int
    longest: int

    def seconds(self, tries: int) -> int:
        """How long to wait after so many wrong tries."""
        beyond = tries - self.free
        return 0 if beyond < 0 else min(self.longest, self.first * 2 ** min(beyond // self.step, 16))


# On one's own count: a known device, an account from one network, or a secret of somebody signed in.
OWN = Scale(free=5, first=5, step=1, longest=60)
# What tries at many accounts from one network cost those who sign in from there on a device that isn't known.
NETWORK = Scale(free=30, first=5, step=10, longest=20)
# What tries at one account from many networks cost its owner on a device that isn't known.
ACCOUNT = Scale(free=100, first=5, step=25, longest=60)
# From here on all devices that aren't known take turns at the account, whatever network they come from.
ALL_NETWORKS = Scale(free=500, first=60, step=1, longest=60)

# Of each account from each network, so many count for the network and for the account as a whole: one person who has
# forgotten a password doesn't slow down a station, and one stranger doesn't slow down an owner elsewhere.
SHARED_TRIES = 10
# Whoever was told to wait is looked at next, whatever others try meanwhile, until this many wrong tries.
KEPT_PLACES = 100


def wait_after(*, own: int, account: int, network: int) -> int:
    """Seconds until the next try at this account from this network, after so many wrong ones on each count."""
    return max(OWN.seconds(own), wait_before(account=account, network=network))


def wait_before(*, account: int, network: int) -> int:
    """Seconds before the first try at this account from this network."""
    return max(ACCOUNT.seconds(account), NETWORK.seconds(network))
