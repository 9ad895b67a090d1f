"""`python -m parallax` is the command `parallax`."""

from parallax.cli.main import main

main()
