// SPDX-License-Identifier: Apache-2.0
#include "pdf/object_scan.h"

#include <optional>

namespace dbxes::pdf {
namespace {

constexpr std::string_view kBegin = "obj";
constexpr std::string_view kStream = "stream";
constexpr std::string_view kStreamEnd = "endstream";
constexpr std::size_t kMostDigits = 10;
constexpr std::size_t kMostBlanks = 8;  // between two numbers

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsBlank(char c) { return c == ' ' || c == '\0' || (c >= '\t' && c <= '\r'); }

// Ends of names and numbers (ISO 32000-2, 7.2.3).
bool IsDelimiter(char c) {
  return IsBlank(c) || std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

std::size_t SkipBlanks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && IsBlank(bytes[at])) ++at;
  return at;
}

// Where the characters before `end` begin that fulfil `is`; at most `most` of them.
template <class Test>
std::size_t BackOver(std::string_view bytes, std::size_t end, std::size_t most, Test is) {
  std::size_t at = end;
  while (at > 0 && end - at < most && is(bytes[at - 1])) --at;
  return at;
}

// Where the numbers before "obj" begin.
std::optional<std::size_t> NumbersBefore(std::string_view bytes, std::size_t word) {
  const std::size_t version_end = BackOver(bytes, word, kMostBlanks, IsBlank);
  const std::size_t version = BackOver(bytes, version_end, kMostDigits, IsDigit);
  const std::size_t number_end = BackOver(bytes, version, kMostBlanks, IsBlank);
  const std::size_t number = BackOver(bytes, number_end, kMostDigits, IsDigit);
  const bool both = version < version_end && number_end < version && number < number_end;
  return both ? std::optional(number) : std::nullopt;
}

std::optional<FoundObject> NextObject(std::string_view bytes, std::size_t from) {
  for (std::size_t word = bytes.find(kBegin, from); word != std::string_view::npos;
       word = bytes.find(kBegin, word + kBegin.size())) {
    const auto numbers = NumbersBefore(bytes, word);
    if (!numbers || *numbers < from) continue;
    FoundObject object;
    object.at = *numbers;
    std::size_t at = *numbers;
    object.number = ReadNumber(bytes, at);
    at = SkipBlanks(bytes, at);
    object.generation = ReadNumber(bytes, at);
    object.value = bytes.substr(word + kBegin.size());
    if (object.number > 0 && object.generation >= 0) return object;
  }
  return std::nullopt;
}

// Where the stream ends by its own word: nothing if its length is in another object, or wrong.
std::optional<std::size_t> StreamEnd(std::string_view bytes, std::string_view dictionary,
                                     std::size_t begin) {
  constexpr std::string_view kLength = "/Length";
  std::size_t at = dictionary.rfind(kLength);
  if (at == std::string_view::npos) return std::nullopt;
  at = SkipBlanks(dictionary, at + kLength.size());
  const int length = ReadNumber(dictionary, at);
  if (length < 0) return std::nullopt;
  const std::size_t end = begin + static_cast<std::size_t>(length);
  if (end > bytes.size()) return std::nullopt;
  // A line break follows the word "stream", and may be before "endstream".
  const std::size_t word = bytes.substr(end, kMostBlanks + kStreamEnd.size()).find(kStreamEnd);
  return word == std::string_view::npos ? std::nullopt : std::optional(end + word);
}

}  // namespace

int ReadNumber(std::string_view bytes, std::size_t& at) {
  const std::size_t begin = at;
  std::int64_t value = 0;
  for (; at < bytes.size() && at - begin < kMostDigits && IsDigit(bytes[at]); ++at) {
    value = value * 10 + (bytes[at] - '0');
  }
  return at == begin || value >= std::int64_t{1} << 31 ? -1 : static_cast<int>(value);
}

ObjectKind KindOf(std::string_view dictionary) {
  constexpr std::string_view kType = "/Type";
  for (std::size_t type = dictionary.find(kType); type != std::string_view::npos;
       type = dictionary.find(kType, type + 1)) {
    const std::size_t begin = SkipBlanks(dictionary, type + kType.size());
    if (dictionary.substr(begin, 1) != "/") continue;
    std::size_t end = begin + 1;
    while (end < dictionary.size() && !IsDelimiter(dictionary[end])) ++end;
    const std::string_view name = dictionary.substr(begin + 1, end - begin - 1);
    if (name == "Catalog") return ObjectKind::kCatalog;
    if (name == "Page") return ObjectKind::kPage;
    if (name == "ObjStm") return ObjectKind::kObjectStream;
  }
  return ObjectKind::kOther;
}

std::vector<FoundObject> ScanObjects(std::string_view bytes) {
  std::vector<FoundObject> objects;
  auto object = NextObject(bytes, 0);
  while (object) {
    const std::size_t begin = static_cast<std::size_t>(object->value.data() - bytes.data());
    auto next = NextObject(bytes, begin);
    const std::size_t end = next ? next->at : bytes.size();
    object->value = bytes.substr(begin, end - begin);
    const std::size_t stream = object->value.find(kStream);
    if (stream != std::string_view::npos) {
      object->value = object->value.substr(0, stream);
      const auto after = StreamEnd(bytes, object->value, begin + stream + kStream.size());
      if (after && *after > end) next = NextObject(bytes, *after);
    }
    if (object->number < kMostObjects) objects.push_back(*object);
    object = next;
  }
  return objects;
}

}  // namespace dbxes::pdf
