// SPDX-License-Identifier: Apache-2.0
#include "parsers/properties.h"

#include <utility>

#include "content/clean_text.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostBytes = 4096;
constexpr content::TextLimits kLimits{1000, true};

class PropertyHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes&) override {
    target_ = TargetOf(name);
    if (target_ == nullptr || target_->empty()) return;
    // Of several authors all count, of everything else the first one.
    if (target_ == &creator_ && creator_.size() < kMostBytes) {
      creator_ += ", ";
    } else {
      target_ = nullptr;
    }
  }
  void End(std::string_view) override { target_ = nullptr; }
  void Text(std::string_view text) override {
    if (target_ != nullptr && target_->size() + text.size() <= kMostBytes) *target_ += text;
  }

  DocumentProperties Take() {
    // In OpenDocument, dc:creator is the person who saved the file last.
    const std::string& author = initial_creator_.empty() ? creator_ : initial_creator_;
    return {CleanProperty(title_), CleanProperty(author), CleanProperty(language_)};
  }

 private:
  std::string* TargetOf(std::string_view name) {
    if (name == "title") return &title_;
    if (name == "creator") return &creator_;
    if (name == "initial-creator") return &initial_creator_;
    if (name == "language") return &language_;
    return nullptr;
  }

  std::string title_;
  std::string creator_;
  std::string initial_creator_;
  std::string language_;
  std::string* target_ = nullptr;
};

}  // namespace

std::string CleanProperty(std::string_view value) {
  std::string text(value);
  content::CleanText(text, kLimits);
  return text;
}

DocumentProperties ReadProperties(Archive& archive, const std::string& entry) {
  PropertyHandler handler;
  if (!archive.Has(entry) || !archive.ReadXml(entry, handler)) return {};
  return handler.Take();
}

}  // namespace dbxes::parsers
