"""A snapshot's works in the formats of other tools: values in, text out."""
