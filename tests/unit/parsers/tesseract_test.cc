// SPDX-License-Identifier: Apache-2.0
#include "parsers/tesseract.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::parsers {
namespace {

constexpr char kHead[] =
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_"
    "num\tleft\ttop\twidth\theight\tconf\ttext\n";

// A row of a word: its block, its line, how sure tesseract is, and the word.
std::string Word(int block, int line, const std::string& confidence, const std::string& word) {
  return "5\t1\t" + std::to_string(block) + "\t1\t" + std::to_string(line) + "\t1\t0\t0\t9\t9\t" +
         confidence + "\t" + word + "\n";
}

}  // namespace

TEST_CASE("the words of a table become lines") {
  const std::string table = std::string(kHead) + "1\t1\t0\t0\t0\t0\t0\t0\t10\t10\t-1\t\n" +
                            Word(1, 1, "95.848389", "Invoice") + Word(1, 1, "96.189590", "4711") +
                            "4\t1\t1\t1\t2\t0\t0\t0\t9\t9\t-1\t\n" + Word(1, 2, "91", "harbour") +
                            Word(2, 2, "91", "office");
  CHECK(WordsOf(table) == "Invoice 4711\nharbour\noffice");
}

TEST_CASE("shapes that are hardly letters, blanks and rows that break off are no words") {
  CHECK(WordsOf(Word(1, 1, "29.9", "~~_") + Word(1, 1, "30", "reed")) == "reed");
  CHECK(WordsOf(Word(1, 1, "95.000000", " ")).empty());
  CHECK(WordsOf(Word(1, 1, "95", "")).empty());
  CHECK(WordsOf(Word(1, 1, "", "word")).empty());
  CHECK(WordsOf("5\t1\t1\n").empty());
  const std::string cut = Word(1, 1, "95", "heron") + Word(1, 1, "95", "hero");
  CHECK(WordsOf(std::string_view(cut).substr(0, cut.size() - 1)) == "heron");
  CHECK(WordsOf("").empty());
}

TEST_CASE("only a picture goes to tesseract, which would take anything else for names of files") {
  using namespace std::string_literals;
  for (const std::string& begin : {"\x89PNG\r\n\x1a\n"s, "\xff\xd8\xff\xe0"s, "GIF87a"s, "GIF89a"s,
                                   "II*\0"s, "MM\0*"s, "BM"s, "RIFF\4\0\0\0WEBPVP8 "s}) {
    CAPTURE(begin);
    CHECK(IsPicture(begin + "more"));
  }
  for (const std::string& begin : {""s, "/etc/passwd\n"s, "http://host/a.png\n"s, "II"s,
                                   "RIFF\4\0\0\0WAVE"s, "\x89PNG"s, "%PDF-1.4"s}) {
    CAPTURE(begin);
    CHECK_FALSE(IsPicture(begin));
  }
}

TEST_CASE("a language that is not installed is named, with its package") {
  const std::string list = "List of available languages in \"/usr/share/x/\" (3):\ndeu\neng\nosd\n";
  CHECK(MissingLanguages("eng", list).empty());
  CHECK(MissingLanguages("deu+eng", list).empty());
  CHECK(MissingLanguages("fra+deu+chi_sim", list) == "fra+chi_sim");
  CHECK(MissingLanguages("de", list) == "de");
  CHECK(MissingLanguages("eng", "") == "eng");
  CHECK(PackagesOf("fra+chi_sim") == "tesseract-ocr-fra tesseract-ocr-chi-sim");
}

}  // namespace dbxes::parsers
