// SPDX-License-Identifier: Apache-2.0
#include "sync/search/rule_paths.h"

#include <fmt/format.h>

#include <map>

#include "delta/one_entry.h"
#include "dropbox/route_error.h"

namespace dbxes::sync {
namespace {

Result<RuleFolder> FolderIn(const delta::OneEntry& found, const Result<HttpResponse>& answer,
                            const std::string& path) {
  // What is not mounted has no path, and search finds nothing in it.
  if (!answer || found.entry().path_lower.empty()) {
    return Fail(ErrorKind::kConfig, fmt::format("Dropbox has no folder {}", path));
  }
  if (found.entry().kind != delta::EntryKind::kFolder) {
    return Fail(ErrorKind::kConfig, fmt::format("{} is a file in Dropbox, not a folder", path));
  }
  return std::string(found.entry().path_lower);
}

}  // namespace

Result<std::vector<Result<RuleFolder>>> FindRuleFolders(
    EventLoop& loop, dropbox::Client& dropbox, const std::vector<rules::AdvancedRule>& rules) {
  std::map<std::string, delta::OneEntry> asked;
  for (const rules::AdvancedRule& rule : rules) {
    const bool place = !rule.path.empty() && !rule.path.starts_with("ns:");
    if (place && asked.count(rule.path) == 0)
      asked[rule.path] = delta::AskEntry(dropbox, rule.path);
  }
  std::map<std::string, Result<RuleFolder>> folders{{"", RuleFolder("")}};
  for (const auto& [path, found] : asked) {
    const auto answer = loop.Await(found.answer);
    const bool about_the_rule = answer || answer.error().kind == ErrorKind::kNotFound ||
                                dropbox::IsEndpointError(answer.error()) ||
                                answer.error().http_status == 400;
    if (!about_the_rule) return Fail(answer.error());
    folders.emplace(path, FolderIn(found, answer, path));
  }
  std::vector<Result<RuleFolder>> found;
  for (const rules::AdvancedRule& rule : rules) {
    const auto folder = folders.find(rule.path);
    found.push_back(folder == folders.end() ? Result<RuleFolder>(std::nullopt) : folder->second);
  }
  return found;
}

}  // namespace dbxes::sync
