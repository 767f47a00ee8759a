// SPDX-License-Identifier: Apache-2.0
// Files and folders as the simulated Dropbox keeps them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/content.h"

namespace dbxes::sim {

// Misuse by a test: an unknown path, a name taken by a folder.
class TreeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Milliseconds since 1970. Injected, so that a test needs no real time.
using ClockFn = std::function<std::int64_t()>;

enum class Kind : std::uint8_t { kFile, kFolder, kDeleted };

// How a file that cannot be downloaded is exported.
struct ExportSpec {
  std::string export_as;                     // empty: absent
  std::vector<std::string> export_options;   // empty: absent
  std::map<std::string, std::string> bytes;  // by format
};

// Facts that few items have.
struct Extras {
  std::optional<ExportSpec> export_spec;  // set: is_downloadable is false
  std::string symlink_target;
  std::string lock_holder;
  std::string modified_by;  // account id, in sharing_info
  std::optional<std::uint64_t> reported_size;
  std::string lookup_error;  // tag that download and export answer, e.g. restricted_content
  bool hide_content_hash = false;
  bool traverse_only = false;
  bool no_access = false;
};

// One state of one item; immutable, so that the journal and a running listing keep what they saw.
struct Item {
  Kind kind = Kind::kFile;
  std::uint32_t ns = 0;     // index of the namespace it lives in; its paths are relative to that
  std::uint32_t mount = 0;  // folder: index of the namespace mounted here, 0 for none
  std::uint64_t rev = 0;
  std::int64_t client_modified_s = 0;
  std::int64_t server_modified_s = 0;
  std::string id;
  std::string path_lower;
  std::string path_display;
  std::shared_ptr<const Content> content;
  std::shared_ptr<const Extras> extras;

  std::string_view name() const {
    return std::string_view(path_display).substr(path_display.rfind('/') + 1);
  }
  std::uint64_t size() const {
    if (extras && extras->reported_size) return *extras->reported_size;
    return content ? content->size() : 0;
  }
};
using ItemPtr = std::shared_ptr<const Item>;

// Orders paths so that everything under a folder follows it directly: '/' sorts first.
struct PathLess {
  using is_transparent = void;
  static bool Less(std::string_view a, std::string_view b);
  bool operator()(const ItemPtr& a, const ItemPtr& b) const {
    return Less(a->path_lower, b->path_lower);
  }
  bool operator()(const ItemPtr& a, std::string_view b) const { return Less(a->path_lower, b); }
  bool operator()(std::string_view a, const ItemPtr& b) const { return Less(a, b->path_lower); }
};
using ItemSet = std::set<ItemPtr, PathLess>;

struct FileOptions {
  std::optional<std::string> id;
  std::optional<std::int64_t> client_modified_s;
  std::optional<std::int64_t> server_modified_s;
  Extras extras;
};

// "015f…": the text of a rev, at least nine hex digits.
std::string RevText(std::uint64_t rev);
std::uint64_t ParseRev(std::string_view text);  // 0 if it is none

}  // namespace dbxes::sim
