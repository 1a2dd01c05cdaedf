"""Faults in a list: what is wrong with it as it stands, and with what it says of its papers."""
