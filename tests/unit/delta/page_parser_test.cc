// SPDX-License-Identifier: Apache-2.0
#include "delta/page_parser.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/json.h"

namespace dbxes::delta {
namespace {

// Every field of an entry that is not at its default, on one line.
std::string Describe(const Entry& entry) {
  constexpr std::string_view kKinds[] = {"file", "folder", "deleted", "unknown"};
  std::string text(kKinds[static_cast<int>(entry.kind)]);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format(" {}={}", name, value);
  };
  const auto flag = [&](std::string_view name, bool on) {
    if (on) text += fmt::format(" {}", name);
  };
  add("tag", entry.tag);
  add("id", entry.id);
  add("name", entry.name);
  add("path_lower", entry.path_lower);
  add("path_display", entry.path_display);
  add("rev", entry.rev);
  add("content_hash", entry.content_hash);
  add("client_modified", entry.client_modified);
  add("server_modified", entry.server_modified);
  add("export_as", entry.export_as);
  add("parent_shared_folder_id", entry.parent_shared_folder_id);
  add("shared_folder_id", entry.shared_folder_id);
  if (entry.size != 0) text += fmt::format(" size={}", entry.size);
  flag("not_downloadable", !entry.is_downloadable);
  flag("markdown", entry.exports_markdown);
  flag("html", entry.exports_html);
  flag("explicit_members", entry.has_explicit_shared_members);
  flag("traverse_only", entry.traverse_only);
  flag("no_access", entry.no_access);
  flag("symlink", entry.is_symlink);
  return text;
}

std::string PageWith(const std::string& entries) {
  return R"({"entries":[)" + entries + R"(],"cursor":"AAF","has_more":true})";
}

// The entries of a page as text; or the error.
std::vector<std::string> Read(const std::string& text) {
  Page page;
  page.text = text;
  if (auto parsed = ParsePage(page); !parsed) return {"error: " + parsed.error().message};
  std::vector<std::string> lines;
  for (const Entry& entry : page.entries) lines.push_back(Describe(entry));
  return lines;
}

ErrorKind KindOfRefusal(const std::string& text) {
  Page page;
  page.text = text;
  const auto parsed = ParsePage(page);
  REQUIRE_FALSE(parsed);
  return parsed.error().kind;
}

using Lines = std::vector<std::string>;

// A page as Dropbox sends it, with every member.
constexpr std::string_view kGolden = R"({
 "entries": [
  {".tag": "file", "name": "Lease.PDF", "path_lower": "/contracts/lease.pdf",
   "path_display": "/Contracts/Lease.PDF", "parent_shared_folder_id": "84528192421",
   "id": "id:a4ayc_80_OEAAAAAAAAAXw", "client_modified": "2015-05-12T15:50:38Z",
   "server_modified": "2015-05-12T15:50:39Z", "rev": "a1c10ce0dd78", "size": 7212,
   "sharing_info": {"read_only": true, "parent_shared_folder_id": "84528192421",
                    "modified_by": "dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"},
   "is_downloadable": true, "has_explicit_shared_members": true,
   "property_groups": [{"template_id": "ptid:1a5n2i6d3OYEAAAAAAAAAYa",
                        "fields": [{"name": "Security Policy", "value": "Confidential"}]}],
   "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
   "file_lock_info": {"is_lockholder": true, "lockholder_name": "Imaginary User",
                      "created": "2015-05-12T15:50:38Z"}},
  {".tag": "file", "name": "Plan.paper", "path_lower": "/plan.paper",
   "path_display": "/Plan.paper", "id": "id:paper", "client_modified": "2016-01-01T00:00:00Z",
   "server_modified": "2016-01-02T00:00:00Z", "rev": "b1", "size": 17,
   "is_downloadable": false,
   "export_info": {"export_as": "markdown", "export_options": ["html", "markdown"]}},
  {".tag": "file", "name": "link", "path_lower": "/link", "path_display": "/link",
   "id": "id:link", "client_modified": "2016-01-01T00:00:00Z",
   "server_modified": "2016-01-01T00:00:00Z", "rev": "c1", "size": 3,
   "symlink_info": {"target": "/etc/passwd"}},
  {".tag": "folder", "name": "Contracts", "path_lower": "/contracts",
   "path_display": "/Contracts", "id": "id:folder", "shared_folder_id": "deprecated",
   "sharing_info": {"read_only": false, "parent_shared_folder_id": "1", "shared_folder_id": "2",
                    "traverse_only": true, "no_access": true}},
  {".tag": "deleted", "name": "old.txt", "path_lower": "/old.txt", "path_display": "/Old.txt"},
  {".tag": "cloud_document", "name": "x", "id": "id:new", "size": 1}
 ],
 "cursor": "ZtkX9_EHj3x7PMkVuFIhwKYXEpwpLwyxp9vMKomUhllil9q7eWiAu",
 "has_more": false
})";

}  // namespace

