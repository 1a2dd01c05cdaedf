"""Quirks of how works are cited, one row each: what stands there, and what it says."""

# A line of a list stays one line here, as long as it is there.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest

from tests.lists.test_layouts import read, told

URL = "https://arxiv.org/abs/2401.0000"
SITE = "https://things.example/"

ONE = [
    pytest.param(
        "- Doe, J., Roe, A. and Poe, M., 2000, May. Deep things for reading lists. In International Conference on Things (pp. 1-10). Springer.",
        {"title": "Deep things for reading lists", "authors": "Doe, J., Roe, A. and Poe, M.", "venue": "International Conference on Things", "year": 2000},
        id="Harvard with a month",
    ),
    pytest.param(
        "- Doe, J. and Roe, A., 2008, September. Fast things for graphs. In Proceedings of the 2008 Conference on Things (pp. 1-10). IEEE.",
        {"title": "Fast things for graphs", "authors": "Doe, J. and Roe, A.", "year": 2008},
        id="Harvard with a month and two authors",
    ),
    pytest.param(
        f"- **Survey** Jane Doe, John Roe. Deep Things for Reading Many. ICML 2020. [pdf]({URL}1)",
        {"title": "Deep Things for Reading Many", "authors": "Jane Doe, John Roe", "venue": "ICML"},
        id="a label in bold before a citation",
    ),
    pytest.param(
        f"- **ThingNet**: Jane Doe, John Roe. Deep Things for Reading. ICML 2020. [pdf]({URL}1)",
        {"title": "Deep Things for Reading", "authors": "Jane Doe, John Roe", "year": 2020},
        id="a nick in bold before a citation",
    ),
    pytest.param(
        f"- Deep Things for Reading Many (2020) [Paper]({URL}1) [Preview.pdf]({SITE}Preview.pdf)",
        {"title": "Deep Things for Reading Many", "year": 2020, "labels": ["Paper", "Preview.pdf"]},
        id="a link named as its file",
    ),
    pytest.param(
        f"- [Deep Things for Reading Many]({URL}1), *Knowledge and Things*, Jane Doe, John Roe.",
        {"venue": "Knowledge and Things", "authors": "Jane Doe, John Roe"},
        id="an unknown venue in italics before the authors",
    ),
    pytest.param(
        f"- Doe, J. and Roe, A. (2019) Deep Things for Reading. *Cognitive Things* 12, 1-10. [pdf]({URL}1)",
        {"title": "Deep Things for Reading", "venue": "Cognitive Things", "year": 2019},
        id="an unknown venue in italics with its volume",
    ),
    pytest.param(
        f"- [Xi-LM]({SITE}): *Xi-LM: Powerful, Stable, and Reproducible Things* [paper]({URL}1)",
        {"venue": None},
        id="a motto in italics is no venue",
    ),
    pytest.param(
        f"- **Deep Things for Reading Many** (Knowl. Based Syst., 2023) [[paper]({URL}1)]",
        {"title": "Deep Things for Reading Many", "venue": "Knowl. Based Syst", "year": 2023},
        id="a venue of shortened words in brackets",
    ),
    pytest.param(
        f"- Jane Doe, John Roe. Deep Things of Graphs. IEEE Trans. Knowl. Data Eng. 2020. [pdf]({URL}1)",
        {"title": "Deep Things of Graphs", "authors": "Jane Doe, John Roe", "venue": "IEEE Trans. Knowl. Data Eng"},
        id="a venue of shortened words behind a stop",
    ),
    pytest.param(
        f"- Deep Things for Reading Few (Pattern Recognit., 2023) [[paper]({URL}1)]",
        {"title": "Deep Things for Reading Few", "authors": None, "venue": "Pattern Recognit"},
        id="a shortened venue that is no person",
    ),
    pytest.param(
        f"- Deep Things for Reading. Jane Doe, John Roe. 2019 {{USENIX}} Conference on Operational Things (OpML 19). [[pdf]({SITE}c.pdf)]",
        {"title": "Deep Things for Reading", "venue": "2019 {USENIX} Conference on Operational Things (OpML)", "year": 2019},
        id="braces and brackets in a venue",
    ),
    pytest.param(
        f"- Deep Things for Reading. Jane Doe, John Roe. 28th {{USENIX}} Security Symposium ({{USENIX}} Security 19). [[pdf]({SITE}c.pdf)]",
        {"venue": "28th {USENIX} Security Symposium ({USENIX} Security)", "year": 2019},
        id="two digits of a year in brackets",
    ),
    pytest.param(
        f"- [Deep Things for Reading]({SITE}watch). Jane Doe (CMU)\n- [Deep Robots for Reading]({SITE}see). John Roe (UC Berkeley)",
        {"title": "Deep Things for Reading", "authors": "Jane Doe"},
        id="a speaker and where they work",
    ),
    pytest.param(
        f"- **Deep Things of Arms**. Jane Doe* (MIT); John Roe* (CMU); Ann Poe (Things). ICML 2020. [pdf]({URL}1)",
        {"title": "Deep Things of Arms", "authors": "Jane Doe, John Roe, Ann Poe", "venue": "ICML"},
        id="authors parted by semicolons, with where they work",
    ),
    pytest.param(
        f'- Jane Doe (MIT)*; John Roe (CMU); Ann Poe (Things), "Deep Things of Legs", ICML 2020. [pdf]({URL}1)',
        {"title": "Deep Things of Legs", "authors": "Jane Doe, John Roe, Ann Poe", "venue": "ICML"},
        id="such authors before a quoted title",
    ),
    pytest.param(
        f"- Doe. **Deep Things of Legs**. ICML 2020. [pdf]({URL}1)",
        {"title": "Deep Things of Legs", "authors": "Doe", "venue": "ICML"},
        id="one surname before a title in bold",
    ),
    pytest.param(
        f"- Doe, Roe. **Deep Things of Eyes**. ICML 2020. [pdf]({URL}1)",
        {"title": "Deep Things of Eyes", "authors": "Doe, Roe", "venue": "ICML"},
        id="two surnames before a title in bold",
    ),
    pytest.param(
        f"- [Deep Things of Legs]({URL}1), Jane Doe 2018",
        {"authors": "Jane Doe", "venue": None, "year": 2018},
        id="a person and a year without a comma",
    ),
    pytest.param(
        f"- Doe et al, Other Things of Eyes, 2020, [arXiv]({URL}1)",
        {"title": "Other Things of Eyes", "authors": "Doe et al.", "year": 2020},
        id="a title and its year behind an et al.",
    ),
    pytest.param(
        "- [Deep Things of Legs](https://arxiv.org/abs/2011.00003) (arXiv 2011)",
        {"venue": "arXiv", "year": 2020},
        id="the month of an identifier is no year",
    ),
    pytest.param(
        "- [Deep Things of Legs](https://arxiv.org/abs/1105.00003) (arXiv 2011)",
        {"venue": "arXiv", "year": 2011},
        id="a year that no identifier begins with",
    ),
    pytest.param(
        f"- 面向大规模数据的隐私保护机制. 张三, 李四. 计算机学报, 2020. [pdf]({SITE}d.pdf)",
        {"title": "面向大规模数据的隐私保护机制", "authors": "张三, 李四", "venue": "计算机学报", "year": 2020},
        id="a Chinese journal is no person",
    ),
    pytest.param(
        f"- [Doe, J., & Roe, A. (2006). Mapping and reading lists: part I. IEEE Things Magazine, 13(2), 99-110.]({SITE}a.pdf)",
        {"title": "Mapping and reading lists: part I", "authors": "Doe, J., & Roe, A.", "venue": "IEEE Things Magazine", "year": 2006},
        id="a link that is all of a reference",
    ),
    pytest.param(
        f"- [Doe, J. (2010, May). Real-time reading: Why filter?. In Robotics and Things (RAT), 2010 IEEE International Conference on (pp. 1-10). IEEE.]({SITE}a.pdf)",
        {"title": "Real-time reading: Why filter?", "authors": "Doe, J.", "year": 2010},
        id="such a link with a month and a question",
    ),
    pytest.param(
        "- Doe, Jane (1945). **\"As We May Read,\"** Thing Monthly 176 (July 1945) pp. 101-108. (PDF)",
        {"title": "As We May Read", "authors": "Doe, Jane", "venue": "Thing Monthly", "year": 1945},
        id="a reference alone, without a link",
    ),
    pytest.param(
        "- Jane Doe, John Roe, and Ann P. Poe. 1983. The Psychology of Many Things. L. Loe Inc. (**Chapter 2 The Model Reader**).",
        {"title": "The Psychology of Many Things", "authors": "Jane Doe, John Roe, and Ann P. Poe", "year": 1983},
        id="a chapter in bold behind the title",
    ),
    pytest.param(
        "- Jane Doe and John Roe. 1992. **Beyond being there**. In Proceedings of the Conference on Many Things (CMT '92), Ann Poe and Max Loe (Eds.). ACM, 1-7. DOI: https://doi.org/10.1145/1.2",
        {"title": "Beyond being there", "venue": "Proceedings of the Conference on Many Things (CMT)", "year": 1992, "ids": ["doi:10.1145/1.2"]},
        id="editors behind a venue",
    ),
    pytest.param(
        "- Doe, J., & Roe, A. (1984). **Social aspects of reading**. American Thinker, 39(10), 1-10. http://dx.doi.org/10.1037/1.2",
        {"title": "Social aspects of reading", "venue": "American Thinker", "year": 1984},
        id="an unknown journal by its volume",
    ),
    pytest.param(
        f"- [Systematic Discovery of Things in Lists]()\n- [Deep Things]({URL}1)",
        {"title": "Systematic Discovery of Things in Lists"},
        id="a title whose link leads nowhere",
    ),
    pytest.param(
        f"- Self-Attentive Reading of Lists SIGIR2021 [Paper]({URL}1)",
        {"title": "Self-Attentive Reading of Lists", "venue": "SIGIR", "year": 2021},
        id="where and when without a mark before it",
    ),
    pytest.param(
        f"- A Summary of Reading at SIGIR 2021 [Paper]({URL}1)",
        {"title": "A Summary of Reading at SIGIR 2021"},
        id="where and when that are words of the title",
    ),
    pytest.param(
        f"- Doe, J. (2016). Planck Results XIII. Cosmological Parameters. Things, 594, 1-10. [pdf]({URL}1)",
        {"title": "Planck Results XIII. Cosmological Parameters", "year": 2016},
        id="capitalised words behind a stop are no acronym",
    ),
    pytest.param(
        "| 论文标题 | 作者 & 年份 | 笔记 |\n|---|---|---|\n"
        f"| [Deep Things for Reading]({URL}1) | Jane Doe,<br /> 2025 | [笔记](a.md) |\n",
        {"title": "Deep Things for Reading", "authors": "Jane Doe", "venue": None, "year": 2025},
        id="a column for authors and year",
    ),
    pytest.param(
        f"ACM COMPUT SURV 2022, [Scheduling of Things: Issues]({URL}1)\n\nACM Things 2018, [Scaling of Things: A Survey]({URL}2)",
        {"venue": "ACM COMPUT SURV", "authors": None, "year": 2022},
        id="a venue in capitals is no person",
    ),
    pytest.param(
        f"- Doe J, Roe L, et al. <b>Deep Reading of Traffic[C]</b>. Proceedings of the Conference on Things. 2021. [Link]({URL}1)",
        {"title": "Deep Reading of Traffic", "venue": "Proceedings of the Conference on Things", "year": 2021},
        id="the kind of a reference by GB/T 7714",
    ),
    pytest.param(
        f"- Deep Reading of Lists (ICLR18) （[CODE]({URL}1))",
        {"title": "Deep Reading of Lists", "venue": "ICLR", "year": 2018},
        id="a venue glued to two digits",
    ),
    pytest.param(
        f"- [Deep Reading of Lists on WMT14]({URL}1), Jane Doe, John Roe",
        {"title": "Deep Reading of Lists on WMT14", "year": None},
        id="a data set that is called after a workshop",
    ),
    pytest.param(
        "[1] 2023_AAAI_Deep Reading of Lists. (Reader, Rank A)\n\n[2] 2021_TKDE_Deep Writing of Lists. (Writer, Rank B)",
        {"title": "Deep Reading of Lists", "venue": "AAAI", "year": 2023, "layout": "paragraph"},
        id="numbered paragraphs, where and when before an underscore",
    ),
    pytest.param(
        '1. **Quantum Readers**\n   - Doe et al. (2019): "Supervised reading of many things"\n   - Nature, 567(7747), 1-12',
        {"title": "Supervised reading of many things", "authors": "Doe et al.", "venue": "Nature", "year": 2019, "line": 5},
        id="a topic, the reference below it",
    ),
    pytest.param(
        f"- [KDD'2020-Nick] Structure learning of many things. [[paper]]({URL}1)",
        {"title": "Structure learning of many things", "venue": "KDD", "year": 2020},
        id="a nick behind the year",
    ),
    pytest.param(
        f"Deep Reading of Many Lists\n\n (IEEE TMI 2025) [[paper]]({URL}1)\n\nDeep Writing of Many Lists (CVPR 2024) [[paper]]({URL}2)",
        {"title": "Deep Reading of Many Lists", "venue": "IEEE TMI", "year": 2025, "line": 5},
        id="where and when in a paragraph of its own",
    ),
    pytest.param(
        "| Title | Publication |\n|---|---|\n"
        f"| [Deep Things for Reading]({URL}1) | RS2022 |\n",
        {"title": "Deep Things for Reading", "venue": "RS", "year": 2022},
        id="a column named Publication beside one for titles",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), ONE)
