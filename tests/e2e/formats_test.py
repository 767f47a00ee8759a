# SPDX-License-Identifier: Apache-2.0
"""Documents of many formats, found by a real search through the confined processes."""

import base64

import world

# {path: (bytes, phrases that a search has to find in it)}; each phrase once in the world.
RICH_TEXT = {
    "/letter.rtf": (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}{\info{\title On snipe}"
                    rb"{\author Ann Lee}}\f0 the snipe\'e9 drums \u8364?20\par\f1 \'cf\'f0\'e8\'e2\'e5\'f2 \'e1\'e5\'ea\'e0\'f1\par}",
                    ["the snipeé drums", "привет бекас"]),
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
