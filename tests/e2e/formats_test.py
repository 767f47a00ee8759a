# SPDX-License-Identifier: Apache-2.0
"""Documents of many formats, found by a real search through the confined processes."""

import base64
import email.message
import io
import pathlib
import zipfile

import world

SEEDS = pathlib.Path(__file__).resolve().parents[1] / "fuzz/corpus"


def seed(name):
    return (SEEDS / name).read_bytes()


def zip_of(entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def email_of(subject, sender, text, attachment):
    """A mail as Python writes it, with a text attachment."""
    message = email.message.EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, "ana@example.com"
    message.set_content(text)
    message.add_attachment(attachment, filename="wagtails.txt")
    return bytes(message)


# {path: (bytes, phrases that a search has to find in it)}; each phrase once in the world.
RICH_TEXT = {
    "/letter.rtf": (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}{\info{\title On snipe}"
                    rb"{\author Ann Lee}}\f0 the snipe\'e9 drums \u8364?20\par\f1 \'cf\'f0\'e8\'e2\'e5\'f2 \'e1\'e5\'ea\'e0\'f1\par}",
                    ["the snipeé drums", "привет бекас"]),
}

MAIL = {
    "/reply.eml": (email_of("On dippers", "Zoë <zoe@example.com>", "dippers bob in the beck é", "a note on wagtails"),
                   ["on dippers", "zoe example.com", "ana@example.com", "dippers bob in the beck é", "wagtails.txt",
                    "a note on wagtails"]),
    "/box.mbox": (b"From a@b Mon Jan 1 10:00:00 2024\nSubject: swifts\n\nswifts scream over the roofs\n\n"
                  b"From a@b Mon Jan 1 10:00:00 2024\nSubject: martins\nContent-Type: text/html\n\n<p>martins &amp; mud",
                  ["swifts scream over the roofs", "martins & mud"]),
    "/saved.mht": (b'Subject: =?utf-8?q?The_h=C3=B4opoe?=\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
                   b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
                   b"<p>hoo=\npoes on the lawn</p>\n--b--\n",
                   ["the hôopoe", "hoopoes on the lawn"]),
}

# Written by LibreOffice and by hand; they are seeds of the fuzz targets, too.
OFFICE = {
    "/rich.doc": (seed("compound_file/word"), ["the corncrake calls", "привет 日本語", "page head", "c1 c2"]),
    "/rich.xls": (seed("compound_file/excel"), ["shelduck", "2024-05-01", "größe", "日本 x", "second sheet", "a remark"]),
    "/talk.ppt": (seed("compound_file/powerpoint"), ["the curlew calls"]),
    "/mail.msg": (seed("compound_file/outlook"), ["on réuls", "ann@example.com", "rails in the reeds", "attached.rtf",
                                                  "an attached letter"]),
    # Encrypted by the password that Excel has for workbooks that are protected from changes.
    "/protected.xls": (seed("compound_file/protected_excel"), ["the godwits probe"]),
    "/protected.docx": (seed("compound_file/protected_document"), ["avocets sweep the mud"]),
}

FLAT = b'''<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>nightjars churr</text:p>
 </office:text></office:body></office:document>'''
OTHERS = {
    "/book.fb2": ('<?xml version="1.0" encoding="windows-1251"?><FictionBook><description><title-info><book-title>Чайка'
                  "</book-title></title-info></description><body><section><p>чайки над морем</p></section></body>"
                  "</FictionBook>".encode("cp1251"), ["чайки над морем"]),
    "/flat.fodt": (FLAT, ["nightjars churr"]),
    "/old.sxw": (zip_of({"mimetype": b"application/vnd.sun.xml.writer", "content.xml":
                         FLAT.replace(b"nightjars churr", b"woodcocks rode").replace(b"office:document", b"office:document-content")}),
                 ["woodcocks rode"]),
    "/flow.vsdx": (zip_of({"[Content_Types].xml": b"<Types/>", "visio/document.xml": b"<VisioDocument/>",
                           "visio/pages/page1.xml": b"<PageContents><Text>turnstones</Text></PageContents>"}), ["turnstones"]),
    "/print.xps": (zip_of({"[Content_Types].xml": b"<Types/>", "Documents/1/Pages/1.fpage":
                           b'<FixedPage><Glyphs UnicodeString="sanderlings run"/></FixedPage>'}), ["sanderlings run"]),
    "/page.shtml": (b"<p>phalaropes spin</p>", ["phalaropes spin"]),
    "/export.xls": (b"<html><table><tr><td>garganey</td></tr></table></html>", ["garganey"]),
}


class FormatsTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.set("extraction", mode=None)

    def found(self, phrase):
        """The names of the files in which a search for a phrase finds it."""
        query = {"query": {"match_phrase": {"body": phrase}}, "_source": ["name"]}
        answer = self.place.engine.request("POST", f"/{self.place.index}/_search", query)
        return sorted(hit["_source"]["name"] for hit in answer["hits"]["hits"])

    def sync(self, files):
        """Runs a full sync of these files and returns their documents by name, all of them found by their phrases."""
        for path, (content, _) in files.items():
            self.place.dropbox.change("add_file", path=path, base64=base64.b64encode(content).decode())
        run = self.place.sync("full-sync")
        counts = {reason: count for reason, count in run.summary["content"].items() if count}
        self.assertEqual(counts, {"fetched": len(files)})
        self.place.engine.request("POST", f"/{self.place.index}/_refresh")
        for path, (_, phrases) in files.items():
            for phrase in phrases:
                self.assertEqual(self.found(phrase), [path.lstrip("/")], phrase)
        return {document["name"]: document for document in self.place.dump().values()}

    def test_rich_text(self):
        document = self.sync(RICH_TEXT)["letter.rtf"]
        self.assertEqual((document["title"], document["author"]), ("On snipe", "Ann Lee"))

    def test_mail(self):
        documents = self.sync(MAIL)
        reply = documents["reply.eml"]
        self.assertEqual((reply["title"], reply["author"]), ("On dippers", "Zoë <zoe@example.com>"))
        self.assertEqual(documents["saved.mht"]["title"], "The hôopoe")

    def test_office_before_2007_and_outlook(self):
        documents = self.sync(OFFICE)
        self.assertEqual((documents["rich.doc"]["title"], documents["rich.doc"]["author"]), ("Café title", "Ann Łee"))
        self.assertEqual((documents["mail.msg"]["title"], documents["mail.msg"]["author"]),
                         ("On réuls", "Ann Lee <ann@example.com>"))

    def test_other_formats(self):
        self.assertEqual(self.sync(OTHERS)["book.fb2"]["title"], "Чайка")
