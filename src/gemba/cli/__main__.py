"""``python -m gemba.cli`` is the command ``gemba``."""

from gemba.cli import main

main()
