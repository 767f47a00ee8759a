// SPDX-License-Identifier: Apache-2.0
#include "rules/json_tree.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"

namespace dbxes::rules {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 500'000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kHalfAPair =
    "half a surrogate pair (\\ud800 to \\udfff) is no character";

// RapidJSON copies the streams that it knows while it reads a token. Only a stream of our own shows
// the true position in a callback.
class TextStream {
 public:
  using Ch = char;
  explicit TextStream(std::string_view text) : text_(text) {}
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char Take() { return at_ < text_.size() ? text_[at_++] : '\0'; }
  std::size_t Tell() const { return at_; }
  // Of writable streams; RapidJSON requires them.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  void Flush() {}
  std::size_t PutEnd(char*) { return 0; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool IsBetweenValues(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':';
}

// RapidJSON accepts the escape of a low surrogate without a high one.
bool HoldsHalfAPair(std::string_view text) {
  for (std::size_t at = text.find('\xED'); at != std::string_view::npos;
       at = text.find('\xED', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
  }
  return false;
}

class TreeBuilder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TreeBuilder> {
 public:
  TreeBuilder(std::string_view text, const TextStream& stream, const LineIndex& lines,
              JsonNode& root, Findings& findings)
      : text_(text), stream_(stream), lines_(lines), root_(root), findings_(findings) {}

  // Why the builder stopped the parse; "" if it did not.
  std::string stopped;

  bool Null() { return Scalar(JsonNode::Kind::kNull, ""); }
  bool Bool(bool value) { return Scalar(JsonNode::Kind::kBool, value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    return Scalar(JsonNode::Kind::kNumber, {text, length});
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    if (HoldsHalfAPair({text, length})) return Stop(std::string(kHalfAPair));
    return Scalar(JsonNode::Kind::kString, {text, length});
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (HoldsHalfAPair({text, length})) return Stop(std::string(kHalfAPair));
    key_ = std::string(text, length);
    key_offset_ = Begin();
    end_ = stream_.Tell();
    return true;
  }
  bool StartObject() { return Open(JsonNode::Kind::kObject); }
  bool StartArray() { return Open(JsonNode::Kind::kArray); }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool EndArray(rapidjson::SizeType) { return Close(); }

 private:
  // A tree under construction; its node moves into the one above when it is complete.
  struct Level {
    JsonNode node;
    std::string key;
    std::size_t key_offset = 0;
    std::unordered_map<std::string, std::size_t> indexes;  // of members, by key
  };

  std::size_t Begin() const {
    std::size_t at = end_;
    while (at < text_.size() && IsBetweenValues(text_[at])) ++at;
    return at;
  }
  bool Stop(std::string reason) {
    stopped = std::move(reason);
    return false;
  }
  bool Scalar(JsonNode::Kind kind, std::string_view value) {
    JsonNode node;
    node.kind = kind;
    node.offset = Begin();
    node.text = value;
    end_ = stream_.Tell();
    return Place(std::move(node), std::move(key_), key_offset_);
  }
  bool Open(JsonNode::Kind kind) {
    if (levels_.size() == kMaxDepth) {
      return Stop(fmt::format("more than {} levels of brackets", kMaxDepth));
    }
    Level level;
    level.node.kind = kind;
    level.node.offset = Begin();
    level.key = std::move(key_);
    level.key_offset = key_offset_;
    end_ = level.node.offset + 1;
    levels_.push_back(std::move(level));
    return true;
  }
  bool Close() {
    end_ = Begin() + 1;
    Level level = std::move(levels_.back());
    levels_.pop_back();
    return Place(std::move(level.node), std::move(level.key), level.key_offset);
  }
  bool Place(JsonNode node, std::string key, std::size_t key_offset) {
    if (++values_ > kMaxValues) return Stop(fmt::format("more than {} values", kMaxValues));
    if (levels_.empty()) {
      root_ = std::move(node);
      return true;
    }
    Level& parent = levels_.back();
    if (parent.node.Is(JsonNode::Kind::kArray)) {
      parent.node.items.push_back(std::move(node));
      return true;
    }
    const auto [known, is_new] = parent.indexes.emplace(key, parent.node.members.size());
    if (is_new) {
      parent.node.members.push_back({std::move(key), key_offset, std::move(node)});
      return true;
    }
    JsonMember& member = parent.node.members[known->second];
    ReportRepeated(key, key_offset, lines_.PlaceOf(member.key_offset).line);
    member.value = std::move(node);
    return true;
  }
  void ReportRepeated(const std::string& key, std::size_t offset, std::size_t first_line) {
    findings_.Add({Finding::Severity::kError,
                   lines_.PlaceOf(offset),
                   PathToHere() + PointerStep(key),
                   fmt::format("the member \"{}\" stands here a second time (first in line {})",
                               key, first_line),
                   {}});
  }
  std::string PathToHere() const {
    std::string pointer;
    for (std::size_t i = 1; i < levels_.size(); ++i) {
      const JsonNode& above = levels_[i - 1].node;
      pointer += above.Is(JsonNode::Kind::kArray) ? PointerStep(std::to_string(above.items.size()))
                                                  : PointerStep(levels_[i].key);
    }
    return pointer;
  }

  std::string_view text_;
  const TextStream& stream_;
  const LineIndex& lines_;
  JsonNode& root_;
  Findings& findings_;
  std::vector<Level> levels_;
  std::string key_;
  std::size_t key_offset_ = 0;
  std::size_t end_ = 0;  // of the last token
  std::size_t values_ = 0;
};

// RapidJSON's message, replaced where it does not help a person.
std::string Reason(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "the file is empty: no rules at all are []";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "there is more after the end of the JSON value";
    case rapidjson::kParseErrorValueInvalid:
      return "expected a JSON value here (a comma after the last element? JSON has no comments, "
             "and "
             "texts need double quotes)";
    case rapidjson::kParseErrorObjectMissName:
      return "expected the name of a member here, in double quotes (a comma after the last member? "
             "JSON has no comments)";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "JSON has no such escape; write a backslash as two";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return std::string(kHalfAPair);
    case rapidjson::kParseErrorNumberTooBig:
      return "the number is too large";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "bytes that are not UTF-8";
    default: {
      std::string words = rapidjson::GetParseError_En(code);
      if (words.ends_with('.')) words.pop_back();
      return words;
    }
  }
}

void Report(Findings& findings, TextPlace place, const std::string& reason) {
  findings.Add({Finding::Severity::kError, place, "", "not JSON: " + reason, {}});
}

// How many bytes of the value the escape at `at` encodes, and its own length.
std::pair<std::size_t, std::size_t> Escape(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at + 1] != 'u') return {1, 2};
  const unsigned long unit = std::strtoul(std::string(text.substr(at + 2, 4)).c_str(), nullptr, 16);
  if (unit >= 0xD800 && unit <= 0xDBFF) return {4, 12};
  return {unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3, 6};
}

}  // namespace

const JsonMember* JsonNode::Find(std::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

std::string_view KindName(JsonNode::Kind kind) {
  switch (kind) {
    case JsonNode::Kind::kNull:
      return "null";
    case JsonNode::Kind::kBool:
      return "true or false";
    case JsonNode::Kind::kNumber:
      return "a number";
    case JsonNode::Kind::kString:
      return "a string";
    case JsonNode::Kind::kArray:
      return "an array";
    case JsonNode::Kind::kObject:
      return "an object";
  }
  return "";
}

std::string PointerStep(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

LineIndex::LineIndex(std::string_view text) : text_(text), line_starts_{0} {
  if (text.starts_with(kByteOrderMark)) line_starts_[0] = kByteOrderMark.size();
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at % kStride == 0) characters_.push_back(characters);
    if (!IsUtf8Continuation(text[at])) ++characters;
    if (text[at] == '\n') line_starts_.push_back(at + 1);
  }
}

std::size_t LineIndex::CharactersBefore(std::size_t offset) const {
  if (characters_.empty()) return 0;
  const std::size_t stride = std::min(offset / kStride, characters_.size() - 1);
  const std::string_view rest = text_.substr(stride * kStride, offset - stride * kStride);
  return characters_[stride] + CountCharacters(rest);
}

TextPlace LineIndex::PlaceOf(std::size_t offset) const {
  offset = std::clamp(offset, line_starts_[0], std::max(line_starts_[0], text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  return {line, CharactersBefore(offset) - CharactersBefore(line_starts_[line - 1]) + 1};
}

bool ParseJsonTree(std::string_view text, const LineIndex& lines, JsonNode& root,
                   Findings& findings) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    Report(findings, {1, 1}, "the file is in UTF-16; save it as UTF-8");
    return false;
  }
  // The mark becomes white space, which JSON allows, so that offsets stay those of the text.
  std::string content(text);
  if (text.starts_with(kByteOrderMark)) content.replace(0, kByteOrderMark.size(), 3, ' ');
  TextStream stream(content);
  TreeBuilder builder(content, stream, lines, root, findings);
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
  if (parsed.IsError()) {
    const bool ended_here = parsed.Code() == rapidjson::kParseErrorTermination;
    Report(findings, lines.PlaceOf(parsed.Offset()),
           ended_here ? builder.stopped : Reason(parsed.Code()));
    return false;
  }
  // For RapidJSON the text ends at the first zero byte.
  if (stream.Tell() >= content.size()) return true;
  Report(findings, lines.PlaceOf(stream.Tell()), "there is a zero byte");
  return false;
}

std::size_t OffsetInString(std::string_view text, std::size_t offset, std::size_t decoded) {
  std::size_t at = offset + 1;
  for (std::size_t value = 0; value < decoded && at < text.size();) {
    const auto [bytes, length] =
        text[at] == '\\' ? Escape(text, at) : std::pair<std::size_t, std::size_t>(1, 1);
    value += bytes;
    at += length;
  }
  return std::min(at, text.size());
}

}  // namespace dbxes::rules
