"""The vocabulary of reading lists: what their links, notes and columns are called."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[^\s/+|:;_,&()\[\]{}<>\"'*`#.\-\u2013\u2014\uff1a\uff0c\u3001\u3010\u3011]+")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")

_PAPER_LABELS = frozenset(
    """
    paper pdf arxiv abs openreview acl anthology aclanthology cvf ieee acm springer elsevier
    preprint doi manuscript pub publication biorxiv medrxiv ssrn pubmed 论文 论文链接 原文
    """.split()
)
_CODE_LABELS = frozenset(
    """
    code codes codebase github gitlab git repo repository implementation official source
    pytorch tensorflow 代码 源码 代码链接 官方代码 开源
    """.split()
)
LABEL_KINDS = {
    "paper": _PAPER_LABELS,
    "repo": _CODE_LABELS,
    "blog": frozenset("blog blogs blogpost post article news 博客 文章".split()),
    "dataset": frozenset("data dataset datasets corpus benchmark 数据集 数据".split()),
    "video": frozenset("video videos youtube bilibili talk 视频".split()),
}
_FRAMEWORKS = frozenset(
    """
    pytorch tensorflow tf jax keras caffe caffe2 torch theano mxnet matlab python c++ paddle
    mindspore
    """.split()
)

# What a link to something of a work is called, in any combination: "Official code (PyTorch)".
_LABELS = (
    _FRAMEWORKS
    | frozenset().union(*LABEL_KINDS.values())
    | frozenset(
        """
    papers abstract html full text fulltext cvpr iccv eccv neurips nips icml iclr
    sciencedirect hal semantic scholar s2 dblp ar5iv alphaxiv proceedings report technical tr
    thesis book chapter supp supplement supplementary supplemental appendix material materials
    gitee repositories sources implementations reproduction offical unofficial third party
    community notebook colab script scripts project projects page pages website webpage site web
    homepage home demo demos app online live playground space spaces talks slides slide ppt
    poster posters presentation oral keynote posts medium announcement tweet twitter thread x
    reddit linkedin media zhihu wechat weixin interview review reviews comment comments notes
    note summary reading benchmarks leaderboard model models weight weights checkpoint
    checkpoints ckpt ckpts pretrained huggingface hf hugging face modelscope kaggle zenodo
    download downloads docs doc documentation api tool toolkit tutorial bib bibtex citation cite
    citations url link links here click more info results result evaluation version versions
    short long extended journal conference yes no n/a none tbd star stars badge license coming
    soon accepted available only upon request requests pull issue issues the and or of for to from
    in our their original author
    authors v1 v2 v3 en english zh cn chinese readme main related mirror read view all reference
    references c++ java julia
    """.split()
    )
)
_HAN_LABEL = re.compile(
    r"(?:论文|代码|项目|主页|链接|数据|视频|博客|解读|官网|地址|下载|源码|开源|原文|知乎|文章|官方|中文"
    r"|讲解|笔记|演示|模型|公众号|[和与及集])+\d?"
)

# "Keyword: ...", "Code: ..." at the start of a note about a work.
_KEYS = (_LABELS - _FRAMEWORKS) | frozenset(
    """
    keyword keywords key tag tags task tasks env environment environments experiment experiments
    affiliation affiliations institution institutions institute organization org publisher
    published venue year date time title intro introduction tl;dr tldr description desc
    contribution contributions method methods motivation problem idea ideas conclusion highlights
    remark remarks training target topic topics area domain metric metrics baseline baselines size
    scale params architecture base language languages modality track award cited accepted
    presented first corresponding software
    标题 题目 作者 单位 机构 摘要 关键词 发表 时间 简介 会议 期刊 年份
    日期 备注 方法 任务 贡献
    """.split()
)
_KEY = re.compile(
    r"[\s\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]*[*_`\[(\u3010]{0,3}([^:\uff1a\n]{1,40}?)[*_`\])\u3011]{0,3}\s*[:\uff1a]"
)
# "arXiv:2106.15928" is no key with its value but one identifier.
_NUMBER = re.compile(r"\s?\d{4}\.\d")
_CONFERENCES = frozenset("cvpr iccv eccv neurips nips icml iclr acl springer ieee acm".split())
_QUOTES = ('"', "\u201c", "\u300a")
_ASIDE = re.compile(r"\([^()]*\)|\uff08[^\uff08\uff09]*\uff09")
_LONGEST_LABEL = 60
"""Characters; longer text names something."""


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, without the marks around and between them."""
    return _TOKEN.findall(text.lower())


def length(text: str) -> int:
    """How many words a text has; two Chinese or Japanese characters count as one."""
    return len(tokens(_HAN.sub(" ", text))) + (len(_HAN.findall(text)) + 1) // 2


def is_label(text: str) -> bool:
    """Whether a link's text only says what kind of thing it leads to ("[PDF]", "Official code")."""
    return len(text) <= _LONGEST_LABEL and "://" not in text and _is_label(text)


@lru_cache(maxsize=8192)
def _is_label(text: str) -> bool:
    found = tokens(text)
    if len(found) == 1 and len(found[0]) == 1 and found[0].isascii():
        return True  # "[p](url)"
    return len(found) <= 6 and all(map(_is_label_word, found))


def label_kinds(text: str) -> set[str]:
    """The kinds of thing that a link's text promises."""
    found = set(tokens(text)) if len(text) <= _LONGEST_LABEL else set()
    return {kind for kind, words in LABEL_KINDS.items() if found & words}


def key_of(text: str) -> str:
    """The key of a note such as `Keyword: ...`, in lower case, or the empty string."""
    text = _ASIDE.sub("", text[:80])
    form = _KEY.match(text)
    if form is None or _NUMBER.match(text, form.end()):
        return ""
    if text[form.end() :].lstrip()[:1] in _QUOTES:
        return ""  # `CN: "A Title"` is a nick
    found = tokens(form[1])
    known = all(word in _KEYS or _is_label_word(word) for word in found)
    known = known and not any(word in _FRAMEWORKS or word in _CONFERENCES for word in found)
    known = known and not any(map(str.isdigit, found))  # "2023-05-01: ...", "ICML 2020: 1-9"
    return " ".join(found) if known and 0 < len(found) <= 4 else ""


def _is_label_word(word: str) -> bool:
    # "Github2", "CVPR14" are labels as well.
    return (
        word.rstrip("0123456789") in _LABELS or word.isdigit() or bool(_HAN_LABEL.fullmatch(word))
    )
