// SPDX-License-Identifier: Apache-2.0
#include "rules/path_filter.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/path_glob.h"
#include "support/glob_oracle.h"

namespace dbxes::rules {
namespace {

using Verdict = PathDecision::Verdict;
using Texts = std::vector<std::string>;

// A path that ends with a slash is a folder.
bool Excluded(const Texts& patterns, std::string_view path, const std::string& folder = "") {
  const bool is_folder = path.ends_with('/');
  if (is_folder) path.remove_suffix(1);
  const PathFilter filter({.include = {}, .exclude = patterns, .folders = {folder}});
  return filter.Decide(path, is_folder).verdict == Verdict::kExcluded;
}

struct Row {
  std::string pattern;
  Texts matched;
  Texts other;
};

}  // namespace

TEST_CASE("patterns are for what is under any of several folders") {
  const PathFilter filter({.include = {},
                           .exclude = {"/Archive", "/x/*.tmp"},
                           .folders = {"/big/\u00e9t\u00e9", "/[team].2", "/c"}});
  const auto excluded = [&](std::string_view path) {
    return filter.Decide(path, false).verdict == Verdict::kExcluded;
  };
  for (const char* path : {"/big/\u00e9t\u00e9/archive/a", "/[team].2/archive/a", "/c/archive/a",
                           "/c/x/a.tmp", "/[team].2/x/a.tmp", "/big/\u00e9t\u00e9/x/a.tmp"}) {
    CAPTURE(path);
    CHECK(excluded(path));
  }
  for (const char* path :
       {"/big/\u00e9t\u00e9/y/archive", "/[team].2/y/archive", "/c/y/archive", "/c/a.tmp"}) {
    CAPTURE(path);
    CHECK_FALSE(excluded(path));
  }
  for (const char* path :
       {"/big", "/big/\u00e9t", "/big/\u00e9t\u00e92/a", "/t.2/a", "/d/archive", "/cc"}) {
    CAPTURE(path);
    CHECK(filter.Decide(path, true).verdict == Verdict::kOutside);
  }
  for (const char* path : {"/big/\u00e9t\u00e9", "/[team].2", "/c", "/c/a"}) {
    CAPTURE(path);
    CHECK(filter.Decide(path, true).verdict == Verdict::kPasses);
  }
  CHECK(filter.DecideName("Archive").verdict == Verdict::kExcluded);
  CHECK(filter.DecideName("other").verdict == Verdict::kPasses);
}

TEST_CASE("patterns match what people of rclone and gitignore expect") {
  const Row rows[] = {
      {"*.tmp",
       {"/a.tmp", "/x/y/a.tmp", "/.tmp", "/a.TMP", "/old.tmp/", "/old.tmp/keep.txt"},
       {"/a.tmp2", "/tmp", "/a.tmpx/b"}},
      {"/*.tmp", {"/a.tmp", "/d.tmp/x"}, {"/x/a.tmp"}},
      {"node_modules",
       {"/node_modules/", "/x/node_modules/y/z.js", "/node_modules"},
       {"/node_modules2", "/my node_modules/x"}},
      {"build/", {"/build/", "/build/a", "/x/build/a/b"}, {"/build", "/x/build"}},
      {"/Archive", {"/archive/", "/archive/a/b.txt", "/archive"}, {"/x/archive/", "/archives"}},
      {"/Archive/**", {"/archive/a", "/archive/a/b"}, {"/archive/", "/archive"}},
      {"Archive/*", {"/archive/a", "/x/archive/a/b"}, {"/archive/", "/archive"}},
      {"a/b", {"/a/b", "/x/a/b", "/x/a/b/c"}, {"/ab", "/a/x/b", "/xa/b"}},
      {"/a/**/b", {"/a/b", "/a/x/b", "/a/x/y/b/c"}, {"/a/xb", "/x/a/b"}},
      {"**/b", {"/b", "/x/b", "/x/y/b/"}, {"/xb"}},
      {"a**z", {"/az", "/a1/2z", "/x/abcz"}, {"/a/b"}},
      {"/**", {"/a", "/a/b"}, {}},
      {"**", {"/a", "/a/b"}, {}},
      {"*", {"/a", "/a/b"}, {}},
      {"?.txt", {"/a.txt", "/x/\u00e9.txt", "/\U0001f600.txt"}, {"/ab.txt", "/.txt", "/x/.txt"}},
      {"[ab]?", {"/ax", "/BX"}, {"/cx", "/a", "/a/x"}},
      {"[!ab]x", {"/cx", "/y/-x"}, {"/ax", "/Bx", "/x"}},
      {"[^0-9]", {"/a"}, {"/1", "/ab"}},
      {"[]x]", {"/]", "/x"}, {"/y"}},
      {"[a-]", {"/a", "/-"}, {"/b"}},
      {"[+-9]", {"/.", "/0", "/+"}, {"/a"}},
      {"a[+-9]b", {"/a.b", "/a1b"}, {"/a/b"}},
      {"a[!x]b", {"/a.b"}, {"/a/b"}},
      {"[\\]\\\\]", {"/]", "/\\"}, {"/a"}},
      {"*.{jpg,png}", {"/a.jpg", "/x/A.PNG"}, {"/a.gif", "/a.{jpg,png}"}},
      {"/{a,b/c}/*.{x,y?}", {"/a/1.x", "/b/c/1.yz"}, {"/b/1.x", "/a/1.y"}},
      {"\\*.txt", {"/*.txt"}, {"/a.txt"}},
      {"\\!a,b}", {"/!a,b}"}, {"/a"}},
      {"a.b+(c|d)$^", {"/a.b+(c|d)$^"}, {"/axb+(c|d)$^"}},
      {"\u00c9t\u00e9", {"/\u00e9t\u00e9"}, {"/ete"}},
      {"a b", {"/a b/c"}, {"/ab"}},
      {"x*", {"/x\ny", "/x"}, {"/y"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    for (const std::string& path : row.matched) {
      CAPTURE(path);
      CHECK(Excluded({row.pattern}, path));
    }
    for (const std::string& path : row.other) {
      CAPTURE(path);
      CHECK_FALSE(Excluded({row.pattern}, path));
    }
  }
}

TEST_CASE("a slash at the start is the folder that is synced") {
  for (const std::string& folder :
       {std::string("/Team/Reports"), std::string("/Te\u0130m/Reports")}) {
    CHECK(Excluded({"/2024"}, "/team/reports/2024/a.txt", folder));
    CHECK_FALSE(Excluded({"/2024"}, "/team/reports/x/2024", folder));
    // The folders above it are no part of the paths.
    CHECK_FALSE(Excluded({"reports", "/team", "team/"}, "/team/reports/a.txt", folder));
    CHECK(Excluded({"reports"}, "/team/reports/reports", folder));
  }
}

TEST_CASE("what is excluded stays out although it is included") {
  const PathPatterns patterns{{"*.pdf", "/Reports/"}, {"draft*", "*.tmp"}, {""}};
  const PathFilter filter(patterns);
  const auto why = [&](std::string_view path, bool is_folder = false) {
    return Describe(filter.Decide(path, is_folder), patterns);
  };
  CHECK(why("/a.pdf").empty());
  CHECK(why("/reports", true).empty());
  CHECK(why("/reports/x/a.txt").empty());
  CHECK(why("/a.txt") == "no pattern of sync.include");
  CHECK(why("/reports") == "no pattern of sync.include");
  CHECK(why("/draft.pdf") == "sync.exclude draft*");
  CHECK(why("/reports/drafts/a.tmp") == "sync.exclude draft*");
  CHECK(why("/reports/a.tmp") == "sync.exclude *.tmp");
  CHECK(why("/x.tmp") == "sync.exclude *.tmp");
}

TEST_CASE("a file without a path counts as one of the root") {
  const PathFilter filter({{"*.pdf"}, {"/private*"}, {"/team"}});
  CHECK(filter.DecideName("Offer.PDF").verdict == Verdict::kPasses);
  CHECK(filter.DecideName("offer.txt").verdict == Verdict::kNotIncluded);
  CHECK(filter.DecideName("private.pdf").verdict == Verdict::kExcluded);
}

TEST_CASE("without patterns everything passes, and no pattern matches what is none") {
  CHECK(PathFilter(PathPatterns{}).Decide("/a", false).verdict == Verdict::kPasses);
  CHECK_FALSE(Excluded({"[a"}, "/[a"));
}

// An expression that RE2 refuses would match nothing.
TEST_CASE("the longest patterns work") {
  const auto repeated = [](std::string_view part) {
    std::string text;
    while (text.size() + part.size() <= kMaxGlobBytes) text += part;
    return text;
  };
  CHECK(Excluded({repeated("?")}, "/" + std::string(kMaxGlobBytes, 'a')));
  CHECK(Excluded({repeated("[!a]")}, "/" + std::string(kMaxGlobBytes / 4, 'b')));
  CHECK(Excluded({repeated("*a")}, "/" + std::string(kMaxGlobBytes / 2, 'a')));
  CHECK_FALSE(Excluded({repeated("*a")}, "/" + std::string(kMaxGlobBytes / 2 - 1, 'a')));
  CHECK(Excluded({repeated("{a,b}")}, "/" + std::string(kMaxGlobBytes / 5, 'b')));
  CHECK(Excluded({repeated("[\u0100-\U0010ffff]")},
                 "/" + repeated("\u20ac").substr(0, kMaxGlobBytes / 9 * 3)));
  CHECK(Excluded({repeated("**/") + "a"}, "/a"));
}

TEST_CASE("patterns match as the C library has it") {
  constexpr std::string_view kPieces[] = {"a",    "b",    "A", ".", "*", "?",
                                          "[ab]", "[!a]", "/", "*", "x"};
  std::minstd_rand random(11);
  const auto draw = [&](std::size_t below) { return random() % below; };
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern;
    for (std::size_t n = 1 + draw(6); n > 0; --n) pattern += kPieces[draw(std::size(kPieces))];
    if (draw(4) == 0) pattern += "/**";
    // ** crosses folders, which the C library does not know.
    const std::size_t stars = pattern.find("**");
    const bool at_end = pattern.ends_with("/**") && stars == pattern.size() - 2;
    if (stars != std::string::npos && !at_end) continue;
    if (!ParsePathGlob(pattern)) continue;
    std::string path;
    for (std::size_t names = 1 + draw(3); names > 0; --names) {
      path += '/';
      for (std::size_t n = 1 + draw(3); n > 0; --n) path += "abx."[draw(4)];
    }
    const bool is_folder = draw(2) == 0;
    CAPTURE(pattern);
    CAPTURE(path);
    const bool expected = OracleMatches(pattern, path, is_folder);
    matched += expected ? 1 : 0;
    CHECK(Excluded({pattern}, is_folder ? path + "/" : path) == expected);
  }
  CHECK(matched > 1000);
}

}  // namespace dbxes::rules
