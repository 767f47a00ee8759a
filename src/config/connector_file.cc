// SPDX-License-Identifier: Apache-2.0
#include "config/connector_file.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <optional>

namespace dbxes::config {
namespace {

constexpr std::size_t kMaxDepth = 50;

// A list or mapping around the current value.
struct Level {
  bool is_list = false;
  std::string prefix;                   // of the values inside
  std::size_t count = 0;                // of a list's items so far
  std::optional<std::string> key = {};  // of a mapping, until its value follows
};

class EventReader {
 public:
  EventReader(std::string_view text, const std::string& name) : name_(name) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~EventReader() { yaml_parser_delete(&parser_); }
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  Result<std::vector<ConnectorValue>> Read() {
    while (true) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return Fail(ParseError());
      const yaml_event_type_t type = event.type;
      const Result<void> taken = Take(event);
      yaml_event_delete(&event);
      if (!taken) return Fail(taken.error());
      if (type == YAML_STREAM_END_EVENT) return std::move(values_);
    }
  }

 private:
  Error ParseError() const {
    return {ErrorKind::kConfig,
            fmt::format("{}:{}:{}: {}", name_, parser_.problem_mark.line + 1,
                        parser_.problem_mark.column + 1,
                        parser_.problem == nullptr ? "not YAML" : parser_.problem)};
  }

  Result<void> Refuse(const yaml_event_t& event, std::string_view what) const {
    return Fail(ErrorKind::kConfig,
                fmt::format("{}:{}: {}", name_, event.start_mark.line + 1, what));
  }

  Result<void> Take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_ALIAS_EVENT:
        return Refuse(event, "aliases are not supported; write the value out");
      case YAML_DOCUMENT_START_EVENT:
        if (++documents_ > 1) return Refuse(event, "a second document");
        return {};
      case YAML_MAPPING_START_EVENT:
      case YAML_SEQUENCE_START_EVENT:
        return Open(event);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        levels_.pop_back();
        return {};
      case YAML_SCALAR_EVENT:
        return TakeScalar(event);
      default:
        return {};
    }
  }

  // The path of the next value; advances to the one after it.
  std::string NextPath() {
    if (levels_.empty()) return "";
    Level& level = levels_.back();
    const std::string name = level.is_list ? fmt::format("{}", level.count++) : *level.key;
    level.key.reset();
    return level.prefix.empty() ? name : level.prefix + "." + name;
  }

  Result<void> Open(const yaml_event_t& event) {
    if (levels_.size() >= kMaxDepth) return Refuse(event, "nested too deeply");
    const bool as_key = !levels_.empty() && !levels_.back().is_list && !levels_.back().key;
    if (as_key) return Refuse(event, "a name must be text");
    const std::string prefix = NextPath();
    levels_.push_back({event.type == YAML_SEQUENCE_START_EVENT, prefix});
    return {};
  }

  Result<void> TakeScalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (levels_.empty()) return Refuse(event, "expected settings, found a single value");
    Level& level = levels_.back();
    if (!level.is_list && !level.key) {
      level.key = std::move(text);
      return {};
    }
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const bool null = plain && (text.empty() || text == "null" || text == "~" || text == "Null");
    values_.push_back({NextPath(), null ? "" : std::move(text), null, event.start_mark.line + 1});
    return {};
  }

  const std::string& name_;
  yaml_parser_t parser_{};
  int documents_ = 0;
  std::vector<Level> levels_;
  std::vector<ConnectorValue> values_;
};

}  // namespace

Result<std::vector<ConnectorValue>> ParseConnectorFile(std::string_view text,
                                                       const std::string& name) {
  std::string readable(text);
  // JSON allows tabs between tokens, YAML does not. Strings of JSON contain none.
  const std::size_t first = readable.find_first_not_of(" \t\r\n");
  const bool json =
      first != std::string::npos && (readable[first] == '{' || readable[first] == '[');
  if (json) std::replace(readable.begin(), readable.end(), '\t', ' ');
  return EventReader(readable, name).Read();
}

}  // namespace dbxes::config
