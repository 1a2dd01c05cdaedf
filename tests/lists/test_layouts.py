"""One row per way in which lists are kept: the text, and what a careful person reads in it."""

# A line of a list stays one line here, as long as it is there.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest

from enrich.lists import parse
from enrich.model import Entry


def read(text: str) -> tuple[Entry, ...]:
    return parse(text.encode()).entries


def told(entry: Entry, keys: Any) -> dict[str, Any]:
    """The fields that a case speaks of."""
    values = {
        "line": entry.line,
        "title": entry.title,
        "label": entry.label,
        "authors": entry.authors,
        "venue": entry.venue,
        "year": entry.year,
        "kind": entry.kind.value,
        "ids": [str(identifier) for identifier in entry.ids],
        "labels": [link.label for link in entry.links],
        "section": list(entry.section),
        "layout": entry.layout,
    }
    return {key: values[key] for key in keys}


ONE = [
    pytest.param(
        "- **\x1b[31mA Red\x07 Title of a Work** [[paper](https://arxiv.org/abs/2401.10020)]",
        {"title": "[31mA Red Title of a Work"},
        id="control characters are no text",
    ),
    pytest.param(
        "- Some Lab (a nick) [[Paper](http://arxiv.org/pdf/1512.00001v1.pdf)] [[Slide](http://a.b/s.pdf)]\n  * Jane Doe, John Roe, Ann Poe, Deep Things for Image Reading, CVPR, 2015.",
        {"title": "Deep Things for Image Reading", "authors": "Jane Doe, John Roe, Ann Poe", "venue": "CVPR", "year": 2015, "line": 5},
        id="a nick with links, the citation below it",
    ),
    pytest.param(
        "- (CVPR 2024 Highlight) **VidThing**: Learning to Watch All of the Things [[paper]](https://arxiv.org/abs/2402.00001)",
        {"title": "VidThing: Learning to Watch All of the Things", "venue": "CVPR Highlight", "year": 2024},
        id="a venue in brackets, then a title that is half bold",
    ),
    pytest.param(
        "- `ECCV 2018` Joint Transport of Things [[paper](https://arxiv.org/abs/1803.00001)]",
        {"title": "Joint Transport of Things", "venue": "ECCV", "year": 2018},
        id="a venue in code in front",
    ),
    pytest.param(
        "- Adversarial Things for Adaptation [[NIPS2018]](https://papers.nips.cc/paper/7436) [[PyTorch(official)]](https://github.com/a/b)",
        {"title": "Adversarial Things for Adaptation", "venue": "NIPS", "year": 2018},
        id="a link that says where and when",
    ),
    pytest.param(
        "- A Thing for Adaptation: A Survey [[Neurothings 2018]](https://arxiv.org/abs/1802.00001)",
        {"title": "A Thing for Adaptation: A Survey", "year": 2018},
        id="a link with an unknown journal",
    ),
    pytest.param(
        "- Poe, J., Doe, M.T. and Roe, C.D., 2014. Neural things by jointly learning. arXiv preprint arXiv:1409.00001. [[pdf]](https://arxiv.org/pdf/1409.00001.pdf)",
        {"title": "Neural things by jointly learning", "authors": "Poe, J., Doe, M.T. and Roe, C.D.", "year": 2014},
        id="authors and a year without brackets in front",
    ),
    pytest.param(
        "- Listen, Attend and Write [[paper](https://arxiv.org/abs/1508.00001)]",
        {"title": "Listen, Attend and Write", "authors": None},
        id="a title of words with a comma",
    ),
    pytest.param(
        '- Efficient Frames via "Looking Twice" [[paper](https://arxiv.org/abs/1508.00002)]',
        {"title": 'Efficient Frames via "Looking Twice"'},
        id="a title that ends in a quotation",
    ),
    pytest.param(
        "- [Dark Replay for Learning](https://arxiv.org/abs/2004.00001) by Jane Doe, John Roe and Ann Poe. NeurIPS, 2020.",
        {"authors": "Jane Doe, John Roe and Ann Poe", "venue": "NeurIPS", "year": 2020},
        id="by its authors",
    ),
    pytest.param(
        "- [Incremental Things](https://arxiv.org/abs/1611.00001) - Doe, S. A., Roe, A., & Poe, C. H. **CVPR 2017**",
        {"authors": "Doe, S. A., Roe, A., & Poe, C. H", "venue": "CVPR", "year": 2017},
        id="authors that end in an initial, a bold venue",
    ),
    pytest.param(
        '- **mip-Thing**: "A Multiscale Representation for Radiance Fields", ICCV, 2021 (*Google*). [[Paper](https://arxiv.org/abs/2103.00001)]',
        {"title": "A Multiscale Representation for Radiance Fields", "authors": None, "venue": "ICCV", "year": 2021},
        id="where the authors work",
    ),
    pytest.param(
        "1. \u300aEntire Multi-Task Things\u300b\uff0cSIGIR 2018\uff0c[[pdf](https://arxiv.org/abs/1804.00001)]",
        {"title": "Entire Multi-Task Things", "venue": "SIGIR", "year": 2018},
        id="Chinese quotation marks and commas",
    ),
    pytest.param(
        "- FedThing: Personal Aggregation [[PUB](https://proceedings.mlr.press/v202/doe23a.html)] [[PDF](https://arxiv.org/abs/2302.00001)] `ICML`",
        {"title": "FedThing: Personal Aggregation", "venue": "ICML"},
        id="a link to the publication",
    ),
    pytest.param(
        "- **A Title of Alignment**, `arXiv, 2309.15025`, [pdf](http://arxiv.org/pdf/2309.15025v1.pdf)\n\n\t *A. Writer, B. Reader* · ([a-survey](https://github.com/Owner2014/a-survey) - Owner2014)",
        {"title": "A Title of Alignment", "venue": "arXiv", "year": None},
        id="a year that is part of a name",
    ),
    pytest.param(
        "- [**strong-tool**](https://github.com/o/strong-tool) - o\n\n\t · ([site](https://site.org/x)) · ([cdn.site](https://cdn.site.org/papers/strong-tool.pdf))",
        {"title": "strong-tool", "kind": "repo", "authors": None},
        id="a repository whose note links a pdf by its site",
    ),
    pytest.param(
        "- [**reward-tool**](https://github.com/o/reward-tool?tab=readme-ov-file) - o\n\n\t *A tool for rewards.* · ([twitter](https://twitter.com/o/status/1))",
        {"title": "reward-tool", "kind": "repo"},
        id="a repository that is tweeted about",
    ),
    pytest.param(
        "- **Semi-Titles.** *Yves Gr et al.* NIPS 2004. [[paper](https://a.b/p.pdf)]",
        {"title": "Semi-Titles", "authors": "Yves Gr et al.", "venue": "NIPS", "year": 2004},
        id="bold title, italic authors, venue and year",
    ),
    pytest.param(
        "- **A Title Here.** *Lee et al.* Workshop on hard things, ICML 2013. [[paper](https://openreview.net/pdf?id=3iGjh_NmoG)]",
        {"venue": "Workshop on hard things, ICML", "year": 2013, "ids": ["openreview:3iGjh_NmoG"]},
        id="a venue with a comma",
    ),
    pytest.param(
        "- **A Title Here.** *Zhang et al.* NeurIPS 2023 Workshop on Following 2023. [[paper](https://arxiv.org/abs/2306.00001)]",
        {"venue": "NeurIPS 2023 Workshop on Following", "year": 2023},
        id="a year inside a venue",
    ),
    pytest.param(
        "- A Survey of Language Things [[Paper]](https://arxiv.org/abs/2303.18223v4)",
        {"title": "A Survey of Language Things", "ids": ["arxiv:2303.18223"], "labels": ["Paper"]},
        id="bare title, then a bracketed link",
    ),
    pytest.param(
        "- **Aligning Large Models to Particular\n  Regulations**, `arXiv, 2403.09704`, [pdf](http://arxiv.org/pdf/2403.09704v1.pdf), "
        "cication: [**-1**](None)\n\n\t *Jane Doe, John Roe*",
        {
            "title": "Aligning Large Models to Particular Regulations",
            "authors": "Jane Doe, John Roe",
            "venue": "arXiv",
            "year": None,
            "ids": ["arxiv:2403.09704"],
            "labels": ["pdf"],
        },
        id="a title over two lines, authors later, an unknown count",
    ),
    pytest.param(
        "- [**weak-thing**](https://github.com/a/weak-thing) - a ![Star](https://img.shields.io/github/stars/a/weak-thing.svg)",
        {"title": "weak-thing", "kind": "repo", "ids": []},
        id="a repository by its name",
    ),
    pytest.param(
        "1. <u>T5</u>: **\"Exploring the Limits of Transfer\"**. *Colin Raffel et al.* JMLR 2019. [[Paper](https://arxiv.org/abs/1910.10683)]",
        {"title": "Exploring the Limits of Transfer", "authors": "Colin Raffel et al.", "venue": "JMLR"},
        id="a nick, then a quoted bold title",
    ),
    pytest.param(
        "1. **[A Bold Link Title.](https://arxiv.org/abs/2503.12605)** [[code](https://github.com/a/b)]\n\n    *Jane Doe, John Roe.* Preprint'25",
        {"title": "A Bold Link Title", "venue": "Preprint", "year": 2025, "authors": "Jane Doe, John Roe"},
        id="a bold link, authors and a short year in the next paragraph",
    ),
    pytest.param(
        "2. **A Title With Badges.** JMLR. ![](https://img.shields.io/badge/T5-blue)\n   *Colin Doe, Ann Roe.* [[pdf](https://arxiv.org/abs/1910.10683)], 2019.10.",
        {"title": "A Title With Badges", "venue": "JMLR", "year": 2019, "authors": "Colin Doe, Ann Roe"},
        id="badges behind the title, the date at the end",
    ),
    pytest.param(
        "- [A Linked Title](https://arxiv.org/abs/2106.00001)\n  - Jane Doe, John Roe\n  - Keyword: Things\n  - Code: [official](https://github.com/a/b)",
        {"title": "A Linked Title", "authors": "Jane Doe, John Roe", "labels": ["A Linked Title", "official"]},
        id="sub-bullets stay with their entry",
    ),
    pytest.param(
        "* 3D-THING - [Learning a Space of Objects](https://arxiv.org/abs/1610.07584) ([github](https://github.com/a/b))",
        {"title": "Learning a Space of Objects", "kind": "paper"},
        id="a nick before the link",
    ),
    pytest.param(
        "- [2023/08/12] **Some Great Agent Paper.** *Jane Doe et al. arXiv.* [[paper](https://arxiv.org/abs/2308.00001)]",
        {"title": "Some Great Agent Paper", "year": 2023},
        id="a date in front",
    ),
    pytest.param(
        "- (arXiv 2024.02) Stronger Language Models, Indeed, [[Paper]](https://arxiv.org/abs/2402.00002)",
        {"title": "Stronger Language Models, Indeed", "venue": "arXiv", "year": 2024},
        id="venue and date in brackets in front",
    ),
    pytest.param(
        "- Smith, J., & Doe, A. (2020). A study of things that matter. *Journal of Things*, 3(2), 1-10. https://doi.org/10.1234/Things.1",
        {"title": "A study of things that matter", "authors": "Smith, J., & Doe, A.", "venue": "Journal of Things", "year": 2020, "ids": ["doi:10.1234/things.1"]},
        id="a reference in APA style",
    ),
    pytest.param(
        "- Vaswani et al. Attention Is What You Need. NeurIPS 2017. [[pdf]](https://arxiv.org/abs/1706.03762)",
        {"title": "Attention Is What You Need", "authors": "Vaswani et al.", "venue": "NeurIPS"},
        id="authors first",
    ),
    pytest.param(
        "- Attention Is What You Need (Vaswani et al., 2017) [[pdf]](https://arxiv.org/abs/1706.03762)",
        {"title": "Attention Is What You Need", "authors": "Vaswani et al.", "year": 2017},
        id="authors and year in brackets",
    ),
    pytest.param(
        "- Deep Learning of Things, `NeurIPS'21`, [paper](https://arxiv.org/abs/2101.00011)",
        {"title": "Deep Learning of Things", "venue": "NeurIPS", "year": 2021},
        id="a venue in backticks",
    ),
    pytest.param(
        "1. <ins>ACL 2020</ins> **[A Title in a Link](https://aclanthology.org/2020.acl-main.7/)** <br> *Jane Doe, John Roe*",
        {"title": "A Title in a Link", "venue": "ACL", "year": 2020, "authors": "Jane Doe, John Roe"},
        id="a venue in ins, authors behind br",
    ),
    pytest.param(
        "- [![arXiv](https://img.shields.io/badge/arXiv-2305.12345-b31b1b.svg)](https://arxiv.org/abs/2305.12345) **Badged Title of a Paper**",
        {"title": "Badged Title of a Paper", "ids": ["arxiv:2305.12345"]},
        id="a linked badge before the title",
    ),
    pytest.param(
        "- Title: The Keyed Title\n  Authors: Jane Doe and John Roe\n  Link: https://arxiv.org/abs/2101.00061",
        {"title": "The Keyed Title", "authors": "Jane Doe and John Roe", "ids": ["arxiv:2101.00061"]},
        id="keys on lines of their own",
    ),
    pytest.param(
        "- [2023/05] **大型语言模型综述** 赵鑫 等 [论文](https://arxiv.org/abs/2303.18223)",
        {"title": "大型语言模型综述", "authors": "赵鑫 等", "year": 2023, "labels": ["论文"]},
        id="chinese",
    ),
    pytest.param(
        "- <https://arxiv.org/abs/2101.00073> Third Title of Three",
        {"title": "Third Title of Three", "ids": ["arxiv:2101.00073"]},
        id="an autolink before the title",
    ),
    pytest.param(
        "- [A Reference Style Title][one], ACL 2020.\n\n[one]: https://aclanthology.org/2020.acl-main.1/",
        {"title": "A Reference Style Title", "ids": ["acl:2020.acl-main.1"]},
        id="a reference-style link",
    ),
    pytest.param(
        "- **SOTOPIA-$\\pi$: Learning of Agents.** *Wang et al.* arXiv 2024. [[paper](https://arxiv.org/abs/2403.08715)]",
        {"title": "SOTOPIA-$\\pi$: Learning of Agents"},
        id="latex as written",
    ),
    pytest.param(
        "- **A Title Here.** *Abdullatif K√∂ksal et al.* arXiv 2024. [[paper](https://arxiv.org/abs/2304.08460)]",
        {"authors": "Abdullatif Köksal et al."},
        id="mac roman mojibake",
    ),
    pytest.param(
        "- **A non\u2011breaking\u00a0Title \u202eHere.** *Doe et al.* ACL 2020. [[paper](https://a.b/c.pdf)]",
        {"title": "A non-breaking Title Here"},
        id="hyphens, blanks and direction marks",
    ),
    pytest.param(
        '<ul><li><a href="https://arxiv.org/abs/2001.00001">An HTML Title &amp; More</a>, Jane Doe, ICML 2020</li></ul>',
        {"title": "An HTML Title & More", "authors": "Jane Doe", "venue": "ICML", "year": 2020},
        id="an html list",
    ),
    pytest.param(
        "- [x] [A Paper That Was Read](https://arxiv.org/abs/2101.00101)",
        {"title": "A Paper That Was Read"},
        id="a check box",
    ),
    pytest.param(
        "- **Distilling the knowledge** (2015), G. Hinton et al. [[pdf]](http://arxiv.org/pdf/1503.02531)",
        {"title": "Distilling the knowledge", "authors": "G. Hinton et al.", "year": 2015},
        id="the year before the authors",
    ),
    pytest.param(
        "- **[OverThing]** OverThing: Recognition, Localization and Detection | Pierre Doe, et al. | **[ICLR' 14]** |[`[pdf]`](https://arxiv.org/pdf/1312.6229.pdf)",
        {"title": "OverThing: Recognition, Localization and Detection", "authors": "Pierre Doe, et al.", "venue": "ICLR", "year": 2014},
        id="a nick in brackets, bars between",
    ),
    pytest.param(
        "- Title of a Work. [Jane Doe](https://jane.io), [John Roe](https://john.io). ICML 2020. [[pdf]](https://arxiv.org/abs/2001.00099)",
        {"title": "Title of a Work", "authors": "Jane Doe, John Roe", "venue": "ICML"},
        id="authors linked to their pages",
    ),
    pytest.param(
        "- **Laboratory of Things** - an approach that uses agents. [Paper](https://arxiv.org/abs/2501.04227)",
        {"title": "Laboratory of Things"},
        id="a description behind the title",
    ),
    pytest.param(
        "- [A Good Post on Things](https://someone.substack.com/p/things)",
        {"title": "A Good Post on Things", "kind": "blog"},
        id="a blog post",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields"), ONE)
def test_one_entry(text: str, fields: dict[str, Any]) -> None:
    (entry,) = read(f"# A List\n\n## Some Works\n\n{text}\n")
    assert told(entry, fields) == fields


MANY = [
    pytest.param(
        "### 1. Splats for Rendering of Fields\n**Authors**: Jane Doe, John Roe\n<details span>\n<summary><b>Abstract</b></summary>\nWords that tell about it, see https://a.b/c.\n</details>\n\n[Paper](https://arxiv.org/pdf/2308.00001.pdf) | [Project Page](https://a.b/)\n\n"
        "### 2. Avatars out of Splats\n**Authors**: Ann Poe, Bob Loe\n<details span>\n<summary><b>Abstract</b></summary>\nMore words.\n</details>\n\n[Paper](https://arxiv.org/pdf/2311.00002.pdf)\n",
        ["line", "title", "authors", "ids"],
        [
            [5, "Splats for Rendering of Fields", "Jane Doe, John Roe", ["arxiv:2308.00001"]],
            [14, "Avatars out of Splats", "Ann Poe, Bob Loe", ["arxiv:2311.00002"]],
        ],
        id="headings whose abstract is folded",
    ),
    pytest.param(
        "**Title:** Accurate Structures of Things  \n**Authors:** Jane Doe, John Roe  \n**Venue:** Nature, 2021  \n**Link:** https://doi.org/10.1038/x-1\n\n"
        "**Title:** Models of Things at Scale  \n**Authors:** Ann Poe, Bob Loe  \n**Venue:** Science, 2022  \n**Link:** https://doi.org/10.1126/y.2\n",
        ["line", "title", "authors", "venue", "year"],
        [
            [5, "Accurate Structures of Things", "Jane Doe, John Roe", "Nature", 2021],
            [10, "Models of Things at Scale", "Ann Poe, Bob Loe", "Science", 2022],
        ],
        id="a paragraph of keys per work",
    ),
    pytest.param(
        "**What are Things?** \\\n*Jane Doe* \\\n[[Website](https://a.b/posts/things.html)] \\\n11 Jul 2021\n\n"
        "**Making Things by Chance** \\\n*John Roe* \\\n[[Website](https://c.d/posts/chance/)] \\\n5 May 2021\n",
        ["line", "title", "authors", "year"],
        [
            [5, "What are Things?", "Jane Doe", 2021],
            [10, "Making Things by Chance", "John Roe", 2021],
        ],
        id="dated posts in paragraphs",
    ),
    pytest.param(
        "| Title | Venue | Date | Code |\n|:--|:--:|:--:|:--:|\n"
        "| ![Star](https://img.shields.io/github/stars/a/b) <br> [**One Table Title**](https://arxiv.org/pdf/2607.00248) <br> | arXiv | 2026-06-30 | - |\n"
        "Two Table Titles | ICLR | 2025-01-02 | [Github](https://github.com/a/b) |\n",
        ["line", "title", "venue", "year", "kind"],
        [[7, "One Table Title", "arXiv", 2026, "paper"], [8, "Two Table Titles", "ICLR", 2025, "paper"]],
        id="a table with badges, and a row without its first pipe",
    ),
    pytest.param(
        "| Year | Paper | Topic |\n|--|--|--|\n| 2025 | [Huang et al.](https://doi.org/10.1109/X.2025.1) | BR |\n"
        "| 2024 | [SILVI](https://doi.org/10.48550/arXiv.2511.03819) | PD |\n",
        ["title", "label", "year", "ids"],
        [[None, "Huang et al.", 2025, ["doi:10.1109/x.2025.1"]], [None, "SILVI", 2024, ["doi:10.48550/arxiv.2511.03819", "arxiv:2511.03819"]]],
        id="a table of short-cuts: no titles",
    ),
    pytest.param(
        "| Title & Authors | Introduction | Links |\n|:--|:--:|:--:|\n"
        "|[![Publish](https://img.shields.io/badge/Conference-ICML'23-blue)]() <br> :star: [Pruned in One Shot](https://github.com/a/b) <br> Jane Doe, John Roe|<img alt=\"x\" src=\"f.png\"> |[Github](https://github.com/a/b) <br> [Paper](https://arxiv.org/abs/2301.00774)|[//]: #x\n",
        ["title", "authors", "venue", "year", "ids"],
        [["Pruned in One Shot", "Jane Doe, John Roe", "ICML", 2023, ["arxiv:2301.00774"]]],
        id="title, authors and badges in one cell",
    ),
    pytest.param(
        "论文标题 | 会议 | 年份 | 链接\n--- | --- | --- | ---\n大模型综述 | arXiv | 2023 | [论文](https://arxiv.org/abs/2303.18223)\n",
        ["title", "venue", "year", "ids"],
        [["大模型综述", "arXiv", 2023, ["arxiv:2303.18223"]]],
        id="a chinese table",
    ),
    pytest.param(
        "<table>\n<tr><th>Year</th><th>Title</th><th>Authors</th></tr>\n"
        '<tr><td rowspan="2">2020</td><td><a href="https://arxiv.org/abs/2001.00003">One in a Table</a></td><td>A. B. Cee, D. Eff</td></tr>\n'
        '<tr><td><a href="https://arxiv.org/abs/2001.00004">Two in a Table</a></td><td>G. Aitch</td></tr>\n</table>\n',
        ["title", "authors", "year"],
        [["One in a Table", "A. B. Cee, D. Eff", 2020], ["Two in a Table", "G. Aitch", 2020]],
        id="an html table with rowspan",
    ),
    pytest.param(
        "- 2023\n  - ICLR\n    - [First of a Year](https://openreview.net/forum?id=abcdefghij)\n- 2022\n  - ACL\n    - [Third of a Year](https://aclanthology.org/2022.acl-long.1/)\n",
        ["line", "title", "venue", "year", "section"],
        [
            [7, "First of a Year", "ICLR", 2023, ["A List", "Some Works", "2023", "ICLR"]],
            [10, "Third of a Year", "ACL", 2022, ["A List", "Some Works", "2022", "ACL"]],
        ],
        id="bullets that are structure",
    ),
    pytest.param(
        "### ICLR 2021\n\n- [A Work of a Venue](https://openreview.net/forum?id=fffffffff1)\n",
        ["title", "venue", "year"],
        [["A Work of a Venue", "ICLR", 2021]],
        id="the venue in the heading",
    ),
    pytest.param(
        "### 2024\n\n- [A Work of a Year](https://arxiv.org/abs/2401.00001)\n",
        ["title", "year"],
        [["A Work of a Year", 2024]],
        id="the year in the heading",
    ),
    pytest.param(
        "**Exploring Self-attention for Things**\n\n- 论文：https://a.b/c.pdf\n\n- 代码：https://github.com/a/b\n\n"
        "**Spatial Layers for Things**\n\n论文：https://arxiv.org/abs/2004.07570\n\n代码（删除了）：https://github.com/c/d\n",
        ["line", "title", "ids"],
        [[5, "Exploring Self-attention for Things", []], [11, "Spatial Layers for Things", ["arxiv:2004.07570"]]],
        id="a bold line with keyed notes below",
    ),
    pytest.param(
        "### [A Paper as Heading](https://arxiv.org/abs/2101.00001)\nJane Doe, John Roe. ICLR 2021.\n\nA summary that is long.\n\n"
        "### Second Paper as a Heading\n- arxiv: <https://arxiv.org/abs/2101.00002>\n- github: <https://github.com/x/y>\n",
        ["title", "authors", "venue", "ids", "layout"],
        [
            ["A Paper as Heading", "Jane Doe, John Roe", "ICLR", ["arxiv:2101.00001"], "heading"],
            ["Second Paper as a Heading", None, None, ["arxiv:2101.00002"], "heading"],
        ],
        id="one heading per paper",
    ),
    pytest.param(
        '**[1]** LeCun, Yann, and Yoshua Bengio. "**Deep learning**." Nature 521.7553 (2015): 436-444. [[pdf]](http://a.b/c.pdf) **(A Survey)** :star:\n\n'
        '**[2]** He, Kaiming, et al. "**Deep residual learning**." arXiv preprint arXiv:1512.03385 (2015). [[pdf]](https://arxiv.org/pdf/1512.03385.pdf) **(ResNet)**\n',
        ["title", "authors", "venue", "year", "ids"],
        [
            ["Deep learning", "LeCun, Yann, and Yoshua Bengio", "Nature", 2015, []],
            ["Deep residual learning", "He, Kaiming, et al.", "arXiv preprint", 2015, ["arxiv:1512.03385"]],
        ],
        id="paragraphs with authors first and quoted titles",
    ),
    pytest.param(
        ":white_check_mark: [Generative Nets] [[Paper]](https://arxiv.org/abs/1406.2661)\n[[Code]](https://github.com/a/b)(the first)\n\n"
        ":white_check_mark: [Conditional Nets] [[Paper]](https://arxiv.org/abs/1411.1784)\n",
        ["line", "title", "ids"],
        [[5, "Generative Nets", ["arxiv:1406.2661"]], [8, "Conditional Nets", ["arxiv:1411.1784"]]],
        id="paragraphs that start with an emoji",
    ),
    pytest.param(
        "<details>\n<summary>A First Folded Title (ICLR 2021)</summary>\n\n- [paper](https://openreview.net/forum?id=cccccccccc)\n</details>\n"
        "<details>\n<summary>A Second Folded Title</summary>\n\n- [paper](https://arxiv.org/abs/2101.00091)\n</details>\n",
        ["title", "year"],
        [["A First Folded Title", 2021], ["A Second Folded Title", None]],
        id="one fold per paper",
    ),
    pytest.param(
        "- [Some Work](https://arxiv.org/abs/2101.00001)\n  - [A Work Below It](https://arxiv.org/abs/2101.00002)\n  - [Another Below It](https://arxiv.org/abs/2101.00003)\n",
        ["line", "title"],
        [[5, "Some Work"], [6, "A Work Below It"], [7, "Another Below It"]],
        id="works under a work",
    ),
    pytest.param(
        "1. <u>BookThing</u>: **\"Aligning Books and Movies\"**. *Zhu et al.* ICCV 2015. [[Paper](http://arxiv.org/abs/1506.06724v1)]\n"
        "2. <u>JAX</u>:  [[Source](https://github.com/google/jax)]\n"
        "3. <u>MindThing</u>: **\"A Framework without a Link\"**. *Doe et al.* Some Place 2022.\n",
        ["title", "kind"],
        [["Aligning Books and Movies", "paper"], ["JAX", "repo"], ["A Framework without a Link", "paper"]],
        id="siblings without a paper's link",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keys", "rows"), MANY)
def test_a_section(text: str, keys: list[str], rows: list[list[Any]]) -> None:
    entries = read(f"# A List\n\n## Some Works\n\n{text}")
    assert [list(told(entry, keys).values()) for entry in entries] == rows


NOTHING = [
    pytest.param("## Contents\n\n- [One](#one)\n  - [Two](#two)\n", id="table of contents"),
    pytest.param("## Files\n\n- [Pruning](pruning.md)\n- [Serving](docs/serving.md)\n", id="files of the repository"),
    pytest.param("## News\n\n- [2024/01] [A Work We Wrote](https://arxiv.org/abs/2401.00001) is out\n", id="news"),
    pytest.param("## Citation\n\nPlease cite [our survey](https://arxiv.org/abs/2401.00001).\n\n```\n@article{x, url={https://arxiv.org/abs/2401.00001}}\n```\n", id="own citation"),
    pytest.param("```\n- [title](https://arxiv.org/abs/2401.00001)\n```\n", id="a template in a code fence"),
    pytest.param("<!-- - [A Hidden Work](https://arxiv.org/abs/2401.00001) -->\n", id="a comment"),
    pytest.param("```mermaid\ngraph TD; A-->B\n```\n", id="mermaid"),
    pytest.param("### Keywords Convention\n\n![](https://img.shields.io/badge/T5-blue) The abbreviation of the work.\n", id="badge legend"),
    pytest.param("## Legend\n\n| Label | Topic |\n|--|--|\n| PD | Primate Detection |\n", id="legend table"),
    pytest.param("## Contributors\n\n- [Jane Doe](https://github.com/jane)\n- [John Roe](https://github.com/john)\n", id="contributors"),
    pytest.param("## Other Awesome Lists\n\n- [Awesome-Thing](https://github.com/a/b) - List of things.\n", id="other lists"),
    pytest.param("## LLM Tools\n\n- [Thing](https://thing.io) - A tool for running things.\n- [Other](https://github.com/o/o) - A library for others.\n", id="tools with descriptions"),
    pytest.param("Our work [A Survey of Things](https://arxiv.org/abs/2401.00001) is the base of this list.\n", id="a paragraph about the list"),
    pytest.param("## Overview\n\n- `Inverse RL`: a technique that learns a reward.\n- `Game Playing`: agents that play.\n", id="prose bullets"),
    pytest.param("## Updates\n\n* May 29, 2024: We had this [list](https://github.com/a/b) for a year.\n", id="updates"),
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_no_entries(text: str) -> None:
    assert read(f"# A List\n\n{text}") == ()


PLAIN = """\
Home

A Survey about Things

Table of Contents

<details> <ol> <li> <a href="#one">One</a> </li> </ol> </details>

Human Things

First Kind

  1. Multitask prompted things. Sanh et al. arXiv 2021. [Paper][Data]
  2. Can a Suit Conduct? A New Dataset for Suits. Mihaylov et al. EMNLP 2018. [Paper]
Second Kind (HHH)
  1. Red teaming models: Methods, and lessons. Ganguliet al. arXiv 2022. [Paper]
  2. Rokeach value survey. Rokeach et al. The nature of human values. 1967. [Paper]
  3. World Values Survey Wave 7 (2017-2022). [URL]
"""


def test_pasted_plain_text() -> None:
    keys = ["line", "title", "authors", "venue", "year", "section"]
    assert [list(told(entry, keys).values()) for entry in read(PLAIN)] == [
        [13, "Multitask prompted things", "Sanh et al.", "arXiv", 2021, ["Human Things", "First Kind"]],
        [14, "Can a Suit Conduct? A New Dataset for Suits", "Mihaylov et al.", "EMNLP", 2018, ["Human Things", "First Kind"]],
        [16, "Red teaming models: Methods, and lessons", "Ganguliet al.", "arXiv", 2022, ["Human Things", "Second Kind (HHH)"]],
        [17, "Rokeach value survey", "Rokeach et al.", "The nature of human values", 1967, ["Human Things", "Second Kind (HHH)"]],
        [18, "World Values Survey Wave 7 (2017-2022)", None, None, None, ["Human Things", "Second Kind (HHH)"]],
    ]  # fmt: skip


def test_the_same_list_twice_is_read_twice() -> None:
    one = "# A List\n\n## Works\n\n- [A Work Here](https://arxiv.org/abs/2101.00001)\n"
    assert [entry.line for entry in read(f"{one}\n{one}")] == [5, 11]


def test_a_count_keeps_its_link_and_its_place() -> None:
    text = "- **A Title Here**, [pdf](http://arxiv.org/pdf/2310.19852v2.pdf), cication: [**19**](https://scholar.google.com/scholar?cites=1)"
    (entry,) = read(f"## Works\n\n{text}\n")
    ((start, end),) = entry.spans["counts"]
    assert f"## Works\n\n{text}"[start:end] == "19"
    assert [link.label for link in entry.links] == ["pdf", "19"]
