// SPDX-License-Identifier: Apache-2.0
// What sync rules say of an entry. They judge the fields of its document, as the index would hold
// them, and each document by itself: a folder that is left out leaves its children where they are.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

#include "delta/entry.h"
#include "documents/document.h"
#include "dropbox/types.h"
#include "rules/rule_matcher.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

class RuleJudge {
 public:
  RuleJudge(const rules::RuleSet& rules, documents::DocumentContext context);

  rules::RuleDecision Judge(const delta::Entry& entry);
  // A file shared with the account alone. Its document has no place.
  rules::RuleDecision Judge(std::string_view id, const dropbox::LinkedFile& file);
  bool Excludes(const delta::Entry& entry) {
    return Judge(entry).policy == rules::Policy::kExclude;
  }
  bool Excludes(std::string_view id, const dropbox::LinkedFile& file) {
    return Judge(id, file).policy == rules::Policy::kExclude;
  }

 private:
  rules::RuleDecision Decide(const documents::Draft& draft);
  rules::FieldValues ValuesOf(std::string_view field) const;

  rules::RuleMatcher matcher_;
  documents::DocumentBuilder builder_;
  // Reused from one document to the next.
  std::string text_;
  rapidjson::Document document_;
};

}  // namespace dbxes::sync
