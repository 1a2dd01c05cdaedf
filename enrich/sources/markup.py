"""Is this whole and harmless XML?"""

from __future__ import annotations

from lxml import etree


def root(content: bytes) -> etree._Element:
    """The root element of a document that is whole; ValueError for any other, and for one with a
    document type, by which entities could blow up or read files."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        element = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("no XML") from error
    if element.getroottree().docinfo.doctype:
        raise ValueError("XML with a document type")
    return element
