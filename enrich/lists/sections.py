"""What headings announce: works, or news, contents, citation, contributors and their like."""

from __future__ import annotations

import re
from functools import lru_cache

from enrich.lists.venues import years

_MARKS = re.compile(r"^[\W\d_]+|:[a-z_0-9]+:|[^\w\s&'/()-]", re.IGNORECASE)

# Fully matched against a heading without its emoji, numbers and punctuation.
_ROLES = {
    "contents": """
        (?:table of )?contents?|toc|outline|menu|catalog(?:ue)?|directory|full list
        |quick (?:links?|navigation|access|start)|navigation|目录|导航""",
    "news": """
        (?:(?:latest|recent|hot|project|our|repo) )*(?:news|updates?|announcements?)
        (?: (?:logs?|records?|history|(?:and |& )?(?:news|updates?)))?
        |change ?logs?|what'?s new.*|release notes?|milestones?
        |新闻|更新(?:日志|记录|动态)?|最新(?:消息|动态|进展|更新)|动态""",
    "own": """
        highlights? of .*|our (?:(?:other|related|recent|own|latest) )?
        (?:works?|surveys?|papers?|publications?|projects?)(?: .*)?
        |(?:about )?(?:this|our) (?:repo|repository|survey|list|project)|abstract|摘要""",
    "citation": """
        (?:bibtex )?citations?(?: .*)?|(?:how to )?cit(?:e|ing)(?: .*)?|bibtex
        |引用(?:我们|本文)?""",
    "contributing": """
        (?:how to )?contribut(?:e|ing|ions?|ors?)(?: .*)?|(?:other|our|all|the) contributors?
        |pull requests?|maintain(?:ers?|ed by)|(?:the |core |our )?team|call for .*|join us
        |to ?do(?: list)?|贡献(?:者|指南)?|如何贡献|维护者""",
    "licence": """
        licen[sc](?:e|es|ing)|copyright|disclaimers?|许可(?:证)?|免责声明""",
    "thanks": """
        acknowled?ge?ments?|thanks(?: to)?|credits?|sponsors?(?:hip)?|support(?: us)?
        |donat(?:e|ion)s?|致谢""",
    "stars": """
        (?:repo )?star(?: history|gazers?|s)?(?: .*)?|stargazers over time|visitors?|stats""",
    "contact": """
        contacts?(?: us)?|get in touch|questions?|faqs?|communit(?:y|ies)|discussions?
        |联系(?:我们|方式)?|交流群?""",
    "legend": r"""
        (?:\w+ )?legends?(?: .*)?|(?:keywords? )?conventions?|notations?
        |(?:badges?|tags?|labels?)(?: explanation)?|note|\u6ce8\u610f?
        |how to (?:read|use)(?: .*)?|format|图例|说明""",
    "other lists": r"""
        (?:conferences?|venues?|journals?)(?: and \w+)? (?:lists?|deadlines?)|deadlines?|
        (?:other|related|similar|more|external|useful)(?: \w+)?
        (?: (?:lists?|awesome.*|repos(?:itories)?|resources?|links?|websites?|materials?
        |reading lists?))|(?:\w+ )?awesome (?:lists?|repos(?:itories)?)|see also
        |相关(?:资源|仓库|链接)""",
}
_ROLE = {
    role: re.compile(re.sub(r"\n *", "", pattern), re.IGNORECASE)
    for role, pattern in _ROLES.items()
}

# Sections of things that are no works of research: only what is a paper by its links counts there.
_WITHOUT_WORKS = re.compile(
    r"\b(?:tutorials?|courses?|lectures?|workshops?|leader ?boards?|tools?|toolkits?|frameworks?"
    r"|applications?|thoughts?|opinions?|misc|miscellaneous|communit(?:y|ies)|people|groups?|labs?"
    r"|jobs?|companies|products?|newsletters?|podcasts?|forums?|trending)\b"
    r"|\u4eba\u7269|\u5b66\u8005|\u673a\u6784|\u56e2\u961f",
    re.IGNORECASE,
)
_KINDS = {
    "dataset": r"data ?sets?\b|\bbenchmarks?\b|\bcorpora\b|\bcorpus\b|数据集",
    "repo": r"code ?bases?\b|\bopen[- ]source\b|\brepos(?:itories)?\b|\bimplementations?\b"
    r"|\bcodes?\b|\blibrar(?:y|ies)\b|代码|开源",
    "blog": r"\bblogs?\b|\bblog ?posts?\b|\barticles?\b|博客|文章",
    "video": r"\bvideos?\b|\btalks?\b|视频",
    "other": r"\bbooks?\b"
    r"|\b(?:open|released|available|pretrained)[ -](?:\w+[ -])?(?:models|llms?)\b"
    r"|\bchallenges?\b|\bcompetitions?\b|书籍",
}
_KIND = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
_ASIDE = re.compile(r"abstract|bib ?tex|citation|tl;?dr|\u6458\u8981", re.IGNORECASE)
_NEW = re.compile(
    r"\b(?:new|latest|recent|updates?|updated|added|release[sd]?|versions?|log|v\d|highlights?"
    r"|jan(?:uary)?|feb(?:ruary)?|march|april|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|weeks?)\b"
    r"|\b\d{1,2}[./-]\d|^\W*\d+\W*$|\u65b0|\u6708",
    re.IGNORECASE,
)
_AWESOME = re.compile(r"^\W*awesome\W+", re.IGNORECASE)
_PAPERS = re.compile(r"\bpapers?\b|\bpublications?\b|\bsurveys?\b|论文|综述", re.IGNORECASE)


@lru_cache(maxsize=4096)
def role_of(heading: str) -> str:
    """What a heading announces instead of works, or the empty string."""
    name = " ".join(_MARKS.sub(" ", heading).split()).strip(" -/()'")
    return next((role for role, pattern in _ROLE.items() if pattern.fullmatch(name)), "")


def is_aside(fold: str) -> bool:
    """Whether a fold of this name holds but a work's abstract or its citation."""
    return bool(_ASIDE.fullmatch(" ".join(_MARKS.sub(" ", fold).split())))


def is_log(names: tuple[str, ...]) -> bool:
    """Whether a heading below news is itself but a date, a version or an announcement."""
    return any(years(name) or _NEW.search(name) for name in names)


@lru_cache(maxsize=4096)
def lacks_works(heading: str) -> bool:
    """Whether a section is named for tools, courses and the like rather than for works."""
    kind = kind_of(("", heading)) in ("video", "blog", "dataset")
    return bool(_WITHOUT_WORKS.search(heading)) and not (kind or _PAPERS.search(heading))


@lru_cache(maxsize=4096)
def kind_of(section: tuple[str, ...]) -> str:
    """The kind of thing that a section is named for, the innermost heading first, or ''."""
    for heading in reversed(section[1:]):
        if _PAPERS.search(heading):
            return ""
        for kind, pattern in _KIND.items():
            if pattern.search(heading):
                return kind
    # The document's own title says what it is about, not what kind of things it lists.
    own = _AWESOME.sub("", section[0]) if section else ""
    return next((kind for kind, pattern in _KIND.items() if pattern.fullmatch(own)), "")
