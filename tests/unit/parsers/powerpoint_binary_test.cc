// SPDX-License-Identifier: Apache-2.0
#include "parsers/powerpoint_binary.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "parsers/parse_document.h"
#include "support/compound_files.h"

namespace dbxes::parsers {
namespace {

std::string Atom(unsigned type, const std::string& data, unsigned instance = 0) {
  return LittleEndianOf(instance << 4, 2) + LittleEndianOf(type, 2) +
         LittleEndianOf(data.size(), 4) + data;
}
std::string Container(unsigned type, const std::string& data, unsigned instance = 0) {
  return LittleEndianOf(instance << 4 | 0xf, 2) + LittleEndianOf(type, 2) +
         LittleEndianOf(data.size(), 4) + data;
}
std::string Slide(const std::string& text, unsigned type = 0x3ee) {
  return Container(type, Container(0x40c, Container(0xf002, Container(0xf00d, Atom(0xfa8, text)))));
}
// A shape of a master, with this data of PowerPoint.
std::string Shape(const std::string& text, const std::string& data) {
  return Container(0xf004, Container(0xf011, data) + Container(0xf00d, Atom(0xfa8, text)));
}
std::string Persist(unsigned id) { return Atom(0x3f3, LittleEndianOf(id, 4)); }

// Collects parts, and the directory of each time that the file is saved.
class Presentation {
 public:
  void Add(unsigned id, const std::string& part) {
    added_.emplace_back(id, stream_.size());
    stream_ += part;
  }
  void Save(unsigned document) {
    const std::size_t directory = stream_.size();
    std::string entries;
    for (const auto& [id, place] : std::exchange(added_, {})) {
      entries += LittleEndianOf(id | 1 << 20, 4) + LittleEndianOf(place, 4);
    }
    stream_ += Atom(0x1772, entries);
    const std::size_t edit = stream_.size();
    stream_ += Atom(0xff5, LittleEndianOf(0, 8) + LittleEndianOf(last_edit_, 4) +
                               LittleEndianOf(directory, 4) + LittleEndianOf(document, 4));
    last_edit_ = edit;
  }
  std::string File(unsigned long token = 0xe391c05f) const {
    return CompoundOf(Streams("", token));
  }
  std::map<std::string, std::string> Streams(const std::string& storage,
                                             unsigned long token = 0xe391c05f) const {
    return {
        {storage + "PowerPoint Document", stream_},
        {storage + "Current User", Atom(0xff6, LittleEndianOf(0x14, 4) + LittleEndianOf(token, 4) +
                                                   LittleEndianOf(last_edit_, 4))}};
  }