TEST_CASE("a page with everything") {
  Page page;
  page.text = kGolden;
  REQUIRE(ParsePage(page));
  CHECK(page.cursor == "ZtkX9_EHj3x7PMkVuFIhwKYXEpwpLwyxp9vMKomUhllil9q7eWiAu");
  CHECK_FALSE(page.has_more);
  const Lines expected = {
      "file tag=file id=id:a4ayc_80_OEAAAAAAAAAXw name=Lease.PDF path_lower=/contracts/lease.pdf "
      "path_display=/Contracts/Lease.PDF rev=a1c10ce0dd78 "
      "content_hash=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 "
      "client_modified=2015-05-12T15:50:38Z server_modified=2015-05-12T15:50:39Z "
      "parent_shared_folder_id=84528192421 size=7212 explicit_members",
      "file tag=file id=id:paper name=Plan.paper path_lower=/plan.paper path_display=/Plan.paper "
      "rev=b1 client_modified=2016-01-01T00:00:00Z server_modified=2016-01-02T00:00:00Z "
      "export_as=markdown size=17 not_downloadable markdown html",
      "file tag=file id=id:link name=link path_lower=/link path_display=/link rev=c1 "
      "client_modified=2016-01-01T00:00:00Z server_modified=2016-01-01T00:00:00Z size=3 symlink",
      "folder tag=folder id=id:folder name=Contracts path_lower=/contracts "
      "path_display=/Contracts parent_shared_folder_id=1 shared_folder_id=2 traverse_only "
      "no_access",
      "deleted tag=deleted name=old.txt path_lower=/old.txt path_display=/Old.txt",
      "unknown tag=cloud_document id=id:new name=x size=1",
  };
  REQUIRE(page.entries.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(Describe(page.entries[i]) == expected[i]);
}

TEST_CASE("a page without entries is a page") {
  Page page;
  page.text = R"({"has_more":true,"cursor":"c","entries":[]})";
  REQUIRE(ParsePage(page));
  CHECK(page.entries.empty());
  CHECK(page.cursor == "c");
  CHECK(page.has_more);
}

TEST_CASE("a page is read into one that had other content") {
  Page page;
  page.text = kGolden;
  REQUIRE(ParsePage(page));
  page.text = R"({"entries":[],"cursor":"next","has_more":true})";
  REQUIRE(ParsePage(page));
  CHECK(page.entries.empty());
  CHECK(page.cursor == "next");
  CHECK(page.has_more);
  page.text = "{}";
  CHECK_FALSE(ParsePage(page));
  CHECK(page.cursor.empty());
  CHECK_FALSE(page.has_more);
}

TEST_CASE("null is absent, and so is a value of another type") {
  const std::string least = "file tag=file id=id:1 path_lower=/a";
  const char* fields[] = {"name",         "path_display",    "rev",
                          "content_hash", "client_modified", "server_modified",
                          "size",         "is_downloadable", "has_explicit_shared_members",
                          "sharing_info", "export_info",     "symlink_info"};
  const std::string wrong[] = {"null", "[]", "[true]", "[\"x\"]", "[[7]]", "1.5", "-1"};
  for (const char* field : fields) {
    for (const std::string& value : wrong) {
      CAPTURE(field);
      CAPTURE(value);
      CHECK(Read(PageWith(fmt::format(R"({{".tag":"file","id":"id:1","path_lower":"/a","{}":{}}})",
                                      field, value))) == Lines{least});
    }
  }
  for (const std::string inner :
       {"shared_folder_id", "parent_shared_folder_id", "traverse_only", "no_access"}) {
    for (const std::string& value : wrong) {
      CHECK(Read(PageWith(fmt::format(
                R"({{".tag":"file","id":"id:1","path_lower":"/a","sharing_info":{{"{}":{}}}}})",
                inner, value))) == Lines{least});
    }
  }
}

TEST_CASE("the order of the fields does not matter") {
  CHECK(Read(PageWith(R"({"path_lower":"/a","sharing_info":{"no_access":true},"id":"id:1",
                          "size":1,".tag":"file"})")) ==
        Lines{"file tag=file id=id:1 path_lower=/a size=1 no_access"});
}

TEST_CASE(
    "unknown objects and lists are skipped at every depth, whatever their members are called") {
  const std::string bait =
      R"({".tag":"deleted","id":"id:bait","name":"bait","path_lower":"/bait","size":666,
          "rev":"bait","is_downloadable":false,"no_access":true,"shared_folder_id":"bait",
          "export_as":"bait","entries":[{"id":"id:deep"}],"cursor":"bait","has_more":false,
          "sharing_info":{"no_access":true,"shared_folder_id":"bait"},
          "export_info":{"export_as":"bait","export_options":["markdown","html"]},"symlink_info":{"target":"bait"}})";
  const std::string baits[] = {bait,
                               "[" + bait + "," + bait + "]",
                               "[[" + bait + "]]",
                               R"({"sharing_info":)" + bait + "}",
                               R"({"entries":[)" + bait + "]}",
                               R"([{"fields":[{"name":"bait","id":"bait"}]},"bait",[]])"};
  for (const std::string& unknown : baits) {
    CAPTURE(unknown);
    // In the page (before and behind the entries), in an entry, and in its nested objects.
    Page page;
    page.text = R"({"unknown":)" + unknown + R"(,"entries":[{"unknown":)" + unknown +
                R"(,".tag":"file","id":"id:1","more":)" + unknown +
                R"(,"path_lower":"/a","sharing_info":{"unknown":)" + unknown +
                R"(,"parent_shared_folder_id":"7","more":)" + unknown +
                R"(},"export_info":{"export_options":)" + unknown +
                R"(,"export_as":"html"},"size":5,"last":)" + unknown +
                R"(}],"cursor":"right","more":)" + unknown + R"(,"has_more":true,"last":)" +
                unknown + "}";
    REQUIRE(ParsePage(page));
    CHECK(page.cursor == "right");
    CHECK(page.has_more);
    REQUIRE(page.entries.size() == 1);
    CHECK(Describe(page.entries[0]) ==
          "file tag=file id=id:1 path_lower=/a export_as=html parent_shared_folder_id=7 size=5");
  }
}

