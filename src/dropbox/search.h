// SPDX-License-Identifier: Apache-2.0
// Search (Dropbox HTTP API: files/search_v2), which is no listing: it shows 10,000 matches at most,
// some of them twice, and learns of changes late.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// One search. Empty and zero leave a choice to Dropbox.
struct SearchRequest {
  std::string query;
  std::string path;      // a folder, id:... or ns:...; "" for everything
  int max_results = 0;   // matches on a page
  std::string order_by;  // "relevance" or "last_modified_time"
  bool filename_only = false;
  std::vector<std::string> file_extensions;  // without dots
  std::vector<std::string> file_categories;  // these win over extensions
  std::string account_id;
};

// What was found, as search remembers it: it may have changed or gone since.
struct SearchMatch {
  std::string id;
  std::string rev;  // "" for folders
  std::string path_lower;
};

struct SearchPage {
  std::vector<SearchMatch> matches;  // files and folders
  std::size_t shown = 0;             // matches of any kind
  std::string cursor;
  bool has_more = false;
};

// One file or folder right beneath a folder.
struct Child {
  std::string id;
  std::string name;
  std::string path_lower;
  bool is_folder = false;
};

struct ChildPage {
  std::vector<Child> children;
  std::string cursor;
  bool has_more = false;
};

class SearchClient {
 public:
  // A search that has shown so many shows no more.
  static constexpr std::size_t kMostMatches = 10'000;

  explicit SearchClient(Client& client) : client_(client) {}

  // files/search_v2. A path that is not there is kNotFound, that is a file kConfig; a search that
  // Dropbox refuses for another reason is kConfig, too.
  Pending<SearchPage> Search(const SearchRequest& request);
  // files/search/continue_v2. A cursor that is no longer good is kTemporary.
  Pending<SearchPage> Continue(const std::string& cursor);
  // files/list_folder of one level, and /continue (`cursor` not empty).
  Pending<ChildPage> ListChildren(const std::string& path, const std::string& cursor);

 private:
  Client& client_;
};

// The argument of files/search_v2.
std::string SearchArgument(const SearchRequest& request);

}  // namespace dbxes::dropbox
