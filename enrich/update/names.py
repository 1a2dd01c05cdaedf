"""What lists call a venue, given what sources call it.

Sources write names out ("Annual Meeting of the Association for Computational Linguistics"), lists
write "ACL". Only names that are known here are shortened; a list that writes names out gets them
written out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from enrich.lists.venues import VENUE

LONGEST = 60
"""Letters of a name that has no short form and is written as it is told."""

_NAMES: tuple[tuple[str, str], ...] = (
    ("NAACL", r"North(?:ern)? American Chapter of the (?:Association|ACL)|Nations of the Americas"),
    ("EACL", r"European Chapter of the (?:Association|ACL)"),
    ("AACL", r"Asia-Pacific Chapter of the (?:Association|ACL)"),
    ("EMNLP", r"Empirical Methods in Natural Language Processing"),
    ("CoNLL", r"Computational Natural Language Learning"),
    ("TACL", r"Trans(?:actions|\.) of the Association for Computational Linguistics"),
    ("LREC-COLING", r"Joint International Conference on Computational Linguistics, Language Res"),
    ("LREC", r"Language Resources and Evaluation"),
    ("COLING", r"International Conference on Computational Linguistics"),
    ("INLG", r"Natural Language Generation Conference"),
    ("ACL", r"Annual Meeting of the Association for Computational Linguistics"),
    ("NeurIPS", r"(?:Advances in )?Neural Information Processing Systems"),
    ("ICLR", r"International Conference on Learning Representations"),
    ("ICML", r"International Conference on Machine Learning$|Int.* Conf.* on Machine Learning$"),
    ("AISTATS", r"Artificial Intelligence and Statistics"),
    ("UAI", r"Uncertainty in Artificial Intelligence"),
    ("COLT", r"Conference on Learning Theory|Computational Learning Theory"),
    ("COLM", r"Conference on Language Modeling"),
    ("CoRL", r"Conference on Robot Learning|^CORL$"),
    ("MLSys", r"Machine Learning and Systems"),
    ("TMLR", r"Trans(?:actions|\.) (?:on )?Mach(?:ine|\.) Learn(?:ing|\.) Res"),
    ("JMLR", r"J(?:ournal|\.) (?:of )?Mach(?:ine|\.) Learn(?:ing|\.) Res"),
    ("IJCAI", r"International Joint Conferences? on Artificial Intelligence"),
    ("AAAI", r"AAAI Conference on Artificial Intelligence"),
    ("AIES", r"AI, Ethics,? and Society"),
    ("FAccT", r"Fairness, Accountability,? and Transparency"),
    ("CVPR", r"Computer Vision and Pattern Recognition"),
    ("ICCV", r"(?:IEEE|International)[\w/ ]* International Conference on Computer Vision|IEEE Int"
             r"\w+ Conf\w+ on Computer Vision|International Conference on Computer Vision"),
    ("ECCV", r"European Conference on Computer Vision"),
    ("WACV", r"Winter Conference on Applications of Computer Vision"),
    ("BMVC", r"British Machine Vision Conference"),
    ("ACM MM", r"ACM International Conference on Multimedia|ACM Multimedia"),
    ("TPAMI", r"Pattern Analysis and Machine Intelligence"),
    ("IJCV", r"International Journal of Computer Vision"),
    ("KDD", r"Knowledge Discovery (?:and|&) Data Mining"),
    ("WWW", r"The Web Conference|World Wide Web|ACM Web Conference"),
    ("WSDM", r"Web Search and Data Mining"),
    ("SIGIR", r"ACM SIGIR|Research and Development in Information Retrieval"),
    ("CIKM", r"Information and Knowledge Management"),
    ("RecSys", r"Conference on Recommender Systems"),
    ("ICRA", r"IEEE International Conference on Robotics and Automation"),
    ("IROS", r"Intelligent Robots and Systems"),
    ("RSS", r"Robotics: Science and Systems"),
    ("ICASSP", r"Acoustics, Speech,? and Signal Processing"),
    ("INTERSPEECH", r"\bInterspeech\b"),
    ("CHI", r"Human Factors in Computing Systems"),
    ("UIST", r"User Interface Software and Technology"),
    ("ICSE", r"International Conference on Software Engineering"),
    ("USENIX Security", r"USENIX Security Symposium"),
    ("PNAS", r"Proceedings of the National Academy of Sciences"),
    ("JAIR", r"J(?:ournal|\.) (?:of )?Artif(?:icial|\.) Intell(?:igence|\.) Res"),
)  # fmt: skip
_KNOWN = tuple((short, re.compile(form, re.IGNORECASE)) for short, form in _NAMES)
_FINDINGS = re.compile(r"\bfindings\b", re.IGNORECASE)
_NARROWER = re.compile(r"workshop|tutorial|companion|doctoral|symposium of|shared task", re.I)
_DECIDED = re.compile(
    r"(?:conference|oral|poster|spotlight|notable|highlight(?:ed)?|main|long|short|top|\W|\d)*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-4])\d(?!\d)")
_ALIKE = (frozenset(("neurips", "nips")),)
_HARMLESS = re.compile(r"[\w &:,.()/'\u2019+-]*")
"""What may stand in any cell, bracket or emphasis of a list without meaning anything."""


class Named(NamedTuple):
    """A venue: in few letters, where such are known; `whole` as told; and the year in its name."""

    short: str | None
    whole: str
    is_findings: bool
    year: int | None


def named(venue: str) -> Named:
    """A venue by the name that a source gives it, without the year in it."""
    found = [int(form[0]) for form in _YEAR.finditer(venue)]
    whole = " ".join(_YEAR.sub(" ", venue).split()).strip(" ,;:-")
    is_findings = _FINDINGS.search(venue) is not None
    short = None if _NARROWER.search(venue) else _short(whole, is_findings)
    return Named(short, whole, is_findings, found[-1] if len(set(found)) == 1 else None)


def _short(whole: str, is_findings: bool) -> str | None:
    known = next((short for short, form in _KNOWN if form.search(whole)), None)
    if is_findings:
        # "Findings of the Association for Computational Linguistics: EMNLP" is EMNLP's.
        told = [form[0] for form in re.finditer(r"\b(?:NAACL|EMNLP|EACL|AACL|IJCNLP|ACL)\b", whole)]
        return told[-1] if told else known
    first = VENUE.match(whole)
    if known or first is None or not re.fullmatch(r"[A-Za-z]+[A-Z][A-Za-z-]*", first[0]):
        return known
    # "ICLR poster", "NeurIPS spotlight": OpenReview puts the decision behind the venue.
    return first[0] if _DECIDED.fullmatch(whole, first.end()) else None


def is_harmless(name: str) -> bool:
    """Whether a name can be written into any line of a list."""
    return len(name) <= 200 and _HARMLESS.fullmatch(name) is not None


def are_alike(one: str, other: str) -> bool:
    """Whether two short names are spellings of one."""
    pair = {one.lower(), other.lower()}
    return len(pair) == 1 or any(pair <= group for group in _ALIKE)
