"""From what a list says of a paper to the paper: candidates, evidence, decision."""
