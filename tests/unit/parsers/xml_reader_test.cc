// SPDX-License-Identifier: Apache-2.0
#include "parsers/xml_reader.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::parsers {
namespace {

class Recorder final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    events += "<" + std::string(name);
    for (const char* attribute : {"id", "x"}) {
      events += " " + std::string(attributes.Find(attribute));
    }
    events += " " + std::string(attributes.FindQualified("id")) + ">";
  }
  void End(std::string_view name) override { events += "</" + std::string(name) + ">"; }
  void Text(std::string_view text) override { events += text; }
  bool Done() const override { return !stop_at.empty() && events.find(stop_at) != events.npos; }

  std::string events;
  std::string stop_at;
};

XmlReader::State Read(std::string_view xml, Recorder& recorder) {
  XmlReader reader(recorder);
  reader.Feed(xml);
  return reader.Finish();
}

}  // namespace

TEST_CASE("names come without their namespace, and attributes with and without") {
  Recorder recorder;
  CHECK(Read("<w:a xmlns:w='urn:w' xmlns:r='urn:r' id='1' r:id='2' x='3'>t&amp;&#233;</w:a>",
             recorder) == XmlReader::State::kDone);
  CHECK(recorder.events == "<a 1 3 2>t&\u00e9</a>");
}

TEST_CASE("the pieces of a document may be of any size") {
  Recorder recorder;
  XmlReader reader(recorder);
  const std::string xml = "<?xml version='1.0' encoding='UTF-16'?><a/>";
  std::string wide = "\xff\xfe";
  for (const char c : xml) (wide += c) += '\0';
  for (const char c : wide) reader.Feed({&c, 1});
  CHECK(reader.Finish() == XmlReader::State::kDone);
  CHECK(recorder.events == "<a   ></a>");
}

TEST_CASE("a handler that has enough ends the reading, whatever follows") {
  Recorder recorder;
  recorder.stop_at = "</b>";
  CHECK(Read("<a><b></b><c></nonsense>", recorder) == XmlReader::State::kDone);
  CHECK(recorder.events.find("c") == std::string::npos);
}

TEST_CASE("what is no XML, breaks off or has entities is damaged") {
  Recorder recorder;
  CHECK(Read("", recorder) == XmlReader::State::kDamaged);
  CHECK(Read("text", recorder) == XmlReader::State::kDamaged);
  CHECK(Read("<a><b></b>", recorder) == XmlReader::State::kDamaged);
  CHECK(Read("<!DOCTYPE a [<!ENTITY e 'text'>]><a>&e;</a>", recorder) ==
        XmlReader::State::kDamaged);
  CHECK(Read("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", recorder) ==
        XmlReader::State::kDamaged);
  CHECK(recorder.events.find("text") == std::string::npos);
  std::string deep;
  for (int level = 0; level < 20'000; ++level) deep += "<d>";
  CHECK(Read(deep, recorder) == XmlReader::State::kDamaged);
}

}  // namespace dbxes::parsers
