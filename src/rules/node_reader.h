// SPDX-License-Identifier: Apache-2.0
// Reads members of objects in a rules file and reports a wrong kind, an empty value or an unknown
// name.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/finding.h"
#include "rules/json_tree.h"

namespace dbxes::rules {

// A value and its JSON pointer.
struct Spot {
  const JsonNode* node = nullptr;
  std::string pointer;
};

class NodeReader {
 public:
  NodeReader(std::string_view text, const LineIndex& lines, Findings& findings)
      : text_(text), lines_(lines), findings_(findings) {}

  void Error(const Spot& at, std::string message, std::vector<std::string> allowed = {});
  void Warn(const Spot& at, std::string message);
  TextPlace PlaceOf(const Spot& at) const { return lines_.PlaceOf(at.node->offset); }
  // Of the byte `decoded` of a string's value.
  TextPlace PlaceInString(const Spot& at, std::size_t decoded) const;

  // False, with an error, when the value is of another kind.
  bool Expect(const Spot& at, JsonNode::Kind kind);
  // Errors for members that are not among `known`, and for those of `required` that are missing.
  void CheckMembers(const Spot& object, std::span<const std::string_view> known,
                    std::span<const std::string_view> required);
  // The member of an object; nothing if it is absent.
  std::optional<Spot> Member(const Spot& object, std::string_view key) const;
  Spot Item(const Spot& array, std::size_t index) const;

  // The following return nothing for a member that is absent, or that is wrong and was reported.
  // A string of at least one character.
  std::optional<std::string> Text(const Spot& object, std::string_view key);
  std::optional<double> Number(const Spot& object, std::string_view key);
  std::optional<bool> Truth(const Spot& object, std::string_view key);
  // The tag of {".tag": "..."}, one of `allowed`.
  std::optional<std::string> Tag(const Spot& value, std::span<const std::string_view> allowed);

 private:
  std::string_view text_;
  const LineIndex& lines_;
  Findings& findings_;
};

std::vector<std::string> Strings(std::span<const std::string_view> views);

}  // namespace dbxes::rules
