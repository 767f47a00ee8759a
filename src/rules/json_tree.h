// SPDX-License-Identifier: Apache-2.0
// JSON that a person wrote, with the place of every value, which a validator needs and base/json
// does not keep. Size, depth and number of values are bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/finding.h"

namespace dbxes::rules {

struct JsonMember;

struct JsonNode {
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  std::size_t offset = 0;  // of its first byte
  std::string text;        // a string decoded, a number as it was written, "true" or "false"
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;  // in the order written; of repeated keys the last one

  bool Is(Kind wanted) const { return kind == wanted; }
  // Null if there is none.
  const JsonMember* Find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  std::size_t key_offset = 0;
  JsonNode value;
};

// "a string", "an object": for messages.
std::string_view KindName(JsonNode::Kind kind);

// A key as part of a JSON pointer (RFC 6901).
std::string PointerStep(std::string_view key);

// Lines and columns of a text, both from 1. Columns count characters, as editors do.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  TextPlace PlaceOf(std::size_t offset) const;

 private:
  static constexpr std::size_t kStride = 256;
  std::size_t CharactersBefore(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> line_starts_;
  // Before every kStride-th byte, so that places in a line of megabytes are found quickly.
  std::vector<std::size_t> characters_;
};

// Parses `text` (UTF-8, a byte order mark is skipped) into `root` and reports mistakes to
// `findings`. False when there is no tree; repeated keys are reported, but leave a tree.
bool ParseJsonTree(std::string_view text, const LineIndex& lines, JsonNode& root,
                   Findings& findings);

// The offset in `text` of byte `decoded` of a string's value. `offset` is that of its opening
// quote.
std::size_t OffsetInString(std::string_view text, std::size_t offset, std::size_t decoded);

}  // namespace dbxes::rules
