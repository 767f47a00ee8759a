// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_members.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json/nested_json.h"

namespace dbxes {
namespace {

struct Inner {
  std::uint64_t number = 0;
};

struct Outer {
  std::string_view text;
  bool flag = false;
  Inner inner;
  std::vector<std::string> list;
  std::vector<std::string> others;
};

void ReadInner(JsonScanner& json, Outer& outer) {
  static constexpr JsonMember<Inner> kMembers[] = {{"number", ReadField<&Inner::number>}};
  ReadMembers(json, kMembers, outer.inner);
}

void ReadList(JsonScanner& json, Outer& outer) {
  ReadElements(json, [&] {
    std::string_view text = "other";
    json.Read(text);
    outer.list.emplace_back(text);
  });
}

constexpr JsonMember<Outer> kMembers[] = {
    {"text", ReadField<&Outer::text>},
    {"flag", ReadField<&Outer::flag>},
    {"inner", ReadInner},
    {"list", ReadList},
};

// Reads the whole text; `failed` is what the scanner says in the end.
Outer Read(std::string& text, bool failed = false) {
  Outer outer;
  JsonScanner json(text);
  ReadMembers(json, kMembers, outer);
  json.Finish();
  CHECK(json.failed() == failed);
  return outer;
}

bool IsError(std::string text) {
  Outer outer;
  JsonScanner json(text);
  ReadMembers(json, kMembers, outer);
  json.Finish();
  return json.failed();
}

}  // namespace

TEST_CASE("members are read in any order, and unknown ones are skipped with all that is in them") {
  std::string text = R"({"x":[{"text":"no"}],"list":["a",1,{"text":"no"},"b\n"],"inner":)"
                     R"({"number":7,"y":{"number":8}},"text":"x\u00e9","z":null,"flag":true})";
  const Outer outer = Read(text);
  CHECK(outer.text == "x\xc3\xa9");
  CHECK(outer.flag);
  CHECK(outer.inner.number == 7);
  CHECK(outer.list == std::vector<std::string>{"a", "other", "other", "b\n"});
}

TEST_CASE("a member of another type leaves its field unchanged") {
  for (const std::string value : {"null", "7.5", R"([["text"]])", R"({"a":{}})"}) {
    CAPTURE(value);
    std::string text = R"({"text":)" + value + R"(,"flag":)" + value + R"(,"inner":)" + value + "}";
    const Outer outer = Read(text);
    CHECK(outer.text.empty());
    CHECK_FALSE(outer.flag);
    CHECK(outer.inner.number == 0);
  }
}

TEST_CASE("a value that is no object has no members, one that is no list has no elements") {
  for (std::string text : {"null", "[]", "7", R"("text")", "{}", R"({"list":{}})"}) {
    CAPTURE(text);
    CHECK(Read(text).list.empty());
  }
}

TEST_CASE("a member that is not in the table may be read by its name") {
  std::string text = R"({"a":1,"text":"t","b":[2],"flag":true,"c":"x"})";
  Outer outer;
  JsonScanner json(text);
  ReadMembers(json, kMembers, outer, [](JsonScanner& other, std::string_view name, Outer& into) {
    into.others.emplace_back(name);
    other.Skip();
  });
  json.Finish();
  CHECK_FALSE(json.failed());
  CHECK(outer.text == "t");
  CHECK(outer.flag);
  CHECK(outer.others == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("an object that is cut at any byte is an error") {
  const std::string whole =
      R"({"text":"t\u00e9","flag":true,"inner":{"number":7},"list":["a","b"],"x":[1]})";
  CHECK_FALSE(IsError(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(IsError(whole.substr(0, length)));
  }
}

TEST_CASE("a control character in a known or unknown member is an error") {
  for (char control = 0; control < 0x20; ++control) {
    CHECK(IsError(std::string(R"({"text":"a)") + control + "\"}"));
    CHECK(IsError(std::string(R"({"x":"a)") + control + "\"}"));
  }
}

TEST_CASE("nothing may follow the object") {
  CHECK_FALSE(IsError("{} \n"));
  CHECK(IsError("{}{}"));
  CHECK(IsError(std::string("{}\0{}", 5)));
}

TEST_CASE("a bomb of brackets in an unknown member is an error") {
  CHECK_FALSE(IsError(R"({"x":)" + Nested(JsonScanner::kMostNested - 1, "[", "]") + "}"));
  CHECK(IsError(R"({"x":)" + Nested(JsonScanner::kMostNested, "[", "]") + "}"));
  CHECK(IsError(R"({"x":)" + Nested(1'000'000, "[", "]") + "}"));
}

}  // namespace dbxes
