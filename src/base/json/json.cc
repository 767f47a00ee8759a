// SPDX-License-Identifier: Apache-2.0
#include "base/json/json.h"

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/json/json_text.h"
#include "base/json/surrogates.h"

namespace dbxes {
namespace {

constexpr std::size_t kEscapeLength = 6;  // of "\\uXXXX"

// The UTF-16 code unit that is escaped at `at`, or kNoUnit.
int UnitAt(std::string_view json, std::size_t at) {
  if (at + kEscapeLength > json.size() || json[at] != '\\' || json[at + 1] != 'u') return kNoUnit;
  return EscapedUnit(json.data() + at + 2);
}

// Returns the offset of the next lone surrogate, or npos. A backslash always begins an escape: JSON
// has no backslash outside strings.
std::size_t FindLoneSurrogate(std::string_view json, std::size_t from) {
  std::size_t at = json.find('\\', from);
  while (at != std::string_view::npos) {
    const int unit = UnitAt(json, at);
    if (IsHighSurrogate(unit) && IsLowSurrogate(UnitAt(json, at + kEscapeLength))) {
      at += kEscapeLength;
    } else if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
      return at;
    }
    at = json.find('\\', at + (unit < 0 ? 2 : kEscapeLength));
  }
  return at;
}

// Without an end before the last byte, so that many bytes are compared at once.
bool HasUnescaped(std::string_view text) {
  unsigned found = 0;
  for (const char c : text) found |= static_cast<unsigned char>(c - 0x1a) < 6 ? 1U : 0U;
  return found != 0;
}

// Hands what a reader finds on to the document that is built of it, up to a number of values.
class BoundedBuilder {
 public:
  BoundedBuilder(rapidjson::Document& document, std::size_t most)
      : document_(document), left_(most) {}

  bool Null() { return Take() && document_.Null(); }
  bool Bool(bool value) { return Take() && document_.Bool(value); }
  bool Int(int value) { return Take() && document_.Int(value); }
  bool Uint(unsigned value) { return Take() && document_.Uint(value); }
  bool Int64(std::int64_t value) { return Take() && document_.Int64(value); }
  bool Uint64(std::uint64_t value) { return Take() && document_.Uint64(value); }
  bool Double(double value) { return Take() && document_.Double(value); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool copy) {
    return Take() && document_.RawNumber(text, length, copy);
  }
  bool String(const char* text, rapidjson::SizeType length, bool copy) {
    return Take() && document_.String(text, length, copy);
  }
  bool StartObject() { return Take() && document_.StartObject(); }
  bool Key(const char* text, rapidjson::SizeType length, bool copy) {
    return Take() && document_.Key(text, length, copy);
  }
  bool EndObject(rapidjson::SizeType members) { return document_.EndObject(members); }
  bool StartArray() { return Take() && document_.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) { return document_.EndArray(elements); }

 private:
  bool Take() {
    if (left_ == 0) return false;
    --left_;
    return true;
  }

  rapidjson::Document& document_;
  std::size_t left_;
};

}  // namespace

bool JsonWriter::String(const char* text, rapidjson::SizeType length, bool copy) {
  if (!HasUnescaped({text, length})) return Writer::String(text, length, copy);
  std::string json;
  AppendJsonString({text, length}, json);
  return RawValue(json.data(), json.size(), rapidjson::kStringType);
}

void WriteString(JsonWriter& writer, std::string_view value) {
  std::string json;
  AppendJsonString(value, json);
  writer.RawValue(json.data(), json.size(), rapidjson::kStringType);
}

void ReplaceLoneSurrogates(std::string& json) {
  for (std::size_t at = FindLoneSurrogate(json, 0); at != std::string::npos;
       at = FindLoneSurrogate(json, at + kEscapeLength)) {
    json.replace(at, kEscapeLength, "\\ufffd");
  }
}

Result<rapidjson::Document> ParseJson(std::string_view text, std::string_view what) {
  if (FindLoneSurrogate(text, 0) != std::string_view::npos) {
    std::string valid(text);
    ReplaceLoneSurrogates(valid);
    return ParseJson(valid, what);
  }
  rapidjson::Document document;
  rapidjson::ParseResult parsed;
  const auto build = [&text, &parsed](rapidjson::Document& into) {
    rapidjson::MemoryStream bytes(text.data(), text.size());
    rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
    BoundedBuilder builder(into, kMostJsonValues);
    rapidjson::Reader reader;
    // Iterative: a bomb of nested brackets must not overflow the stack.
    parsed = reader.Parse<rapidjson::kParseIterativeFlag>(stream, builder);
    return !parsed.IsError();
  };
  document.Populate(build);
  if (!parsed.IsError()) return document;
  if (parsed.Code() == rapidjson::kParseErrorTermination) {
    return Fail(ErrorKind::kInternal,
                fmt::format("{} has more than {} values", what, kMostJsonValues));
  }
  return Fail(ErrorKind::kTemporary, fmt::format("{} is not JSON: {} (at byte {} of {})", what,
                                                 rapidjson::GetParseError_En(parsed.Code()),
                                                 parsed.Offset(), text.size()));
}

const rapidjson::Value* FindMember(const rapidjson::Value& object, std::string_view key) {
  if (!object.IsObject()) return nullptr;
  const auto member =
      object.FindMember(rapidjson::Value(rapidjson::StringRef(key.data(), key.size())));
  if (member == object.MemberEnd() || member->value.IsNull()) return nullptr;
  return &member->value;
}

std::string_view StringMember(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* value = FindMember(object, key);
  return value != nullptr && value->IsString() ? View(*value) : std::string_view{};
}

std::vector<std::string_view> TextsOf(const rapidjson::Value* value) {
  std::vector<std::string_view> texts;
  if (value == nullptr) return texts;
  if (value->IsString()) return {View(*value)};
  if (!value->IsArray()) return texts;
  for (const auto& one : value->GetArray()) {
    if (one.IsString()) texts.push_back(View(one));
  }
  return texts;
}

std::optional<std::uint64_t> UintMember(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* value = FindMember(object, key);
  if (value == nullptr || !value->IsUint64()) return std::nullopt;
  return value->GetUint64();
}

bool BoolMember(const rapidjson::Value& object, std::string_view key, bool fallback) {
  const rapidjson::Value* value = FindMember(object, key);
  return value != nullptr && value->IsBool() ? value->GetBool() : fallback;
}

const rapidjson::Value* FindPath(const rapidjson::Value& object,
                                 std::initializer_list<std::string_view> keys) {
  const rapidjson::Value* value = &object;
  for (std::string_view key : keys) {
    value = FindMember(*value, key);
    if (value == nullptr) return nullptr;
  }
  return value;
}

}  // namespace dbxes
