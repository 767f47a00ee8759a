// SPDX-License-Identifier: Apache-2.0
#include "config/option_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/http/url.h"
#include "config/index_name.h"
#include "config/option_list.h"

namespace dbxes::config {
namespace {

using T = OptionType;

constexpr std::array<std::pair<std::string_view, Compression>, 3> kCompressionNames{
    {{"auto", Compression::kAuto}, {"on", Compression::kOn}, {"off", Compression::kOff}}};

constexpr std::array<std::pair<std::string_view, ExtractionMode>, 4> kExtractionModeNames{
    {{"off", ExtractionMode::kOff},
     {"local", ExtractionMode::kLocal},
     {"pipeline", ExtractionMode::kPipeline},
     {"service", ExtractionMode::kService}}};

constexpr std::array<std::pair<std::string_view, PaperFormat>, 2> kPaperFormatNames{
    {{"markdown", PaperFormat::kMarkdown}, {"html", PaperFormat::kHtml}}};

constexpr std::array<std::pair<std::string_view, ServiceProtocol>, 3> kServiceProtocolNames{
    {{"auto", ServiceProtocol::kAuto},
     {"elastic", ServiceProtocol::kElastic},
     {"tika", ServiceProtocol::kTika}}};

constexpr std::array<std::pair<std::string_view, LogFormat>, 2> kLogFormatNames{
    {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}};

constexpr std::array<std::pair<std::string_view, StateKind>, 2> kStateKindNames{
    {{"folder", StateKind::kFolder}, {"cluster", StateKind::kCluster}}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kByteUnits{
    {{"KiB", std::int64_t{1} << 10},
     {"MiB", std::int64_t{1} << 20},
     {"GiB", std::int64_t{1} << 30}}};

template <class Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<std::int64_t> InRange(const OptionRow& row, std::optional<std::int64_t> number) {
  if (!number || *number < row.min || *number > row.max) return std::nullopt;
  return number;
}

std::optional<std::int64_t> ParseMilliseconds(std::string_view text) {
  const std::optional<double> seconds = ParseNumber<double>(text);
  // Rejects NaN and infinity, too, which from_chars accepts.
  if (!seconds || !(std::abs(*seconds) < 1e12)) return std::nullopt;
  return std::llround(*seconds * 1000);
}

std::optional<std::int64_t> ParseBytes(std::string_view text) {
  std::int64_t factor = 1;
  for (const auto& [unit, bytes] : kByteUnits) {
    if (!text.ends_with(unit)) continue;
    factor = bytes;
    text.remove_suffix(unit.size());
    while (text.ends_with(' ')) text.remove_suffix(1);
    break;
  }
  const std::optional<std::int64_t> number = ParseNumber<std::int64_t>(text);
  if (!number || *number < 0 || *number > (std::int64_t{1} << 32)) return std::nullopt;
  return *number * factor;
}

// As curl --limit-rate and rclone --bwlimit write it; without a unit, it is bytes as for curl.
std::optional<std::int64_t> ParseRate(std::string_view text) {
  if (text == "off") return 0;
  const auto drop = [&text](std::string_view ending) {
    const bool ends = text.ends_with(ending);
    if (ends) text.remove_suffix(ending.size());
    return ends;
  };
  if (!drop("B")) drop("b");
  const bool binary = drop("i");
  constexpr std::string_view kUnits = "kKmMgG";
  const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  if (binary && unit == std::string_view::npos) return std::nullopt;
  double factor = 1;
  if (unit != std::string_view::npos) {
    factor = std::pow(1024.0, static_cast<double>(unit / 2 + 1));
    text.remove_suffix(1);
  }
  while (text.ends_with(' ')) text.remove_suffix(1);
  const std::optional<double> number = ParseNumber<double>(text);
  // Rejects NaN and infinity, too.
  if (!number || !(*number >= 0) || !(*number * factor < 1e15)) return std::nullopt;
  // Only a zero is no limit.
  return *number > 0 ? std::max(std::llround(*number * factor), 1LL) : 0;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<MaxDelete> ParseMaxDelete(std::string_view text) {
  if (text == "auto") return MaxDelete{};
  if (text == "unlimited") return MaxDelete{.automatic = false, .unlimited = true};
  const std::optional<std::uint64_t> count = ParseNumber<std::uint64_t>(text);
  if (!count) return std::nullopt;
  return MaxDelete{.automatic = false, .count = *count};
}

template <class Value, std::size_t N>
std::optional<Value> ParseName(const std::array<std::pair<std::string_view, Value>, N>& names,
                               std::string_view text) {
  for (const auto& [name, value] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::optional<std::string> ParseBaseUrl(const std::string& text) {
  // Messages would show credentials in a URL; a query or a fragment cannot be part of a base.
  if (text.find_first_of("@?# \t") != std::string::npos || !ParseUrl(text)) return std::nullopt;
  return WithoutTrailingSlash(text);
}

// The schemes of libcurl. Messages would show a password in the URL.
std::optional<std::string> ParseProxy(const std::string& text) {
  if (text == "none") return text;
  if (text.find_first_of("@?# \t\r\n") != std::string::npos) return std::nullopt;
  const std::size_t end = text.find("://");
  if (end == std::string::npos) return std::nullopt;
  constexpr std::array<std::string_view, 6> kSchemes{"http",    "https",  "socks4",
                                                     "socks4a", "socks5", "socks5h"};
  const std::string_view scheme = std::string_view(text).substr(0, end);
  if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) return std::nullopt;
  if (!ParseUrl("http" + text.substr(end))) return std::nullopt;
  return WithoutTrailingSlash(text);
}

// With colons, as openssl(1) prints it, or without, like Elasticsearch.
std::optional<std::string> ParseFingerprint(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == ':') continue;
    if (HexDigit(c) < 0) return std::nullopt;
    digits += LowerAscii(c);
  }
  if (digits.size() != 64) return std::nullopt;
  return digits;
}

std::optional<std::string> ParseSecretUrl(const std::string& text) {
  if (text.find_first_of("# \t\r\n") != std::string::npos || !ParseUrl(text)) return std::nullopt;
  return text;
}

std::optional<std::string> ParsePath(const RawValue& value) {
  if (value.text.empty()) return std::nullopt;
  // cron, systemd and a shell run in different folders: only flags may be relative.
  const bool relative_allowed = value.origin.starts_with("flag ");
  if (!relative_allowed && !value.text.starts_with('/')) return std::nullopt;
  return value.text;
}

std::optional<std::string> ParseString(const OptionRow& row, const RawValue& value) {
  if (value.text.find('\0') != std::string::npos) return std::nullopt;
  switch (row.type) {
    case T::kUrl:
      return ParseBaseUrl(value.text);
    case T::kProxy:
      return ParseProxy(value.text);
    case T::kFingerprint:
      return ParseFingerprint(value.text);
    case T::kSecretUrl:
      return ParseSecretUrl(value.text);
    case T::kIndexName:
      if (!IndexNameProblem(value.text).empty()) return std::nullopt;
      return value.text;
    case T::kFile:
    case T::kDirectory:
      return ParsePath(value);
    default:
      // A line break in a credential would end a header line.
      if (value.text.find_first_of("\r\n") != std::string::npos) return std::nullopt;
      return value.text;
  }
}

// The TOML types of a row. Values from the environment or a flag are text for every type.
bool KindFits(T type, RawValue::Kind kind) {
  if (kind == RawValue::kText) return true;
  switch (type) {
    case T::kBool:
      return kind == RawValue::kBoolean;
    case T::kInt:
      return kind == RawValue::kInteger;
    case T::kSeconds:
      return kind == RawValue::kInteger || kind == RawValue::kFloat;
    case T::kRate:
    case T::kBytes:
    case T::kMaxDelete:
      return kind == RawValue::kInteger || kind == RawValue::kString;
    case T::kCommand:
    case T::kGlobs:
    case T::kDropboxPaths:
      return kind == RawValue::kString || kind == RawValue::kList;
    default:
      return kind == RawValue::kString;
  }
}

// What a member can hold: less on machines of 32 bits.
std::optional<std::int64_t> InMemory(std::optional<std::int64_t> number) {
  constexpr auto kMost = std::numeric_limits<std::size_t>::max();
  const bool fits = number && static_cast<std::uint64_t>(*number) <= kMost;
  return fits ? number : std::nullopt;
}

template <class Target, class Value>
bool Store(Target& target, const std::optional<Value>& value) {
  if (!value) return false;
  target = Target(*value);
  return true;
}

// One overload per member type that OptionField can name.
struct Reader {
  const OptionRow& row;
  const RawValue& value;
  Config& config;

  // The loader stores commands.
  bool operator()(std::monostate) const {
    const std::vector<std::string> words = CommandWords(value);
    const bool cut = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word.find('\0') != std::string::npos;
    });
    return !cut && !words.empty() && !words.front().empty() && !words.back().empty();
  }
  bool operator()(std::string& (*field)(Config&)) const {
    return Store(field(config), ParseString(row, value));
  }
  bool operator()(Secret& (*field)(Config&)) const {
    return Store(field(config), ParseString(row, value));
  }
  bool operator()(bool& (*field)(Config&)) const {
    return Store(field(config), ParseBool(value.text));
  }
  bool operator()(int& (*field)(Config&)) const {
    return Store(field(config), InRange(row, ParseNumber<std::int64_t>(value.text)));
  }
  bool operator()(std::size_t& (*field)(Config&)) const {
    if (row.type == T::kRate) {
      const auto rate = ParseRate(value.text);
      return Store(field(config), rate == 0 ? rate : InMemory(InRange(row, rate)));
    }
    const auto number =
        row.type == T::kBytes ? ParseBytes(value.text) : ParseNumber<std::int64_t>(value.text);
    return Store(field(config), InMemory(InRange(row, number)));
  }
  bool operator()(Milliseconds& (*field)(Config&)) const {
    return Store(field(config), InRange(row, ParseMilliseconds(value.text)));
  }
  bool operator()(Compression& (*field)(Config&)) const {
    return Store(field(config), ParseName(kCompressionNames, value.text));
  }
  bool operator()(ExtractionMode& (*field)(Config&)) const {
    return Store(field(config), ParseName(kExtractionModeNames, value.text));
  }
  bool operator()(PaperFormat& (*field)(Config&)) const {
    return Store(field(config), ParseName(kPaperFormatNames, value.text));
  }
  bool operator()(ServiceProtocol& (*field)(Config&)) const {
    return Store(field(config), ParseName(kServiceProtocolNames, value.text));
  }
  bool operator()(LogFormat& (*field)(Config&)) const {
    return Store(field(config), ParseName(kLogFormatNames, value.text));
  }
  bool operator()(StateKind& (*field)(Config&)) const {
    return Store(field(config), ParseName(kStateKindNames, value.text));
  }
  bool operator()(MaxDelete& (*field)(Config&)) const {
    return Store(field(config), ParseMaxDelete(value.text));
  }
  bool operator()(std::vector<std::string>& (*field)(Config&)) const {
    const std::vector<std::string> items = ListItems(value);
    const bool is_folders = row.type == T::kDropboxPaths;
    if (!(is_folders ? FolderProblem(items) : GlobProblem(items)).empty()) return false;
    if (is_folders && (items.empty() || FindNoFolder(items) != nullptr)) return false;
    field(config) = is_folders ? FoldersOf(items) : items;
    return true;
  }
};

// Why a wrong value of a setting that is no secret may be one: a URL with a password in it, or a
// secret where the name of its file was expected.
std::string_view MayBeSecret(const OptionRow& row, const RawValue& value) {
  if (row.type == T::kUrl && value.text.find_first_of("@?") != std::string::npos)
    return "it may hold a password";
  return row.file_of.empty() ? "" : "it may be the secret itself";
}

std::string FoundValue(const OptionRow& row, const RawValue& value) {
  constexpr std::array<std::string_view, 7> kKinds{
      "", "a string", "an integer", "a decimal number", "a boolean", "", ""};
  if (value.kind == RawValue::kList && value.items.empty()) return "an empty list";
  if (value.kind == RawValue::kOther || value.kind == RawValue::kList) {
    const bool takes_lists = KindFits(row.type, RawValue::kList);
    return takes_lists && !value.flaw.empty() ? value.text + " " + value.flaw : value.text;
  }
  // An invalid proxy URL may contain a password.
  if (row.IsSecret() || row.type == T::kProxy) {
    return value.kind == RawValue::kText ? "something else" : std::string(kKinds[value.kind]);
  }
  if (const std::string_view why = MayBeSecret(row, value); !why.empty() && !value.text.empty()) {
    const bool text = value.kind == RawValue::kText;
    return fmt::format("{} that is not shown, because {}", text ? "one" : kKinds[value.kind], why);
  }
  if (value.kind == RawValue::kText) return fmt::format("\"{}\"", value.text);
  if (value.kind == RawValue::kString) return fmt::format("the string \"{}\"", value.text);
  return fmt::format("{} {}", kKinds[value.kind], value.text);
}

// What is wrong with the words of a command; "" if there are none.
std::string WordsProblem(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  if (words.front().empty() || words.back().empty()) {
    return fmt::format("the {} word of the list is empty",
                       words.front().empty() ? "first" : "last");
  }
  return "a word has a character that no command can hold (U+0000)";
}

// What is wrong with one item of a list, or with one beside another; "" if it is something else.
std::string ItemProblem(const OptionRow& row, const RawValue& value) {
  if (!KindFits(row.type, value.kind)) return "";
  const std::vector<std::string> items = ListItems(value);
  if (row.type == T::kGlobs) return "the pattern " + GlobProblem(items);
  if (row.type == T::kCommand) {
    return value.kind == RawValue::kList ? WordsProblem(items) : std::string();
  }
  if (row.type != T::kDropboxPaths) return "";
  const std::string* wrong = FindNoFolder(items);
  if (wrong == nullptr) return FolderProblem(items);
  const bool quoted = value.kind == RawValue::kList || value.kind == RawValue::kString;
  const RawValue item{quoted ? RawValue::kString : value.kind, *wrong, value.origin};
  return fmt::format("expected {}, found {}", ExpectedValue(row), FoundValue(row, item));
}

}  // namespace

std::vector<std::string> CommandWords(const RawValue& value) {
  if (value.kind == RawValue::kList) return value.items;
  return {"/bin/sh", "-c", value.text};
}

Result<void> AssignOption(const OptionRow& row, const RawValue& value, Config& config) {
  const bool fits = KindFits(row.type, value.kind);
  if (fits && std::visit(Reader{row, value, config}, row.field)) return {};
  if (const std::string problem = ItemProblem(row, value); !problem.empty()) {
    return Fail(ErrorKind::kConfig,
                fmt::format("{}: {}: {}", value.origin, SettingName(row), problem));
  }
  std::string expected = ExpectedValue(row);
  const bool is_list = value.kind == RawValue::kList || value.kind == RawValue::kOther;
  if (row.type == T::kDropboxPaths && is_list) expected += ", or a list of such paths";
  if (row.type == T::kIndexName && KindFits(row.type, value.kind)) {
    expected += fmt::format(" ({})", IndexNameProblem(value.text));
  }
  return Fail(ErrorKind::kConfig, fmt::format("{}: {}: expected {}, found {}", value.origin,
                                              SettingName(row), expected, FoundValue(row, value)));
}

}  // namespace dbxes::config
