"""A local server that speaks the wire formats of the four services, for demos and tests."""

from __future__ import annotations

from enrich.sandbox.application import Desk, app
from enrich.sandbox.limits import Limits
from enrich.sandbox.server import Sandbox, base_urls, run, running
from enrich.sandbox.world import World

__all__ = ["Desk", "Limits", "Sandbox", "World", "app", "base_urls", "run", "running"]