TEST_CASE("a name that is nearly that of a member is ignored") {
  const std::string names[] = {"a",
                               "sizf",
                               "tize",
                               "ix",
                               "i",
                               "revv",
                               "namE",
                               "content_hasj",
                               "dontent_hash",
                               "content_iash",
                               "xath_display",
                               "path_disqlay",
                               "has_explicit_shared_memberz",
                               "has_explicit_thared_members",
                               ".tah",
                               "path_lowes",
                               "server_modifiec"};
  for (const std::string& name : names) {
    CAPTURE(name);
    const std::string entry = R"(".tag":"file","id":"id:1","name":"n","path_lower":"/n")";
    const std::string other = "\"" + name + "\":true";
    const std::string third = "\"" + name + "\":\"x\"";
    CHECK(Read(PageWith("{" + entry + "}")) ==
          Read(PageWith("{" + other + "," + entry + "," + third + "}")));
  }
}

TEST_CASE("an object that looks like an entry, but is elsewhere, is ignored") {
  for (const char* text : {
           R"({"entries":[],"cursor":"c","has_more":false,"x":[{"a":{},"id":"z","size":1}]})",
           R"({"x":[{"sharing_info":1}],"entries":[[{"no_access":true,"id":"z"}],"s",7,null],
               "cursor":"c","has_more":false})",
           R"({"x":{"sharing_info":{"no_access":true}},"entries":[],"cursor":"c",
               "has_more":false})",
       }) {
    CAPTURE(text);
    CHECK(Read(text) == Lines());
  }
}

