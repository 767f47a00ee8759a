// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/json_out.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

std::uint64_t JsonOut::Random() {
  salt_ = Mix(salt_);
  return salt_;
}

void JsonOut::Comma() {
  if (out_->empty()) return;
  const char last = out_->back();
  if (last != '{' && last != '[' && last != ':' && last != ',') out_->push_back(',');
}

JsonOut& JsonOut::Open(char bracket) {
  Comma();
  out_->push_back(bracket);
  return *this;
}

JsonOut& JsonOut::EndObject() {
  if (style_.extra_fields && Random() % 3 == 0) {
    Comma();
    *out_ += R"("brand_new_field":{"list":[1,null,{"deep":true}],"text":"\u00e4\"\\"})";
  }
  out_->push_back('}');
  return *this;
}

JsonOut& JsonOut::EndUnion() {
  out_->push_back('}');
  return *this;
}

JsonOut& JsonOut::EndArray() {
  out_->push_back(']');
  return *this;
}

JsonOut& JsonOut::Key(std::string_view key) {
  Comma();
  out_->push_back('"');
  out_->append(key);
  out_->append("\":", 2);
  return *this;
}

JsonOut& JsonOut::String(std::string_view value) {
  Comma();
  out_->push_back('"');
  std::size_t clean = 0;
  while (clean < value.size()) {
    const auto c = static_cast<unsigned char>(value[clean]);
    if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F || (c >= 0x80 && style_.ascii_escape)) break;
    ++clean;
  }
  out_->append(value.substr(0, clean));
  if (clean < value.size()) EscapeSlow(value.substr(clean));
  out_->push_back('"');
  return *this;
}

void JsonOut::EscapeSlow(std::string_view value) {
  const auto escape = [this](std::uint32_t unit) {
    fmt::format_to(std::back_inserter(*out_), FMT_COMPILE("\\u{:04x}"), unit);
  };
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t start = at;
    const char32_t c = NextCodePoint(value, &at);
    if (c == '"' || c == '\\') {
      out_->push_back('\\');
      out_->push_back(static_cast<char>(c));
    } else if (c == '\n') {
      *out_ += "\\n";
    } else if (c == '\t') {
      *out_ += "\\t";
    } else if (c < 0x20 || c == 0x7F) {
      escape(c);
    } else if (c < 0x80 || !style_.ascii_escape) {
      out_->append(value.substr(start, at - start));
    } else if (c < 0x10000) {
      escape(c);
    } else {
      escape(0xD800 + ((c - 0x10000) >> 10));
      escape(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
}

JsonOut& JsonOut::Uint(std::uint64_t value) {
  Comma();
  const fmt::format_int text(value);
  out_->append(text.data(), text.size());
  return *this;
}

JsonOut& JsonOut::Int(std::int64_t value) {
  Comma();
  const fmt::format_int text(value);
  out_->append(text.data(), text.size());
  return *this;
}

JsonOut& JsonOut::Bool(bool value) { return Raw(value ? "true" : "false"); }
JsonOut& JsonOut::Null() { return Raw("null"); }

JsonOut& JsonOut::Time(std::int64_t unix_seconds) {
  Comma();
  out_->push_back('"');
  AppendTime(out_, unix_seconds);
  out_->push_back('"');
  return *this;
}

JsonOut& JsonOut::Raw(std::string_view json) {
  Comma();
  out_->append(json);
  return *this;
}

JsonOut& JsonOut::Tag(std::string_view tag) { return BeginObject().Field(".tag", tag).EndUnion(); }

JsonOut& JsonOut::FieldOptional(std::string_view key, std::string_view value) {
  if (!value.empty()) return Field(key, value);
  return style_.null_optionals ? Key(key).Null() : *this;
}

JsonOut& JsonOut::FieldDefault(std::string_view key, bool value, bool default_value) {
  return value != default_value || style_.write_defaults ? FieldBool(key, value) : *this;
}

}  // namespace dbxes::sim
