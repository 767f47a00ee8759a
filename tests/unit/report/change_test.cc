// SPDX-License-Identifier: Apache-2.0
#include "report/change.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "report/change_log.h"
#include "report/reporter_group.h"
#include "report/text.h"

namespace dbxes::report {
namespace {

Change Of(ChangeAction action) {
  Change change;
  change.action = action;
  change.id = "id:1";
  change.path = "/Team/A.txt";
  return change;
}

class Listener final : public Reporter {
 public:
  explicit Listener(bool lists = true) : lists_(lists) {}
  bool ListsChanges() const override { return lists_; }
  void Changed(const Change& change) override { lines.push_back(ChangeLine(change)); }
  void Phase(std::string_view) override {}
  void Progress(const Counters&, const Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view) override {}
  void Detail(std::string_view) override {}
  void Print(std::string_view) override {}
  void Summary(const RunSummary&) override {}

  std::vector<std::string> lines;

 private:
  bool lists_;
};

}  // namespace

TEST_CASE("a change is one line that names the document") {
  CHECK(ChangeLine(Of(ChangeAction::kCreated)) == "created /Team/A.txt");
  CHECK(ChangeLine(Of(ChangeAction::kDeleted)) == "deleted /Team/A.txt");
  Change updated = Of(ChangeAction::kUpdated);
  CHECK(ChangeLine(updated) == "updated /Team/A.txt (no field that users see)");
  updated.fields = {"size", "body"};
  CHECK(ChangeLine(updated) == "updated /Team/A.txt (size, body)");
  Change moved = Of(ChangeAction::kMoved);
  moved.from = "/b.txt";
  moved.fields = {"file_path"};
  CHECK(ChangeLine(moved) == "moved /b.txt to /Team/A.txt (file_path)");
  Change excluded = Of(ChangeAction::kExcluded);
  excluded.reason = "rule 1 in line 4";
  CHECK(ChangeLine(excluded) == "excluded /Team/A.txt (rule 1 in line 4)");
  Change textless = Of(ChangeAction::kWithoutText);
  textless.reason = "encrypted";
  CHECK(ChangeLine(textless) == "without text /Team/A.txt (encrypted)");
  Change person = Of(ChangeAction::kCreated);
  person.is_identity = true;
  person.id = "bo@example.com";
  person.path.clear();
  CHECK(ChangeLine(person) == "created the identity bo@example.com");
}

TEST_CASE("a change is one JSON object") {
  constexpr std::int64_t kTime = 1'754'390'401'000'000;  // 2025-08-05T10:40:01Z
  CHECK(ChangeJson(Of(ChangeAction::kCreated), kTime) ==
        R"({"time":"2025-08-05T10:40:01Z","action":"created","kind":"document","id":"id:1",)"
        R"("path":"/Team/A.txt"})");
  Change moved = Of(ChangeAction::kMoved);
  moved.from = "/b.txt";
  moved.fields = {"name", "file_path"};
  CHECK(ChangeJson(moved, kTime) ==
        R"({"time":"2025-08-05T10:40:01Z","action":"moved","kind":"document","id":"id:1",)"
        R"("path":"/Team/A.txt","from":"/b.txt","fields":["name","file_path"]})");
  Change updated = Of(ChangeAction::kUpdated);
  CHECK(ChangeJson(updated, kTime).ends_with(R"("path":"/Team/A.txt","fields":[]})"));
  Change textless = Of(ChangeAction::kWithoutText);
  textless.reason = "encrypted";
  CHECK(ChangeJson(textless, kTime).find(R"("action":"without_text")") != std::string::npos);
  CHECK(ChangeJson(textless, kTime).ends_with(R"("reason":"encrypted"})"));
  Change person = Of(ChangeAction::kDeleted);
  person.is_identity = true;
  CHECK(ChangeJson(person, kTime).find(R"("kind":"identity")") != std::string::npos);
}

TEST_CASE("names cannot break the list") {
  Change change = Of(ChangeAction::kCreated);
  change.path = "/a\nb\x1b[31m\xE2\x80\xAE\"\xFF";
  const std::string json = ChangeJson(change, 0);
  CHECK(json.find(R"("path":"/a\nb\u001B[31m\u202e\"�"})") != std::string::npos);
  CHECK(Printable(ChangeLine(change)).find('\n') == std::string::npos);
}

TEST_CASE("a deletion because of rules says so, and a document without text is listed as well") {
  Listener listener;
  ChangeLog log(listener);
  log.AddExcluded("id:1", "/Team/A.txt", "rule 1 in line 4");
  log.Add(Of(ChangeAction::kDeleted));
  Change other = Of(ChangeAction::kDeleted);
  other.id = "id:2";
  log.Add(other);
  Change created = Of(ChangeAction::kCreated);
  created.no_text = "too_large";
  log.Add(created);
  CHECK(listener.lines ==
        std::vector<std::string>{"excluded /Team/A.txt (rule 1 in line 4)",
                                 "deleted /Team/A.txt (excluded: rule 1 in line 4)",
                                 "deleted /Team/A.txt", "created /Team/A.txt",
                                 "without text /Team/A.txt (too_large)"});
}

TEST_CASE("a deletion of a dry run waits until it is known whether it is held back") {
  Listener listener;
  ChangeLog log(listener);
  log.Postpone(std::make_shared<const Change>(Of(ChangeAction::kDeleted)));
  CHECK(listener.lines.empty());
  log.AddPostponed();
  log.AddPostponed();
  CHECK(listener.lines == std::vector<std::string>{"deleted /Team/A.txt"});
}

TEST_CASE("a group lists changes if one of its members does") {
  Listener one(false);
  Listener other(true);
  ReporterGroup group;
  group.Set({&one});
  CHECK_FALSE(group.ListsChanges());
  group.Set({&one, &other});
  CHECK(group.ListsChanges());
  group.Changed(Of(ChangeAction::kCreated));
  CHECK(other.lines.size() == 1);
}

}  // namespace dbxes::report
