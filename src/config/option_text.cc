// SPDX-License-Identifier: Apache-2.0
#include "config/option_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>
#include <vector>

namespace dbxes::config {
namespace {

std::string BytesText(std::size_t bytes) {
  constexpr std::array<std::pair<std::string_view, std::size_t>, 3> kUnits{
      {{"GiB", std::size_t{1} << 30},
       {"MiB", std::size_t{1} << 20},
       {"KiB", std::size_t{1} << 10}}};
  for (const auto& [unit, size] : kUnits) {
    if (bytes >= size && bytes % size == 0) return fmt::format("\"{}{}\"", bytes / size, unit);
  }
  return fmt::format("{}", bytes);
}

// The units of kRate are those of kBytes, by one letter.
std::string RateText(std::size_t rate) {
  if (rate == 0) return "\"off\"";
  std::string text = BytesText(rate);
  if (text.front() == '"') text.replace(text.size() - 3, 2, "");
  return text;
}

std::string_view Name(Compression value) {
  if (value == Compression::kOn) return "on";
  return value == Compression::kOff ? "off" : "auto";
}

std::string_view Name(PaperFormat value) {
  return value == PaperFormat::kHtml ? "html" : "markdown";
}

std::string_view Name(ServiceProtocol value) {
  if (value == ServiceProtocol::kElastic) return "elastic";
  return value == ServiceProtocol::kTika ? "tika" : "auto";
}

std::string_view Name(LogFormat value) { return value == LogFormat::kJson ? "json" : "text"; }
std::string_view Name(StateKind value) {
  return value == StateKind::kCluster ? "cluster" : "folder";
}

std::string ListText(const std::vector<std::string>& items) {
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(TomlString(item));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

// One overload per member type that OptionField can name.
struct Writer {
  const OptionRow& row;
  Config& config;

  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(std::string& (*field)(Config&)) const { return TomlString(field(config)); }
  std::string operator()(Secret& (*field)(Config&)) const {
    return field(config).empty() ? "<empty>" : "<redacted>";
  }
  std::string operator()(bool& (*field)(Config&)) const { return field(config) ? "true" : "false"; }
  std::string operator()(int& (*field)(Config&)) const { return fmt::format("{}", field(config)); }
  std::string operator()(std::size_t& (*field)(Config&)) const {
    const std::size_t number = field(config);
    if (row.type == OptionType::kRate) return RateText(number);
    return row.type == OptionType::kBytes ? BytesText(number) : fmt::format("{}", number);
  }
  std::string operator()(Milliseconds& (*field)(Config&)) const {
    return fmt::format("{}", static_cast<double>(field(config).count()) / 1000);
  }
  std::string operator()(Compression& (*field)(Config&)) const {
    return TomlString(Name(field(config)));
  }
  std::string operator()(MaxDelete& (*field)(Config&)) const {
    const MaxDelete& limit = field(config);
    if (limit.unlimited) return "\"unlimited\"";
    return limit.automatic ? "\"auto\"" : fmt::format("{}", limit.count);
  }
  std::string operator()(ExtractionMode& (*field)(Config&)) const {
    return TomlString(ToString(field(config)));
  }
  std::string operator()(PaperFormat& (*field)(Config&)) const {
    return TomlString(Name(field(config)));
  }
  std::string operator()(ServiceProtocol& (*field)(Config&)) const {
    return TomlString(Name(field(config)));
  }
  std::string operator()(LogFormat& (*field)(Config&)) const {
    return TomlString(Name(field(config)));
  }
  std::string operator()(StateKind& (*field)(Config&)) const {
    return TomlString(Name(field(config)));
  }
  std::string operator()(std::vector<std::string>& (*field)(Config&)) const {
    const std::vector<std::string>& items = field(config);
    if (row.type != OptionType::kDropboxPaths) return ListText(items);
    return items.size() == 1 ? TomlString(FolderText(items.front())) : ListText(items);
  }
};

std::string CommandText(const RawValue& command) {
  return command.kind == RawValue::kList ? ListText(command.items) : TomlString(command.text);
}

}  // namespace

std::string TomlString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string OptionText(const OptionRow& row, const LoadedConfig& loaded) {
  if (row.type == OptionType::kCommand) {
    const auto command = loaded.commands.find(&row);
    return command == loaded.commands.end() ? "" : CommandText(command->second);
  }
  // A secret that was not read, with a known source.
  if (row.IsSecret() && !loaded.OriginOf(row).empty() && !loaded.Holds(row.section, row.key)) {
    return "<redacted>";
  }
  Config config = loaded.config;  // the fields of the table are mutable references
  return std::visit(Writer{row, config}, row.field);
}

}  // namespace dbxes::config
