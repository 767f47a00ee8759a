// SPDX-License-Identifier: Apache-2.0
#include "pdf/beyond_pages.h"

#include <set>
#include <utility>

namespace dbxes::pdf {
namespace {

constexpr std::size_t kMostBookmarks = 100'000;

// Walks the items without recursion, each of them once: a file may link them in a circle.
class BookmarkWalk {
 public:
  explicit BookmarkWalk(std::vector<std::string>& titles) : titles_(titles) {}

  void From(const Object& outlines) {
    Enter(outlines, "First");
    while (!next_.empty() && titles_.size() < kMostBookmarks) {
      const Object item = std::move(next_.back());
      next_.pop_back();
      titles_.push_back(TextOf(Member(item, "Title")));
      Enter(item, "Next");
      Enter(item, "First");  // read before "Next"
    }
  }

 private:
  void Enter(const Object& item, const char* key) {
    if (!item.isDict()) return;
    const Object& link = item.getDict()->lookupNF(key);
    if (!link.isRef() || !seen_.insert(link.getRefNum()).second) return;
    Object target = Member(item, key);
    if (target.isDict()) next_.push_back(std::move(target));
  }

  std::vector<std::string>& titles_;
  std::vector<Object> next_;
  std::set<int> seen_;
};

}  // namespace

std::vector<std::string> BookmarksOf(const Object& catalog) {
  std::vector<std::string> titles;
  BookmarkWalk(titles).From(Member(catalog, "Outlines"));
  return titles;
}

}  // namespace dbxes::pdf