TEST_CASE("the last of two equal keys counts") {
  CHECK(Read(PageWith(R"({".tag":"folder","id":"id:1","id":"id:2","path_lower":"/a",
                          ".tag":"file"})")) == Lines{"file tag=file id=id:2 path_lower=/a"});
}

TEST_CASE("sizes are whole numbers of 64 bits") {
  const std::pair<const char*, std::uint64_t> sizes[] = {
      {"0", 0},
      {"4294967296", 4294967296},
      {"9007199254740993", 9007199254740993},  // no double has this value
      {"18446744073709551615", ~std::uint64_t{0}},
      {"18446744073709551616", 0},  // none that a file can have
  };
  for (const auto& [text, size] : sizes) {
    Page page;
    page.text =
        PageWith(fmt::format(R"({{".tag":"file","id":"id:1","path_lower":"/a","size":{}}})", text));
    REQUIRE(ParsePage(page));
    CHECK(page.entries.at(0).size == size);
  }
}

TEST_CASE("names are read exactly, escaped or not") {
  const std::pair<const char*, std::string> names[] = {
      {R"(caf\u00e9)", "caf\xc3\xa9"},
      {"caf\xc3\xa9", "caf\xc3\xa9"},
      {R"(\ud83d\ude00)", "\xf0\x9f\x98\x80"},
      {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
      {R"(a\"b\\c\/d\n\t)", "a\"b\\c/d\n\t"},
      {R"(nul\u0000in it)", std::string("nul\0in it", 9)},
      // Half a surrogate pair is not a character; such a name must not stop the listing.
      {R"(bad\ud800)", "bad\xef\xbf\xbd"},
      {R"(bad\udc00\ud83d\ude00)", "bad\xef\xbf\xbd\xf0\x9f\x98\x80"},
      {R"(not\\ud800)", "not\\ud800"},
  };
  for (const auto& [text, name] : names) {
    const std::string shown(text);
    CAPTURE(shown);
    Page page;
    page.text = PageWith(fmt::format(
        R"({{".tag":"file","id":"id:1","path_lower":"/a","name":"{}","rev":"r"}})", text));
    REQUIRE(ParsePage(page));
    CHECK(page.entries.at(0).name == name);
    CHECK(page.entries.at(0).rev == "r");
    CHECK(page.cursor == "AAF");
  }
}

TEST_CASE("an entry without a path or an id is left out like one of an unknown kind") {
  for (const char* entry :
       {R"({".tag":"file","name":"a","path_lower":"/a"})",
        R"({".tag":"folder","name":"a","path_lower":"/a","id":null})",
        R"({".tag":"file","name":"a","id":"id:1"})", R"({".tag":"deleted","name":"a"})"}) {
    CAPTURE(std::string(entry));
    Page page;
    page.text = PageWith(entry);
    REQUIRE(ParsePage(page));
    REQUIRE(page.entries.size() == 1);
    CHECK(page.entries[0].kind == EntryKind::kUnknown);
  }
  CHECK(Read(PageWith("{}")) == Lines{"unknown"});
}

TEST_CASE("an odd value counts as absent, and the entry stays") {
  const auto parse = [](const std::string& members) {
    Page page;
    page.text = PageWith(
        (R"({".tag":"file","id":"id:1","path_lower":"/a/b.txt",)" + members + "}").c_str());
    REQUIRE(ParsePage(page));
    REQUIRE(page.entries.size() == 1);
    CHECK(page.entries[0].kind == EntryKind::kFile);
    FixOddValues(page.entries[0]);
    const Entry& entry = page.entries[0];
    return std::vector<std::string>{std::string(entry.name), std::string(entry.path_display),
                                    std::string(entry.client_modified), std::to_string(entry.size)};
  };
  CHECK(parse(R"("path_display":null)") == std::vector<std::string>{"b.txt", "/a/b.txt", "", "0"});
  CHECK(parse(R"("name":"B.txt","path_display":"/A/B.txt","size":-3)") ==
        std::vector<std::string>{"B.txt", "/A/B.txt", "", "0"});
  CHECK(parse(R"("size":1.5)")[3] == "0");
  CHECK(parse(R"("size":18446744073709551615)")[3] == "0");
  CHECK(parse(R"("size":9223372036854775807)")[3] == "9223372036854775807");
  CHECK(parse(R"("size":7)")[3] == "7");
  for (const char* odd : {"1-01-01T00:00:00Z", "999-01-01T00:00:00Z", "60056-02-05T00:00:00Z",
                          "-001-01-01T00:00:00Z", "2016-12-31T23:59:60Z", "2023-02-29T00:00:00Z",
                          "2023-13-01T00:00:00Z", "2023-01-01", "0000-01-01T00:00:00Z", "now"}) {
    CAPTURE(std::string(odd));
    CHECK(parse(fmt::format(R"("client_modified":"{}")", odd))[2].empty());
  }
  for (const char* good :
       {"0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "2024-02-29T23:59:59Z",
        "9999-12-31T23:59:59Z", "2024-01-01T00:00:00.123Z", "2024-01-01T00:00:00+02:00"}) {
    CHECK(parse(fmt::format(R"("client_modified":"{}")", good))[2] == good);
  }
}

TEST_CASE("a damaged page is a temporary error") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {R"({"cursor":"c","has_more":true})", "Dropbox sent a listing page without entries"},
      {R"({"entries":{},"cursor":"c","has_more":true})",
       "Dropbox sent a listing page without entries"},
      {R"({"entries":null,"cursor":"c","has_more":true})",
       "Dropbox sent a listing page without entries"},
      {R"({"entries":[],"has_more":true})", "Dropbox sent a listing page without a cursor"},
      {R"({"entries":[],"cursor":"","has_more":true})",
       "Dropbox sent a listing page without a cursor"},
      {R"({"entries":[],"cursor":7,"has_more":true})",
       "Dropbox sent a listing page without a cursor"},
      {R"({"entries":[],"cursor":"c"})", "Dropbox sent a listing page without has_more"},
      {R"({"entries":[],"cursor":"c","has_more":"true"})",
       "Dropbox sent a listing page without has_more"},
      {R"({"page":{"entries":[],"cursor":"c","has_more":true}})",
       "Dropbox sent a listing page without entries"},
      {R"([{"entries":[],"cursor":"c","has_more":true}])",
       "Dropbox sent a listing page without entries"},
      {"null", "Dropbox sent a listing page without entries"},
      {"", "Dropbox sent a listing page that is not JSON: The document is empty. (at byte 0 of 0)"},
      {"<html>", "Dropbox sent a listing page that is not JSON: Invalid value. (at byte 0 of 6)"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    CHECK(Read(row.text) == Lines{std::string("error: ") + row.message});
    CHECK(KindOfRefusal(row.text) == ErrorKind::kTemporary);
  }
  const std::string good = PageWith("");
  CHECK(Read(good) == Lines());
  CHECK(KindOfRefusal(good + "x") == ErrorKind::kTemporary);
  CHECK(KindOfRefusal(good + good) == ErrorKind::kTemporary);
  CHECK(KindOfRefusal(good + '\0' + good) == ErrorKind::kTemporary);
}

TEST_CASE("every page that is cut short is a temporary error") {
  const std::string whole(kGolden);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    REQUIRE(KindOfRefusal(whole.substr(0, length)) == ErrorKind::kTemporary);
  }
}

