// SPDX-License-Identifier: Apache-2.0
#include "parsers/block_text.h"

#include <algorithm>

namespace dbxes::parsers {
namespace {

bool IsOneOf(std::string_view name, const std::vector<std::string_view>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void BlockText::Start(std::string_view name, const XmlAttributes&) {
  if (skipping_ > 0 || IsOneOf(name, names_.skipped)) {
    ++skipping_;
    return;
  }
  if (IsOneOf(name, names_.text)) ++reading_;
}

void BlockText::End(std::string_view name) {
  if (skipping_ > 0) {
    --skipping_;
    return;
  }
  if (IsOneOf(name, names_.text)) --reading_;
  if (IsOneOf(name, names_.lines)) sink_.EndLine();
  if (IsOneOf(name, names_.cells)) sink_.Tab();
}

void BlockText::Text(std::string_view text) {
  if (skipping_ == 0 && reading_ > 0) sink_.Append(text);
}

}  // namespace dbxes::parsers
