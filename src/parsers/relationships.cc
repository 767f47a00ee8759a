// SPDX-License-Identifier: Apache-2.0
#include "parsers/relationships.h"

#include <algorithm>

#include "base/result.h"

namespace dbxes::parsers {
namespace {

class RelationshipHandler final : public XmlHandler {
 public:
  explicit RelationshipHandler(const std::string& part) : part_(part) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || attributes.Find("TargetMode") == "External") return;
    const std::string_view type = attributes.Find("Type");
    found.push_back({std::string(attributes.Find("Id")),
                     std::string(type.substr(type.rfind('/') + 1)),
                     ResolvePart(part_, attributes.Find("Target"))});
  }
  // Documents have some hundred at most; each costs a search for its part, and perhaps its reading.
  bool Done() const override { return found.size() >= kMostRelationships; }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

  std::vector<Relationship> found;

 private:
  const std::string& part_;
};

}  // namespace

std::string ResolvePart(std::string_view from, std::string_view target) {
  target = target.substr(0, target.find('#'));
  const bool absolute = target.substr(0, 1) == "/";
  const std::size_t folder = absolute ? std::string_view::npos : from.rfind('/');
  std::string resolved(folder == std::string_view::npos ? "" : from.substr(0, folder));
  while (!target.empty()) {
    const std::size_t slash = target.find('/');
    const std::string_view step = target.substr(0, slash);
    target.remove_prefix(slash == std::string_view::npos ? target.size() : slash + 1);
    if (step == "..") {
      const std::size_t parent = resolved.rfind('/');
      resolved.resize(parent == std::string::npos ? 0 : parent);
    } else if (!step.empty() && step != ".") {
      if (!resolved.empty()) resolved += '/';
      resolved += step;
    }
  }
  return resolved;
}

Parsed<std::vector<Relationship>> ReadRelationships(Archive& archive, const std::string& part) {
  const std::size_t folder = part.rfind('/') + 1;  // 0 if there is no folder
  const std::string entry = part.substr(0, folder) + "_rels/" + part.substr(folder) + ".rels";
  if (!archive.Has(entry)) return std::vector<Relationship>{};
  RelationshipHandler handler(part);
  TRY(archive.ReadXml(entry, handler));
  return std::move(handler.found);
}

PartsById IndexById(const std::vector<Relationship>& relationships) {
  PartsById parts;
  for (const Relationship& one : relationships) parts.try_emplace(one.id, one.part);
  return parts;
}

std::string PartWithId(const PartsById& parts, std::string_view id) {
  const auto found = parts.find(id);
  return found == parts.end() ? "" : std::string(found->second);
}

std::string PartOfType(const std::vector<Relationship>& relationships, std::string_view type) {
  const auto found = std::find_if(relationships.begin(), relationships.end(),
                                  [&](const Relationship& one) { return one.type == type; });
  return found == relationships.end() ? "" : found->part;
}

}  // namespace dbxes::parsers
