// SPDX-License-Identifier: Apache-2.0
#include "sync/rule_paths.h"

#include <fmt/format.h>

#include <map>

#include "sync/one_entry.h"

namespace dbxes {
namespace {

Result<RuleFolder> FolderIn(const OneEntry& found, const Result<HttpResponse>& answer,
                            const std::string& path) {
  // What is not mounted has no path, and search finds nothing in it.
  if (!answer || found.entry().path_lower.empty()) {
    return Fail(ErrorKind::kConfig, fmt::format("Dropbox has no folder {}", path));
  }
  if (found.entry().kind != EntryKind::kFolder) {
    return Fail(ErrorKind::kConfig, fmt::format("{} is a file in Dropbox, not a folder", path));
  }
  return std::string(found.entry().path_lower);
}

}  // namespace

Result<std::vector<Result<RuleFolder>>> FindRuleFolders(EventLoop& loop, DropboxClient& dropbox,
                                                        const std::vector<AdvancedRule>& rules) {
  std::map<std::string, OneEntry> asked;
  for (const AdvancedRule& rule : rules) {
    const bool place = !rule.path.empty() && !rule.path.starts_with("ns:");
    if (place && asked.count(rule.path) == 0) asked[rule.path] = AskEntry(dropbox, rule.path);
  }
  std::map<std::string, Result<RuleFolder>> folders{{"", RuleFolder("")}};
  for (const auto& [path, found] : asked) {
    const auto answer = loop.Await(found.answer);
    const bool about_the_rule = answer || answer.error().kind == ErrorKind::kNotFound ||
                                answer.error().http_status == 409 ||
                                answer.error().http_status == 400;
    if (!about_the_rule) return Fail(answer.error());
    folders.emplace(path, FolderIn(found, answer, path));
  }
  std::vector<Result<RuleFolder>> found;
  for (const AdvancedRule& rule : rules) {
    const auto folder = folders.find(rule.path);
    found.push_back(folder == folders.end() ? Result<RuleFolder>(std::nullopt) : folder->second);
  }
  return found;
}

}  // namespace dbxes
