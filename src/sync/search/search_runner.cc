// SPDX-License-Identifier: Apache-2.0
#include "sync/search/search_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "dropbox/files.h"
#include "dropbox/follow_pages.h"
#include "report/text.h"
#include "rules/rule_reach.h"

namespace dbxes::sync {
namespace {

constexpr int kMaxResults = 1000;  // the most that Dropbox puts on a page
constexpr std::array<const char*, 10> kCategories = {
    "image",        "document", "pdf",    "spreadsheet", "audio",
    "presentation", "video",    "folder", "paper",       "others"};

dropbox::SearchRequest RequestOf(const rules::AdvancedRule& rule, const std::string& path) {
  dropbox::SearchRequest request;
  request.query = rule.query;
  request.path = path;
  request.max_results = rule.max_results > 0 ? rule.max_results : kMaxResults;
  request.order_by = rule.order_by;
  request.filename_only = rule.filename_only;
  request.file_extensions = rule.file_extensions;
  request.file_categories = rule.file_categories;
  request.account_id = rule.account_id;
  return request;
}

// One search for each of `values`, put into the list that `member` names.
template <class Values>
std::vector<dropbox::SearchRequest> OneForEach(
    const dropbox::SearchRequest& request, const Values& values,
    std::vector<std::string> dropbox::SearchRequest::*member) {
  std::vector<dropbox::SearchRequest> parts;
  for (const auto& value : values) {
    parts.push_back(request);
    parts.back().*member = {std::string(value)};
  }
  return parts;
}

// By kinds of files; nothing when there is one kind alone.
std::vector<dropbox::SearchRequest> SplitByKind(const dropbox::SearchRequest& request) {
  if (request.file_categories.size() > 1) {
    return OneForEach(request, request.file_categories, &dropbox::SearchRequest::file_categories);
  }
  if (!request.file_categories.empty() || request.file_extensions.size() == 1) return {};
  if (!request.file_extensions.empty()) {
    return OneForEach(request, request.file_extensions, &dropbox::SearchRequest::file_extensions);
  }
  return OneForEach(request, kCategories, &dropbox::SearchRequest::file_categories);
}

std::string OtherOrder(const std::string& order) {
  return order == "last_modified_time" ? "relevance" : "last_modified_time";
}

}  // namespace

SearchRunner::SearchRunner(EventLoop& loop, dropbox::Client& dropbox,
                           std::function<void(const dropbox::SearchMatch&)> on_match)
    : loop_(loop), client_(dropbox), on_match_(std::move(on_match)) {}

void SearchRunner::Note(const dropbox::SearchMatch& match) {
  found_.Insert(Hash64(match.id));
  on_match_(match);
}

Result<bool> SearchRunner::ShowAll(const dropbox::SearchRequest& request) {
  std::size_t shown = 0;
  const auto fetch = [&](const std::string& cursor) {
    return loop_.Await(dropbox::Search(client_, request, cursor));
  };
  TRY(dropbox::FollowPages(client_.pace(), "a search", fetch, [&](const dropbox::SearchPage& page) {
    shown += page.shown;
    for (const dropbox::SearchMatch& match : page.matches) Note(match);
    return shown < dropbox::kMostSearchMatches;
  }));
  // Repeated matches count: better one search too many than one that ends early unnoticed.
  return shown < dropbox::kMostSearchMatches;
}

Result<std::vector<dropbox::Child>> SearchRunner::ListChildren(const std::string& path) {
  std::vector<dropbox::Child> children;
  const auto fetch = [&](const std::string& cursor) {
    return loop_.Await(dropbox::ListChildren(client_, path, cursor));
  };
  TRY(dropbox::FollowPages(
      client_.pace(), "the list of a folder", fetch, [&](dropbox::ChildPage& page) {
        std::move(page.children.begin(), page.children.end(), std::back_inserter(children));
      }));
  return children;
}

// Searches the folders inside separately. Files directly in this one have no smaller search: those
// that may match and were not shown are unknown.
Result<void> SearchRunner::SplitByFolder(const rules::AdvancedRule& rule,
                                         dropbox::SearchRequest request) {
  TRY_ASSIGN(auto children, ListChildren(request.path));
  rules::AdvancedRule kind = rule;
  kind.file_categories = request.file_categories;
  kind.file_extensions = request.file_extensions;
  const auto hidden = [&](const dropbox::Child& child) {
    return rules::MayFind(kind, std::nullopt, {child.name, child.path_lower, child.is_folder}) &&
           !found_.Contains(Hash64(child.id));
  };
  dropbox::SearchRequest other = request;
  other.order_by = OtherOrder(request.order_by);
  if (std::any_of(children.begin(), children.end(), hidden)) {
    TRY(ShowAll(other));
  }
  std::size_t missing = 0;
  for (const dropbox::Child& child : children) {
    if (hidden(child)) {
      ++missing;
      unknown_.Insert(Hash64(child.id));
    }
    if (!child.is_folder) continue;
    waiting_.push_back(request);
    waiting_.back().path = child.path_lower;
  }
  if (missing == 0) return {};
  unfinished_.push_back(fmt::format(
      "the search for \"{}\" in {}: {} there may match and {} not shown", rule.query,
      request.path.empty() ? "/" : request.path,
      missing == 1 ? "one file or folder" : report::WithThousands(missing) + " files and folders",
      missing == 1 ? "was" : "were"));
  return {};
}

Result<void> SearchRunner::Run(const rules::AdvancedRule& rule, const std::string& path) {
  waiting_ = {RequestOf(rule, path)};
  while (!waiting_.empty()) {
    dropbox::SearchRequest request = std::move(waiting_.back());
    waiting_.pop_back();
    auto all = ShowAll(request);
    // A folder that was listed a moment ago and is gone holds nothing.
    if (!all && all.error().kind == ErrorKind::kNotFound && request.path != path) continue;
    if (!all) return Fail(all.error());
    if (*all) continue;
    auto parts = SplitByKind(request);
    if (parts.empty()) {
      TRY(SplitByFolder(rule, std::move(request)));
    }
    std::move(parts.begin(), parts.end(), std::back_inserter(waiting_));
  }
  return {};
}

}  // namespace dbxes::sync
