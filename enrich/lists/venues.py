"""Venues, years and citation counts as lists write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

# 1998 and 2024 alone or before a month's digits; '24 behind a venue; CVPR2024.
YEAR = re.compile(
    r"(?<![\d./:-])(?P<full>19[5-9]\d|20[0-4]\d)(?=$|\D|\d{2}(?!\d))"
    r"|['\u2019]\s?(?P<short>\d\d)(?!\d)"
    r"|(?<=[A-Za-z])(?P<joined>20[0-4]\d)(?!\d)|(?<=[A-Za-z]\s)(?P<late>\d\d)['\u2019](?!\w)"
    r"|(?:(?<=[A-Z][A-Z][A-Z]\s)|(?<=[a-z][A-Z][A-Z]\s))(?P<last>[012]\d)(?=\s*(?:$|[\])|]))"
)
# Known by sight: conferences, journals and servers of the fields that keep such lists.
_ACRONYMS = """
    NeurIPS NIPS NeirIPS Neurips neurips ICML ICLR AAAI IJCAI AISTATS UAI COLT COLM CoLM MLSys
    CoRL ALT ACML ECML PAKDD ACL EMNLP NAACL EACL AACL IJCNLP COLING CoNLL TACL SemEval LREC
    INLG SIGDIAL WMT BlackboxNLP CVPR ICCV ECCV WACV BMVC ACCV 3DV ICIP ICPR FG MICCAI ISBI IPMI
    MIDL KDD WWW TheWebConf SIGIR WSDM CIKM RecSys ECIR ICDM SDM JCDL UMAP ICASSP Interspeech
    InterSpeech INTERSPEECH ASRU SLT ISMIR TASLP ICRA IROS RSS RA-L RAL T-?RO HRI IJRR ICSE FSE
    ASE ISSTA MSR TOSEM TSE PLDI POPL OOPSLA CAV OSDI SOSP NSDI ATC ASPLOS ISCA MICRO HPCA DAC
    ICCAD EuroSys SIGCOMM SC PPoPP CCS NDSS USENIX S&P VLDB PVLDB SIGMOD ICDE TKDE TOIS CHI UIST
    CSCW IUI FAccT AIES DIS TPAMI T-PAMI PAMI IJCV TIP TMM TNNLS TCSVT TOG TVCG TKDD TIST JMLR
    TMLR JAIR JAMA PNAS PLOS PLoS ACM ACMMM IEEE MM SIGGRAPH EMBC CSUR TCSS arXiv arxiv ArXiv
    Arxiv ARXIV bio[Rr]xiv bioarxiv med[Rr]xiv ChemRxiv SSRN OpenReview Preprint preprint Nature
    Science Cell Neuron Lancet NEJM Springer Elsevier
    SoCC HotCloud HotOS HotNets Mobi[Ss]ys Mobi[Cc]om Sen[Ss]ys Ubi[Cc]omp IPSN HPDC FGCS AAMAS
    ICMLA CVPRW ICCVW ECCVW WACVW ICDMW
""".split()
_PHRASES = ["SIGGRAPH Asia", "ACM MM", "MIT Press"]
_OTHERS = r"[Gg]it[Hh]ub repository|[Tt]hesis|[Dd]issertation|[Tt]ech(?:nical)?\.? ?[Rr]eport"
_WORDS = r"""
    Proceedings|Proc\.|Findings|Workshop|Conference|Symposium|Journal|Transactions|Trans\.|Letters
    |Annals|Annual Meeting|Advances in|Review of|Reviews|Magazine|Quarterly|Bulletin|Frontiers
    |Communications|Computational Linguistics|Intelligence
