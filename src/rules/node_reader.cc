// SPDX-License-Identifier: Apache-2.0
#include "rules/node_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rules/rule_fields.h"

namespace dbxes::rules {

using Kind = JsonNode::Kind;

std::vector<std::string> Strings(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

void NodeReader::Error(const Spot& at, std::string message, std::vector<std::string> allowed) {
  findings_.Add(
      {Finding::Severity::kError, PlaceOf(at), at.pointer, std::move(message), std::move(allowed)});
}

void NodeReader::Warn(const Spot& at, std::string message) {
  findings_.Add({Finding::Severity::kWarning, PlaceOf(at), at.pointer, std::move(message), {}});
}

TextPlace NodeReader::PlaceInString(const Spot& at, std::size_t decoded) const {
  return lines_.PlaceOf(OffsetInString(text_, at.node->offset, decoded));
}

bool NodeReader::Expect(const Spot& at, Kind kind) {
  if (at.node->Is(kind)) return true;
  Error(at, fmt::format("must be {}, not {}", KindName(kind), KindName(at.node->kind)));
  return false;
}

void NodeReader::CheckMembers(const Spot& object, std::span<const std::string_view> known,
                              std::span<const std::string_view> required) {
  for (const JsonMember& member : object.node->members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const Spot at{&member.value, object.pointer + PointerStep(member.key)};
    findings_.Add({Finding::Severity::kError, lines_.PlaceOf(member.key_offset), at.pointer,
                   fmt::format("unknown member \"{}\"", member.key), Strings(known)});
  }
  for (const std::string_view key : required) {
    if (object.node->Find(key) == nullptr) {
      Error(object, fmt::format("the member \"{}\" is missing", key));
    }
  }
}

std::optional<Spot> NodeReader::Member(const Spot& object, std::string_view key) const {
  const JsonMember* member = object.node->Find(key);
  if (member == nullptr) return std::nullopt;
  return Spot{&member->value, object.pointer + PointerStep(key)};
}

Spot NodeReader::Item(const Spot& array, std::size_t index) const {
  return {&array.node->items[index], array.pointer + PointerStep(std::to_string(index))};
}

std::optional<std::string> NodeReader::Text(const Spot& object, std::string_view key) {
  const auto member = Member(object, key);
  if (!member || !Expect(*member, Kind::kString)) return std::nullopt;
  if (member->node->text.empty()) {
    Error(*member, "must not be empty");
    return std::nullopt;
  }
  return member->node->text;
}

std::optional<double> NodeReader::Number(const Spot& object, std::string_view key) {
  const auto member = Member(object, key);
  if (!member || !Expect(*member, Kind::kNumber)) return std::nullopt;
  const auto number = ParseNumber(member->node->text);
  if (!number) Error(*member, "the number is too large");
  return number;
}

std::optional<bool> NodeReader::Truth(const Spot& object, std::string_view key) {
  const auto member = Member(object, key);
  if (!member || !Expect(*member, Kind::kBool)) return std::nullopt;
  return member->node->text == "true";
}

std::optional<std::string> NodeReader::Tag(const Spot& value,
                                           std::span<const std::string_view> allowed) {
  constexpr std::array<std::string_view, 1> kTag{".tag"};
  if (!Expect(value, Kind::kObject)) return std::nullopt;
  CheckMembers(value, kTag, kTag);
  auto tag = Text(value, kTag[0]);
  if (!tag || std::find(allowed.begin(), allowed.end(), *tag) != allowed.end()) return tag;
  Error(*Member(value, kTag[0]), fmt::format("Dropbox does not accept \"{}\" here", *tag),
        Strings(allowed));
  return std::nullopt;
}

}  // namespace dbxes::rules
