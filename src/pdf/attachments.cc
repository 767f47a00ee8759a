// SPDX-License-Identifier: Apache-2.0
#include "pdf/attachments.h"

#include <Array.h>
#include <PDFDoc.h>
#include <Page.h>

#include <set>
#include <utility>
#include <vector>

namespace dbxes::pdf {
namespace {

constexpr std::size_t kMostAttachments = 1000;
constexpr std::size_t kMostNodes = 10'000;  // of the name tree
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

class AttachmentWalk {
 public:
  explicit AttachmentWalk(const std::function<bool(const Attachment&)>& read) : read_(read) {}

  // A node has pairs of a name and a file, or further nodes (7.9.6).
  void Tree(Object root) {
    std::vector<Object> nodes;
    nodes.push_back(std::move(root));
    for (std::size_t count = 0; !nodes.empty() && going_ && count < kMostNodes; ++count) {
      const Object node = std::move(nodes.back());
      nodes.pop_back();
      const Object names = Member(node, "Names");
      const int length = names.isArray() ? names.arrayGetLength() : 0;
      for (int at = 1; at < length && going_; at += 2) {
        if (IsNew(names.arrayGetNF(at))) File(names.arrayGet(at));
      }
      const Object kids = Member(node, "Kids");
      for (int at = kids.isArray() ? kids.arrayGetLength() : 0; at > 0; --at) {
        if (IsNew(kids.arrayGetNF(at - 1))) nodes.push_back(kids.arrayGet(at - 1));
      }
    }
  }

  void Marks(const Object& annotations) {
    const int length = annotations.isArray() ? annotations.arrayGetLength() : 0;
    for (int at = 0; at < length && going_; ++at) {
      const Object mark = annotations.arrayGet(at);
      const Object kind = Member(mark, "Subtype");
      if (!kind.isName("FileAttachment")) continue;
      if (IsNew(mark.getDict()->lookupNF("FS"))) File(Member(mark, "FS"));
    }
  }

  bool going() const { return going_; }

 private:
  // An object may be listed twice, and nodes in a circle.
  bool IsNew(const Object& link) { return !link.isRef() || seen_.insert(link.getRefNum()).second; }

  void File(const Object& specification) {
    const Object streams = Member(specification, "EF");
    if (!streams.isDict()) return;
    Attachment attachment;
    attachment.name = TextOf(Member(specification, "UF"));
    if (attachment.name.empty()) attachment.name = TextOf(Member(specification, "F"));
    Object stream = Member(streams, "UF");
    if (!stream.isStream()) stream = Member(streams, "F");
    attachment.bytes = BytesOf(stream, kMostBytes);
    going_ = read_(attachment) && ++files_ < kMostAttachments;
  }

  const std::function<bool(const Attachment&)>& read_;
  std::set<int> seen_;
  std::size_t files_ = 0;
  bool going_ = true;
};

}  // namespace

void ForEachAttachment(PDFDoc& file, const Object& catalog,
                       const std::function<bool(const Attachment&)>& read) {
  AttachmentWalk walk(read);
  walk.Tree(Member(Member(catalog, "Names"), "EmbeddedFiles"));
  const int pages = file.getNumPages();
  for (int number = 1; number <= pages && walk.going(); ++number) {
    Page* page = file.getPage(number);
    if (page != nullptr) walk.Marks(page->getAnnotsObject());
  }
}

}  // namespace dbxes::pdf
