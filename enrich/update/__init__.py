"""A list brought up to date: its counts, its venues and its links, and not a byte else."""