TEST_CASE("a page with any one byte changed is read or refused, but never read beyond its end") {
  const std::string whole(kGolden);
  const auto within = [](const Page& page, std::string_view view) {
    return view.empty() || (view.data() >= page.text.data() &&
                            view.data() + view.size() <= page.text.data() + page.text.size());
  };
  std::size_t refused = 0;
  const auto try_one = [&](std::size_t at, char byte) {
    Page page;
    page.text = whole;
    page.text[at] = byte;
    const auto parsed = ParsePage(page);
    if (!parsed) {
      ++refused;
      REQUIRE_FALSE(parsed.error().message.empty());
      return;
    }
    REQUIRE(within(page, page.cursor));
    for (const Entry& entry : page.entries) {
      for (const std::string_view view :
           {entry.tag, entry.id, entry.name, entry.path_lower, entry.path_display, entry.rev,
            entry.content_hash, entry.client_modified, entry.server_modified, entry.export_as,
            entry.parent_shared_folder_id, entry.shared_folder_id}) {
        REQUIRE(within(page, view));
      }
    }
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) try_one(at, static_cast<char>(whole[at] ^ (1 << bit)));
    for (const char byte : std::string_view("\"\\{}[],:0u\0", 11)) try_one(at, byte);
  }
  CHECK(refused > whole.size());
}

