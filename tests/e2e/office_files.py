# SPDX-License-Identifier: Apache-2.0
"""Files of office programs, made by real writers. Those are Debian's packages, so Debian's Python runs this file as a
program when another one runs the tests."""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

DEBIAN_PYTHON = "/usr/bin/python3"
AUTHOR = "Ann Author"

# {name: (title, phrase that a search has to find in it)}; each phrase once.
PHRASES = {
    "letter.docx": ("A letter", "the bittern booms at dusk"),
    "table.xlsx": ("A table", "nineteen godwits"),
    "paper.pdf": ("A paper", "redshanks wade in the estuary"),
    "talk.pptx": ("A talk", "the curlew calls"),
}


def files():
    """{name: bytes}"""
    with tempfile.TemporaryDirectory(prefix="dbx-es-office-") as folder:
        subprocess.run([DEBIAN_PYTHON, __file__, folder], check=True)
        return {path.name: path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())}


def _docx(path, title, phrase):
    import docx
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, AUTHOR
    document.add_heading("Birds")
    document.add_paragraph(phrase)
    document.save(path)


def _xlsx(path, title, phrase):
    import openpyxl
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = title, AUTHOR
    book.active["B2"] = phrase
    book.save(path)


def _pdf(path, title, phrase):
    from reportlab.pdfgen import canvas
    page = canvas.Canvas(str(path))
    page.setTitle(title)
    page.setAuthor(AUTHOR)
    page.drawString(72, 720, phrase)
    page.save()


# Debian has no writer of presentations that works without a display: the parts that the format asks for, by hand.
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml"
_SPACES = (f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{_OFFICE}" '
           'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"')


def _relations(*targets):
    links = "".join(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
                    for number, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _pptx(path, title, phrase):
    shape = ('<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>'
             f'<a:p><a:r><a:t>{phrase}</a:t></a:r></a:p></p:txBody></p:sp>')
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
                               '<Default Extension="rels" '
                               'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               f'<Override PartName="/ppt/presentation.xml" ContentType="{_TYPE}.presentation.main+xml"/>'
                               f'<Override PartName="/ppt/slides/slide1.xml" ContentType="{_TYPE}.slide+xml"/>'
                               '<Override PartName="/docProps/core.xml" '
                               'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": _relations((f"{_OFFICE}/officeDocument", "ppt/presentation.xml"),
                                  (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
                             f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
                             f'<dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>',
        "ppt/presentation.xml": f'<p:presentation {_SPACES}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
                                '<p:notesSz cx="1" cy="1"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _relations((f"{_OFFICE}/slide", "slides/slide1.xml")),
        "ppt/slides/slide1.xml": f'<p:sld {_SPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/>'
                                 '<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
                                 f'{shape}</p:spTree></p:cSld></p:sld>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)


if __name__ == "__main__":
    writers = {".docx": _docx, ".xlsx": _xlsx, ".pdf": _pdf, ".pptx": _pptx}
    for name, (title, phrase) in PHRASES.items():
        path = pathlib.Path(sys.argv[1]) / name
        writers[path.suffix](path, title, phrase)
