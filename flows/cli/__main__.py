"""`python -m flows.cli`, where the `papertide` script is not on the path."""

from __future__ import annotations

from flows.cli.main import main

if __name__ == "__main__":
    main()
