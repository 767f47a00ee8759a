// SPDX-License-Identifier: Apache-2.0
// Decides by patterns for paths what is left out, before any rule is asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"

namespace re2 {
class RE2;
}

namespace dbxes::rules {

struct PathDecision {
  enum class Verdict : std::uint8_t {
    kPasses,
    kOutside,      // in none of several folders
    kNotIncluded,  // there are patterns of what to include, and none matches
    kExcluded,     // also if a pattern of what to include matches
  };
  Verdict verdict = Verdict::kPasses;
  std::size_t pattern =
      0;  // kExcluded: index into PathPatterns::exclude, of the first that matches
};

// What decided, for people: "sync.exclude *.tmp", "no pattern of sync.include"; "" for what passes.
std::string Describe(const PathDecision& decision, const PathPatterns& patterns);

class PathFilter {
 public:
  // Patterns that are none (base/path_glob.h) match nothing; the configuration refuses them.
  explicit PathFilter(const PathPatterns& patterns);
  PathFilter(PathFilter&&) noexcept;
  PathFilter& operator=(PathFilter&&) noexcept;
  ~PathFilter();

  // `path`: as Dropbox lower-cases it, from the root of the account. The patterns are for what
  // follows the folder that it is in. A pattern that matches a folder matches everything
  // in it.
  PathDecision Decide(std::string_view path, bool is_folder) const;
  // A file that has no path: as if it were directly in a folder of the patterns.
  PathDecision DecideName(std::string_view name) const;

 private:
  struct Pattern {
    std::unique_ptr<re2::RE2> regex;
    bool folders_only;
    bool Matches(std::string_view path, bool is_folder) const;
  };
  static std::vector<Pattern> Compile(const std::vector<std::string>& texts);
  std::optional<std::string_view> BelowFolder(std::string_view path) const;
  PathDecision DecideRelative(std::string_view path, bool is_folder) const;

  std::size_t depth_;  // names in the path of the only folder, which contains everything
  std::set<std::string, std::less<>> folders_;  // where there are several
  std::vector<Pattern> include_;
  std::vector<Pattern> exclude_;
};

}  // namespace dbxes::rules
