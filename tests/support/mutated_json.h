// SPDX-License-Identifier: Apache-2.0
// Documents that another program has spoiled: any member becomes any JSON value, or is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/json.h"

namespace dbxes {

// Changes documents, each time in another way; the same ones for the same seed.
class JsonMutator {
 public:
  explicit JsonMutator(std::uint64_t seed) : dice_(seed) {}

  std::size_t Below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(dice_);
  }
  // Replaces, removes or adds one value anywhere in an object, and notes where.
  void Mutate(rapidjson::Document& document) {
    std::vector<Place> places;
    Collect(document, "", places);
    if (places.empty()) return;
    const Place& place = places[Below(places.size())];
    auto& allocator = document.GetAllocator();
    rapidjson::Value& parent = *place.parent;
    if (Below(6) == 0 && parent.IsObject()) {
      steps_.push_back("without " + place.path);
      parent.RemoveMember(parent.MemberBegin() + static_cast<std::ptrdiff_t>(place.at));
      return;
    }
    rapidjson::Document value(&allocator);
    const std::string text = AnyValue();
    value.Parse(text.c_str());
    steps_.push_back(place.path + " is " + text.substr(0, 60));
    const auto at = static_cast<rapidjson::SizeType>(place.at);
    rapidjson::Value& target = parent.IsObject() ? (parent.MemberBegin() + at)->value : parent[at];
    target.Swap(value);
  }
  const std::vector<std::string>& steps() const { return steps_; }

 private:
  struct Place {
    rapidjson::Value* parent;
    std::size_t at;
    std::string path;
  };

  void Collect(rapidjson::Value& value, const std::string& path, std::vector<Place>& places) {
    if (value.IsObject()) {
      for (rapidjson::SizeType at = 0; at < value.MemberCount(); ++at) {
        rapidjson::Value::Member& member = *(value.MemberBegin() + at);
        const std::string inner = path + "/" + std::string(View(member.name));
        places.push_back({&value, at, inner});
        Collect(member.value, inner, places);
      }
    } else if (value.IsArray()) {
      for (rapidjson::SizeType at = 0; at < value.Size(); ++at) {
        const std::string inner = path + "/" + std::to_string(at);
        places.push_back({&value, at, inner});
        Collect(value[at], inner, places);
      }
    }
  }

  // Of every type, and words and times that mean something somewhere else.
  std::string AnyValue() {
    static const std::string kLong = '"' + std::string(40'000, 'x') + '"';
    static const std::string kDeep = std::string(60, '[') + std::string(60, ']');
    static const std::string kValues[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "7",
        "0.5",
        "3.0",
        "2147483648",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e308",
        "\"\"",
        "\"3\"",
        "\"x\"",
        "\"true\"",
        "\" \"",
        R"("\u0000\ud83d\ude00\u202e")",
        kLong,
        "[]",
        "[null]",
        "[[],{}]",
        R"(["in_progress","pending"])",
        kDeep,
        "{}",
        R"({"value":[1]})",
        R"({"":null})",
        R"({"enabled":true,"interval":"0 0/5 * * * ?"})",
        R"({"enabled":"true","interval":7})",
        R"("2036-01-01T00:00:00Z")",
        R"("1970-01-01T00:00:00Z")",
        R"("2026-02-30T25:00:00Z")",
        R"("0000-00-00")",
        "1786000000000",
        "999999999999999999",
        "\"created\"",
        "\"needs_configuration\"",
        "\"connected\"",
        "\"error\"",
        "\"pending\"",
        "\"in_progress\"",
        "\"canceling\"",
        "\"canceled\"",
        "\"suspended\"",
        "\"completed\"",
        "\"full\"",
        "\"incremental\"",
        "\"access_control\"",
        "\"edited\"",
        "\"valid\"",
        "\"0 0/5 * * * ?\"",
        "\"0 0 0 1 1 ? 2199\"",
        "\"0/0 0/0 * * * ?\"",
        "\"dropbox\"",
        "\"jira\"",
        "\"docs\"",
        "\"c2\"",
        R"({"advanced_snippet":{"value":[7]},"rules":{"a":1},"validation":[]})",
        R"([{"active":null,"draft":{"validation":{"state":"edited"},"rules":"x"}}])",
        R"([{"id":"r","policy":"exclude","field":"name","rule":"equals","value":"x","order":0}])"};
    return kValues[Below(std::size(kValues))];
  }

  std::mt19937_64 dice_;
  std::vector<std::string> steps_;
};

}  // namespace dbxes
