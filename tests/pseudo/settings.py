"""The demo in the pseudo-locale, whose catalog stands in the folder that the environment names."""

import os

from peersupport.settings.demo import *  # noqa: F403

LANGUAGE_CODE = "en-xa"
LANGUAGES = [("en-xa", "Pseudo-English")]
LOCALE_PATHS = [os.environ["PEERSUPPORT_PSEUDO_LOCALE"]]