TEST_CASE("deeply nested brackets are refused without overflowing the stack") {
  const std::string bomb(1'000'000, '[');
  CHECK(KindOfRefusal(R"({"entries":)" + bomb) == ErrorKind::kTemporary);
  CHECK(KindOfRefusal(R"({"x":)" + bomb) == ErrorKind::kTemporary);
}

namespace {

// The same rules over a document tree, slow and simple.
std::string ReferenceEntry(const rapidjson::Value& json) {
  Entry entry;
  entry.tag = StringMember(json, ".tag");
  entry.kind = entry.tag == "file"      ? EntryKind::kFile
               : entry.tag == "folder"  ? EntryKind::kFolder
               : entry.tag == "deleted" ? EntryKind::kDeleted
                                        : EntryKind::kUnknown;
  entry.id = StringMember(json, "id");
  entry.name = StringMember(json, "name");
  entry.path_lower = StringMember(json, "path_lower");
  entry.path_display = StringMember(json, "path_display");
  entry.rev = StringMember(json, "rev");
  entry.content_hash = StringMember(json, "content_hash");
  entry.client_modified = StringMember(json, "client_modified");
  entry.server_modified = StringMember(json, "server_modified");
  entry.size = UintMember(json, "size").value_or(0);
  entry.is_downloadable = BoolMember(json, "is_downloadable", true);
  entry.has_explicit_shared_members = BoolMember(json, "has_explicit_shared_members", false);
  if (const auto* sharing = FindMember(json, "sharing_info")) {
    entry.shared_folder_id = StringMember(*sharing, "shared_folder_id");
    entry.parent_shared_folder_id = StringMember(*sharing, "parent_shared_folder_id");
    entry.traverse_only = BoolMember(*sharing, "traverse_only", false);
    entry.no_access = BoolMember(*sharing, "no_access", false);
  }
  if (const auto* exported = FindMember(json, "export_info")) {
    entry.export_as = StringMember(*exported, "export_as");
  }
  const auto* symlink = FindMember(json, "symlink_info");
  entry.is_symlink = symlink != nullptr && symlink->IsObject();
  return Describe(entry);
}

Lines ReferenceRead(const std::string& text) {
  const auto json = ParseJson(text, "a page");
  REQUIRE(json);
  Lines lines;
  for (const auto& entry : (*json)["entries"].GetArray()) {
    if (entry.IsObject()) lines.push_back(ReferenceEntry(entry));
  }
  return lines;
}

// Random JSON that prefers names with a meaning.
class Scribbler {
 public:
  explicit Scribbler(std::uint64_t seed) : random_(seed) {}

