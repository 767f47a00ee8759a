// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_reach.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dbxes::rules {
namespace {

struct Row {
  std::vector<std::string> extensions;
  std::vector<std::string> categories;
  std::optional<std::string> folder;
  Listed thing;
  bool may;
};

constexpr bool kFile = false;
constexpr bool kFolder = true;

}  // namespace

TEST_CASE("what a rule cannot find is known without a search") {
  const std::vector<Row> rows = {
      {{}, {}, "", {"x", "/x", kFile}, true},
      {{}, {}, std::nullopt, {"x", "/x", kFolder}, true},
      // Places.
      {{}, {}, "/a", {"x", "/a/x", kFile}, true},
      {{}, {}, "/a", {"x", "/ab/x", kFile}, false},
      {{}, {}, "/a/b", {"b", "/a", kFolder}, false},
      // Extensions, in any case of letters.
      {{"pdf"}, {}, "", {"x.PDF", "/x.pdf", kFile}, true},
      {{"PDF", "txt"}, {}, "", {"x.pdf", "/x.pdf", kFile}, true},
      {{"pdf"}, {}, "", {"x.txt", "/x.txt", kFile}, false},
      {{"pdf"}, {}, "", {"xpdf", "/xpdf", kFile}, false},
      {{"pdf"}, {}, "", {"pdf", "/pdf", kFile}, false},
      {{"gz"}, {}, "", {"x.tar.gz", "/x.tar.gz", kFile}, true},
      {{"tar.gz"}, {}, "", {"x.tar.gz", "/x.tar.gz", kFile}, true},
      {{"pdf"}, {}, "", {"x", "/x", kFolder}, false},
      {{"pdf"}, {}, "", {"x.pdf", "/x.pdf", kFolder}, true},
      {{"\u00e9t\u00e9"}, {}, "", {"x.\u00c9T\u00c9", "/x", kFile}, true},
      // Categories: only folders are known, and they win over extensions.
      {{}, {"folder"}, "", {"x", "/x", kFolder}, true},
      {{}, {"folder"}, "", {"x", "/x", kFile}, false},
      {{}, {"image"}, "", {"x", "/x", kFolder}, false},
      {{}, {"image"}, "", {"x.txt", "/x.txt", kFile}, true},
      {{}, {"image", "folder"}, "", {"x.txt", "/x.txt", kFile}, true},
      {{}, {"image", "folder"}, "", {"x", "/x", kFolder}, true},
      {{"pdf"}, {"image"}, "", {"x.txt", "/x.txt", kFile}, true},
  };
  for (const Row& row : rows) {
    AdvancedRule rule;
    rule.query = "q";
    rule.file_extensions = row.extensions;
    rule.file_categories = row.categories;
    CAPTURE(row.thing.path_lower);
    CAPTURE(row.folder.value_or("(unknown)"));
    CHECK(MayFind(rule, row.folder, row.thing) == row.may);
  }
}

}  // namespace dbxes::rules
