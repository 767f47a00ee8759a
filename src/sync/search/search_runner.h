// SPDX-License-Identifier: Apache-2.0
// Runs an advanced rule until everything that it finds is known: all pages, and where Dropbox stops
// showing more, smaller searches whose results together are the same.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/http/event_loop.h"
#include "base/id_set.h"
#include "dropbox/search.h"
#include "rules/rule_set.h"

namespace dbxes::sync {

class SearchRunner {
 public:
  // `on_match` sees every match, some of them several times.
  SearchRunner(EventLoop& loop, dropbox::Client& dropbox,
               std::function<void(const dropbox::SearchMatch&)> on_match);

  // `path` takes the place of the rule's own. Errors: kConfig where Dropbox refuses the search,
  // kNotFound where there is no such path, and those of every request.
  Result<void> Run(const rules::AdvancedRule& rule, const std::string& path);

  // Whether the id was found, or may be found by a search that Dropbox does not finish.
  bool IsFound(std::uint64_t id_hash) const { return found_.Contains(id_hash); }
  bool IsUnknown(std::uint64_t id_hash) const {
    return unknown_.Contains(id_hash) && !IsFound(id_hash);
  }
  // Searches that could not be finished, in words: what is searched, and where.
  const std::vector<std::string>& unfinished() const { return unfinished_; }

 private:
  // Whether Dropbox showed all that there is.
  Result<bool> ShowAll(const dropbox::SearchRequest& request);
  Result<void> SplitByFolder(const rules::AdvancedRule& rule, dropbox::SearchRequest request);
  Result<std::vector<dropbox::Child>> ListChildren(const std::string& path);
  void Note(const dropbox::SearchMatch& match);

  EventLoop& loop_;
  dropbox::Client& client_;
  std::function<void(const dropbox::SearchMatch&)> on_match_;
  std::vector<dropbox::SearchRequest> waiting_;
  IdSet found_;
  IdSet unknown_;
  std::vector<std::string> unfinished_;
};

}  // namespace dbxes::sync
