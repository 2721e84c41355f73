"""`python -m meter` is the command `meter`."""

from meter.cli import main

main()
