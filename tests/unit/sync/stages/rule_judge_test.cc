// SPDX-License-Identifier: Apache-2.0
// What rules see of files, folders and received files.
#include "sync/stages/rule_judge.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "elastic/index_mapping.h"
#include "rules/rule_fields.h"

namespace dbxes::sync {
namespace {

RuleJudge JudgeOf(std::string_view field, rules::Operator op, std::string_view value) {
  rules::BasicRule rule;
  rule.policy = rules::Policy::kExclude;
  rule.field = field;
  rule.op = op;
  rule.value = value;
  rules::RuleSet rules;
  rules.basic.push_back(std::move(rule));
  return RuleJudge(rules, {"https://www.dropbox.test", "home", /*pipeline_flags=*/true});
}

delta::Entry File() {
  delta::Entry entry;
  entry.kind = delta::EntryKind::kFile;
  entry.id = "id:1";
  entry.name = "Plan \"A\".PDF";
  entry.path_lower = "/team/archive/plan \"a\".pdf";
  entry.path_display = "/Team/Archive/Plan \"A\".PDF";
  entry.rev = "5f1";
  entry.content_hash = "abc";
  entry.client_modified = "2024-01-31T10:00:00Z";
  entry.server_modified = "2025-01-31T10:00:00Z";
  entry.parent_shared_folder_id = "84528192421";
  entry.size = 240;
  return entry;
}

delta::Entry Folder() {
  delta::Entry entry;
  entry.kind = delta::EntryKind::kFolder;
  entry.id = "id:2";
  entry.name = "Archive";
  entry.path_lower = "/team/archive";
  entry.path_display = "/Team/Archive";
  return entry;
}

dropbox::LinkedFile Received() {
  dropbox::LinkedFile file;
  file.name = "shared.txt";
  file.url = "https://www.dropbox.test/s/1";
  file.rev = "5f2";
  file.client_modified = "2024-01-31T10:00:00Z";
  file.server_modified = "2025-01-31T10:00:00Z";
  file.size = 7;
  return file;
}

}  // namespace

TEST_CASE("rules know every field of the index, if only to say that they cannot test it") {
  for (const elastic::FieldRow& field : elastic::kContentFields) {
    CAPTURE(field.name);
    const auto rules = rules::RuleFields();
    CHECK(std::any_of(rules.begin(), rules.end(),
                      [&](const rules::RuleField& known) { return known.name == field.name; }));
  }
}

TEST_CASE("every field that a rule may test is there, and no other") {
  for (const rules::RuleField& field : rules::RuleFields()) {
    CAPTURE(field.name);
    RuleJudge judge = JudgeOf(field.name, rules::Operator::kRegex, "(?s).");
    const bool tested =
        field.name == "received" ? judge.Excludes("id:3", Received()) : judge.Excludes(File());
    CHECK(tested == (field.type != rules::RuleFieldType::kLater));
  }
}

TEST_CASE("rules see the fields of the document") {
  const struct {
    const char* field;
    rules::Operator op;
    const char* value;
    bool file;
    bool folder;
    bool received;
  } rows[] = {
      {"type", rules::Operator::kEquals, "File", true, false, true},
      {"type", rules::Operator::kEquals, "Folder", false, true, false},
      {"name", rules::Operator::kEquals, "Plan \"A\".PDF", true, false, false},
      {"extension", rules::Operator::kEquals, "pdf", true, false, false},
      {"mime_type", rules::Operator::kStartsWith, "text/", false, false, true},
      {"file_path", rules::Operator::kStartsWith, "/Team/Archive", true, true, false},
      {"path_lower", rules::Operator::kStartsWith, "/team/archive/", true, false, false},
      // Any of the folders above, and no part of their names.
      {"ancestors", rules::Operator::kEquals, "/team", true, true, false},
      {"ancestors", rules::Operator::kEquals, "/team/archive", true, false, false},
      {"ancestors", rules::Operator::kEquals, "/team/arch", false, false, false},
      {"url", rules::Operator::kStartsWith, "https://www.dropbox.test/s/", false, false, true},
      {"size", rules::Operator::kEquals, "0", false, true, false},
      {"size", rules::Operator::kEquals, "240.0", true, false, false},
      {"size", rules::Operator::kGreater, "6", true, false, true},
      {"size", rules::Operator::kLess, "30", false, true, true},
      // A folder has no time.
      {"_timestamp", rules::Operator::kGreater, "2024-12-31", true, false, true},
      {"_timestamp", rules::Operator::kLess, "9999-12-31", true, false, true},
      {"client_modified", rules::Operator::kLess, "2024-12-31", true, false, true},
      {"shared_folder_id", rules::Operator::kEquals, "84528192421", true, false, false},
      {"namespace_id", rules::Operator::kEquals, "home", false, true, false},
      {"content_hash", rules::Operator::kEquals, "abc", true, false, false},
      {"_reduce_whitespace", rules::Operator::kEquals, "true", true, true, true},
      {"_reduce_whitespace", rules::Operator::kEquals, "false", false, false, false},
      {"titel", rules::Operator::kContains, "a", false, false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.field);
    CAPTURE(row.value);
    RuleJudge judge = JudgeOf(row.field, row.op, row.value);
    CHECK(judge.Excludes(File()) == row.file);
    CHECK(judge.Excludes(Folder()) == row.folder);
    CHECK(judge.Excludes("id:3", Received()) == row.received);
  }
}

}  // namespace dbxes::sync
