# SPDX-License-Identifier: Apache-2.0
"""What is in files: found by a real search, fetched once, and flat in memory."""

import base64
import io
import shutil
import signal
import subprocess
import time
import urllib.parse
import zipfile

import engines
import office_documents
import world

MIB = 1 << 20
# What the program needs besides the files that it holds.
MOST_BESIDES_MIB = 64

# {path: (bytes, phrase that a search has to find in it)}; each phrase once in the world.
FILES = {
    "/notes.txt": ("The heron waded in the reeds.\n".encode(), "heron waded in the reeds"),
    "/latin.txt": ("Un café crème à l'orée du bois.\n".encode("latin-1"), "café crème à l'orée"),
    "/wide.txt": ("Двенадцать стульев.\n".encode("utf-16"), "двенадцать стульев"),
    "/japanese.txt": ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。".encode("shift_jis"), "吾輩は猫である"),
    "/agenda.txt": ("第①回 ㈱髙島屋の予定表です。Ⅲ章を参照してください。".encode("cp932"), "㈱髙島屋"),
    "/forwarded.txt": ("来週の議事録を確認してください。".encode("iso2022_jp"), "議事録を確認"),
    "/decomposed.txt": ("Der Mu\u0308nchner Fru\u0308hling\n".encode(), "münchner frühling"),
    "/dos.txt": ("Größere Änderungen können später möglich werden.\n".encode("cp850"), "größere änderungen können"),
    "/hyphens.html": (b"<p>Donau&shy;dampf&shy;schiff</p><td width=10\">Alpha</td>", "donaudampfschiff alpha"),
    "/chapter.xhtml": (b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>&Alpha;&lambda;&phi;&alpha; '
                       b"chapter</body></html>", "αλφα chapter"),
    "/read me.md": (b"# Tides\n\nThe ebb runs *strong* here.\n", "tides the ebb runs"),
    "/table.csv": (b"name;depth\nkelpie;42\n", "kelpie 42"),
    "/data.json": (b'{"bird": "siskin in the alders"}', "siskin in the alders"),
    "/feed.xml": (b'<?xml version="1.0" encoding="ISO-8859-1"?><a><b>brambling &amp; br\xfcder</b></a>',
                  "brambling & brüder"),
    "/page.html": (b"<html><head><title>The linnet</title><script>var thistle;</script></head>"
                   b"<body><p>A linnet on the<b> gorse</b>.</p></body></html>", "linnet on the gorse"),
    "/LIESMICH": ("Der Steinschmätzer brütet im Geröll.\n".encode(), "steinschmätzer brütet"),
    "/letter to the club": (rb"{\rtf1\ansi The \b wryneck\b0  is back.}", "wryneck is back"),
    "/source/main.py": (b"def dotterel():\n    return 'moor'\n", "def dotterel return moor"),
}


def page(objects, words):
    """A PDF of one page, which shows these objects; and its further objects."""
    head = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<"
            "/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</I 5 0 R>>>>>>",
            f"<</Length {len(words)}>>stream\n{words}\nendstream"]
    pdf = b"%PDF-1.4\n"
    for number, item in enumerate([part.encode() for part in head] + objects, 1):
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    return pdf + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def typed(words):
    return page([], f"BT /F 24 Tf 72 700 Td ({words}) Tj ET")


def drawn(words, kind):
    """A picture of a page with these words."""
    return subprocess.run(["pdftoppm", "-r", "150", kind, "-"], input=typed(words), check=True,
                          capture_output=True).stdout


