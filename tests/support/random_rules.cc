// SPDX-License-Identifier: Apache-2.0
#include "support/random_rules.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace dbxes {
namespace {

using sim::LiveItem;

constexpr char kFile[] = "/rules.json";

struct Rule {
  const char* policy;
  const char* field;
  const char* op;
  const char* value;
  const char* id = "";
};

std::string FileOf(const std::vector<Rule>& rules) {
  std::string text;
  for (const Rule& rule : rules) {
    const std::string id = *rule.id != '\0' ? rule.id : fmt::format("{}", text.size());
    text += fmt::format(R"({}{{"id":"{}","policy":"{}","field":"{}","rule":"{}","value":"{}",)"
                        R"("order":{}}})",
                        text.empty() ? "[" : ",", id, rule.policy, rule.field, rule.op, rule.value,
                        text.size());
  }
  return text + "]";
}

bool IsFolder(const LiveItem& item) { return item.kind == sim::Kind::kFolder; }
bool EndsWith(std::string_view text, std::string_view end) { return text.ends_with(end); }

bool IsIn(const LiveItem& item, std::string_view folder) {
  return item.path_lower.starts_with(std::string(folder) + "/");
}

}  // namespace

void UseRules(SyncWorld& world, std::uint64_t number) {
  world.config.sync.rules_file = kFile;
  std::string& text = world.files.files()[kFile];
  auto& excludes = world.is_excluded;
  switch (number % kRuleSets) {
    case 0:  // an overwritten file is small
      text = FileOf({{"include", "type", "equals", "Folder"}, {"exclude", "size", "<", "8"}});
      excludes = [](const LiveItem& item) { return !IsFolder(item) && item.size < 8; };
      break;
    case 1:  // places, and folders apart from what is in them
      text = FileOf({{"exclude", "path_lower", "starts_with", "/a"},
                     {"exclude", "ancestors", "equals", "/foo"},
                     {"exclude", "path_lower", "equals", "/x"}});
      excludes = [](const LiveItem& item) {
        return item.path_lower.starts_with("/a") || IsIn(item, "/foo") || item.path_lower == "/x";
      };
      break;
    case 2:  // nothing but text
      text = FileOf(
          {{"include", "extension", "equals", "txt"}, {"exclude", "_", "regex", ".*", "DEFAULT"}});
      excludes = [](const LiveItem& item) {
        return IsFolder(item) || !EndsWith(item.name, ".txt");
      };
      break;
    case 3:  // an exception from an exception
      text = FileOf({{"include", "name", "contains", "o"},
                     {"exclude", "file_path", "regex", "/[^/]*$"},
                     {"exclude", "name", "ends_with", ".paper"}});
      excludes = [](const LiveItem& item) {
        if (item.name.find('o') != std::string::npos) return false;
        const bool in_root = item.path_display.rfind('/') == 0;
        return in_root || EndsWith(item.name, ".paper");
      };
      break;
    default:  // what is shared, and what has no place
      text = FileOf({{"exclude", "shared_folder_id", "regex", "[0-9]"},
                     {"exclude", "name", "equals", "received.txt"}});
      excludes = [](const LiveItem& item) {
        return !item.shared_folder_id.empty() || !item.parent_shared_folder_id.empty() ||
               item.name == "received.txt";
      };
  }
}

}  // namespace dbxes
