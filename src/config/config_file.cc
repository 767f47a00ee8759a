// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "config/nearest.h"

// toml++ takes for granted that a section header begins with a name: "[=]" ends the program, or
// with NDEBUG does anything. Its assertions are exceptions here, in every build.
namespace dbxes::config {
struct TomlAssertion {};
[[noreturn]] static void FailTomlAssertion() { throw TomlAssertion(); }
}  // namespace dbxes::config
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) \
  (static_cast<bool>(expr) ? static_cast<void>(0) : ::dbxes::config::FailTomlAssertion())
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace dbxes::config {
namespace {

class FileReader {
 public:
  explicit FileReader(const std::string& name) : name_(name) {}

  void ReadDocument(const toml::table& document) {
    for (const auto& [key, node] : document) {
      if (!IsSection(key.str())) {
        AddProblem(key, UnknownTopLevel(key.str(), node));
      } else if (const toml::table* section = node.as_table()) {
        ReadSection(key.str(), *section);
      } else {
        AddProblem(key, fmt::format("expected a section [{}], found {}", key.str(), Kind(node)));
      }
    }
  }

  ConfigFile Finish() {
    // toml++ returns keys in alphabetical order; messages follow the file.
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::stable_sort(file_.settings.begin(), file_.settings.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    for (auto& [line, problem] : problems_) file_.problems.push_back(std::move(problem));
    return std::move(file_);
  }

 private:
  static std::string Kind(const toml::node& node) {
    if (node.is_table()) return "a table";
    if (node.is_array()) return "a list";
    if (node.is_string()) return "a string";
    if (node.is_number()) return "a number";
    if (node.is_boolean()) return "a boolean";
    return "a date or time";
  }

  static bool IsSection(std::string_view name) {
    const auto table = OptionTable();
    return std::any_of(table.begin(), table.end(),
                       [&](const OptionRow& row) { return row.section == name; });
  }

  static std::vector<std::string> Names(std::string_view section) {
    std::vector<std::string> names;
    for (const OptionRow& row : OptionTable()) {
      if (section.empty()) names.emplace_back(row.section);
      if (row.section == section) names.emplace_back(row.key);
    }
    return names;
  }

  // An unknown section, or a setting above the first section.
  static std::string UnknownTopLevel(std::string_view name, const toml::node& node) {
    if (!node.is_table()) {
      for (const OptionRow& row : OptionTable()) {
        if (row.key == name) return fmt::format("\"{}\" belongs under [{}]", name, row.section);
      }
    }
    return Unknown(node.is_table() ? "section" : "setting", name, Nearest(name, Names("")));
  }

  static std::string Unknown(std::string_view what, std::string_view name,
                             const std::string& nearest) {
    if (nearest.empty()) return fmt::format("unknown {} \"{}\"", what, name);
    return fmt::format("unknown {} \"{}\"; did you mean \"{}\"?", what, name, nearest);
  }

  void ReadSection(std::string_view section, const toml::table& table) {
    for (const auto& [key, node] : table) {
      if (const OptionRow* row = FindOption(section, key.str())) {
        file_.settings.push_back({key.source().begin.line, row, ReadValue(key, node)});
        continue;
      }
      AddProblem(key, Unknown("setting", fmt::format("{}.{}", section, key.str()),
                              Nearest(key.str(), Names(section))));
    }
  }

  RawValue ReadValue(const toml::key& key, const toml::node& node) const {
    RawValue value{.kind = RawValue::kOther, .text = Kind(node), .origin = Place(key)};
    if (const auto* string = node.as_string()) {
      value = {RawValue::kString, string->get(), value.origin};
    } else if (const auto* integer = node.as_integer()) {
      value = {RawValue::kInteger, fmt::format("{}", integer->get()), value.origin};
    } else if (const auto* decimal = node.as_floating_point()) {
      value = {RawValue::kFloat, fmt::format("{}", decimal->get()), value.origin};
    } else if (const auto* boolean = node.as_boolean()) {
      value = {RawValue::kBoolean, boolean->get() ? "true" : "false", value.origin};
    } else if (const toml::array* list = node.as_array()) {
      ReadList(*list, value);
    }
    return value;
  }

  static void ReadList(const toml::array& list, RawValue& value) {
    std::vector<std::string> items;
    for (const toml::node& item : list) {
      const auto* string = item.as_string();
      if (string == nullptr) {
        value.flaw = fmt::format("whose element {} is {}", items.size() + 1, Kind(item));
        return;
      }
      items.push_back(string->get());
    }
    value.kind = RawValue::kList;
    value.items = std::move(items);
  }

  std::string Place(const toml::key& key) const {
    return fmt::format("{}:{}", name_, key.source().begin.line);
  }

  void AddProblem(const toml::key& key, const std::string& problem) {
    problems_.emplace_back(key.source().begin.line, fmt::format("{}: {}", Place(key), problem));
  }

  const std::string& name_;
  ConfigFile file_;
  std::vector<std::pair<std::uint32_t, std::string>> problems_;
};

// toml++ describes a text without quotes by what it guessed from the first letter.
std::string DescribeSyntaxError(std::string_view description) {
  for (const std::string_view guess : {"parsing value: could not determine", "parsing boolean"}) {
    if (description.find(guess) != std::string_view::npos) {
      return "expected a value; a text such as http://... needs quotes";
    }
  }
  // These quote a whole number, which may be a secret without quotes.
  for (const std::string_view end : {"' is not representable", "' could not be interpreted"}) {
    if (description.find(end) != std::string_view::npos) {
      return "a number that is too large; a text of digits needs quotes";
    }
  }
  return std::string(description);
}

}  // namespace

Result<ConfigFile> ParseConfigFile(std::string_view text, const std::string& name) {
  try {
    const toml::table document = toml::parse(text, name);
    FileReader reader(name);
    reader.ReadDocument(document);
    return reader.Finish();
  } catch (const TomlAssertion&) {
    return Fail(
        ErrorKind::kConfig,
        fmt::format("{}: not TOML: each section header needs a name, as in [dropbox]", name));
  } catch (const toml::parse_error& error) {
    const toml::source_position& place = error.source().begin;
    return Fail(ErrorKind::kConfig, fmt::format("{}:{}:{}: {}", name, place.line, place.column,
                                                DescribeSyntaxError(error.description())));
  }
}

}  // namespace dbxes::config
