// SPDX-License-Identifier: Apache-2.0
// Decides by the patterns of the settings and by the sync rules about an entry. Rules see the
// fields of its document as the index would hold them. A rule judges each document by itself:
// excluding a folder does not exclude its children.
#pragma once

#include <string>
#include <string_view>

#include "delta/entry.h"
#include "documents/document.h"
#include "dropbox/types.h"
#include "rules/path_filter.h"
#include "rules/rule_matcher.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

class RuleJudge {
 public:
  // `rules` have to live as long.
  RuleJudge(const rules::RuleSet& rules, documents::DocumentContext context);

  rules::RuleDecision Judge(const delta::Entry& entry) const;
  // A file shared with the account directly. Its document has no path.
  rules::RuleDecision Judge(std::string_view id, const dropbox::LinkedFile& file) const;
  // The pattern or rule that decided, for people.
  std::string Describe(const rules::RuleDecision& decision) const;
  bool Excludes(const delta::Entry& entry) const {
    return Judge(entry).policy == rules::Policy::kExclude;
  }
  bool Excludes(std::string_view id, const dropbox::LinkedFile& file) const {
    return Judge(id, file).policy == rules::Policy::kExclude;
  }

 private:
  // By `path`, unless it lets the entry in; then by the rules.
  rules::RuleDecision After(const rules::PathDecision& path,
                            const rules::FieldGetter& fields) const;

  const rules::RuleSet& rules_;
  rules::PathFilter filter_;
  rules::RuleMatcher matcher_;
  documents::DocumentContext context_;
};

}  // namespace dbxes::sync
