# SPDX-License-Identifier: Apache-2.0
"""Office documents as other programs write them: python-docx, openpyxl, python-pptx, odfpy and reportlab, in a virtual
environment of their own. Run by its Python, this file writes them into the folder that it is given."""

import os
import pathlib
import subprocess
import sys
import tempfile

PACKAGES = ["python-docx==1.*", "openpyxl==3.*", "python-pptx==1.*", "odfpy==1.*", "reportlab==4.*"]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "dbx-es-test"

# {name: phrases that a search has to find in it}; each once in the world.
PHRASES = {
    "report.docx": ["the corncrake calls at dusk", "a cell about crakes", "page head of crakes", "ditch & dyke"],
    "figures.xlsx": ["shelduck", "2024-05-01", "a remark on shelducks", "counts of waders"],
    "talk.pptx": ["lapwings over the polder", "do not forget the plover", "second slide of ruffs"],
    "letter.odt": ["the bittern booms", "heading of bitterns"],
    "table.ods": ["avocet", "tide tables"],
    "slides.odp": ["spoonbills in flight"],
    "paper.pdf": ["a godwit & a <curlew>", "second page of dunlins"],
}
TITLES = {"report.docx": ("On corncrakes", "Ann Lee"), "talk.pptx": ("Lapwings", "Bo Ek"),
          "figures.xlsx": ("Figures", "Cy Oz"), "letter.odt": ("Bitterns", "Di Ray"), "paper.pdf": ("Waders", "Ed Fox")}


def files():
    """{name: bytes}, made anew."""
    venv = CACHE / "office-venv"
    python = venv / "bin" / "python"
    probe = [python, "-c", "import docx, odf, openpyxl, pptx, reportlab"]
    if not python.exists() or subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print(f"Downloading {', '.join(PACKAGES)} into {venv}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, __file__, folder], check=True)
        return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}


def write_docx(path):
    import docx

    document = docx.Document()
    document.core_properties.title, document.core_properties.author = TITLES["report.docx"]
    document.core_properties.language = "en-GB"
    document.add_heading("Birds of the meadow")
    words = document.add_paragraph("The corn")
    words.add_run("crake calls").bold = True
    words.add_run(" at dusk, by ditch & dyke.")
    document.add_table(1, 1).cell(0, 0).text = "a cell about crakes"
    document.sections[0].header.paragraphs[0].text = "page head of crakes"
    document.save(path)


def write_xlsx(path):
    import datetime

    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = TITLES["figures.xlsx"]
    sheet = book.active
    sheet.title = "counts of waders"
    sheet.append(["shelduck", 12, datetime.date(2024, 5, 1)])
    sheet["A1"].comment = Comment("a remark on shelducks", "Cy")
    book.save(path)


def write_pptx(path):
    import pptx

    talk = pptx.Presentation()
    talk.core_properties.title, talk.core_properties.author = TITLES["talk.pptx"]
    first = talk.slides.add_slide(talk.slide_layouts[0])
    first.shapes.title.text = "Lapwings over the polder"
    first.notes_slide.notes_text_frame.text = "do not forget the plover"
    talk.slides.add_slide(talk.slide_layouts[0]).shapes.title.text = "second slide of ruffs"
    talk.save(path)


def write_odt(path):
    from odf import dc, meta, text
    from odf.opendocument import OpenDocumentText

    document = OpenDocumentText()
    title, author = TITLES["letter.odt"]
    document.meta.addElement(dc.Title(text=title))
    document.meta.addElement(meta.InitialCreator(text=author))
    document.text.addElement(text.H(outlinelevel=1, text="A heading of bitterns"))
    document.text.addElement(text.P(text="The bittern booms."))
    document.save(path)


def write_ods(path):
    from odf import table, text
    from odf.opendocument import OpenDocumentSpreadsheet

    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="tide tables")
    row = table.TableRow()
    cell = table.TableCell()
    cell.addElement(text.P(text="avocet"))
    row.addElement(cell)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(path)


def write_odp(path):
    from odf import draw, style, text
    from odf.opendocument import OpenDocumentPresentation

    document = OpenDocumentPresentation()
    layout = style.PageLayout(name="layout")
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="master", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    page = draw.Page(masterpagename=master)
    frame, box = draw.Frame(width="10cm", height="2cm"), draw.TextBox()
    box.addElement(text.P(text="Spoonbills in flight"))
    frame.addElement(box)
    page.addElement(frame)
    document.presentation.addElement(page)
    document.save(path)


def write_pdf(path, password=None):
    from reportlab.pdfgen import canvas

    page = canvas.Canvas(str(path), encrypt=password)
    title, author = TITLES["paper.pdf"]
    page.setTitle(title)
    page.setAuthor(author)
    page.drawString(72, 700, "A godwit & a <curlew>.")
    page.showPage()
    page.drawString(72, 700, "Second page of dunlins.")
    page.save()


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    for writer, name in ((write_docx, "report.docx"), (write_xlsx, "figures.xlsx"), (write_pptx, "talk.pptx"),
                         (write_odt, "letter.odt"), (write_ods, "table.ods"), (write_odp, "slides.odp"),
                         (write_pdf, "paper.pdf")):
        writer(target / name)
    write_pdf(target / "closed.pdf", password="hush")
