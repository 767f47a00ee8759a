// SPDX-License-Identifier: Apache-2.0
#include "docgen/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace dbxes::docgen {
namespace {

constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz-";
constexpr std::string_view kArgumentLetters = "abcdefghijklmnopqrstuvwxyz-_";

// A placeholder in a text, with its delimiters.
struct Found {
  std::size_t begin;
  std::size_t end;
  std::string_view name;
  std::string_view argument;
};

// The placeholder that begins at `begin`. An @ that begins none is part of the text.
std::optional<Found> PlaceholderAt(std::string_view text, std::size_t begin) {
  const std::size_t name_end = text.find_first_not_of(kNameLetters, begin + 1);
  if (name_end == std::string_view::npos || name_end == begin + 1) return std::nullopt;
  std::size_t end = name_end;
  std::string_view argument;
  if (text[name_end] == ' ') {
    end = text.find_first_not_of(kArgumentLetters, name_end + 1);
    if (end == std::string_view::npos || end == name_end + 1) return std::nullopt;
    argument = text.substr(name_end + 1, end - name_end - 1);
  }
  if (text[end] != '@') return std::nullopt;
  return Found{begin, end + 1, text.substr(begin + 1, name_end - begin - 1), argument};
}

std::optional<Found> NextPlaceholder(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('@', from); at != std::string_view::npos;
       at = text.find('@', at + 1)) {
    if (const auto found = PlaceholderAt(text, at)) return found;
  }
  return std::nullopt;
}

Result<std::string> Value(const Found& found, std::span<const Placeholder> placeholders) {
  const auto placeholder =
      std::find_if(placeholders.begin(), placeholders.end(),
                   [&found](const Placeholder& known) { return known.name == found.name; });
  if (placeholder == placeholders.end()) {
    return Fail(ErrorKind::kUsage, fmt::format("unknown placeholder @{}@", found.name));
  }
  return placeholder->fill(found.argument);
}

// `line` without its line break; the result includes it.
Result<std::string> FillLine(std::string_view line, std::span<const Placeholder> placeholders) {
  std::string filled;
  std::size_t copied = 0;
  while (const auto found = NextPlaceholder(line, copied)) {
    TRY_ASSIGN(const std::string value, Value(*found, placeholders));
    const bool block = value.empty() || value.ends_with('\n');
    if (block && found->begin == 0 && found->end == line.size()) return value;
    if (block) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("@{}@ needs a line of its own: it is a block", found->name));
    }
    filled += line.substr(copied, found->begin - copied);
    filled += value;
    copied = found->end;
  }
  filled += line.substr(copied);
  return filled + '\n';
}

}  // namespace

Result<std::string> FillTemplate(std::string_view text, std::span<const Placeholder> placeholders) {
  std::string filled;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    TRY_ASSIGN(const std::string result,
               WithContext(FillLine(line, placeholders), fmt::format("{}", number)));
    filled += result;
  }
  return filled;
}

bool UsesPlaceholder(std::string_view text, std::string_view name) {
  std::size_t from = 0;
  while (const auto found = NextPlaceholder(text, from)) {
    if (found->name == name) return true;
    from = found->end;
  }
  return false;
}

}  // namespace dbxes::docgen
