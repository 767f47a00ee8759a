// SPDX-License-Identifier: Apache-2.0
// The JSON scanner, held against RapidJSON; and what makes texts of others harmless.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/http/redaction.h"
#include "base/http/retry_after.h"
#include "base/json/json.h"
#include "base/json/json_scanner.h"
#include "base/safe_text.h"
#include "base/utf8.h"
#include "fuzz/fuzz_target.h"

namespace dbxes::fuzz {
namespace {

constexpr std::string_view kOther = "x";  // a number that is no uint64

std::string ShowNumber(JsonScanner& json) {
  // A number that is no uint64 leaves its variable unchanged.
  constexpr std::uint64_t kUnlikely = 4711;
  std::uint64_t number = kUnlikely;
  json.Read(number);
  return number == kUnlikely ? std::string(kOther) : fmt::format("{}", number);
}

// A value as text: what a caller can learn of it.
std::string Show(JsonScanner& json) {
  std::string shown;
  if (json.NextIs('{')) {
    for (bool more = json.EnterObject(); more; more = json.NextMember()) {
      const std::string name(json.ReadName());
      shown += fmt::format("'{}':{},", name, Show(json));
    }
    return "{" + shown + "}";
  }
  if (json.NextIs('[')) {
    for (bool more = json.EnterList(); more; more = json.NextElement()) shown += Show(json) + ",";
    return "[" + shown + "]";
  }
  if (json.NextIs('"')) {
    std::string_view text;
    json.Read(text);
    return fmt::format("'{}'", text);
  }
  if (json.NextIs('t') || json.NextIs('f')) {
    bool truth = false;
    json.Read(truth);
    return truth ? "true" : "false";
  }
  if (json.NextIs('n')) {
    json.Skip();
    return "null";
  }
  return ShowNumber(json);
}

std::string Show(const rapidjson::Value& value) {
  std::string shown;
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      shown += fmt::format("'{}':{},", View(member.name), Show(member.value));
    }
    return "{" + shown + "}";
  }
  if (value.IsArray()) {
    for (const auto& element : value.GetArray()) shown += Show(element) + ",";
    return "[" + shown + "]";
  }
  if (value.IsString()) return fmt::format("'{}'", View(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsNull()) return "null";
  if (!value.IsUint64() || value.GetUint64() == 4711) return std::string(kOther);
  return fmt::format("{}", value.GetUint64());
}

// Where the two differ on purpose: RapidJSON takes minus zero for a whole number, refuses what no
// double can hold, and skips each byte of a byte order mark at the start even where others are
// missing. The scanner refuses deep nesting.
bool MayDiffer(std::string_view text, const rapidjson::Document& document,
               const JsonScanner& json) {
  const bool begins_with_mark = text.find_first_of("\xEF\xBB\xBF") == 0;
  return begins_with_mark || text.find('\0') != std::string_view::npos ||
         text.find("-0") != std::string_view::npos ||
         document.GetParseError() == rapidjson::kParseErrorNumberTooBig ||
         json.error() == rapidjson::kParseErrorTermination;
}

void ScanJson(std::string_view bytes) {
  std::string text(bytes);
  {
    JsonScanner json(text);
    json.Skip();
    json.Finish();
    Require(json.error_offset() <= bytes.size(), "a mistake is within the text");
  }
  text = bytes;
  std::string scanned;
  {
    JsonScanner json(text);
    scanned = Show(json);
    json.Finish();
    if (json.failed()) scanned = "error";
    std::string repaired(bytes);
    ReplaceLoneSurrogates(repaired);
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(repaired.data(), repaired.size());
    if (MayDiffer(bytes, document, json)) return;
    Require(scanned == (document.HasParseError() ? "error" : Show(document)),
            "the scanner reads what RapidJSON reads");
  }
  Require(text.size() == bytes.size(), "the text keeps its length");
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

void ShowText(std::string_view bytes) {
  const std::string printable = Printable(bytes);
  Require(IsUtf8(printable) && !HasControl(printable), "what is printed is plain text");
  Require(Printable(printable) == printable, "what is harmless stays as it is");
  const std::string good = WellFormedUtf8(bytes);
  Require(IsUtf8(good), "what goes into JSON is UTF-8");
  const std::string safe = SafeJson(good);
  Require(SafeJson(safe) == safe, "safe JSON stays as it is");
  constexpr std::size_t kMost = 40;
  const std::string line = InOneLine(good, kMost);
  Require(IsUtf8(line) && !HasControl(line) && line.size() <= kMost, "a line is one line");
}

void HideSecrets(std::string_view bytes) {
  constexpr std::string_view kCredential = "sl.secret";
  constexpr std::size_t kMost = 64;
  const std::string shown = ShownBody(bytes, {std::string(kCredential)}, kMost);
  Require(shown.find(kCredential) == std::string::npos, "a credential is never shown");
  Require(shown.size() <= kMost, "a body is cut");
  Require(WithoutSecrets(bytes).find('#') == std::string::npos, "a fragment is never shown");
}

void DecodeBase64(std::string_view bytes) {
  const auto decoded = Base64Decode(bytes);
  if (!decoded) return;
  Require(Base64Decode(Base64Encode(*decoded)) == decoded, "bytes survive base64");
}

void ReadWait(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  HttpResponse answer;
  answer.headers.emplace_back("retry-after", bytes.substr(0, line));
  answer.headers.emplace_back("date", bytes.substr(std::min(line + 1, bytes.size())));
  const auto wait = RetryAfter(answer, 0);
  if (wait) Require(*wait >= Milliseconds(0) && *wait <= kLongestWait, "a wait is bounded");
}

const Registration json_scanner("json_scanner", ScanJson);
const Registration shown_text("shown_text", ShowText);
const Registration redaction("redaction", HideSecrets);
const Registration base64("base64", DecodeBase64);
const Registration retry_after("retry_after", ReadWait);

}  // namespace
}  // namespace dbxes::fuzz