def scanned(words):
    jpeg = drawn(words, "-jpeg")
    picture = (b"<</Type/XObject/Subtype/Image/Width 1240/Height 1755/ColorSpace/DeviceRGB/BitsPerComponent 8"
               b"/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (len(jpeg), jpeg))
    return page([picture], "595 0 0 842 0 0 cm /I Do")


class ContentTest(world.Case):
    def setUp(self):
        self.place = self.world()
        self.place.set("extraction", mode=None)

    def add(self, path, content):
        return self.place.dropbox.change("add_file", path=path, base64=base64.b64encode(content).decode())

    def found(self, phrase):
        """The names of the files in which a search for a phrase finds it."""
        self.place.engine.request("POST", f"/{self.place.index}/_refresh")
        query = {"query": {"match_phrase": {"body": phrase}}, "_source": ["name"]}
        answer = self.place.engine.request("POST", f"/{self.place.index}/_search", query)
        return sorted(hit["_source"]["name"] for hit in answer["hits"]["hits"])

    def downloads(self, run):
        routes = ("files/download", "files/export", "sharing/get_shared_link_file")
        return sum(run.requests.get(route, 0) for route in routes)

    def test_what_is_in_files_is_found(self):
        for path, (content, _) in FILES.items():
            self.add(path, content)
        self.place.dropbox.change("add_paper", path="/plan.paper", markdown="# Plan\n\nCount the whimbrels.")
        self.add("/picture.jpg", b"heron waded in the reeds")
        self.add("/program", b"\x7fELF\0\1" + b"heron waded in the reeds" * 50_000)
        run = self.place.sync("full-sync")
        for path, (_, phrase) in FILES.items():
            self.assertEqual(self.found(phrase), [path.rpartition("/")[2]], phrase)
        self.assertEqual(self.found("count the whimbrels"), ["plan.paper"])
        self.assertEqual(self.found("thistle"), [])
        titles = [document["title"] for document in self.place.dump().values() if document.get("title")]
        self.assertEqual(titles, ["The linnet"])
        self.assertEqual(run.summary["content"]["fetched"], len(FILES) + 1)
        self.assertEqual(run.summary["content"]["other_type"], 2)
        self.assertEqual(self.downloads(run), len(FILES) + 2)
        self.assertEqual(self.place.dropbox.ask("violations"), [])

    def test_texts_have_the_language_that_they_are_in(self):
        self.place.set("extraction", guess_language=True, extensions="+zip")
        german = self.add("/brief.txt", "Der Verein trifft sich am Montag im großen Saal des Rathauses.".encode())
        french = self.add("/lettre.rtf", rb"{\rtf1\ansi Le club se r\'e9unit lundi dans la grande salle de la mairie.}")
        html = self.add("/page.html", b"<html lang=en-IE><p>The club meets on Monday in the hall.")
        figures = self.add("/figures.csv", b"1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as entries:
            entries.writestr("minutes/Firecrest ringing.docx", "x")
        self.add("/old.zip", archive.getvalue())
        self.place.sync("full-sync")
        languages = {id: document.get("language") for id, document in self.place.dump().items()}
        self.assertEqual([languages[id] for id in (german, french, html, figures)], ["de", "fr", "en-IE", None])
        # The analyzer takes "ringing.docx" for one word, as in the names of attachments.
        self.assertEqual(self.found("minutes firecrest ringing.docx"), ["old.zip"])

    def test_words_in_pictures_are_found_by_choice(self):
        self.add("/photo.png", drawn("Ringed plover 4711", "-png"))
        self.add("/fax.jpg", drawn("Grey wagtail", "-jpeg"))
        self.add("/scan.pdf", scanned("Hooded crow"))
        self.add("/typed.pdf", typed("Rock pipit"))
        self.add("/broken.png", b"\x89PNG\r\n\x1a\n and nothing else")
        phrases = {"ringed plover 4711": "photo.png", "grey wagtail": "fax.jpg", "hooded crow": "scan.pdf"}
        run = self.place.sync("full-sync")
        self.assertEqual(run.summary["content"]["no_text"], 1)
        self.assertEqual(run.summary["content"]["other_type"], 3)
        self.assertEqual(run.summary["content"]["ocr_files"], 0)
        self.assertEqual([self.found(phrase) for phrase in phrases], [[], [], []])
        self.place.set("extraction", ocr=True)
        run = self.place.sync("full-sync")
        for phrase, name in phrases.items():
            self.assertEqual(self.found(phrase), [name])
        self.assertEqual(self.found("rock pipit"), ["typed.pdf"])
        content = run.summary["content"]
        self.assertEqual((content["ocr_files"], content["unreadable"], content["no_text"]), (3, 1, 0))
        self.assertGreater(content["ocr_milliseconds"], 0)
        self.assertEqual(self.downloads(self.place.sync("full-sync")), 0)
        self.assertEqual(self.line_of_check("ocr")["status"], "ok")
        self.place.set("extraction", ocr_languages="eng+xyz")
        line = self.line_of_check("ocr")
        self.assertEqual(line["status"], "warning")
        self.assertIn("apt-get install tesseract-ocr-xyz", line["advice"])
        # Without it, nothing is read with the other languages alone; what is there stays.
        run = self.place.sync("full-sync")
        self.assertEqual(self.found("grey wagtail"), ["fax.jpg"])
        self.assertIn("tesseract cannot read xyz", run.stderr)

    def line_of_check(self, name):
        return next(line for line in self.place.run("check", "--json").summary["checks"] if line["name"] == name)

    def test_what_is_in_office_documents_is_found(self):
        files = office_documents.files()
        identifiers = {name: self.add("/" + name, content) for name, content in files.items()}
        self.add("/cut.docx", files["report.docx"][:1700])
        self.add("/drawing.vsd", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 of an older format")
        run = self.place.sync("full-sync")
        for name, phrases in office_documents.PHRASES.items():
            for phrase in phrases:
                self.assertEqual(self.found(phrase), [name], phrase)
        documents = self.place.dump()
        for name, (title, author) in office_documents.TITLES.items():
            document = documents[identifiers[name]]
            self.assertEqual((document["title"], document["author"]), (title, author), name)
        self.assertEqual(documents[identifiers["report.docx"]]["language"], "en-GB")
        content = {reason: count for reason, count in run.summary["content"].items() if count}
        self.assertEqual(content, {"fetched": len(office_documents.PHRASES), "encrypted": 1, "unreadable": 1, "other_type": 1})
        self.assertEqual(self.downloads(self.place.sync("full-sync")), 0)

    def test_content_is_fetched_once(self):
        file = self.add("/folder/a.txt", b"the first text")
        self.place.sync("full-sync")
        self.place.dropbox.change("move", **{"from": "/folder", "to": "/elsewhere"})
        self.place.dropbox.change("touch", path="/elsewhere/a.txt")
        self.assertEqual(self.downloads(self.place.sync("incremental")), 0)
        self.assertEqual(self.downloads(self.place.sync("full-sync")), 0)
        self.assertEqual(self.place.dump()[file]["body"], "the first text")
        self.place.dropbox.change("overwrite", path="/elsewhere/a.txt", text="the second text")
        self.assertEqual(self.downloads(self.place.sync("incremental")), 1)
        self.assertEqual(self.found("the second text"), ["a.txt"])
        self.assertEqual(self.found("the first text"), [])

    def test_files_received_one_by_one_are_found_and_fetched_once(self):
        dropbox = self.place.dropbox
        offer = dropbox.change("add_received_file", name="offer.txt", text="an offer of mallards")
        closed = dropbox.change("add_received_file", name="closed.txt", text="nobody's business")
        dropbox.change("set_received_file", id=closed, allow_download=False)
        office = base64.b64encode(office_documents.files()["report.docx"]).decode()
        dropbox.change("add_received_file", name="report.docx", base64=office)
        run = self.place.sync("full-sync")
        self.assertEqual(self.found("an offer of mallards"), ["offer.txt"])
        self.assertEqual(self.found(office_documents.PHRASES["report.docx"][0]), ["report.docx"])
        content = {reason: count for reason, count in run.summary["content"].items() if count}
        self.assertEqual(content, {"fetched": 2, "refused": 1})
        self.assertEqual(self.downloads(self.place.sync("full-sync")), 0)
        dropbox.change("add_file", path="/makes.txt", text="the next run compare")
        self.assertEqual(self.downloads(self.place.sync("incremental")), 1)

        # A failed one stays, and the next run gets it, although the change feed does not report it.
        late = dropbox.change("add_received_file", name="late.txt", text="a late gadwall")
        dropbox.fault("sharing/get_shared_link_file", "status", status=400, body="Error in call",
                      content_type="text/plain")
        failed = self.place.run("incremental")
        self.assertEqual(failed.code, 3, failed)
        self.assertEqual(self.place.dump()[late]["name"], "late.txt")
        self.place.sync("incremental")
        self.assertEqual(self.found("a late gadwall"), ["late.txt"])
        self.assertEqual(self.place.dump()[offer]["body"], "an offer of mallards")
        self.assertEqual(dropbox.ask("violations"), [])

    def test_downloads_that_break_off_go_on(self):
        content = b"".join(b"line %d of a long text\n" % number for number in range(100_000))
        file = self.add("/long.txt", content)
        self.place.dropbox.fault("files/download", "reset_in_body", at_byte=MIB)
        self.place.dropbox.fault("files/download", "cut_body", at_byte=MIB // 2)
        run = self.place.sync("full-sync")
        self.assertEqual(self.place.dump()[file]["body"], content.decode())
        self.assertEqual(run.summary["content"]["fetched"], 1)
        # Not everything three times over.
        self.assertLess(run.summary["dropbox"]["bytes_received"], 1.5 * len(content))

    def test_listings_and_downloads_keep_to_the_rate(self):
        for number in range(8):
            self.add(f"/{number}.txt", b"heron " * 8000)
        run = self.place.sync("full-sync", "--bwlimit", "100K")
        # 384,000 bytes, of which a tenth of a second's are credit.
        self.assertGreater(run.seconds, 384_000 / (100 << 10) - 0.2)
        self.assertEqual(run.documents["created"], 8)
        self.place.set("dropbox", bwlimit="fast")
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn("dropbox.bwlimit: expected bytes a second, such as 512K", run.stderr)
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)

    def test_a_signal_ends_a_run_that_its_rate_holds_up(self):
        self.add("/long.txt", b"a long text\n" * 100_000)
        started = self.place.begin("full-sync", "--bwlimit", "1K")
        time.sleep(2)
        started.process.send_signal(signal.SIGTERM)
        # The whole file would take twenty minutes.
        self.assertEqual(started.finish(timeout_s=60).code, 143)
        self.place.sync("full-sync")
        self.assertEqual(self.found("long text"), ["long.txt"])

    def test_a_document_beyond_ten_megabytes_is_stored_whole(self):
        self.place.set("extraction", max_file_download_size="32MiB")
        # Not far beyond: Elasticsearch takes a document only if five times its size fits into a tenth of its heap.
        content = (b"word " * 200 + b"\n") * 10_050
        self.assertGreater(len(content), 10_000_000)
        file = self.add("/huge.txt", content)
        self.place.sync("full-sync")
        self.assertEqual(len(self.place.dump()[file]["body"]), len(content))

    def test_a_document_that_the_cluster_cannot_take_costs_itself_alone(self):
        self.place.set("extraction", max_file_download_size="32MiB")
        self.place.set("sync", give_up_after=60)  # a third of which is enough to know it
        small = [self.add(f"/{number}.txt", b"small") for number in range(10)]
        giant = self.add("/giant.txt", b"small, to begin with")
        self.place.sync("full-sync")
        self.place.dropbox.change("add_file", path="/giant.txt", size=14 * MIB, seed=1)
        self.place.dropbox.change("overwrite", path="/0.txt", text="changed")
        run = self.place.run("incremental")
        self.assertEqual(run.code, 3, run)
        documents = self.place.dump()
        self.assertEqual(documents[small[0]]["body"], "changed")
        self.assertEqual(documents[giant]["body"], "small, to begin with")
        failures, = [path for path in self.place.state_files() if path.name.endswith(".failures.ndjson")]
        self.assertIn("too large for the cluster", failures.read_text())
        # The next run knows no more, and ends no worse.
        self.place.dropbox.change("overwrite", path="/giant.txt", text="small again")
        self.place.sync("incremental")
        self.assertEqual(self.place.dump()[giant]["body"], "small again")

    def test_a_stop_is_prompt_and_loses_nothing(self):
        for number in range(20):
            self.add(f"/{number}.txt", b"text number %d" % number)
        self.place.dropbox.fault("files/download", "stall_before_headers", delay_ms=60_000, skip=10)
        started = self.place.begin("full-sync")
        while self.place.dropbox.counters().get("files/download", 0) < 20:
            self.assertIsNone(started.process.poll())
        started.process.terminate()
        run = started.finish()
        self.assertEqual(run.code, 143, run)
        self.assertLess(run.seconds, 20)
        self.place.let_go()
        self.place.sync("full-sync")
        for number in range(20):
            self.assertEqual(self.found(f"text number {number}"), [f"{number}.txt"])

    def test_memory_is_bounded_however_much_is_fetched(self):
        most_mib = 64
        for number in range(40):
            self.place.dropbox.change("add_file", path=f"/{number}.txt", size=8 * MIB, seed=number)
        self.place.set("extraction", max_memory=f"{most_mib}MiB")
        report = self.place.folder / "peak"
        run = self.place.sync("full-sync", wrapper=(shutil.which("time"), "-f", "%M", "-o", str(report)))
        self.assertEqual(run.summary["content"]["fetched"], 40)
        self.assertLess(int(report.read_text()) / 1024, most_mib + MOST_BESIDES_MIB)


# What Elastic's managed pipeline does, with a script in place of the attachment processor, which none of the test
# engines has: it decodes, cuts and sets the body, and takes every file for plain text.
EXTRACT = """
if (ctx._attachment == null || ctx._extract_binary_content != true) return;
String text = ctx._attachment.decodeBase64();
int most = ctx._attachment_indexed_chars == null ? 100000 : (int) ctx._attachment_indexed_chars;
if (most >= 0 && text.length() > most) text = text.substring(0, most);
if (!text.isEmpty()) ctx.body = text;
"""
SWITCHES = ["_extract_binary_content", "_reduce_whitespace", "_run_ml_inference"]
PIPELINE = {"processors": [
    {"script": {"lang": "painless", "source": EXTRACT}},
    {"gsub": {"field": "body", "pattern": "\\s+", "replacement": " ", "ignore_missing": True,
              "if": "ctx._reduce_whitespace == true"}},
    {"trim": {"field": "body", "ignore_missing": True, "if": "ctx._reduce_whitespace == true"}},
    {"remove": {"field": ["_attachment", "_attachment_indexed_chars", *SWITCHES],
                "ignore_missing": True}},
]}


ENRICH = """
ctx.words = ctx.body == null ? 0 : ctx.body.splitOnToken(' ').length;
ctx.seen = params.pipeline + ' ' + ctx.name;
"""


class EnrichmentTest(world.Case):
    """What an ingest pipeline adds follows every change; what other programs add to documents and mapping stays."""

    def setUp(self):
        self.place = self.world(engines.engine("opensearch"))
        self.place.set("extraction", mode="local")
        self.engine = self.place.engine

    def add_pipeline(self, name):
        self.engine.request("PUT", f"/_ingest/pipeline/{name}", {"processors": [
            {"script": {"lang": "painless", "source": ENRICH, "params": {"pipeline": name}}}]})
        self.addCleanup(self.engine.request, "DELETE", f"/_ingest/pipeline/{name}")
        return name

    def test_every_change_passes_through_the_pipeline(self):
        place = self.place
        german = {"type": "text", "analyzer": "german"}
        self.engine.request("PUT", f"/{place.index}", {"mappings": {"properties": {
            "body": german, "everything": german, "note": {"type": "keyword"}}}})
        place.set("elasticsearch", pipeline=self.add_pipeline("e2e-words"))
        file = place.dropbox.change("add_file", path="/a.txt", text="eins zwei drei")
        other = place.dropbox.change("add_file", path="/other.txt", text="vier")
        place.sync("full-sync")
        document = place.dump()[file]
        self.assertEqual((document["words"], document["seen"]), (3, "e2e-words a.txt"))
        self.engine.request("POST", f"/{place.index}/_update/{urllib.parse.quote(file)}?refresh=true",
                            {"doc": {"note": "mine"}})

        place.dropbox.change("move", **{"from": "/a.txt", "to": "/b.txt"})
        run = place.sync("incremental")
        self.assertNotIn("files/download", run.requests)
        document = place.dump()[file]
        self.assertEqual((document["words"], document["seen"], document["note"]), (3, "e2e-words b.txt", "mine"))
        self.assertEqual(document["body"], "eins zwei drei")

        place.dropbox.change("overwrite", path="/b.txt", text="eins zwei")
        place.sync("incremental")
        document = place.dump()[file]
        self.assertEqual((document["words"], document["body"], document["note"]), (2, "eins zwei", "mine"))

        place.set("elasticsearch", pipeline=self.add_pipeline("e2e-other"))
        self.assertEqual(place.run("incremental").code, 6)
        run = place.sync("full-sync")
        self.assertNotIn("files/download", run.requests)
        documents = place.dump()
        self.assertEqual({documents[key]["seen"] for key in (file, other)}, {"e2e-other b.txt", "e2e-other other.txt"})
        self.assertEqual(documents[file]["note"], "mine")
        self.assertEqual(place.sync("full-sync").documents, {"unchanged": len(documents)})
        mapping = self.engine.request("GET", f"/{place.index}/_mapping")[place.index]["mappings"]["properties"]
        self.assertEqual((mapping["body"]["analyzer"], mapping["everything"]), ("german", german))


# A stand-in for an inference processor: a vector of the text, and the model that made it.
EMBED = """
if (ctx.body == null) return;
ctx.inference = ['model': params.model, 'vector': [ctx.body.length(), ctx.body.splitOnToken(' ').length]];
"""
ADDED = {"properties": {
    "body": {"type": "text", "analyzer": "french", "copy_to": ["everything"],
             "fields": {"exact": {"type": "text", "analyzer": "standard"}}},
    "everything": {"type": "text", "analyzer": "french"},
    "inference": {"properties": {"model": {"type": "keyword"}, "vector": {"type": "float"}}},
    "department": {"type": "keyword"}}}


class AddedByTheUserTest(world.Case):
    """The recipe of dbx-es-documents(7): what a user adds to mapping, settings and documents survives every later run."""

    def setUp(self):
        self.place = self.world(engines.engine("opensearch"))
        self.engine = self.place.engine
        self.place.set("extraction", mode="local")
        self.place.set("dropbox", use_document_level_security=True)
        self.pipeline = f"{self.place.index}-embed"
        self.engine.request("PUT", f"/_ingest/pipeline/{self.pipeline}", {"processors": [
            {"script": {"lang": "painless", "source": EMBED, "params": {"model": "small"}}}]})
        self.addCleanup(self.engine.request, "DELETE", f"/_ingest/pipeline/{self.pipeline}")

    def assert_kept(self, file, text, department="legal"):
        document = self.place.dump()[file]
        self.assertEqual(document["body"], text)
        self.assertEqual(document["inference"], {"model": "small", "vector": [len(text), len(text.split(" "))]})
        self.assertEqual(document.get("department"), department)
        index = self.engine.request("GET", f"/{self.place.index}")[self.place.index]
        for name, mapping in ADDED["properties"].items():
            self.assertEqual(index["mappings"]["properties"][name], mapping)
        self.assertEqual(index["settings"]["index"]["default_pipeline"], self.pipeline)

    def test_every_later_run_keeps_it(self):
        place = self.place
        self.engine.request("PUT", f"/{place.index}", {
            "mappings": ADDED, "settings": {"index": {"default_pipeline": self.pipeline}}})
        place.set("elasticsearch", pipeline=self.pipeline)
        file = place.dropbox.change("add_file", path="/contract.txt", text="les contrats signés")
        place.sync("full-sync")
        self.assert_kept(file, "les contrats signés", department=None)
        place.sync("acl-sync")
        self.engine.request("POST", f"/{place.index}/_update/{urllib.parse.quote(file)}?refresh=true",
                            {"doc": {"department": "legal"}})
        # The analyzer of the user finds another form of the word.
        hits = self.engine.search(place.index, {"match": {"everything": "contrat signé"}})
        self.assertEqual([hit["_id"] for hit in hits], [file])

        place.dropbox.change("move", **{"from": "/contract.txt", "to": "/signed.txt"})
        place.sync("incremental")
        self.assert_kept(file, "les contrats signés")
        place.dropbox.change("overwrite", path="/signed.txt", text="un contrat")
        place.sync("incremental")
        self.assert_kept(file, "un contrat")
        for arguments in (["acl-sync"], ["incremental"], ["full-sync"], ["full-sync", "--force"], ["acl-sync"]):
            with self.subTest(arguments=arguments):
                place.sync(*arguments)
                self.assert_kept(file, "un contrat")


class PipelineTest(world.Case):
    """Extraction by an ingest pipeline, on OpenSearch, which has the processors but for `attachment`."""

    def setUp(self):
        self.place = self.world(engines.engine("opensearch"))
        self.place.set("extraction", mode="pipeline")
        self.engine = self.place.engine
        self.addCleanup(self.engine.request, "DELETE", "/_ingest/pipeline/*")

    def add(self, path, content):
        return self.place.dropbox.change("add_file", path=path, base64=base64.b64encode(content).decode())

    def test_a_missing_pipeline_is_named_before_anything_is_done(self):
        self.add("/a.pdf", b"text")
        run = self.place.run("full-sync")
        self.assertEqual(run.code, 2, run)
        self.assertIn("search-default-ingestion", run.stderr)
        self.assertIsNone(self.place.dump())

    def test_the_pipeline_gets_each_file_once(self):
        self.engine.request("PUT", "/_ingest/pipeline/search-default-ingestion", PIPELINE)
        long = b"word " * 50_000  # beyond the processor's own limit
        text, pdf = self.add("/a.txt", b"  one\n two  "), self.add("/b.pdf", long)
        plain = self.add("/c.jpg", b"no text")
        run = self.place.sync("full-sync")
        documents = self.place.dump()
        self.assertEqual(documents[text]["body"], "one two")
        self.assertEqual(documents[pdf]["body"], long.decode().strip())
        self.assertNotIn("body", documents[plain])
        for document in documents.values():
            self.assertEqual([field for field in document if field.startswith("_") and field != "_timestamp"], [])
        self.assertEqual(run.requests["files/download"], 2)

        self.place.dropbox.change("move", **{"from": "/a.txt", "to": "/moved.txt"})
        self.place.dropbox.change("overwrite", path="/b.pdf", text="new text")
        self.assertEqual(self.place.sync("incremental").requests["files/download"], 1)
        self.assertNotIn("files/download", self.place.sync("full-sync").requests)
        documents = self.place.dump()
        self.assertEqual(documents[text]["body"], "one two")
        self.assertEqual([field for field in documents[text] if field in SWITCHES], [])
        self.assertEqual(documents[text]["path_lower"], "/moved.txt")
        self.assertEqual(documents[pdf]["body"], "new text")

        # A file without text takes the old text away.
        self.place.dropbox.change("overwrite", path="/b.pdf", text=" ")
        self.place.sync("incremental")
        self.assertFalse(self.place.dump()[pdf].get("body"))

    def test_permissions_change_without_touching_what_the_pipeline_made(self):
        self.engine.request("PUT", "/_ingest/pipeline/search-default-ingestion", PIPELINE)
        dropbox = self.place.dropbox
        self.place.set("dropbox", use_document_level_security=True)
        file = self.add("/s/a.txt", b"  one\n two  ")
        folder = dropbox.change("share_folder", path="/s")
        self.place.sync("full-sync")
        before = self.place.dump()[file]
        self.assertEqual(before["body"], "one two")
        members = [{"kind": "invitee", "id": "pat@example.org", "access": "viewer"}]
        dropbox.change("set_members", shared_folder_id=folder, members=members)
        run = self.place.sync("acl-sync")
        self.assertNotIn("files/download", run.requests)
        after = self.place.dump()[file]
        self.assertIn("email:pat@example.org", after["_allow_access_control"])
        changed = {field for field in before.keys() | after.keys() if before.get(field) != after.get(field)}
        self.assertEqual(changed, {"_allow_access_control", "permissions_fingerprint", "sync_version"})
        # New content replaces the document; its list comes along.
        dropbox.change("overwrite", path="/s/a.txt", text="new text")
        self.place.sync("incremental")
        replaced = self.place.dump()[file]
        self.assertEqual(replaced["body"], "new text")
        self.assertEqual(replaced["_allow_access_control"], after["_allow_access_control"])
