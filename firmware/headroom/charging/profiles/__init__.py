"""One charger family a file: data only, with the source of each figure. See ../profile.py."""
