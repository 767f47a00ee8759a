// SPDX-License-Identifier: Apache-2.0
#include "pdf/beyond_pages.h"

#include <Array.h>
#include <PDFDoc.h>
#include <Page.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace dbxes::pdf {
namespace {

constexpr std::size_t kMostComments = 100'000;
constexpr std::size_t kMostBookmarks = 100'000;
// Drawn on the page, or without a text for people.
constexpr std::array<const char*, 4> kNoComments{"FreeText", "Link", "Popup", "Widget"};

bool IsComment(const Object& annotation) {
  const Object kind = Member(annotation, "Subtype");
  return kind.isName() && std::none_of(kNoComments.begin(), kNoComments.end(),
                                       [&](const char* name) { return kind.isName(name); });
}

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

std::vector<std::string> CommentsOf(PDFDoc& file) {
  std::vector<std::string> comments;
  const int pages = file.getNumPages();
  for (int number = 1; number <= pages; ++number) {
    Page* page = file.getPage(number);
    if (page == nullptr) continue;
    const Object annotations = page->getAnnotsObject();
    if (!annotations.isArray()) continue;
    for (int at = 0; at < annotations.arrayGetLength(); ++at) {
      const Object annotation = annotations.arrayGet(at);
      if (!IsComment(annotation)) continue;
      std::string text = TextOf(Member(annotation, "Contents"));
      if (!text.empty()) comments.push_back(std::move(text));
      if (comments.size() >= kMostComments) return comments;
    }
  }
  return comments;
}

std::vector<std::string> BookmarksOf(const Object& catalog) {
  std::vector<std::string> titles;
  BookmarkWalk(titles).From(Member(catalog, "Outlines"));
  return titles;
}

}  // namespace dbxes::pdf