  std::string Page() {
    std::string entries;
    for (int i = Below(6); i > 0; --i) entries += (entries.empty() ? "" : ",") + EntryOrNot();
    std::string members = Members(2, false);
    if (!members.empty()) members += ",";
    return "{" + members + R"("entries":[)" + entries + R"(],"cursor":"c","has_more":true})";
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  std::string EntryOrNot() {
    if (Below(10) == 0) return Value(3);
    const char* tags[] = {"file", "folder", "deleted", "thing"};
    std::string text = fmt::format(R"({{".tag":"{}","id":"id:{}","path_lower":"/{}")",
                                   tags[Below(4)], Below(100), Below(100));
    const std::string members = Members(3, true);
    return text + (members.empty() ? "" : ",") + members + "}";
  }
  // Members with distinct names; of an entry, without those that it has already.
  std::string Members(int depth, bool of_entry) {
    static const char* const kNames[] = {"name",
                                         "path_display",
                                         "rev",
                                         "content_hash",
                                         "client_modified",
                                         "server_modified",
                                         "size",
                                         "is_downloadable",
                                         "has_explicit_shared_members",
                                         "sharing_info",
                                         "export_info",
                                         "symlink_info",
                                         "shared_folder_id",
                                         "parent_shared_folder_id",
                                         "traverse_only",
                                         "no_access",
                                         "export_as",
                                         "unknown",
                                         ".tag",
                                         "id",
                                         "path_lower"};
    constexpr int kAll = 21;
    std::string text;
    for (int i = 0; i < (of_entry ? kAll - 3 : kAll); ++i) {
      if (Below(4) != 0) continue;
      text += (text.empty() ? "\"" : ",\"") + std::string(kNames[i]) + "\":" + Value(depth);
    }
    return text;
  }
  std::string Value(int depth) {
    switch (Below(depth > 0 ? 9 : 6)) {
      case 0:
        return "null";
      case 1:
        return "true";
      case 2:
        return "false";
      case 3:
        return std::to_string(random_() >> Below(64));
      case 4:
        return fmt::format("-{}.5", Below(1000));
      case 5:
        return fmt::format(R"("text{}\u00e9")", Below(1000));
      case 6: {
        std::string items;
        for (int i = Below(4); i > 0; --i) items += (items.empty() ? "" : ",") + Value(depth - 1);
        return "[" + items + "]";
      }
      default:
        return "{" + Members(depth - 1, false) + "}";
    }
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("random pages are read as a reader of the whole tree reads them") {
  std::size_t entries = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const std::string text = Scribbler(seed).Page();
    CAPTURE(seed);
    CAPTURE(text);
    const Lines lines = Read(text);
    REQUIRE(lines == ReferenceRead(text));
    entries += lines.size();
  }
  CHECK(entries > 5000);
}

TEST_CASE("the metadata of one file or folder are one entry") {
  std::string text =
      R"({".tag":"file","name":"A\u00e4","path_lower":"/a","id":"id:1","size":7,"x":[1]})";
  const auto entry = ParseEntry(text);
  REQUIRE(entry);
  CHECK(entry->kind == EntryKind::kFile);
  CHECK(entry->name == "A\xc3\xa4");
  CHECK(entry->path_lower == "/a");
  CHECK(entry->id == "id:1");
  CHECK(entry->size == 7);
}

TEST_CASE("one entry that is not mounted has no path, and an unknown kind is no error") {
  std::string unmounted = R"({".tag":"folder","name":"f","id":"id:1"})";
  const auto entry = ParseEntry(unmounted);
  REQUIRE(entry);
  CHECK(entry->id == "id:1");
  CHECK(entry->path_lower.empty());
  std::string unknown = R"({".tag":"hologram","name":"h"})";
  const auto other = ParseEntry(unknown);
  REQUIRE(other);
  CHECK(other->kind == EntryKind::kUnknown);
}

TEST_CASE("metadata that are damaged are a temporary error, a file without an id is not") {
  for (const char* text : {"", "[]", "7", R"({".tag":"file","id":"id:1")", "<html>"}) {
    CAPTURE(text);
    std::string bytes = text;
    const auto entry = ParseEntry(bytes);
    REQUIRE_FALSE(entry);
    CHECK(entry.error().kind == ErrorKind::kTemporary);
  }
  std::string nameless = R"({".tag":"file","name":"f","path_lower":"/f"})";
  const auto entry = ParseEntry(nameless);
  REQUIRE_FALSE(entry);
  CHECK(entry.error().kind == ErrorKind::kInternal);
  CHECK(entry.error().message == "Dropbox sent a file entry without id: f");
}

}  // namespace dbxes::delta