""".split("|")
# Words of journals as ISO 4 and bibliographies shorten them: "Knowl. Based Syst.".
_SHORTENED = """
    Acad Aerosp Anal Appl Archit Artif Assoc Astron Astrophys Autom Biochem Bioinform Biol
    Biomed Cogn Commun Comput Conf Cybern Distrib Econ Educ Electr Electron Eng Entertain
    Environ Front Geosci Geophys Graph Imag Ind Inf Instrum Int Intell Interact Knowl Lang Lett
    Linguist Mach Magn Manag Manuf Math Meas Mech Med Meth Mob Mol Multim Multimed Nat Natl Netw
    Neurosci Opt Optim Parallel Perform Pervasive Philos Phys Proc Process Psychol Quant
    Recognit Remote Rob Robot Sci Secur Sens Serv Signal Softw Stat Surv Symp Synth Syst Technol
    Telecommun Theor Trans Ubiquitous Veh Vis
""".split()


def _any_of(words: Iterable[str]) -> str:
    """A pattern of many words, parted by their first letter: so it is tried for a few at a time."""
    groups: dict[str, list[str]] = {}
    for word in map(str.strip, words):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in groups.items())


SHORTENED = re.compile(rf"(?=[A-Z][a-z]{{1,10}}\.)(?:{_any_of(_SHORTENED)})\.")
# Chinese journals and conferences.
_HAN_VENUES = r"[\u4e00-\u9fff]{2,12}(?:学报|通报|杂志|年会|会议|论文集)"
VENUE = re.compile(
    rf"\b(?=[A-Z3abdgmnpt])(?:(?:{_any_of([*_PHRASES, *_ACRONYMS])}|{_OTHERS})"
    r"(?:\b|(?=20\d\d\b)|(?<!WMT)(?=[012]\d\b))"
    rf"|(?:{_any_of(_WORDS)})\b|{SHORTENED.pattern})|{_HAN_VENUES}"
)
# "ICLR18": two digits are a year only right behind a venue, not in "CIFAR10" and "WMT14".
_SHORT_GLUED = re.compile(rf"\b(?!WMT)(?:{_any_of(_ACRONYMS)})(?P<short>[012]\d)(?!\d)")
GENERIC = frozenset(map(str.strip, _WORDS))
"""Words that venues have in their names, and topics as well: "Reviews"."""
# "American Thinker, 39(10), 1-10", "Things, vol. 3, no. 2": what has a volume is a journal.
VOLUMED = re.compile(
    r"(?P<name>[A-Z][\w&'\u2019-]*(?:[\s\u2013][\w&'\u2019-]+){0,9}?),?\s"
    r"(?:[Vv]ol(?:ume)?\.?\s?)?\d{1,4}\s?"
    r"(?:\(\d{1,4}\)|:\d|,\s?(?:[Nn]o\.?\s?\d|[Pp]p?\.\s?\d|\d{1,5}\s?[-\u2013]\s?\d))"
)
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# 2021.11, 2023-05-12, 2023年5月; May 2023, 12 May 2023, Sep 30, 2024; 26/01/2024; 2023 May.
DATE = re.compile(
    r"(?<![\w./-])(?:(?P<y1>(?:19|20)\d\d)\s?[-./\u5e74]\s?\d{1,2}"
    r"(?:\s?[-./\u6708]\s?\d{1,2}\u65e5?)?\u6708?(?![\d.]*\d)"
    rf"|(?:{_DAY}[\s-](?:of\s)?)?{MONTH}\.?[\s,'\u2019-]{{1,3}}(?:{_DAY},?\s)?(?P<y2>(?:19|20)\d\d)"
    r"|\d{1,2}/(?:\d{1,2}/)?(?P<y3>(?:19|20)\d\d)"
    rf"|(?P<y4>(?:19|20)\d\d)[\s,.-]{{1,2}}{MONTH}\b\.?)",
    re.IGNORECASE,
)
# Not the start of a longer or a rounded number: "1.2k", "100+".
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?![\d+]|[.,]\d|\s?[kKmM]\b)"
NUMBER = re.compile(rf"(?<![\w.,-])-?{_NUMBER}")
"""A count that stands alone; a negative one is how lists write "unknown"."""
COUNT = re.compile(
    r"(?:\b(?:semantic|google)\s?scholar\s)?(?:\bcited(?:\s+by|(?=\s?[:\uff1a=])|(?=\s\d+\stimes))|\bcit?ations?|\bcication|\bcites|#\s?cit\w*"
    r"|\u88ab?\u5f15\u7528?(?:\u6b21\u6570|\u6570)?)"
    rf"\s{{0,3}}[:\uff1a=]?\s{{0,3}}[\[(*]{{0,4}}\s{{0,3}}(?P<number>-?{_NUMBER})"
    rf"|(?<![\w.,])(?P<before>{_NUMBER})\s*(?:citations|cites)\b(?!\s*[:\uff1a=(]?\s*-?\d)",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:oral|spotlight|poster|findings|workshop|long|short|main|best paper|award|track|preprint"
    r"|highlight|best|student|outstanding|finalist|runner-up|honou?rable mention|paper"
    r"|accepted|under review|submission|submitted|of|the|in|at|on|and|to appear)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LETTER_DIGITS = re.compile(r"[A-Za-z][012]\d(?!\d)")
_COUNTED = re.compile("ci[tc]|\u5f15", re.IGNORECASE)
LONGEST = 1000
"""Characters of a text in which years are looked for."""


def counts(text: str) -> Iterator[re.Match[str]]:
    """The citation counts that a text tells."""
    return COUNT.finditer(text) if _COUNTED.search(text) else iter(())


class Year(NamedTuple):
    """A year and where it, or the date around it, stands in a text."""

    value: int
    start: int
    end: int


def has_year(text: str) -> bool:
    """Whether a year, however short, stands in a text."""
    glued = _LETTER_DIGITS.search(text) and _SHORT_GLUED.search(text)
    return bool(glued or YEAR.search(text))


def years(text: str) -> list[Year]:
    """Every year of a text in order: of a full date, of a venue ("ACL'24"), or alone."""
    return list(_years(text[:LONGEST]))


@lru_cache(maxsize=4096)
def _years(text: str) -> tuple[Year, ...]:
    found: list[Year] = []
    for form in DATE.finditer(text):
        value = next(filter(None, form.groupdict().values()))
        found.append(Year(int(value), *form.span()))
    for form in YEAR.finditer(text):
        if any(date.start <= form.start() < date.end for date in found):
            continue
        if form["short"]:
            # "ACL'24": two digits are a year only behind a word; before 1970 no venue is meant.
            if form.start() == 0 or not (
                text[form.start() - 1].isalpha() or text[form.start() - 1] in " `"
            ):
                continue
            value = int(form["short"]) + (1900 if int(form["short"]) >= 70 else 2000)
        elif form["late"] or form["last"]:  # "CVPR 24'", "OSDI 22"
            value = 2000 + int(form["late"] or form["last"])
        else:
            value = int(form["full"] or form["joined"])
        found.append(Year(value, *form.span()))
    if _LETTER_DIGITS.search(text):
        glued = _SHORT_GLUED.finditer(text)
        found += [Year(2000 + int(form["short"]), *form.span("short")) for form in glued]
    return tuple(sorted(found, key=lambda year: year.start))


@lru_cache(maxsize=4096)
def is_venue(text: str) -> bool:
    """Whether a text names a venue known here."""
    return bool(VENUE.search(text))


def is_dated(text: str) -> bool:
    """Whether a short text is but a venue, a date or both ("[arXiv 2024.02]", "ICLR'23 oral")."""
    return len(text) <= 80 and "://" not in text and _is_dated(text)


@lru_cache(maxsize=4096)
def _is_dated(text: str) -> bool:
    if not is_venue(text) and not _DIGIT.search(text):
        return False
    text = _SHORT_GLUED.sub(" 2000 ", text) if _LETTER_DIGITS.search(text) else text
    rest = _AROUND.sub(" ", VENUE.sub(" ", YEAR.sub(" ", DATE.sub(" ", text))))
    return not re.search(r"[^\W\d_]{2,}", rest) and rest.strip() != text.strip()