 private:
  std::string stream_ = Atom(0, "");
  std::vector<std::pair<unsigned, std::size_t>> added_;
  std::size_t last_edit_ = 0;
};

Parsed<ParsedDocument> Parse(const std::string& bytes) {
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

std::string TextOf(const Presentation& presentation) {
  const auto document = Parse(presentation.File());
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return document->text;
}

}  // namespace

TEST_CASE("slides and notes in order, then what all slides show of their master") {
  Presentation talk;
  const std::string slides = Container(
      0xff0, Persist(4) + Atom(0xfa0, Wide("title\rtwo")) + Persist(3) + Atom(0xfa8, "first"), 0);
  const std::string masters = Container(0xff0, Persist(6), 1);
  const std::string notes = Container(0xff0, Persist(5), 2);
  talk.Add(1, Container(0x3e8, Atom(0x3e9, "x") + masters + notes + slides));
  talk.Add(3, Slide("in a box"));
  talk.Add(4, Slide("caf\xe9\vbar"));
  talk.Add(5, Slide("a note", 0x3f0));
  talk.Add(6, Container(0x3f8, Shape("Click to edit", Atom(0xbc3, "x")) + Shape("Acme", "")));
  talk.Save(1);
  CHECK(TextOf(talk) == "title\ntwo\ncaf\u00e9\nbar\nfirst\nin a box\na note\nAcme");
}

TEST_CASE("a title master is read as the main one is: without its instructions") {
  Presentation talk;
  const std::string masters = Container(0xff0, Persist(6) + Persist(7), 1);
  const std::string slides = Container(0xff0, Persist(3) + Atom(0xfa0, Wide("Opening")), 0);
  talk.Add(1, Container(0x3e8, masters + slides));
  talk.Add(3, Slide("in a box"));
  talk.Add(6, Container(0x3f8, Shape("Click to edit", Atom(0xbc3, "x")) + Shape("Acme", "")));
  // A slide in the list of masters ([MS-PPT] 2.5.10: a title master slide).
  talk.Add(7, Container(0x3ee, Container(0x40c, Shape("Click to edit title", Atom(0xbc3, "x")) +
                                                    Shape("Annual meeting 1999", ""))));
  talk.Save(1);
  CHECK(TextOf(talk) == "Opening\nin a box\nAcme\nAnnual meeting 1999");
}

TEST_CASE("a presentation for PowerPoint 95, too, is read as that of 97 within it") {
  Presentation talk;
  talk.Add(1, Container(0x3e8, Container(0xff0, Persist(2), 0)));
  talk.Add(2, Slide("the newer one"));
  talk.Save(1);
  auto streams = talk.Streams("PP97_DUALSTORAGE/");
  streams["PowerPoint Document"] = std::string(5000, 'x');
  streams["Current User"] = "of 95";
  const auto document = Parse(CompoundOf(streams));
  REQUIRE(document);
  CHECK(document->text == "the newer one");
  CHECK_FALSE(document->damaged_partly);
}

TEST_CASE("only the newest version of each slide counts") {
  Presentation talk;
  talk.Add(1, Container(0x3e8, Container(0xff0, Persist(2) + Persist(3), 0)));
  talk.Add(2, Slide("old"));
  talk.Add(3, Slide("kept"));
  talk.Save(1);
  talk.Add(2, Slide("new"));
  talk.Save(1);
  CHECK(TextOf(talk) == "new\nkept");
}

TEST_CASE("comments have text, within the data of tags, too; places of numbers have none") {
  const std::string comment = Container(
      0x2ee0, Atom(0xfba, Wide("Bo"), 0) + Atom(0xfba, Wide("a remark"), 1) + Atom(0xfba, "B", 2));
  Presentation talk;
  talk.Add(1, Container(0x3e8, Container(0xff0, Persist(2), 0)));
  const std::string tags =
      Container(0x1388, Container(0x138a, Atom(0xfba, Wide("___PPT10")) + Atom(0x138b, comment)));
  talk.Add(2, Container(0x3ee, Atom(0xfa8, "*") + tags));
  talk.Save(1);
  CHECK(TextOf(talk) == "Bo\na remark");
}

TEST_CASE("headers and footers are there once, if they are shown") {
  const auto group = [](unsigned shown, const std::string& header, const std::string& footer) {
    return Container(0xfd9, Atom(0xfda, LittleEndianOf(0, 2) + LittleEndianOf(shown, 2)) +
                                Atom(0xfba, Wide(header), 1) + Atom(0xfba, Wide(footer), 2));
  };
  Presentation talk;
  talk.Add(1, Container(0x3e8, group(0x20, "hidden", "foot") + group(0x30, "head", "foot") +
                                   Container(0xff0, Persist(2), 0)));
  talk.Add(2, Slide("text"));
  talk.Save(1);
  CHECK(TextOf(talk) == "text\nfoot\nhead");
}

TEST_CASE("a presentation with a password says so, one without its list keeps its text") {
  Presentation talk;
  talk.Add(1, Container(0x3e8, Container(0xff0, Persist(2), 0)));
  talk.Add(2, Slide("kept"));
  CHECK(Parse(talk.File(0xf3d1c4df)).error() == Unreadable::kEncrypted);
  const auto damaged = Parse(talk.File());  // never saved
  REQUIRE(damaged);
  CHECK(damaged->text == "kept");
  CHECK(damaged->damaged_partly);
}

TEST_CASE("a slide that is listed again is read once") {
  Presentation talk;
  talk.Add(1, Container(0x3e8, Container(0xff0, Persist(2) + Persist(2) + Persist(1), 0)));
  talk.Add(2, Slide("once"));
  talk.Save(1);
  CHECK(TextOf(talk) == "once");
}

TEST_CASE("parts that lead back to themselves come to an end") {
  Presentation talk;
  std::string deep = Atom(0xfa8, "deep");
  for (int depth = 0; depth < 200; ++depth) deep = Container(0x3ee, deep);
  std::string list;
  for (int times = 0; times < 3; ++times) list += Persist(1);
  talk.Add(1, Container(0x3e8, Container(0xff0, list + Persist(2), 0)));
  talk.Add(2, deep);
  talk.Save(1);
  CHECK(Parse(talk.File()).error() == Unreadable::kTooComplex);
}

}  // namespace dbxes::parsers