def test_one_work(text: str, fields: dict[str, Any]) -> None:
    entry = read(f"# L\n\n## W\n\n{text}\n")[0]
    assert told(entry, fields) == fields


MANY = [
    pytest.param(
        f"- [Deep Things of Legs]({URL}1), [Deep Things of Arms]({URL}2)\n- [Deep Things of Eyes]({URL}3) and [Deep Things of Ears]({URL}4), ICML 2020\n",
        ["line", "title", "ids", "venue"],
        [
            [5, "Deep Things of Legs", ["arxiv:2401.00001"], None],
            [5, "Deep Things of Arms", ["arxiv:2401.00002"], None],
            [6, "Deep Things of Eyes", ["arxiv:2401.00003"], None],
            [6, "Deep Things of Ears", ["arxiv:2401.00004"], "ICML"],
        ],
        id="two works in one bullet",
    ),
    pytest.param(
        f"- [Deep Things of Legs]({URL}1), [Deep Things of Legs]({URL}2)\n- [Deep Things of Eyes]({URL}3) [an older version]({URL}4)\n",
        ["title", "ids"],
        [
            ["Deep Things of Legs", ["arxiv:2401.00001", "arxiv:2401.00002"]],
            ["Deep Things of Eyes", ["arxiv:2401.00003", "arxiv:2401.00004"]],
        ],
        id="one work, linked twice",
    ),
    pytest.param(
        f"- Deep Things of Legs. Jane Doe, John Roe. [NeurIPS]({SITE}1.pdf)\n- Deep Things of Arms. Jane Doe, John Roe. [ICML]({SITE}2.pdf)\n- Deep Things of Eyes. Jane Doe, John Roe. [arXiv]({URL}1)\n",
        ["title", "venue"],
        [["Deep Things of Legs", "NeurIPS"], ["Deep Things of Arms", "ICML"], ["Deep Things of Eyes", "arXiv"]],
        id="links called after venues",
    ),
    pytest.param(
        f"- Deep Things of Legs. Jane Doe, John Roe. [arXiv]({URL}2)\n- Deep Things of Arms. Jane Doe, John Roe. [OpenReview](https://openreview.net/forum?id=abcdefghij)\n",
        ["title", "venue"],
        [["Deep Things of Legs", None], ["Deep Things of Arms", None]],
        id="links called after servers",
    ),
    pytest.param(
        f"- Safety by things of many, Roe 2018\n- Deep Things of Noses and Ears, Doe 2020\n- Other Things of Noses and Ears, Poe 2020\n- Things of Noses and Ears. Jane Doe, John Roe, 2020. [arXiv]({URL}1)\n",
        ["title", "year"],
        [["Safety by things of many", 2018], ["Deep Things of Noses and Ears", 2020], ["Other Things of Noses and Ears", 2020], ["Things of Noses and Ears", 2020]],
        id="a citation with a link among those without",
    ),
    pytest.param(
        f"- [Deep Things of Ears]({SITE}watch). Jane Doe (CMU)\n- [Deep Things of Robots]({SITE}see). John Roe (UC Berkeley)\n- Deep Things of Arms. John Roe (Google Brain) [video]({SITE}v)\n",
        ["title", "authors"],
        [["Deep Things of Ears", "Jane Doe"], ["Deep Things of Robots", "John Roe"], ["Deep Things of Arms", "John Roe"]],
        id="a talk whose title is no link among those whose is",
    ),
    pytest.param(
        f"Deep Things of Ears: A Study\n- [Paper]({SITE}a.pdf)\n- [Talk](https://www.youtube.com/watch?v=a)\n\nDeep Things of Robots and Noses\n- [Paper]({SITE}b.pdf)\n\nPlook: a simplified protocol for things\n- [Paper]({SITE}c.pdf)\n",
        ["line", "title", "labels"],
        [
            [5, "Deep Things of Ears: A Study", ["Paper", "Talk"]],
            [9, "Deep Things of Robots and Noses", ["Paper"]],
            [12, "Plook: a simplified protocol for things", ["Paper"]],
        ],
        id="plain titles with labelled links below",
    ),
    pytest.param(
        f"ABC 2019, [Reading of Many Things]({SITE}a.pdf)\n\nJ. Doe and A. F. Roe. 2021. A Scheduler for Things. In 2021 IFIP Int. Symposium on Things (IM). 286-294.\n\nN.D. Poe, L. Loe, and T. Doe. 2020. Provisioning of Many Things. IEEE Access 8 (2020), 18-19.\n\nE. Roe. 2019. Orchestration of Things: A Survey. Things Int. Publishing\n",
        ["line", "title", "year"],
        [
            [5, "Reading of Many Things", 2019],
            [7, "A Scheduler for Things", 2021],
            [9, "Provisioning of Many Things", 2020],
            [11, "Orchestration of Things: A Survey", 2019],
        ],
        id="paragraphs that are references without a link",
    ),
    pytest.param(
        f"- :book: Crafting a Reader by Doe, Roe and Poe\n- :book: Engineering a Reader by Doe and Roe\n- :book: Advanced Reader Design by Jane Doe\n- :book: [Reader Design Concepts]({SITE}) by Poe and Loe\n",
        ["title", "authors"],
        [["Crafting a Reader", "Doe, Roe and Poe"], ["Engineering a Reader", "Doe and Roe"], ["Advanced Reader Design", "Jane Doe"], ["Reader Design Concepts", "Poe and Loe"]],
        id="books by people",
    ),
    pytest.param(
        "- The Lock of Things ~ Jane Doe\n- Design of a Log ~ Roe and Poe\n- A Global Log ~ Poe et al.\n- [The Reading System](/docs/a.html) ~ Max M. Loe and Jane Doe\n- [A Fast Reading System](/docs/b.html) ~ Poe, Roe, and Loe\n",
        ["title", "authors"],
        [["The Lock of Things", "Jane Doe"], ["Design of a Log", "Roe and Poe"], ["A Global Log", "Poe et al."], ["The Reading System", "Max M. Loe and Jane Doe"], ["A Fast Reading System", "Poe, Roe, and Loe"]],
        id="people behind a tilde, notes kept beside the list",
    ),
    pytest.param(
        f"1. Local Outlier Thing (LOT)\n- Paper: *LOT: identifying things*, {URL}1\n- Implementation: sklearn {SITE}\n\n2. Storm-Thing\n- Paper: *Detecting Things in Streams of Data*, {SITE}b.pdf\n- Implementation: \n",
        ["line", "title", "ids"],
        [[5, "LOT: identifying things", ["arxiv:2401.00001"]], [9, "Detecting Things in Streams of Data", []]],
        id="keyed notes that Markdown takes for a list of its own",
    ),
    pytest.param(
        f"- to be updated\n- [Accepted Papers]({SITE})\n- (ICML'24) Reading More Than 10,000 Things [link]({URL}1) [Reading|Things]\n",
        ["title", "venue", "year"],
        [["Reading More Than 10,000 Things", "ICML", 2024]],
        id="what a list has yet to say",
    ),
    pytest.param(
        f"- [[CVPR2020]({URL}1)] Deep Reading of Clouds\n- [[Arxiv]({URL}2)] Deep Reading of Trees\n- [[ICCV2019]({SITE}b.pdf)] Deep Reading of Stones\n",
        ["title", "venue"],
        [["Deep Reading of Clouds", "CVPR"], ["Deep Reading of Trees", "Arxiv"], ["Deep Reading of Stones", "ICCV"]],
        id="links called after venues and years in front",
    ),
    pytest.param(
        "- 深度学习在推荐系统中的应用研究\n- 基于图神经网络的异常检测方法综述\n- 面向大规模数据的隐私保护机制\n- 多模态预训练模型的发展与挑战\n- 小样本学习方法研究进展\n- 面向自动驾驶的三维目标检测综述\n",
        ["title"],
        [["深度学习在推荐系统中的应用研究"], ["基于图神经网络的异常检测方法综述"], ["面向大规模数据的隐私保护机制"], ["多模态预训练模型的发展与挑战"], ["小样本学习方法研究进展"], ["面向自动驾驶的三维目标检测综述"]],
        id="Chinese titles and nothing else",
    ),
    pytest.param(
        "- 欢迎提交新的论文到这个列表中来\n- 请先阅读下面的格式说明再提交\n- 本项目由实验室的同学共同维护\n- 每周更新一次，内容包括论文与代码\n- 论文按照发表的年份进行排序和整理\n- 如果有问题，可以在下面的群里讨论\n",
        ["title"],
        [],
        id="what a Chinese list says of itself",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keys", "rows"), MANY)
def test_a_section(text: str, keys: list[str], rows: list[list[Any]]) -> None:
    entries = read(f"# L\n\n## W\n\n{text}")
    assert [list(told(entry, keys).values()) for entry in entries] == rows


def test_plain_lines_that_quote_a_title_behind_people_are_works() -> None:
    text = (
        "Reading list\n\nTEXTBOOK\n"
        'Doe, Jane L., and Roe, John S.  "Reading Lists, an Approach of Things. 4th Ed."\n\n'
        "OLD PAPERS\n"
        'Poe, V., and Loe, R.  "A Protocol for Things."\n'
        'Doe, L.  "Time, clocks, and the order of things."\n'
        'Roe, F.  "Reading Services: A Tutorial"\n'
    )
    assert [(entry.line, entry.title) for entry in read(text)] == [
        (4, "Reading Lists, an Approach of Things. 4th Ed"),
        (7, "A Protocol for Things"),
        (8, "Time, clocks, and the order of things"),
        (9, "Reading Services: A Tutorial"),
    ]


def test_titles_below_a_linked_venue_are_works_and_its_heading_is_none() -> None:
    text = (
        f"# L\n\n## Conference list\n\n- [ABC'25]({SITE}) Notification: Tuesday, March 25, 2025\n\n"
        "## [HPCA 2024](https://ieeexplore.ieee.org/document/1)\n\n"
        "- Fast **Reading of Lists** using Many Things\n"
        "- Deep Reading of Large Lists via **Flexible Search**\n- Scale-Model Reading of Things\n\n"
        f"## [OSDI 2024]({SITE})\n\n- Taming Things in Lists [link]({URL}1)\n"
    )
    assert [(entry.title, entry.venue, entry.year) for entry in read(text)] == [
        ("Fast Reading of Lists using Many Things", "HPCA", 2024),
        ("Deep Reading of Large Lists via Flexible Search", "HPCA", 2024),
        ("Scale-Model Reading of Things", "HPCA", 2024),
        ("Taming Things in Lists", "OSDI", 2024),
    ]


def test_a_heading_of_a_word_with_nothing_below_is_no_work() -> None:
    text = f"# L\n\n## W\n\n- [Deep Things of Ears]({URL}1)\n\n### [Mini]({URL}2)\n### [Tired]({URL}3)\n"
    assert [entry.title for entry in read(text)] == ["Deep Things of Ears"]


@pytest.mark.parametrize("heading", ["Reviews", "Science", "Cell", "Intelligence"])
def test_a_topic_is_no_venue(heading: str) -> None:
    (entry,) = read(f"# L\n\n## {heading} [^](#top)\n\n- [Deep Things of Ears]({URL}1)\n")
    assert entry.venue is None


def test_citations_below_tutorials_are_works() -> None:
    tutorials = (
        f"- Jane Doe, John Roe. Deep Things of Ears: A Tutorial. [Website]({SITE}a)\n"
        f'- Jane Doe. "Deep Things of Noses." Foundations of Things, 2012. [site]({SITE}b)\n'
        "- Jane Doe. Deep Things of Hands. Tutorial, 2012.\n"
        f"- [Course of Things]({SITE}c): what it is about\n"
    )
    papers = f"## Papers\n\n- [Things]({URL}1)\n"
    entries = read(f"# L\n\n## Tutorials\n\n{tutorials}\n{papers}")
    assert [entry.line for entry in entries] == [5, 6, 7, 12]
