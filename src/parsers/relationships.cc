// SPDX-License-Identifier: Apache-2.0
#include "parsers/relationships.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <unordered_set>
#include <utility>

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

struct NamedPart {
  std::string type;
  std::size_t number = 0;
  std::string name;
};

// "slides/slide12.xml" in the folder "ppt/" is the slide 12. The names are those of Office.
NamedPart ByUsualName(std::string_view folder, const std::string& name) {
  constexpr std::string_view kEnding = ".xml";
  std::string_view stem(name);
  if (stem.substr(0, folder.size()) != folder || !stem.ends_with(kEnding)) return {};
  stem.remove_suffix(kEnding.size());
  stem.remove_prefix(stem.rfind('/') + 1);
  const std::size_t letters = stem.find_last_not_of("0123456789") + 1;
  NamedPart part{std::string(stem.substr(0, letters)), 0, name};
  std::from_chars(stem.data() + letters, stem.data() + stem.size(), part.number);
  if (part.type == "sheet") part.type = "worksheet";
  return part;
}

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

std::vector<Relationship> ReadRelationships(Archive& archive, const std::string& part,
                                            TextSink& sink) {
  const std::size_t folder = part.rfind('/') + 1;  // 0 if there is no folder
  const std::string entry = part.substr(0, folder) + "_rels/" + part.substr(folder) + ".rels";
  if (!archive.Has(entry)) return {};
  RelationshipHandler handler(part);
  sink.Note(archive.ReadXml(entry, handler));
  return std::move(handler.found);
}

void AddPartsByName(const Archive& archive, const std::string& part,
                    std::vector<Relationship>& relationships) {
  std::unordered_set<std::string> known;
  for (const Relationship& one : relationships) known.insert(one.part);
  const std::string folder = part.substr(0, part.rfind('/') + 1);
  std::vector<NamedPart> parts;
  for (const std::string& name : archive.Names()) {
    NamedPart named = ByUsualName(folder, name);
    if (!named.type.empty() && !known.contains(name)) parts.push_back(std::move(named));
  }
  std::sort(parts.begin(), parts.end(), [](const NamedPart& a, const NamedPart& b) {
    return std::tie(a.type, a.number, a.name) < std::tie(b.type, b.number, b.name);
  });
  for (NamedPart& one : parts) {
    if (relationships.size() >= kMostRelationships) return;
    relationships.push_back({"", std::move(one.type), std::move(one.name)});
  }
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
