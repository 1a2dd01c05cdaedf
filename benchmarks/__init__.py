"""Figures of whole processes against the limits that the project promises."""

from __future__ import annotations
