// SPDX-License-Identifier: Apache-2.0
#include "pdf/text_stream.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/child_process.h"

namespace dbxes::pdf {
namespace {

struct Written {
  explicit Written(std::size_t most = 100) : stream(file.get(), most) {}

  std::string Text() const {
    const auto bytes = parsers::ReadMemoryFile(file, 1000);
    REQUIRE(bytes);
    return *bytes;
  }

  Descriptor file = *parsers::MakeMemoryFile("");
  TextStream stream;
};

}  // namespace

TEST_CASE("white space is written between texts only") {
  Written written;
  written.stream.Append(" \n");
  written.stream.Append("one\n\n");
  CHECK(written.Text() == "one");
  written.stream.Append("\n");
  written.stream.Append("two\n");
  CHECK(written.Text() == "one\n\n\ntwo");
  CHECK(written.stream.written() == 9);
  CHECK_FALSE(written.stream.full());
}

TEST_CASE("paragraphs stand alone, and empty ones not at all") {
  Written written;
  written.stream.Append("page");
  written.stream.AppendParagraph("note");
  written.stream.AppendParagraph(" \n");
  written.stream.AppendParagraph("other");
  CHECK(written.Text() == "page\nnote\n\nother");
}

TEST_CASE("bytes that are no text become replacement characters") {
  Written written;
  written.stream.Append("a\xff\xc3z");
  CHECK(written.Text() == "a\ufffd\ufffdz");
}

TEST_CASE("the text ends between two characters at its limit") {
  Written written(4);
  written.stream.Append("abc\u00e9");
  CHECK(written.Text() == "abc");
  CHECK(written.stream.full());
  CHECK(written.stream.written() == 3);
  written.stream.Append("x");
  CHECK(written.Text() == "abc");
}

TEST_CASE("a file that cannot be written is noted") {
  TextStream stream(-1, 100);
  stream.Append("text");
  CHECK(stream.failed());
}

TEST_CASE("pages of white space do not pile up") {
  Written written(100'000);
  written.stream.Append("a");
  for (int page = 0; page < 100; ++page) written.stream.Append(std::string(4096, '\n'));
  written.stream.Append("b");
  CHECK(written.stream.written() < 10'000);
}

}  // namespace dbxes::pdf
