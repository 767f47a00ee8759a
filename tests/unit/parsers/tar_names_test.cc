// SPDX-License-Identifier: Apache-2.0
#include "parsers/tar_names.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "parsers/parse_document.h"

namespace dbxes::parsers {
namespace {

struct Member {
  std::string name;
  std::string data = {};
  char kind = '0';
  std::string prefix = {};
  std::string magic = std::string("ustar\0", 6);
  std::string size = {};  // in place of that of the data
};

std::string Field(std::string text, std::size_t length) {
  text.resize(length);
  return text;
}

std::string Block(const Member& member) {
  const std::string size =
      member.size.empty() ? fmt::format("{:011o} ", member.data.size()) : member.size;
  std::string header = Field(member.name, 100) + Field("0000644", 8) + Field("", 16) +
                       Field(size, 12) + Field("", 12) + std::string(8, ' ') + member.kind +
                       Field("", 100) + Field(member.magic, 8) + Field("", 80) +
                       Field(member.prefix, 155) + Field("", 12);
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  header.replace(148, 8, Field(fmt::format("{:06o}", sum), 7) + " ");
  return header + member.data + std::string((512 - member.data.size() % 512) % 512, '\0');
}

std::string Tar(const std::vector<Member>& members) {
  std::string bytes;
  for (const Member& member : members) bytes += Block(member);
  return bytes + std::string(1024, '\0');
}

// A member of a gzip file. `name`: noted in its header.
std::string Gzip(std::string bytes, const std::string& name = "") {
  z_stream stream{};
  REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string copy = name;
  gz_header header{};
  header.name = copy.empty() ? nullptr : reinterpret_cast<Bytef*>(copy.data());
  REQUIRE(::deflateSetHeader(&stream, &header) == Z_OK);
  std::string packed(bytes.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

Parsed<ParsedDocument> Names(const std::string& bytes, const ParseLimits& limits = {}) {
  return ParseDocument(bytes, DocumentForm::kArchiveNames, limits);
}

std::string Whole(const std::string& bytes) {
  const auto names = Names(bytes);
  REQUIRE(names);
  CHECK_FALSE(names->damaged_partly);
  return names->text;
}

const std::vector<Member> kTwo{{"./a.txt", std::string(700, 'x')}, {"2024/Offer.docx", "data"}};

}  // namespace

TEST_CASE("a tar archive is the names of its files, also within gzip") {
  CHECK(Whole(Tar(kTwo)) == "a.txt\n2024/Offer.docx");
  CHECK(Whole(Gzip(Tar(kTwo))) == "a.txt\n2024/Offer.docx");
  // One without the blocks that end it; folders; what only has a link.
  CHECK(Whole(Block({"one"})) == "one");
  CHECK(Whole(Tar({{"folder", "", '5'}, {"old/", ""}, {"link", "", '2'}})) == "link");
  CHECK(Whole(Tar({{"caf\xe9", ""}})) == "caf\ufffd");
}

TEST_CASE("long names are in a prefix, or in entries of their own") {
  CHECK(Whole(Tar({{"name", "", '0', "long/path"}})) == "long/path/name");
  // GNU tar has times in the place of the prefix.
  CHECK(Whole(Tar({{"name", "", '0', "13371337", "ustar "}})) == "name");
  const std::string name = std::string(300, 'n') + ".pdf";
  CHECK(Whole(Tar({{"././@LongLink", name + '\0', 'L'}, {"cut", "x"}, {"b", ""}})) == name + "\nb");
  const std::string record = fmt::format("317 path={}.pdf\n", std::string(303, 'p'));
  REQUIRE(record.size() == 317);
  CHECK(Whole(Tar({{"pax", "20 size=00000000000\n" + record, 'x'}, {"cut", "x"}, {"b", ""}})) ==
        std::string(303, 'p') + ".pdf\nb");
  // Records that are odd leave the name of the entry.
  for (const char* odd : {"x", "0 path=y\n", "999 path=y\n", "5 pat"}) {
    CHECK_MESSAGE(Whole(Tar({{"pax", odd, 'x'}, {"kept", ""}})) == "kept", odd);
  }
  CHECK(Whole(Tar({{"g", "9 path=y\n", 'g'}, {"kept", ""}})) == "kept");
  CHECK(Whole(Tar({{"l", std::string(70'000, 'l'), 'L'}, {"kept", ""}})) == "kept");
}

TEST_CASE("sizes may be octal or binary, and links have no data") {
  const std::string binary("\x80\0\0\0\0\0\0\0\0\0\0\x03", 12);
  CHECK(Whole(Tar({{"a", "abc", '0', "", "ustar ", binary}, {"b", ""}})) == "a\nb");
  CHECK(Whole(Tar({{"hard", "", '1', "", "ustar ", "00000010000 "}, {"b", ""}})) == "hard\nb");
}

TEST_CASE("a member that breaks off costs what is after it") {
  const std::string tar = Tar(kTwo);
  for (const std::string& cut : {tar.substr(0, 600), tar.substr(0, 1600)}) {
    const auto names = Names(cut);
    REQUIRE(names);
    CHECK(names->text == "a.txt");
    CHECK(names->damaged_partly);
  }
  const std::string packed = Gzip(Tar({{"a", "x"}, {"b", std::string(100'000, 'b')}}));
  const auto half = Names(packed.substr(0, packed.size() / 2));
  REQUIRE(half);
  CHECK(half->damaged_partly);
  std::string broken = tar;
  broken[1537] = '!';  // the second name, which the checksum no longer fits
  const auto first = Names(broken);
  REQUIRE(first);
  CHECK(first->text == "a.txt");
  CHECK(first->damaged_partly);
  const std::string huge("\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 12);
  CHECK(Names(Tar({{"a"}, {"b", "", '0', "", "ustar ", huge}}))->damaged_partly);
}

TEST_CASE("limits on entries and inflated bytes hold") {
  ParseLimits limits;
  limits.max_entries = 1;
  const auto one = Names(Tar(kTwo), limits);
  REQUIRE(one);
  CHECK(one->text == "a.txt");
  CHECK(one->damaged_partly);
  ParseLimits small;
  small.max_inflated_bytes = 100'000;
  const auto begun = Names(Gzip(Tar({{"zeros", std::string(1'000'000, 'z')}, {"b"}})), small);
  REQUIRE(begun);
  CHECK(begun->text == "zeros");
  CHECK(begun->damaged_partly);
}

TEST_CASE("a single file in gzip has the name that is noted, and members may follow each other") {
  CHECK(Whole(Gzip("a,b\n", "report 2023.csv")) == "report 2023.csv");
  const auto nameless = Names(Gzip("a,b\n"));
  REQUIRE_FALSE(nameless);
  CHECK(nameless.error() == Unreadable::kUnsupported);
  const std::string tar = Tar(kTwo);
  CHECK(Whole(Gzip(tar.substr(0, 800)) + Gzip(tar.substr(800)) + "padding") ==
        "a.txt\n2024/Offer.docx");
  CHECK(Names("\x1f\x8b\x08").error() == Unreadable::kUnsupported);
  CHECK_FALSE(IsTar(std::string(512, '\0')));
  CHECK_FALSE(IsTar("short"));
}

}  // namespace dbxes::parsers
