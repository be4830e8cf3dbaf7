"""The exit statuses of the commands about an installation; 0 is well. Imports nothing: manage.py needs them first."""

FOUND_SOMETHING, COULD_NOT_RUN = 1, 2
