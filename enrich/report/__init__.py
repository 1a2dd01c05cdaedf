"""The report: one HTML page of a snapshot, for people.

`page.render` makes it from the values of `facts.py`. What a part of it says is worked out by the
module named for it (`news`, `movers`, `holdings`, `faults`, `services`, `table`). In which words,
says `wording`; what that looks like, the templates, `page.css` and `page.js`. Nothing here knows
where the facts are stored.
"""
