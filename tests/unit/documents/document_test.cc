// SPDX-License-Identifier: Apache-2.0
#include "documents/document.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/path_key.h"
#include "support/document_source.h"

namespace dbxes::documents {
namespace {

using Fields = std::map<std::string, std::string>;

constexpr char kNow[] = "2026-08-05T10:00:00Z";
constexpr std::int64_t kSeq = 1'785'924'000'000'001;
constexpr std::int64_t kVersion = 4;

DocumentContext TestContext() { return {"https://www.dropbox.com", "3", false}; }

delta::Entry File() {
  delta::Entry entry;
  entry.kind = delta::EntryKind::kFile;
  entry.tag = "file";
  entry.id = "id:1";
  entry.name = "Lease.PDF";
  entry.path_lower = "/contracts/2026/lease.pdf";
  entry.path_display = "/Contracts/2026/Lease.PDF";
  entry.rev = "015f";
  entry.content_hash = "e3b0";
  entry.client_modified = "2015-05-12T15:50:38Z";
  entry.server_modified = "2015-05-12T15:50:39Z";
  entry.size = 7212;
  return entry;
}

delta::Entry Folder() {
  delta::Entry entry;
  entry.kind = delta::EntryKind::kFolder;
  entry.tag = "folder";
  entry.id = "id:2";
  entry.name = "2026";
  entry.path_lower = "/contracts/2026";
  entry.path_display = "/Contracts/2026";
  return entry;
}

dropbox::LinkedFile Linked() {
  return {"id:ignored",
          "offer.docx",
          "https://www.dropbox.com/s/x",
          "b1",
          "2015-05-12T15:50:38Z",
          "2015-05-12T15:50:39Z",
          12};
}

// Name and JSON text of each member; a name that comes twice is an error of its own.
Fields Parse(const std::string& source) {
  const auto json = ParseJson(source, source);
  REQUIRE_MESSAGE(json, json.error().message);
  REQUIRE(json->IsObject());
  Fields fields;
  for (const auto& member : json->GetObject()) {
    JsonBuffer buffer;
    JsonWriter writer(buffer);
    member.value.Accept(writer);
    REQUIRE(fields.emplace(View(member.name), View(buffer)).second);
  }
  return fields;
}

std::string Source(const delta::Entry& entry, const DocumentContext& context = TestContext(),
                   const StoredFields* stored = nullptr) {
  DocumentBuilder builder(context);
  const Draft draft = builder.Build(entry);
  std::string out;
  AppendSource(builder, draft, {kSeq, kVersion}, kNow, stored, out);
  return out;
}

std::uint64_t Fingerprint(const delta::Entry& entry,
                          const DocumentContext& context = TestContext()) {
  return DocumentBuilder(context).Build(entry).fingerprint;
}

// The fields of a document but for the fingerprint, which must be 16 digits.
Fields Without(Fields fields) {
  const auto found = fields.find("sync_fingerprint");
  REQUIRE(found != fields.end());
  CHECK(found->second.size() == 18);
  fields.erase(found);
  return fields;
}

}  // namespace

TEST_CASE("the document of a file") {
  CHECK(Without(Parse(Source(File()))) ==
        Fields{{"id", R"("id:1")"},
               {"type", R"("File")"},
               {"name", R"("Lease.PDF")"},
               {"file_path", R"("/Contracts/2026/Lease.PDF")"},
               {"path_lower", R"("/contracts/2026/lease.pdf")"},
               {"ancestors", R"(["/contracts","/contracts/2026"])"},
               {"url", R"("https://www.dropbox.com/home/Contracts/2026?preview=Lease.PDF")"},
               {"size", "7212"},
               {"extension", R"("pdf")"},
               {"mime_type", R"("application/pdf")"},
               {"rev", R"("015f")"},
               {"content_hash", R"("e3b0")"},
               {"client_modified", R"("2015-05-12T15:50:38Z")"},
               {"server_modified", R"("2015-05-12T15:50:39Z")"},
               {"_timestamp", R"("2015-05-12T15:50:39Z")"},
               {"namespace_id", R"("3")"},
               {"sync_seq", "1785924000000001"},
               {"sync_version", "4"}});
}

TEST_CASE("the document of a folder") {
  CHECK(Without(Parse(Source(Folder()))) ==
        Fields{{"id", R"("id:2")"},
               {"type", R"("Folder")"},
               {"name", R"("2026")"},
               {"file_path", R"("/Contracts/2026")"},
               {"path_lower", R"("/contracts/2026")"},
               {"ancestors", R"(["/contracts"])"},
               {"url", R"("https://www.dropbox.com/home/Contracts/2026")"},
               {"size", "0"},
               {"_timestamp", R"("2026-08-05T10:00:00Z")"},
               {"namespace_id", R"("3")"},
               {"sync_seq", "1785924000000001"},
               {"sync_version", "4"}});
}

TEST_CASE("the document of a received file has no place") {
  DocumentBuilder builder(TestContext());
  const dropbox::LinkedFile linked = Linked();
  const Draft draft = builder.BuildReceived("id:9", linked);
  CHECK(draft.path == "offer.docx");
  CHECK_FALSE(draft.is_folder);
  std::string out;
  AppendSource(builder, draft, {kSeq, kVersion}, kNow, nullptr, out);
  CHECK(Without(Parse(out)) ==
        Fields{{"id", R"("id:9")"},
               {"type", R"("File")"},
               {"name", R"("offer.docx")"},
               {"received", "true"},
               {"url", R"("https://www.dropbox.com/s/x")"},
               {"size", "12"},
               {"extension", R"("docx")"},
               {"mime_type",
                R"("application/vnd.openxmlformats-officedocument.wordprocessingml.document")"},
               {"rev", R"("b1")"},
               {"client_modified", R"("2015-05-12T15:50:38Z")"},
               {"server_modified", R"("2015-05-12T15:50:39Z")"},
               {"_timestamp", R"("2015-05-12T15:50:39Z")"},
               {"sync_seq", "1785924000000001"},
               {"sync_version", "4"}});
}

TEST_CASE("fields that Dropbox does not report are absent") {
  delta::Entry entry = File();
  entry.name = "README";
  entry.rev = {};
  entry.content_hash = {};
  entry.client_modified = {};
  entry.server_modified = {};
  const Fields fields = Parse(Source(entry, {"https://www.dropbox.com", "", false}));
  for (const char* name : {"extension", "mime_type", "rev", "content_hash", "client_modified",
                           "server_modified", "_timestamp", "namespace_id", "shared_folder_id"}) {
    CAPTURE(name);
    CHECK(fields.count(name) == 0);
  }
  CHECK(fields.at("name") == R"("README")");
}

TEST_CASE("an extension that nobody knows has no media type") {
  delta::Entry entry = File();
  entry.name = "x.qqq";
  const Fields fields = Parse(Source(entry));
  CHECK(fields.at("extension") == R"("qqq")");
  CHECK(fields.count("mime_type") == 0);
}

TEST_CASE("the time of a Paper document is the client's") {
  delta::Entry entry = File();
  entry.name = "Plan.paper";
  CHECK(Parse(Source(entry)).at("_timestamp") == R"("2015-05-12T15:50:38Z")");
}

TEST_CASE("the shared folder that an item is goes before the one that it is in") {
  delta::Entry entry = Folder();
  entry.parent_shared_folder_id = "10";
  CHECK(Parse(Source(entry)).at("shared_folder_id") == R"("10")");
  CHECK(Parse(Source(entry)).at("namespace_id") == R"("10")");
  entry.shared_folder_id = "11";
  CHECK(Parse(Source(entry)).at("shared_folder_id") == R"("11")");
  CHECK(Parse(Source(entry)).at("namespace_id") == R"("11")");
}

TEST_CASE("the switches of a pipeline are in every document, or in none") {
  DocumentContext context = TestContext();
  const char* switches[] = {"_extract_binary_content", "_reduce_whitespace", "_run_ml_inference"};
  for (const delta::Entry& entry : {File(), Folder()}) {
    const Fields without = Parse(Source(entry, context));
    for (const char* name : switches) CHECK(without.count(name) == 0);
  }
  context.pipeline_flags = true;
  for (const delta::Entry& entry : {File(), Folder()}) {
    const Fields with = Parse(Source(entry, context));
    for (const char* name : switches) CHECK(with.at(name) == "true");
  }
  // But for updates that no pipeline sees, and with the same fingerprint.
  DocumentBuilder builder(context);
  const Draft draft = builder.Build(File());
  StoredFields stored;
  stored.without_switches = true;
  std::string update;
  AppendSource(builder, draft, {7, 1}, "", &stored, update);
  const Fields without = Parse(update);
  for (const char* name : switches) CHECK(without.count(name) == 0);
  CHECK(without.at("sync_fingerprint") == Parse(Source(File(), context)).at("sync_fingerprint"));
}

TEST_CASE("a document is one line that keeps every name unchanged") {
  const std::string names[] = {"new\nline\r\n.txt",
                               "tab\t.txt",
                               "\"quotes\" \\back/.txt",
                               std::string("nul\0.txt", 8),
                               "\x01\x1f\x7f.txt",
                               "\xf0\x9f\x98\x80.txt",
                               "\xe2\x80\xa8line separator.txt",
                               "</script>.txt",
                               "{}%s{0}.txt",
                               std::string(20'000, 'x') + ".txt"};
  for (const std::string& name : names) {
    CAPTURE(name);
    delta::Entry entry = File();
    const std::string path = "/" + name;
    const std::string deep = path + path;
    entry.name = name;
    entry.path_lower = deep;
    entry.path_display = deep;
    const std::string source = Source(entry);
    CHECK(source.find_first_of("\r\n") == std::string::npos);
    const auto json = ParseJson(source, source);
    REQUIRE(json);
    CHECK(StringMember(*json, "name") == name);
    CHECK(StringMember(*json, "file_path") == deep);
    std::string key;
    CHECK(StringMember(*json, "path_lower") == PathKey(deep, key));
  }
}

TEST_CASE("the fingerprint changes with everything that is in the document") {
  const std::pair<const char*, std::function<void(delta::Entry&)>> changes[] = {
      {"kind", [](delta::Entry& e) { e.kind = delta::EntryKind::kFolder; }},
      {"id", [](delta::Entry& e) { e.id = "id:other"; }},
      {"name", [](delta::Entry& e) { e.name = "lease.pdf"; }},
      {"path_lower", [](delta::Entry& e) { e.path_lower = "/contracts/2027/lease.pdf"; }},
      {"path_display", [](delta::Entry& e) { e.path_display = "/contracts/2026/Lease.PDF"; }},
      {"rev", [](delta::Entry& e) { e.rev = "016f"; }},
      {"content_hash", [](delta::Entry& e) { e.content_hash = "e3b1"; }},
      {"no content_hash", [](delta::Entry& e) { e.content_hash = {}; }},
      {"client_modified", [](delta::Entry& e) { e.client_modified = "2015-05-12T15:50:37Z"; }},
      {"server_modified", [](delta::Entry& e) { e.server_modified = "2015-05-12T15:50:37Z"; }},
      {"size", [](delta::Entry& e) { e.size = 7213; }},
      {"parent_shared_folder_id", [](delta::Entry& e) { e.parent_shared_folder_id = "10"; }},
      {"shared_folder_id", [](delta::Entry& e) { e.shared_folder_id = "10"; }},
  };
  const std::uint64_t before = Fingerprint(File());
  std::map<std::uint64_t, std::string> seen{{before, "nothing"}};
  for (const auto& [what, change] : changes) {
    const std::string shown(what);
    CAPTURE(shown);
    delta::Entry entry = File();
    change(entry);
    // The two kinds of shared folder show in one field.
    if (std::string(what) == "shared_folder_id") {
      CHECK(Fingerprint(entry) != before);
    } else {
      CHECK(seen.emplace(Fingerprint(entry), what).second);
    }
  }
  for (const DocumentContext& context : {DocumentContext{"https://other.example.org", "3", false},
                                         DocumentContext{"https://www.dropbox.com", "4", false},
                                         DocumentContext{"https://www.dropbox.com", "3", true}}) {
    CHECK(seen.emplace(Fingerprint(File(), context), "context").second);
  }
}

TEST_CASE("the fingerprint changes with nothing else") {
  const std::uint64_t before = Fingerprint(File());
  delta::Entry entry = File();
  entry.tag = "";
  entry.export_as = "html";
  entry.is_downloadable = false;
  entry.has_explicit_shared_members = true;
  entry.traverse_only = true;
  entry.no_access = true;
  entry.is_symlink = true;
  CHECK(Fingerprint(entry) == before);

  // Neither with what else the builder has built, nor with when.
  DocumentBuilder builder(TestContext());
  builder.Build(Folder());
  CHECK(builder.Build(File()).fingerprint == before);
  builder.Clear();
  CHECK(builder.Build(File()).fingerprint == before);
  const Draft draft = builder.Build(File());
  const StoredFields stored{"2001-01-01T00:00:00Z", {true, true, true, true}};
  std::string first;
  std::string second;
  AppendSource(builder, draft, {1, 1}, kNow, nullptr, first);
  AppendSource(builder, draft, {2, 2}, "later", &stored, second);
  CHECK(Parse(first).at("sync_fingerprint") == Parse(second).at("sync_fingerprint"));
}

// The index holds it: another value would have every document rewritten.
TEST_CASE("the fingerprint of a document is the same on every machine") {
  CHECK(Parse(Source(Folder())).at("sync_fingerprint") == "\"997946e71718dff4\"");
}

TEST_CASE("fields that a document must not have are removed where it may have them") {
  const std::string fields[] = {"received",     "rev",       "client_modified", "server_modified",
                                "content_hash", "extension", "mime_type",       "shared_folder_id"};
  const StoredFields changed{"", OptionalFields::All()};
  const Fields folder = Parse(Source(Folder(), TestContext(), &changed));
  for (const std::string& field : fields) CHECK(folder.at(field) == "null");
  CHECK(folder.at("path_lower") != "null");
  CHECK(folder.at("namespace_id") != "null");
  DocumentBuilder builder(TestContext());
  const dropbox::LinkedFile linked = Linked();
  const Draft draft = builder.BuildReceived("id:9", linked);
  std::string out;
  AppendSource(builder, draft, {kSeq, kVersion}, kNow, &changed, out);
  const Fields received = Parse(out);
  for (const char* field : {"path_lower", "file_path", "ancestors", "namespace_id"}) {
    CHECK(received.at(field) == "null");
  }
  CHECK(received.at("received") == "true");
}

TEST_CASE("a stored document holds a draft if each field is as in the draft") {
  DocumentBuilder builder(TestContext());
  const Draft draft = builder.Build(File());
  std::string source;
  AppendSource(builder, draft, {kSeq, kVersion}, kNow, nullptr, source);
  const auto holds = [&](const char* field, const char* json) {
    auto stored = ParseJson(source, source);
    auto value = ParseJson(json, json);
    stored->RemoveMember(field);
    rapidjson::Value copy(*value, stored->GetAllocator());
    stored->AddMember(rapidjson::StringRef(field), copy, stored->GetAllocator());
    return HoldsDraft(builder, draft, *stored);
  };
  // What other programs add, and what means nothing.
  CHECK(holds("summary", R"("of another program")"));
  CHECK(holds("received", "null"));
  CHECK_FALSE(holds("received", "true"));
  CHECK_FALSE(holds("shared_folder_id", R"("1")"));
  const char* const fields[] = {
      "id",          "type",         "name",       "file_path",       "path_lower",
      "ancestors",   "url",          "size",       "extension",       "mime_type",
      "rev",         "content_hash", "_timestamp", "client_modified", "server_modified",
      "namespace_id"};
  for (const char* field : fields) {
    CAPTURE(field);
    CHECK_FALSE(holds(field, R"("by hand")"));
    CHECK_FALSE(holds(field, "null"));
    CHECK((',' + DraftFields() + ',').find(',' + std::string(field) + ',') != std::string::npos);
  }
  CHECK_FALSE(HoldsDraft(builder, draft, rapidjson::Value()));
  // Dropbox has no time for folders.
  const Draft folder = builder.Build(Folder());
  source.clear();
  AppendSource(builder, folder, {kSeq, kVersion}, kNow, nullptr, source);
  CHECK(HoldsDraft(builder, folder, *ParseJson(source, source)));
}

TEST_CASE("a folder keeps the time that the index has") {
  StoredFields stored;
  CHECK(Parse(Source(Folder(), TestContext(), &stored)).at("_timestamp") ==
        R"("2026-08-05T10:00:00Z")");
  stored.timestamp = "2001-01-01T00:00:00Z";
  CHECK(Parse(Source(Folder(), TestContext(), &stored)).at("_timestamp") ==
        R"("2001-01-01T00:00:00Z")");
  // Any text may be there.
  stored.timestamp = "\"\\\n";
  CHECK(Parse(Source(Folder(), TestContext(), &stored)).at("_timestamp") == R"("\"\\\n")");
  // A file has one of its own.
  CHECK(Parse(Source(File(), TestContext(), &stored)).at("_timestamp") ==
        R"("2015-05-12T15:50:39Z")");
}

TEST_CASE("fields that the stored document has and the new one lacks become null") {
  StoredFields stored;
  stored.has = {true, true, true, true};
  const char* names[] = {"content_hash", "extension", "mime_type", "shared_folder_id"};

  Fields fields = Parse(Source(Folder(), TestContext(), &stored));
  for (const char* name : names) CHECK(fields.at(name) == "null");

  delta::Entry complete = File();
  complete.parent_shared_folder_id = "10";
  fields = Parse(Source(complete, TestContext(), &stored));
  for (const char* name : names) CHECK(fields.at(name) != "null");

  // One by one, and only those that it has.
  stored.has = {true, false, false, true};
  fields = Parse(Source(Folder(), TestContext(), &stored));
  CHECK(fields.at("content_hash") == "null");
  CHECK(fields.count("extension") == 0);
  CHECK(fields.count("mime_type") == 0);
  CHECK(fields.at("shared_folder_id") == "null");
  stored.has = {false, true, true, false};
  fields = Parse(Source(Folder(), TestContext(), &stored));
  CHECK(fields.count("content_hash") == 0);
  CHECK(fields.at("extension") == "null");
  CHECK(fields.at("mime_type") == "null");
  CHECK(fields.count("shared_folder_id") == 0);
}

TEST_CASE("a received file that has come into the tree is marked no more") {
  StoredFields stored;
  CHECK(Parse(Source(File(), TestContext(), &stored)).count("received") == 0);
  stored.has.received = true;
  CHECK(Parse(Source(File(), TestContext(), &stored)).at("received") == "null");
}

TEST_CASE("paths that are too long for a keyword are replaced, but shown whole") {
  const std::string folder = "/" + std::string(8300, 'f');
  const std::string path = folder + "/a.txt";
  delta::Entry entry = File();
  entry.path_lower = path;
  entry.path_display = path;
  const Fields fields = Parse(Source(entry, TestContext()));
  CHECK(fields.at("path_lower") == '"' + LongPathKey(path) + '"');
  CHECK(fields.at("ancestors") == "[\"" + LongPathKey(folder) + "\"]");
  CHECK(fields.at("file_path") == '"' + path + '"');
}

// The builder keeps what the entries of one folder have in common.
TEST_CASE("every entry has the place of its own folder, whatever came before") {
  const std::pair<std::string, std::string> paths[] = {
      {"/a", "/A"},       {"/b", "/B"},         {"/a/x", "/A/X"},     {"/a/y", "/a/y"},
      {"/a/z", "/A/z"},   {"/a/b/c", "/A/B/c"}, {"/a/b", "/A/B"},     {"/a", "/A"},
      {"/ab/c", "/ab/c"}, {"/a/b/c", "/a/b/C"}, {"/a b/c", "/a b/c"}, {"/a\"/c", "/a\"/c"}};
  DocumentBuilder builder(TestContext());
  for (const bool is_folder : {false, true}) {
    for (const auto& [lower, display] : paths) {
      delta::Entry entry = is_folder ? Folder() : File();
      entry.path_lower = lower;
      entry.path_display = display;
      builder.Clear();
      std::string source;
      AppendSource(builder, builder.Build(entry), {kSeq, kVersion}, kNow, nullptr, source);
      const std::string expected = Source(entry);
      CAPTURE(expected);
      CHECK(source == expected);
    }
  }
}

TEST_CASE("drafts of one page stand side by side") {
  DocumentBuilder builder(TestContext());
  std::vector<Draft> drafts;
  for (int i = 0; i < 1000; ++i) drafts.push_back(builder.Build(i % 2 == 0 ? File() : Folder()));
  std::string out = "before";
  AppendSource(builder, drafts[0], {kSeq, kVersion}, kNow, nullptr, out);
  CHECK(out == "before" + Source(File()));
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    CHECK(drafts[i].is_folder == (i % 2 == 1));
    CHECK(builder.Json(drafts[i]) == builder.Json(drafts[i % 2]));
  }
}

}  // namespace dbxes::documents
