"""What the columns of a table are called, and the role that gives them."""

from __future__ import annotations

from enrich.lists.words import tokens

TITLES = frozenset(
    """
    title titles 标题 题目 论文标题 论文题目 论文名称 タイトル titel título titulo titre titolo
    """.split()
)
"""Names that only ever stand over titles; "Paper" may stand over nicks as well."""
FIGURES = frozenset("size params parameters parameter tokens license context 参数 参数量".split())
"""Columns of tables that compare systems: such a table is an overview, not the list."""
_ROLES = (
    (
        "title",
        TITLES
        | frozenset(
            "paper papers publication work article 论文 文章 名称 論文 artikel artículo".split()
        ),
    ),
    (
        "authors",
        frozenset(
            "author authors 作者 著者 autor autoren autores auteur auteurs autore autori".split()
        ),
    ),
    (
        "year",
        frozenset(
            """
            year date time published month release released submitted 年份 时间 日期 年 发表时间
            jahr datum año fecha année anno
            """.split()
        ),
    ),
    (
        "venue",
        frozenset(
            """
            venue venues conference journal published publisher proceedings source where 会议 期刊
            发表 来源 出处 会議 学会 konferenz zeitschrift conferencia revista conférence revue
            """.split()
        ),
    ),
    (
        "counts",
        frozenset("citation citations cites cited cite citedby 引用 引用数 被引 被引次数".split()),
    ),
    (
        "name",
        frozenset(
            """
            name names model models method methods dataset datasets benchmark tag nickname
            abbreviation acronym system 模型 方法 数据集 数据
            """.split()
        ),
    ),
)


def role_of_column(name: str) -> str:
    """The role of the column with this heading ("title", "venue", ...), or the empty string."""
    words = tokens(name)
    if not 0 < len(words) <= 4:
        return ""
    found = [role for role, known in _ROLES if any(word in known for word in words)]
    if "year" in found and "authors" not in found and not set(words) & TITLES:
        return "year"  # "Publication date"
    return found[0] if found else ""


def is_titled(name: str) -> bool:
    """Whether a column heading only ever stands over titles."""
    return bool(set(tokens(name)) & TITLES)


def is_published(name: str) -> bool:
    """Whether a column heading may stand over where works appeared, beside one for titles."""
    return bool(set(tokens(name)) & {"publication", "publications", "pub"})


def is_figure(name: str) -> bool:
    """Whether a column heading stands over figures of systems."""
    return bool(set(tokens(name)) & FIGURES)
